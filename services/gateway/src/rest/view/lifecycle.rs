//! The full lifecycle of a policy in JSON.

use chrono::{DateTime, Utc};
use contracts::documents as wire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Attachment, InterpretationLink, instant, number, word};
use crate::error::Error;

const STAGE: &str = "LIFECYCLE_STAGE_";
const STATE: &str = "LIFECYCLE_STAGE_STATE_";
const AUDIENCE: &str = "AUDIENCE_";

/// All that is known of a policy's way from the demand to the feedback.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lifecycle {
    /// Whose.
    pub policy_id: String,
    /// What was read.
    pub etag: String,
    /// All nine stages, in their order.
    pub stages: Vec<Stage>,
    /// What the policy grants, 兑现.
    pub deliveries: Vec<PolicyDelivery>,
    /// What a clerk should look at; only for staff of its organ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<StageWarning>,
    /// Every change, newest first.
    pub entries: Vec<LifecycleEntry>,
}

/// One stage.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stage {
    /// demand, study, justification, deliberation, publication, interpretation, enquiry, delivery
    /// or feedback.
    pub stage: String,
    /// done, underway, missing, not_applicable or not_due.
    pub state: String,
    /// What is missing, why it is not applicable, or what the platform knows; in Chinese.
    pub reason: String,
    /// First day, YYYY-MM-DD; empty: unknown.
    pub began_on: String,
    /// Last day.
    pub ended_on: String,
    /// The responsible organ.
    pub organ_code: String,
    /// Its name.
    pub organ_name: String,
    /// What came of it.
    pub summary: String,
    /// Its materials.
    pub materials: Vec<StageMaterial>,
    /// Published interpretations; only of the stage interpretation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interpretations: Vec<InterpretationLink>,
    /// A 重大行政决策; only of the stage demand.
    pub is_major_decision: bool,
}

/// A material of a stage.
#[derive(Debug, Serialize, ToSchema)]
pub struct StageMaterial {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// As the field calls it: 意见征集公告, 专家论证意见 …
    pub kind: String,
    /// Where it stands.
    pub url: String,
    /// What it says.
    pub text: String,
    /// Its own day, YYYY-MM-DD.
    pub dated_on: String,
    /// Its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Attachment>,
}

/// Something that the policy grants, with what was paid out.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyDelivery {
    /// Its id.
    pub id: String,
    /// What is granted, to whom, how.
    pub terms: DeliveryTerms,
    /// Oldest first.
    pub payouts: Vec<Payout>,
    /// People or firms of all payouts; who was paid twice counts twice.
    pub recipients: i64,
    /// Fen of all payouts.
    pub paid_fen: i64,
}

/// What is granted, to whom, on which conditions and by which steps.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryTerms {
    /// What one gets.
    pub benefit: String,
    /// persons, firms or persons_and_firms.
    pub audience: String,
    /// Who exactly.
    pub audience_note: String,
    /// On which conditions.
    pub conditions: String,
    /// 免申即享: nobody has to apply.
    pub without_application: bool,
    /// How to get it, a step a line.
    pub steps: String,
    /// Where to apply.
    pub url: String,
    /// Whom to ask.
    pub contact: String,
    /// Who grants it; empty: the policy's organ.
    pub organ_code: String,
    /// Its name; looked up, not taken over.
    pub organ_name: String,
    /// A fixed amount in fen; 0: none.
    pub amount_fen: i64,
    /// For what the amount is: 每人每月.
    pub amount_unit: String,
    /// First day, YYYY-MM-DD; empty: not limited.
    pub available_from: String,
    /// Last day.
    pub available_until: String,
}

/// What was paid out on a day or in a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct Payout {
    /// Its id.
    pub id: String,
    /// First day, YYYY-MM-DD.
    pub paid_from: String,
    /// Last day.
    pub paid_until: String,
    /// How many people or firms.
    pub recipients: i64,
    /// How much, in fen.
    pub paid_fen: i64,
    /// What is to be said of it.
    pub remark: String,
    /// What stood here before, oldest first.
    pub corrections: Vec<PayoutCorrection>,
}

/// Figures that were wrong, and why they were put right.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayoutCorrection {
    /// First day as it stood.
    pub paid_from: String,
    /// Last day as it stood.
    pub paid_until: String,
    /// How many, as it stood.
    pub recipients: i64,
    /// How much, as it stood.
    pub paid_fen: i64,
    /// Why it was put right.
    pub reason: String,
    /// When.
    pub corrected_at: Option<DateTime<Utc>>,
}

/// Something that a clerk should look at; it hinders nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct StageWarning {
    /// Where.
    pub stage: String,
    /// What, with the rule, in Chinese.
    pub text: String,
}

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub struct LifecycleEntry {
    /// Counts the changes of this policy.
    pub position: i64,
    /// In which stage.
    pub stage: String,
    /// stage_set, stage_not_applicable, material_added, material_removed, delivery_added,
    /// delivery_updated, delivery_removed, payout_added or payout_corrected.
    pub what: String,
    /// What it was about, in Chinese.
    pub detail: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// Who; only for staff of the policy's organ.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
}

