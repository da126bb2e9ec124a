//! The full lifecycle of a policy as its clerks fill it: a fold a stage, a form a change.

mod forms;
mod page;

use axum::{
    extract::Path,
    response::{IntoResponse as _, Redirect, Response},
};
use bytes::Bytes;
use contracts::documents::{
    AddDeliveryRequest, AddPayoutRequest, AddStageMaterialRequest, Audience, CorrectPayoutRequest,
    DeliveryTerms, MarkStageNotApplicableRequest, RemoveDeliveryRequest,
    RemoveStageMaterialRequest, SetStageRequest, UpdateDeliveryRequest,
};
use http::StatusCode;

use super::{Visit, desk};
use crate::{
    error::Error,
    pages::{
        answer, organs,
        view::{lifecycle, parts::Faults},
    },
    problem::{FieldProblem, Problem},
    session::{Csrf, Upload},
};
use forms::{Act, Typed};

/// Which input shows what the service says of which field.
const INPUTS: [(&str, &str); 22] = [
    ("began_on", "began_on"),
    ("ended_on", "ended_on"),
    ("organ_code", "organ"),
    ("summary", "summary"),
    ("reason", "reason"),
    ("privacy_reason", "privacy_reason"),
    ("title", "title"),
    ("kind", "kind"),
    ("url", "url"),
    ("text", "text"),
    ("dated_on", "dated_on"),
    ("content", "file"),
    ("file_name", "file"),
    ("benefit", "benefit"),
    ("audience_note", "audience_note"),
    ("conditions", "conditions"),
    ("steps", "steps"),
    ("contact", "contact"),
    ("amount_fen", "amount"),
    ("paid_fen", "amount"),
    ("amount_unit", "amount_unit"),
    ("available_until", "available_until"),
];
/// Those whose input has their own name and that no other form has.
const SAME: [&str; 6] =
    ["available_from", "paid_from", "paid_until", "recipients", "remark", "audience"];

/// `GET /console/policies/{id}/lifecycle`
pub async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    visit.only(&desk::CLERKS)?;
    let open = visit.parameters.get("open").to_owned();
    answer::private(&page::of(visit, &id, &open, None, &Faults::default()).await?)
}

/// `POST /console/policies/{id}/lifecycle/{act}`
pub async fn act(
    visit: Visit,
    Path((id, word)): Path<(String, String)>,
    Csrf { form, files }: Csrf<Typed>,
) -> Result<Response, Problem> {
    let act = Act::named(&word).ok_or(Error::NoSuchPath)?;
    let scope = act.scope(&form);
    let problem = match send(&visit, &id, act, &form, files).await {
        Ok(()) => {
            let open = forms::stage_of(act, &form);
            let back = format!("/console/policies/{id}/lifecycle?done=lifecycle_saved&open={open}");
            return Ok(Redirect::to(&format!("{back}#stage-{open}")).into_response());
        }
        Err(problem) => problem,
    };
    if ![400, 409, 413].contains(&problem.status.as_u16()) {
        return Err(problem);
    }
    let faults = if problem.is_stale() {
        let changed = problem.facts.get("changed_fields").map(String::as_str).unwrap_or_default();
        let stages = changed.split(',').filter_map(lifecycle::named).map(|stage| stage.label);
        let stages = stages.collect::<Vec<_>>().join("、");
        let advice = "下面已是最新内容，您填写的仍在，请核对后再保存";
        Faults::one("main", format!("{}。改动了：{stages}。{advice}", problem.detail))
    } else {
        let of_scope = |field: &str, name: &str| (field.to_owned(), format!("{scope}-{name}"));
        let pairs = INPUTS.iter().map(|(field, name)| of_scope(field, name));
        let pairs: Vec<_> = pairs.chain(SAME.iter().map(|name| of_scope(name, name))).collect();
        let pairs: Vec<_> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        Faults::of(&problem, &pairs)
    };
    let open = forms::stage_of(act, &form).to_owned();
    let page = page::of(visit, &id, &open, Some((&scope, &form)), &faults).await?;
    answer::refused(problem.status, &page)
}

/// What is wrong before anybody is asked.
#[derive(Default)]
struct Wrong(Vec<FieldProblem>);

impl Wrong {
    fn note<T: Default>(&mut self, field: &str, read: Result<T, impl Into<String>>) -> T {
        read.unwrap_or_else(|detail| {
            self.0.push(FieldProblem { field: field.to_owned(), detail: detail.into() });
            T::default()
        })
    }

    fn end(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut problem = Problem::of_status(StatusCode::BAD_REQUEST);
        problem.errors = self.0;
        Err(problem)
    }
}

fn text(form: &Typed, name: &str) -> String {
    form.get(name).map(|value| value.replace("\r\n", "\n").trim().to_owned()).unwrap_or_default()
}

fn people(text: &str) -> Result<i64, &'static str> {
    let plain = text.replace([',', '，', ' '], "");
    plain.parse().map_err(|_| "人数（户数）应为整数，例如：1200")
}

/// The code of an organ that is named as the directory names it.
async fn organ(visit: &Visit, name: &str) -> Result<Result<String, String>, Problem> {
    if name.is_empty() {
        return Ok(Ok(String::new()));
    }
    let all = organs::all(&visit.app.clients).await?;
    let found = all.into_iter().find(|organ| organ.name == name || organ.code == name);
    let unknown = || format!("机构名录里没有“{name}”，请从列表里选");
    Ok(found.map(|organ| organ.code).ok_or_else(unknown))
}

