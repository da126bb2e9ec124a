//! Forms: read with a limit, and proven to come from our own page.

use axum::{
    RequestExt as _,
    body::Body,
    extract::{FromRequest, FromRequestParts as _, Multipart, Request},
};
use axum_extra::extract::CookieJar;
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;

use super::{MaybeStaff, token};
use crate::{app::App, error::Error, problem::Problem};

/// So many bytes of a body that is refused are read.
const READ_IN_VAIN: usize = 64 << 20;

/// A form that changes nothing but the sender's own view; others want [`Csrf`].
#[derive(Debug, Clone)]
pub struct Form<T>(pub T);

/// A form that came from a page which we made for this very visitor.
///
/// Takes both kinds of body. The field `csrf` is checked and may be left out of `T`.
#[derive(Debug, Clone)]
pub struct Csrf<T> {
    /// The fields.
    pub form: T,
    /// The files that came with it; those left empty are not here.
    pub files: Vec<Upload>,
}

/// A file that came with a form.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Name of the file on the sender's machine.
    pub file_name: String,
    /// What is in it.
    pub content: Bytes,
}

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let pairs = read_pairs(request, app.config.limits.body_bytes).await?;
        Ok(Self(fields(&pairs)?))
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Csrf<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let MaybeStaff(staff) = MaybeStaff::from_request_parts(&mut parts, app).await?;
        let number = CookieJar::from_headers(&parts.headers)
            .get(token::COOKIE)
            .map(|cookie| cookie.value().to_owned());
        let request = Request::from_parts(parts, body);
        let (pairs, files) = if is_multipart(request.headers()) {
            read_multipart(request, app.config.limits.upload_bytes).await?
        } else {
            (read_pairs(request, app.config.limits.body_bytes).await?, Vec::new())
        };
        let given = pairs.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value);
        let given = given.map(String::as_str).unwrap_or_default();
        let ours = match (staff, number) {
            (Some(staff), _) => same(&staff.csrf, given),
            (None, Some(number)) => app.forms.verify(&number, given),
            (None, None) => false,
        };
        if !ours {
            return Err(Error::FormExpired.into());
        }
        Ok(Self { form: fields(&pairs)?, files })
    }
}

type Pairs = Vec<(String, String)>;

async fn read_pairs(request: Request, limit: usize) -> Result<Pairs, Problem> {
    const FORM: &str = "application/x-www-form-urlencoded";
    if !is_type(request.headers(), FORM) {
        return Err(Error::MediaType(FORM).into());
    }
    let body = read_body(request, limit).await?;
    Ok(form_urlencoded::parse(&body).into_owned().collect())
}

/// The whole body, unless it is larger than allowed.
///
/// One that is too large is read on and thrown away, as far as is reasonable: most clients listen
/// only when they have sent everything, and would see a broken connection instead of the answer.
pub(crate) async fn read_body(request: Request, limit: usize) -> Result<Bytes, Error> {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    let mut too_large = length.is_some_and(|length| length > limit);
    if too_large && request.headers().contains_key(header::EXPECT) {
        // This client listens before it sends.
        return Err(Error::BodyTooLarge(limit));
    }
    let mut kept = Vec::new();
    let mut read = 0;
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| too_large_or_broken(&error, limit))?;
        let Ok(data) = frame.into_data() else { continue };
        read += data.len();
        too_large |= read > limit;
        if read > READ_IN_VAIN.max(limit) {
            break;
        }
        if too_large {
            kept = Vec::new();
        } else {
            kept.extend_from_slice(&data);
        }
    }
    if too_large { Err(Error::BodyTooLarge(limit)) } else { Ok(kept.into()) }
}

fn too_large_or_broken(error: &(dyn std::error::Error + 'static), limit: usize) -> Error {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return Error::BodyTooLarge(limit);
        }
        cause = error.source();
    }
    Error::BodyBroken
}

/// Reads the parts of a multipart body: text fields and files.
pub(crate) async fn read_multipart(
    request: Request,
    limit: usize,
) -> Result<(Pairs, Vec<Upload>), Problem> {
    let request = request.map(|body| Body::new(http_body_util::Limited::new(body, limit)));
    let mut multipart: Multipart =
        request.extract().await.map_err(|_| Error::MediaType("multipart/form-data"))?;
    let broken =
        |error: axum::extract::multipart::MultipartError| too_large_or_broken(&error, limit);
    let (mut pairs, mut files) = (Pairs::new(), Vec::new());
    while let Some(part) = multipart.next_field().await.map_err(broken)? {
        match part.file_name().map(str::to_owned) {
            Some(file_name) => {
                let content = part.bytes().await.map_err(broken)?;
                if !file_name.is_empty() {
                    files.push(Upload { file_name, content });
                }
            }
            None => {
                let name = part.name().unwrap_or_default().to_owned();
                pairs.push((name, part.text().await.map_err(broken)?));
            }
        }
    }
    Ok((pairs, files))
}

fn fields<T: DeserializeOwned>(pairs: &Pairs) -> Result<T, Problem> {
    let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    read_urlencoded(&text).map_err(Problem::from)
}

/// Reads `a=1&b=2` as a `T`, and names the key that is wrong.
pub(crate) fn read_urlencoded<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let reader = serde_html_form::Deserializer::from_bytes(text.as_bytes());
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let field = error.path().to_string();
        let detail = error.into_inner().to_string();
        match detail.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
            Some(name) => Error::UnknownParameter(name.to_owned()),
            None => Error::Parameter { field, detail },
        }
    })
}

fn is_multipart(headers: &HeaderMap) -> bool {
    is_type(headers, "multipart/form-data")
}

/// Whether the body says that it is of this type.
pub(crate) fn is_type(headers: &HeaderMap, media_type: &str) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let said = said.split(';').next().unwrap_or_default().trim();
    said.eq_ignore_ascii_case(media_type)
}

/// Compares without telling by its duration where two texts differ.
fn same(ours: &str, given: &str) -> bool {
    let differing = ours.bytes().zip(given.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    ours.len() == given.len() && !ours.is_empty() && differing == 0
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Filter {
        #[serde(default)]
        year: Option<i32>,
        #[serde(default)]
        role: Vec<String>,
    }

    #[test]
    fn keys_may_be_repeated() {
        let filter: Filter = read_urlencoded("year=2023&role=editor&role=reviewer").unwrap();
        assert_eq!(
            filter,
            Filter { year: Some(2023), role: vec!["editor".into(), "reviewer".into()] }
        );
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = read_urlencoded::<Filter>("organ=a").unwrap_err();
        assert!(matches!(error, Error::UnknownParameter(name) if name == "organ"));
    }

    #[test]
    fn a_wrong_value_is_named() {
        let error = read_urlencoded::<Filter>("year=abc").unwrap_err();
        assert!(matches!(error, Error::Parameter { field, .. } if field == "year"));
    }

    #[test]
    fn only_the_whole_token_is_the_same() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd") && !same("abc", "ab") && !same("", ""));
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused_with_and_without_its_length() {
        let sized = Request::builder().header("content-length", "9").body(Body::from("123456789"));
        let error = read_body(sized.unwrap(), 8).await.unwrap_err();
        assert!(matches!(error, Error::BodyTooLarge(8)));
        let unsized_body = Request::new(Body::from("123456789"));
        let error = read_body(unsized_body, 8).await.unwrap_err();
        assert!(matches!(error, Error::BodyTooLarge(8)));
        assert_eq!(read_body(Request::new(Body::from("12345678")), 8).await.unwrap().len(), 8);
    }
}
