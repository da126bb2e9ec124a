//! Telling, once for each task, that its deadline has passed.

use contracts::interpretations::TaskOverdue;
use kit::outbox::{self, NewEvent};

use super::{Interpretations, of_task};
use crate::domain::TaskId;
use crate::domain::term::{Term, latest_overdue_start};
use crate::error::Error;
use crate::store::tasks::{self, TaskRow};

/// Tasks of one transaction.
const BATCH: i64 = 200;

impl Interpretations {
    /// Tells of all tasks that are overdue by now and were not told of.
    #[tracing::instrument(name = "command.interpretations.tell_overdue", skip_all)]
    pub async fn tell_overdue(&self) -> Result<u64, Error> {
        let mut told = 0;
        for working_days in tasks::open_terms(self.db.conn()).await? {
            let start = latest_overdue_start(&self.calendar, working_days, self.clock.today())?;
            loop {
                let batch = self.tell_batch(Term { start, working_days }).await?;
                told += batch;
                if batch == 0 {
                    break;
                }
            }
        }
        Ok(told)
    }

    async fn tell_batch(&self, latest: Term) -> Result<u64, Error> {
        let tx = self.db.begin().await?;
        let late = tasks::lock_untold(&tx, latest, BATCH).await?;
        if late.is_empty() {
            return Ok(0);
        }
        let ids: Vec<TaskId> = late.iter().map(|task| task.id).collect();
        let said = late.iter().map(|task| self.overdue(task)).collect::<Result<Vec<_>, _>>()?;
        tasks::note_told(&tx, &ids, self.now()).await?;
        outbox::append_many(&tx, &*self.clock, said, "services/interpretations").await?;
        tx.commit().await?;
        Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
    }

    fn overdue(&self, task: &TaskRow) -> Result<NewEvent, Error> {
        let event = TaskOverdue {
            task_id: task.id.to_string(),
            policy_id: task.policy_id.to_string(),
            organ_code: task.organ_code.clone(),
            due_on: task.term()?.deadline(&self.calendar)?.earliest.to_string(),
        };
        Ok(of_task(task.id, task.revision + 1, &event))
    }
}
