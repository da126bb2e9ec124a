//! How services reach each other over gRPC, in one process or in many.

mod balance;
mod client;
mod identity;
mod repeat;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

pub use balance::Replicas;
pub use client::Peer;
pub use identity::{IdentityKeys, TokenSource};

use crate::{Result, auth::Verifier, clock::Clock};

/// The service that signs tokens.
const IDENTITY: &str = "identity";

/// All services that this process can reach, and the proofs of who it is itself.
pub struct Peers {
    replicas: BTreeMap<String, Replicas>,
    secret: String,
    clock: Arc<dyn Clock>,
    tokens: Mutex<HashMap<String, TokenSource>>,
    verifier: Arc<Verifier>,
}

impl Peers {
    /// Prepares a way to the replicas of each service (see [`Replicas::of`]); connects when it is
    /// used.
    ///
    /// `secret` is what the platform's own services prove to identity that they are. Needs a
    /// runtime around it.
    pub fn new(
        places: BTreeMap<String, String>,
        secret: String,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let mut replicas = BTreeMap::new();
        for (service, place) in places {
            replicas.insert(service, Replicas::of(&place)?);
        }
        let identity = Peer::new(IDENTITY, replicas.get(IDENTITY).cloned());
        let keys = Arc::new(IdentityKeys::new(identity));
        let verifier = Arc::new(Verifier::new(keys, Arc::clone(&clock)));
        Ok(Self { replicas, secret, clock, tokens: Mutex::default(), verifier })
    }

    /// The way to `service` for the service `own`, which calls with its own token.
    pub fn to(&self, service: &str, own: &str) -> Peer {
        let peer = Peer::new(service, self.replicas.get(service).cloned());
        peer.with_tokens(self.tokens_of(own))
    }

    /// Names of the services that can be reached.
    pub fn names(&self) -> Vec<String> {
        self.replicas.keys().cloned().collect()
    }

    /// Verifies the tokens of whoever calls this process.
    pub fn verifier(&self) -> Arc<Verifier> {
        Arc::clone(&self.verifier)
    }

    fn tokens_of(&self, own: &str) -> TokenSource {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let source = tokens.entry(own.to_owned()).or_insert_with(|| {
            let identity = Peer::new(IDENTITY, self.replicas.get(IDENTITY).cloned());
            TokenSource::new(identity, own, &self.secret, Arc::clone(&self.clock))
        });
        source.clone()
    }
}

impl fmt::Debug for Peers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peers").field("names", &self.names()).finish_non_exhaustive()
    }
}
