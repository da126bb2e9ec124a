//! Documents taken in from elsewhere, and what a person must look at after it.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use contracts::documents::{
    ImportPoliciesRequest, ListConcernsRequest, ListWorklistRequest, ProposePolicyRequest,
    ReadRecordsRequest, ResolveWorklistEntryRequest,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    Route,
    extract::{Body, Caller, Params, fresh},
    get, post,
    view::{Concerns, Done, Import, Imported, Page, Proposed, ReadRecords, WorklistEntry},
};
use crate::{app::App, error::Error, problem::Problem, session::read_multipart};

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/intake/proposals", propose),
        post("/intake/records", read_records),
        get("/policies/{id}/concerns", concerns),
        post("/policies/import", import),
        get("/worklist", worklist),
        post("/worklist/{id}/resolve", resolve),
    ]
}

/// A file or text of a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; the reader takes it apart by hand")]
pub(crate) struct Brought {
    /// One file.
    #[schema(value_type = Option<String>, format = Binary)]
    file: Option<String>,
    /// Its text, in place of a file.
    text: Option<String>,
    /// Code of the organ that stands in where none is read.
    organ: Option<String>,
}

/// Proposes the content of a policy from a file or from text; keeps nothing but the file, for a day.
#[utoipa::path(post, path = "/intake/proposals", tag = "intake",
    request_body(content = Brought, content_type = "multipart/form-data"),
    responses((status = 200, body = Proposed)), security(("bearer" = [])))]
pub(crate) async fn propose(
    State(app): State<App>,
    caller: Caller,
    request: Request,
) -> Result<Response, Problem> {
    let (fields, files) = read_multipart(request, app.config.limits.upload_bytes).await?;
    let mut asked = ProposePolicyRequest::default();
    for (name, value) in fields {
        match name.as_str() {
            "text" => asked.text = value,
            "organ" => asked.organ_code = value,
            _ => {}
        }
    }
    if let Some(file) = files.into_iter().next() {
        asked.file_name = file.file_name;
        asked.content = file.content;
    }
    let read = caller.clients.intake().propose_policy(asked).await?.into_inner();
    Ok(fresh(&Proposed::from(read), ""))
}

/// Reads a document, a table or lines of JSON into records that can be imported; keeps nothing.
#[utoipa::path(post, path = "/intake/records", tag = "intake",
    request_body(content = Brought, content_type = "multipart/form-data"),
    responses((status = 200, body = ReadRecords)), security(("bearer" = [])))]
pub(crate) async fn read_records(
    State(app): State<App>,
    caller: Caller,
    request: Request,
) -> Result<Response, Problem> {
    let (_, files) = read_multipart(request, app.config.limits.upload_bytes).await?;
    let file = files.into_iter().next().ok_or_else(|| Error::Parameter {
        field: "file".to_owned(),
        detail: "请选择要上传的文件".to_owned(),
    })?;
    let asked = ReadRecordsRequest { file_name: file.file_name, content: file.content };
    let read = caller.clients.intake().read_records(asked).await?.into_inner();
    Ok(fresh(&ReadRecords::from(read), ""))
}

/// What speaks against the draft of a policy as it is.
#[utoipa::path(get, path = "/policies/{id}/concerns", tag = "publishing",
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Concerns)), security(("bearer" = [])))]
pub(crate) async fn concerns(
    caller: Caller,
    Path(policy_id): Path<String>,
) -> Result<Response, Problem> {
    let asked = ListConcernsRequest { policy_id };
    let found = caller.clients.intake().list_concerns(asked).await?.into_inner();
    let concerns = found.concerns.into_iter().map(Into::into).collect();
    Ok(fresh(&Concerns { concerns }, ""))
}

/// Takes in documents from elsewhere; single ones may be refused, the others go on.
#[utoipa::path(post, path = "/policies/import", tag = "intake", request_body = Import,
    responses((status = 200, body = Imported)), security(("bearer" = [])))]
pub(crate) async fn import(
    caller: Caller,
    Body(import): Body<Import>,
) -> Result<Response, Problem> {
    let request = ImportPoliciesRequest::try_from(import)?;
    let answer = caller.clients.documents().import_policies(request).await?.into_inner();
    Ok(fresh(&Imported::from(answer), ""))
}

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WorklistFilter {
    /// Code of an organ.
    organ: String,
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// Lists what a person must look at after an import.
#[utoipa::path(get, path = "/worklist", tag = "intake", params(WorklistFilter),
    responses((status = 200, body = Page<WorklistEntry>)), security(("bearer" = [])))]
pub(crate) async fn worklist(
    caller: Caller,
    Params(filter): Params<WorklistFilter>,
) -> Result<Response, Problem> {
    let WorklistFilter { organ, page_size, page_token } = filter;
    let request = ListWorklistRequest { organ_code: organ, page_size, page_token };
    let answer = caller.clients.documents().list_worklist(request).await?.into_inner();
    let page: Page<WorklistEntry> = Page::of(answer.entries, answer.next_page_token, answer.total);
    Ok(fresh(&page, ""))
}

/// What was done about it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remark {
    /// In Chinese.
    #[serde(default)]
    remark: String,
}

/// Says that a person has looked at an entry.
#[utoipa::path(post, path = "/worklist/{id}/resolve", tag = "intake", request_body = Remark,
    params(("id" = String, Path, description = "Id of the entry")),
    responses((status = 200, body = Done)), security(("bearer" = [])))]
pub(crate) async fn resolve(
    caller: Caller,
    Path(entry_id): Path<String>,
    Body(Remark { remark }): Body<Remark>,
) -> Result<Response, Problem> {
    let request = ResolveWorklistEntryRequest { entry_id, remark };
    caller.clients.documents().resolve_worklist_entry(request).await?;
    Ok(fresh(&Done {}, ""))
}
