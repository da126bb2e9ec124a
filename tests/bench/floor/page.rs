//! A page: axum, one query, one template.

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::Html,
    routing::get,
};
use tokio::net::TcpListener;

use super::{Store, store::Shown};

/// As large as the product's page: what that has around the text is filled up.
#[derive(Template)]
#[template(
    source = "<!doctype html><html lang=\"zh-CN\"><head><title>{{ title }}</title></head><body>\
              <h1>{{ title }}</h1>{% for line in lines %}<p>{{ line }}</p>{% endfor %}\
              {% for part in filling %}<p>{{ part }}</p>{% endfor %}</body></html>",
    ext = "html"
)]
struct Page<'a> {
    title: &'a str,
    lines: Vec<&'a str>,
    filling: Vec<&'a str>,
}

/// Between a document's text and what fills its page up.
pub const FILLING: &str = "\n\n\n";

/// Serves pages under `/policies/{id}`.
pub async fn serve(listener: TcpListener, store: Arc<Store>) {
    let router = Router::new().route("/policies/{id}", get(page)).with_state(store);
    if let Err(error) = axum::serve(listener, router).await {
        eprintln!("floor: pages: {error}");
    }
}

async fn page(
    State(store): State<Arc<Store>>,
    Path(id): Path<String>,
) -> Result<Html<String>, StatusCode> {
    let shown = store.shown(&id).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let Shown { title, body } = shown.ok_or(StatusCode::NOT_FOUND)?;
    let (text, filling) = body.split_once(FILLING).unwrap_or((&body, ""));
    let page =
        Page { title: &title, lines: text.lines().collect(), filling: filling.lines().collect() };
    page.render().map(Html).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}
