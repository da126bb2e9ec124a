//! Public policies that each replica keeps at hand, and what makes it forget them.

mod invalidation;
mod shelf;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::documents::{GetPolicyRequest, Policy};
use kit::clock::{Clock, from_wire};
use prost::Message as _;

pub use invalidation::{HEARD, Invalidation};

use crate::{clients::Clients, config::CacheConfig, http_cache::Validators, problem::Problem};
use shelf::Shelf;

/// What an entry takes beside its text.
const OVERHEAD: usize = 4096;
/// How often the text may be in an entry: as message and in each kept form.
const COPIES: usize = 1 + KEPT_FORMS;
/// How many forms of an entry are kept; the first ones asked for are the ones most people see.
const KEPT_FORMS: usize = 3;

/// A policy as the public sees it, and the pages made of it.
#[derive(Debug)]
pub struct Public {
    /// The policy, as documents answers to nobody in particular.
    pub policy: Policy,
    forms: RwLock<HashMap<u8, Rendered>>,
}

/// A finished answer.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The body.
    pub content: Bytes,
    /// By what a client knows whether its copy still holds.
    pub validators: Validators,
}

/// Number of the form that the REST interface answers with; pages use
/// [`crate::preferences::Display::variant`].
pub const REST_FORM: u8 = u8::MAX;

impl Public {
    fn new(policy: Policy) -> Self {
        Self { policy, forms: RwLock::default() }
    }

    /// The policy in one form; made at the first time and then kept.
    pub fn rendered<E>(
        &self,
        form: u8,
        make: impl FnOnce(&Policy) -> Result<String, E>,
    ) -> Result<Rendered, E> {
        let known = self.forms.read().unwrap_or_else(PoisonError::into_inner).get(&form).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let content = Bytes::from(make(&self.policy)?);
        let validators = Validators::of(&content, None);
        let rendered = Rendered { content, validators };
        let mut forms = self.forms.write().unwrap_or_else(PoisonError::into_inner);
        if forms.len() < KEPT_FORMS {
            forms.insert(form, rendered.clone());
        }
        Ok(rendered)
    }

    fn weight(&self) -> usize {
        self.policy.encoded_len().saturating_mul(COPIES).saturating_add(OVERHEAD)
    }
}

/// When what the public sees of a policy last changed.
pub fn modified(policy: &Policy) -> Option<DateTime<Utc>> {
    let times = [&policy.withdrawn_at, &policy.revised_at, &policy.published_at];
    times.into_iter().filter_map(|at| from_wire((*at)?)).max()
}

/// The public policies of this replica.
#[derive(Debug)]
pub struct Policies {
    clients: Clients,
    clock: Arc<dyn Clock>,
    fresh_for: TimeDelta,
    shelf: RwLock<Shelf<Arc<Public>>>,
}

impl Policies {
    /// An empty cache, which asks documents as nobody.
    pub fn new(config: CacheConfig, clock: Arc<dyn Clock>, clients: Clients) -> Self {
        Self {
            clients,
            clock,
            fresh_for: TimeDelta::seconds(config.seconds.into()),
            shelf: RwLock::new(Shelf::new(config.entries, config.bytes)),
        }
    }

    /// What the public sees of a policy; a withdrawn one is its tombstone.
    pub async fn get(&self, id: &str) -> Result<Arc<Public>, Problem> {
        let now = self.clock.now();
        let ticket = {
            let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = shelf.get(id, now - self.fresh_for) {
                return Ok(Arc::clone(known));
            }
            // Taken before asking: what is forgotten from here on must not be kept.
            shelf.ticket(id)
        };
        let request = GetPolicyRequest { policy_id: id.to_owned(), ..GetPolicyRequest::default() };
        let answer = self.clients.documents().get_policy(request).await?.into_inner();
        let public = Arc::new(Public::new(answer.policy.unwrap_or_default()));
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        shelf.put(id, ticket, Arc::clone(&public), public.weight(), now);
        Ok(public)
    }

    /// Forgets a policy, and whatever is being fetched of it at this moment.
    pub fn forget(&self, id: &str) {
        self.shelf.write().unwrap_or_else(PoisonError::into_inner).forget(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_made_once() {
        let public = Public::new(Policy { id: "1".to_owned(), ..Policy::default() });
        let made = std::cell::Cell::new(0);
        for _ in 0..3 {
            let rendered = public.rendered(7, |policy| {
                made.set(made.get() + 1);
                Ok::<_, std::convert::Infallible>(policy.id.clone())
            });
            assert_eq!(rendered.unwrap().content, "1");
        }
        assert_eq!(made.get(), 1);
    }
}
