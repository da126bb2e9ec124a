//! What the library hears: organs that changed, interpretations that were published, and the
//! reports that fill the receipts.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use contracts::{
    gateway::PagesRefreshed,
    identity::OrganChanged,
    interpretations::{
        InterpretationPublished, InterpretationWithdrawn, PolicyFollowed, TaskOpened, TaskWaived,
    },
    notification::{FanOutCompleted, FanOutDelayed},
    platform::EventDeadLettered,
    search::{IndexedPolicy, IndexingDelayed, PoliciesIndexed, PoliciesUnindexed},
};
use kit::{Failed, Handler, Heard, db::Tx};

use crate::{
    commands::Documents,
    domain::{
        PolicyId, day,
        receipt::{INDEX, INTERPRETATION, NOTIFICATION, PAGE, StepState, step_of_service},
        text,
    },
    error::Result,
    store::{self, links::LinkRow, organs::OrganRow, receipts::Report},
};

/// Reports of one step, one a policy.
type Reports = BTreeMap<PolicyId, Report>;

/// Hears every event that the library follows.
pub struct Ear(pub Documents);

#[async_trait]
impl Handler for Ear {
    async fn handle(&self, tx: &Tx, event: &Heard) -> std::result::Result<(), Failed> {
        Ok(self.hear(tx, event).await?)
    }

    async fn handle_together(
        &self,
        tx: &Tx,
        events: &[Heard],
    ) -> Option<std::result::Result<(), Failed>> {
        Some(self.hear_all(tx, events).await.map_err(Failed::from))
    }
}

impl Ear {
    #[tracing::instrument(name = "event.documents", skip_all, fields(event.ty = event.ty))]
    async fn hear(&self, tx: &Tx, event: &Heard) -> Result<()> {
        if event.is::<OrganChanged>() {
            return organ_changed(tx, event.decode()?, event.revision).await;
        }
        if event.is::<InterpretationPublished>() {
            return interpretation_published(tx, event.decode()?).await;
        }
        if event.is::<InterpretationWithdrawn>() {
            return interpretation_withdrawn(tx, event.decode()?).await;
        }
        if event.is::<EventDeadLettered>() {
            return self.given_up(tx, event, event.decode()?).await;
        }
        if let Some((step, reports)) = delays(event)? {
            store::delays::explain(tx, step, &reports).await?;
            self.0.receipts_changed();
            return Ok(());
        }
        if let Some((step, reports)) = reports(event)? {
            self.done(tx, BTreeMap::from([(step, by_policy(reports).collect())])).await?;
        }
        Ok(())
    }

    /// Hears events in their order; reports that come one after the other are written at once.
    #[tracing::instrument(name = "events.documents", skip_all, fields(events = events.len()))]
    async fn hear_all(&self, tx: &Tx, events: &[Heard]) -> Result<()> {
        let mut waiting: BTreeMap<&str, Reports> = BTreeMap::new();
        for event in events {
            let Some((step, reports)) = reports(event)? else {
                self.done(tx, std::mem::take(&mut waiting)).await?;
                self.hear(tx, event).await?;
                continue;
            };
            // One statement cannot report twice of one policy.
            let known = waiting.get(step).is_some_and(|known| {
                reports.iter().any(|report| known.contains_key(&report.policy_id))
            });
            if known {
                self.done(tx, std::mem::take(&mut waiting)).await?;
            }
            waiting.entry(step).or_default().extend(by_policy(reports));
        }
        self.done(tx, waiting).await
    }

