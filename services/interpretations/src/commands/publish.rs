//! Making interpretations public, and taking them back.

use contracts::interpretations::{InterpretationWithdrawn, TaskClosed};
use kit::auth::Caller;
use kit::outbox;

use super::reopen::Cause;
use super::{Interpretations, of_interpretation, of_task, published};
use crate::domain::InterpretationId;
use crate::error::Error;
use crate::store::interpretations::{self, InterpretationRow};
use crate::store::tasks;

impl Interpretations {
    /// Makes a draft public; closes the task of its policy.
    #[tracing::instrument(name = "command.interpretations.publish", skip_all, fields(%id))]
    pub async fn publish(
        &self,
        id: InterpretationId,
        etag: &str,
        caller: &Caller,
    ) -> Result<InterpretationRow, Error> {
        let tx = self.db.begin().await?;
        let (policy, draft) = self.lock_interpretation(&tx, id, etag, caller).await?;
        if draft.state != interpretations::DRAFT {
            return Err(Error::NotADraft);
        }
        if policy.withdrawn {
            return Err(Error::PolicyWithdrawn);
        }
        draft.content()?.check_public()?;
        let now = self.now();
        interpretations::publish(&tx, id, now).await?;
        let row = interpretations::find(&*tx, id).await?.ok_or(Error::UnknownInterpretation)?;
        let mut said = vec![of_interpretation(&row, &published(&row))];
        let task = tasks::of_policy(&*tx, policy.id).await?;
        if let Some(task) = task.filter(|task| task.state == tasks::OPEN) {
            tasks::end(&tx, task.id, tasks::CLOSED, tasks::INTERPRETED, now).await?;
            let closed = TaskClosed {
                task_id: task.id.to_string(),
                policy_id: policy.id.to_string(),
                cause: tasks::INTERPRETED.to_owned(),
                interpretation_id: id.to_string(),
            };
            said.push(of_task(task.id, task.revision + 1, &closed));
        }
        let resource = format!("interpretations/{id}");
        let action = "interpretation.publish";
        kit::audit::record(&tx, &*self.clock, caller, action, &resource, &row.title).await?;
        outbox::append_many(&tx, &*self.clock, said, &caller.actor()).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Takes an interpretation from the public; a tombstone with the reason stays, and the task
    /// that it closed is open again unless another interpretation is public.
    #[tracing::instrument(name = "command.interpretations.withdraw", skip_all, fields(%id))]
    pub async fn withdraw(
        &self,
        id: InterpretationId,
        reason: &str,
        etag: &str,
        caller: &Caller,
    ) -> Result<InterpretationRow, Error> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > 500 {
            return Err(Error::NoReason);
        }
        let tx = self.db.begin().await?;
        let (policy, before) = self.lock_interpretation(&tx, id, etag, caller).await?;
        if before.state != interpretations::PUBLISHED {
            return Err(Error::NotPublic);
        }
        interpretations::withdraw(&tx, id, reason, self.now()).await?;
        let row = interpretations::find(&*tx, id).await?.ok_or(Error::UnknownInterpretation)?;
        let event = InterpretationWithdrawn {
            interpretation_id: id.to_string(),
            revision: row.revision,
            policy_id: policy.id.to_string(),
            reason: reason.to_owned(),
        };
        let resource = format!("interpretations/{id}");
        let action = "interpretation.withdraw";
        kit::audit::record(&tx, &*self.clock, caller, action, &resource, reason).await?;
        let mut said = vec![of_interpretation(&row, &event)];
        let task = tasks::of_policy(&*tx, policy.id).await?;
        if let Some(task) = task.filter(|task| task.outcome == tasks::INTERPRETED) {
            let (cause, today) = (Cause::Withdrawn { id, reason }, self.clock.today());
            let reopened = self.reopen(&tx, &policy, &task, cause, today).await?;
            said.extend(reopened.map(|(event, _)| event));
        }
        outbox::append_many(&tx, &*self.clock, said, &caller.actor()).await?;
        tx.commit().await?;
        Ok(row)
    }
}
