//! The ledger as the deliverer uses it: taking up, and noting.

use chrono::{DateTime, Utc};
use kit::{
    Result,
    db::{self, Tx},
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use crate::domain::{
    delivery::{State, Verdict},
    subscription::SubscriptionId,
};

/// Asks for a confirmation; at most one message an hour per subscription, whose hour is in the id.
pub async fn ask_confirmation(
    tx: &Tx,
    subscription: SubscriptionId,
    subscriber_id: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let id = format!("confirm-{subscription}-{}", now.format("%Y%m%d%H"));
    let text = "INSERT INTO deliveries (id, purpose, subscriber_id, subscription_id, state, \
                attempts, was_in_doubt, error, due_at, created_at) \
                VALUES ($1, 'confirmation', $2, $3, 'waiting', 0, false, '', $4, $4) \
                ON CONFLICT (id) DO NOTHING";
    let values = vec![id.into(), subscriber_id.into(), subscription.into(), now.into()];
    db::run(&**tx, text, values).await?;
    Ok(())
}

/// How many confirmations an address was asked for since `since`.
pub async fn confirmations_since(
    tx: &Tx,
    subscriber_id: &str,
    since: DateTime<Utc>,
) -> Result<i64> {
    let text = "SELECT count(*) AS value FROM deliveries \
                WHERE purpose = 'confirmation' AND created_at > $2 AND subscriber_id = $1";
    let count = db::scalar(&**tx, text, vec![subscriber_id.into(), since.into()]).await?;
    Ok(count.unwrap_or(0))
}

/// A delivery with everything that its message is made of.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Taken {
    pub id: String,
    pub purpose: String,
    pub attempts: i64,
    pub was_in_doubt: bool,
    pub announcement_id: Option<Uuid>,
    pub subscription_id: Uuid,
    pub subscriber_id: String,
    pub sealed_email: Option<Vec<u8>>,
    pub kind: Option<String>,
    pub value: Option<String>,
    pub label: Option<String>,
    pub policy_id: Option<String>,
    pub revision: Option<i64>,
    pub occasion: Option<String>,
    pub title: Option<String>,
    pub document_number: Option<String>,
    pub organ_name: Option<String>,
    pub summary: Option<String>,
    pub reason: Option<String>,
}

#[derive(FromQueryResult)]
struct Id {
    id: String,
}

/// Takes up deliveries that are due: they are marked as being sent, and the try is counted.
pub async fn take(tx: &Tx, now: DateTime<Utc>, limit: u64) -> Result<Vec<Taken>> {
    let text = format!(
        "UPDATE deliveries SET state = 'sending', attempts = attempts + 1 WHERE id IN (\
           SELECT id FROM deliveries WHERE state IN ('waiting', 'in_doubt') AND due_at <= $1 \
           ORDER BY due_at, id LIMIT $2{}) RETURNING id",
        tx.for_update()
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let ids: Vec<Id> = db::all(&**tx, &text, vec![now.into(), limit.into()]).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "SELECT d.id, d.purpose, d.attempts, d.was_in_doubt, d.announcement_id, \
         d.subscription_id, d.subscriber_id, p.sealed_email, s.kind, s.value, s.label, \
         a.policy_id, a.revision, a.occasion, a.title, a.document_number, a.organ_name, \
         a.summary, a.reason FROM deliveries d \
         LEFT JOIN subscribers p ON p.id = d.subscriber_id \
         LEFT JOIN subscriptions s ON s.id = d.subscription_id \
         LEFT JOIN announcements a ON a.id = d.announcement_id \
         WHERE d.id IN ({}) ORDER BY d.due_at, d.id",
        db::list_of(0, ids.len())
    );
    db::all(&**tx, &text, ids.into_iter().map(|row| row.id.into()).collect()).await
}

/// Whether anything is due.
pub async fn any_due(conn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool> {
    let text = "SELECT 1 AS value FROM deliveries \
                WHERE state IN ('waiting', 'in_doubt') AND due_at <= $1 LIMIT 1";
    let found: Option<i32> = db::scalar(conn, text, vec![now.into()]).await?;
    Ok(found.is_some())
}

/// Notes messages as sent.
pub async fn note_sent(tx: &Tx, ids: &[String], now: DateTime<Utc>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let text = format!(
        "UPDATE deliveries SET state = 'sent', sent_at = $1, error = '' WHERE id IN ({})",
        db::list_of(1, ids.len())
    );
    let mut values: Vec<Value> = vec![now.into()];
    values.extend(ids.iter().map(|id| Value::from(id.as_str())));
    db::run(&**tx, &text, values).await?;
    Ok(())
}

/// Notes what became of a message that was not sent.
pub async fn note(tx: &Tx, id: &str, verdict: &Verdict, now: DateTime<Utc>) -> Result<()> {
    let text = "UPDATE deliveries SET state = $2, error = $3, was_in_doubt = $4, due_at = $5, \
                attempts = attempts - $6 WHERE id = $1 AND state = 'sending'";
    let due = now + chrono::Duration::from_std(verdict.wait).unwrap_or(chrono::Duration::days(1));
    let values = vec![
        id.into(),
        verdict.state.as_str().into(),
        verdict.error.clone().into(),
        verdict.was_in_doubt.into(),
        due.into(),
        i64::from(!verdict.counted).into(),
    ];
    db::run(&**tx, text, values).await?;
    Ok(())
}

/// A delivery that was found cut off.
#[derive(Debug, Clone, FromQueryResult)]
pub struct CutOff {
    pub id: String,
    pub attempts: i64,
    pub was_in_doubt: bool,
    pub announcement_id: Option<Uuid>,
    pub policy_id: Option<String>,
    pub revision: Option<i64>,
    pub purpose: String,
}

/// Deliveries that were being sent when the last deliverer ended.
pub async fn cut_off(tx: &Tx) -> Result<Vec<CutOff>> {
    let text = "SELECT d.id, d.attempts, d.was_in_doubt, d.announcement_id, a.policy_id, \
                a.revision, d.purpose FROM deliveries d \
                LEFT JOIN announcements a ON a.id = d.announcement_id \
                WHERE d.state = 'sending' ORDER BY d.id";
    db::all(&**tx, text, vec![]).await
}

/// Takes back what waits for a subscription that has ended, and tells of which announcements.
pub async fn take_back(tx: &Tx, subscription: SubscriptionId) -> Result<Vec<Uuid>> {
    #[derive(FromQueryResult)]
    struct Row {
        announcement_id: Option<Uuid>,
    }
    let text = "DELETE FROM deliveries WHERE subscription_id = $1 AND state = 'waiting' \
                AND purpose <> 'digest' RETURNING announcement_id";
    let rows: Vec<Row> = db::all(&**tx, text, vec![subscription.into()]).await?;
    Ok(rows.into_iter().filter_map(|row| row.announcement_id).collect())
}

/// The state of one delivery.
pub async fn state(conn: &impl ConnectionTrait, id: &str) -> Result<Option<State>> {
    let text = "SELECT state AS value FROM deliveries WHERE id = $1";
    let word: Option<String> = db::scalar(conn, text, vec![id.into()]).await?;
    Ok(word.and_then(|word| State::read(&word)))
}
