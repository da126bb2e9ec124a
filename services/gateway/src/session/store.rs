//! The table of sessions.

use chrono::{DateTime, Utc};
use kit::{
    Result,
    db::{self, Db, Migration},
};
use sea_orm::FromQueryResult;

use super::Account;

/// The gateway's own tables.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "gateway_0001_sessions",
    sql: include_str!("../../migrations/0001_sessions.sql"),
}];

/// One sign-in of one browser.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub id_sha256: String,
    pub account: Account,
    pub csrf: String,
    pub refresh_token: String,
    pub access_token: String,
    pub access_expires_at: DateTime<Utc>,
    pub started_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct Row {
    id_sha256: String,
    account: String,
    csrf: String,
    refresh_token: String,
    access_token: String,
    access_expires_at: DateTime<Utc>,
    started_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// Keeps a new session.
pub(super) async fn insert(db: &Db, session: &Session) -> Result<()> {
    let text = "INSERT INTO sessions (id_sha256, account, csrf, refresh_token, access_token, \
                access_expires_at, started_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = vec![
        session.id_sha256.clone().into(),
        json(&session.account)?.into(),
        session.csrf.clone().into(),
        session.refresh_token.clone().into(),
        session.access_token.clone().into(),
        session.access_expires_at.into(),
        session.started_at.into(),
        session.expires_at.into(),
    ];
    write(db, text, values).await?;
    Ok(())
}

/// A session that has not ended.
pub(super) async fn find(db: &Db, id: &str, now: DateTime<Utc>) -> Result<Option<Session>> {
    let text = "SELECT id_sha256, account, csrf, refresh_token, access_token, access_expires_at, \
                started_at, expires_at FROM sessions WHERE id_sha256 = $1 AND expires_at > $2";
    let row: Option<Row> = db::one(db.conn(), text, vec![id.into(), now.into()]).await?;
    // An account that an older version wrote otherwise means: sign in again.
    Ok(row.and_then(|row| {
        let Row {
            id_sha256,
            account,
            csrf,
            refresh_token,
            access_token,
            access_expires_at,
            started_at,
            expires_at,
        } = row;
        let account = serde_json::from_str(&account).ok()?;
        Some(Session {
            id_sha256,
            account,
            csrf,
            refresh_token,
            access_token,
            access_expires_at,
            started_at,
            expires_at,
        })
    }))
}

/// Keeps a renewed access token, and the account as it is now.
pub(super) async fn renew(db: &Db, session: &Session) -> Result<()> {
    let text = "UPDATE sessions SET account = $2, access_token = $3, access_expires_at = $4 \
                WHERE id_sha256 = $1";
    let values = vec![
        session.id_sha256.clone().into(),
        json(&session.account)?.into(),
        session.access_token.clone().into(),
        session.access_expires_at.into(),
    ];
    write(db, text, values).await?;
    Ok(())
}

/// Ends a session; its refresh token, if there was one.
pub(super) async fn remove(db: &Db, id: &str) -> Result<Option<String>> {
    let text = "SELECT refresh_token AS value FROM sessions WHERE id_sha256 = $1";
    let token = db::scalar(db.conn(), text, vec![id.into()]).await?;
    write(db, "DELETE FROM sessions WHERE id_sha256 = $1", vec![id.into()]).await?;
    Ok(token)
}

/// Removes sessions that have ended.
pub(super) async fn sweep(db: &Db, now: DateTime<Utc>) -> Result<u64> {
    write(db, "DELETE FROM sessions WHERE expires_at <= $1", vec![now.into()]).await
}

async fn write(db: &Db, text: &str, values: Vec<sea_orm::Value>) -> Result<u64> {
    let tx = db.begin().await?;
    let rows = db::run(&*tx, text, values).await?;
    tx.commit().await?;
    Ok(rows)
}

fn json(account: &Account) -> Result<String> {
    serde_json::to_string(account).map_err(|e| kit::Error::Internal(e.to_string()))
}
