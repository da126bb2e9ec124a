//! Readers that each replica has for itself: a search index, a cache of pages.
//!
//! A copy keeps its mark in its own store, together with what it applied. A step is done, and a
//! withdrawal complete, when every living replica has applied it: replicas note in the service's
//! database how far they have come, and the one whose step makes the slowest pass a position
//! confirms everything up to it, in one transaction with the events that tell of it.

use std::{sync::Arc, time::Duration};

use async_nats::jetstream::{Message, consumer::pull};
use async_trait::async_trait;
use futures::StreamExt as _;
use sea_orm::{FromQueryResult, Value};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Error, Heard, Result,
    bus::{Bus, Declared, Epoch, epoch_of},
    clock::Clock,
    db::{self, Db, Tx, signed, unsigned},
    dead,
    error::chain,
    reader::Failed,
    service::Gauges,
};

/// Most events handed to a copy at once.
const BATCH: usize = 512;
/// Most batches that are applied before they are confirmed.
const BATCHES_AHEAD: usize = 16;
/// How often a replica says that it is alive.
const ALIVE: Duration = Duration::from_secs(5);
/// A replica that was not seen for this long is gone.
const GONE_AFTER_SECONDS: i64 = 30;

/// How far a copy has come in one producer's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CopyMark {
    /// Epoch of the log.
    pub epoch: u64,
    /// Everything up to here is applied.
    pub position: u64,
}

/// An event that every living replica has applied.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Confirmed {
    /// Full name of the event that was heard.
    pub kind: String,
    /// What it was about.
    pub aggregate: String,
    /// The aggregate's revision.
    pub revision: i64,
}

/// Why a batch was not applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{failed}")]
pub struct ApplyError {
    /// The one event that is to blame, where that is known.
    pub position: Option<u64>,
    /// Whether trying again can help.
    pub failed: Failed,
}

/// What a replica holds for itself.
#[async_trait]
pub trait Copy: Send + Sync + 'static {
    /// How far the copy's own store has come.
    async fn mark(&self, producer: &str) -> Result<CopyMark>;

    /// Applies all of the batch and the mark behind it, or nothing.
    async fn apply(&self, batch: &[Heard], upto: CopyMark) -> Result<(), ApplyError>;

    /// Makes what was applied, and the mark, outlast the process: called before it is confirmed.
    async fn keep(&self) -> Result<(), ApplyError>;

    /// Says so: called once for each event when every living replica has applied it.
    async fn confirmed(&self, tx: &Tx, confirmed: &[Confirmed]) -> Result<()>;
}

/// Up to where all that a producer says was confirmed: where a copy that starts empty begins.
pub async fn confirmed_upto(db: &Db, producer: &str) -> Result<u64> {
    let text = "SELECT position AS value FROM copies_confirmed WHERE producer = $1";
    let found: Option<i64> = db::scalar(db.conn(), text, vec![producer.into()]).await?;
    Ok(unsigned(found.unwrap_or(0)))
}

/// A batch that was applied and is to be confirmed.
struct Applied {
    /// How far the copy has come.
    applied: CopyMark,
    /// How far it was heard this time, which is less where it is heard again.
    heard: u64,
    events: Vec<Heard>,
    messages: Vec<Message>,
}

/// What the reader of one replica's copy works with.
pub(crate) struct CopyReader {
    pub service: &'static str,
    pub replica: String,
    pub declared: Declared,
    pub db: Db,
    pub bus: Bus,
    pub clock: Arc<dyn Clock>,
    pub copy: Arc<dyn Copy>,
    pub gauges: Arc<Gauges>,
}

impl CopyReader {
    /// Runs until `stop`; then takes the replica from the register.
    pub async fn run(self, stop: CancellationToken) {
        let mut pause = Duration::from_millis(50);
        while !stop.is_cancelled() {
            let began = Instant::now();
            if let Err(e) = Box::pin(self.listen(&stop)).await {
                tracing::warn!(
                    service = self.service,
                    producer = self.declared.producer,
                    error = chain(&e),
                    "copy starts again"
                );
                pause = (pause * 2).min(Duration::from_secs(2));
            }
            if began.elapsed() > Duration::from_secs(5) {
                pause = Duration::from_millis(50);
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => break,
            }
        }
        if let Err(e) = self.leave().await {
            tracing::debug!(service = self.service, error = %e, "replica is forgotten later");
        }
    }

