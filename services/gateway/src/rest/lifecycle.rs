//! The full lifecycle of policies: stages, materials, deliveries, payouts.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use bytes::Bytes;
use contracts::documents::{
    self as wire, AddDeliveryRequest, AddPayoutRequest, AddStageMaterialRequest,
    CorrectPayoutRequest, GetLifecycleRequest, MarkStageNotApplicableRequest,
    RemoveDeliveryRequest, RemoveStageMaterialRequest, SetStageRequest, UpdateDeliveryRequest,
};
use http::HeaderMap;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Route,
    extract::{Body, Caller, Conditions, fresh, shared},
    get, post, put,
    view::{DeliveryTerms, Lifecycle, stage},
};
use crate::{app::App, error::Error, problem::Problem, session::read_multipart};

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/policies/{id}/lifecycle", show),
        put("/policies/{id}/lifecycle/{stage}", set),
        post("/policies/{id}/lifecycle/{stage}/not-applicable", not_applicable),
        post("/policies/{id}/lifecycle/{stage}/materials", add_material),
        post("/policies/{id}/lifecycle/{stage}/files", add_file),
        post("/policies/{id}/lifecycle/{stage}/materials/{material_id}/remove", remove_material),
        post("/policies/{id}/deliveries", add_delivery),
        put("/policies/{id}/deliveries/{delivery_id}", update_delivery),
        post("/policies/{id}/deliveries/{delivery_id}/remove", remove_delivery),
        post("/policies/{id}/deliveries/{delivery_id}/payouts", add_payout),
        post("/policies/{id}/deliveries/{delivery_id}/payouts/{payout_id}/correct", correct),
    ]
}

fn answer(lifecycle: Option<wire::Lifecycle>) -> Response {
    let lifecycle = Lifecycle::from(lifecycle.unwrap_or_default());
    fresh(&lifecycle, &lifecycle.etag)
}

/// When a stage was, who answers for it, what came of it.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StageChange {
    /// First day, YYYY-MM-DD; empty: unknown.
    began_on: String,
    /// Last day.
    ended_on: String,
    /// Responsible organ; empty: the policy's.
    organ_code: String,
    /// What came of it.
    summary: String,
    /// A 重大行政决策; only of the stage demand.
    is_major_decision: bool,
    /// Needed where the stage was filled before.
    reason: String,
    /// Why personal information in the text may be published.
    privacy_reason: String,
    /// What was read; or in `If-Match`.
    etag: String,
}

/// A material with a link or a text.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NewMaterial {
    /// Its title.
    title: String,
    /// As the field calls it: 意见征集公告, 专家论证意见 …
    kind: String,
    /// Where it stands.
    url: String,
    /// What it says.
    text: String,
    /// Its own day, YYYY-MM-DD.
    dated_on: String,
    /// Why personal information in it may be published.
    privacy_reason: String,
    /// What was read; or in `If-Match`.
    etag: String,
}

/// A material with a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; the reader takes it apart by hand")]
pub(crate) struct MaterialForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: String,
    /// Its title.
    title: String,
    /// As the field calls it.
    kind: String,
    /// Where it stands.
    url: Option<String>,
    /// What it says.
    text: Option<String>,
    /// Its own day, YYYY-MM-DD.
    dated_on: Option<String>,
    /// Why personal information in it may be published.
    privacy_reason: Option<String>,
    /// What was read; or in `If-Match`.
    etag: Option<String>,
}

/// Why.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LifecycleReason {
    /// The reason, in Chinese.
    reason: String,
    /// What was read; or in `If-Match`.
    etag: String,
}

/// What is granted.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DeliveryChange {
    /// All of it.
    terms: DeliveryTerms,
    /// Needed where it was said before.
    reason: String,
    /// Why personal information in it may be published.
    privacy_reason: String,
    /// What was read; or in `If-Match`.
    etag: String,
}

