//! Signing in, staying signed in, signing out; the tokens of services.

use contracts::role;
use kit::auth::Caller;
use kit::db::Tx;

use super::Identity;
use crate::domain::account::{self, AccountId};
use crate::domain::lockout;
use crate::error::Error;
use crate::signing::{self, AccessToken, Holder};
use crate::store::accounts::AccountRow;
use crate::store::{accounts, failures, organs, sign_ins};

/// Organs that a token names at most: it travels in a header of every call. Who oversees more is
/// given the role of the office, which needs no list.
const WIDEST_SCOPE: i64 = 200;

/// What a sign-in gives.
#[derive(Debug)]
pub struct SignedIn {
    /// For calls.
    pub access: AccessToken,
    /// For new access tokens.
    pub refresh_token: String,
    /// Who signed in.
    pub account: AccountRow,
}

impl Identity {
    /// Exchanges an account's password for tokens.
    #[tracing::instrument(name = "command.identity.sign_in", skip_all)]
    pub async fn sign_in(&self, typed: &str, password: &str) -> Result<SignedIn, Error> {
        let name = account::sign_in_name(typed);
        let known = self.attempt(&name).await?;
        let hash = known.as_ref().map(|account| account.password_hash.as_str());
        let matches = self.hashing.verify(password, hash).await?;
        let Some(account) = known.filter(|account| matches && !account.disabled) else {
            return Err(Error::WrongCredentials);
        };
        let tx = self.db.begin().await?;
        // It may have been disabled, or its password changed, while the hash was computed.
        let account = accounts::lock(&tx, account.id())
            .await?
            .filter(|now| !now.disabled && now.password_hash == account.password_hash)
            .ok_or(Error::WrongCredentials)?;
        failures::forgive(&tx, &signing::digest(&name)).await?;
        let refresh_token = signing::opaque_token();
        let ends = self.now() + self.config.refresh_life();
        sign_ins::insert(&tx, &signing::digest(&refresh_token), account.id(), ends).await?;
        let who = person(&account);
        let resource = format!("accounts/{}", account.id());
        kit::audit::record(&tx, &*self.clock, &who, "account.sign_in", &resource, "").await?;
        tx.commit().await?;
        if account.account == account::ADMINISTRATOR {
            self.first_password.is_used();
        }
        let access = self.access_token(&account).await?;
        Ok(SignedIn { access, refresh_token, account })
    }

    /// Counts an attempt as failed before the password is looked at, so that many at once do not
    /// slip by; a success forgives it.
    pub(super) async fn attempt(&self, name: &str) -> Result<Option<AccountRow>, Error> {
        let name_hash = signing::digest(name);
        let now = self.now();
        let tx = self.db.begin().await?;
        if let Some(before) = failures::lock(&tx, &name_hash).await? {
            let wait = lockout::wait_after(before.failures);
            let left = wait.map(|wait| before.last_at + wait - now);
            if let Some(left) = left.filter(|left| left.num_milliseconds() > 0) {
                return Err(Error::LockedOut(left));
            }
        }
        failures::count(&tx, &name_hash, now).await?;
        let known = accounts::by_name(&*tx, name).await?;
        tx.commit().await?;
        Ok(known)
    }

    /// Exchanges a refresh token for a new access token.
    pub async fn refresh(&self, refresh_token: &str) -> Result<(AccessToken, AccountRow), Error> {
        let hash = signing::digest(refresh_token);
        let id = sign_ins::account_of(self.db.conn(), &hash, self.now())
            .await?
            .ok_or(Error::SignInEnded)?;
        let account = accounts::by_id(self.db.conn(), id)
            .await?
            .filter(|account| !account.disabled)
            .ok_or(Error::SignInEnded)?;
        Ok((self.access_token(&account).await?, account))
    }

    /// Ends the sign-in of a refresh token; one that has ended already is fine.
    #[tracing::instrument(name = "command.identity.sign_out", skip_all)]
    pub async fn sign_out(&self, refresh_token: &str) -> Result<(), Error> {
        let hash = signing::digest(refresh_token);
        let tx = self.db.begin().await?;
        if let Some(id) = sign_ins::account_of(&*tx, &hash, self.now()).await? {
            sign_ins::end(&tx, &hash).await?;
            self.note_sign_out(&tx, id).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn note_sign_out(&self, tx: &Tx, id: AccountId) -> Result<(), Error> {
        if let Some(account) = accounts::by_id(&**tx, id).await? {
            let who = person(&account);
            let resource = format!("accounts/{id}");
            kit::audit::record(tx, &*self.clock, &who, "account.sign_out", &resource, "").await?;
        }
        Ok(())
    }

    /// Gives a service its own short-lived token.
    pub async fn issue_service_token(
        &self,
        service: &str,
        secret: &str,
    ) -> Result<AccessToken, Error> {
        let expected = &*self.service_secret;
        if expected.is_empty() || !signing::same_secret(secret, expected) {
            return Err(Error::WrongServiceSecret);
        }
        let allowed = |c: char| c.is_ascii_lowercase() || c == '-';
        if !(2..=32).contains(&service.len()) || !service.chars().all(allowed) {
            return Err(Error::BadServiceName(service.to_owned()));
        }
        let holder = Holder {
            name: service.to_owned(),
            roles: vec![role::SERVICE.to_owned()],
            service: Some(service.to_owned()),
            ..Holder::default()
        };
        let key = self.current_key().await?;
        signing::sign(&key, holder, self.now(), self.config.access_life())
    }

    async fn access_token(&self, account: &AccountRow) -> Result<AccessToken, Error> {
        let conn = self.db.conn();
        let roles = account.roles();
        let everywhere = roles.iter().any(|held| held == role::OFFICE);
        let scope = match account.organ_code.as_str() {
            code if everywhere || code.is_empty() => Vec::new(),
            code => organs::scope(conn, code, WIDEST_SCOPE).await?,
        };
        let holder = Holder {
            subject: account.id().to_string(),
            name: account.name.clone(),
            organ: account.organ_code.clone(),
            scope,
            roles,
            service: None,
        };
        let key = self.current_key().await?;
        signing::sign(&key, holder, self.now(), self.config.access_life())
    }
}

/// The account as the one who acts.
pub(super) fn person(account: &AccountRow) -> Caller {
    Caller {
        account_id: account.id().to_string(),
        name: account.name.clone(),
        organ_code: account.organ_code.clone(),
        roles: account.roles(),
        ..Caller::anonymous()
    }
}
