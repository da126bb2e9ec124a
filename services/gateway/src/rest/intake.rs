//! Documents taken in from elsewhere, and what a person must look at after it.

use axum::{extract::Path, response::Response};
use contracts::documents::{
    ImportPoliciesRequest, ListWorklistRequest, ResolveWorklistEntryRequest,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    Route,
    extract::{Body, Caller, Params, fresh},
    get, post,
    view::{Done, Import, Imported, Page, WorklistEntry},
};
use crate::problem::Problem;

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/policies/import", import),
        get("/worklist", worklist),
        post("/worklist/{id}/resolve", resolve),
    ]
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
