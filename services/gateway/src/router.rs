//! Everything that the gateway answers, and what stands around it.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts as _, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use tower::ServiceBuilder;
use tower_http::{
    compression::{CompressionLayer, Predicate as _, predicate},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    timeout::TimeoutLayer,
};

use crate::{
    app::App,
    assets, feeds, pages,
    pages::Asked,
    preferences::{self, Display},
    problem::{PROBLEM_JSON, Problem},
    rest, security,
    session::{MaybeStaff, sign_in_path},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const API: &str = "/api/";

/// The whole of the gateway's HTTP.
pub fn router(app: App) -> Router {
    let limit = app.config.limits.upload_bytes.saturating_add(1 << 20);
    let patience = Duration::from_secs(app.config.request_seconds);
    let routes = Router::new()
        .merge(pages::router())
        .merge(rest::router())
        .merge(feeds::router())
        .merge(preferences::router())
        .merge(assets::router())
        .fallback(async || Problem::of_status(StatusCode::NOT_FOUND))
        .method_not_allowed_fallback(async || Problem::of_status(StatusCode::METHOD_NOT_ALLOWED));
    // The handlers' own extractors have narrower limits; this one is the net below them.
    let around = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(kit::telemetry::Requests)
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(middleware::from_fn_with_state(app.clone(), security::headers))
        .layer(compression())
        .layer(middleware::from_fn_with_state(app.clone(), present))
        .layer(middleware::from_fn_with_state(app.clone(), security::admit))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, patience))
        .layer(DefaultBodyLimit::max(limit));
    routes.layer(around).with_state(app)
}

/// Answers are compressed, save those that go on while the client reads.
fn compression() -> CompressionLayer<impl predicate::Predicate> {
    let stream = predicate::NotForContentType::const_new("application/x-ndjson");
    CompressionLayer::new().compress_when(predicate::DefaultPredicate::new().and(stream))
}

fn request_id(request: &Request) -> String {
    let id = request.extensions().get::<RequestId>();
    id.and_then(|id| id.header_value().to_str().ok()).unwrap_or_default().to_owned()
}

/// Gives what went wrong the form that the client can use: JSON under `/api/`, else a page.
async fn present(State(app): State<App>, request: Request, next: Next) -> Response {
    let reference = request_id(&request);
    let get = request.method() == Method::GET;
    let (parts, body) = request.into_parts();
    let mut asked = parts.clone();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let Some(problem) = problem_of(&mut response) else { return response };
    let path = asked.uri.path();
    if path.starts_with(API) {
        return with_headers_of(&response, problem.into_response());
    }
    if path.starts_with("/console") && problem.status == StatusCode::UNAUTHORIZED && get {
        let back = asked.uri.path_and_query().map_or("/console", |p| p.as_str());
        return Redirect::to(&sign_in_path(back)).into_response();
    }
    let Ok(display) = Display::from_request_parts(&mut asked, &app).await;
    // Away from the console nobody's session matters, and whoever floods us shall not cost a look-up.
    let staff = match path_is_console(asked.uri.path()) {
        true => MaybeStaff::from_request_parts(&mut asked, &app).await.ok().and_then(|m| m.0),
        false => None,
    };
    let asked = Asked { uri: asked.uri, display, staff, reference };
    with_headers_of(&response, pages::failure(&app, &asked, &problem))
}

fn path_is_console(path: &str) -> bool {
    path == "/console" || path.starts_with("/console/")
}

/// What went wrong, unless the handler has made a page of it already.
fn problem_of(response: &mut Response) -> Option<Problem> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let media_type = response.headers().get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|v| v.to_str().ok()).unwrap_or_default();
    let finished = media_type.starts_with("text/html") || media_type.starts_with(PROBLEM_JSON);
    (!finished).then(|| Problem::of_status(status))
}

/// Carries over what the first answer said about trying again.
fn with_headers_of(first: &Response, mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    for name in [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
        if let Some(value) = first.headers().get(&name) {
            headers.insert(name, value.clone());
        }
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
