//! What can be done in interpretations: one method, one transaction, its events written in it.

mod drafts;
pub mod follow;
mod overdue;
mod publish;
mod reopen;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::interpretations::InterpretationPublished;
use kit::auth::Caller;
use kit::clock::Clock;
use kit::db::{Db, Tx};
use kit::outbox::{Event, NewEvent, Subject};
use workday::Calendar;

use crate::domain::duty::RuleTable;
use crate::domain::{InterpretationId, PolicyId, TaskId};
use crate::error::Error;
use crate::store::interpretations::{self, InterpretationRow};
use crate::store::policies::{self, PolicyRow};

/// Everything that a command needs.
#[derive(Clone)]
pub struct Interpretations {
    /// Tables.
    pub db: Db,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// What must be interpreted.
    pub rules: Arc<RuleTable>,
    /// Longest text, in bytes.
    pub text_limit: usize,
}

impl Interpretations {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The policy, locked, if the caller may act for its organ.
    async fn lock_policy(
        &self,
        tx: &Tx,
        id: PolicyId,
        caller: &Caller,
    ) -> Result<PolicyRow, Error> {
        policies::lock(tx, id)
            .await?
            .filter(|policy| caller.may_act_for(&policy.organ_code))
            .ok_or(Error::UnknownPolicy(id))
    }

    /// The interpretation and its policy, both held until the transaction ends, if the caller may
    /// act for the organ and read the newest state.
    async fn lock_interpretation(
        &self,
        tx: &Tx,
        id: InterpretationId,
        etag: &str,
        caller: &Caller,
    ) -> Result<(PolicyRow, InterpretationRow), Error> {
        let seen = interpretations::find(&**tx, id).await?.ok_or(Error::UnknownInterpretation)?;
        let policy = self.lock_policy(tx, seen.policy_id, caller).await.map_err(hide)?;
        // Read again: it may have changed while the lock was waited for.
        let row = interpretations::find(&**tx, id).await?.ok_or(Error::UnknownInterpretation)?;
        if etag != row.revision.to_string() {
            return Err(Error::Stale);
        }
        Ok((policy, row))
    }
}

/// Who may not act for the organ does not learn that there is such an interpretation.
fn hide(error: Error) -> Error {
    match error {
        Error::UnknownPolicy(_) => Error::UnknownInterpretation,
        other => other,
    }
}

/// An event about a task.
fn of_task<E: Event>(id: TaskId, revision: i64, event: &E) -> NewEvent {
    let aggregate = format!("tasks/{id}");
    NewEvent::of(event, Subject { aggregate: &aggregate, revision })
}

/// An event about an interpretation.
fn of_interpretation<E: Event>(row: &InterpretationRow, event: &E) -> NewEvent {
    let aggregate = format!("interpretations/{}", row.id);
    NewEvent::of(event, Subject { aggregate: &aggregate, revision: row.revision })
}

fn published(row: &InterpretationRow) -> InterpretationPublished {
    InterpretationPublished {
        interpretation_id: row.id.to_string(),
        revision: row.revision,
        policy_id: row.policy_id.to_string(),
        title: row.title.clone(),
        kind: row.kind.clone(),
        organ_code: row.organ_code.clone(),
        published_at: row.published_at.map(kit::clock::to_wire),
    }
}
