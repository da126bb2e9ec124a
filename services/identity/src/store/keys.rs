//! The keys that tokens are signed with.

use chrono::{DateTime, TimeDelta, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::error::Error;
use crate::signing::SigningKey;

/// A key that signs.
#[derive(Debug, Clone, FromQueryResult)]
pub struct CurrentKey {
    /// Key id.
    pub id: String,
    /// PKCS 8.
    pub private_pem: String,
}

/// The key that signs now: the newest of those made before `settled`, or else the newest.
pub async fn current(
    conn: &impl ConnectionTrait,
    now: DateTime<Utc>,
    settled: DateTime<Utc>,
) -> Result<Option<CurrentKey>, Error> {
    let text = "SELECT id, private_pem FROM signing_keys \
                WHERE retired_at IS NULL OR retired_at > $1 \
                ORDER BY CASE WHEN created_at <= $2 THEN 0 ELSE 1 END, created_at DESC LIMIT 1";
    Ok(db::one(conn, text, vec![now.into(), settled.into()]).await?)
}

/// When the newest key was made.
pub async fn newest(conn: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, Error> {
    let text = "SELECT created_at AS value FROM signing_keys ORDER BY created_at DESC LIMIT 1";
    Ok(db::scalar(conn, text, vec![]).await?)
}

/// The public parts of all keys that may still have signed a living token, newest first.
pub async fn public(
    conn: &impl ConnectionTrait,
    retired_after: DateTime<Utc>,
) -> Result<Vec<String>, Error> {
    #[derive(FromQueryResult)]
    struct Public {
        public_jwk: String,
    }
    let text = "SELECT public_jwk FROM signing_keys \
                WHERE retired_at IS NULL OR retired_at > $1 ORDER BY created_at DESC";
    let rows: Vec<Public> = db::all(conn, text, vec![retired_after.into()]).await?;
    Ok(rows.into_iter().map(|row| row.public_jwk).collect())
}

/// Adds a key that takes over from all others after a head start.
pub async fn take_over(
    tx: &Tx,
    key: &SigningKey,
    now: DateTime<Utc>,
    head_start: TimeDelta,
) -> Result<(), Error> {
    let text = "UPDATE signing_keys SET retired_at = $1 WHERE retired_at IS NULL";
    db::run(&**tx, text, vec![(now + head_start).into()]).await?;
    let text = "INSERT INTO signing_keys (id, private_pem, public_jwk, created_at) \
                VALUES ($1, $2, $3, $4)";
    let values = vec![
        key.id.as_str().into(),
        key.private_pem.as_str().into(),
        key.public_jwk.as_str().into(),
        now.into(),
    ];
    db::run(&**tx, text, values).await?;
    Ok(())
}

/// Destroys retired keys whose tokens have all run out.
pub async fn sweep(tx: &Tx, retired_before: DateTime<Utc>) -> Result<u64, Error> {
    let text = "DELETE FROM signing_keys WHERE retired_at <= $1";
    Ok(db::run(&**tx, text, vec![retired_before.into()]).await?)
}
