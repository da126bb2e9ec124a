//! Receipts: opened with each public change, closed when every step has reported.

use chrono::TimeDelta;
use contracts::documents::ReceiptCompleted;
use kit::{
    db::Tx,
    outbox::{self, NewEvent, Subject},
};

use super::Documents;
use crate::{
    domain::{PolicyId, ReceiptId, policy::Change},
    error::Result,
    store::{
        self,
        policies::PolicyRow,
        receipts::{ReceiptRow, StepRow},
    },
};

/// Who signs what documents itself does.
const SELF: &str = "services/documents";

impl Documents {
    /// The receipt of a public change, with the steps that it sets going.
    pub(super) fn receipt(&self, row: &PolicyRow, change: Change) -> (ReceiptRow, Vec<StepRow>) {
        let now = self.clock.now();
        let receipt = ReceiptRow {
            id: ReceiptId::new(&*self.clock),
            policy_id: row.id,
            revision: change.revision,
            occasion: change.occasion.word().to_owned(),
            policy_title: row.title.clone(),
            organ_code: row.organ_code.clone(),
            started_at: now,
            completed_at: None,
        };
        let due = |step: &str| {
            let delay = TimeDelta::from_std(self.config.late_after(step));
            now + delay.unwrap_or_default()
        };
        let steps = store::receipts::steps_for(&receipt, change.occasion, due);
        (receipt, steps)
    }

    /// Completes the receipts of these policies whose steps are all done, and says so.
    pub(crate) async fn complete_receipts(&self, tx: &Tx, ids: &[PolicyId]) -> Result<()> {
        let completed = store::receipts::complete(tx, ids, self.clock.now()).await?;
        self.tell_completed(tx, completed).await
    }

    /// Marks late steps, and completes what two reports at the same moment left open.
    #[tracing::instrument(name = "job.documents.receipts", skip_all)]
    pub async fn tend_receipts(&self) -> Result<()> {
        let tx = self.db.begin().await?;
        let now = self.clock.now();
        let completed = store::receipts::complete_all(&tx, now).await?;
        let late = store::receipts::mark_late(&tx, now).await?;
        let changed = late > 0 || !completed.is_empty();
        self.tell_completed(&tx, completed).await?;
        tx.commit().await?;
        if changed {
            self.receipts_changed();
        }
        Ok(())
    }

    async fn tell_completed(&self, tx: &Tx, completed: Vec<ReceiptRow>) -> Result<()> {
        if completed.is_empty() {
            return Ok(());
        }
        let told = |row: ReceiptRow| {
            let aggregate = format!("receipts/{}", row.id);
            let event = ReceiptCompleted {
                receipt_id: row.id.to_string(),
                policy_id: row.policy_id.to_string(),
                revision: row.revision,
                occasion: row.occasion,
            };
            NewEvent::of(&event, Subject { aggregate: &aggregate, revision: 1 })
        };
        let events = completed.into_iter().map(told).collect();
        outbox::append_many(tx, &*self.clock, events, SELF).await?;
        Ok(())
    }
}
