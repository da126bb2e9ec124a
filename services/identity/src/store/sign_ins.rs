//! Refresh tokens, of which only the hash is kept.

use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::domain::account::AccountId;
use crate::error::Error;

/// Notes a sign-in.
pub async fn insert(
    tx: &Tx,
    token_hash: &str,
    account: AccountId,
    expires_at: DateTime<Utc>,
) -> Result<(), Error> {
    let text = "INSERT INTO sign_ins (token_hash, account_id, expires_at) VALUES ($1, $2, $3)";
    db::run(&**tx, text, vec![token_hash.into(), account.into(), expires_at.into()]).await?;
    Ok(())
}

/// The account of a sign-in that has not run out.
pub async fn account_of(
    conn: &impl ConnectionTrait,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<AccountId>, Error> {
    let text = "SELECT account_id AS value FROM sign_ins \
                WHERE token_hash = $1 AND expires_at > $2";
    let id: Option<Uuid> = db::scalar(conn, text, vec![token_hash.into(), now.into()]).await?;
    Ok(id.map(AccountId::from))
}

/// Ends one sign-in.
pub async fn end(tx: &Tx, token_hash: &str) -> Result<(), Error> {
    let text = "DELETE FROM sign_ins WHERE token_hash = $1";
    db::run(&**tx, text, vec![token_hash.into()]).await?;
    Ok(())
}

/// Ends all sign-ins of an account.
pub async fn end_all(tx: &Tx, account: AccountId) -> Result<(), Error> {
    let text = "DELETE FROM sign_ins WHERE account_id = $1";
    db::run(&**tx, text, vec![account.into()]).await?;
    Ok(())
}

/// Removes what has run out.
pub async fn sweep(tx: &Tx, now: DateTime<Utc>) -> Result<u64, Error> {
    let text = "DELETE FROM sign_ins WHERE expires_at <= $1";
    Ok(db::run(&**tx, text, vec![now.into()]).await?)
}
