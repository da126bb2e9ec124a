//! Subscribers and their subscriptions.

use chrono::{DateTime, Utc};
use kit::{
    Result,
    db::{self, Tx},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::domain::{
    interest::Interest,
    subscription::{State, SubscriptionId},
};

/// A subscription with the sealed address of its subscriber, where that is still kept.
#[derive(Debug, Clone, FromQueryResult)]
pub struct SubscriptionRow {
    pub id: Uuid,
    pub subscriber_id: String,
    pub kind: String,
    pub value: String,
    pub label: String,
    pub state: String,
    pub created_at: DateTime<Utc>,
    pub sealed_email: Option<Vec<u8>>,
}

impl SubscriptionRow {
    /// Its id.
    pub fn id(&self) -> SubscriptionId {
        self.id.into()
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        State::read(&self.state)
    }
}

const SELECT: &str = "SELECT s.id, s.subscriber_id, s.kind, s.value, s.label, s.state, \
                      s.created_at, p.sealed_email \
                      FROM subscriptions s LEFT JOIN subscribers p ON p.id = s.subscriber_id";

/// Keeps a subscriber's sealed address; one that is there stays as it is.
pub async fn keep_subscriber(
    tx: &Tx,
    id: &str,
    sealed_email: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<()> {
    let text = "INSERT INTO subscribers (id, sealed_email, created_at) VALUES ($1, $2, $3) \
                ON CONFLICT (id) DO NOTHING";
    db::run(&**tx, text, vec![id.into(), sealed_email.into(), now.into()]).await?;
    Ok(())
}

/// Notes a subscription as asked for; one of the same subscriber and interest stays as it is.
/// Answers with the row, locked.
pub async fn keep(
    tx: &Tx,
    fresh: SubscriptionId,
    subscriber_id: &str,
    interest: &Interest,
    now: DateTime<Utc>,
) -> Result<SubscriptionRow> {
    let text = "INSERT INTO subscriptions \
                (id, subscriber_id, kind, value, label, state, created_at, changed_at) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
                ON CONFLICT (subscriber_id, kind, value) DO NOTHING";
    let values = vec![
        fresh.into(),
        subscriber_id.into(),
        interest.kind.as_str().into(),
        interest.value.clone().into(),
        interest.label.clone().into(),
        State::Asked.as_str().into(),
        now.into(),
    ];
    db::run(&**tx, text, values).await?;
    let text = format!(
        "{SELECT} WHERE s.subscriber_id = $1 AND s.kind = $2 AND s.value = $3{}",
        of_subscriptions(tx)
    );
    let values =
        vec![subscriber_id.into(), interest.kind.as_str().into(), interest.value.clone().into()];
    db::one(&**tx, &text, values)
        .await?
        .ok_or(kit::Error::Impossible("a subscription that was just kept is gone"))
}

/// One subscription, locked.
pub async fn lock(tx: &Tx, id: SubscriptionId) -> Result<Option<SubscriptionRow>> {
    let text = format!("{SELECT} WHERE s.id = $1{}", of_subscriptions(tx));
    db::one(&**tx, &text, vec![id.into()]).await
}

/// One subscription.
pub async fn find(
    conn: &impl ConnectionTrait,
    id: SubscriptionId,
) -> Result<Option<SubscriptionRow>> {
    db::one(conn, &format!("{SELECT} WHERE s.id = $1"), vec![id.into()]).await
}

/// Moves a subscription to another state.
pub async fn set_state(
    tx: &Tx,
    id: SubscriptionId,
    state: State,
    label: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let text = "UPDATE subscriptions SET state = $2, label = $3, changed_at = $4 WHERE id = $1";
    let values = vec![id.into(), state.as_str().into(), label.into(), now.into()];
    db::run(&**tx, text, values).await?;
    Ok(())
}

/// Subscriptions, newest first.
pub async fn page(
    conn: &impl ConnectionTrait,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: u64,
) -> Result<Vec<SubscriptionRow>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let (condition, mut values) = match after {
        Some((at, id)) => (" WHERE (s.created_at, s.id) < ($2, $3)", vec![at.into(), id.into()]),
        None => ("", Vec::new()),
    };
    values.insert(0, limit.into());
    let text = format!("{SELECT}{condition} ORDER BY s.created_at DESC, s.id DESC LIMIT $1");
    db::all(conn, &text, values).await
}

/// Forgets what nobody confirmed and what was ended before `before`, and the addresses that no
/// living subscription or open delivery needs.
pub async fn forget(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    let text = "DELETE FROM subscriptions WHERE state <> 'confirmed' AND changed_at < $1";
    let gone = db::run(&**tx, text, vec![before.into()]).await?;
    let text = "DELETE FROM subscribers WHERE \
                NOT EXISTS (SELECT 1 FROM subscriptions s \
                  WHERE s.subscriber_id = subscribers.id AND s.state <> 'ended') \
                AND NOT EXISTS (SELECT 1 FROM deliveries d \
                  WHERE d.subscriber_id = subscribers.id \
                  AND d.state IN ('waiting', 'sending', 'in_doubt'))";
    db::run(&**tx, text, vec![]).await?;
    Ok(gone)
}

/// The lock is for the subscription only: PostgreSQL refuses it for the outer side of the join.
fn of_subscriptions(tx: &Tx) -> String {
    match tx.for_update() {
        "" => String::new(),
        lock => format!("{lock} OF s"),
    }
}
