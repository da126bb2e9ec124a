//! Requests that a revision be blanked, and who agreed.

use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::FromQueryResult;

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
}

/// Notes a request.
pub async fn insert(tx: &Tx, row: &ExpungeRow, at: DateTime<Utc>) -> Result<()> {
    let text = "INSERT INTO expunges (id, policy_id, revision, ground, requested_by, \
                requested_at, approved_by) VALUES ($1, $2, $3, $4, $5, $6, '')";
    let values = vec![
        row.id.into(),
        row.policy_id.into(),
        row.revision.into(),
        row.ground.as_str().into(),
        row.requested_by.as_str().into(),
        at.into(),
    ];
    db::run(&**tx, text, values).await?;
    Ok(())
}

/// Reads and locks a request.
pub async fn lock(tx: &Tx, id: ExpungeId) -> Result<Option<ExpungeRow>> {
    let text = format!(
        "SELECT id, policy_id, revision, ground, requested_by FROM expunges \
         WHERE id = $1{}",
        tx.for_update()
    );
    Ok(db::one(&**tx, &text, vec![id.into()]).await?)
}

/// Notes who agreed.
pub async fn approve(tx: &Tx, id: ExpungeId, by: &str, at: DateTime<Utc>) -> Result<()> {
    let text = "UPDATE expunges SET approved_by = $2, approved_at = $3 WHERE id = $1";
    db::run(&**tx, text, vec![id.into(), by.into(), at.into()]).await?;
    Ok(())
}
