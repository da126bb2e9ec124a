//! Changing passwords.

use contracts::role;
use kit::auth::Caller;

use super::Identity;
use crate::domain::account::{ADMINISTRATOR, AccountId, is_city_wide};
use crate::domain::password;
use crate::error::Error;
use crate::signing;
use crate::store::{accounts, failures, sign_ins};

impl Identity {
    /// Sets a new password and ends all sign-ins of the account.
    ///
    /// One's own needs the old one; another's needs operations staff, or the office where the
    /// account reaches over one organ only.
    #[tracing::instrument(name = "command.identity.change_password", skip_all)]
    pub async fn change_password(
        &self,
        id: AccountId,
        old: &str,
        new: &str,
        caller: &Caller,
    ) -> Result<(), Error> {
        let account = accounts::by_id(self.db.conn(), id).await?.ok_or(Error::UnknownAccount)?;
        let own = caller.account_id == id.to_string();
        if own {
            let known = self.attempt(&account.account).await?;
            let hash = known.as_ref().map(|account| account.password_hash.as_str());
            if !self.hashing.verify(old, hash).await? {
                return Err(Error::WrongOldPassword);
            }
        } else if !may_reset(caller, &account.roles()) {
            return Err(Error::UnknownAccount);
        }
        password::check(new, &account.account)?;
        let hash = self.hashing.hash(new).await?;

        let tx = self.db.begin().await?;
        let now = accounts::lock(&tx, id).await?.ok_or(Error::UnknownAccount)?;
        if own && now.password_hash != account.password_hash {
            return Err(Error::WrongOldPassword);
        }
        accounts::set_password(&tx, id, &hash).await?;
        sign_ins::end_all(&tx, id).await?;
        failures::forgive(&tx, &signing::digest(&account.account)).await?;
        let resource = format!("accounts/{id}");
        kit::audit::record(&tx, &*self.clock, caller, "account.password", &resource, "").await?;
        tx.commit().await?;
        if account.account == ADMINISTRATOR {
            self.first_password.is_used();
        }
        Ok(())
    }
}

fn may_reset(caller: &Caller, roles: &[String]) -> bool {
    caller.has(role::OPS)
        || (caller.has(role::OFFICE) && !roles.iter().any(|role| is_city_wide(role)))
}