    async fn listen(&self, stop: &CancellationToken) -> Result<()> {
        let producer = self.declared.producer;
        let Some(epoch) = self.bus.stream(producer).await?.as_ref().and_then(epoch_of) else {
            return Ok(());
        };
        let mut mark = self.copy.mark(producer).await?;
        let confirmed = self.confirmed_upto(epoch).await?;
        if epoch.number > mark.epoch {
            let before = epoch.start.saturating_sub(1);
            mark = CopyMark { epoch: epoch.number, position: mark.position.min(before) };
        }
        self.keep(stop).await?;
        // What was applied but not confirmed is heard again, to be confirmed then and not before.
        let start = mark.position.min(confirmed);
        let heard = CopyMark { epoch: mark.epoch, position: start };
        self.confirm(heard, &[]).await?;
        let connection = self.bus.connections();
        let Some(consumer) = self.bus.consumer(&self.declared, start, epoch).await? else {
            return Ok(());
        };
        let messages = consumer
            .stream()
            .max_messages_per_batch(BATCH)
            .expires(Duration::from_secs(20))
            .heartbeat(Duration::from_secs(5))
            .messages()
            .await
            .map_err(Error::bus)?;
        // While one batch is confirmed the next is applied already.
        let (applied, to_confirm) = mpsc::channel(BATCHES_AHEAD);
        let applying = async {
            // Dropped at the end, so that the confirming ends, too, when all is confirmed.
            let applied = applied;
            self.apply_what_comes(messages, mark, connection, &applied, stop).await
        };
        tokio::try_join!(applying, self.confirm_what_is_applied(to_confirm, heard, stop))?;
        Ok(())
    }

