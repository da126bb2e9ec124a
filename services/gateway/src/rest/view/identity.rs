//! Organs, accounts and tokens.

use chrono::{DateTime, Utc};
use contracts::identity as wire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;

/// What one signs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// What one types to sign in.
    pub account: String,
    /// Its password.
    pub password: String,
}

/// What one goes on with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshToken {
    /// As it was given at sign-in.
    pub refresh_token: String,
}

/// Proof of who calls, for `Authorization: Bearer`.
#[derive(Serialize, ToSchema)]
pub struct Tokens {
    /// The proof.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// Seconds until then.
    pub expires_in: i64,
    /// Brings the next one; only at sign-in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub refresh_token: String,
    /// Whose it is.
    pub account: Option<Account>,
}

impl Tokens {
    /// Tokens as of `now`.
    pub fn new(
        access_token: String,
        expires_at: Option<prost_types::Timestamp>,
        refresh_token: String,
        account: Option<wire::Account>,
        now: DateTime<Utc>,
    ) -> Self {
        let expires_at = instant(expires_at);
        Self {
            access_token,
            token_type: "Bearer",
            expires_in: expires_at.map_or(0, |at| (at - now).num_seconds()),
            expires_at,
            refresh_token,
            account: account.map(Into::into),
        }
    }
}

/// An account of the staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// What one types to sign in.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// Code of the organ that the person works for.
    pub organ_code: String,
    /// That organ's name.
    pub organ_name: String,
    /// office, editor, reviewer, handler, hotline, evaluator, ops.
    pub roles: Vec<String>,
    /// Whether it can be used no longer.
    pub disabled: bool,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// To be sent back with a change.
    pub etag: String,
}

impl From<wire::Account> for Account {
    fn from(account: wire::Account) -> Self {
        let wire::Account {
            id,
            account,
            name,
            organ_code,
            organ_name,
            roles,
            disabled,
            created_at,
            etag,
        } = account;
        let created_at = instant(created_at);
        Self { id, account, name, organ_code, organ_name, roles, disabled, created_at, etag }
    }
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// What one types to sign in.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// Code of the organ that the person works for.
    pub organ_code: String,
    /// What the person may.
    pub roles: Vec<String>,
    /// The first password.
    pub password: String,
}

/// What an account shall be from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// The person's name.
    pub name: String,
    /// Code of the organ that the person works for.
    pub organ_code: String,
    /// What the person may.
    pub roles: Vec<String>,
    /// Whether it can be used no longer.
    pub disabled: bool,
    /// What was read; or in `If-Match`.
    #[serde(default)]
    pub etag: String,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password so far; administrators leave it out for others.
    #[serde(default)]
    pub old_password: String,
    /// The password from now on.
    pub new_password: String,
}

/// A publishing body.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Organ {
    /// Stable short name.
    pub code: String,
    /// Full standard name.
    pub name: String,
    /// 简称.
    pub short_name: String,
    /// Code of the organ above; empty for the root.
    pub parent_code: String,
    /// government, office, department, county, township, public_enterprise or institution.
    pub kind: String,
    /// 统一社会信用代码.
    pub credit_code: String,
    /// Heads of its document numbers, 明府办.
    pub number_heads: Vec<String>,
    /// Telephone for questions.
    pub phone: String,
    /// Counts its changes; not read.
    pub revision: i64,
}

impl From<wire::Organ> for Organ {
    fn from(organ: wire::Organ) -> Self {
        let wire::Organ {
            code,
            name,
            short_name,
            parent_code,
            kind,
            credit_code,
            number_heads,
            phone,
            revision,
        } = organ;
        Self {
            code,
            name,
            short_name,
            parent_code,
            kind,
            credit_code,
            number_heads,
            phone,
            revision,
        }
    }
}

impl From<Organ> for wire::Organ {
    fn from(organ: Organ) -> Self {
        let Organ {
            code,
            name,
            short_name,
            parent_code,
            kind,
            credit_code,
            number_heads,
            phone,
            revision,
        } = organ;
        Self {
            code,
            name,
            short_name,
            parent_code,
            kind,
            credit_code,
            number_heads,
            phone,
            revision,
        }
    }
}

/// Organs to add or change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganImport {
    /// The organs, those above before those below.
    pub organs: Vec<Organ>,
}

/// What became of organs.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrgansImported {
    /// How many are new.
    pub added: u32,
    /// How many are different now.
    pub changed: u32,
    /// How many were as they are.
    pub unchanged: u32,
    /// Those that were not taken.
    pub refused: Vec<RefusedOrgan>,
}

/// An organ that was not taken, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedOrgan {
    /// Place in the request, from 0.
    pub index: u32,
    /// The field that is wrong.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

impl From<wire::ImportOrgansResponse> for OrgansImported {
    fn from(answer: wire::ImportOrgansResponse) -> Self {
        let wire::ImportOrgansResponse { added, changed, unchanged, refused } = answer;
        let refused = refused
            .into_iter()
            .map(|wire::RefusedOrgan { index, field, reason }| RefusedOrgan {
                index,
                field,
                reason,
            })
            .collect();
        Self { added, changed, unchanged, refused }
    }
}