/// What was paid out.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PayoutFigures {
    /// First day, YYYY-MM-DD.
    paid_from: String,
    /// Last day; empty: the same.
    paid_until: String,
    /// How many people or firms.
    recipients: i64,
    /// How much, in fen.
    paid_fen: i64,
    /// What is to be said of it.
    remark: String,
    /// Needed for a correction.
    reason: String,
    /// Why personal information in it may be published.
    privacy_reason: String,
    /// What was read; or in `If-Match`.
    etag: String,
}

/// The nine stages of a policy, what it grants, and every change of these.
#[utoipa::path(get, path = "/policies/{id}/lifecycle", tag = "lifecycle",
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Lifecycle)))]
pub(crate) async fn show(
    caller: Caller,
    Path(policy_id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = GetLifecycleRequest { policy_id };
    let found = caller.clients.lifecycles().get_lifecycle(request).await?.into_inner();
    let lifecycle = Lifecycle::from(found.lifecycle.unwrap_or_default());
    if caller.known {
        return Ok(fresh(&lifecycle, &lifecycle.etag));
    }
    Ok(shared(&caller, &asked, &lifecycle))
}

/// Says when a stage was, who answers for it and what came of it.
#[utoipa::path(put, path = "/policies/{id}/lifecycle/{stage}", tag = "lifecycle",
    request_body = StageChange,
    params(("id" = String, Path, description = "Id of the policy"),
        ("stage" = String, Path, description = "demand, study …")),
    responses((status = 200, body = Lifecycle)), security(("bearer" = [])))]
pub(crate) async fn set(
    caller: Caller,
    Path((policy_id, word)): Path<(String, String)>,
    conditions: Conditions,
    Body(change): Body<StageChange>,
) -> Result<Response, Problem> {
    let request = SetStageRequest {
        policy_id,
        stage: stage(&word)?,
        began_on: change.began_on,
        ended_on: change.ended_on,
        organ_code: change.organ_code,
        summary: change.summary,
        is_major_decision: change.is_major_decision,
        reason: change.reason,
        privacy_reason: change.privacy_reason,
        etag: conditions.etag(change.etag),
    };
    let done = caller.clients.lifecycles().set_stage(request).await?.into_inner();
    Ok(answer(done.lifecycle))
}

/// Says that a policy has no such stage.
#[utoipa::path(post, path = "/policies/{id}/lifecycle/{stage}/not-applicable", tag = "lifecycle",
    request_body = LifecycleReason,
    params(("id" = String, Path, description = "Id of the policy"),
        ("stage" = String, Path, description = "demand, study …")),
    responses((status = 200, body = Lifecycle)), security(("bearer" = [])))]
pub(crate) async fn not_applicable(
    caller: Caller,
    Path((policy_id, word)): Path<(String, String)>,
    conditions: Conditions,
    Body(LifecycleReason { reason, etag }): Body<LifecycleReason>,
) -> Result<Response, Problem> {
    let (stage, etag) = (stage(&word)?, conditions.etag(etag));
    let request = MarkStageNotApplicableRequest { policy_id, stage, reason, etag };
    let done = caller.clients.lifecycles().mark_stage_not_applicable(request).await?.into_inner();
    Ok(answer(done.lifecycle))
}

/// Adds a material with a link or a text to a stage.
#[utoipa::path(post, path = "/policies/{id}/lifecycle/{stage}/materials", tag = "lifecycle",
    request_body = NewMaterial,
    params(("id" = String, Path, description = "Id of the policy"),
        ("stage" = String, Path, description = "demand, study …")),
    responses((status = 200, body = Lifecycle)), security(("bearer" = [])))]
pub(crate) async fn add_material(
    caller: Caller,
    Path((policy_id, word)): Path<(String, String)>,
    conditions: Conditions,
    Body(new): Body<NewMaterial>,
) -> Result<Response, Problem> {
    let request = AddStageMaterialRequest {
        policy_id,
        stage: stage(&word)?,
        title: new.title,
        kind: new.kind,
        url: new.url,
        text: new.text,
        dated_on: new.dated_on,
        file_name: String::new(),
        content: Bytes::new(),
        privacy_reason: new.privacy_reason,
        request_id: conditions.request_id.clone(),
        etag: conditions.etag(new.etag),
    };
    let done = caller.clients.lifecycles().add_stage_material(request).await?.into_inner();
    Ok(answer(done.lifecycle))
}

