//! What every service asks of identity: its own token, and the keys of all tokens.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::identity::{
    GetSigningKeysRequest, IssueServiceTokenRequest, identity_service_client::IdentityServiceClient,
};
use tokio::sync::Mutex;
use tonic::Status;

use super::Peer;
use crate::{Result, auth::KeySource, clock};

/// A token is replaced so long before its end: a call that it starts must arrive with it.
const EARLY: TimeDelta = TimeDelta::seconds(15);

/// A service's own token, renewed as it runs out.
#[derive(Clone)]
pub struct TokenSource(Arc<Inner>);

struct Inner {
    identity: Peer,
    service: String,
    secret: String,
    clock: Arc<dyn clock::Clock>,
    token: Mutex<Option<(Arc<str>, DateTime<Utc>)>>,
}

impl TokenSource {
    /// Tokens for `service`, which proves by the platform's secret that it is one.
    pub fn new(identity: Peer, service: &str, secret: &str, clock: Arc<dyn clock::Clock>) -> Self {
        let (service, secret) = (service.to_owned(), secret.to_owned());
        Self(Arc::new(Inner { identity, service, secret, clock, token: Mutex::default() }))
    }

    /// A token that lives a while yet.
    pub async fn token(&self) -> Result<Arc<str>, Status> {
        let Inner { identity, service, secret, clock, token } = &*self.0;
        // Held while identity is asked: whoever comes meanwhile waits for the same answer.
        let mut kept = token.lock().await;
        if let Some((token, until)) = &*kept
            && clock.now() < *until
        {
            return Ok(Arc::clone(token));
        }
        let request = IssueServiceTokenRequest { service: service.clone(), secret: secret.clone() };
        let mut client = IdentityServiceClient::new(identity.clone());
        let answer = client.issue_service_token(request).await?.into_inner();
        let end = answer.access_expires_at.and_then(clock::from_wire);
        let now = clock.now();
        let until = end.map_or(now, |end| (end - EARLY).max(now + (end - now) / 2));
        let token: Arc<str> = answer.access_token.into();
        *kept = Some((Arc::clone(&token), until));
        Ok(token)
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TokenSource").field(&self.0.service).finish()
    }
}

/// The keys that identity publishes.
#[derive(Debug, Clone)]
pub struct IdentityKeys(Peer);

impl IdentityKeys {
    /// Keys asked for over this way to identity.
    pub fn new(identity: Peer) -> Self {
        Self(identity)
    }
}

#[async_trait]
impl KeySource for IdentityKeys {
    async fn keys(&self) -> Result<String> {
        let mut client = IdentityServiceClient::new(self.0.clone());
        Ok(client.get_signing_keys(GetSigningKeysRequest {}).await?.into_inner().jwks_json)
    }
}
