//! Revisions as files, streamed as they come.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use contracts::documents::{GetRenditionRequest, Rendition, RenditionChunk, RenditionFormat};
use futures::StreamExt as _;
use http::{HeaderMap, HeaderValue, header};
use tonic::Streaming;

use crate::{app::App, clients::Clients, http_cache::Validators, pages::encoded, problem::Problem};

/// A file must neither run nor reach anything, whatever it holds.
const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");

/// The format of this ending, `pdf` or `docx`.
pub fn format(ending: &str) -> Option<RenditionFormat> {
    match ending {
        "pdf" => Some(RenditionFormat::Pdf),
        "docx" => Some(RenditionFormat::Docx),
        _ => None,
    }
}

/// The ending of a format.
pub fn ending(format: RenditionFormat) -> &'static str {
    match format {
        RenditionFormat::Docx => "docx",
        RenditionFormat::Pdf | RenditionFormat::Unspecified => "pdf",
    }
}

/// The permanent path of a rendition.
pub fn path(rendition: &Rendition) -> String {
    let Rendition { policy_id, revision, .. } = rendition;
    format!("/policies/{policy_id}/revisions/{revision}.{}", ending(rendition.format()))
}

/// Answers with a revision as a file; with the public one where `revision` is 0.
pub async fn answer(
    app: &App,
    clients: &Clients,
    policy_id: &str,
    revision: i64,
    format: RenditionFormat,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let policy_id = policy_id.to_owned();
    let request = GetRenditionRequest { policy_id, revision, format: format.into() };
    let mut chunks = clients.library().get_rendition(request).await?.into_inner();
    let first = chunks.message().await?.unwrap_or_default();
    let file = first.rendition.unwrap_or_default();
    let validators = Validators { etag: format!("\"{}\"", file.sha256), modified: None };
    if validators.hold(asked) {
        return Ok(validators.not_modified());
    }
    let mut response = Response::new(Body::from_stream(content(first.content, chunks)));
    let headers = response.headers_mut();
    validators.write(headers);
    describe(headers, &file);
    let canonical = format!("<{}>; rel=\"canonical\"", app.address(&path(&file)));
    if let Ok(canonical) = HeaderValue::from_str(&canonical) {
        headers.insert(header::LINK, canonical);
    }
    // It is asked again each time: a policy may be withdrawn, and then it is gone.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    Ok(response)
}

fn content(
    first: Bytes,
    rest: Streaming<RenditionChunk>,
) -> impl futures::Stream<Item = Result<Bytes, tonic::Status>> {
    let rest = rest.map(|chunk| chunk.map(|chunk| chunk.content));
    futures::stream::iter([Ok(first)]).chain(rest)
}

/// Type, length and, after RFC 6266 and RFC 8187, the name under which it is saved.
fn describe(headers: &mut HeaderMap, file: &Rendition) {
    if let Ok(media_type) = HeaderValue::from_str(&file.media_type) {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    headers.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    let (plain, name) = (ending(file.format()), encoded(&file.file_name));
    let saved = format!("attachment; filename=\"document.{plain}\"; filename*=UTF-8''{name}");
    if let Ok(saved) = HeaderValue::from_str(&saved) {
        headers.insert(header::CONTENT_DISPOSITION, saved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_name_survives_the_header() {
        let mut headers = HeaderMap::new();
        let file = Rendition {
            policy_id: "p1".to_owned(),
            revision: 2,
            format: RenditionFormat::Docx.into(),
            file_name: "通知 1.docx".to_owned(),
            media_type: "application/msword".to_owned(),
            size: 7,
            ..Rendition::default()
        };
        describe(&mut headers, &file);
        assert_eq!(
            headers[header::CONTENT_DISPOSITION],
            "attachment; filename=\"document.docx\"; filename*=UTF-8''%E9%80%9A%E7%9F%A5%201.docx"
        );
        assert_eq!(path(&file), "/policies/p1/revisions/2.docx");
        assert_eq!((format("pdf"), format("exe")), (Some(RenditionFormat::Pdf), None));
    }
}
