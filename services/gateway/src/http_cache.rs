//! `ETag`, `Last-Modified` and the answers "not modified".

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};

/// Copies may be kept, and must ask whether they still hold: a withdrawal counts at once.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("public, no-cache");

/// By what a client knows whether its copy still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validators {
    /// The entity tag with its quotes.
    pub etag: String,
    /// When the content last changed, where that is known.
    pub modified: Option<DateTime<Utc>>,
}

impl Validators {
    /// Validators of exactly this content.
    ///
    /// The tag is weak because compression, which comes after, changes the bytes.
    pub fn of(content: &[u8], modified: Option<DateTime<Utc>>) -> Self {
        let digest = Sha256::digest(content);
        let short = digest.get(..12).unwrap_or_default();
        Self { etag: format!("W/\"{}\"", hex::encode(short)), modified }
    }

    /// Whether the copy that the client has still holds.
    pub fn hold(&self, asked: &HeaderMap) -> bool {
        if let Some(tags) = asked.get(header::IF_NONE_MATCH) {
            let Ok(tags) = tags.to_str() else { return false };
            let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
            let ours = opaque(&self.etag);
            return tags.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == ours);
        }
        let since = asked.get(header::IF_MODIFIED_SINCE).and_then(|v| v.to_str().ok());
        let since = since.and_then(|text| DateTime::parse_from_rfc2822(text).ok());
        match (since, self.modified) {
            // The header has whole seconds only.
            (Some(since), Some(modified)) => modified.timestamp() <= since.timestamp(),
            _ => false,
        }
    }

    /// Writes them into the headers of an answer.
    pub fn write(&self, headers: &mut HeaderMap) {
        if let Ok(tag) = HeaderValue::from_str(&self.etag) {
            headers.insert(header::ETAG, tag);
        }
        let modified = self.modified.map(http_date);
        if let Some(Ok(modified)) = modified.map(|text| HeaderValue::from_str(&text)) {
            headers.insert(header::LAST_MODIFIED, modified);
        }
    }

    /// The answer that the client's copy still holds.
    pub fn not_modified(&self) -> Response {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        self.write(response.headers_mut());
        response.headers_mut().insert(header::CACHE_CONTROL, ASK_AGAIN);
        response
    }

    /// Answers with the content, or that the client has it.
    pub fn answer(&self, asked: &HeaderMap, media_type: &'static str, content: Bytes) -> Response {
        if self.hold(asked) {
            return self.not_modified();
        }
        let mut response = Response::new(Body::from(content));
        let headers = response.headers_mut();
        self.write(headers);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(header::CACHE_CONTROL, ASK_AGAIN);
        response
    }
}

/// Answers a public read of content that was just made.
pub fn answer(
    asked: &HeaderMap,
    media_type: &'static str,
    content: impl Into<Bytes>,
    modified: Option<DateTime<Utc>>,
) -> Response {
    let content = content.into();
    Validators::of(&content, modified).answer(asked, media_type, content)
}

fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    fn validators() -> Validators {
        Validators::of(b"text", DateTime::from_timestamp(1_700_000_000, 5_000))
    }

    #[test]
    fn a_copy_with_the_same_tag_holds() {
        let ours = validators();
        assert!(ours.hold(&asked(header::IF_NONE_MATCH, &ours.etag)));
        assert!(ours.hold(&asked(header::IF_NONE_MATCH, &format!("\"x\", {}", ours.etag))));
        assert!(ours.hold(&asked(header::IF_NONE_MATCH, ours.etag.trim_start_matches("W/"))));
        assert!(ours.hold(&asked(header::IF_NONE_MATCH, "*")));
        assert!(!ours.hold(&asked(header::IF_NONE_MATCH, "\"other\"")));
        assert!(!ours.hold(&HeaderMap::new()));
    }

    #[test]
    fn a_copy_from_the_same_second_holds() {
        let date = http_date(validators().modified.unwrap());
        assert_eq!(date, "Tue, 14 Nov 2023 22:13:20 GMT");
        assert!(validators().hold(&asked(header::IF_MODIFIED_SINCE, &date)));
        let before = "Tue, 14 Nov 2023 22:13:19 GMT";
        assert!(!validators().hold(&asked(header::IF_MODIFIED_SINCE, before)));
    }

    #[test]
    fn the_tag_counts_more_than_the_date() {
        let mut headers = asked(header::IF_NONE_MATCH, "\"other\"");
        let date = http_date(validators().modified.unwrap());
        headers.insert(header::IF_MODIFIED_SINCE, date.parse().unwrap());
        assert!(!validators().hold(&headers));
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        let ours = validators();
        let known = asked(header::IF_NONE_MATCH, &ours.etag);
        let answer = ours.answer(&known, "text/plain", Bytes::from_static(b"text"));
        assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
        assert!(answer.headers().contains_key(header::ETAG));
    }
}
