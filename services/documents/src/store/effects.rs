//! Which effects must be looked at, and which notices of an end were given.

use chrono::{DateTime, NaiveDate, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::{
    domain::{PolicyId, day, effect::Effect},
    error::Result,
};

#[derive(FromQueryResult)]
struct Found {
    id: PolicyId,
}

async fn found(
    conn: &impl ConnectionTrait,
    text: &str,
    values: Vec<Value>,
) -> Result<Vec<PolicyId>> {
    let rows: Vec<Found> = db::all(conn, text, values).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Policies whose effect must be looked at by `today`.
pub async fn due(
    conn: &impl ConnectionTrait,
    today: NaiveDate,
    most: i64,
) -> Result<Vec<PolicyId>> {
    let text = "SELECT id FROM policies WHERE effect_due_on <> '' AND effect_due_on <= $1 \
                ORDER BY effect_due_on, id LIMIT $2";
    found(conn, text, vec![day::write(Some(today)).into(), most.into()]).await
}

/// Public policies in force that end from `today` to `until` and whose organ was not told so
/// `months` before, or later.
pub async fn ending(
    conn: &impl ConnectionTrait,
    today: NaiveDate,
    until: NaiveDate,
    months: u32,
) -> Result<Vec<PolicyId>> {
    let text = "SELECT id FROM policies WHERE state = 'published' AND last_day <> '' \
                AND last_day >= $1 AND last_day <= $2 AND told_effect LIKE $3 \
                AND NOT EXISTS (SELECT 1 FROM lapse_notices n WHERE n.policy_id = policies.id \
                AND n.expires_on = policies.last_day AND n.months_before <= $4) ORDER BY id";
    let in_force = format!("{}+%", Effect::InForce.word());
    let values = vec![
        day::write(Some(today)).into(),
        day::write(Some(until)).into(),
        in_force.into(),
        i64::from(months).into(),
    ];
    found(conn, text, values).await
}

/// Notes that the organ of a policy was told of its end.
pub async fn note_notice(
    tx: &Tx,
    id: PolicyId,
    last_day: &str,
    months: u32,
    now: DateTime<Utc>,
) -> Result<()> {
    let text = "INSERT INTO lapse_notices (policy_id, expires_on, months_before, told_at) \
                VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let values = vec![id.into(), last_day.into(), i64::from(months).into(), now.into()];
    db::run(&**tx, text, values).await?;
    Ok(())
}