    /// Ticks steps off, and completes the receipts that have all of theirs.
    async fn done(&self, tx: &Tx, steps: BTreeMap<&str, Reports>) -> Result<()> {
        if steps.is_empty() {
            return Ok(());
        }
        let mut ids = BTreeSet::new();
        for (step, reports) in steps {
            ids.extend(reports.keys().copied());
            let reports: Vec<Report> = reports.into_values().collect();
            store::receipts::report(tx, step, StepState::Done, &reports).await?;
        }
        self.0.complete_receipts(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
        self.0.receipts_changed();
        Ok(())
    }

    /// A service could not take a policy in: its step has failed, until it is redriven.
    async fn given_up(&self, tx: &Tx, event: &Heard, dead: EventDeadLettered) -> Result<()> {
        let Some(step) = step_of_service(&dead.service) else { return Ok(()) };
        let Some(id) = dead.aggregate.strip_prefix("policies/") else { return Ok(()) };
        let report = Report {
            policy_id: id.parse()?,
            revision: dead.revision,
            detail: format!("处理失败：{}", text::excerpt(&text::line(&dead.error), 300)),
            at: event.occurred_at,
        };
        store::receipts::report(tx, step.name, StepState::Failed, &[report]).await?;
        self.0.receipts_changed();
        Ok(())
    }
}

fn by_policy(reports: Vec<Report>) -> impl Iterator<Item = (PolicyId, Report)> {
    reports.into_iter().map(|report| (report.policy_id, report))
}

/// The step that an event reports done, and of which policies.
fn reports(event: &Heard) -> Result<Option<(&'static str, Vec<Report>)>> {
    if event.is::<TaskOpened>() {
        let TaskOpened { policy_id, policy_revision, due_on, provisional, .. } = event.decode()?;
        let due = day::read(&due_on).ok().flatten().map(day::chinese).unwrap_or(due_on);
        let note = if provisional { "（暂定）" } else { "" };
        let detail = format!("已生成解读任务，{due}前完成{note}");
        return Ok(Some((
            INTERPRETATION,
            vec![report(event, &policy_id, policy_revision, detail)?],
        )));
    }
    if event.is::<TaskWaived>() {
        let TaskWaived { policy_id, policy_revision, reason, .. } = event.decode()?;
        let detail = format!("无须解读：{reason}");
        return Ok(Some((
            INTERPRETATION,
            vec![report(event, &policy_id, policy_revision, detail)?],
        )));
    }
    if event.is::<PolicyFollowed>() {
        let PolicyFollowed { policy_id, policy_revision, detail, .. } = event.decode()?;
        return Ok(Some((
            INTERPRETATION,
            vec![report(event, &policy_id, policy_revision, detail)?],
        )));
    }
    if event.is::<PoliciesIndexed>() {
        let PoliciesIndexed { policies } = event.decode()?;
        return Ok(Some((INDEX, indexed(event, policies, "已可检索")?)));
    }
    if event.is::<PoliciesUnindexed>() {
        let PoliciesUnindexed { policies } = event.decode()?;
        return Ok(Some((INDEX, indexed(event, policies, "已从检索中移除")?)));
    }
    if event.is::<FanOutCompleted>() {
        let done: FanOutCompleted = event.decode()?;
        let detail = fan_out(&done);
        return Ok(Some((
            NOTIFICATION,
            vec![report(event, &done.policy_id, done.revision, detail)?],
        )));
    }
    if event.is::<PagesRefreshed>() {
        let PagesRefreshed { pages } = event.decode()?;
        let reports = pages
            .into_iter()
            .map(|page| report(event, &page.policy_id, page.revision, "页面已更新".to_owned()))
            .collect::<Result<_>>()?;
        return Ok(Some((PAGE, reports)));
    }
    Ok(None)
}

/// The step that an event says is held up, and of which policies.
fn delays(event: &Heard) -> Result<Option<(&'static str, Vec<Report>)>> {
    if event.is::<IndexingDelayed>() {
        let IndexingDelayed { policies, reason } = event.decode()?;
        return Ok(Some((INDEX, indexed(event, policies, &held_up(&reason))?)));
    }
    if event.is::<FanOutDelayed>() {
        let FanOutDelayed { policy_id, revision, reason } = event.decode()?;
        let detail = held_up(&reason);
        return Ok(Some((NOTIFICATION, vec![report(event, &policy_id, revision, detail)?])));
    }
    Ok(None)
}

fn held_up(reason: &str) -> String {
    format!("暂未完成，正在自动重试：{}", text::excerpt(&text::line(reason), 300))
}

fn report(event: &Heard, policy_id: &str, revision: i64, detail: String) -> Result<Report> {
    Ok(Report { policy_id: policy_id.parse()?, revision, detail, at: event.occurred_at })
}

fn indexed(event: &Heard, policies: Vec<IndexedPolicy>, detail: &str) -> Result<Vec<Report>> {
    policies
        .into_iter()
        .map(|policy| report(event, &policy.policy_id, policy.revision, detail.to_owned()))
        .collect()
}

/// What became of the messages, with every count that is not nought.
fn fan_out(done: &FanOutCompleted) -> String {
    let counts = [
        (done.sent, "已发送"),
        (done.digested, "并入每日摘要"),
        (done.failed, "发送失败"),
        (done.in_doubt, "结果不明"),
    ];
    let told: Vec<_> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{what} {count} 件"))
        .collect();
    match (told.is_empty(), done.reason.is_empty()) {
        (false, _) => told.join("，"),
        (true, false) => done.reason.clone(),
        (true, true) => "没有订阅者".to_owned(),
    }
}

async fn organ_changed(tx: &Tx, event: OrganChanged, revision: i64) -> Result<()> {
    let OrganChanged { organ_code, name, parent_code, kind: _ } = event;
    let organ = OrganRow { code: organ_code, name, parent_code, credit_code: None, revision };
    store::organs::keep(tx, &organ).await
}

async fn interpretation_published(tx: &Tx, event: InterpretationPublished) -> Result<()> {
    let InterpretationPublished { interpretation_id, revision, policy_id, title, kind, .. } = event;
    if policy_id.is_empty() {
        return Ok(());
    }
    let link = LinkRow { policy_id: policy_id.parse()?, interpretation_id, title, kind };
    store::links::keep(tx, &link, revision, false).await
}

async fn interpretation_withdrawn(tx: &Tx, event: InterpretationWithdrawn) -> Result<()> {
    let InterpretationWithdrawn { interpretation_id, revision, policy_id, .. } = event;
    if policy_id.is_empty() {
        return Ok(());
    }
    let (title, kind) = (String::new(), String::new());
    let link = LinkRow { policy_id: policy_id.parse()?, interpretation_id, title, kind };
    store::links::keep(tx, &link, revision, true).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fan_out_tells_every_count_that_is_not_nought() {
        let mut done = FanOutCompleted { sent: 3, failed: 1, ..FanOutCompleted::default() };
        assert_eq!(fan_out(&done), "已发送 3 件，发送失败 1 件");
        done = FanOutCompleted { reason: "历史文件不通知".to_owned(), ..Default::default() };
        assert_eq!(fan_out(&done), "历史文件不通知");
        assert_eq!(fan_out(&FanOutCompleted::default()), "没有订阅者");
    }
}
