//! Requests that a revision be blanked, and who agreed.

use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::{
    domain::{ExpungeId, PolicyId},
    error::Result,
};

/// A row of `expunges`.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ExpungeRow {
    /// Id.
    pub id: ExpungeId,
    /// Of which policy.
    pub policy_id: PolicyId,
    /// Which revision.
    pub revision: i64,
    /// Why.
    pub ground: String,
    /// Who asked.
    pub requested_by: String,
    /// The name at that time.
    pub requested_name: String,
    /// When.
    pub requested_at: DateTime<Utc>,
}

/// A request that waits for a second person, with what is shown of its policy.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OpenRow {
    /// Id.
    pub id: ExpungeId,
    /// Of which policy.
    pub policy_id: PolicyId,
    /// Its title as it is now.
    pub policy_title: String,
    /// Which revision.
    pub revision: i64,
    /// Why.
    pub ground: String,
    /// Who asked.
    pub requested_by: String,
    /// The name at that time.
    pub requested_name: String,
    /// When.
    pub requested_at: DateTime<Utc>,
}

/// Tables and condition of what waits: nobody agreed, and no other request was first.
const OPEN: &str = "expunges e JOIN policies p ON p.id = e.policy_id \
    WHERE e.approved_at IS NULL AND NOT EXISTS (SELECT 1 FROM revisions r \
    WHERE r.policy_id = e.policy_id AND r.revision = e.revision AND r.expunged_at IS NOT NULL)";

/// Notes a request.
pub async fn insert(tx: &Tx, row: &ExpungeRow) -> Result<()> {
    let text = "INSERT INTO expunges (id, policy_id, revision, ground, requested_by, \
                requested_at, requested_name, approved_by) VALUES ($1, $2, $3, $4, $5, $6, $7, '')";
    let values = vec![
        row.id.into(),
        row.policy_id.into(),
        row.revision.into(),
        row.ground.as_str().into(),
        row.requested_by.as_str().into(),
        row.requested_at.into(),
        row.requested_name.as_str().into(),
    ];
    db::run(&**tx, text, values).await?;
    Ok(())
}

/// Reads and locks a request.
pub async fn lock(tx: &Tx, id: ExpungeId) -> Result<Option<ExpungeRow>> {
    let text = format!(
        "SELECT id, policy_id, revision, ground, requested_by, requested_name, requested_at \
         FROM expunges WHERE id = $1{}",
        tx.for_update()
    );
    Ok(db::one(&**tx, &text, vec![id.into()]).await?)
}

/// Requests that wait, by a further condition that a query has composed.
pub async fn select_open(
    conn: &impl ConnectionTrait,
    condition: &str,
    values: Vec<Value>,
) -> Result<Vec<OpenRow>> {
    let text = format!(
        "SELECT e.id, e.policy_id, p.title AS policy_title, e.revision, e.ground, \
         e.requested_by, e.requested_name, e.requested_at FROM {OPEN} {condition}"
    );
    Ok(db::all(conn, &text, values).await?)
}

/// How many requests wait.
pub async fn count_open(
    conn: &impl ConnectionTrait,
    condition: &str,
    values: Vec<Value>,
) -> Result<i64> {
    let text = format!("SELECT count(*) AS value FROM {OPEN} {condition}");
    let count: Option<i64> = db::scalar(conn, &text, values).await?;
    Ok(count.unwrap_or_default())
}

/// Notes who agreed.
pub async fn approve(tx: &Tx, id: ExpungeId, by: &str, at: DateTime<Utc>) -> Result<()> {
    let text = "UPDATE expunges SET approved_by = $2, approved_at = $3 WHERE id = $1";
    db::run(&**tx, text, vec![id.into(), by.into(), at.into()]).await?;
    Ok(())
}
