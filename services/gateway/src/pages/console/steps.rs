//! What can be done with a policy: one form, one command.

use axum::{extract::Path, response::Response};
use contracts::documents::{
    ApproveDraftRequest, DiscardDraftRequest, JustifyExposuresRequest, MaskExposuresRequest,
    OverruleEffectRequest, PublishPolicyRequest, ReturnDraftRequest, SubmitDraftRequest,
    UnschedulePolicyRequest, WithdrawPolicyRequest,
};
use serde::Deserialize;
use tonic::Status;

use super::{
    Visit,
    policy::{self, Typed},
    trail,
    visit::done,
};
use crate::{
    pages::view::{days, effect, parts::Faults},
    problem::Problem,
    session::Csrf,
};

/// What the forms of a policy's page hold; each form has some of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Step {
    etag: String,
    return_reason: String,
    publish_at: String,
    withdraw_reason: String,
    /// Ids of exposures, joined by commas.
    exposures: String,
    privacy_reason: String,
    effect: String,
    effect_from: String,
    effect_reason: String,
}

impl Step {
    fn exposures(&self) -> Vec<String> {
        self.exposures.split(',').filter(|id| !id.is_empty()).map(ToOwned::to_owned).collect()
    }
}

/// The input that asks for a reason.
#[derive(Clone, Copy)]
enum Asks {
    Nothing,
    ReturnReason,
    Minute,
    WithdrawReason,
    PrivacyReason,
    EffectReason,
}

impl Asks {
    /// Which input shows what the service says of which field.
    fn inputs(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Nothing => &[],
            Self::ReturnReason => &[("reason", "return_reason")],
            Self::Minute => &[("publish_at", "publish_at")],
            Self::WithdrawReason => &[("reason", "withdraw_reason")],
            Self::PrivacyReason => &[("reason", "privacy_reason")],
            Self::EffectReason => &[("reason", "effect_reason")],
        }
    }
}

/// `POST /console/policies/{id}/submit`
pub async fn submit(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Step>,
) -> Result<Response, Problem> {
    let request = SubmitDraftRequest { policy_id: id.clone(), etag: form.etag.clone() };
    let answer = visit.clients.documents().submit_draft(request).await.map(drop);
    answered(visit, &id, form, answer, Asks::Nothing, "submitted").await
}

/// `POST /console/policies/{id}/mask`
pub async fn mask(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Step>,
) -> Result<Response, Problem> {
    let (policy_id, exposure_ids, etag) = (id.clone(), form.exposures(), form.etag.clone());
    let request = MaskExposuresRequest { policy_id, exposure_ids, etag };
    let answer = visit.clients.documents().mask_exposures(request).await.map(drop);
    answered(visit, &id, form, answer, Asks::Nothing, "masked").await
}

/// `POST /console/policies/{id}/justify`
pub async fn justify(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Step>,
) -> Result<Response, Problem> {
    let request = JustifyExposuresRequest {
        policy_id: id.clone(),
        exposure_ids: form.exposures(),
        reason: form.privacy_reason.clone(),
        etag: form.etag.clone(),
    };
    let answer = visit.clients.documents().justify_exposures(request).await.map(drop);
    answered(visit, &id, form, answer, Asks::PrivacyReason, "justified").await
}

/// `POST /console/policies/{id}/approve`
pub async fn approve(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Step>,
) -> Result<Response, Problem> {
    let request = ApproveDraftRequest { policy_id: id.clone(), etag: form.etag.clone() };
    let answer = visit.clients.documents().approve_draft(request).await.map(drop);
    answered(visit, &id, form, answer, Asks::Nothing, "approved").await
}

/// `POST /console/policies/{id}/return`
pub async fn send_back(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Step>,
) -> Result<Response, Problem> {
    let Step { etag, return_reason: reason, .. } = form.clone();
    let request = ReturnDraftRequest { policy_id: id.clone(), reason, etag };
    let answer = visit.clients.documents().return_draft(request).await.map(drop);
    answered(visit, &id, form, answer, Asks::ReturnReason, "returned").await
}

