//! Confirming: a step is done when every living replica has applied it.

use std::time::Duration;

use sea_orm::{FromQueryResult, Value};
use tokio::{sync::mpsc, time::timeout};
use tokio_util::sync::CancellationToken;

use super::{Applied, BATCHES_AHEAD, Confirmed, CopyMark, CopyReader};
use crate::{
    Error, Result,
    bus::{self, Epoch, GATHER},
    db::{self, Tx, signed, unsigned},
    error::chain,
};

/// How often a replica says that it is alive.
const ALIVE: Duration = Duration::from_secs(5);
/// A replica that was not seen for this long is gone.
const GONE_AFTER_SECONDS: i64 = 30;

impl CopyReader {
    /// Keeps and confirms what was applied, as much as there is at once; now and then it only says
    /// that this replica is alive.
    pub(super) async fn confirm_what_is_applied(
        &self,
        mut applied: mpsc::Receiver<Applied>,
        mut mark: CopyMark,
        stop: &CancellationToken,
    ) -> Result<()> {
        let mut batches = Vec::new();
        loop {
            let some = applied.recv_many(&mut batches, BATCHES_AHEAD);
            let mut count = match timeout(ALIVE, some).await {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(_) => 0,
            };
            if count > 0 {
                tokio::time::sleep(GATHER).await;
                while count < BATCHES_AHEAD
                    && let Ok(more) = applied.try_recv()
                {
                    batches.push(more);
                    count += 1;
                }
            }
            let kept = mark;
            let mut events = Vec::new();
            let mut messages = Vec::new();
            for batch in batches.drain(..count) {
                mark.position = mark.position.max(batch.heard);
                events.extend(batch.events);
                messages.extend(batch.messages);
            }
            self.keep(kept, stop).await?;
            self.confirm(mark, events).await?;
            bus::acknowledge(messages).await?;
        }
    }

    /// Nothing is confirmed that the death of this process would take back. Where it cannot be kept
    /// for now, what comes meanwhile is applied all the same, up to some batches; and the replica
    /// says that it is alive, lest others confirm without it what it may still lose.
    async fn keep(&self, kept: CopyMark, stop: &CancellationToken) -> Result<()> {
        let mut delay = Duration::from_millis(200);
        while let Err(e) = self.copy.keep().await {
            tracing::warn!(service = self.service, error = %e, "copy is kept later");
            tokio::select! {
                () = stop.cancelled() => return Err(Error::CopyFailed(e.to_string())),
                () = tokio::time::sleep(delay) => {}
            }
            delay = (delay * 2).min(ALIVE);
            if let Err(e) = self.confirm(kept, Vec::new()).await {
                tracing::debug!(service = self.service, error = chain(&e), "replica stays unseen");
            }
        }
        Ok(())
    }

    /// Up to where everything is confirmed; after a restore no further than the log goes.
    pub(super) async fn confirmed_upto(&self, epoch: Epoch) -> Result<u64> {
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
    pub(super) async fn confirm(
        &self,
        mark: CopyMark,
        events: Vec<(u64, Confirmed)>,
    ) -> Result<()> {
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
        for (position, event) in events {
            match signed(position) {
                p if p <= before => {}
                p if p <= slowest => confirmed.push((p, event)),
                p => held_back.push((p, event)),
            }
        }
        self.hold_back(&tx, held_back).await?;
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

    async fn hold_back(&self, tx: &Tx, events: Vec<(i64, Confirmed)>) -> Result<()> {
        for (position, event) in events {
            let text = "INSERT INTO copies_pending (producer, position, type, aggregate, revision) \
                        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (producer, position) DO NOTHING";
            let values = vec![
                self.declared.producer.into(),
                position.into(),
                event.kind.into(),
                event.aggregate.into(),
                event.revision.into(),
            ];
            db::run(&**tx, text, values).await?;
        }
        Ok(())
    }

    /// Takes the replica from the register.
    pub(super) async fn leave(&self) -> Result<()> {
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
