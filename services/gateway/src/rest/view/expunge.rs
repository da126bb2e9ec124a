//! Requests that a revision be blanked.

use chrono::{DateTime, Utc};
use contracts::documents as wire;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Person, instant};

/// A request that waits for a second person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Expunge {
    /// Its id.
    pub id: String,
    /// Which policy.
    pub policy_id: String,
    /// The policy's title.
    pub policy_title: String,
    /// Which revision.
    pub revision: i64,
    /// What the law demands.
    pub ground: String,
    /// Who asked, and may not agree.
    pub requested_by: Option<Person>,
    /// When.
    pub requested_at: Option<DateTime<Utc>>,
}

impl From<wire::Expunge> for Expunge {
    fn from(expunge: wire::Expunge) -> Self {
        let wire::Expunge {
            id,
            policy_id,
            policy_title,
            revision,
            ground,
            requested_by,
            requested_at,
        } = expunge;
        let requested_by = requested_by.map(Person::from);
        let requested_at = instant(requested_at);
        Self { id, policy_id, policy_title, revision, ground, requested_by, requested_at }
    }
}
