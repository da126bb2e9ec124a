//! Taking up deliveries, and noting what became of them.

use std::collections::{BTreeMap, BTreeSet};

use contracts::notification::DeliveryFailed;
use kit::{
    clock::Clock,
    db::Db,
    outbox::{self, NewEvent, Subject},
};
use uuid::Uuid;

use super::fan_out::{self, ACTOR};
use crate::{
    domain::delivery::{Outcome, Patience, State},
    error::Error,
    store::deliveries::{self, CutOff, Taken},
};

/// Marks what is due as being sent, and commits before anything leaves the house.
pub async fn take(db: &Db, clock: &dyn Clock, limit: u64) -> Result<Vec<Taken>, Error> {
    let now = clock.now();
    if !deliveries::any_due(db.conn(), now).await? {
        return Ok(Vec::new());
    }
    let tx = db.begin().await?;
    let taken = deliveries::take(&tx, now, limit).await?;
    tx.commit().await?;
    Ok(taken)
}

/// What became of one delivery.
#[derive(Debug, Clone)]
pub struct Report {
    pub id: String,
    pub attempts: i64,
    pub was_in_doubt: bool,
    pub announcement_id: Option<Uuid>,
    pub policy_id: Option<String>,
    pub revision: Option<i64>,
    /// Whether its failure is of interest to others: that of a confirmation is not, since
    /// anybody can type an address that does not exist.
    pub telling: bool,
    pub outcome: Outcome,
}

impl Report {
    /// Reports on a delivery that was taken up.
    pub fn of(taken: &Taken, outcome: Outcome) -> Self {
        Self {
            id: taken.id.clone(),
            attempts: taken.attempts,
            was_in_doubt: taken.was_in_doubt,
            announcement_id: taken.announcement_id,
            policy_id: taken.policy_id.clone(),
            revision: taken.revision,
            telling: taken.purpose != "confirmation",
            outcome,
        }
    }

    fn cut_off(row: CutOff, outcome: Outcome) -> Self {
        let CutOff { id, attempts, was_in_doubt, announcement_id, policy_id, revision, purpose } =
            row;
        Self {
            id,
            attempts,
            was_in_doubt,
            announcement_id,
            policy_id,
            revision,
            telling: purpose != "confirmation",
            outcome,
        }
    }

    fn failure(&self, error: &str) -> NewEvent {
        let event = DeliveryFailed {
            delivery_id: self.id.clone(),
            policy_id: self.policy_id.clone().unwrap_or_default(),
            revision: self.revision.unwrap_or_default(),
            error: error.to_owned(),
        };
        let aggregate = format!("deliveries/{}", self.id);
        NewEvent::of(&event, Subject { aggregate: &aggregate, revision: 1 })
    }
}

/// Notes what became of deliveries, and says of which announcements all is done.
pub async fn note(
    db: &Db,
    clock: &dyn Clock,
    patience: &Patience,
    reports: Vec<Report>,
) -> Result<(), Error> {
    if reports.is_empty() {
        return Ok(());
    }
    let now = clock.now();
    let mut sent = Vec::new();
    let mut failures = Vec::new();
    let mut announcements = BTreeSet::new();
    let mut delays = BTreeMap::new();
    let tx = db.begin().await?;
    for report in reports {
        let verdict = patience.judge(report.outcome.clone(), report.attempts, report.was_in_doubt);
        if matches!(verdict.state, State::Sent | State::Failed) {
            announcements.extend(report.announcement_id);
        }
        if verdict.state == State::Sent {
            sent.push(report.id);
            continue;
        }
        deliveries::note(&tx, &report.id, &verdict, now).await?;
        if matches!(verdict.state, State::Waiting | State::InDoubt)
            && !verdict.error.is_empty()
            && let Some(announcement) = report.announcement_id
        {
            delays.insert(announcement, verdict.error.clone());
        }
        if verdict.state == State::Failed {
            tracing::warn!(delivery.id = report.id, error = verdict.error, "a delivery failed");
            if report.telling {
                failures.push(report.failure(&verdict.error));
            }
        }
    }
    deliveries::note_sent(&tx, &sent, now).await?;
    outbox::append_many(&tx, clock, failures, ACTOR).await?;
    // Addresses of one publication may be held up by different things: one of them is told.
    let delays: Vec<(Uuid, String)> = delays.into_iter().collect();
    fan_out::delay(&tx, clock, &delays).await?;
    let announcements: Vec<Uuid> = announcements.into_iter().collect();
    fan_out::settle(&tx, clock, &announcements, "收件人已退订").await?;
    tx.commit().await?;
    Ok(())
}

/// Looks after what was being sent when the last deliverer ended.
///
/// Where the transport writes the same message only once, it is simply sent again; elsewhere
/// it may have got through, and is in doubt.
pub async fn recover(
    db: &Db,
    clock: &dyn Clock,
    patience: &Patience,
    exactly_once: bool,
) -> Result<usize, Error> {
    let tx = db.begin().await?;
    let rows = deliveries::cut_off(&tx).await?;
    tx.rollback().await?;
    let outcome = if exactly_once {
        Outcome::Untouched
    } else {
        Outcome::InDoubt("投递时服务中断".to_owned())
    };
    let reports: Vec<Report> =
        rows.into_iter().map(|row| Report::cut_off(row, outcome.clone())).collect();
    let count = reports.len();
    note(db, clock, patience, reports).await?;
    Ok(count)
}