    /// Applies batch after batch, until something breaks or the service stops.
    async fn apply_what_comes(
        &self,
        messages: pull::Stream,
        mut mark: CopyMark,
        connection: u64,
        applied: &mpsc::Sender<Applied>,
        stop: &CancellationToken,
    ) -> Result<()> {
        let mut chunks = messages.ready_chunks(BATCH);
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                chunk = chunks.next() => {
                    let Some(chunk) = chunk else { return Ok(()) };
                    let mut messages = Vec::with_capacity(chunk.len());
                    for message in chunk {
                        messages.push(message.map_err(Error::bus)?);
                    }
                    let batch = self.apply(messages, mark).await?;
                    mark = batch.applied;
                    if applied.send(batch).await.is_err() {
                        return Ok(());
                    }
                }
                () = tokio::time::sleep(Duration::from_secs(2)) => {}
            }
            if self.bus.connections() != connection {
                return Ok(());
            }
            self.gauges.reader(self.declared.producer, mark.position, 0);
        }
    }

    /// Keeps and confirms what was applied, as much as there is at once; now and then it only says
    /// that this replica is alive.
    async fn confirm_what_is_applied(
        &self,
        mut applied: mpsc::Receiver<Applied>,
        mut mark: CopyMark,
        stop: &CancellationToken,
    ) -> Result<()> {
        let mut batches = Vec::new();
        loop {
            let some = applied.recv_many(&mut batches, BATCHES_AHEAD);
            let count = match timeout(ALIVE, some).await {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(_) => 0,
            };
            let mut events = Vec::new();
            let mut messages = Vec::new();
            for batch in batches.drain(..count) {
                mark.position = mark.position.max(batch.heard);
                events.extend(batch.events);
                messages.extend(batch.messages);
            }
            self.keep(stop).await?;
            self.confirm(mark, &events).await?;
            for message in messages {
                message
                    .ack()
                    .await
                    .map_err(|e| Error::bus(std::io::Error::other(e.to_string())))?;
            }
        }
    }

    async fn apply(&self, messages: Vec<Message>, mark: CopyMark) -> Result<Applied> {
        let events: Vec<Heard> =
            messages.iter().map(Heard::read).collect::<Result<_>>().unwrap_or_else(|e| {
                tracing::error!(service = self.service, error = %e, "unreadable message");
                messages.iter().filter_map(|m| Heard::read(m).ok()).collect()
            });
        let heard = events.iter().map(|e| e.position).max().unwrap_or(0);
        let upto = CopyMark { epoch: mark.epoch, position: heard.max(mark.position) };
        let mut fresh: Vec<Heard> =
            events.iter().filter(|e| e.position > mark.position).cloned().collect();
        let mut delay = Duration::from_millis(200);
        while !fresh.is_empty() {
            match self.copy.apply(&fresh, upto).await {
                Ok(()) => break,
                Err(ApplyError { position: Some(bad), failed: Failed::Final(error) }) => {
                    self.give_up(&mut fresh, bad, &error).await?;
                }
                Err(e) => {
                    tracing::warn!(service = self.service, error = %e, "copy tries again");
                    tokio::time::sleep(delay).await;
                    delay = (delay * 2).min(Duration::from_secs(30));
                    if delay > Duration::from_secs(10) {
                        return Err(Error::CopyFailed(e.to_string()));
                    }
                }
            }
        }
        Ok(Applied { applied: upto, heard, events, messages })
    }

    /// Nothing is confirmed that the death of this process would take back. Where it cannot be kept
    /// for now, what comes meanwhile is applied all the same, up to some batches.
    async fn keep(&self, stop: &CancellationToken) -> Result<()> {
        let mut delay = Duration::from_millis(200);
        while let Err(e) = self.copy.keep().await {
            tracing::warn!(service = self.service, error = %e, "copy is kept later");
            tokio::select! {
                () = stop.cancelled() => return Err(Error::CopyFailed(e.to_string())),
                () = tokio::time::sleep(delay) => {}
            }
            delay = (delay * 2).min(Duration::from_secs(5));
        }
        Ok(())
    }

    /// Lays one event aside, so that the others go on.
    async fn give_up(&self, fresh: &mut Vec<Heard>, bad: u64, error: &str) -> Result<()> {
        if let Some(event) = fresh.iter().find(|e| e.position == bad) {
            let tx = self.db.begin().await?;
            let producer = self.declared.producer;
            dead::bury(&tx, &*self.clock, self.service, producer, event, Some((error, 1))).await?;
            tx.commit().await?;
        }
        fresh.retain(|e| e.position != bad);
        Ok(())
    }

    /// Up to where everything is confirmed; after a restore no further than the log goes.
    async fn confirmed_upto(&self, epoch: Epoch) -> Result<u64> {
        let producer = self.declared.producer;
        let number = signed(epoch.number);
        let before = signed(epoch.start.saturating_sub(1));
        let tx = self.db.begin().await?;
        let text = "INSERT INTO copies_confirmed (producer, epoch, position) VALUES ($1, $2, 0) \
                    ON CONFLICT (producer) DO NOTHING";
        db::run(&*tx, text, vec![producer.into(), number.into()]).await?;
        let text = "UPDATE copies_confirmed SET epoch = $2, \
                    position = CASE WHEN position > $3 THEN $3 ELSE position END \
                    WHERE producer = $1 AND epoch < $2";
        db::run(&*tx, text, vec![producer.into(), number.into(), before.into()]).await?;
        let text = "SELECT position AS value FROM copies_confirmed WHERE producer = $1";
        let found: Option<i64> = db::scalar(&*tx, text, vec![producer.into()]).await?;
        tx.commit().await?;
        Ok(unsigned(found.unwrap_or(0)))
    }

    /// Notes how far this replica is, and confirms what all living ones have.
    async fn confirm(&self, mark: CopyMark, events: &[Heard]) -> Result<()> {
        let producer = self.declared.producer;
        let tx = self.db.begin().await?;
        self.note(&tx, mark).await?;
        let lock = format!(
            "SELECT position AS value FROM copies_confirmed WHERE producer = $1{}",
            tx.for_update()
        );
        let before: i64 = db::scalar(&*tx, &lock, vec![producer.into()]).await?.unwrap_or(0);
        let alive = self.clock.now() - chrono::Duration::seconds(GONE_AFTER_SECONDS);
        let text = "SELECT min(position) AS value FROM replicas \
                    WHERE producer = $1 AND seen_at > $2";
        let slowest: Option<i64> =
            db::scalar(&*tx, text, vec![producer.into(), alive.into()]).await?.flatten();
        let slowest = slowest.unwrap_or(before);
        let mut confirmed = Vec::new();
        let mut held_back = Vec::new();
        for event in events {
            let position = signed(event.position);
            match position {
                p if p <= before => {}
                p if p <= slowest => confirmed.push((p, of(event))),
                _ => held_back.push(event),
            }
        }
        self.hold_back(&tx, &held_back).await?;
        if slowest > before {
            self.release(&tx, slowest, &mut confirmed).await?;
        }
        tx.commit().await
    }

    /// Confirms everything up to `slowest`, what was held back included.
    async fn release(
        &self,
        tx: &Tx,
        slowest: i64,
        confirmed: &mut Vec<(i64, Confirmed)>,
    ) -> Result<()> {
        let producer = self.declared.producer;
        let text = "SELECT position, type AS kind, aggregate, revision FROM copies_pending \
                    WHERE producer = $1 AND position <= $2 ORDER BY position";
        let values = || vec![Value::from(producer), slowest.into()];
        let pending: Vec<Pending> = db::all(&**tx, text, values()).await?;
        if !pending.is_empty() {
            let text = "DELETE FROM copies_pending WHERE producer = $1 AND position <= $2";
            db::run(&**tx, text, values()).await?;
        }
        confirmed.extend(pending.into_iter().map(Pending::split));
        confirmed.sort_by_key(|(position, _)| *position);
        confirmed.dedup_by_key(|(position, _)| *position);
        let confirmed: Vec<Confirmed> = confirmed.drain(..).map(|(_, c)| c).collect();
        if !confirmed.is_empty() {
            self.copy.confirmed(tx, &confirmed).await?;
        }
        let text = "UPDATE copies_confirmed SET position = $2 WHERE producer = $1";
        db::run(&**tx, text, values()).await?;
        Ok(())
    }

    async fn note(&self, tx: &Tx, mark: CopyMark) -> Result<()> {
        let text = "INSERT INTO replicas (replica, producer, epoch, position, seen_at) \
                    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (replica, producer) DO UPDATE \
                    SET epoch = excluded.epoch, position = excluded.position, \
                        seen_at = excluded.seen_at";
        let values = vec![
            self.replica.clone().into(),
            self.declared.producer.into(),
            signed(mark.epoch).into(),
            signed(mark.position).into(),
            self.clock.now().into(),
        ];
        db::run(&**tx, text, values).await?;
        Ok(())
    }

    async fn hold_back(&self, tx: &Tx, events: &[&Heard]) -> Result<()> {
        for event in events {
            let text = "INSERT INTO copies_pending (producer, position, type, aggregate, revision) \
                        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (producer, position) DO NOTHING";
            let values = vec![
                self.declared.producer.into(),
                signed(event.position).into(),
                event.ty.clone().into(),
                event.aggregate.clone().into(),
                event.revision.into(),
            ];
            db::run(&**tx, text, values).await?;
        }
        Ok(())
    }

    async fn leave(&self) -> Result<()> {
        let tx = self.db.begin().await?;
        let text = "DELETE FROM replicas WHERE replica = $1";
        db::run(&*tx, text, vec![self.replica.clone().into()]).await?;
        tx.commit().await
    }
}

#[derive(FromQueryResult)]
struct Pending {
    position: i64,
    kind: String,
    aggregate: String,
    revision: i64,
}

impl Pending {
    fn split(self) -> (i64, Confirmed) {
        let Self { position, kind, aggregate, revision } = self;
        (position, Confirmed { kind, aggregate, revision })
    }
}

fn of(event: &Heard) -> Confirmed {
    Confirmed {
        kind: event.ty.clone(),
        aggregate: event.aggregate.clone(),
        revision: event.revision,
    }
}
