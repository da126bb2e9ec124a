//! Events that wait: one that failed, and those of its aggregate behind it.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use tokio::time::Instant;

use super::Heard;

/// Delays between the tries of an event; after the last one it is a dead letter.
const DELAYS: [Duration; 6] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(4),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(180),
];

/// The events of one aggregate that wait, in their order.
#[derive(Debug)]
pub(crate) struct Queue {
    pub events: VecDeque<Heard>,
    pub attempts: u32,
    pub error: String,
    next: Instant,
}

/// All that waits in one reader.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    queues: HashMap<String, Queue>,
}

/// What becomes of an event that failed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is tried again later.
    Again,
    /// It has had its tries.
    GiveUp,
}

impl Waiting {
    /// Whether events of this aggregate wait.
    pub fn holds_back(&self, aggregate: &str) -> bool {
        self.queues.contains_key(aggregate)
    }

    /// Whether this very event waits (the bus has delivered it again).
    pub fn contains(&self, event: &Heard) -> bool {
        self.queues
            .get(&event.aggregate)
            .is_some_and(|q| q.events.iter().any(|e| e.position == event.position))
    }

    /// Lays an event behind those of its aggregate that wait.
    pub fn push_behind(&mut self, event: Heard) {
        if let Some(queue) = self.queues.get_mut(&event.aggregate) {
            queue.events.push_back(event);
        }
    }

    /// Notes a first failure.
    pub fn open(&mut self, event: Heard, error: String) {
        let next = Instant::now() + delay(1);
        let aggregate = event.aggregate.clone();
        let events = VecDeque::from([event]);
        self.queues.insert(aggregate, Queue { events, attempts: 1, error, next });
    }

    /// Notes a further failure of the first event in a queue.
    pub fn failed_again(&mut self, aggregate: &str, error: String) -> Verdict {
        let Some(queue) = self.queues.get_mut(aggregate) else { return Verdict::GiveUp };
        queue.attempts += 1;
        queue.error = error;
        if usize::try_from(queue.attempts).unwrap_or(usize::MAX) > DELAYS.len() {
            return Verdict::GiveUp;
        }
        queue.next = Instant::now() + delay(queue.attempts);
        Verdict::Again
    }

    /// Takes a queue out, to apply or to bury it.
    pub fn take(&mut self, aggregate: &str) -> Option<Queue> {
        self.queues.remove(aggregate)
    }

    /// Puts a queue back whose first events were applied.
    pub fn put_back(&mut self, aggregate: String, queue: Queue) {
        if !queue.events.is_empty() {
            self.queues.insert(aggregate, queue);
        }
    }

    /// Aggregates whose next try is due.
    pub fn due(&self) -> Vec<String> {
        let now = Instant::now();
        self.queues.iter().filter(|(_, q)| q.next <= now).map(|(a, _)| a.clone()).collect()
    }

    /// When the next try is due.
    pub fn next(&self) -> Option<Instant> {
        self.queues.values().map(|q| q.next).min()
    }

    /// The lowest position that waits.
    pub fn lowest(&self) -> Option<u64> {
        self.queues.values().filter_map(|q| q.events.front()).map(|e| e.position).min()
    }

    /// How many events wait.
    pub fn len(&self) -> usize {
        self.queues.values().map(|q| q.events.len()).sum()
    }
}

fn delay(attempts: u32) -> Duration {
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    DELAYS.get(index).copied().unwrap_or(Duration::from_secs(180))
}
