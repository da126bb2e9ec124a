//! Changes: who changed which fields, so that a stale etag can be answered with what happened.

use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::{FromQueryResult, Value};

use super::table::Table;
use crate::{
    domain::{Person, PolicyId},
    error::Result,
};

/// A change of a policy or its draft.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Change {
    /// When.
    pub changed_at: DateTime<Utc>,
    /// Who.
    pub name: String,
    /// Names of fields, joined by commas.
    pub fields: String,
}

const CHANGES: Table =
    Table::new("changes", "policy_id, version, changed_at, account_id, name, fields");

/// Notes a change that made this version.
pub async fn note(
    tx: &Tx,
    id: PolicyId,
    version: i64,
    at: DateTime<Utc>,
    who: &Person,
    fields: &[&str],
) -> Result<()> {
    note_many(tx, vec![(id, version)], at, who, fields).await
}

/// Notes the same change of several policies.
pub async fn note_many(
    tx: &Tx,
    versions: Vec<(PolicyId, i64)>,
    at: DateTime<Utc>,
    who: &Person,
    fields: &[&str],
) -> Result<()> {
    let fields = fields.join(",");
    let row = |(id, version): (PolicyId, i64)| -> Vec<Value> {
        vec![
            id.into(),
            version.into(),
            at.into(),
            who.account_id.as_str().into(),
            who.name.as_str().into(),
            fields.as_str().into(),
        ]
    };
    CHANGES.insert(tx, versions.into_iter().map(row).collect()).await
}

/// What happened after a version, oldest first.
pub async fn since(tx: &Tx, id: PolicyId, version: i64) -> Result<Vec<Change>> {
    let text = "SELECT changed_at, name, fields FROM changes \
                WHERE policy_id = $1 AND version > $2 ORDER BY version";
    Ok(db::all(&**tx, text, vec![id.into(), version.into()]).await?)
}
