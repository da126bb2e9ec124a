//! Rows of accounts.

use chrono::{DateTime, Utc};
use contracts::role;
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::domain::account::{AccountId, Profile};
use crate::error::Error;

/// An account with the name of its organ.
#[derive(Debug, Clone, FromQueryResult)]
pub struct AccountRow {
    /// Its id.
    pub id: Uuid,
    /// What one types to sign in.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// Code of the organ; may be empty.
    pub organ_code: String,
    /// Full name of the organ, if it is in the tree.
    pub organ_name: Option<String>,
    /// JSON list.
    pub roles: String,
    /// Whether it may not sign in.
    pub disabled: bool,
    /// PHC string; empty for an account without a password.
    pub password_hash: String,
    /// 1 when new.
    pub revision: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl AccountRow {
    /// The account's id.
    pub fn id(&self) -> AccountId {
        self.id.into()
    }

    /// The roles as a list.
    pub fn roles(&self) -> Vec<String> {
        serde_json::from_str(&self.roles).unwrap_or_default()
    }

    /// Whether it can manage accounts now.
    pub fn is_administrator(&self) -> bool {
        !self.disabled && self.roles().iter().any(|held| held == role::OPS)
    }
}

const SELECT: &str = "SELECT a.id, a.account, a.name, a.organ_code, o.name AS organ_name, \
                      a.roles, a.disabled, a.password_hash, a.revision, a.created_at \
                      FROM accounts a LEFT JOIN organs o ON o.code = a.organ_code";

/// The account with that sign-in name.
pub async fn by_name(
    conn: &impl ConnectionTrait,
    account: &str,
) -> Result<Option<AccountRow>, Error> {
    let text = format!("{SELECT} WHERE a.account = $1");
    Ok(db::one(conn, &text, vec![account.into()]).await?)
}

/// The account with that id.
pub async fn by_id(
    conn: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<AccountRow>, Error> {
    let text = format!("{SELECT} WHERE a.id = $1");
    Ok(db::one(conn, &text, vec![id.into()]).await?)
}

/// The account with that id, locked until the transaction ends.
pub async fn lock(tx: &Tx, id: AccountId) -> Result<Option<AccountRow>, Error> {
    let text = format!("SELECT id AS value FROM accounts WHERE id = $1{}", tx.for_update());
    let _: Option<Uuid> = db::scalar(&**tx, &text, vec![id.into()]).await?;
    by_id(&**tx, id).await
}

/// Accounts after a sign-in name, in the order of names.
pub async fn list(
    conn: &impl ConnectionTrait,
    after: &str,
    limit: i64,
) -> Result<Vec<AccountRow>, Error> {
    let text = format!("{SELECT} WHERE a.account > $1 ORDER BY a.account LIMIT $2");
    Ok(db::all(conn, &text, vec![after.into(), limit.into()]).await?)
}

/// The sign-in names of all enabled accounts with the role of operations, locked.
pub async fn lock_administrators(tx: &Tx) -> Result<Vec<String>, Error> {
    #[derive(FromQueryResult)]
    struct Name {
        account: String,
    }
    let text = format!(
        "SELECT account FROM accounts WHERE disabled = $1 AND roles LIKE '%\"ops\"%'{}",
        tx.for_update()
    );
    let rows: Vec<Name> = db::all(&**tx, &text, vec![false.into()]).await?;
    Ok(rows.into_iter().map(|row| row.account).collect())
}

/// What a new account consists of.
#[derive(Debug)]
pub struct NewAccount<'a> {
    /// Its id.
    pub id: AccountId,
    /// Sign-in name, checked.
    pub account: &'a str,
    /// Name, organ and roles.
    pub profile: &'a Profile,
    /// PHC string; empty for an account without a password.
    pub password_hash: &'a str,
    /// When it is made.
    pub created_at: DateTime<Utc>,
}

/// Adds an account; false where the sign-in name is taken.
pub async fn insert(tx: &Tx, new: NewAccount<'_>) -> Result<bool, Error> {
    let NewAccount { id, account, profile, password_hash, created_at } = new;
    let text = "INSERT INTO accounts (id, account, name, organ_code, roles, disabled, \
                password_hash, revision, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8) \
                ON CONFLICT (account) DO NOTHING";
    let values = vec![
        id.into(),
        account.into(),
        profile.name.as_str().into(),
        profile.organ_code.as_str().into(),
        roles_json(&profile.roles).into(),
        false.into(),
        password_hash.into(),
        created_at.into(),
    ];
    Ok(db::run(&**tx, text, values).await? == 1)
}

/// Sets what an administrator decides.
pub async fn update(
    tx: &Tx,
    id: AccountId,
    profile: &Profile,
    disabled: bool,
) -> Result<(), Error> {
    let text = "UPDATE accounts SET name = $2, organ_code = $3, roles = $4, disabled = $5, \
                revision = revision + 1 WHERE id = $1";
    let values = vec![
        id.into(),
        profile.name.as_str().into(),
        profile.organ_code.as_str().into(),
        roles_json(&profile.roles).into(),
        disabled.into(),
    ];
    db::run(&**tx, text, values).await?;
    Ok(())
}

/// Sets the password's hash.
pub async fn set_password(tx: &Tx, id: AccountId, hash: &str) -> Result<(), Error> {
    let text = "UPDATE accounts SET password_hash = $2 WHERE id = $1";
    db::run(&**tx, text, vec![id.into(), hash.into()]).await?;
    Ok(())
}

/// How many accounts there are.
pub async fn count(conn: &impl ConnectionTrait) -> Result<i64, Error> {
    let count: Option<i64> =
        db::scalar(conn, "SELECT count(*) AS value FROM accounts", vec![]).await?;
    Ok(count.unwrap_or_default())
}

fn roles_json(roles: &[String]) -> String {
    serde_json::to_string(roles).unwrap_or_else(|_| "[]".to_owned())
}
