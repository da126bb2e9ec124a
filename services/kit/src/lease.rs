//! What only one process of a cluster may do at a time.
//!
//! A lease is a row of the service's own database, so that a transaction can ask in itself whether
//! the lease still holds. It runs out by itself when its holder dies.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::{
    Error, Result,
    clock::Clock,
    db::{self, Db, Tx},
};

pub(crate) const DDL: &str = "
CREATE TABLE leases (
    name text PRIMARY KEY,
    holder uuid NOT NULL,
    until timestamptz NOT NULL
);
";

/// How long others wait when a holder dies; who holds longer must prolong earlier.
pub const TERM: Duration = Duration::from_secs(10);

/// One process's claim to be the only one that does `name`.
#[derive(Debug, Clone)]
pub struct Lease {
    db: Db,
    clock: Arc<dyn Clock>,
    name: String,
    holder: Uuid,
}

impl Lease {
    /// A claim that is not made yet.
    pub fn new(db: Db, clock: Arc<dyn Clock>, name: &str) -> Self {
        let holder = crate::id::new(&*clock);
        Self { db, clock, name: name.to_owned(), holder }
    }

    /// The same claim made by a holder whose name outlives the process, so that a restart takes up
    /// at once what its death left held.
    #[must_use]
    pub fn held_by(self, holder: Uuid) -> Self {
        Self { holder, ..self }
    }

    /// Whose claim this is.
    pub fn holder(&self) -> Uuid {
        self.holder
    }

    /// Takes the lease when nobody else holds it, or prolongs it; false when it is another's.
    pub async fn hold(&self) -> Result<bool> {
        let now = self.clock.now();
        self.write(
            "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until \
             WHERE leases.holder = excluded.holder OR leases.until <= $4",
            vec![self.holder.into(), Self::until(now).into(), now.into()],
        )
        .await
    }

    /// Prolongs the lease; false when it is another's by now.
    pub async fn renew(&self) -> Result<bool> {
        let until = Self::until(self.clock.now());
        self.write(
            "UPDATE leases SET until = $3 WHERE name = $1 AND holder = $2",
            vec![self.holder.into(), until.into()],
        )
        .await
    }

    /// Gives the lease back, so that the next need not wait for its end.
    pub async fn release(&self) -> Result<()> {
        let holder = vec![self.holder.into()];
        self.write("DELETE FROM leases WHERE name = $1 AND holder = $2", holder).await?;
        Ok(())
    }

    /// Asks inside a transaction whether the lease holds; nobody can take it until that ends.
    pub async fn confirm(&self, tx: &Tx) -> Result<()> {
        let text = format!(
            "SELECT holder AS value FROM leases WHERE name = $1 AND until > $2{}",
            tx.for_update()
        );
        let values = vec![self.name.clone().into(), self.clock.now().into()];
        match db::scalar::<Uuid>(&**tx, &text, values).await? {
            Some(holder) if holder == self.holder => Ok(()),
            _ => Err(Error::LeaseLost(self.name.clone())),
        }
    }

    /// Prolongs the lease again and again; returns when it is lost or may be.
    pub async fn until_lost(&self) {
        let mut safe_until = Instant::now() + TERM;
        loop {
            sleep(TERM / 3).await;
            let asked = Instant::now();
            // A database that does not answer leaves the lease to run out; be gone before that.
            let left = safe_until.saturating_duration_since(asked);
            match tokio::time::timeout(left, self.renew()).await {
                Ok(Ok(true)) => safe_until = asked + TERM,
                Ok(Ok(false)) | Err(_) => return,
                Ok(Err(error)) => {
                    tracing::warn!(
                        lease.name = self.name,
                        error = error.chain(),
                        "a lease was not prolonged"
                    );
                }
            }
        }
    }

    /// Runs one statement whose first value is the name; true when it touched the row.
    async fn write(&self, text: &str, values: Vec<sea_orm::Value>) -> Result<bool> {
        let mut all = vec![self.name.clone().into()];
        all.extend(values);
        let tx = self.db.begin().await?;
        let rows = db::run(&*tx, text, all).await?;
        tx.commit().await?;
        Ok(rows > 0)
    }

    fn until(now: DateTime<Utc>) -> DateTime<Utc> {
        now + TimeDelta::from_std(TERM).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    #[tokio::test]
    async fn a_lease_has_one_holder_and_runs_out() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&db::Place::File(folder.path().join("a.db"))).await.unwrap();
        db.migrate(&[&[db::Migration { name: "leases", sql: DDL }]]).await.unwrap();
        let clock = Arc::new(ManualClock::default());
        let claim = || Lease::new(db.clone(), clock.clone(), "relay");
        let (one, other) = (claim(), claim());

        assert!(one.hold().await.unwrap());
        assert!(!other.hold().await.unwrap());
        clock.advance(TimeDelta::seconds(9));
        assert!(one.renew().await.unwrap());
        clock.advance(TimeDelta::seconds(9));
        assert!(!other.hold().await.unwrap());

        clock.advance(TimeDelta::seconds(2));
        assert!(other.hold().await.unwrap());
        assert!(!one.renew().await.unwrap());
        let tx = db.begin().await.unwrap();
        assert!(other.confirm(&tx).await.is_ok());
        assert!(matches!(one.confirm(&tx).await, Err(Error::LeaseLost(_))));
        tx.rollback().await.unwrap();

        other.release().await.unwrap();
        assert!(one.hold().await.unwrap());
    }
}
