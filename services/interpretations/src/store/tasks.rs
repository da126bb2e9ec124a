//! Rows of tasks. The deadline is not among the columns: it is derived from those that are.

use chrono::{DateTime, NaiveDate, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::domain::term::{Beginning, Term};
use crate::domain::{PolicyId, TaskId};
use crate::error::Error;

/// The task waits for an interpretation.
pub const OPEN: &str = "open";
/// The task has ended.
pub const CLOSED: &str = "closed";
/// Nothing is due.
pub const WAIVED: &str = "waived";

/// How a task ended whose policy was interpreted.
pub const INTERPRETED: &str = "interpreted";
/// How a task ended whose policy was withdrawn.
pub const POLICY_WITHDRAWN: &str = "policy_withdrawn";

/// A task with what is shown of its policy.
#[derive(Debug, Clone, FromQueryResult)]
pub struct TaskRow {
    /// Its id.
    pub id: TaskId,
    /// The policy that is to be interpreted.
    pub policy_id: PolicyId,
    /// The policy's title as it is now.
    pub policy_title: String,
    /// The policy's organ as it is now.
    pub organ_code: String,
    /// [`OPEN`], [`CLOSED`] or [`WAIVED`].
    pub state: String,
    /// When it was made.
    pub opened_at: DateTime<Utc>,
    /// What the term begins with; the word of a [`Beginning`].
    pub beginning: String,
    /// YYYY-MM-DD; not counted.
    pub start_day: String,
    /// The length of the term; 0 for a waived task.
    pub working_days: i64,
    /// The rule it follows from; empty for a waived task.
    pub rule_version: String,
    /// The calendar that was known when it was opened.
    pub calendar_version: String,
    /// Whether its policy is from before the platform.
    pub backfill: bool,
    /// Why it was waived, how it ended or why it was reopened.
    pub outcome: String,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// 1 when new.
    pub revision: i64,
}

impl TaskRow {
    /// The term from which the deadline follows.
    pub fn term(&self) -> Result<Term, Error> {
        let unreadable = || Error::Unreadable(format!("term of task {}", self.id));
        let start = self.start_day.parse().map_err(|_| unreadable())?;
        let working_days = u32::try_from(self.working_days).map_err(|_| unreadable())?;
        Ok(Term { start, working_days })
    }

    /// What the term begins with.
    pub fn beginning(&self) -> Result<Beginning, Error> {
        let unreadable = || Error::Unreadable(format!("beginning of task {}", self.id));
        Beginning::read(&self.beginning).ok_or_else(unreadable)
    }
}

/// What a new task consists of.
#[derive(Debug)]
pub struct NewTask<'a> {
    /// Its id.
    pub id: TaskId,
    /// The policy that is to be interpreted.
    pub policy_id: PolicyId,
    /// [`OPEN`] or [`WAIVED`].
    pub state: &'static str,
    /// When it is made.
    pub opened_at: DateTime<Utc>,
    /// What the term begins with.
    pub beginning: Beginning,
    /// From which the deadline follows.
    pub term: Term,
    /// The rule it follows from; empty for a waived task.
    pub rule_version: String,
    /// The calendar that is known now.
    pub calendar_version: &'a str,
    /// Whether its policy is from before the platform.
    pub backfill: bool,
    /// Why it is waived.
    pub outcome: String,
}

impl NewTask<'_> {
    fn values(self) -> Vec<Value> {
        vec![
            self.id.into(),
            self.policy_id.into(),
            self.state.into(),
            self.opened_at.into(),
            self.term.start.to_string().into(),
            i64::from(self.term.working_days).into(),
            self.rule_version.into(),
            self.calendar_version.into(),
            self.backfill.into(),
            self.outcome.into(),
            self.beginning.word().into(),
            1_i64.into(),
        ]
    }
}

const SELECT: &str = "SELECT t.id, t.policy_id, p.title AS policy_title, p.organ_code, t.state, \
                      t.opened_at, t.beginning, t.start_day, t.working_days, t.rule_version, \
                      t.calendar_version, t.backfill, t.outcome, t.closed_at, t.revision \
                      FROM tasks t JOIN policies p ON p.id = t.policy_id";

/// Adds tasks of revision 1.
pub async fn insert(tx: &Tx, new: Vec<NewTask<'_>>) -> Result<(), Error> {
    let columns = "id, policy_id, state, opened_at, start_day, working_days, rule_version, \
                   calendar_version, backfill, outcome, beginning, revision";
    let rows = new.into_iter().map(NewTask::values).collect();
    Ok(db::insert(tx, "tasks", columns, rows).await?)
}

/// The task of a policy.
pub async fn of_policy(
    conn: &impl ConnectionTrait,
    policy: PolicyId,
) -> Result<Option<TaskRow>, Error> {
    let text = format!("{SELECT} WHERE t.policy_id = $1");
    Ok(db::one(conn, &text, vec![policy.into()]).await?)
}

/// Ends a task, as its next revision.
pub async fn end(
    tx: &Tx,
    id: TaskId,
    state: &'static str,
    outcome: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let text = "UPDATE tasks SET state = $2, outcome = $3, closed_at = $4, \
                revision = revision + 1 WHERE id = $1";
    db::run(&**tx, text, vec![id.into(), state.into(), outcome.into(), now.into()]).await?;
    Ok(())
}

/// What opens a task that was waived or had ended.
#[derive(Debug)]
pub struct Opening<'a> {
    /// What the term begins with.
    pub beginning: Beginning,
    /// From which the deadline follows.
    pub term: Term,
    /// The rule it follows from.
    pub rule_version: &'a str,
    /// The calendar that is known now.
    pub calendar_version: &'a str,
    /// Why it is reopened; empty for one that is opened for the first time.
    pub outcome: &'a str,
}

