//! What protects the door: headers, limits, and forms of other sites refused.

mod limits;
mod origin;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, header};

pub use limits::Limits;

use crate::{app::App, problem::Problem};

/// Everything from this site only; nothing inline; in nobody's frame.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'",
);

/// Refuses what comes too often or from a form of another site.
pub async fn admit(State(app): State<App>, request: Request, next: Next) -> Response {
    let admitted =
        app.limits.admit(&request).and_then(|()| origin::check(&request, &app.public_url));
    match admitted {
        Ok(()) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

/// Sets the headers that every answer has.
pub async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // Files of policies bring a stricter one.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(POLICY);
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.secure() {
        let value = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}
