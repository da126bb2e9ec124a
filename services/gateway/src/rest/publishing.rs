//! From the draft to the public, and back.

use axum::{
    extract::Path,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use contracts::documents as wire;
use contracts::documents::{
    ApproveDraftRequest, CreatePolicyRequest, DiscardDraftRequest, Effect, OverruleEffectRequest,
    PublishPolicyRequest, ReturnDraftRequest, SubmitDraftRequest, UnschedulePolicyRequest,
    UpdateDraftRequest, WithdrawPolicyRequest,
};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Route,
    extract::{Body, Caller, Conditions, fresh},
    post, put,
    view::{Content, Policy, number},
};
use crate::problem::Problem;

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/policies", create),
        put("/policies/{id}/draft", update),
        post("/policies/{id}/submit", submit),
        post("/policies/{id}/return", send_back),
        post("/policies/{id}/approve", approve),
        post("/policies/{id}/discard", discard),
        post("/policies/{id}/publish", publish),
        post("/policies/{id}/unschedule", unschedule),
        post("/policies/{id}/withdraw", withdraw),
        post("/policies/{id}/effect", overrule),
    ]
}

fn answer(policy: Option<wire::Policy>) -> Response {
    let policy = Policy::from(policy.unwrap_or_default());
    fresh(&policy, &policy.etag)
}

/// A new policy.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPolicy {
    /// What it says so far.
    content: Content,
}

/// What the next revision says so far.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftChange {
    /// All of it.
    content: Content,
    /// Why a published policy is revised.
    #[serde(default)]
    revision_reason: String,
    /// What was read; or in `If-Match`.
    #[serde(default)]
    etag: String,
}

/// A clerk's word on the effect.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Overruling {
    /// not_yet_in_force, in_force, lapsed or repealed; empty: take the word back.
    effect: String,
    /// First day on which it counts, as YYYY-MM-DD; empty: today.
    from: String,
    /// Why.
    reason: String,
    /// What was read; or in `If-Match`.
    etag: String,
}

/// What a command works on.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Read {
    /// What was read; or in `If-Match`.
    etag: String,
}

/// Why.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Because {
    /// The reason, in Chinese.
    reason: String,
    /// What was read; or in `If-Match`.
    etag: String,
}

/// When.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Publish {
    /// Whole minute in the future; left out: now.
    publish_at: Option<DateTime<Utc>>,
    /// What was read; or in `If-Match`.
    etag: String,
}

/// Starts a policy as a draft.
#[utoipa::path(post, path = "/policies", tag = "publishing", request_body = NewPolicy,
    responses((status = 201, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn create(
    caller: Caller,
    conditions: Conditions,
    Body(NewPolicy { content }): Body<NewPolicy>,
) -> Result<Response, Problem> {
    let request = CreatePolicyRequest {
        content: Some(content.try_into()?),
        request_id: conditions.request_id,
    };
    let made = caller.clients.documents().create_policy(request).await?.into_inner();
    Ok((StatusCode::CREATED, answer(made.policy)).into_response())
}

/// Changes the draft; on a published policy it starts the draft of a revision.
#[utoipa::path(put, path = "/policies/{id}/draft", tag = "publishing", request_body = DraftChange,
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn update(
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    Body(change): Body<DraftChange>,
) -> Result<Response, Problem> {
    let DraftChange { content, revision_reason, etag } = change;
    let content = Some(content.try_into()?);
    let etag = conditions.etag(etag);
    let request = UpdateDraftRequest { policy_id, content, revision_reason, etag };
    Ok(answer(caller.clients.documents().update_draft(request).await?.into_inner().policy))
}

/// Hands the draft in for review.
#[utoipa::path(post, path = "/policies/{id}/submit", tag = "publishing", request_body = Read,
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn submit(
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    Body(read): Body<Read>,
) -> Result<Response, Problem> {
    let request = SubmitDraftRequest { policy_id, etag: conditions.etag(read.etag) };
    Ok(answer(caller.clients.documents().submit_draft(request).await?.into_inner().policy))
}

/// A second person sends the draft back with a reason.
#[utoipa::path(post, path = "/policies/{id}/return", tag = "publishing", request_body = Because,
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn send_back(
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    Body(Because { reason, etag }): Body<Because>,
) -> Result<Response, Problem> {
    let request = ReturnDraftRequest { policy_id, reason, etag: conditions.etag(etag) };
    Ok(answer(caller.clients.documents().return_draft(request).await?.into_inner().policy))
}

/// A second person approves the draft.
#[utoipa::path(post, path = "/policies/{id}/approve", tag = "publishing", request_body = Read,
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn approve(
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    Body(read): Body<Read>,
) -> Result<Response, Problem> {
    let request = ApproveDraftRequest { policy_id, etag: conditions.etag(read.etag) };
    Ok(answer(caller.clients.documents().approve_draft(request).await?.into_inner().policy))
}

/// Throws the draft away; what is public stays.
#[utoipa::path(post, path = "/policies/{id}/discard", tag = "publishing", request_body = Read,
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn discard(
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    Body(read): Body<Read>,
) -> Result<Response, Problem> {
    let request = DiscardDraftRequest { policy_id, etag: conditions.etag(read.etag) };
    Ok(answer(caller.clients.documents().discard_draft(request).await?.into_inner().policy))
}

/// Makes the approved draft public, now or at a set minute.
#[utoipa::path(post, path = "/policies/{id}/publish", tag = "publishing", request_body = Publish,
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn publish(
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    Body(Publish { publish_at, etag }): Body<Publish>,
) -> Result<Response, Problem> {
    let request = PublishPolicyRequest {
        policy_id,
        publish_at: publish_at.map(kit::clock::to_wire),
        request_id: conditions.request_id.clone(),
        etag: conditions.etag(etag),
    };
    Ok(answer(caller.clients.documents().publish_policy(request).await?.into_inner().policy))
}

/// Takes back the set minute: the draft stays approved, and nothing becomes public by itself.
#[utoipa::path(post, path = "/policies/{id}/unschedule", tag = "publishing", request_body = Read,
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn unschedule(
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    Body(read): Body<Read>,
) -> Result<Response, Problem> {
    let request = UnschedulePolicyRequest { policy_id, etag: conditions.etag(read.etag) };
    Ok(answer(caller.clients.documents().unschedule_policy(request).await?.into_inner().policy))
}

/// Takes a policy from the public; its page is a tombstone from then on.
#[utoipa::path(post, path = "/policies/{id}/withdraw", tag = "publishing", request_body = Because,
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn withdraw(
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    Body(Because { reason, etag }): Body<Because>,
) -> Result<Response, Problem> {
    let request = WithdrawPolicyRequest {
        policy_id,
        reason,
        request_id: conditions.request_id.clone(),
        etag: conditions.etag(etag),
    };
    Ok(answer(caller.clients.documents().withdraw_policy(request).await?.into_inner().policy))
}

/// Puts a clerk's word on the effect before what is computed, or takes it back.
#[utoipa::path(post, path = "/policies/{id}/effect", tag = "publishing",
    request_body = Overruling,
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn overrule(
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    Body(Overruling { effect, from, reason, etag }): Body<Overruling>,
) -> Result<Response, Problem> {
    let effect = number("effect", &effect, "EFFECT_", Effect::from_str_name)?;
    let etag = conditions.etag(etag);
    let request = OverruleEffectRequest { policy_id, effect, from, reason, etag };
    Ok(answer(caller.clients.documents().overrule_effect(request).await?.into_inner().policy))
}