async fn send(
    visit: &Visit,
    id: &str,
    act: Act,
    form: &Typed,
    files: Vec<Upload>,
) -> Result<(), Problem> {
    let text = |name: &str| text(form, name);
    let (policy_id, etag) = (id.to_owned(), text("etag"));
    let stage = lifecycle::named(&text("stage")).map_or(0, |known| known.stage.into());
    let mut client = visit.clients.lifecycles();
    match act {
        Act::Set => set(visit, policy_id, stage, form).await?,
        Act::NotApplicable => {
            let reason = text("reason");
            let request = MarkStageNotApplicableRequest { policy_id, stage, reason, etag };
            client.mark_stage_not_applicable(request).await?;
        }
        Act::AddMaterial => {
            let file = files.into_iter().next();
            let (file_name, content) =
                file.map_or((String::new(), Bytes::new()), |file| (file.file_name, file.content));
            let request = AddStageMaterialRequest {
                policy_id,
                stage,
                title: text("title"),
                kind: text("kind"),
                url: text("url"),
                text: text("text"),
                dated_on: text("dated_on"),
                file_name,
                content,
                privacy_reason: text("privacy_reason"),
                etag,
                request_id: String::new(),
            };
            client.add_stage_material(request).await?;
        }
        Act::RemoveMaterial => {
            let (material_id, reason) = (text("material"), text("reason"));
            let request = RemoveStageMaterialRequest { policy_id, material_id, reason, etag };
            client.remove_stage_material(request).await?;
        }
        Act::Grant | Act::UpdateGrant => grant(visit, policy_id, act, form).await?,
        Act::RemoveGrant => {
            let (delivery_id, reason) = (text("delivery"), text("reason"));
            let request = RemoveDeliveryRequest { policy_id, delivery_id, reason, etag };
            client.remove_delivery(request).await?;
        }
        Act::Pay | Act::Correct => pay(visit, policy_id, act, form).await?,
    }
    Ok(())
}

async fn set(visit: &Visit, policy_id: String, stage: i32, form: &Typed) -> Result<(), Problem> {
    let text = |name: &str| text(form, name);
    let mut wrong = Wrong::default();
    let organ_code = wrong.note("organ_code", organ(visit, &text("organ")).await?);
    wrong.end()?;
    let request = SetStageRequest {
        policy_id,
        stage,
        began_on: text("began_on"),
        ended_on: text("ended_on"),
        organ_code,
        summary: text("summary"),
        is_major_decision: !text("is_major_decision").is_empty(),
        reason: text("reason"),
        privacy_reason: text("privacy_reason"),
        etag: text("etag"),
    };
    visit.clients.lifecycles().set_stage(request).await?;
    Ok(())
}

async fn grant(visit: &Visit, policy_id: String, act: Act, form: &Typed) -> Result<(), Problem> {
    let text = |name: &str| text(form, name);
    let mut wrong = Wrong::default();
    let organ_code = wrong.note("organ_code", organ(visit, &text("organ")).await?);
    let amount_fen = match text("amount").as_str() {
        "" => 0,
        amount => wrong.note("amount_fen", lifecycle::fen(amount)),
    };
    wrong.end()?;
    let audience = match text("audience").as_str() {
        "persons" => Audience::Persons,
        "firms" => Audience::Firms,
        "persons_and_firms" => Audience::PersonsAndFirms,
        _ => Audience::Unspecified,
    };
    let terms = Some(DeliveryTerms {
        benefit: text("benefit"),
        audience: audience.into(),
        audience_note: text("audience_note"),
        conditions: text("conditions"),
        without_application: !text("without_application").is_empty(),
        steps: text("steps"),
        url: text("url"),
        contact: text("contact"),
        organ_code,
        organ_name: String::new(),
        amount_fen,
        amount_unit: text("amount_unit"),
        available_from: text("available_from"),
        available_until: text("available_until"),
    });
    let (privacy_reason, etag) = (text("privacy_reason"), text("etag"));
    let mut client = visit.clients.lifecycles();
    if act == Act::Grant {
        let request_id = String::new();
        let request = AddDeliveryRequest { policy_id, terms, privacy_reason, etag, request_id };
        client.add_delivery(request).await?;
    } else {
        let (delivery_id, reason) = (text("delivery"), text("reason"));
        let request =
            UpdateDeliveryRequest { policy_id, delivery_id, terms, reason, privacy_reason, etag };
        client.update_delivery(request).await?;
    }
    Ok(())
}

async fn pay(visit: &Visit, policy_id: String, act: Act, form: &Typed) -> Result<(), Problem> {
    let text = |name: &str| text(form, name);
    let mut wrong = Wrong::default();
    let recipients = wrong.note("recipients", people(&text("recipients")));
    let paid_fen = wrong.note("paid_fen", lifecycle::fen(&text("amount")));
    wrong.end()?;
    let (delivery_id, etag) = (text("delivery"), text("etag"));
    let (paid_from, paid_until) = (text("paid_from"), text("paid_until"));
    let (remark, privacy_reason) = (text("remark"), text("privacy_reason"));
    let mut client = visit.clients.lifecycles();
    if act == Act::Pay {
        let request = AddPayoutRequest {
            policy_id,
            delivery_id,
            paid_from,
            paid_until,
            recipients,
            paid_fen,
            remark,
            privacy_reason,
            etag,
            request_id: String::new(),
        };
        client.add_payout(request).await?;
    } else {
        let request = CorrectPayoutRequest {
            policy_id,
            delivery_id,
            payout_id: text("payout"),
            paid_from,
            paid_until,
            recipients,
            paid_fen,
            remark,
            reason: text("reason"),
            privacy_reason,
            etag,
        };
        client.correct_payout(request).await?;
    }
    Ok(())
}
