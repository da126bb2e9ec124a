//! Looks every few seconds, and at the end, where logs, relays, readers, copies and jobs stand, for
//! the metrics.
//!
//! What is looked at lies in the database and on the bus, so every replica tells the same, whoever
//! does the work; only copies, and what waits behind a failure, are a replica's own.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures::future::join_all;
use sea_orm::FromQueryResult;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::{
    Error, Result,
    bus::Bus,
    clock::Clock,
    db::{self, Db, signed, unsigned},
    dead,
    error::chain,
    outbox,
    service::Gauges,
    telemetry::standing,
};

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(5);
/// A look at what does not answer is given up, so that it does not hold up the end.
const LONGEST_LOOK: Duration = Duration::from_secs(5);

/// One service of this process, as it is watched.
pub(crate) struct Watched {
    pub name: &'static str,
    pub db: Db,
    pub gauges: Arc<Gauges>,
    pub readers: Vec<Consumer>,
    pub copies: Vec<Consumer>,
    pub jobs: Vec<&'static str>,
}

/// Under which name something hears a producer.
pub(crate) struct Consumer {
    pub producer: &'static str,
    pub name: String,
}

/// Looks until `stop`.
pub(crate) async fn run(
    services: Vec<Watched>,
    bus: Bus,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let watch = |service: Watched| {
        let (bus, clock, stop) = (&bus, &*clock, &stop);
        async move {
            let mut known = HashMap::new();
            let mut stopping = false;
            while !stopping {
                let look = timeout(LONGEST_LOOK, service.look(bus, clock, &mut known)).await;
                if let Err(error) = look.unwrap_or_else(|late| Err(Error::bus(late))) {
                    let error = chain(&error);
                    tracing::debug!(service = service.name, error, "its standing is not known");
                }
                stopping = stop.is_cancelled();
                // What ends tells how it stood then.
                let _ = timeout(EVERY, stop.cancelled()).await;
            }
        }
    };
    join_all(services.into_iter().map(watch)).await;
}

impl Watched {
    async fn look(
        &self,
        bus: &Bus,
        clock: &dyn Clock,
        streams: &mut HashMap<&'static str, u64>,
    ) -> Result<()> {
        standing::dead_letters(self.name, dead::count(&self.db).await?);
        self.look_at_jobs().await?;
        let log = outbox::state(self.db.conn()).await?;
        standing::log(self.name, unsigned(log.last_position));
        // While the bus is away the lag grows from where the stream was seen last.
        if bus.is_connected()
            && let Ok(info) = bus.stream(self.name).await
        {
            streams.insert(self.name, info.map_or(0, |info| info.state.last_sequence));
        }
        if let Some(stream) = streams.get(self.name) {
            self.look_at_relay(*stream, unsigned(log.last_position), clock).await?;
        }
        for Consumer { producer, name } in &self.readers {
            if let Some(lag) = lag(bus, producer, name).await {
                standing::reader(self.name, producer, lag);
            }
            let waiting = self.gauges.all().into_iter().find(|(of, ..)| of == producer);
            let waiting = waiting.map_or(0, |(_, _, waiting)| waiting);
            standing::waiting(self.name, producer, u64::try_from(waiting).unwrap_or(u64::MAX));
        }
        for Consumer { producer, name } in &self.copies {
            if let Some(lag) = lag(bus, producer, name).await {
                standing::copy(self.name, producer, lag);
            }
        }
        Ok(())
    }

    async fn look_at_relay(&self, stream: u64, log: u64, clock: &dyn Clock) -> Result<()> {
        let conn = self.db.conn();
        let text = "SELECT count(*) AS value FROM events WHERE position IS NULL";
        let unplaced: i64 = db::scalar(conn, text, vec![]).await?.unwrap_or(0);
        let unsent = log.saturating_sub(stream);
        let oldest: Option<DateTime<Utc>> = if unsent > 0 {
            let text = "SELECT occurred_at AS value FROM events WHERE position > $1 \
                        ORDER BY position LIMIT 1";
            db::scalar(conn, text, vec![signed(stream).into()]).await?
        } else if unplaced > 0 {
            let text = "SELECT occurred_at AS value FROM events WHERE position IS NULL \
                        ORDER BY serial LIMIT 1";
            db::scalar(conn, text, vec![]).await?
        } else {
            None
        };
        let delay = oldest.map(|at| (clock.now() - at).to_std().unwrap_or_default());
        standing::relay(self.name, unsent + unsigned(unplaced), delay.unwrap_or_default());
        Ok(())
    }

    async fn look_at_jobs(&self) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Row {
            name: String,
            failures: i64,
        }
        if self.jobs.is_empty() {
            return Ok(());
        }
        let text = "SELECT name, failures FROM jobs";
        let rows: Vec<Row> = db::all(self.db.conn(), text, vec![]).await?;
        for Row { name, failures } in rows {
            if let Some(job) = self.jobs.iter().find(|job| **job == name) {
                standing::job(self.name, job, unsigned(failures));
            }
        }
        Ok(())
    }
}

/// What a consumer has yet to hear or to acknowledge; `None` where nobody can say.
async fn lag(bus: &Bus, producer: &str, consumer: &str) -> Option<u64> {
    if !bus.is_connected() {
        return None;
    }
    bus.pending(producer, consumer).await.ok().flatten()
}
