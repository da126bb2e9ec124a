//! Files of policies, streamed as they come.

use axum::{
    body::Body,
    extract::{Path, State},
    response::Response,
};
use bytes::Bytes;
use contracts::documents::{Attachment, AttachmentChunk, GetAttachmentRequest};
use futures::StreamExt as _;
use http::{HeaderMap, HeaderValue, header};
use tonic::Streaming;

use crate::{
    app::App, http_cache::Validators, pages::view::address::encoded, problem::Problem,
    session::MaybeStaff,
};

/// A file must neither run nor reach anything, whatever it holds.
const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");

/// `GET /attachments/{id}/{name}`; the name is only for people.
pub async fn attachment(
    State(app): State<App>,
    Path((id, _name)): Path<(String, String)>,
    MaybeStaff(staff): MaybeStaff,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let clients = staff.as_ref().map_or_else(|| app.clients.clone(), |staff| staff.clients(&app));
    let request = GetAttachmentRequest { attachment_id: id };
    let mut chunks = clients.documents().get_attachment(request).await?.into_inner();
    let first = chunks.message().await?.unwrap_or_default();
    let file = first.attachment.unwrap_or_default();
    let validators = Validators { etag: format!("\"{}\"", file.sha256), modified: None };
    if validators.hold(&asked) {
        return Ok(validators.not_modified());
    }
    let mut response = Response::new(Body::from_stream(content(first.content, chunks)));
    let headers = response.headers_mut();
    validators.write(headers);
    describe(headers, &file);
    // What staff may read need not be public, and a shared cache must not keep it.
    let kept = if staff.is_some() { "private, no-cache" } else { "public, no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    Ok(response)
}

fn content(
    first: Bytes,
    rest: Streaming<AttachmentChunk>,
) -> impl futures::Stream<Item = Result<Bytes, tonic::Status>> {
    let rest = rest.map(|chunk| chunk.map(|chunk| chunk.content));
    futures::stream::iter([Ok(first)]).chain(rest)
}

fn describe(headers: &mut HeaderMap, file: &Attachment) {
    let media_type = HeaderValue::from_str(&file.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    headers.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    let shown = format!("attachment; filename*=UTF-8''{}", encoded(&file.file_name));
    if let Ok(shown) = HeaderValue::from_str(&shown) {
        headers.insert(header::CONTENT_DISPOSITION, shown);
    }
}
