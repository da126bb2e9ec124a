//! What can be asked of interpretations: rows to messages.

use chrono::NaiveDate;
use contracts::interpretations::{
    Interpretation, InterpretationState, ListInterpretationsResponse, ListTasksResponse, Task,
    TaskState,
};
use kit::auth::Caller;
use kit::clock::to_wire;
use kit::page::Page;

use crate::commands::Interpretations;
use crate::domain::term::{Standing, Term, latest_overdue_start};
use crate::domain::{InterpretationId, PolicyId, TaskId};
use crate::error::Error;
use crate::store::interpretations::{self, InterpretationRow};
use crate::store::tasks::{self, TaskRow};

const WIDEST_PAGE: u32 = 200;

impl Interpretations {
    /// Tasks of the organs that the caller may act for, the earliest start first.
    pub async fn list_tasks(
        &self,
        organ_code: &str,
        state: TaskState,
        page: &Page,
        caller: &Caller,
    ) -> Result<ListTasksResponse, Error> {
        let wanted = tasks::Wanted {
            organs: organs_of(caller, organ_code),
            state: match state {
                TaskState::Unspecified => None,
                TaskState::Open | TaskState::Overdue => Some(tasks::OPEN),
                TaskState::Closed => Some(tasks::CLOSED),
                TaskState::Waived => Some(tasks::WAIVED),
            },
            overdue: match state {
                TaskState::Open => Some((false, self.overdue_starts().await?)),
                TaskState::Overdue => Some((true, self.overdue_starts().await?)),
                _ => None,
            },
        };
        let after = match page.after::<2>()? {
            Some([day, id]) => Some((read_day(day)?, id.parse::<TaskId>()?)),
            None => None,
        };
        let conn = self.db.conn();
        let total = tasks::count(conn, &wanted).await?;
        let mut rows = tasks::list(conn, &wanted, after, page.fetch()).await?;
        let next_page_token =
            page.cut(&mut rows, |last| vec![last.start_day.clone(), last.id.to_string()]);
        let tasks = rows.into_iter().map(|row| self.show(row)).collect::<Result<_, _>>()?;
        Ok(ListTasksResponse { tasks, next_page_token, total })
    }

    /// For each length of term the latest start with which it is overdue today.
    async fn overdue_starts(&self) -> Result<Vec<Term>, Error> {
        let today = self.clock.today();
        let lengths = tasks::open_terms(self.db.conn()).await?;
        let latest = |working_days| {
            let start = latest_overdue_start(&self.calendar, working_days, today)?;
            Ok(Term { start, working_days })
        };
        lengths.into_iter().map(latest).collect()
    }

    /// The task of a policy, with its deadline as the calendar has it now.
    pub async fn get_task(&self, policy: PolicyId, caller: &Caller) -> Result<Task, Error> {
        let row = tasks::of_policy(self.db.conn(), policy)
            .await?
            .filter(|row| caller.may_act_for(&row.organ_code))
            .ok_or(Error::UnknownTask)?;
        self.show(row)
    }

    fn show(&self, row: TaskRow) -> Result<Task, Error> {
        let waived = row.state == tasks::WAIVED;
        let standing = if waived {
            None
        } else {
            Some(row.term()?.standing(&self.calendar, self.clock.today())?)
        };
        let state = match row.state.as_str() {
            tasks::WAIVED => TaskState::Waived,
            tasks::CLOSED => TaskState::Closed,
            _ if standing.as_ref().is_some_and(|standing| standing.overdue) => TaskState::Overdue,
            _ => TaskState::Open,
        };
        let reasons = standing.as_ref().map(|now| self.reasons(&row, now));
        let reasons = reasons.transpose()?.unwrap_or_default();
        let deadline = standing.as_ref().map(|standing| &standing.deadline);
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let open = matches!(state, TaskState::Open | TaskState::Overdue);
        Ok(Task {
            id: row.id.to_string(),
            policy_id: row.policy_id.to_string(),
            policy_title: row.policy_title,
            organ_code: row.organ_code,
            state: state.into(),
            opened_at: Some(to_wire(row.opened_at)),
            due_earliest: day(deadline.map(|deadline| deadline.earliest)),
            due_latest: day(deadline.map(|deadline| deadline.latest)),
            provisional: deadline.is_some_and(|deadline| deadline.provisional),
            backfill: row.backfill,
            outcome: outcome(&row.outcome).to_owned(),
            closed_at: row.closed_at.map(to_wire),
            working_days_left: standing.filter(|_| open).map_or(0, |standing| standing.left),
            reasons,
        })
    }

    /// Why the deadline is what it is, line by line.
    fn reasons(&self, row: &TaskRow, standing: &Standing) -> Result<Vec<String>, Error> {
        let TaskRow { start_day, working_days, rule_version, .. } = row;
        let from = row.beginning()?.chinese();
        let first = format!(
            "{from}（{start_day}）次日起 {working_days} 个工作日内公开解读（规则 {rule_version}）"
        );
        let version = self.calendar.version();
        let last = if row.calendar_version == version {
            format!("按工作日历 {version} 推算")
        } else {
            format!("按工作日历 {version} 重新推算（任务建立时为 {}）", row.calendar_version)
        };
        let days = standing.deadline.reasons.iter().map(ToString::to_string);
        Ok(std::iter::once(first).chain(days).chain(std::iter::once(last)).collect())
    }

