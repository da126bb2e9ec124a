//! How pages leave.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::{http_cache, problem::Problem};

const HTML: &str = "text/html; charset=utf-8";

/// A public page, or that the browser has it as it is.
///
/// The same address looks otherwise under other display settings, which are cookies.
pub fn public(
    asked: &HeaderMap,
    page: &impl Template,
    modified: Option<DateTime<Utc>>,
) -> Result<Response, Problem> {
    let html = render(page)?;
    let mut response = http_cache::answer(asked, HTML, html, modified);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Cookie"));
    Ok(response)
}

/// A page that is one person's alone, or that must not be kept.
pub fn private(page: &impl Template) -> Result<Response, Problem> {
    let html = render(page)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Html(html)).into_response())
}

/// A form that was refused, with what was typed.
pub fn refused(status: StatusCode, page: &impl Template) -> Result<Response, Problem> {
    let mut response = private(page)?;
    *response.status_mut() = status;
    Ok(response)
}

/// A template as text.
pub fn render(page: &impl Template) -> Result<String, Problem> {
    page.render().map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR)
    })
}
