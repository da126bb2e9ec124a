//! What people decided of exposures.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    domain::{Person, PolicyId},
    error::Result,
};

/// The exposures of a policy that somebody justified.
pub async fn justified(conn: &impl ConnectionTrait, id: PolicyId) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Justified {
        exposure_id: String,
    }
    let text = "SELECT exposure_id FROM privacy_decisions WHERE policy_id = $1";
    let rows: Vec<Justified> = db::all(conn, text, vec![id.into()]).await?;
    Ok(rows.into_iter().map(|row| row.exposure_id).collect())
}

/// Notes who justified an exposure, and why; the newest word counts.
pub async fn justify(
    tx: &Tx,
    id: PolicyId,
    exposure: &str,
    reason: &str,
    who: &Person,
    now: DateTime<Utc>,
) -> Result<()> {
    let text = "INSERT INTO privacy_decisions \
                (policy_id, exposure_id, reason, decided_by, decided_name, decided_at) \
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (policy_id, exposure_id) DO UPDATE \
                SET reason = excluded.reason, decided_by = excluded.decided_by, \
                decided_name = excluded.decided_name, decided_at = excluded.decided_at";
    let values = vec![
        id.into(),
        exposure.into(),
        reason.into(),
        who.account_id.as_str().into(),
        who.name.as_str().into(),
        now.into(),
    ];
    db::run(&**tx, text, values).await?;
    Ok(())
}
