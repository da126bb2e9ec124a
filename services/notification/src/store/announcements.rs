//! What was announced, and to whom: one set-based statement per announcement, however many people
//! asked.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use kit::{
    Result,
    db::{self, Tx},
};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::domain::{
    delivery::State,
    news::{News, Notice, Occasion},
};

/// Notes announcements; answers with the ids of those whose events were not announced before.
pub async fn insert(tx: &Tx, news: &[(Uuid, News)], now: DateTime<Utc>) -> Result<HashSet<Uuid>> {
    let columns = "id, policy_id, revision, occasion, title, document_number, organ_name, summary, \
                   reason, created_at";
    let rows = news.iter().map(|(id, news)| values(*id, news, now)).collect();
    db::insert_new(tx, "announcements", columns, rows).await
}

fn values(id: Uuid, news: &News, now: DateTime<Utc>) -> Vec<Value> {
    let Notice { occasion, policy_id, title, document_number, organ_name, summary, reason } =
        &news.notice;
    vec![
        id.into(),
        policy_id.as_str().into(),
        news.revision.into(),
        occasion.as_str().into(),
        title.as_str().into(),
        document_number.as_str().into(),
        organ_name.as_str().into(),
        summary.as_str().into(),
        reason.as_str().into(),
        now.into(),
    ]
}

/// Writes the ledger row of everyone who asked to hear of it, and counts them.
///
/// The row's id is made of event and subscriber: somebody with two fitting subscriptions gets one
/// row, and the message's id is the same whenever it is made.
pub async fn address(
    tx: &Tx,
    id: Uuid,
    news: &News,
    state: State,
    now: DateTime<Utc>,
) -> Result<u64> {
    let text = "INSERT INTO deliveries (id, purpose, announcement_id, subscriber_id, \
                subscription_id, state, attempts, was_in_doubt, error, due_at, created_at) \
                SELECT $1 || '-' || s.subscriber_id, 'announcement', $2, s.subscriber_id, s.id, \
                $3, 0, false, '', $4, $4 FROM subscriptions s \
                WHERE s.state = 'confirmed' AND (\
                  (s.kind = 'all' AND s.value = '') \
                  OR (s.kind = 'organ' AND s.value = $5) \
                  OR (s.kind = 'category' AND s.value = $6) \
                  OR (s.kind = 'policy' AND s.value = $7) \
                  OR (s.kind = 'keyword' AND replace($8, s.value, '') <> $8)) \
                ORDER BY s.created_at, s.id ON CONFLICT (id) DO NOTHING";
    let values: Vec<Value> = vec![
        id.to_string().into(),
        id.into(),
        state.as_str().into(),
        now.into(),
        news.organ_code.clone().into(),
        news.category.clone().into(),
        news.notice.policy_id.clone().into(),
        news.text.clone().into(),
    ];
    db::run(&**tx, text, values).await
}

/// An announcement of which something is to be said.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Settled {
    pub id: Uuid,
    pub policy_id: String,
    pub revision: i64,
    pub occasion: String,
}

/// How many deliveries of an announcement ended how.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Tally {
    pub announcement_id: Uuid,
    pub state: String,
    pub was_in_doubt: bool,
    pub count: i64,
}

/// Completes those of `ids` that have no open delivery; each is completed once.
///
/// The announcements are locked first: of two transactions that each note the other's last
/// delivery, the second then sees what the first has noted.
pub async fn complete(tx: &Tx, ids: &[Uuid], now: DateTime<Utc>) -> Result<Vec<Settled>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list = db::list_of(0, ids.len());
    let of_ids = || ids.iter().map(|id| Value::from(*id)).collect::<Vec<_>>();
    let lock = format!(
        "SELECT id, policy_id, revision, occasion FROM announcements WHERE id IN ({list}) \
         AND completed_at IS NULL ORDER BY id{}",
        tx.for_update()
    );
    db::all::<Settled>(&**tx, &lock, of_ids()).await?;
    let text = format!(
        "UPDATE announcements SET completed_at = ${} WHERE id IN ({list}) \
         AND completed_at IS NULL AND NOT EXISTS (SELECT 1 FROM deliveries d \
           WHERE d.announcement_id = announcements.id \
           AND d.state IN ('waiting', 'sending', 'in_doubt')) \
         RETURNING id, policy_id, revision, occasion",
        ids.len() + 1
    );
    let mut values = of_ids();
    values.push(now.into());
    db::all(&**tx, &text, values).await
}

/// Notes what keeps an open announcement; answers with it where that is news.
pub async fn note_delay(tx: &Tx, id: Uuid, reason: &str) -> Result<Option<Settled>> {
    let text = "UPDATE announcements SET delay = $2 WHERE id = $1 AND delay <> $2 \
                AND completed_at IS NULL RETURNING id, policy_id, revision, occasion";
    db::one(&**tx, text, vec![id.into(), reason.into()]).await
}

/// Counts the deliveries of announcements.
pub async fn tally(tx: &Tx, ids: &[Uuid]) -> Result<Vec<Tally>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "SELECT announcement_id, state, was_in_doubt, count(*) AS count FROM deliveries \
         WHERE announcement_id IN ({}) GROUP BY announcement_id, state, was_in_doubt",
        db::list_of(0, ids.len())
    );
    db::all(&**tx, &text, ids.iter().map(|id| Value::from(*id)).collect()).await
}

/// The part of an announcement that a message shows.
#[derive(Debug, Clone, FromQueryResult)]
pub struct NoticeRow {
    pub policy_id: String,
    pub occasion: String,
    pub title: String,
    pub document_number: String,
    pub organ_name: String,
    pub summary: String,
    pub reason: String,
}

impl From<NoticeRow> for Notice {
    fn from(row: NoticeRow) -> Self {
        let NoticeRow { policy_id, occasion, title, document_number, organ_name, summary, reason } =
            row;
        Self {
            occasion: Occasion::read(&occasion),
            policy_id,
            title,
            document_number,
            organ_name,
            summary,
            reason,
        }
    }
}
