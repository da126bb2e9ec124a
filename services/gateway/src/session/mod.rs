//! Who is signed in to the console, and forms that only they can send.

mod form;
mod staff;
mod store;
mod token;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::identity::{
    Account as WireAccount, RefreshTokenRequest, SignInRequest, SignOutRequest,
};
use kit::{
    clock::{Clock, from_wire},
    db::Db,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tonic::Code;

pub use form::{Csrf, Form, Upload};
pub(crate) use form::{is_type, read_body, read_multipart, read_urlencoded};
pub(crate) use staff::sign_in_path;
pub use staff::{MaybeStaff, Staff};
pub use store::MIGRATIONS;
pub use token::{FormKey, FormToken};

use crate::{clients::Clients, cookies::SetCookie, problem::Problem};

/// The cookie that says which session a browser has.
pub(crate) const COOKIE: &str = "yg_session";

/// An access token is renewed when it has less than this to live.
const RENEW_BEFORE: TimeDelta = TimeDelta::seconds(20);

/// The account that is signed in, as pages show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// What one types to sign in.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// The organ that the person works for.
    pub organ_code: String,
    /// That organ's name.
    pub organ_name: String,
    /// What the person may, of [`contracts::role`].
    pub roles: Vec<String>,
}

impl From<WireAccount> for Account {
    fn from(account: WireAccount) -> Self {
        let WireAccount { id, account, name, organ_code, organ_name, roles, .. } = account;
        Self { id, account, name, organ_code, organ_name, roles }
    }
}

/// The sessions of the console.
#[derive(Debug, Clone)]
pub struct Sessions {
    db: Db,
    clock: Arc<dyn Clock>,
    clients: Clients,
    hours: u32,
    secure: bool,
}

impl Sessions {
    /// Sessions that last `hours`; `secure` binds their cookie to TLS.
    pub fn new(db: Db, clock: Arc<dyn Clock>, clients: Clients, hours: u32, secure: bool) -> Self {
        Self { db, clock, clients, hours, secure }
    }

    /// Signs a person in: the cookie to set, and who it is.
    pub async fn sign_in(
        &self,
        account: &str,
        password: &str,
    ) -> Result<(SetCookie, Staff), Problem> {
        let request = SignInRequest { account: account.to_owned(), password: password.to_owned() };
        let answer = self.clients.identity().sign_in(request).await?.into_inner();
        let now = self.clock.now();
        let id = kit::id::secret();
        let row = store::Session {
            id_sha256: hash(&id),
            account: answer.account.unwrap_or_default().into(),
            csrf: kit::id::secret(),
            refresh_token: answer.refresh_token,
            access_token: answer.access_token,
            access_expires_at: expiry(answer.access_expires_at, now),
            started_at: now,
            expires_at: now + TimeDelta::hours(self.hours.into()),
        };
        store::insert(&self.db, &row).await?;
        let seconds = self.hours.saturating_mul(3600);
        let cookie = SetCookie::new(COOKIE, id).lasting(seconds).secure(self.secure);
        Ok((cookie, Staff::of(row)))
    }

    /// Who has the session of this cookie; `None` when it has ended, or the account was disabled.
    pub async fn find(&self, id: &str) -> Result<Option<Staff>, Problem> {
        let now = self.clock.now();
        let Some(row) = store::find(&self.db, &hash(id), now).await? else { return Ok(None) };
        if row.access_expires_at - now >= RENEW_BEFORE {
            return Ok(Some(Staff::of(row)));
        }
        self.renew(row, now).await
    }

    async fn renew(
        &self,
        row: store::Session,
        now: DateTime<Utc>,
    ) -> Result<Option<Staff>, Problem> {
        let request = RefreshTokenRequest { refresh_token: row.refresh_token.clone() };
        let answer = match self.clients.identity().refresh_token(request).await {
            Ok(answer) => answer.into_inner(),
            Err(status) if ends_session(status.code()) => {
                store::remove(&self.db, &row.id_sha256).await?;
                return Ok(None);
            }
            Err(status) => return Err(status.into()),
        };
        let account = answer.account.map_or(row.account.clone(), Account::from);
        let row = store::Session {
            account,
            access_token: answer.access_token,
            access_expires_at: expiry(answer.access_expires_at, now),
            ..row
        };
        store::renew(&self.db, &row).await?;
        Ok(Some(Staff::of(row)))
    }

    /// Signs a person out here and at identity; the cookie to set.
    pub async fn sign_out(&self, staff: &Staff) -> Result<SetCookie, Problem> {
        if let Some(refresh_token) = store::remove(&self.db, &staff.session).await? {
            let request = SignOutRequest { refresh_token };
            // The session here is gone already; identity ends its own when it is back, by time.
            if let Err(status) = self.clients.identity().sign_out(request).await {
                tracing::warn!(code = ?status.code(), "identity was not told of a sign-out");
            }
        }
        Ok(SetCookie::remove(COOKIE).secure(self.secure))
    }

    /// Removes sessions that have ended.
    pub async fn sweep(&self) -> kit::Result<u64> {
        store::sweep(&self.db, self.clock.now()).await
    }
}

/// Whether identity says that the sign-in holds no longer, rather than that it is away.
fn ends_session(code: Code) -> bool {
    matches!(
        code,
        Code::Unauthenticated
            | Code::PermissionDenied
            | Code::NotFound
            | Code::InvalidArgument
            | Code::FailedPrecondition
    )
}

fn expiry(at: Option<prost_types::Timestamp>, now: DateTime<Utc>) -> DateTime<Utc> {
    at.and_then(from_wire).unwrap_or(now)
}

/// The table holds no id that opens a session.
fn hash(id: &str) -> String {
    hex::encode(Sha256::digest(id))
}