/// Adds a material with a file to a stage.
#[utoipa::path(post, path = "/policies/{id}/lifecycle/{stage}/files", tag = "lifecycle",
    request_body(content = MaterialForm, content_type = "multipart/form-data"),
    params(("id" = String, Path, description = "Id of the policy"),
        ("stage" = String, Path, description = "demand, study …")),
    responses((status = 200, body = Lifecycle)), security(("bearer" = [])))]
pub(crate) async fn add_file(
    State(app): State<App>,
    caller: Caller,
    Path((policy_id, word)): Path<(String, String)>,
    conditions: Conditions,
    request: Request,
) -> Result<Response, Problem> {
    let (fields, files) = read_multipart(request, app.config.limits.upload_bytes).await?;
    let text = |name: &str| {
        let found = fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let missing = Error::Parameter {
        field: "file".to_owned(),
        detail: "请选择一个要上传的文件".to_owned(),
    };
    let mut files = files.into_iter();
    let (Some(file), None) = (files.next(), files.next()) else { return Err(missing.into()) };
    let request = AddStageMaterialRequest {
        policy_id,
        stage: stage(&word)?,
        title: text("title"),
        kind: text("kind"),
        url: text("url"),
        text: text("text"),
        dated_on: text("dated_on"),
        file_name: file.file_name,
        content: file.content,
        privacy_reason: text("privacy_reason"),
        request_id: conditions.request_id.clone(),
        etag: conditions.etag(text("etag")),
    };
    let done = caller.clients.lifecycles().add_stage_material(request).await?.into_inner();
    Ok(answer(done.lifecycle))
}

/// Takes a material from its stage; the entry stays.
#[utoipa::path(post, path = "/policies/{id}/lifecycle/{stage}/materials/{material_id}/remove",
    tag = "lifecycle", request_body = LifecycleReason,
    params(("id" = String, Path, description = "Id of the policy"),
        ("stage" = String, Path, description = "demand, study …"),
        ("material_id" = String, Path, description = "Id of the material")),
    responses((status = 200, body = Lifecycle)), security(("bearer" = [])))]
pub(crate) async fn remove_material(
    caller: Caller,
    Path((policy_id, word, material_id)): Path<(String, String, String)>,
    conditions: Conditions,
    Body(LifecycleReason { reason, etag }): Body<LifecycleReason>,
) -> Result<Response, Problem> {
    stage(&word)?;
    let etag = conditions.etag(etag);
    let request = RemoveStageMaterialRequest { policy_id, material_id, reason, etag };
    let done = caller.clients.lifecycles().remove_stage_material(request).await?.into_inner();
    Ok(answer(done.lifecycle))
}

/// Says what a policy grants.
#[utoipa::path(post, path = "/policies/{id}/deliveries", tag = "lifecycle",
    request_body = DeliveryChange,
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Lifecycle)), security(("bearer" = [])))]
pub(crate) async fn add_delivery(
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    Body(change): Body<DeliveryChange>,
) -> Result<Response, Problem> {
    let request = AddDeliveryRequest {
        policy_id,
        terms: Some(change.terms.try_into()?),
        privacy_reason: change.privacy_reason,
        request_id: conditions.request_id.clone(),
        etag: conditions.etag(change.etag),
    };
    let done = caller.clients.lifecycles().add_delivery(request).await?.into_inner();
    Ok(answer(done.lifecycle))
}

/// Says anew, with the reason, what a policy grants.
#[utoipa::path(put, path = "/policies/{id}/deliveries/{delivery_id}", tag = "lifecycle",
    request_body = DeliveryChange,
    params(("id" = String, Path, description = "Id of the policy"),
        ("delivery_id" = String, Path, description = "Id of the delivery")),
    responses((status = 200, body = Lifecycle)), security(("bearer" = [])))]
