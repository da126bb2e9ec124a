//! Following what happens to policies: one task each, opened or waived, kept true ever after.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::documents::{PolicyCorrected, PolicyFacts, PolicyPublished, PolicyWithdrawn};
use contracts::interpretations::{PolicyFollowed, TaskClosed, TaskOpened, TaskWaived};
use kit::clock::{day_of, from_wire};
use kit::db::Tx;
use kit::outbox::{self, NewEvent};

use super::reopen::Cause;
use super::{Interpretations, of_task};
use crate::domain::duty::Duty;
use crate::domain::term::{Beginning, Term};
use crate::domain::{PolicyId, TaskId};
use crate::error::Error;
use crate::store::policies::{self, PolicyRow};
use crate::store::tasks::{self, NewTask, Opening, TaskRow};

/// When and by whom the policy was changed.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it, for the record.
    pub actor: &'a str,
}

impl Interpretations {
    /// Policies became public, each at its moment: the task of each is opened or waived.
    #[tracing::instrument(name = "command.interpretations.follow_publication", skip_all)]
    pub async fn follow_publications(
        &self,
        tx: &Tx,
        published: Vec<(PolicyPublished, DateTime<Utc>)>,
        actor: &str,
    ) -> Result<(), Error> {
        let facts = published.into_iter().map(|(event, at)| Facts::of(event.policy, at));
        let facts: Vec<Facts> = facts.collect::<Result<_, _>>()?;
        let copies: Vec<PolicyRow> = facts.iter().map(|facts| facts.copy(false)).collect();
        let added = policies::insert(tx, &copies).await?;
        let new = facts.iter().filter(|facts| added.contains(&facts.id));
        let said = self.begin(tx, new).await?;
        self.say(tx, said, actor).await
    }

    /// A policy has a new revision: its task is judged again.
    #[tracing::instrument(name = "command.interpretations.follow_correction", skip_all)]
    pub async fn follow_correction(
        &self,
        tx: &Tx,
        event: PolicyCorrected,
        occasion: Occasion<'_>,
    ) -> Result<(), Error> {
        let facts = Facts::of(event.policy, occasion.at)?;
        let (mut said, policy, task) = self.take_over(tx, &facts, false).await?;
        let (revision, detail) = self.judge_again(tx, &facts, &policy, &task, &mut said).await?;
        said.push(of_task(task.id, revision, &facts.followed("corrected", detail)));
        self.say(tx, said, occasion.actor).await
    }

    /// A policy was taken from the public: its task ends, its interpretations stay.
    #[tracing::instrument(name = "command.interpretations.follow_withdrawal", skip_all)]
    pub async fn follow_withdrawal(
        &self,
        tx: &Tx,
        event: PolicyWithdrawn,
        occasion: Occasion<'_>,
    ) -> Result<(), Error> {
        let facts = Facts::of(event.policy, occasion.at)?;
        let (mut said, _, task) = self.take_over(tx, &facts, true).await?;
        let mut revision = task.revision;
        let mut detail = "没有未完成的解读任务；已公开的解读保留，并随文件标注已撤回";
        if task.state == tasks::OPEN {
            let cause = tasks::POLICY_WITHDRAWN;
            tasks::end(tx, task.id, tasks::CLOSED, cause, self.now()).await?;
            revision += 1;
            let closed = TaskClosed {
                task_id: task.id.to_string(),
                policy_id: facts.id.to_string(),
                cause: cause.to_owned(),
                interpretation_id: String::new(),
            };
            said.push(of_task(task.id, revision, &closed));
            detail = "解读任务已随文件撤回而关闭";
        }
        said.push(of_task(task.id, revision, &facts.followed("withdrawn", detail.to_owned())));
        self.say(tx, said, occasion.actor).await
    }

    /// A revision was blanked: so is what is known of it here.
    #[tracing::instrument(name = "command.interpretations.follow_expunge", skip_all)]
    pub async fn follow_expunge(
        &self,
        tx: &Tx,
        policy: PolicyId,
        revision: i64,
    ) -> Result<(), Error> {
        policies::blank(tx, policy, revision).await
    }

