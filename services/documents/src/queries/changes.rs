//! What the public saw change: publications and corrections from the revisions, changes of effect
//! from the days on which they happen.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use contracts::documents::{
    ChangeKind, Count, ListChangesRequest, ListChangesResponse, PolicyChange,
};
use kit::{clock::day_of, db, page::Page};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{effect, unsigned};
use crate::{
    commands::Documents,
    domain::{
        PolicyId, day,
        effect::{Event, Verdict, events},
    },
    error::{Error, Result},
    store::{
        policies::PolicyRow,
        whole::{self, Which, Whole, With},
    },
};

const MOST_PER_PAGE: u32 = 200;
/// Days of one question.
const MOST_DAYS: i64 = 31;
/// Revisions, and policies with another effect, of one question: more than any city has in a
/// month, save where it takes in its whole past, which is not told one by one.
const MOST: i64 = 5000;
/// The kinds with their stable words, in the order in which a day tells of them.
const KINDS: [(ChangeKind, &str); 8] = [
    (ChangeKind::Published, "published"),
    (ChangeKind::Corrected, "corrected"),
    (ChangeKind::Withdrawn, "withdrawn"),
    (ChangeKind::Commenced, "commenced"),
    (ChangeKind::Amended, "amended"),
    (ChangeKind::Repealed, "repealed"),
    (ChangeKind::Lapsed, "lapsed"),
    (ChangeKind::Revived, "revived"),
];

impl Documents {
    /// What changed within some days, oldest day first, a page at a time.
    pub async fn changes(&self, request: &ListChangesRequest) -> Result<ListChangesResponse> {
        let (from, to) = days(request)?;
        let page = Page::parse(request.page_size, &request.page_token, MOST_PER_PAGE)?;
        let snapshot = self.db.snapshot().await?;
        let organ = request.organ_code.as_str();
        let mut changes = of_revisions(&snapshot, from, to, organ).await?;
        changes.extend(of_effects(&snapshot, from, to, organ).await?);
        changes.sort_by_key(key);
        let kinds = KINDS.iter().filter_map(|(kind, word)| {
            let count = changes.iter().filter(|change| change.kind() == *kind).count();
            (count > 0).then(|| Count {
                key: (*word).to_owned(),
                label: String::new(),
                count: count as u64,
            })
        });
        let (kinds, total) = (kinds.collect(), changes.len() as u64);
        let backfilled = backfilled(&snapshot, from, to, organ).await?;
        if let Some(after) = page.after::<4>()? {
            changes.retain(|change| key(change).as_slice() > after.as_slice());
        }
        let next_page_token = page.cut(&mut changes, |last| key(last).to_vec());
        Ok(ListChangesResponse { changes, next_page_token, total, kinds, backfilled })
    }
}

/// By day, then kind; the rest tells changes of one day and kind apart.
fn key(change: &PolicyChange) -> [String; 4] {
    let revision = format!("{:020}", change.revision);
    [change.on.clone(), change.kind.to_string(), change.policy_id.clone(), revision]
}

fn days(request: &ListChangesRequest) -> Result<(NaiveDate, NaiveDate)> {
    let read = |field: &'static str, text: &str| {
        let day = day::read(text).map_err(|error| Error::invalid(field, error))?;
        day.ok_or_else(|| Error::invalid(field, "请写明日期，如 2026-06-30"))
    };
    let (from, to) = (read("from", &request.from)?, read("to", &request.to)?);
    if to < from {
        return Err(Error::invalid("to", "最后一天不能早于第一天"));
    }
    if (to - from).num_days() >= MOST_DAYS {
        return Err(Error::invalid("to", format!("一次最多查询 {MOST_DAYS} 天")));
    }
    Ok((from, to))
}

/// The instants between which a stretch of days lies in China.
fn instants(from: NaiveDate, to: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(8);
    (start(from), start(to) + TimeDelta::days(1))
}

/// A public revision with what is told of its policy.
#[derive(FromQueryResult)]
struct RevisedRow {
    policy_id: PolicyId,
    revision: i64,
    occasion: String,
    published_at: DateTime<Utc>,
    reason: String,
    title: String,
    document_number: String,
    organ_code: String,
    organ_name: String,
    category: String,
}

/// Publications, corrections and withdrawals; older documents that were taken in are counted only.
async fn of_revisions(
    conn: &impl ConnectionTrait,
    from: NaiveDate,
    to: NaiveDate,
    organ: &str,
) -> Result<Vec<PolicyChange>> {
    let text = "SELECT r.policy_id, r.revision, r.occasion, r.published_at, r.reason, p.title, \
                p.document_number, p.organ_code, p.organ_name, p.category \
                FROM revisions r JOIN policies p ON p.id = r.policy_id \
                WHERE r.published_at >= $1 AND r.published_at < $2 AND r.expunged_at IS NULL \
                AND p.expunged = $3 AND ($4 = '' OR p.organ_code = $4) \
                AND (r.occasion = 'withdrawn' OR p.state = 'published') \
                AND (r.occasion <> 'published' OR p.backfill = $3) \
                ORDER BY r.published_at, r.policy_id, r.revision LIMIT $5";
    let (start, end) = instants(from, to);
    let values = vec![start.into(), end.into(), false.into(), organ.into(), MOST.into()];
    let rows: Vec<RevisedRow> = db::all(conn, text, values).await?;
    rows.into_iter().map(revised).collect()
}