fn stage_word(stage: wire::LifecycleStage) -> String {
    word(stage.as_str_name(), STAGE)
}

/// The number of the stage that a path names.
pub fn stage(word: &str) -> Result<i32, Error> {
    number("stage", word, STAGE, wire::LifecycleStage::from_str_name)
}

impl From<wire::Lifecycle> for Lifecycle {
    fn from(lifecycle: wire::Lifecycle) -> Self {
        let wire::Lifecycle { policy_id, etag, stages, deliveries, warnings, entries } = lifecycle;
        Self {
            policy_id,
            etag,
            stages: stages.into_iter().map(Into::into).collect(),
            deliveries: deliveries.into_iter().map(Into::into).collect(),
            warnings: warnings.into_iter().map(Into::into).collect(),
            entries: entries.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<wire::StageRecord> for Stage {
    fn from(record: wire::StageRecord) -> Self {
        let (stage, state) = (stage_word(record.stage()), record.state());
        Self {
            stage,
            state: word(state.as_str_name(), STATE),
            reason: record.reason,
            began_on: record.began_on,
            ended_on: record.ended_on,
            organ_code: record.organ_code,
            organ_name: record.organ_name,
            summary: record.summary,
            materials: record.materials.into_iter().map(Into::into).collect(),
            interpretations: record.interpretations.into_iter().map(Into::into).collect(),
            is_major_decision: record.is_major_decision,
        }
    }
}

impl From<wire::StageMaterial> for StageMaterial {
    fn from(material: wire::StageMaterial) -> Self {
        let wire::StageMaterial { id, title, kind, url, text, dated_on, attachment } = material;
        let attachment = attachment.map(Into::into);
        Self { id, title, kind, url, text, dated_on, attachment }
    }
}

impl From<wire::PolicyDelivery> for PolicyDelivery {
    fn from(delivery: wire::PolicyDelivery) -> Self {
        let wire::PolicyDelivery { id, terms, payouts, recipients, paid_fen } = delivery;
        let payouts = payouts.into_iter().map(Into::into).collect();
        Self { id, terms: terms.unwrap_or_default().into(), payouts, recipients, paid_fen }
    }
}

impl From<wire::DeliveryTerms> for DeliveryTerms {
    fn from(terms: wire::DeliveryTerms) -> Self {
        let audience = word(terms.audience().as_str_name(), AUDIENCE);
        Self {
            benefit: terms.benefit,
            audience,
            audience_note: terms.audience_note,
            conditions: terms.conditions,
            without_application: terms.without_application,
            steps: terms.steps,
            url: terms.url,
            contact: terms.contact,
            organ_code: terms.organ_code,
            organ_name: terms.organ_name,
            amount_fen: terms.amount_fen,
            amount_unit: terms.amount_unit,
            available_from: terms.available_from,
            available_until: terms.available_until,
        }
    }
}

impl TryFrom<DeliveryTerms> for wire::DeliveryTerms {
    type Error = Error;

    fn try_from(terms: DeliveryTerms) -> Result<Self, Error> {
        let read = wire::Audience::from_str_name;
        Ok(Self {
            audience: number("terms.audience", &terms.audience, AUDIENCE, read)?,
            benefit: terms.benefit,
            audience_note: terms.audience_note,
            conditions: terms.conditions,
            without_application: terms.without_application,
            steps: terms.steps,
            url: terms.url,
            contact: terms.contact,
            organ_code: terms.organ_code,
            organ_name: terms.organ_name,
            amount_fen: terms.amount_fen,
            amount_unit: terms.amount_unit,
            available_from: terms.available_from,
            available_until: terms.available_until,
        })
    }
}

impl From<wire::Payout> for Payout {
    fn from(payout: wire::Payout) -> Self {
        let wire::Payout { id, paid_from, paid_until, recipients, paid_fen, remark, corrections } =
            payout;
        let corrections = corrections.into_iter().map(Into::into).collect();
        Self { id, paid_from, paid_until, recipients, paid_fen, remark, corrections }
    }
}

impl From<wire::PayoutCorrection> for PayoutCorrection {
    fn from(before: wire::PayoutCorrection) -> Self {
        let wire::PayoutCorrection {
            paid_from,
            paid_until,
            recipients,
            paid_fen,
            reason,
            corrected_at,
        } = before;
        let corrected_at = instant(corrected_at);
        Self { paid_from, paid_until, recipients, paid_fen, reason, corrected_at }
    }
}

impl From<wire::LifecycleWarning> for StageWarning {
    fn from(warning: wire::LifecycleWarning) -> Self {
        Self { stage: stage_word(warning.stage()), text: warning.text }
    }
}

impl From<wire::LifecycleEntry> for LifecycleEntry {
    fn from(entry: wire::LifecycleEntry) -> Self {
        let stage = stage_word(entry.stage());
        let wire::LifecycleEntry { position, stage: _, what, detail, reason, at, by } = entry;
        let by = by.unwrap_or_default().name;
        Self { position, stage, what, detail, reason, at: instant(at), by }
    }
}