    /// Brings the copy of a policy up to the facts unless it is ahead of them, and finds its task.
    ///
    /// A policy that was never heard of, because this service is younger than it, begins here.
    async fn take_over(
        &self,
        tx: &Tx,
        facts: &Facts,
        withdrawn: bool,
    ) -> Result<(Vec<NewEvent>, PolicyRow, TaskRow), Error> {
        let mut said = Vec::new();
        let news = facts.copy(withdrawn);
        let policy = match policies::lock(tx, facts.id).await? {
            None => {
                policies::insert(tx, std::slice::from_ref(&news)).await?;
                said = self.begin(tx, [facts]).await?;
                news
            }
            Some(known) if known.revision > facts.revision => known,
            // A tombstone gives way only to a newer revision.
            Some(known) if known.withdrawn && known.revision == facts.revision => known,
            Some(_) => {
                policies::update(tx, &news).await?;
                news
            }
        };
        let task = tasks::of_policy(&**tx, facts.id).await?;
        let missing = || Error::Unreadable(format!("policy {} has no task", facts.id));
        Ok((said, policy, task.ok_or_else(missing)?))
    }

    /// The one task of each policy, opened or waived.
    async fn begin(
        &self,
        tx: &Tx,
        policies: impl IntoIterator<Item = &Facts>,
    ) -> Result<Vec<NewEvent>, Error> {
        let (mut new, mut said) = (Vec::new(), Vec::new());
        for facts in policies {
            let (task, event) = self.beginning(facts)?;
            new.push(task);
            said.push(event);
        }
        tasks::insert(tx, new).await?;
        Ok(said)
    }

    /// The task of a policy that was not known, and what is said of it.
    fn beginning(&self, facts: &Facts) -> Result<(NewTask<'_>, NewEvent), Error> {
        let id = TaskId::new(&*self.clock);
        let (state, term, rule_version, outcome, said) =
            match self.rules.judge(&facts.category, facts.issued_on) {
                Duty::Due(rule) => {
                    let term = self.term(facts, rule.working_days);
                    let said = of_task(id, 1, &self.opened(facts, id, term)?);
                    (tasks::OPEN, term, rule.version.clone(), String::new(), said)
                }
                Duty::Waived(reason) => {
                    let term = Term { start: facts.heard, working_days: 0 };
                    let said = of_task(id, 1, &facts.waived(id, &reason));
                    (tasks::WAIVED, term, String::new(), reason, said)
                }
            };
        let late = facts.backfill || facts.published.is_none_or(|day| day != term.start);
        let task = NewTask {
            id,
            policy_id: facts.id,
            state,
            opened_at: self.now(),
            beginning: if late { Beginning::Import } else { Beginning::Publication },
            term,
            rule_version,
            calendar_version: self.calendar.version(),
            backfill: facts.backfill,
            outcome,
        };
        Ok((task, said))
    }

