//! Digests: what gathered over a day becomes one message a person.

use chrono::{DateTime, Utc};
use kit::{
    Result,
    db::{self, Tx},
};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::announcements::NoticeRow;
use crate::domain::digest::Digest;

/// Most entries that a digest lists; the rest is counted.
pub const MAX_ENTRIES: usize = 200;

/// Makes one waiting message for everyone who has something in the bucket, and counts them.
///
/// Entries whose day's message has already left stay in the bucket for the next day's.
pub async fn gather(tx: &Tx, digest: Digest, now: DateTime<Utc>) -> Result<u64> {
    let prefix = format!("digest-{}-", digest.day);
    let text = "INSERT INTO deliveries (id, purpose, subscriber_id, subscription_id, state, \
                attempts, was_in_doubt, error, due_at, created_at) \
                SELECT $1 || d.subscriber_id, 'digest', d.subscriber_id, d.subscription_id, \
                'waiting', 0, false, '', $2, $2 FROM deliveries d \
                JOIN subscriptions s ON s.id = d.subscription_id AND s.state = 'confirmed' \
                WHERE d.state = 'digested' AND d.digest_id IS NULL AND d.created_at <= $3 \
                ORDER BY d.created_at, d.id ON CONFLICT (id) DO NOTHING";
    let values = vec![prefix.clone().into(), now.into(), digest.until.into()];
    let made = db::run(&**tx, text, values).await?;
    let text = "UPDATE deliveries SET digest_id = $1 || subscriber_id \
                WHERE state = 'digested' AND digest_id IS NULL AND created_at <= $2 \
                AND EXISTS (SELECT 1 FROM deliveries m WHERE m.state = 'waiting' \
                  AND m.id = $1 || deliveries.subscriber_id) \
                AND EXISTS (SELECT 1 FROM subscriptions s \
                  WHERE s.id = deliveries.subscription_id AND s.state = 'confirmed')";
    db::run(&**tx, text, vec![prefix.into(), digest.until.into()]).await?;
    Ok(made)
}

/// What one digest tells of.
#[derive(Debug, Clone)]
pub struct Entries {
    pub notices: Vec<NoticeRow>,
    pub total: usize,
}

/// Reads what one digest tells of, oldest first.
pub async fn entries(conn: &impl ConnectionTrait, digest_id: &str) -> Result<Entries> {
    #[derive(FromQueryResult)]
    struct Count {
        count: i64,
    }
    let text = "SELECT a.policy_id, a.occasion, a.title, a.document_number, a.organ_name, \
                a.summary, a.reason FROM deliveries d \
                JOIN announcements a ON a.id = d.announcement_id \
                WHERE d.digest_id = $1 ORDER BY a.created_at, a.id LIMIT $2";
    let limit = i64::try_from(MAX_ENTRIES).unwrap_or(i64::MAX);
    let notices = db::all(conn, text, vec![digest_id.into(), limit.into()]).await?;
    let text = "SELECT count(*) AS count FROM deliveries WHERE digest_id = $1";
    let count: Option<Count> = db::one(conn, text, vec![digest_id.into()]).await?;
    let total = count.and_then(|row| usize::try_from(row.count).ok()).unwrap_or(0);
    Ok(Entries { notices, total })
}
