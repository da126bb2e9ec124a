//! Organs: a copy of what identity says, so that commands need not ask.

use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::error::Result;

/// An organ as this service knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct OrganRow {
    /// Stable short name.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Code of the organ above.
    pub parent_code: String,
    /// Credit code, empty where it has none; `None` where identity was not asked since a change.
    pub credit_code: Option<String>,
    /// Identity's revision.
    pub revision: i64,
}

const COLUMNS: &str = "SELECT code, name, parent_code, credit_code, revision FROM organs";

/// Reads an organ.
pub async fn find(conn: &impl ConnectionTrait, code: &str) -> Result<Option<OrganRow>> {
    Ok(db::one(conn, &format!("{COLUMNS} WHERE code = $1"), vec![code.into()]).await?)
}

/// Reads organs by their full names.
pub async fn by_names(conn: &impl ConnectionTrait, names: &[&str]) -> Result<Vec<OrganRow>> {
    let mut found = Vec::new();
    for some in names.chunks(200) {
        let text =
            format!("{COLUMNS} WHERE name IN ({}) ORDER BY code", db::list_of(0, some.len()));
        let values = some.iter().map(|name| (*name).into()).collect();
        found.extend(db::all::<OrganRow>(conn, &text, values).await?);
    }
    Ok(found)
}

/// Keeps an organ unless a newer one is here; what is not known of it stays unknown.
pub async fn keep(tx: &Tx, organ: &OrganRow) -> Result<()> {
    let text = "INSERT INTO organs (code, name, parent_code, credit_code, revision) \
                VALUES ($1, $2, $3, $4, $5) \
                ON CONFLICT (code) DO UPDATE SET name = excluded.name, \
                  parent_code = excluded.parent_code, credit_code = excluded.credit_code, \
                  revision = excluded.revision \
                WHERE organs.revision < excluded.revision \
                  OR (organs.revision = excluded.revision AND organs.credit_code IS NULL)";
    let OrganRow { code, name, parent_code, credit_code, revision } = organ.clone();
    let values =
        vec![code.into(), name.into(), parent_code.into(), credit_code.into(), revision.into()];
    db::run(&**tx, text, values).await?;
    Ok(())
}
