//! Opening a task again that had ended: what fulfilled the duty, or ended it, holds no more.

use chrono::NaiveDate;
use contracts::interpretations::TaskReopened;
use kit::db::Tx;
use kit::outbox::NewEvent;

use super::{Interpretations, of_task};
use crate::domain::InterpretationId;
use crate::domain::duty::Duty;
use crate::domain::term::{Beginning, Term};
use crate::error::Error;
use crate::store::interpretations;
use crate::store::policies::PolicyRow;
use crate::store::tasks::{self, Opening, TaskRow};

/// Why a task is due again.
#[derive(Debug, Clone, Copy)]
pub enum Cause<'a> {
    /// An interpretation was withdrawn, for this reason.
    Withdrawn {
        /// Which one.
        id: InterpretationId,
        /// As it was given.
        reason: &'a str,
    },
    /// The policy had been withdrawn and is public again.
    PublishedAgain,
}

impl Cause<'_> {
    fn word(self) -> &'static str {
        match self {
            Self::Withdrawn { .. } => "interpretation_withdrawn",
            Self::PublishedAgain => "policy_published_again",
        }
    }

    fn beginning(self) -> Beginning {
        match self {
            Self::Withdrawn { .. } => Beginning::Withdrawal,
            Self::PublishedAgain => Beginning::Return,
        }
    }

    fn chinese(self) -> String {
        match self {
            Self::Withdrawn { reason, .. } => format!("原解读已撤回，须重新公开解读：{reason}"),
            Self::PublishedAgain => "文件撤回后重新公开，须公开解读".to_owned(),
        }
    }

    fn interpretation(self) -> String {
        match self {
            Self::Withdrawn { id, .. } => id.to_string(),
            Self::PublishedAgain => String::new(),
        }
    }
}

impl Interpretations {
    /// Opens a task that has ended, if by the rules of today's facts its public policy must have
    /// an interpretation and has none; answers with what is to be said, and the deadline.
    ///
    /// The term of the publication was kept or not: that is past. What is due now is due within
    /// as many working days after the day on which it became due again.
    pub(super) async fn reopen(
        &self,
        tx: &Tx,
        policy: &PolicyRow,
        task: &TaskRow,
        cause: Cause<'_>,
        start: NaiveDate,
    ) -> Result<Option<(NewEvent, String)>, Error> {
        if policy.withdrawn || task.state != tasks::CLOSED {
            return Ok(None);
        }
        let Duty::Due(rule) = self.rules.judge(&policy.category, policy.issued()) else {
            return Ok(None);
        };
        let public = interpretations::Wanted {
            policy: Some(policy.id),
            state: Some(interpretations::PUBLISHED),
            organs: None,
        };
        if interpretations::count(&**tx, &public).await? > 0 {
            return Ok(None);
        }
        let term = Term { start, working_days: rule.working_days };
        let opening = Opening {
            beginning: cause.beginning(),
            term,
            rule_version: &rule.version,
            calendar_version: self.calendar.version(),
            outcome: &cause.chinese(),
        };
        tasks::open(tx, task.id, &opening).await?;
        let deadline = term.deadline(&self.calendar)?;
        let due_on = deadline.earliest.to_string();
        let event = TaskReopened {
            task_id: task.id.to_string(),
            policy_id: policy.id.to_string(),
            policy_revision: policy.revision,
            organ_code: policy.organ_code.clone(),
            due_on: due_on.clone(),
            provisional: deadline.provisional,
            cause: cause.word().to_owned(),
            interpretation_id: cause.interpretation(),
        };
        Ok(Some((of_task(task.id, task.revision + 1, &event), due_on)))
    }
}
