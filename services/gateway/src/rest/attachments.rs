//! Files that belong to policies.

use axum::{
    body::Body as HttpBody,
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use contracts::documents::{
    AddAttachmentRequest, Attachment as WireAttachment, GetAttachmentRequest,
    RemoveAttachmentRequest,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Route, delete,
    extract::{Caller, Conditions, fresh},
    get, post,
    view::{Attachment, Policy},
};
use crate::{
    app::App, error::Error, http_cache::Validators, problem::Problem, session::read_multipart,
};

/// What a browser may show by itself; everything else is saved.
const SHOWN: [&str; 4] = ["application/pdf", "image/png", "image/jpeg", "text/plain"];

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/attachments/{id}", read),
        post("/policies/{id}/attachments", add),
        delete("/policies/{id}/attachments/{attachment_id}", remove),
    ]
}

/// Files of a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; the reader takes it apart by hand")]
pub(crate) struct AttachmentForm {
    /// One or several files.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<String>,
    /// What was read; or in `If-Match`.
    etag: Option<String>,
}

/// Files that were added.
#[derive(Serialize, ToSchema)]
pub(crate) struct Added {
    /// The files.
    attachments: Vec<Attachment>,
    /// The policy with them.
    policy: Policy,
}

/// One file, as it was given.
#[utoipa::path(get, path = "/attachments/{id}", tag = "policies",
    params(("id" = String, Path, description = "Id of the attachment")),
    responses((status = 200, content_type = "application/octet-stream")))]
pub(crate) async fn read(
    caller: Caller,
    Path(attachment_id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = GetAttachmentRequest { attachment_id };
    let mut chunks = caller.clients.documents().get_attachment(request).await?.into_inner();
    let first = chunks.message().await?.unwrap_or_default();
    let attachment = first.attachment.unwrap_or_default();
    let validators = Validators { etag: format!("\"{}\"", attachment.sha256), modified: None };
    if validators.hold(&asked) {
        return Ok(validators.not_modified());
    }
    let rest = chunks.map_ok(|chunk| chunk.content).map_err(std::io::Error::other);
    let content = stream::once(async move { Ok(first.content) }).chain(rest);
    let mut response = HttpBody::from_stream(content).into_response();
    let headers = response.headers_mut();
    validators.write(headers);
    describe(headers, &attachment);
    let keep = if caller.known { "no-store" } else { "public, no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    Ok(response)
}

fn describe(headers: &mut HeaderMap, attachment: &WireAttachment) {
    let WireAttachment { file_name, media_type, size, .. } = attachment;
    let shown = SHOWN.contains(&media_type.as_str());
    let media_type = HeaderValue::try_from(media_type.as_str());
    let unknown = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, media_type.unwrap_or(unknown));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(*size));
    let how = if shown { "inline" } else { "attachment" };
    let name = percent_encoded(file_name);
    if let Ok(value) = HeaderValue::try_from(format!("{how}; filename*=UTF-8''{name}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
}

/// A name as RFC 8187 has it.
fn percent_encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes().fold(String::new(), |mut text, byte| {
        if plain(byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    })
}

/// Adds files to the draft of a policy.
#[utoipa::path(post, path = "/policies/{id}/attachments", tag = "publishing",
    request_body(content = AttachmentForm, content_type = "multipart/form-data"),
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 201, body = Added)), security(("bearer" = [])))]
pub(crate) async fn add(
    State(app): State<App>,
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    request: Request,
) -> Result<Response, Problem> {
    let (fields, files) = read_multipart(request, app.config.limits.upload_bytes).await?;
    if files.is_empty() {
        return Err(missing("file", "请选择要上传的文件").into());
    }
    let etag = fields.into_iter().find(|(name, _)| name == "etag").map(|(_, value)| value);
    let mut etag = conditions.etag(etag.unwrap_or_default());
    let (mut attachments, mut policy) = (Vec::new(), None);
    for file in files {
        let request = AddAttachmentRequest {
            policy_id: policy_id.clone(),
            file_name: file.file_name,
            content: file.content,
            etag,
            sha256: String::new(),
        };
        let added = caller.clients.documents().add_attachment(request).await?.into_inner();
        attachments.extend(added.attachment.map(Attachment::from));
        let now = Policy::from(added.policy.unwrap_or_default());
        etag = now.etag.clone();
        policy = Some(now);
    }
    let policy = policy.ok_or_else(|| missing("file", "请选择要上传的文件"))?;
    let added = fresh(&Added { attachments, policy }, &etag);
    Ok((StatusCode::CREATED, added).into_response())
}

fn missing(field: &str, detail: &str) -> Error {
    Error::Parameter { field: field.to_owned(), detail: detail.to_owned() }
}

/// Takes a file from the draft of a policy.
#[utoipa::path(delete, path = "/policies/{id}/attachments/{attachment_id}", tag = "publishing",
    params(("id" = String, Path, description = "Id of the policy"),
        ("attachment_id" = String, Path, description = "Id of the attachment")),
    responses((status = 200, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn remove(
    caller: Caller,
    Path((policy_id, attachment_id)): Path<(String, String)>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let etag = conditions.etag(String::new());
    let request = RemoveAttachmentRequest { policy_id, attachment_id, etag };
    let answer = caller.clients.documents().remove_attachment(request).await?.into_inner();
    let policy = Policy::from(answer.policy.unwrap_or_default());
    Ok(fresh(&policy, &policy.etag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_name_survives_the_header() {
        let mut headers = HeaderMap::new();
        let attachment = WireAttachment {
            file_name: "附件 1.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            ..WireAttachment::default()
        };
        describe(&mut headers, &attachment);
        assert_eq!(
            headers[header::CONTENT_DISPOSITION],
            "inline; filename*=UTF-8''%E9%99%84%E4%BB%B6%201.pdf"
        );
    }

    #[test]
    fn a_file_with_script_is_saved_and_not_shown() {
        let mut headers = HeaderMap::new();
        let attachment =
            WireAttachment { media_type: "text/html".to_owned(), ..WireAttachment::default() };
        describe(&mut headers, &attachment);
        let how = headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(how.starts_with("attachment"));
    }
}
