//! The same request twice has one effect and the same answer.
//!
//! A command looks its `request_id` up after it has checked that the caller may ask at all, and
//! remembers its answer in its own transaction.

use chrono::{DateTime, Utc};

use crate::{
    Error, Result,
    clock::Clock,
    db::{self, Tx},
};

pub(crate) const DDL: &str = "
CREATE TABLE answered_requests (
    request_id text NOT NULL,
    method text NOT NULL,
    response bytea NOT NULL,
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (request_id, method)
);
CREATE INDEX answered_requests_by_age ON answered_requests (answered_at);
";

/// The answer that `method` gave to this request before; an empty `request_id` names none.
pub async fn find(tx: &Tx, request_id: &str, method: &str) -> Result<Option<Vec<u8>>> {
    if request_id.is_empty() {
        return Ok(None);
    }
    db::scalar(
        &**tx,
        "SELECT response AS value FROM answered_requests WHERE request_id = $1 AND method = $2",
        vec![request_id.into(), method.into()],
    )
    .await
}

/// Keeps the answer to a request for its repetition.
///
/// A repetition that is under way at the same time makes this one fail, to be tried again.
pub async fn remember(
    tx: &Tx,
    clock: &dyn Clock,
    request_id: &str,
    method: &str,
    response: &[u8],
) -> Result<()> {
    if request_id.is_empty() {
        return Ok(());
    }
    let rows = db::run(
        &**tx,
        "INSERT INTO answered_requests (request_id, method, response, answered_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (request_id, method) DO NOTHING",
        vec![request_id.into(), method.into(), response.to_vec().into(), clock.now().into()],
    )
    .await?;
    if rows == 0 { Err(Error::RequestInFlight) } else { Ok(()) }
}

/// Forgets the answers given before `before`; nobody repeats a request after so long.
pub async fn forget(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    let values = vec![before.into()];
    db::run(&**tx, "DELETE FROM answered_requests WHERE answered_at < $1", values).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::ManualClock, db::Db};

    #[tokio::test]
    async fn a_repeated_request_finds_its_answer_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&db::Place::File(folder.path().join("a.db"))).await.unwrap();
        db.migrate(&[&[db::Migration { name: "requests", sql: DDL }]]).await.unwrap();
        let clock = ManualClock::default();
        let tx = db.begin().await.unwrap();
        assert_eq!(find(&tx, "r1", "Publish").await.unwrap(), None);
        remember(&tx, &clock, "r1", "Publish", &[1, 2]).await.unwrap();
        remember(&tx, &clock, "", "Publish", &[3]).await.unwrap();
        assert_eq!(find(&tx, "r1", "Publish").await.unwrap(), Some(vec![1, 2]));
        assert_eq!(find(&tx, "r1", "Withdraw").await.unwrap(), None);
        assert_eq!(find(&tx, "", "Publish").await.unwrap(), None);
        let again = remember(&tx, &clock, "r1", "Publish", &[4]).await;
        assert!(matches!(again, Err(Error::RequestInFlight)));
        assert_eq!(forget(&tx, clock.now() + chrono::TimeDelta::days(1)).await.unwrap(), 1);
    }
}
