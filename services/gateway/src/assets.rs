//! Style sheet, script and mark, compiled in.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, header};
use sha2::{Digest as _, Sha256};

use crate::{app::App, error::Error, http_cache::Validators, problem::Problem};

/// A file that every page may name.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    content: &'static [u8],
}

const ASSETS: [Asset; 3] = [
    Asset {
        name: "yangguang.css",
        media_type: "text/css; charset=utf-8",
        content: include_bytes!("../static/yangguang.css"),
    },
    Asset {
        name: "yangguang.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_bytes!("../static/yangguang.js"),
    },
    Asset {
        name: "mark.svg",
        media_type: "image/svg+xml",
        content: include_bytes!("../static/mark.svg"),
    },
];

/// Pages name the files with the version in the address, so a copy under it never grows old.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for asset in &ASSETS {
        hash.update(asset.content);
    }
    hex::encode(hash.finalize()).chars().take(12).collect()
});

/// Changes whenever one of the files does.
pub fn version() -> String {
    VERSION.clone()
}

/// `/static/{name}`.
pub fn router() -> Router<App> {
    Router::new().route("/static/{name}", get(file)).route(
        "/favicon.ico",
        get(async || axum::response::Redirect::permanent("/static/mark.svg")),
    )
}

async fn file(Path(name): Path<String>, asked: HeaderMap) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or(Error::NoSuchPath)?;
    let validators = Validators { etag: format!("\"{}\"", *VERSION), modified: None };
    if validators.hold(&asked) {
        return Ok(validators.not_modified());
    }
    let mut response = asset.content.into_response();
    let headers = response.headers_mut();
    validators.write(headers);
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(asset.media_type));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static(FOR_EVER));
    Ok(response)
}
