//! Failed sign-ins, counted per typed name whether such an account exists or not.

use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::FromQueryResult;

use crate::error::Error;

/// Failures under one name.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub struct Failures {
    /// How many in a row.
    pub failures: i64,
    /// The latest.
    pub last_at: DateTime<Utc>,
}

/// The failures under a name, whose row is locked if there is one.
pub async fn lock(tx: &Tx, name_hash: &str) -> Result<Option<Failures>, Error> {
    let text = format!(
        "SELECT failures, last_at FROM sign_in_failures WHERE name_hash = $1{}",
        tx.for_update()
    );
    Ok(db::one(&**tx, &text, vec![name_hash.into()]).await?)
}

/// Counts an attempt as failed, until it is forgiven.
pub async fn count(tx: &Tx, name_hash: &str, now: DateTime<Utc>) -> Result<(), Error> {
    let text = "INSERT INTO sign_in_failures (name_hash, failures, last_at) VALUES ($1, 1, $2) \
                ON CONFLICT (name_hash) DO UPDATE \
                SET failures = sign_in_failures.failures + 1, last_at = $2";
    db::run(&**tx, text, vec![name_hash.into(), now.into()]).await?;
    Ok(())
}

/// Forgets the failures under a name.
pub async fn forgive(tx: &Tx, name_hash: &str) -> Result<(), Error> {
    let text = "DELETE FROM sign_in_failures WHERE name_hash = $1";
    db::run(&**tx, text, vec![name_hash.into()]).await?;
    Ok(())
}

/// Forgets what is older.
pub async fn sweep(tx: &Tx, before: DateTime<Utc>) -> Result<u64, Error> {
    let text = "DELETE FROM sign_in_failures WHERE last_at < $1";
    Ok(db::run(&**tx, text, vec![before.into()]).await?)
}
