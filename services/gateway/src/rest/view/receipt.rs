//! What a publication set going.

use chrono::{DateTime, Utc};
use contracts::documents as wire;
use serde::Serialize;
use utoipa::ToSchema;

use super::{instant, word};

/// What a publication, revision or withdrawal set going.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    /// Its id.
    pub id: String,
    /// The policy.
    pub policy_id: String,
    /// The policy's title.
    pub policy_title: String,
    /// The revision that was made public or withdrawn.
    pub revision: i64,
    /// published, corrected or withdrawn.
    pub occasion: String,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When its last step was done.
    pub completed_at: Option<DateTime<Utc>>,
    /// Its steps.
    pub steps: Vec<Step>,
}

impl From<wire::Receipt> for Receipt {
    fn from(receipt: wire::Receipt) -> Self {
        let wire::Receipt {
            id,
            policy_id,
            revision,
            occasion,
            started_at,
            completed_at,
            steps,
            policy_title,
        } = receipt;
        Self {
            id,
            policy_id,
            policy_title,
            revision,
            occasion,
            started_at: instant(started_at),
            completed_at: instant(completed_at),
            steps: steps.into_iter().map(Into::into).collect(),
        }
    }
}

/// One thing that follows from a publication.
#[derive(Debug, Serialize, ToSchema)]
pub struct Step {
    /// interpretation, index, notification or page.
    pub name: String,
    /// waiting, done, late or failed.
    pub state: String,
    /// When it came to that.
    pub at: Option<DateTime<Utc>>,
    /// What was done, or why it failed, in Chinese.
    pub detail: String,
    /// When it counts as late.
    pub due_at: Option<DateTime<Utc>>,
}

impl From<wire::Step> for Step {
    fn from(step: wire::Step) -> Self {
        let state = word(step.state().as_str_name(), "STEP_STATE_");
        let wire::Step { name, state: _, at, detail, due_at } = step;
        Self { name, state, at: instant(at), detail, due_at: instant(due_at) }
    }
}
