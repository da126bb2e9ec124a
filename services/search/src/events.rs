//! What search hears, and what it says when every living replica has taken it in.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::documents::{PolicyCorrected, PolicyPublished, PolicyWithdrawn, RevisionExpunged};
use contracts::search::{IndexedPolicy, PoliciesIndexed, PoliciesUnindexed};
use kit::clock::Clock;
use kit::copies::Confirmed;
use kit::db::Tx;
use kit::outbox::{self, NewEvent, Subject};
use kit::{ApplyError, Copy, CopyMark, Heard};
use prost::Name as _;

use crate::engine::Mark;
use crate::indexer::{Heard as Revisions, Indexer};

/// Most policies that one event names.
const MOST_POLICIES: usize = 500;
const POLICIES: &str = "policies/";
const ACTOR: &str = "services/search";
/// Under which search tells of its index.
const ABOUT: &str = "indexes/policies";

/// The events that change what can be found.
pub fn types() -> [String; 4] {
    [
        PolicyPublished::full_name(),
        PolicyCorrected::full_name(),
        PolicyWithdrawn::full_name(),
        RevisionExpunged::full_name(),
    ]
}

/// This replica's index as a copy of the library's log.
pub struct Listener {
    indexer: Arc<Indexer>,
    clock: Arc<dyn Clock>,
}

impl Listener {
    /// A listener for an indexer.
    pub fn new(indexer: Arc<Indexer>, clock: Arc<dyn Clock>) -> Self {
        Self { indexer, clock }
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
        let taken_in = self.indexer.take_in(heard, mark, purge).await;
        taken_in.map_err(|error| ApplyError { position: None, failed: error.into() })?;
        if before.epoch != 0 && before.epoch != upto.epoch {
            // The library was restored: the index may hold what the library no longer knows.
            self.indexer.want_rebuild();
        }
        Ok(())
    }

    async fn keep(&self) -> Result<(), ApplyError> {
        let kept = self.indexer.keep().await;
        kept.map_err(|error| ApplyError { position: None, failed: error.into() })
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
