//! Making and changing accounts.

use contracts::identity::{Account as Wire, AccountChanged, CreateAccountResponse};
use contracts::role;
use kit::auth::Caller;
use kit::db::Tx;
use kit::outbox::{self, Subject};
use prost::Message as _;

use super::Identity;
use super::first_start::OPERATOR;
use crate::domain::account::{self, AccountFault, AccountId, Profile};
use crate::domain::password;
use crate::error::Error;
use crate::store::accounts::{self, AccountRow, NewAccount};
use crate::store::{organs, sign_ins};

const CREATE: &str = "CreateAccount";

impl Identity {
    /// Adds an account; the same `request_id` gets the same answer.
    #[tracing::instrument(name = "command.identity.create_account", skip_all)]
    pub async fn create_account(
        &self,
        wanted: &Wire,
        first_password: &str,
        request_id: &str,
        caller: &Caller,
    ) -> Result<CreateAccountResponse, Error> {
        let name = account::sign_in_name(&wanted.account);
        account::check_sign_in_name(&name)?;
        let profile = Profile::new(&wanted.name, &wanted.organ_code, &wanted.roles)?;
        check_grant(caller, &[], &profile.roles)?;
        password::check(first_password, &name)?;
        let password_hash = self.hashing.hash(first_password).await?;

        let tx = self.db.begin().await?;
        if let Some(answer) = kit::idempotency::find(&tx, request_id, CREATE).await? {
            return CreateAccountResponse::decode(answer.as_slice())
                .map_err(|_| Error::AccountExists(name));
        }
        let new = NewAccount {
            id: AccountId::new(&*self.clock),
            account: &name,
            profile: &profile,
            password_hash: &password_hash,
            created_at: self.now(),
        };
        let row =
            self.add(&tx, new, caller).await?.ok_or_else(|| Error::AccountExists(name.clone()))?;
        let answer = CreateAccountResponse { account: Some(row.into()) };
        let bytes = answer.encode_to_vec();
        kit::idempotency::remember(&tx, &*self.clock, request_id, CREATE, &bytes).await?;
        tx.commit().await?;
        Ok(answer)
    }

    /// Adds an account within a transaction; `None` where the sign-in name is taken.
    pub(super) async fn add(
        &self,
        tx: &Tx,
        new: NewAccount<'_>,
        caller: &Caller,
    ) -> Result<Option<AccountRow>, Error> {
        let id = new.id;
        check_organ(tx, new.profile).await?;
        if !accounts::insert(tx, new).await? {
            return Ok(None);
        }
        let row = accounts::by_id(&**tx, id).await?.ok_or(Error::UnknownAccount)?;
        self.say(tx, &row, caller, "account.create").await?;
        Ok(Some(row))
    }

    /// Changes name, organ, roles or the disabled mark.
    #[tracing::instrument(name = "command.identity.update_account", skip_all)]
    pub async fn update_account(&self, wanted: &Wire, caller: &Caller) -> Result<Wire, Error> {
        let id: AccountId = wanted.id.parse()?;
        let profile = Profile::new(&wanted.name, &wanted.organ_code, &wanted.roles)?;
        let tx = self.db.begin().await?;
        // Everyone who changes accounts locks the administrators first, in one order.
        let administrators = accounts::lock_administrators(&tx).await?;
        let before = accounts::lock(&tx, id).await?.ok_or(Error::UnknownAccount)?;
        if wanted.etag != before.revision.to_string() {
            return Err(Error::StaleAccount);
        }
        check_grant(caller, &before.roles(), &profile.roles)?;
        let ends_power = wanted.disabled || !profile.has(role::OPS);
        if before.is_administrator() && ends_power {
            if caller.account_id == wanted.id {
                return Err(Error::OwnAccount);
            }
            // The platform's own account signs nobody in through a page.
            let others = |name: &&String| **name != before.account && **name != OPERATOR;
            if before.account != OPERATOR && !administrators.iter().any(|name| others(&name)) {
                return Err(Error::LastAdministrator);
            }
        }
        if wanted.disabled && caller.account_id == wanted.id {
            return Err(Error::OwnAccount);
        }
        check_organ(&tx, &profile).await?;
        accounts::update(&tx, id, &profile, wanted.disabled).await?;
        if wanted.disabled {
            sign_ins::end_all(&tx, id).await?;
        }
        let row = accounts::by_id(&*tx, id).await?.ok_or(Error::UnknownAccount)?;
        self.say(&tx, &row, caller, "account.update").await?;
        tx.commit().await?;
        Ok(row.into())
    }

    /// The event and the audit row of a change.
    async fn say(
        &self,
        tx: &Tx,
        row: &AccountRow,
        caller: &Caller,
        action: &str,
    ) -> Result<(), Error> {
        let resource = format!("accounts/{}", row.id());
        let roles = row.roles();
        let detail = format!(
            "{} organ={} roles={} disabled={}",
            row.account,
            row.organ_code,
            roles.join(","),
            row.disabled
        );
        let event = AccountChanged {
            account_id: row.id().to_string(),
            organ_code: row.organ_code.clone(),
            disabled: row.disabled,
            roles,
        };
        kit::audit::record(tx, &*self.clock, caller, action, &resource, &detail).await?;
        let about = Subject { aggregate: &resource, revision: row.revision };
        outbox::append(tx, &*self.clock, about, &event, &caller.actor()).await?;
        Ok(())
    }
}

fn check_grant(caller: &Caller, before: &[String], after: &[String]) -> Result<(), Error> {
    if account::touches_city_wide(before, after) && !caller.has(role::OPS) {
        return Err(Error::MayNotGrant);
    }
    Ok(())
}

async fn check_organ(tx: &Tx, profile: &Profile) -> Result<(), Error> {
    let code = &profile.organ_code;
    if code.is_empty() {
        return Ok(());
    }
    match organs::find(&**tx, code).await? {
        Some(organ) if organ.code == *code => Ok(()),
        _ => Err(AccountFault::Organ(code.clone()).into()),
    }
}
