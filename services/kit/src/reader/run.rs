//! The loop of a shared reader.

use std::{sync::Arc, time::Duration};

use async_nats::jetstream::Message;
use futures::StreamExt as _;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    Failed, Handler, Heard, Mark,
    waiting::{Verdict, Waiting},
};
use crate::{
    Error, Result, again,
    bus::{self, Bus, Declared, epoch_of},
    clock::Clock,
    db::{Db, Tx},
    dead,
    error::chain,
    lease::Lease,
    service::Gauges,
};

/// Most events that may wait before the reader stops taking more.
const MOST_WAITING: usize = 4_096;

/// What one reader works with.
pub(crate) struct Reader {
    pub service: &'static str,
    pub declared: Declared,
    pub db: Db,
    pub bus: Bus,
    pub clock: Arc<dyn Clock>,
    pub holder: Uuid,
    pub handler: Arc<dyn Handler>,
    pub gauges: Arc<Gauges>,
}

/// A reader's memory between batches; lost with the process, found again from the mark.
struct State {
    mark: Mark,
    waiting: Waiting,
    received: u64,
}

/// What one batch came to.
#[derive(Default)]
struct Outcome {
    applied: Vec<u64>,
    failed: Vec<(Heard, Failed)>,
    behind: Vec<Heard>,
}

impl Reader {
    /// Runs until `stop`, through every absence of bus and database.
    pub async fn run(self, stop: CancellationToken) {
        let name = format!("reader:{}", self.declared.producer);
        let lease =
            Lease::new(self.db.clone(), Arc::clone(&self.clock), &name).held_by(self.holder);
        let failed = |error: Error| {
            let (service, producer) = (self.service, self.declared.producer);
            tracing::warn!(service, producer, error = chain(&error), "reader starts again");
        };
        again::until_stopped(&stop, || self.listen(&lease, &stop), failed).await;
        if let Err(e) = lease.release().await {
            tracing::debug!(service = self.service, error = %e, "lease runs out by itself");
        }
    }

