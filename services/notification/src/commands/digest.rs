//! The day's digest.

use chrono::{DateTime, NaiveTime, Utc};
use kit::db::Db;

use crate::{domain::digest, error::Error, store::digests};

/// Makes the messages of the newest digest that is due; doing it again adds nothing.
pub async fn make(db: &Db, now: DateTime<Utc>, at: NaiveTime) -> Result<u64, Error> {
    let Some(digest) = digest::newest(now, at) else { return Ok(0) };
    let tx = db.begin().await?;
    let made = digests::gather(&tx, digest, now).await?;
    tx.commit().await?;
    Ok(made)
}
