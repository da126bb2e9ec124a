//! Applying: batch after batch goes to the copy's own store.

use std::time::Duration;

use async_nats::jetstream::Message;
use futures::{StreamExt as _, stream::BoxStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Applied, ApplyError, Confirmed, CopyMark, CopyReader};
use crate::{Error, Heard, Result, dead, reader::Failed};

impl CopyReader {
    /// Applies batch after batch, until something breaks or the service stops.
    pub(super) async fn apply_what_comes(
        &self,
        mut heard: BoxStream<'static, Result<Vec<Message>>>,
        mut mark: CopyMark,
        connection: u64,
        applied: &mpsc::Sender<Applied>,
        stop: &CancellationToken,
    ) -> Result<()> {
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                messages = heard.next() => {
                    let Some(messages) = messages else { return Ok(()) };
                    let batch = self.apply(messages?, mark).await?;
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
        let events = events.into_iter().map(|e| (e.position, Confirmed::from(e))).collect();
        Ok(Applied { applied: upto, heard, events, messages })
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
}