pub(crate) async fn update_delivery(
    caller: Caller,
    Path((policy_id, delivery_id)): Path<(String, String)>,
    conditions: Conditions,
    Body(change): Body<DeliveryChange>,
) -> Result<Response, Problem> {
    let request = UpdateDeliveryRequest {
        policy_id,
        delivery_id,
        terms: Some(change.terms.try_into()?),
        reason: change.reason,
        privacy_reason: change.privacy_reason,
        etag: conditions.etag(change.etag),
    };
    let done = caller.clients.lifecycles().update_delivery(request).await?.into_inner();
    Ok(answer(done.lifecycle))
}

/// Takes back that a policy grants something.
#[utoipa::path(post, path = "/policies/{id}/deliveries/{delivery_id}/remove", tag = "lifecycle",
    request_body = LifecycleReason,
    params(("id" = String, Path, description = "Id of the policy"),
        ("delivery_id" = String, Path, description = "Id of the delivery")),
    responses((status = 200, body = Lifecycle)), security(("bearer" = [])))]
pub(crate) async fn remove_delivery(
    caller: Caller,
    Path((policy_id, delivery_id)): Path<(String, String)>,
    conditions: Conditions,
    Body(LifecycleReason { reason, etag }): Body<LifecycleReason>,
) -> Result<Response, Problem> {
    let etag = conditions.etag(etag);
    let request = RemoveDeliveryRequest { policy_id, delivery_id, reason, etag };
    let done = caller.clients.lifecycles().remove_delivery(request).await?.into_inner();
    Ok(answer(done.lifecycle))
}

/// Adds what was paid out on a day or in a period.
#[utoipa::path(post, path = "/policies/{id}/deliveries/{delivery_id}/payouts", tag = "lifecycle",
    request_body = PayoutFigures,
    params(("id" = String, Path, description = "Id of the policy"),
        ("delivery_id" = String, Path, description = "Id of the delivery")),
    responses((status = 200, body = Lifecycle)), security(("bearer" = [])))]
pub(crate) async fn add_payout(
    caller: Caller,
    Path((policy_id, delivery_id)): Path<(String, String)>,
    conditions: Conditions,
    Body(figures): Body<PayoutFigures>,
) -> Result<Response, Problem> {
    let request = AddPayoutRequest {
        policy_id,
        delivery_id,
        paid_from: figures.paid_from,
        paid_until: figures.paid_until,
        recipients: figures.recipients,
        paid_fen: figures.paid_fen,
        remark: figures.remark,
        privacy_reason: figures.privacy_reason,
        request_id: conditions.request_id.clone(),
        etag: conditions.etag(figures.etag),
    };
    let done = caller.clients.lifecycles().add_payout(request).await?.into_inner();
    Ok(answer(done.lifecycle))
}

/// Puts right figures in place of wrong ones; those before stay readable.
#[utoipa::path(post,
    path = "/policies/{id}/deliveries/{delivery_id}/payouts/{payout_id}/correct",
    tag = "lifecycle", request_body = PayoutFigures,
    params(("id" = String, Path, description = "Id of the policy"),
        ("delivery_id" = String, Path, description = "Id of the delivery"),
        ("payout_id" = String, Path, description = "Id of the payout")),
    responses((status = 200, body = Lifecycle)), security(("bearer" = [])))]
pub(crate) async fn correct(
    caller: Caller,
    Path((policy_id, delivery_id, payout_id)): Path<(String, String, String)>,
    conditions: Conditions,
    Body(figures): Body<PayoutFigures>,
) -> Result<Response, Problem> {
    let request = CorrectPayoutRequest {
        policy_id,
        delivery_id,
        payout_id,
        paid_from: figures.paid_from,
        paid_until: figures.paid_until,
        recipients: figures.recipients,
        paid_fen: figures.paid_fen,
        remark: figures.remark,
        reason: figures.reason,
        privacy_reason: figures.privacy_reason,
        etag: conditions.etag(figures.etag),
    };
    let done = caller.clients.lifecycles().correct_payout(request).await?.into_inner();
    Ok(answer(done.lifecycle))
}
