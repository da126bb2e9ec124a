//! Readers that each replica has for itself: a search index, a cache of pages.
//!
//! A copy keeps its mark in its own store, together with what it applied. A step is done, and a
//! withdrawal complete, when every living replica has applied it: replicas note in the service's
//! database how far they have come, and the one whose step makes the slowest pass a position
//! confirms everything up to it, in one transaction with the events that tell of it.

mod apply;
mod confirm;

use std::sync::Arc;

use async_nats::jetstream::Message;
use async_trait::async_trait;
use sea_orm::FromQueryResult;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    Error, Heard, Result, again,
    bus::{Bus, Declared, epoch_of},
    clock::Clock,
    db::{self, Db, Tx, unsigned},
    error::chain,
    reader::Failed,
    service::Gauges,
};

/// Most batches that are applied before they are confirmed.
const BATCHES_AHEAD: usize = 16;

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

impl From<Heard> for Confirmed {
    fn from(Heard { ty: kind, aggregate, revision, .. }: Heard) -> Self {
        Self { kind, aggregate, revision }
    }
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
    events: Vec<(u64, Confirmed)>,
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
        let failed = |error: Error| {
            let (service, producer) = (self.service, self.declared.producer);
            tracing::warn!(service, producer, error = chain(&error), "copy starts again");
        };
        again::until_stopped(&stop, || Box::pin(self.listen(&stop)), failed).await;
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
        // What was applied but not confirmed is heard again, to be confirmed then and not before.
        let start = mark.position.min(confirmed);
        let kept = CopyMark { epoch: mark.epoch, position: start };
        self.confirm(kept, Vec::new()).await?;
        let connection = self.bus.connections();
        let Some(heard) = self.bus.hear(&self.declared, start, epoch).await? else {
            return Ok(());
        };
        // While one batch is confirmed the next is applied already.
        let (applied, to_confirm) = mpsc::channel(BATCHES_AHEAD);
        let applying = async {
            // Dropped at the end, so that the confirming ends, too, when all is confirmed.
            let applied = applied;
            self.apply_what_comes(heard, mark, connection, &applied, stop).await
        };
        tokio::try_join!(applying, self.confirm_what_is_applied(to_confirm, kept, stop))?;
        Ok(())
    }
}
