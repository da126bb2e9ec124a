//! What a server tells of the HTTP requests that it answers: a span and a duration each.
//!
//! They are told apart by the template of their route. An address may hold the token of a mail or
//! what somebody looks for, and appears nowhere.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, LazyLock, PoisonError, RwLock},
    task::{Context, Poll},
    time::Instant,
};

use axum::{body::HttpBody, extract::MatchedPath};
use bytes::Bytes;
use http::{HeaderName, Method, Request, Response, StatusCode};
use http_body::{Frame, SizeHint};
use opentelemetry::KeyValue;
use tower::{Layer, Service};
use tracing::{Instrument as _, Span};

use super::{
    metrics::{HTTP_METHOD, HTTP_ROUTE, HTTP_STATUS, REQUESTS},
    trace::is_traced,
};

/// What stands for the route of a request that none matches.
const NO_ROUTE: &str = "none";
/// What counts for a request whose client left before the answer ended.
const LEFT: u16 = 499;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A tower layer around the routes of an axum router.
#[derive(Debug, Clone, Copy, Default)]
pub struct Requests;

/// What is told of one method of one route.
#[derive(Debug)]
struct Route {
    method: &'static str,
    template: String,
    open: [KeyValue; 2],
    ended: RwLock<HashMap<u16, Arc<[KeyValue; 3]>>>,
}

/// Routes as they are asked for, of which a program has only so many.
static ROUTES: LazyLock<RwLock<HashMap<String, Vec<Arc<Route>>>>> = LazyLock::new(RwLock::default);

impl Route {
    fn of(method: &'static str, template: &str) -> Arc<Self> {
        let find = |routes: &HashMap<String, Vec<Arc<Self>>>| {
            routes.get(template)?.iter().find(|route| route.method == method).map(Arc::clone)
        };
        if let Some(found) = find(&ROUTES.read().unwrap_or_else(PoisonError::into_inner)) {
            return found;
        }
        let mut routes = ROUTES.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = find(&routes) {
            return found;
        }
        let open =
            [KeyValue::new(HTTP_METHOD, method), KeyValue::new(HTTP_ROUTE, template.to_owned())];
        let template = template.to_owned();
        let route =
            Arc::new(Self { method, template: template.clone(), open, ended: RwLock::default() });
        routes.entry(template).or_default().push(Arc::clone(&route));
        route
    }

    fn labels(&self, status: u16) -> Arc<[KeyValue; 3]> {
        let known = self.ended.read().unwrap_or_else(PoisonError::into_inner).get(&status).cloned();
        known.unwrap_or_else(|| {
            let [method, route] = self.open.clone();
            let labels = Arc::new([method, route, KeyValue::new(HTTP_STATUS, i64::from(status))]);
            let mut ended = self.ended.write().unwrap_or_else(PoisonError::into_inner);
            ended.insert(status, Arc::clone(&labels));
            labels
        })
    }

    fn span<B>(&self, request: &Request<B>) -> Span {
        let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
        let id = id.unwrap_or_default();
        if !is_traced() {
            return tracing::info_span!(
                "http.request",
                http.request.method = self.method,
                http.route = self.template,
                id
            );
        }
        tracing::info_span!(
            "http.request",
            otel.name = format!("{} {}", self.method, self.template),
            otel.kind = "server",
            otel.status_code = tracing::field::Empty,
            http.request.method = self.method,
            http.route = self.template,
            http.response.status_code = tracing::field::Empty,
            id
        )
    }
}

/// The methods that there are; a client may make up others.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}

impl<S> Layer<S> for Requests {
    type Service = Told<S>;

    fn layer(&self, inner: S) -> Told<S> {
        Told { inner }
    }
}

/// Routes of which is told how they answer.
#[derive(Debug, Clone)]
pub struct Told<S> {
    inner: S,
}

impl<S, B, R> Service<Request<B>> for Told<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = Response<Answer<R>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let template = request.extensions().get::<MatchedPath>();
        let route =
            Route::of(known(request.method()), template.map_or(NO_ROUTE, MatchedPath::as_str));
        REQUESTS.active.add(1, &route.open);
        let span = route.span(&request);
        let mut asked = Asked { route, span, began: Instant::now(), status: LEFT };
        let answer = asked.span.in_scope(|| self.inner.call(request));
        Box::pin(async move {
            let response = answer.instrument(asked.span.clone()).await?;
            let status = response.status();
            if status.is_server_error() {
                asked.span.in_scope(|| tracing::error!(%status, "a request failed"));
            }
            asked.status = status.as_u16();
            Ok(response.map(|inner| Answer { inner, asked }))
        })
    }
}

/// A request that is being answered; dropped when it is.
#[derive(Debug)]
struct Asked {
    route: Arc<Route>,
    span: Span,
    began: Instant,
    status: u16,
}

impl Drop for Asked {
    fn drop(&mut self) {
        let Self { route, span, began, status } = self;
        REQUESTS.active.add(-1, &route.open);
        REQUESTS.duration.record(began.elapsed().as_secs_f64(), &*route.labels(*status));
        if is_traced() {
            span.record("http.response.status_code", *status);
            if *status >= StatusCode::INTERNAL_SERVER_ERROR.as_u16() {
                span.record("otel.status_code", "ERROR");
            }
        }
    }
}

/// The body of an answer, whose end is the end of its request.
#[derive(Debug)]
pub struct Answer<B> {
    inner: B,
    asked: Asked,
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for Answer<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let Self { inner, asked } = &mut *self;
        asked.span.in_scope(|| Pin::new(inner).poll_frame(context))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_made_once_and_a_method_nobody_knows_is_no_label() {
        let one = Route::of("GET", "/a-route-of-this-test/{id}");
        assert!(Arc::ptr_eq(&one, &Route::of("GET", "/a-route-of-this-test/{id}")));
        assert!(!Arc::ptr_eq(&one, &Route::of("PUT", "/a-route-of-this-test/{id}")));
        assert!(Arc::ptr_eq(&one.labels(200), &one.labels(200)));
        assert_eq!(known(&Method::from_bytes(b"BREW").unwrap()), "_OTHER");
    }
}
