//! What interpretations knows of policies, copied from what documents says.
//!
//! A withdrawn policy stays as a tombstone: what comes late finds its revision and changes nothing.

use std::collections::HashSet;

use chrono::NaiveDate;
use kit::db::{self, Tx};
use sea_orm::FromQueryResult;

use crate::domain::PolicyId;
use crate::error::Error;

/// The copy of a policy.
#[derive(Debug, Clone, FromQueryResult)]
pub struct PolicyRow {
    /// Its id.
    pub id: PolicyId,
    /// The newest public revision heard of.
    pub revision: i64,
    /// Whether it was taken from the public.
    pub withdrawn: bool,
    /// Title; empty where the public revision was expunged.
    pub title: String,
    /// The drafting organ.
    pub organ_code: String,
    /// 文件类别.
    pub category: String,
    /// YYYY-MM-DD, or empty.
    pub issued_on: String,
}

impl PolicyRow {
    /// The date of issue, if it is known.
    pub fn issued(&self) -> Option<NaiveDate> {
        self.issued_on.parse().ok()
    }
}

const COLUMNS: &str = "id, revision, withdrawn, title, organ_code, category, issued_on";

/// The policy, locked until the transaction ends: whoever changes its task or interpretations
/// comes through here first.
pub async fn lock(tx: &Tx, id: PolicyId) -> Result<Option<PolicyRow>, Error> {
    let text = format!("SELECT {COLUMNS} FROM policies WHERE id = $1{}", tx.for_update());
    Ok(db::one(&**tx, &text, vec![id.into()]).await?)
}

/// Adds policies; answers with the ids of those that were not known.
pub async fn insert(tx: &Tx, rows: &[PolicyRow]) -> Result<HashSet<PolicyId>, Error> {
    let rows = rows.iter().map(values).collect();
    Ok(db::insert_new(tx, "policies", COLUMNS, rows).await?)
}

/// Replaces what is known of a policy, which is locked.
pub async fn update(tx: &Tx, row: &PolicyRow) -> Result<(), Error> {
    let text = "UPDATE policies SET revision = $2, withdrawn = $3, title = $4, organ_code = $5, \
                category = $6, issued_on = $7 WHERE id = $1";
    db::run(&**tx, text, values(row)).await?;
    Ok(())
}

/// Forgets the title of a revision that was expunged.
pub async fn blank(tx: &Tx, id: PolicyId, revision: i64) -> Result<(), Error> {
    let text = "UPDATE policies SET title = '' WHERE id = $1 AND revision = $2";
    db::run(&**tx, text, vec![id.into(), revision.into()]).await?;
    Ok(())
}

fn values(row: &PolicyRow) -> Vec<sea_orm::Value> {
    let PolicyRow { id, revision, withdrawn, title, organ_code, category, issued_on } = row;
    vec![
        (*id).into(),
        (*revision).into(),
        (*withdrawn).into(),
        title.as_str().into(),
        organ_code.as_str().into(),
        category.as_str().into(),
        issued_on.as_str().into(),
    ]
}
