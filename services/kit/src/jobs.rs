//! What happens because time passed.
//!
//! The next appointment of a job is a row of the service's database: whoever holds the job's lease
//! keeps it, once in a cluster, and one that was missed while nothing ran is kept afterwards.

use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use sea_orm::FromQueryResult;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::{
    Error, Result,
    clock::Clock,
    db::{self, Db},
    lease::Lease,
    telemetry,
};

pub(crate) const DDL: &str = "
CREATE TABLE jobs (
    name text PRIMARY KEY,
    due_at timestamptz NOT NULL,
    try_at timestamptz NOT NULL,
    failures bigint NOT NULL,
    error text NOT NULL
);
";

/// The first repetition of a failed job waits so long, the next ones twice as long each.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(1);
/// No repetition of a failed job waits longer.
const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(5);

type Work = Arc<
    dyn Fn(DateTime<Utc>) -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>> + Send + Sync,
>;

/// Something that a service does again and again by the clock.
#[derive(Clone)]
pub struct Job {
    name: &'static str,
    every: TimeDelta,
    work: Work,
}

impl Job {
    /// A job that is done when the service first runs, and then once in each period.
    ///
    /// The work is told which appointment it keeps. It may be begun again after a death in its
    /// midst, and several periods that were missed are made up for by one run.
    pub fn every<W>(
        name: &'static str,
        period: Duration,
        work: impl Fn(DateTime<Utc>) -> W + Send + Sync + 'static,
    ) -> Self
    where
        W: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let least = TimeDelta::milliseconds(1);
        let every = TimeDelta::from_std(period).unwrap_or(TimeDelta::days(36_500)).max(least);
        Self { name, every, work: Arc::new(move |due| Box::pin(work(due))) }
    }

    /// Its name.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Keeps the appointment if it is time and nobody else does; says whether work was done.
    pub async fn tick(
        &self,
        service: &'static str,
        db: &Db,
        clock: &dyn Clock,
        lease: &Lease,
    ) -> Result<bool> {
        let due = |row: Appointment| (row.try_at <= clock.now()).then_some(row);
        if self.appointment(db, clock).await?.and_then(due).is_none() || !lease.hold().await? {
            return Ok(false);
        }
        // Whoever held the lease until now may have kept the appointment.
        let Some(row) = self.appointment(db, clock).await?.and_then(due) else {
            lease.release().await?;
            return Ok(false);
        };
        let began = Instant::now();
        let span = tracing::info_span!(parent: None, "job", service, job = self.name);
        let outcome = tokio::select! {
            outcome = (self.work)(row.due_at).instrument(span) => outcome,
            () = lease.until_lost() => {
                telemetry::job_ended(service, self.name, "lost", began.elapsed());
                return Err(Error::LeaseLost(self.name.to_owned()));
            }
        };
        let how = if outcome.is_ok() { "done" } else { "failed" };
        telemetry::job_ended(service, self.name, how, began.elapsed());
        self.settle(db, clock.now(), row, outcome).await?;
        lease.release().await?;
        Ok(true)
    }

    /// The next appointment; the first one is made now.
    async fn appointment(&self, db: &Db, clock: &dyn Clock) -> Result<Option<Appointment>> {
        let select = "SELECT due_at, try_at, failures FROM jobs WHERE name = $1";
        let found = db::one::<Appointment>(db.conn(), select, vec![self.name.into()]).await?;
        if found.is_some() {
            return Ok(found);
        }
        let tx = db.begin().await?;
        db::run(
            &*tx,
            "INSERT INTO jobs (name, due_at, try_at, failures, error) VALUES ($1, $2, $2, 0, '') \
             ON CONFLICT (name) DO NOTHING",
            vec![self.name.into(), clock.now().into()],
        )
        .await?;
        let made = db::one(&*tx, select, vec![self.name.into()]).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Makes the next appointment, or puts this one off.
    async fn settle(
        &self,
        db: &Db,
        now: DateTime<Utc>,
        kept: Appointment,
        outcome: anyhow::Result<()>,
    ) -> Result<()> {
        let Appointment { due_at, try_at: _, failures } = kept;
        let (next, try_at, failures, error) = match outcome {
            Ok(()) => {
                let next = self.after(due_at, now);
                (next, next, 0, String::new())
            }
            Err(error) => {
                let error = format!("{error:#}");
                tracing::warn!(job = self.name, error, failures = failures + 1, "a job failed");
                (due_at, now + self.pause(failures), failures + 1, error)
            }
        };
        let tx = db.begin().await?;
        db::run(
            &*tx,
            "UPDATE jobs SET due_at = $2, try_at = $3, failures = $4, error = $5 WHERE name = $1",
            vec![self.name.into(), next.into(), try_at.into(), failures.into(), error.into()],
        )
        .await?;
        tx.commit().await
    }

    /// The first appointment after `now` in the rhythm that `due` belongs to.
    fn after(&self, due: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let every = self.every.num_milliseconds().max(1);
        let missed = (now - due).num_milliseconds().max(0) / every;
        due + TimeDelta::milliseconds(every.saturating_mul(missed + 1))
    }

    fn pause(&self, failures: i64) -> TimeDelta {
        let doubled = FIRST_PAUSE * (1 << failures.clamp(0, 10));
        doubled.min(LONGEST_PAUSE).min(self.every)
    }

    /// How often the clock is looked at: often enough for the period, and for a clock that jumps.
    fn look(&self) -> Duration {
        let tenth = (self.every / 10).to_std().unwrap_or_default();
        tenth.clamp(Duration::from_millis(50), Duration::from_secs(2))
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("name", &self.name).field("every", &self.every).finish()
    }
}