/// `POST /console/policies/{id}/discard`
pub async fn discard(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Step>,
) -> Result<Response, Problem> {
    let request = DiscardDraftRequest { policy_id: id.clone(), etag: form.etag.clone() };
    let answer = visit.clients.documents().discard_draft(request).await.map(drop);
    answered(visit, &id, form, answer, Asks::Nothing, "discarded").await
}

/// `POST /console/policies/{id}/publish`, at once or at a set minute of China's time.
pub async fn publish(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Step>,
) -> Result<Response, Problem> {
    let publish_at = days::from_input(&form.publish_at);
    if publish_at.is_none() && !form.publish_at.trim().is_empty() {
        let faults = Faults::one("publish_at", "发布时间应写成年月日和时分，例如 2026-01-05T09:00");
        let status = http::StatusCode::BAD_REQUEST;
        return policy::refused(visit, &id, &typed(form), &faults, status).await;
    }
    let request = PublishPolicyRequest {
        policy_id: id.clone(),
        request_id: request_id("publish", &id, &form),
        etag: form.etag.clone(),
        publish_at,
    };
    let answer = visit.clients.documents().publish_policy(request).await.map(drop);
    let word = if publish_at.is_some() { "scheduled" } else { "published" };
    answered(visit, &id, form, answer, Asks::Minute, word).await
}

/// `POST /console/policies/{id}/unschedule`
pub async fn unschedule(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Step>,
) -> Result<Response, Problem> {
    let request = UnschedulePolicyRequest { policy_id: id.clone(), etag: form.etag.clone() };
    let answer = visit.clients.documents().unschedule_policy(request).await.map(drop);
    answered(visit, &id, form, answer, Asks::Nothing, "unscheduled").await
}

/// `POST /console/policies/{id}/withdraw`
pub async fn withdraw(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Step>,
) -> Result<Response, Problem> {
    let request = WithdrawPolicyRequest {
        policy_id: id.clone(),
        request_id: request_id("withdraw", &id, &form),
        reason: form.withdraw_reason.clone(),
        etag: form.etag.clone(),
    };
    let answer = visit.clients.documents().withdraw_policy(request).await.map(drop);
    answered(visit, &id, form, answer, Asks::WithdrawReason, "withdrawn").await
}

/// `POST /console/policies/{id}/effect`
pub async fn overrule(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Step>,
) -> Result<Response, Problem> {
    let request = OverruleEffectRequest {
        policy_id: id.clone(),
        effect: effect::read(&form.effect).into(),
        from: form.effect_from.clone(),
        reason: form.effect_reason.clone(),
        etag: form.etag.clone(),
    };
    let answer = visit.clients.documents().overrule_effect(request).await.map(drop);
    answered(visit, &id, form, answer, Asks::EffectReason, "overruled").await
}

/// The same press of the same button twice is one request.
fn request_id(what: &str, id: &str, form: &Step) -> String {
    format!("console-{what}-{id}-{}-{}", form.etag, form.publish_at)
}

/// Back to the policy when it is done; else its page, with what was typed and why not.
async fn answered(
    visit: Visit,
    id: &str,
    form: Step,
    answer: Result<(), Status>,
    asks: Asks,
    word: &str,
) -> Result<Response, Problem> {
    let problem = match answer {
        Ok(()) => return Ok(done(&format!("/console/policies/{id}"), word)),
        Err(status) => Problem::from(status),
    };
    let told = [400, 409].contains(&problem.status.as_u16());
    if !told {
        return Err(problem);
    }
    let faults = if problem.is_stale() {
        let changed = problem.facts.get("changed_fields").map(|names| trail::fields(names));
        let changed = changed.filter(|names| !names.is_empty());
        let what = changed.map(|names| format!("改动了：{names}。")).unwrap_or_default();
        let advice = "下面已是最新内容，请核对后再办理。";
        Faults::one("main", format!("{}。{what}{advice}", problem.detail))
    } else {
        Faults::of(&problem, asks.inputs())
    };
    policy::refused(visit, id, &typed(form), &faults, problem.status).await
}

fn typed(form: Step) -> Typed {
    let Step {
        return_reason,
        publish_at,
        withdraw_reason,
        privacy_reason,
        effect_reason,
        etag: _,
        exposures: _,
        effect: _,
        effect_from: _,
    } = form;
    Typed { return_reason, publish_at, withdraw_reason, privacy_reason, effect_reason }
}
