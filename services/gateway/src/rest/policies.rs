//! Policies as everybody may read them, and more of them for staff.

use axum::{
    extract::{Path, State},
    response::Response,
};
use contracts::documents::{
    CountPoliciesRequest, DraftState, Effect, GetPolicyRequest, GetRevisionRequest,
    ListPoliciesRequest, ListRevisionsRequest, PolicyOrder, PolicyState,
};
use http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Route,
    extract::{Caller, Params, fresh, shared},
    get,
    view::{Counts, Items, Page, Policy, Revision, number},
};
use crate::{app::App, cache::REST_FORM, error::Error, problem::Problem};

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/policies", list),
        get("/policies/counts", counts),
        get("/policies/by-source/{source_id}", get_by_source),
        get("/policies/{id}", get_one),
        get("/policies/{id}/revisions", revisions),
        get("/policies/{id}/revisions/{revision}", revision),
    ]
}

/// Which policies.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Code of an organ.
    organ: String,
    /// 文件类别.
    category: String,
    /// Year of issue.
    year: i32,
    /// not_yet_in_force, in_force, lapsed or repealed.
    effect: String,
    /// Words in title or document number.
    q: String,
    /// published (newest first, the default) or issued.
    order: String,
    /// Staff only: unpublished, published or withdrawn.
    state: String,
    /// Staff only: editing, in_review, returned, approved or scheduled.
    draft_state: String,
    /// Staff only: leave out what is public and has no draft.
    drafts_only: bool,
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

impl TryFrom<Filter> for ListPoliciesRequest {
    type Error = Error;

    fn try_from(filter: Filter) -> Result<Self, Error> {
        let Filter {
            organ,
            category,
            year,
            effect,
            q,
            order,
            state,
            draft_state,
            drafts_only,
            page_size,
            page_token,
        } = filter;
        Ok(Self {
            organ_code: organ,
            category,
            year,
            effect: number("effect", &effect, "EFFECT_", Effect::from_str_name)?,
            state: number("state", &state, "POLICY_STATE_", PolicyState::from_str_name)?,
            draft_state: number(
                "draft_state",
                &draft_state,
                "DRAFT_STATE_",
                DraftState::from_str_name,
            )?,
            text: q,
            order: number("order", &order, "POLICY_ORDER_", PolicyOrder::from_str_name)?,
            page_size,
            page_token,
            drafts_only,
            uncounted: false,
        })
    }
}

/// Lists policies, without their text.
#[utoipa::path(get, path = "/policies", tag = "policies", params(Filter),
    responses((status = 200, body = Page<Policy>)))]
pub(crate) async fn list(
    caller: Caller,
    Params(filter): Params<Filter>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = ListPoliciesRequest::try_from(filter)?;
    let answer = caller.clients.documents().list_policies(request).await?.into_inner();
    let page: Page<Policy> = Page::of(answer.policies, answer.next_page_token, answer.total);
    Ok(shared(&caller, &asked, &page))
}

/// What to count.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CountFilter {
    /// Code of an organ.
    organ: String,
    /// 文件类别.
    category: String,
    /// Year of issue.
    year: i32,
    /// not_yet_in_force, in_force, lapsed or repealed.
    effect: String,
}

/// Counts published policies by organ, category, year and effect.
#[utoipa::path(get, path = "/policies/counts", tag = "policies", params(CountFilter),
    responses((status = 200, body = Counts)))]
pub(crate) async fn counts(
    caller: Caller,
    Params(filter): Params<CountFilter>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let CountFilter { organ, category, year, effect } = filter;
    let effect = number("effect", &effect, "EFFECT_", Effect::from_str_name)?;
    let request = CountPoliciesRequest { organ_code: organ, category, year, effect };
    let answer = caller.clients.documents().count_policies(request).await?.into_inner();
    Ok(shared(&caller, &asked, &Counts::from(answer)))
}

/// For which day.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Day {
    /// Day for which the effect is told, as YYYY-MM-DD; today if left out.
    as_of: String,
}

/// One policy; a withdrawn one is its tombstone.
#[utoipa::path(get, path = "/policies/{id}", tag = "policies",
    params(("id" = String, Path, description = "Id of the policy"), Day),
    responses((status = 200, body = Policy)))]
pub(crate) async fn get_one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Params(Day { as_of }): Params<Day>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = GetPolicyRequest { policy_id: id.clone(), by_source_id: false, as_of };
    if caller.known {
        return read(&caller, request).await;
    }
    if !request.as_of.is_empty() {
        let answer = caller.clients.documents().get_policy(request).await?.into_inner();
        return Ok(shared(&caller, &asked, &Policy::from(answer.policy.unwrap_or_default())));
    }
    let public = app.policies.get(&id).await?;
    let rendered = public.rendered(REST_FORM, |policy| {
        serde_json::to_string(&Policy::from(policy.clone()))
            .map_err(|error| kit::Error::Internal(error.to_string()))
    })?;
    Ok(rendered.validators.answer(&asked, "application/json", rendered.content))
}

/// One policy by the id under which it was imported.
#[utoipa::path(get, path = "/policies/by-source/{source_id}", tag = "policies",
    params(("source_id" = String, Path, description = "The source's own id"), Day),
    responses((status = 200, body = Policy)))]
pub(crate) async fn get_by_source(
    caller: Caller,
    Path(source_id): Path<String>,
    Params(Day { as_of }): Params<Day>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = GetPolicyRequest { policy_id: source_id, by_source_id: true, as_of };
    if caller.known {
        return read(&caller, request).await;
    }
    let answer = caller.clients.documents().get_policy(request).await?.into_inner();
    Ok(shared(&caller, &asked, &Policy::from(answer.policy.unwrap_or_default())))
}

async fn read(caller: &Caller, request: GetPolicyRequest) -> Result<Response, Problem> {
    let answer = caller.clients.documents().get_policy(request).await?.into_inner();
    let policy = Policy::from(answer.policy.unwrap_or_default());
    Ok(fresh(&policy, &policy.etag))
}

/// All revisions of a policy, newest first, without their text.
#[utoipa::path(get, path = "/policies/{id}/revisions", tag = "policies",
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Items<Revision>)))]
pub(crate) async fn revisions(
    caller: Caller,
    Path(policy_id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = ListRevisionsRequest { policy_id };
    let answer = caller.clients.documents().list_revisions(request).await?.into_inner();
    Ok(shared(&caller, &asked, &Items::<Revision>::of(answer.revisions)))
}

/// One revision of a policy, which is kept for ever.
#[utoipa::path(get, path = "/policies/{id}/revisions/{revision}", tag = "policies",
    params(("id" = String, Path, description = "Id of the policy"),
        ("revision" = i64, Path, description = "Its number, from 1")),
    responses((status = 200, body = Revision)))]
pub(crate) async fn revision(
    caller: Caller,
    Path((policy_id, revision)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let revision = parse_revision(&revision)?;
    let request = GetRevisionRequest { policy_id, revision };
    let answer = caller.clients.documents().get_revision(request).await?.into_inner();
    Ok(shared(&caller, &asked, &Revision::from(answer.revision.unwrap_or_default())))
}

/// A revision's number out of a path.
pub(super) fn parse_revision(text: &str) -> Result<i64, Error> {
    text.parse().map_err(|_| Error::Parameter {
        field: "revision".to_owned(),
        detail: format!("“{text}”不是版本号，应为整数"),
    })
}