    /// Takes up where the mark stands and applies what comes, until something breaks.
    async fn listen(&self, lease: &Lease, stop: &CancellationToken) -> Result<()> {
        if !lease.hold().await? {
            self.gauges.left(self.declared.producer);
            tokio::time::sleep(Duration::from_secs(1)).await;
            return Ok(());
        }
        let Some(epoch) =
            self.bus.stream(self.declared.producer).await?.as_ref().and_then(epoch_of)
        else {
            return Ok(());
        };
        let mut mark = Mark::load(&self.db, self.declared.producer).await?;
        if epoch.number > mark.epoch {
            mark = mark.rewind(&self.db, self.declared.producer, epoch).await?;
        }
        let connection = self.bus.connections();
        let Some(mut heard) = self.bus.hear(&self.declared, mark.floor, epoch).await? else {
            return Ok(());
        };
        let mut state = State { received: mark.floor, mark, waiting: Waiting::default() };
        let mut renewed = Instant::now();
        loop {
            let next_try = state.waiting.next();
            let full = state.waiting.len() >= MOST_WAITING;
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                messages = heard.next(), if !full => {
                    let Some(messages) = messages else { return Ok(()) };
                    self.take(messages?, &mut state).await?;
                }
                () = until(next_try) => self.try_again(&mut state).await?,
                () = tokio::time::sleep(Duration::from_secs(2)) => {}
            }
            if self.bus.connections() != connection {
                return Ok(());
            }
            if renewed.elapsed() > Duration::from_secs(2) {
                renewed = Instant::now();
                if !lease.hold().await? {
                    return Ok(());
                }
            }
            self.gauges.reader(self.declared.producer, state.mark.floor, state.waiting.len());
        }
    }

    /// Applies what is new of a chunk, and acknowledges it.
    async fn take(&self, messages: Vec<Message>, state: &mut State) -> Result<()> {
        let mut batch = Vec::with_capacity(messages.len());
        let mut unreadable = Vec::new();
        for message in &messages {
            match Heard::read(message) {
                Ok(event) => batch.push(event),
                Err(e) => unreadable.push(e),
            }
        }
        for error in unreadable {
            tracing::error!(service = self.service, producer = self.declared.producer,
                error = %error, "a message that is no event of ours was passed over");
        }
        batch.retain(|e| !state.mark.holds(e.position) && !state.waiting.contains(e));
        if let Some(last) = batch.last() {
            let received = state.received.max(last.position);
            self.apply(batch, state, received).await?;
        }
        bus::acknowledge(messages).await
    }

    /// One transaction for the batch; where that fails, one savepoint an event.
    async fn apply(&self, batch: Vec<Heard>, state: &mut State, received: u64) -> Result<()> {
        let (mut now, mut behind) = (Vec::new(), Vec::new());
        for event in batch {
            if state.waiting.holds_back(&event.aggregate) {
                behind.push(event);
            } else {
                now.push(event);
            }
        }
        let mut outcome = match self.apply_whole(&now, state, received, &behind).await? {
            Some(mark) => {
                state.mark = mark;
                state.received = received;
                for event in behind {
                    state.waiting.push_behind(event);
                }
                return Ok(());
            }
            None => self.apply_singly(now, state).await?,
        };
        outcome.behind.extend(behind);
        self.settle(outcome, state, received).await
    }

    /// The common case: everything succeeds, and a batch costs one commit.
    async fn apply_whole(
        &self,
        events: &[Heard],
        state: &State,
        received: u64,
        behind: &[Heard],
    ) -> Result<Option<Mark>> {
        let producer = self.declared.producer;
        let tx = self.begin(state).await?;
        let dead = dead::aggregates(&*tx, producer).await?;
        if events.iter().any(|e| dead.contains(&e.aggregate)) {
            tx.rollback().await?;
            return Ok(None);
        }
        if let Err(e) = self.handle_all(&tx, events).await {
            tracing::debug!(service = self.service, error = %e, "batch is applied event by event");
            tx.rollback().await?;
            return Ok(None);
        }
        let applied: Vec<u64> = events.iter().map(|e| e.position).collect();
        let lowest =
            state.waiting.lowest().into_iter().chain(behind.iter().map(|e| e.position)).min();
        let mark = state.mark.after(&applied, received, lowest);
        mark.save(&tx, producer, &state.mark).await?;
        tx.commit().await?;
        Ok(Some(mark))
    }

    /// Each event for itself: one that fails takes nobody with it but its own aggregate.
    async fn apply_singly(&self, events: Vec<Heard>, state: &mut State) -> Result<Outcome> {
        let mut outcome = Outcome::default();
        for event in events {
            let held = outcome.failed.iter().any(|(e, _)| e.aggregate == event.aggregate);
            if held {
                outcome.behind.push(event);
                continue;
            }
            match self.apply_one(&event, state).await? {
                Ok(()) => outcome.applied.push(event.position),
                Err(failed) => outcome.failed.push((event, failed)),
            }
        }
        Ok(outcome)
    }

    async fn apply_one(&self, event: &Heard, state: &mut State) -> Result<Result<(), Failed>> {
        let tx = self.begin(state).await?;
        let producer = self.declared.producer;
        if dead::aggregates(&*tx, producer).await?.contains(&event.aggregate) {
            dead::bury(&tx, &*self.clock, self.service, producer, event, None).await?;
        } else if let Err(failed) = self.handle(&tx, event).await {
            tx.rollback().await?;
            return Ok(Err(failed));
        }
        // The floor stays until the whole batch is through.
        let mark = state.mark.after(&[event.position], 0, Some(state.mark.floor + 1));
        mark.save(&tx, producer, &state.mark).await?;
        tx.commit().await?;
        state.mark = mark;
        Ok(Ok(()))
    }

    /// Lets the failed wait, buries the hopeless, and moves the floor.
    async fn settle(&self, outcome: Outcome, state: &mut State, received: u64) -> Result<()> {
        state.received = received;
        let mut hopeless = Vec::new();
        for (event, failed) in outcome.failed {
            tracing::warn!(service = self.service, event = %event.id, kind = event.ty,
                aggregate = event.aggregate, error = %failed, "event failed");
            if matches!(failed, Failed::Final(_)) {
                hopeless.push(event.aggregate.clone());
            }
            state.waiting.open(event, failed.to_string());
        }
        for event in outcome.behind {
            state.waiting.push_behind(event);
        }
        for aggregate in hopeless {
            self.give_up(&aggregate, state).await?;
        }
        self.move_floor(state).await
    }

    /// Tries the first event of each queue that is due, and those behind it when it succeeds.
    async fn try_again(&self, state: &mut State) -> Result<()> {
        for aggregate in state.waiting.due() {
            let Some(mut queue) = state.waiting.take(&aggregate) else { continue };
            let mut trouble = None;
            while let Some(event) = queue.events.front() {
                if let Err(failed) = self.apply_one(&event.clone(), state).await? {
                    trouble = Some(failed);
                    break;
                }
                queue.events.pop_front();
                queue.attempts = 0;
            }
            state.waiting.put_back(aggregate.clone(), queue);
            if let Some(failed) = trouble {
                let last = matches!(failed, Failed::Final(_));
                let verdict = state.waiting.failed_again(&aggregate, failed.to_string());
                if last || verdict == Verdict::GiveUp {
                    self.give_up(&aggregate, state).await?;
                }
            }
        }
        self.move_floor(state).await
    }

    /// Lays a queue among the dead letters.
    async fn give_up(&self, aggregate: &str, state: &mut State) -> Result<()> {
        let Some(queue) = state.waiting.take(aggregate) else { return Ok(()) };
        let tx = self.begin(state).await?;
        let mut buried = Vec::new();
        for (place, event) in queue.events.iter().enumerate() {
            let death = (place == 0).then_some((queue.error.as_str(), queue.attempts));
            let producer = self.declared.producer;
            dead::bury(&tx, &*self.clock, self.service, producer, event, death).await?;
            buried.push(event.position);
        }
        let mark = state.mark.after(&buried, 0, Some(state.mark.floor + 1));
        mark.save(&tx, self.declared.producer, &state.mark).await?;
        tx.commit().await?;
        tracing::error!(
            service = self.service,
            aggregate,
            events = buried.len(),
            error = queue.error,
            "events became dead letters"
        );
        state.mark = mark;
        Ok(())
    }

    async fn move_floor(&self, state: &mut State) -> Result<()> {
        let mark = state.mark.after(&[], state.received, state.waiting.lowest());
        if mark.floor == state.mark.floor {
            return Ok(());
        }
        let tx = self.begin(state).await?;
        mark.save(&tx, self.declared.producer, &state.mark).await?;
        tx.commit().await?;
        state.mark = mark;
        Ok(())
    }

    async fn handle_all(&self, tx: &Tx, events: &[Heard]) -> Result<(), Failed> {
        if events.len() > 1
            && let Some(done) = self.handler.handle_together(tx, events).await
        {
            return done;
        }
        for event in events {
            self.handle(tx, event).await?;
        }
        Ok(())
    }

    async fn handle(&self, tx: &Tx, event: &Heard) -> Result<(), Failed> {
        use tracing::Instrument as _;
        self.handler.handle(tx, event).instrument(event.span(self.service)).await
    }

    /// A transaction that holds the mark; an error where another replica has moved it.
    async fn begin(&self, state: &State) -> Result<Tx> {
        let tx = self.db.begin().await?;
        if !state.mark.lock(&tx, self.declared.producer).await? {
            tx.rollback().await?;
            return Err(Error::MarkMoved(self.declared.producer.to_owned()));
        }
        Ok(tx)
    }
}

async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
