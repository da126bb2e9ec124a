//! What the library makes of its policies: files, metadata for machines, changes, findings.

use axum::{
    extract::{Path, State},
    response::Response,
};
use contracts::documents::{
    ListChangesRequest, ListExpiringPoliciesRequest, ListQualityFindingsRequest,
    ListRenditionsRequest, QualityKind,
};
use http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Route,
    extract::{Caller, Params, shared},
    get,
    view::{Items, Page, Policy, PolicyChange, QualityFinding, Rendition, number},
};
use crate::{
    akn,
    app::App,
    error::Error,
    http_cache, legislation,
    problem::Problem,
    renditions::{self, format},
};

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/policies/expiring", expiring),
        get("/policies/{id}/renditions", list),
        get("/policies/{id}/renditions/{format}", rendition),
        get("/policies/{id}/akn", akoma_ntoso),
        get("/policies/{id}/legislation", metadata),
        get("/changes", changes),
        get("/quality-findings", findings),
    ]
}

/// Which revision.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Numbered {
    /// Number of the revision; the public one if left out.
    revision: i64,
}

/// The files that a revision can be had as.
#[utoipa::path(get, path = "/policies/{id}/renditions", tag = "policies",
    params(("id" = String, Path, description = "Id of the policy"), Numbered),
    responses((status = 200, body = Items<Rendition>)))]
pub(crate) async fn list(
    caller: Caller,
    Path(policy_id): Path<String>,
    Params(Numbered { revision }): Params<Numbered>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = ListRenditionsRequest { policy_id, revision };
    let answer = caller.clients.library().list_renditions(request).await?.into_inner();
    Ok(shared(&caller, &asked, &Items::<Rendition>::of(answer.renditions)))
}

/// A revision as PDF or DOCX, laid out after GB/T 9704-2012.
#[utoipa::path(get, path = "/policies/{id}/renditions/{format}", tag = "policies",
    params(("id" = String, Path, description = "Id of the policy"),
        ("format" = String, Path, description = "pdf or docx"), Numbered),
    responses((status = 200, content_type = "application/pdf"),
        (status = 404, description = "Withdrawn, expunged or without text")))]
pub(crate) async fn rendition(
    State(app): State<App>,
    caller: Caller,
    Path((policy_id, ending)): Path<(String, String)>,
    Params(Numbered { revision }): Params<Numbered>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let format = format(&ending).ok_or_else(|| Error::Parameter {
        field: "format".to_owned(),
        detail: format!("“{ending}”不是可以下载的格式，应为 pdf 或 docx"),
    })?;
    renditions::answer(&app, &caller.clients, &policy_id, revision, format, &asked).await
}

/// A revision as Akoma Ntoso 3.0 (OASIS LegalDocML).
#[utoipa::path(get, path = "/policies/{id}/akn", tag = "policies",
    params(("id" = String, Path, description = "Id of the policy"), Numbered),
    responses((status = 200, content_type = "application/xml"),
        (status = 404, description = "Withdrawn or expunged")))]
pub(crate) async fn akoma_ntoso(
    State(app): State<App>,
    Path(policy_id): Path<String>,
    Params(Numbered { revision }): Params<Numbered>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let xml = akn::xml(&app, &policy_id, revision).await?;
    Ok(http_cache::answer(&asked, akn::MEDIA_TYPE, xml, None))
}

/// The metadata of a policy as `schema.org/Legislation`.
#[utoipa::path(get, path = "/policies/{id}/legislation", tag = "policies",
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, content_type = "application/ld+json")))]
pub(crate) async fn metadata(
    State(app): State<App>,
    Path(policy_id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let public = app.policies.get(&policy_id).await?;
    let request = ListRenditionsRequest { policy_id, revision: 0 };
    let files = app.clients.library().list_renditions(request).await?.into_inner().renditions;
    let json = legislation::json_ld(&app, &public.policy, &files);
    Ok(http_cache::answer(&asked, legislation::MEDIA_TYPE, json, None))
}

/// Which days.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Days {
    /// First day, as YYYY-MM-DD.
    from: String,
    /// Last day, as YYYY-MM-DD; at most 31 days.
    to: String,
    /// Code of an organ.
    organ: String,
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// What the public saw change within some days, oldest day first.
#[utoipa::path(get, path = "/changes", tag = "policies", params(Days),
    responses((status = 200, body = Page<PolicyChange>)))]
pub(crate) async fn changes(
    caller: Caller,
    Params(Days { from, to, organ, page_size, page_token }): Params<Days>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = ListChangesRequest { from, to, organ_code: organ, page_size, page_token };
    let answer = caller.clients.library().list_changes(request).await?.into_inner();
    let page = Page::<PolicyChange>::of(answer.changes, answer.next_page_token, answer.total);
    Ok(shared(&caller, &asked, &page))
}

/// Until when.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Until {
    /// Code of an organ.
    organ: String,
    /// Last day, as YYYY-MM-DD; six months from today if left out.
    until: String,
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// Policies in force whose time is over soon, those first that end first.
#[utoipa::path(get, path = "/policies/expiring", tag = "policies", params(Until),
    responses((status = 200, body = Page<Policy>)))]
pub(crate) async fn expiring(
    caller: Caller,
    Params(Until { organ, until, page_size, page_token }): Params<Until>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = ListExpiringPoliciesRequest { organ_code: organ, until, page_size, page_token };
    let answer = caller.clients.library().list_expiring_policies(request).await?.into_inner();
    let page = Page::<Policy>::of(answer.policies, answer.next_page_token, answer.total);
    Ok(shared(&caller, &asked, &page))
}

/// Which findings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Found {
    /// number_missing, issue_date_missing, effective_date_missing, relation_broken,
    /// category_doubtful, review_overdue or lapsing.
    kind: String,
    /// Code of an organ.
    organ: String,
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// Public policies of which a clerk must complete or review something.
#[utoipa::path(get, path = "/quality-findings", tag = "publishing", params(Found),
    responses((status = 200, body = Page<QualityFinding>)), security(("bearer" = [])))]
pub(crate) async fn findings(
    caller: Caller,
    Params(Found { kind, organ, page_size, page_token }): Params<Found>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let kind = number("kind", &kind, "QUALITY_KIND_", QualityKind::from_str_name)?;
    let request = ListQualityFindingsRequest { kind, organ_code: organ, page_size, page_token };
    let answer = caller.clients.library().list_quality_findings(request).await?.into_inner();
    let page = Page::<QualityFinding>::of(answer.findings, answer.next_page_token, answer.total);
    Ok(shared(&caller, &asked, &page))
}
