//! What search hears, and what it says when every living replica has taken it in.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use contracts::documents::{
    PolicyAmended, PolicyCommenced, PolicyCorrected, PolicyLapsed, PolicyPublished, PolicyRepealed,
    PolicyRevived, PolicyWithdrawn, RevisionExpunged,
};
use contracts::search::{IndexedPolicy, IndexingDelayed, PoliciesIndexed, PoliciesUnindexed};
use kit::clock::Clock;
use kit::copies::Confirmed;
use kit::db::{Db, Tx};
use kit::outbox::{self, NewEvent, Subject};
use kit::{ApplyError, Copy, CopyMark, Heard};
use prost::Name as _;

use crate::engine::Mark;
use crate::error::Error;
use crate::indexer::{Heard as Revisions, Indexer};

/// Most policies that one event names.
const MOST_POLICIES: usize = 500;
const POLICIES: &str = "policies/";
const ACTOR: &str = "services/search";
/// Under which search tells of its index.
const ABOUT: &str = "indexes/policies";

/// The events that change what can be found.
pub fn types() -> Vec<String> {
    vec![
        PolicyPublished::full_name(),
        PolicyCorrected::full_name(),
        PolicyWithdrawn::full_name(),
        RevisionExpunged::full_name(),
        PolicyCommenced::full_name(),
        PolicyAmended::full_name(),
        PolicyRepealed::full_name(),
        PolicyLapsed::full_name(),
        PolicyRevived::full_name(),
    ]
}

/// This replica's index as a copy of the library's log.
pub struct Listener {
    indexer: Arc<Indexer>,
    clock: Arc<dyn Clock>,
    db: Db,
    /// Of which policies it was told that they are held up, and why; empty while all is well.
    told: Mutex<(Revisions, String)>,
    /// What is in the index, but would be lost with the process.
    unkept: Mutex<Revisions>,
}

impl Listener {
    /// A listener for an indexer.
    pub fn new(indexer: Arc<Indexer>, clock: Arc<dyn Clock>, db: Db) -> Self {
        Self { indexer, clock, db, told: Mutex::default(), unkept: Mutex::default() }
    }

    fn unkept(&self) -> MutexGuard<'_, Revisions> {
        self.unkept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says what holds these policies up.
    async fn held_up(&self, heard: Revisions, error: Error) -> ApplyError {
        // An absent library has troubles of its own, which pass; ours wait for somebody.
        if matches!(error, Error::DiskFull(_) | Error::Index(_))
            && let Err(silent) = self.tell_delay(heard, error.to_string()).await
        {
            tracing::warn!(error = kit::error::chain(&silent), "a delay could not be told");
        }
        ApplyError { position: None, failed: error.into() }
    }

    /// Says, once for each policy and reason, that the index cannot take it in for now.
    async fn tell_delay(&self, heard: Revisions, reason: String) -> kit::Result<()> {
        let news: Revisions = {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            if told.1 != reason {
                *told = (Revisions::new(), reason.clone());
            }
            let new = |(id, revision): &(String, i64)| told.0.get(id) != Some(revision);
            heard.into_iter().filter(new).collect()
        };
        if news.is_empty() {
            return Ok(());
        }
        let revision = news.values().max().copied().unwrap_or_default();
        let policies: Vec<IndexedPolicy> = news
            .iter()
            .map(|(id, revision)| IndexedPolicy { policy_id: id.clone(), revision: *revision })
            .collect();
        let event = |some: &[IndexedPolicy]| {
            let delayed = IndexingDelayed { policies: some.to_vec(), reason: reason.clone() };
            NewEvent::of(&delayed, Subject { aggregate: ABOUT, revision })
        };
        let events = policies.chunks(MOST_POLICIES).map(event).collect();
        let tx = self.db.begin().await?;
        outbox::append_many(&tx, &*self.clock, events, ACTOR).await?;
        tx.commit().await?;
        self.told.lock().unwrap_or_else(PoisonError::into_inner).0.extend(news);
        Ok(())
    }
}

#[async_trait]
impl Copy for Listener {
    async fn mark(&self, producer: &str) -> kit::Result<CopyMark> {
        let Mark { epoch, position } = self.indexer.living().mark(producer);
        Ok(CopyMark { epoch, position })
    }

    async fn apply(&self, batch: &[Heard], upto: CopyMark) -> Result<(), ApplyError> {
        let mut heard = Revisions::new();
        for event in batch {
            let revision = heard.entry(policy_of(&event.aggregate)).or_default();
            *revision = event.revision.max(*revision);
        }
        let purge = batch.iter().any(Heard::is::<RevisionExpunged>);
        let before = self.indexer.living().mark(crate::indexer::PRODUCER);
        let mark = Some(Mark { epoch: upto.epoch, position: upto.position });
        if let Err(error) = self.indexer.take_in(heard.clone(), mark, purge).await {
            return Err(self.held_up(heard, error).await);
        }
        self.unkept().extend(heard);
        if before.epoch != 0 && before.epoch != upto.epoch {
            // The library was restored: the index may hold what the library no longer knows.
            self.indexer.want_rebuild();
        }
        Ok(())
    }

    async fn keep(&self) -> Result<(), ApplyError> {
        let unkept = std::mem::take(&mut *self.unkept());
        if let Err(error) = self.indexer.keep().await {
            self.unkept().extend(unkept.clone());
            return Err(self.held_up(unkept, error).await);
        }
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Default::default();
        Ok(())
    }

    async fn confirmed(&self, tx: &Tx, confirmed: &[Confirmed]) -> kit::Result<()> {
        let withdrawn = PolicyWithdrawn::full_name();
        let expunged = RevisionExpunged::full_name();
        let mut events = Vec::new();
        for of_a_kind in confirmed.chunk_by(|a, b| (a.kind == withdrawn) == (b.kind == withdrawn)) {
            for some in of_a_kind.chunks(MOST_POLICIES) {
                let revision = some.iter().map(|it| it.revision).max().unwrap_or_default();
                let about = Subject { aggregate: ABOUT, revision };
                // An expunged revision is no step of a publication: nobody waits for its report.
                let policies: Vec<IndexedPolicy> =
                    some.iter().filter(|it| it.kind != expunged).map(indexed).collect();
                if policies.is_empty() {
                    continue;
                }
                let gone = some.first().is_some_and(|it| it.kind == withdrawn);
                events.push(if gone {
                    NewEvent::of(&PoliciesUnindexed { policies }, about)
                } else {
                    NewEvent::of(&PoliciesIndexed { policies }, about)
                });
            }
        }
        if events.is_empty() {
            return Ok(());
        }
        outbox::append_many(tx, &*self.clock, events, ACTOR).await?;
        Ok(())
    }
}

fn indexed(confirmed: &Confirmed) -> IndexedPolicy {
    IndexedPolicy { policy_id: policy_of(&confirmed.aggregate), revision: confirmed.revision }
}

fn policy_of(aggregate: &str) -> String {
    aggregate.strip_prefix(POLICIES).unwrap_or(aggregate).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_named_by_its_aggregate() {
        let confirmed = Confirmed {
            kind: PolicyPublished::full_name(),
            aggregate: "policies/p1".to_owned(),
            revision: 2,
        };
        assert_eq!(indexed(&confirmed), IndexedPolicy { policy_id: "p1".to_owned(), revision: 2 });
    }
}
