//! What a REST method reads: parameters, a JSON body, and who calls.

use std::convert::Infallible;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, header, request::Parts};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    app::App,
    clients::Clients,
    error::Error,
    problem::Problem,
    session::{MaybeStaff, is_type, read_body, read_urlencoded},
};

const JSON: &str = "application/json";

/// The query, of which every name must be known.
#[derive(Debug, Clone)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(read_urlencoded(parts.uri.query().unwrap_or_default())?))
    }
}

/// A JSON body; its errors name field and line.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if !is_type(request.headers(), JSON) {
            return Err(Error::MediaType(JSON).into());
        }
        let body = read_body(request, app.config.limits.body_bytes).await?;
        Ok(Self(read_json(&body)?))
    }
}

fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let field = error.path().to_string();
        let error = error.into_inner();
        if error.is_data() {
            let detail = without_place(&error);
            let missing = named(&detail, "missing field `");
            let unknown = named(&detail, "unknown field `");
            let (field, detail) = match (missing, unknown) {
                (Some(name), _) => (below(&field, name), "缺少此项".to_owned()),
                (_, Some(name)) => (below(&field, name), "不支持此项，请检查拼写".to_owned()),
                _ => (field, detail),
            };
            return Error::JsonField { field, line: error.line(), detail };
        }
        malformed(&error)
    })?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok(read)
}

fn malformed(error: &serde_json::Error) -> Error {
    Error::JsonSyntax { line: error.line(), column: error.column(), detail: without_place(error) }
}

/// The message without "at line 1 column 2", which is told apart.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

fn named<'a>(detail: &'a str, begin: &str) -> Option<&'a str> {
    detail.strip_prefix(begin)?.split('`').next()
}

/// The path of a field in the thing at `path`, which may already end with it.
fn below(path: &str, name: &str) -> String {
    match path {
        "." | "" => name.to_owned(),
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{path}.{name}"),
    }
}

/// Who calls, by bearer token; for reads also by the console's session.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The services, called as whoever this is.
    pub clients: Clients,
    /// Whether it is anybody: answers for nobody may be shared.
    pub known: bool,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
            let token = bearer(value).ok_or(Error::TokenMalformed)?;
            return Ok(Self { clients: app.clients.on_behalf(token), known: true });
        }
        // A cookie comes with every request that any site provokes: it may read, never change.
        if matches!(parts.method, Method::GET | Method::HEAD)
            && let MaybeStaff(Some(staff)) = MaybeStaff::from_request_parts(parts, app).await?
        {
            return Ok(Self { clients: staff.clients(app), known: true });
        }
        Ok(Self { clients: app.clients.clone(), known: false })
    }
}

fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The headers that writes understand.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    /// `Idempotency-Key`, or empty.
    pub request_id: String,
    etag: Option<String>,
}

impl Conditions {
    /// The etag that the caller has read: of `If-Match`, or else of the body.
    pub fn etag(self, of_body: String) -> String {
        self.etag.unwrap_or(of_body)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Conditions {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let request_id = text("idempotency-key").unwrap_or_default().trim_matches('"').to_owned();
        let tag = text("if-match").map(str::trim).filter(|tag| *tag != "*");
        let etag = tag.map(|tag| tag.trim_start_matches("W/").trim_matches('"').to_owned());
        Ok(Self { request_id, etag })
    }
}

/// Answers a staff read or a write: nobody keeps a copy, and the thing's `etag` is in the header.
pub fn fresh<T: Serialize>(view: &T, etag: &str) -> Response {
    let mut response = axum::Json(view).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(tag) = HeaderValue::try_from(format!("\"{etag}\""))
        && !etag.is_empty()
    {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Answers a read: shared and checked by its content for nobody in particular, fresh for staff.
pub fn shared<T: Serialize>(caller: &Caller, asked: &HeaderMap, view: &T) -> Response {
    if caller.known {
        return fresh(view, "");
    }
    let content = serde_json::to_vec(view).unwrap_or_default();
    crate::http_cache::answer(asked, JSON, content, None)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Draft {
        #[expect(dead_code, reason = "read by nobody but serde")]
        content: Content,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Content {
        #[expect(dead_code, reason = "read by nobody but serde")]
        title: String,
    }

    fn refused(json: &str) -> Error {
        read_json::<Draft>(json.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_missing_field_is_named_with_its_path() {
        let error = refused("{\n\"content\": {}}");
        let Error::JsonField { field, line, .. } = error else { panic!("{error}") };
        assert_eq!((&*field, line), ("content.title", 2));
    }

    #[test]
    fn an_unknown_field_is_named_with_its_path() {
        let error = refused(r#"{"content": {"titel": "x"}}"#);
        assert!(matches!(error, Error::JsonField { field, .. } if field == "content.titel"));
        let error = refused(r#"{"contents": {}}"#);
        assert!(matches!(error, Error::JsonField { field, .. } if field == "contents"));
    }

    #[test]
    fn a_field_of_the_wrong_type_is_named() {
        let error = refused(r#"{"content": {"title": 5}}"#);
        assert!(matches!(error, Error::JsonField { field, .. } if field == "content.title"));
    }

    #[test]
    fn broken_json_is_told_by_line_and_column() {
        let error = refused("{\n  \"content\": {,");
        assert!(matches!(error, Error::JsonSyntax { line: 2, .. }), "{error}");
        let error = refused(r#"{"content": {"title": "x"}} more"#);
        assert!(matches!(error, Error::JsonSyntax { line: 1, .. }), "{error}");
    }

    #[test]
    fn only_a_bearer_token_is_a_token() {
        let read = |text: &'static str| {
            let value = HeaderValue::from_static(text);
            bearer(&value).map(str::to_owned)
        };
        assert_eq!(read("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(read("bearer  abc").as_deref(), Some("abc"));
        assert_eq!(read("Basic abc"), None);
        assert_eq!(read("Bearer "), None);
    }
}
