//! The relay: carries a service's log to its stream, in order, once, for as long as it takes.
//!
//! It runs once a service, whoever holds the lease. The stream says how far it has come (see
//! [`crate::bus`]), so after any restart of the bus, a rolled-back store or a wiped one, the relay
//! goes on behind the stream's last message, and nothing is sent twice or out of order: every
//! publish names the sequence it expects, so of a pipelined batch all behind a lost one are refused.

use std::{sync::Arc, time::Duration};

use futures::StreamExt as _;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    Error, Result,
    bus::{self, Bus},
    clock::Clock,
    db::{Db, signed, unsigned},
    error::chain,
    lease::Lease,
    outbox::{self, LogState, LoggedRow},
};

/// Most events in one pipelined batch.
const BATCH: u64 = 512;
/// How long the relay sleeps when nothing wakes it; a word of another replica may be lost.
const IDLE: Duration = Duration::from_secs(1);
/// How often lease and epoch are looked at.
const LOOK: Duration = Duration::from_secs(2);
/// How often the stream's declaration is held against the server.
const RECONCILE: Duration = Duration::from_secs(60);

/// What one service's relay works with.
pub(crate) struct Relay {
    pub service: &'static str,
    pub db: Db,
    pub bus: Bus,
    pub clock: Arc<dyn Clock>,
    pub holder: Uuid,
}

/// How one run along the log ended.
enum Turn {
    /// The stream has to be looked at again.
    Resync,
    /// The service stops.
    Stop,
}

impl Relay {
    /// Runs until `stop`; takes over when the replica that relays so far is gone.
    pub async fn run(self, stop: CancellationToken) {
        let lease =
            Lease::new(self.db.clone(), Arc::clone(&self.clock), "relay").held_by(self.holder);
        let mut pause = Duration::from_millis(50);
        while !stop.is_cancelled() {
            match self.turn(&lease, &stop).await {
                Ok(Turn::Stop) => break,
                Ok(Turn::Resync) => pause = Duration::from_millis(50),
                Err(e) => {
                    tracing::warn!(service = self.service, error = chain(&e), "relay waits");
                    pause = (pause * 2).min(Duration::from_secs(2));
                }
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => break,
            }
        }
        if let Err(e) = lease.release().await {
            tracing::debug!(service = self.service, error = %e, "relay lease runs out by itself");
        }
    }

    /// Looks where the stream stands, then follows the log until something goes wrong.
    async fn turn(&self, lease: &Lease, stop: &CancellationToken) -> Result<Turn> {
        if !lease.hold().await? {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(1)) => return Ok(Turn::Resync),
                () = stop.cancelled() => return Ok(Turn::Stop),
            }
        }
        let (mut position, log) = self.sync().await?;
        // What was placed before but never arrived.
        loop {
            let rows = outbox::after(&self.db, position, BATCH).await?;
            if rows.is_empty() {
                break;
            }
            position = self.send(rows, log).await?;
            if stop.is_cancelled() {
                return Ok(Turn::Stop);
            }
        }
        self.follow(lease, position, log, stop).await
    }

    /// Sends what is appended, as it is appended.
    async fn follow(
        &self,
        lease: &Lease,
        mut position: i64,
        log: LogState,
        stop: &CancellationToken,
    ) -> Result<Turn> {
        let _hearing = self.db.hear();
        let connection = self.bus.connections();
        let started = Instant::now();
        let mut looked = started;
        loop {
            let rows = outbox::next(&self.db, position, BATCH).await?;
            let idle = rows.is_empty();
            if let Some(first) = rows.first() {
                if first.position != Some(position + 1) || first.epoch != Some(log.epoch) {
                    return Ok(Turn::Resync);
                }
                position = self.send(rows, log).await?;
            }
            if idle {
                tokio::select! {
                    () = stop.cancelled() => return Ok(Turn::Stop),
                    _ = timeout(IDLE, self.db.appended()) => {}
                }
            }
            // A bus that was away may have come back with less than it had.
            if self.bus.connections() != connection || started.elapsed() > RECONCILE {
                return Ok(Turn::Resync);
            }
            if looked.elapsed() > LOOK {
                looked = Instant::now();
                if !lease.hold().await? || outbox::state(self.db.conn()).await?.epoch != log.epoch {
                    return Ok(Turn::Resync);
                }
            }
        }
    }

    /// Brings stream and log to one count; answers with the stream's last position.
    async fn sync(&self) -> Result<(i64, LogState)> {
        let mut log = outbox::state(self.db.conn()).await?;
        let Some(info) = self.bus.stream(self.service).await? else {
            self.bus.reconcile(self.service, log).await?;
            return Ok((0, log));
        };
        let last = signed(info.state.last_sequence);
        let whole = info.state.first_sequence <= 1 || last == 0;
        if whole && bus::epoch_of(&info).is_some_and(|epoch| signed(epoch.number) == log.epoch) {
            let common = self.common(last, log).await?;
            if common == last {
                self.bus.reconcile(self.service, log).await?;
                return Ok((last, log));
            }
            tracing::error!(
                service = self.service,
                last,
                log = log.last_position,
                "the stream holds events that the log does not, which was restored: a new epoch"
            );
            log = outbox::start_epoch(&self.db, Some(common)).await?;
        }
        self.bus.delete_stream(self.service).await?;
        self.bus.reconcile(self.service, log).await?;
        Ok((0, log))
    }

    /// Up to which position the stream, which ends at `last`, and the log hold the same events.
    ///
    /// They part at one place at most, where the log was restored to an older state and went on
    /// from there.
    async fn common(&self, last: i64, log: LogState) -> Result<i64> {
        let (mut same, mut first_other) = (0, last.min(log.last_position) + 1);
        let mut asked = first_other - 1;
        while asked > same {
            if self.mirrors(asked).await? {
                same = asked;
            } else {
                first_other = asked;
            }
            asked = same + (first_other - same) / 2;
        }
        Ok(same)
    }

    /// Whether the stream's message at a position is the log's event there.
    async fn mirrors(&self, position: i64) -> Result<bool> {
        let row = outbox::after(&self.db, position - 1, 1).await?.into_iter().next();
        let found = self.bus.event_id_at(self.service, unsigned(position)).await?;
        Ok(row.is_some_and(|row| found.is_some_and(|id| id == row.id.to_string())))
    }

    /// Publishes rows in order without waiting for each; answers with the last position.
    async fn send(&self, rows: Vec<LoggedRow>, log: LogState) -> Result<i64> {
        let mut acks = futures::stream::FuturesOrdered::new();
        let mut last = 0;
        for row in rows {
            let position =
                row.position.ok_or(Error::Impossible("an event is sent without a position"))?;
            last = position;
            let subject = bus::subject(self.service, &row.kind);
            let headers = bus::headers(self.service, &row, position, log.epoch);
            let ack = self
                .bus
                .jetstream()
                .publish_with_headers(subject, headers, row.payload.into())
                .await
                .map_err(Error::bus)?;
            acks.push_back(async move { (position, ack.await) });
        }
        while let Some((position, ack)) = acks.next().await {
            let ack = ack.map_err(Error::bus)?;
            if signed(ack.sequence) != position {
                let sequence = ack.sequence;
                return Err(Error::StreamOutOfStep { position: unsigned(position), sequence });
            }
        }
        Ok(last)
    }
}