/// Makes a task an open one, as its next revision; nobody was told yet that it is late.
pub async fn open(tx: &Tx, id: TaskId, opening: &Opening<'_>) -> Result<(), Error> {
    let text = "UPDATE tasks SET state = $2, outcome = $3, closed_at = NULL, start_day = $4, \
                working_days = $5, rule_version = $6, calendar_version = $7, beginning = $8, \
                overdue_told_at = NULL, revision = revision + 1 WHERE id = $1";
    let Opening { beginning, term, rule_version, calendar_version, outcome } = opening;
    let values = vec![
        id.into(),
        OPEN.into(),
        (*outcome).into(),
        term.start.to_string().into(),
        i64::from(term.working_days).into(),
        (*rule_version).into(),
        (*calendar_version).into(),
        beginning.word().into(),
    ];
    db::run(&**tx, text, values).await?;
    Ok(())
}

/// The lengths of term that open tasks have.
pub async fn open_terms(conn: &impl ConnectionTrait) -> Result<Vec<u32>, Error> {
    #[derive(FromQueryResult)]
    struct Length {
        working_days: i64,
    }
    let text = "SELECT DISTINCT working_days FROM tasks WHERE state = $1";
    let rows: Vec<Length> = db::all(conn, text, vec![OPEN.into()]).await?;
    Ok(rows.iter().filter_map(|row| u32::try_from(row.working_days).ok()).collect())
}

/// Locks open tasks whose lateness nobody was told of: of this length of term, and started on
/// this day or before.
pub async fn lock_untold(tx: &Tx, latest: Term, limit: i64) -> Result<Vec<TaskRow>, Error> {
    let lock = if tx.for_update().is_empty() { "" } else { " FOR UPDATE OF t" };
    let text = format!(
        "{SELECT} WHERE t.state = $1 AND t.working_days = $2 AND t.start_day <= $3 \
         AND t.overdue_told_at IS NULL ORDER BY t.start_day, t.id LIMIT $4{lock}"
    );
    let values = vec![
        OPEN.into(),
        i64::from(latest.working_days).into(),
        latest.start.to_string().into(),
        limit.into(),
    ];
    Ok(db::all(&**tx, &text, values).await?)
}

/// Notes that the lateness of these tasks was told.
pub async fn note_told(tx: &Tx, ids: &[TaskId], now: DateTime<Utc>) -> Result<(), Error> {
    let text = format!(
        "UPDATE tasks SET overdue_told_at = $1, revision = revision + 1 WHERE id IN ({})",
        db::list_of(1, ids.len())
    );
    let mut values: Vec<Value> = vec![now.into()];
    values.extend(ids.iter().map(|id| Value::from(*id)));
    db::run(&**tx, &text, values).await?;
    Ok(())
}

/// Which tasks are asked for.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Only of these organs; `None`: of all.
    pub organs: Option<Vec<String>>,
    /// Only in this state.
    pub state: Option<&'static str>,
    /// For open tasks, by length of term the latest start with which they are overdue: only those
    /// that are (true), or only those that are not (false).
    pub overdue: Option<(bool, Vec<Term>)>,
}

impl Wanted {
    /// The condition and its values.
    fn condition(&self) -> (String, Vec<Value>) {
        let mut parts = vec!["1 = 1".to_owned()];
        let mut values: Vec<Value> = Vec::new();
        if let Some(organs) = &self.organs {
            parts.push(match organs.len() {
                0 => "1 = 0".to_owned(),
                count => format!("p.organ_code IN ({})", db::list_of(values.len(), count)),
            });
            values.extend(organs.iter().map(|code| Value::from(code.as_str())));
        }
        if let Some(state) = self.state {
            values.push(state.into());
            parts.push(format!("t.state = ${}", values.len()));
        }
        if let Some((wanted, latest)) = &self.overdue {
            let mut any = vec!["1 = 0".to_owned()];
            for Term { start, working_days } in latest {
                values.push(i64::from(*working_days).into());
                values.push(start.to_string().into());
                let at = values.len();
                any.push(format!("t.working_days = ${} AND t.start_day <= ${at}", at - 1));
            }
            let not = if *wanted { "" } else { "NOT " };
            parts.push(format!("{not}({})", any.join(" OR ")));
        }
        (parts.join(" AND "), values)
    }
}

/// Tasks in the order of their start, after a start and id.
pub async fn list(
    conn: &impl ConnectionTrait,
    wanted: &Wanted,
    after: Option<(NaiveDate, TaskId)>,
    limit: i64,
) -> Result<Vec<TaskRow>, Error> {
    let (mut condition, mut values) = wanted.condition();
    if let Some((day, id)) = after {
        values.push(day.to_string().into());
        values.push(id.into());
        let at = values.len();
        condition.push_str(&format!(" AND (t.start_day, t.id) > (${}, ${at})", at - 1));
    }
    values.push(limit.into());
    let text =
        format!("{SELECT} WHERE {condition} ORDER BY t.start_day, t.id LIMIT ${}", values.len());
    Ok(db::all(conn, &text, values).await?)
}

/// How many tasks are asked for.
pub async fn count(conn: &impl ConnectionTrait, wanted: &Wanted) -> Result<u64, Error> {
    let (condition, values) = wanted.condition();
    let text = format!(
        "SELECT count(*) AS value FROM tasks t JOIN policies p ON p.id = t.policy_id \
         WHERE {condition}"
    );
    let count: Option<i64> = db::scalar(conn, &text, values).await?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}
