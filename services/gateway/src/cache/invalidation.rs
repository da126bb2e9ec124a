//! What the gateway hears: which pages have changed, and that every replica shows it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use contracts::{
    documents::{
        PolicyAmended, PolicyCommenced, PolicyCorrected, PolicyLapsed, PolicyPublished,
        PolicyRepealed, PolicyRevived, PolicyStageAdvanced, PolicyWithdrawn, RevisionExpunged,
    },
    gateway::{PagesRefreshed, RefreshedPage},
    interpretations::{InterpretationPublished, InterpretationWithdrawn},
};
use kit::{
    ApplyError, Copy, CopyMark, Failed, Heard, Result,
    clock::Clock,
    copies::{self, Confirmed},
    db::{Db, Tx},
    outbox::{self, NewEvent, Subject},
};
use prost::Name as _;

use super::Policies;

/// Most pages that one event tells of.
const PAGES_OF_EVENT: usize = 500;
/// What the events are about: the pages of all policies together.
const AGGREGATE: &str = "pages/documents";
/// How the aggregates of documents' events begin.
const POLICIES: &str = "policies/";
/// How those of the lifecycles of policies begin, which are no step of a receipt.
const LIFECYCLES: &str = "lifecycles/";

/// Full names of the events that are heard from one producer.
type Types = fn() -> Vec<String>;

/// What is heard, by producer.
pub const HEARD: [(&str, Types); 2] = [
    ("documents", || {
        vec![
            PolicyPublished::full_name(),
            PolicyCorrected::full_name(),
            PolicyWithdrawn::full_name(),
            PolicyCommenced::full_name(),
            PolicyAmended::full_name(),
            PolicyRepealed::full_name(),
            PolicyLapsed::full_name(),
            PolicyRevived::full_name(),
            RevisionExpunged::full_name(),
            PolicyStageAdvanced::full_name(),
        ]
    }),
    ("interpretations", || {
        vec![InterpretationPublished::full_name(), InterpretationWithdrawn::full_name()]
    }),
];

/// Forgets pages that have changed.
///
/// A cache that starts empty is up to date with everything, so its mark could be the newest
/// position; it is the last confirmed one, so that what nobody has confirmed is heard and
/// confirmed again after a restart.
#[derive(Debug)]
pub struct Invalidation {
    policies: Arc<Policies>,
    db: Db,
    clock: Arc<dyn Clock>,
    marks: Mutex<HashMap<String, CopyMark>>,
}

impl Invalidation {
    /// Forgets in `policies`; `db` is the gateway's own.
    pub fn new(policies: Arc<Policies>, db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { policies, db, clock, marks: Mutex::default() }
    }

    fn forget(&self, event: &Heard) -> Result<()> {
        let of_policy = event.aggregate.strip_prefix(POLICIES);
        if let Some(id) = of_policy.or_else(|| event.aggregate.strip_prefix(LIFECYCLES)) {
            self.policies.forget(id);
        } else if event.is::<InterpretationPublished>() {
            self.policies.forget(&event.decode::<InterpretationPublished>()?.policy_id);
        } else if event.is::<InterpretationWithdrawn>() {
            self.policies.forget(&event.decode::<InterpretationWithdrawn>()?.policy_id);
        }
        Ok(())
    }
}

#[async_trait]
impl Copy for Invalidation {
    async fn mark(&self, producer: &str) -> Result<CopyMark> {
        let known = {
            let marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
            marks.get(producer).copied()
        };
        match known {
            Some(mark) => Ok(mark),
            None => {
                let position = copies::confirmed_upto(&self.db, producer).await?;
                Ok(CopyMark { epoch: 0, position })
            }
        }
    }

    async fn apply(&self, batch: &[Heard], upto: CopyMark) -> Result<(), ApplyError> {
        for event in batch {
            self.forget(event).map_err(|error| ApplyError {
                position: Some(event.position),
                failed: Failed::Final(error.to_string()),
            })?;
        }
        if let Some(producer) = batch.first().and_then(|event| producer_of(&event.ty)) {
            let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
            marks.insert(producer.to_owned(), upto);
        }
        Ok(())
    }

    /// A cache need not outlast its process: what was not confirmed is heard again.
    async fn keep(&self) -> Result<(), ApplyError> {
        Ok(())
    }

    async fn confirmed(&self, tx: &Tx, confirmed: &[Confirmed]) -> Result<()> {
        let pages: Vec<RefreshedPage> = confirmed.iter().filter_map(page).collect();
        let about = Subject { aggregate: AGGREGATE, revision: 0 };
        let events = pages
            .chunks(PAGES_OF_EVENT)
            .map(|pages| NewEvent::of(&PagesRefreshed { pages: pages.to_vec() }, about))
            .collect();
        outbox::append_many(tx, &*self.clock, events, "services/gateway").await?;
        Ok(())
    }
}

/// `yangguang.documents.v1.PolicyPublished` → `documents`.
fn producer_of(kind: &str) -> Option<&str> {
    kind.split('.').nth(1)
}

/// The page that an event of documents is about; interpretations have no step of their own.
fn page(confirmed: &Confirmed) -> Option<RefreshedPage> {
    let Confirmed { kind, aggregate, revision } = confirmed;
    let policy_id = aggregate.strip_prefix(POLICIES)?.to_owned();
    let occasion = match kind.rsplit('.').next()? {
        PolicyPublished::NAME => "published",
        PolicyCorrected::NAME => "corrected",
        PolicyWithdrawn::NAME => "withdrawn",
        RevisionExpunged::NAME => "expunged",
        _ => return None,
    };
    Some(RefreshedPage { policy_id, revision: *revision, occasion: occasion.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confirmed(kind: String, aggregate: &str) -> Confirmed {
        Confirmed { kind, aggregate: aggregate.to_owned(), revision: 3 }
    }

    #[test]
    fn a_withdrawal_refreshes_the_page_of_its_policy() {
        let page = page(&confirmed(PolicyWithdrawn::full_name(), "policies/0198")).unwrap();
        assert_eq!((&*page.policy_id, page.revision, &*page.occasion), ("0198", 3, "withdrawn"));
    }

    #[test]
    fn an_interpretation_is_no_step_of_a_receipt() {
        let kind = InterpretationPublished::full_name();
        assert_eq!(page(&confirmed(kind, "interpretations/0198")), None);
    }

    #[test]
    fn a_stage_is_no_step_of_a_receipt() {
        let kind = PolicyStageAdvanced::full_name();
        assert_eq!(page(&confirmed(kind, "lifecycles/0198")), None);
    }

    #[test]
    fn the_producer_is_told_by_the_package() {
        for (producer, types) in HEARD {
            for kind in types() {
                assert_eq!(producer_of(&kind), Some(producer));
            }
        }
    }
}
