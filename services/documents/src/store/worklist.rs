//! The worklist: what a person must look at, although an import went through.

use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::table::Table;
use crate::{
    domain::{PolicyId, WorklistEntryId},
    error::Result,
};

/// An entry that waits for a person.
#[derive(Clone, Debug, FromQueryResult)]
pub struct EntryRow {
    /// Id.
    pub id: WorklistEntryId,
    /// Which policy.
    pub policy_id: PolicyId,
    /// Whose it is.
    pub organ_code: String,
    /// Title of the policy.
    pub title: String,
    /// Stable word.
    pub gate: String,
    /// What was found.
    pub detail: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

const WORKLIST: Table = Table::new(
    "worklist",
    "id, policy_id, organ_code, title, gate, detail, created_at, resolved_at, resolved_by, remark",
);

/// Adds entries.
pub async fn insert(tx: &Tx, rows: Vec<EntryRow>) -> Result<()> {
    let values = |row: EntryRow| -> Vec<Value> {
        vec![
            row.id.into(),
            row.policy_id.into(),
            row.organ_code.into(),
            row.title.into(),
            row.gate.into(),
            row.detail.into(),
            row.created_at.into(),
            None::<DateTime<Utc>>.into(),
            "".into(),
            "".into(),
        ]
    };
    WORKLIST.insert(tx, rows.into_iter().map(values).collect()).await
}

/// Open entries by a condition that a query has composed.
pub async fn select(
    conn: &impl ConnectionTrait,
    condition: &str,
    values: Vec<Value>,
) -> Result<Vec<EntryRow>> {
    Ok(db::all(conn, &format!("{} {condition}", WORKLIST.select()), values).await?)
}

/// Reads an open entry and locks it.
pub async fn lock(tx: &Tx, id: WorklistEntryId) -> Result<Option<EntryRow>> {
    let text =
        format!("{} WHERE id = $1 AND resolved_at IS NULL{}", WORKLIST.select(), tx.for_update());
    Ok(db::one(&**tx, &text, vec![id.into()]).await?)
}

/// Notes that a person has looked at an entry.
pub async fn resolve(
    tx: &Tx,
    id: WorklistEntryId,
    by: &str,
    remark: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    let text = "UPDATE worklist SET resolved_at = $2, resolved_by = $3, remark = $4 WHERE id = $1";
    db::run(&**tx, text, vec![id.into(), at.into(), by.into(), remark.into()]).await?;
    Ok(())
}

/// Blanks what entries repeat of an expunged policy.
pub async fn blank(tx: &Tx, policy: PolicyId, title: &str) -> Result<()> {
    let text = "UPDATE worklist SET title = $2, detail = '' WHERE policy_id = $1";
    db::run(&**tx, text, vec![policy.into(), title.into()]).await?;
    Ok(())
}