fn revised(row: RevisedRow) -> Result<PolicyChange> {
    let kind = KINDS.iter().find(|(_, word)| *word == row.occasion).map(|(kind, _)| *kind);
    let kind = kind.ok_or(Error::Inconsistent("revisions.occasion"))?;
    Ok(PolicyChange {
        kind: kind.into(),
        on: day::write(Some(day_of(row.published_at))),
        reason: row.reason,
        policy_id: row.policy_id.to_string(),
        title: row.title,
        document_number: row.document_number,
        organ_code: row.organ_code,
        organ_name: row.organ_name,
        category: row.category,
        revision: row.revision,
        by_policy_id: String::new(),
    })
}

async fn backfilled(
    conn: &impl ConnectionTrait,
    from: NaiveDate,
    to: NaiveDate,
    organ: &str,
) -> Result<u64> {
    let text = "SELECT count(*) AS value FROM revisions r JOIN policies p ON p.id = r.policy_id \
                WHERE r.published_at >= $1 AND r.published_at < $2 AND r.occasion = 'published' \
                AND p.backfill = $3 AND p.state = 'published' AND p.expunged = $4 \
                AND ($5 = '' OR p.organ_code = $5)";
    let (start, end) = instants(from, to);
    let values = vec![start.into(), end.into(), true.into(), false.into(), organ.into()];
    let count: Option<i64> = db::scalar(conn, text, values).await?;
    Ok(unsigned(count.unwrap_or_default()))
}

/// Changes of effect: of every policy about which something begins or ends on one of the days.
async fn of_effects(
    conn: &impl ConnectionTrait,
    from: NaiveDate,
    to: NaiveDate,
    organ: &str,
) -> Result<Vec<PolicyChange>> {
    const CLAUSE: &str = "WHERE state = 'published' AND expunged = $1 \
        AND ($2 = '' OR organ_code = $2) AND id IN (\
        SELECT id FROM policies WHERE effective_on <> '' AND effective_on BETWEEN $3 AND $4 \
        UNION SELECT id FROM policies WHERE last_day <> '' AND last_day BETWEEN $5 AND $6 \
        UNION SELECT id FROM policies WHERE overruled_from <> '' \
        AND overruled_from BETWEEN $3 AND $4 \
        UNION SELECT target_policy_id FROM relations WHERE starts_on <> '' \
        AND starts_on BETWEEN $3 AND $4 AND target_policy_id IS NOT NULL \
        AND kind IN ('repeals', 'amends')) ORDER BY id LIMIT $7";
    let written = |day: NaiveDate| day::write(Some(day));
    // A policy is in force on its last day and lapses on the next one.
    let before = |day: NaiveDate| written(day.checked_sub_days(Days::new(1)).unwrap_or(day));
    let values = vec![
        false.into(),
        organ.into(),
        written(from).into(),
        written(to).into(),
        before(from).into(),
        before(to).into(),
        MOST.into(),
    ];
    let which = Which { clause: CLAUSE, values, order: "id" };
    let found = whole::select(conn, With { bodies: false, drafts: false }, which).await?;
    let mut changes = Vec::new();
    for Whole { row, inbound, .. } in found {
        for (on, event, verdict) in events(&effect::grounds(&row, &inbound)?) {
            if (from..=to).contains(&on)
                && let Some(kind) = told(event)
            {
                changes.push(turn(&row, kind, on, &verdict));
            }
        }
    }
    Ok(changes)
}

/// What readers are told of an event; that a policy is put off is none to them.
const fn told(event: Event) -> Option<ChangeKind> {
    match event {
        Event::CameIntoForce => Some(ChangeKind::Commenced),
        Event::Amended => Some(ChangeKind::Amended),
        Event::Lapsed => Some(ChangeKind::Lapsed),
        Event::Repealed => Some(ChangeKind::Repealed),
        Event::Restored => Some(ChangeKind::Revived),
        Event::PutOff => None,
    }
}

fn turn(row: &PolicyRow, kind: ChangeKind, on: NaiveDate, verdict: &Verdict) -> PolicyChange {
    PolicyChange {
        kind: kind.into(),
        on: day::write(Some(on)),
        reason: verdict.reason.to_string(),
        policy_id: row.id.to_string(),
        title: row.title.clone(),
        document_number: row.document_number.clone(),
        organ_code: row.organ_code.clone(),
        organ_name: row.organ_name.clone(),
        category: row.category.clone(),
        revision: 0,
        by_policy_id: effect::by_policy_id(verdict),
    }
}
