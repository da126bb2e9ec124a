//! Forgetting what need not be known any longer.

use chrono::{DateTime, TimeDelta, Utc};
use kit::db::Db;

use crate::{error::Error, store::subscriptions};

/// Forgets subscriptions that nobody confirmed or that ended longer than `keep` ago, and the
/// addresses that nothing needs.
pub async fn forget(db: &Db, now: DateTime<Utc>, keep: TimeDelta) -> Result<u64, Error> {
    let tx = db.begin().await?;
    let gone = subscriptions::forget(&tx, now - keep).await?;
    tx.commit().await?;
    Ok(gone)
}