    /// An interpretation: public ones for all, others for staff of the organ. Of a withdrawn one
    /// the public sees that and why it was withdrawn.
    pub async fn get_interpretation(
        &self,
        id: InterpretationId,
        caller: &Caller,
    ) -> Result<Interpretation, Error> {
        let mut row =
            interpretations::find(self.db.conn(), id).await?.ok_or(Error::UnknownInterpretation)?;
        if row.state != interpretations::PUBLISHED && !caller.may_act_for(&row.organ_code) {
            if row.state != interpretations::WITHDRAWN {
                return Err(Error::UnknownInterpretation);
            }
            row.body.clear();
        }
        Ok(row.into())
    }

    /// Interpretations without their texts, newest first: the public ones, unless staff ask for
    /// drafts or withdrawn ones of their organs.
    pub async fn list_interpretations(
        &self,
        policy: Option<PolicyId>,
        state: InterpretationState,
        organ_code: &str,
        page: &Page,
        caller: &Caller,
    ) -> Result<ListInterpretationsResponse, Error> {
        let (state, organs) = match state {
            InterpretationState::Draft => (interpretations::DRAFT, organs_of(caller, organ_code)),
            InterpretationState::Withdrawn => {
                (interpretations::WITHDRAWN, organs_of(caller, organ_code))
            }
            InterpretationState::Published | InterpretationState::Unspecified => {
                let organs = (!organ_code.is_empty()).then(|| vec![organ_code.to_owned()]);
                (interpretations::PUBLISHED, organs)
            }
        };
        let wanted = interpretations::Wanted { policy, state: Some(state), organs };
        let before = match page.after::<1>()? {
            Some([id]) => Some(id.parse()?),
            None => None,
        };
        let conn = self.db.conn();
        let total = interpretations::count(conn, &wanted).await?;
        let mut rows = interpretations::list(conn, &wanted, before, page.fetch()).await?;
        let next_page_token = page.cut(&mut rows, |last| vec![last.id.to_string()]);
        let interpretations = rows.into_iter().map(Interpretation::from).collect();
        Ok(ListInterpretationsResponse { interpretations, next_page_token, total })
    }
}

/// Reads the page of a request.
pub fn page(size: u32, token: &str) -> Result<Page, Error> {
    Ok(Page::parse(size, token, WIDEST_PAGE)?)
}

/// The organs whose inner matters the caller sees, of the one asked for; `None`: all.
fn organs_of(caller: &Caller, asked: &str) -> Option<Vec<String>> {
    if !asked.is_empty() {
        let mine = caller.may_act_for(asked);
        return Some(if mine { vec![asked.to_owned()] } else { Vec::new() });
    }
    if caller.is_service() || caller.has(contracts::role::OFFICE) {
        return None;
    }
    if !caller.is_staff() {
        return Some(Vec::new());
    }
    let mut organs = caller.organ_scope.clone();
    if !organs.contains(&caller.organ_code) {
        organs.push(caller.organ_code.clone());
    }
    Some(organs)
}

fn read_day(text: &str) -> Result<NaiveDate, Error> {
    text.parse()
        .map_err(|_| kit::Error::field("page_token", "翻页标记无效，请从第一页重新开始").into())
}

/// How a task ended, in Chinese; the reason of a waived one is that already.
fn outcome(stored: &str) -> &str {
    match stored {
        tasks::INTERPRETED => "已公开解读",
        tasks::POLICY_WITHDRAWN => "文件已撤回",
        reason => reason,
    }
}

impl From<InterpretationRow> for Interpretation {
    fn from(row: InterpretationRow) -> Self {
        let InterpretationRow {
            id,
            policy_id,
            policy_title,
            organ_code,
            state,
            title,
            kind,
            form,
            interpreter,
            contact_phone,
            body,
            source_id,
            published_at,
            withdrawn_at,
            withdrawal_reason,
            revision,
        } = row;
        let state = match state.as_str() {
            interpretations::PUBLISHED => InterpretationState::Published,
            interpretations::WITHDRAWN => InterpretationState::Withdrawn,
            _ => InterpretationState::Draft,
        };
        Self {
            id: id.to_string(),
            policy_id: policy_id.to_string(),
            state: state.into(),
            title,
            kind,
            form,
            interpreter,
            contact_phone,
            text: body,
            organ_code,
            policy_title,
            published_at: published_at.map(to_wire),
            withdrawn_at: withdrawn_at.map(to_wire),
            withdrawal_reason,
            revision,
            etag: revision.to_string(),
            source_id: source_id.unwrap_or_default(),
        }
    }
}
