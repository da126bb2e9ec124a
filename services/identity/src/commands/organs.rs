//! Taking organs in.

use std::collections::HashMap;

use contracts::identity::{ImportOrgansResponse, OrganChanged, RefusedOrgan};
use kit::auth::Caller;
use kit::outbox::{self, NewEvent, Subject};

use super::Identity;
use crate::domain::organ::{Organ, Tree};
use crate::error::Error;
use crate::store::organs;

/// Organs of one import.
const MOST: usize = 2_000;

impl Identity {
    /// Adds or changes organs; refuses single ones without stopping.
    #[tracing::instrument(name = "command.identity.import_organs", skip_all)]
    pub async fn import_organs(
        &self,
        import: Vec<Organ>,
        caller: &Caller,
    ) -> Result<ImportOrgansResponse, Error> {
        if import.len() > MOST {
            return Err(Error::TooManyOrgans(MOST));
        }
        let tx = self.db.begin().await?;
        let known = organs::lock_tree(&tx).await?;
        let revisions: HashMap<String, i64> =
            known.iter().map(|row| (row.code.clone(), row.revision)).collect();
        let plan = Tree::new(known.into_iter().map(Organ::from)).take_in(import);
        let mut events = Vec::new();
        for organ in plan.changed.iter().chain(&plan.added) {
            let revision = revisions.get(&organ.code).copied().unwrap_or_default() + 1;
            organs::save(&tx, organ, revision).await?;
            events.push(changed(organ, revision));
        }
        if !events.is_empty() {
            let detail = format!("added {}, changed {}", plan.added.len(), plan.changed.len());
            kit::audit::record(&tx, &*self.clock, caller, "organ.import", "organs", &detail)
                .await?;
            outbox::append_many(&tx, &*self.clock, events, &caller.actor()).await?;
        }
        tx.commit().await?;
        Ok(ImportOrgansResponse {
            added: count(plan.added.len()),
            changed: count(plan.changed.len()),
            unchanged: plan.unchanged,
            refused: plan
                .refused
                .into_iter()
                .map(|(index, why)| RefusedOrgan {
                    index: count(index),
                    field: why.field.to_owned(),
                    reason: why.reason,
                })
                .collect(),
        })
    }
}

fn changed(organ: &Organ, revision: i64) -> NewEvent {
    let event = OrganChanged {
        organ_code: organ.code.clone(),
        name: organ.name.clone(),
        parent_code: organ.parent_code.clone(),
        kind: organ.kind.clone(),
    };
    let aggregate = format!("organs/{}", organ.code);
    NewEvent::of(&event, Subject { aggregate: &aggregate, revision })
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