    /// Opens what was waived, or waives what is open, if the corrected facts say so; answers with
    /// the task's revision and, in Chinese, what came of it.
    async fn judge_again(
        &self,
        tx: &Tx,
        facts: &Facts,
        policy: &PolicyRow,
        task: &TaskRow,
        said: &mut Vec<NewEvent>,
    ) -> Result<(i64, String), Error> {
        let next = task.revision + 1;
        match (task.state.as_str(), self.rules.judge(&policy.category, policy.issued())) {
            (tasks::WAIVED, Duty::Due(rule)) => {
                let term = Term { start: facts.heard, working_days: rule.working_days };
                let opening = Opening {
                    beginning: Beginning::Correction,
                    term,
                    rule_version: &rule.version,
                    calendar_version: self.calendar.version(),
                    outcome: "",
                };
                tasks::open(tx, task.id, &opening).await?;
                let opened = self.opened(facts, task.id, term)?;
                let detail = format!("更正后须解读，已建立解读任务，期限 {}", opened.due_on);
                said.push(of_task(task.id, next, &opened));
                Ok((next, detail))
            }
            (tasks::OPEN, Duty::Waived(reason)) => {
                tasks::end(tx, task.id, tasks::WAIVED, &reason, self.now()).await?;
                said.push(of_task(task.id, next, &facts.waived(task.id, &reason)));
                Ok((next, format!("更正后不再要求解读：{reason}")))
            }
            (tasks::OPEN, Duty::Due(_)) => {
                Ok((task.revision, "解读任务已更新，期限不变".to_owned()))
            }
            (tasks::WAIVED, Duty::Waived(reason)) => {
                Ok((task.revision, format!("不要求解读：{reason}")))
            }
            (tasks::CLOSED, _) if task.outcome == tasks::POLICY_WITHDRAWN => {
                match self.reopen(tx, policy, task, Cause::PublishedAgain, facts.heard).await? {
                    Some((reopened, due_on)) => {
                        said.push(reopened);
                        Ok((next, format!("文件重新公开，解读任务已恢复，期限 {due_on}")))
                    }
                    None => Ok((task.revision, "没有须恢复的解读任务".to_owned())),
                }
            }
            _ => Ok((task.revision, "解读任务已结束；请核对已公开的解读是否需要更新".to_owned())),
        }
    }

    fn term(&self, facts: &Facts, working_days: u32) -> Term {
        let Facts { published, heard, backfill, .. } = facts;
        Term::starting(&self.calendar, *published, *heard, *backfill, working_days)
    }

    fn opened(&self, facts: &Facts, id: TaskId, term: Term) -> Result<TaskOpened, Error> {
        let deadline = term.deadline(&self.calendar)?;
        Ok(TaskOpened {
            task_id: id.to_string(),
            policy_id: facts.id.to_string(),
            policy_revision: facts.revision,
            organ_code: facts.organ_code.clone(),
            due_on: deadline.earliest.to_string(),
            provisional: deadline.provisional,
            backfill: facts.backfill,
        })
    }

    async fn say(&self, tx: &Tx, said: Vec<NewEvent>, actor: &str) -> Result<(), Error> {
        outbox::append_many(tx, &*self.clock, said, actor).await?;
        Ok(())
    }
}

/// What an event says of a policy, as far as it matters here.
struct Facts {
    id: PolicyId,
    revision: i64,
    title: String,
    organ_code: String,
    category: String,
    issued_on: Option<NaiveDate>,
    published: Option<NaiveDate>,
    heard: NaiveDate,
    backfill: bool,
}

impl Facts {
    fn of(facts: Option<PolicyFacts>, at: DateTime<Utc>) -> Result<Self, Error> {
        let facts = facts.unwrap_or_default();
        Ok(Self {
            id: facts.policy_id.parse()?,
            revision: facts.revision,
            title: facts.title,
            organ_code: facts.organ_code,
            category: facts.category,
            issued_on: facts.issued_on.parse().ok(),
            published: facts.published_at.and_then(from_wire).map(day_of),
            heard: day_of(at),
            backfill: facts.backfill,
        })
    }

    fn copy(&self, withdrawn: bool) -> PolicyRow {
        PolicyRow {
            id: self.id,
            revision: self.revision,
            withdrawn,
            title: self.title.clone(),
            organ_code: self.organ_code.clone(),
            category: self.category.clone(),
            issued_on: self.issued_on.map(|day| day.to_string()).unwrap_or_default(),
        }
    }

    fn waived(&self, task: TaskId, reason: &str) -> TaskWaived {
        TaskWaived {
            task_id: task.to_string(),
            policy_id: self.id.to_string(),
            policy_revision: self.revision,
            reason: reason.to_owned(),
        }
    }

    fn followed(&self, occasion: &str, detail: String) -> PolicyFollowed {
        PolicyFollowed {
            policy_id: self.id.to_string(),
            policy_revision: self.revision,
            occasion: occasion.to_owned(),
            detail,
        }
    }
}
