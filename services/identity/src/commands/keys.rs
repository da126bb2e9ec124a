//! The keys that tokens are signed with.

use chrono::{DateTime, TimeDelta, Utc};
use kit::auth::Caller;

use super::Identity;
use crate::error::Error;
use crate::signing::SigningKey;
use crate::store::keys::{self, CurrentKey};

/// How much longer than its last token's life a retired key is published.
const MARGIN: TimeDelta = TimeDelta::minutes(10);
/// How long a new key is published before it signs: by then every verifier may have asked for it.
const HEAD_START: TimeDelta = TimeDelta::seconds(30);

impl Identity {
    /// The key that signs now.
    pub(super) async fn current_key(&self) -> Result<CurrentKey, Error> {
        let now = self.now();
        keys::current(self.db.conn(), now, now - HEAD_START)
            .await?
            .ok_or_else(|| Error::Signing("there is no signing key".to_owned()))
    }

    /// Retired keys from before this moment have no living tokens.
    fn last_use(&self) -> DateTime<Utc> {
        self.now() - self.config.access_life() - MARGIN
    }

    /// The JWK set of all keys that may have signed a living token.
    pub async fn jwks(&self) -> Result<String, Error> {
        let keys = keys::public(self.db.conn(), self.last_use()).await?;
        Ok(format!("{{\"keys\":[{}]}}", keys.join(",")))
    }

    /// Starts a new signing key.
    #[tracing::instrument(name = "command.identity.rotate_key", skip_all)]
    pub async fn rotate_key(&self, caller: &Caller) -> Result<String, Error> {
        let key = SigningKey::random()?;
        let tx = self.db.begin().await?;
        keys::take_over(&tx, &key, self.now(), HEAD_START).await?;
        let resource = format!("keys/{}", key.id);
        kit::audit::record(&tx, &*self.clock, caller, "key.rotate", &resource, "").await?;
        tx.commit().await?;
        Ok(key.id)
    }

    /// Makes sure that there is a key young enough to sign with.
    pub async fn ensure_key(&self) -> Result<(), Error> {
        let oldest = self.now() - self.config.key_life();
        match keys::newest(self.db.conn()).await? {
            Some(created_at) if created_at > oldest => Ok(()),
            _ => self.rotate_key(&Caller::service("identity")).await.map(drop),
        }
    }

    /// Removes sign-ins, failures and keys whose time has passed.
    pub async fn sweep(&self) -> Result<(), Error> {
        use crate::{domain::lockout, store::failures, store::sign_ins};
        let now = self.now();
        let tx = self.db.begin().await?;
        sign_ins::sweep(&tx, now).await?;
        failures::sweep(&tx, now - lockout::MEMORY).await?;
        keys::sweep(&tx, self.last_use()).await?;
        Ok(tx.commit().await?)
    }
}