/// When a job is to be done.
#[derive(Debug, Clone, FromQueryResult)]
struct Appointment {
    due_at: DateTime<Utc>,
    try_at: DateTime<Utc>,
    failures: i64,
}

/// Keeps the appointments of a service's jobs until `stop`; what was begun is finished.
pub async fn run(
    db: Db,
    clock: Arc<dyn Clock>,
    service: &'static str,
    jobs: Vec<Job>,
    stop: CancellationToken,
) {
    let keep = |job: Job| {
        let (db, clock, stop) = (&db, &clock, &stop);
        async move {
            let lease = Lease::new(db.clone(), Arc::clone(clock), &format!("job:{}", job.name));
            loop {
                tokio::select! {
                    biased;
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(job.look()) => {}
                }
                if let Err(error) = job.tick(service, db, &**clock, &lease).await {
                    tracing::warn!(service, job = job.name, error = error.chain(), "a job waits");
                }
            }
        }
    };
    join_all(jobs.into_iter().map(keep)).await;
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    };

    use super::*;
    use crate::clock::ManualClock;

    #[tokio::test]
    async fn an_appointment_is_kept_once_and_a_missed_one_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&db::Place::File(folder.path().join("a.db"))).await.unwrap();
        let ddl = [
            db::Migration { name: "jobs", sql: DDL },
            db::Migration { name: "leases", sql: crate::lease::DDL },
        ];
        db.migrate(&[&ddl]).await.unwrap();
        let clock = Arc::new(ManualClock::default());
        let start = clock.now();
        let kept = Arc::new(Mutex::new(Vec::new()));
        let fails = Arc::new(AtomicBool::new(false));
        let job = Job::every("sweep", Duration::from_secs(3600), {
            let (kept, fails) = (Arc::clone(&kept), Arc::clone(&fails));
            move |due| {
                let (kept, fails) = (Arc::clone(&kept), Arc::clone(&fails));
                async move {
                    anyhow::ensure!(!fails.load(Ordering::SeqCst), "away");
                    kept.lock().unwrap().push(due);
                    Ok(())
                }
            }
        });
        let claim = || Lease::new(db.clone(), clock.clone(), "job:sweep");
        let (one, other) = (claim(), claim());
        let tick = async |lease: &Lease| job.tick("test", &db, &*clock, lease).await.unwrap();

        assert!(tick(&one).await);
        assert!(!tick(&other).await);
        clock.advance(TimeDelta::minutes(59));
        assert!(!tick(&one).await);

        // Three appointments pass while nothing runs: one run makes up for them.
        clock.advance(TimeDelta::minutes(150));
        assert!(tick(&other).await);
        assert!(!tick(&one).await);
        assert_eq!(*kept.lock().unwrap(), [start, start + TimeDelta::hours(1)]);

        // A failed run is repeated for the same appointment.
        clock.set(start + TimeDelta::hours(4));
        fails.store(true, Ordering::SeqCst);
        assert!(tick(&one).await);
        assert!(!tick(&one).await);
        fails.store(false, Ordering::SeqCst);
        clock.advance(TimeDelta::seconds(1));
        assert!(tick(&one).await);
        assert_eq!(kept.lock().unwrap().last(), Some(&(start + TimeDelta::hours(4))));

        // While another keeps it, it is not kept twice.
        clock.advance(TimeDelta::hours(1));
        assert!(other.hold().await.unwrap());
        assert!(!tick(&one).await);
    }
}
