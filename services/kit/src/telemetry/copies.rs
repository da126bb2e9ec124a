//! The trace of an event through the copies of a service, and on into what they confirm.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use tracing::{Instrument as _, Span};

use super::{continue_trace, event_span, is_traced};
use crate::{ApplyError, Copy, CopyMark, Heard, Result, copies::Confirmed, db::Tx};

/// Most events whose trace is remembered until every replica has applied them.
const REMEMBERED: usize = 16_384;

/// A copy whose work stands in the traces of what it hears.
pub(crate) struct Traced {
    service: &'static str,
    copy: Arc<dyn Copy>,
    applied: Mutex<Applied>,
}

/// What an event is known by when it is confirmed.
type Key = (String, i64);

/// Traces of events that this replica has applied, the oldest first to be forgotten.
#[derive(Default)]
struct Applied {
    traces: HashMap<Key, String>,
    order: VecDeque<Key>,
}

impl Applied {
    fn remember(&mut self, event: &Heard) {
        let key = (event.aggregate.clone(), event.revision);
        if self.traces.insert(key.clone(), event.trace.clone()).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > REMEMBERED {
            if let Some(oldest) = self.order.pop_front() {
                self.traces.remove(&oldest);
            }
        }
    }

    fn trace_of(&self, confirmed: &Confirmed) -> Option<&String> {
        self.traces.get(&(confirmed.aggregate.clone(), confirmed.revision))
    }
}

impl Traced {
    /// The same copy; as it is where nobody keeps traces.
    pub fn around(service: &'static str, copy: Arc<dyn Copy>) -> Arc<dyn Copy> {
        if is_traced() { Arc::new(Self { service, copy, applied: Mutex::default() }) } else { copy }
    }
}

#[async_trait]
impl Copy for Traced {
    async fn mark(&self, producer: &str) -> Result<CopyMark> {
        self.copy.mark(producer).await
    }

    /// Each event of a batch has a span in its own trace; what the copy does for all of them
    /// together stands in the first one's.
    async fn apply(&self, batch: &[Heard], upto: CopyMark) -> Result<(), ApplyError> {
        let spans: Vec<Span> = batch.iter().map(|event| event_span(self.service, event)).collect();
        let first = spans.first().cloned().unwrap_or_else(Span::none);
        self.copy.apply(batch, upto).instrument(first).await?;
        let mut applied = self.applied.lock().unwrap_or_else(PoisonError::into_inner);
        batch.iter().filter(|event| !event.trace.is_empty()).for_each(|e| applied.remember(e));
        Ok(())
    }

    async fn keep(&self) -> Result<(), ApplyError> {
        self.copy.keep().await
    }

    /// What is confirmed together is told by one event, which stands in the first one's trace.
    async fn confirmed(&self, tx: &Tx, confirmed: &[Confirmed]) -> Result<()> {
        let trace = {
            let applied = self.applied.lock().unwrap_or_else(PoisonError::into_inner);
            confirmed.iter().find_map(|one| applied.trace_of(one)).cloned()
        };
        let span = tracing::info_span!(
            parent: None,
            "confirm",
            otel.name = format!("confirm.{}", self.service),
            service = self.service,
            events = confirmed.len(),
        );
        continue_trace(&span, trace.as_deref().unwrap_or_default());
        self.copy.confirmed(tx, confirmed).instrument(span).await
    }
}
