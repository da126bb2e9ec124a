//! Interpretations and the duty to write them.

use chrono::{DateTime, Utc};
use contracts::interpretations as wire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{instant, word};

/// The duty to interpret one policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// The policy.
    pub policy_id: String,
    /// The policy's title.
    pub policy_title: String,
    /// Code of the organ whose duty it is.
    pub organ_code: String,
    /// open, overdue, closed or waived.
    pub state: String,
    /// When it arose.
    pub opened_at: Option<DateTime<Utc>>,
    /// Day on which it is due; the earliest where the calendar is not yet known.
    pub due_earliest: String,
    /// The latest day; the same unless provisional.
    pub due_latest: String,
    /// Whether the official calendar does not reach so far yet.
    pub provisional: bool,
    /// Why this deadline, line by line, in Chinese.
    pub reasons: Vec<String>,
    /// Whether the policy is from before this platform.
    pub backfill: bool,
    /// How it ended.
    pub outcome: String,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// Working days left; negative when overdue.
    pub working_days_left: i32,
}

impl From<wire::Task> for Task {
    fn from(task: wire::Task) -> Self {
        let state = word(task.state().as_str_name(), "TASK_STATE_");
        Self {
            id: task.id,
            policy_id: task.policy_id,
            policy_title: task.policy_title,
            organ_code: task.organ_code,
            state,
            opened_at: instant(task.opened_at),
            due_earliest: task.due_earliest,
            due_latest: task.due_latest,
            provisional: task.provisional,
            reasons: task.reasons,
            backfill: task.backfill,
            outcome: task.outcome,
            closed_at: instant(task.closed_at),
            working_days_left: task.working_days_left,
        }
    }
}

/// A text that explains a policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct Interpretation {
    /// Its id.
    pub id: String,
    /// The policy that it explains.
    pub policy_id: String,
    /// That policy's title.
    pub policy_title: String,
    /// draft, published or withdrawn.
    pub state: String,
    /// 标题.
    pub title: String,
    /// text, picture, expert or media.
    pub kind: String,
    /// 文字解读, 图解, 问答 …
    pub form: String,
    /// Who interprets.
    pub interpreter: String,
    /// Telephone for questions.
    pub contact_phone: String,
    /// The body; lists leave it out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Code of its organ.
    pub organ_code: String,
    /// When it became public.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was taken from the public.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Why.
    pub withdrawal_reason: String,
    /// Counts its changes.
    pub revision: i64,
    /// To be sent back with a change.
    pub etag: String,
    /// The source's own id of an imported one.
    pub source_id: String,
}

impl From<wire::Interpretation> for Interpretation {
    fn from(interpretation: wire::Interpretation) -> Self {
        let state = word(interpretation.state().as_str_name(), "INTERPRETATION_STATE_");
        Self {
            id: interpretation.id,
            policy_id: interpretation.policy_id,
            policy_title: interpretation.policy_title,
            state,
            title: interpretation.title,
            kind: interpretation.kind,
            form: interpretation.form,
            interpreter: interpretation.interpreter,
            contact_phone: interpretation.contact_phone,
            text: interpretation.text,
            organ_code: interpretation.organ_code,
            published_at: instant(interpretation.published_at),
            withdrawn_at: instant(interpretation.withdrawn_at),
            withdrawal_reason: interpretation.withdrawal_reason,
            revision: interpretation.revision,
            etag: interpretation.etag,
            source_id: interpretation.source_id,
        }
    }
}

/// What a clerk writes of an interpretation.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InterpretationDraft {
    /// The policy that it explains.
    pub policy_id: String,
    /// 标题.
    pub title: String,
    /// text, picture, expert or media.
    pub kind: String,
    /// 文字解读, 图解, 问答 …
    pub form: String,
    /// Who interprets.
    pub interpreter: String,
    /// Telephone for questions.
    pub contact_phone: String,
    /// The body.
    pub text: String,
    /// The source's own id: taking it in twice changes nothing.
    pub source_id: String,
    /// What was read, for a change; or in `If-Match`.
    pub etag: String,
}

impl From<InterpretationDraft> for wire::Interpretation {
    fn from(draft: InterpretationDraft) -> Self {
        let InterpretationDraft {
            policy_id,
            title,
            kind,
            form,
            interpreter,
            contact_phone,
            text,
            source_id,
            etag,
        } = draft;
        Self {
            policy_id,
            title,
            kind,
            form,
            interpreter,
            contact_phone,
            text,
            source_id,
            etag,
            ..Self::default()
        }
    }
}
