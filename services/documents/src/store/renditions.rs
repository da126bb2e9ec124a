//! Renditions: which files of revisions are kept, and when they were last asked for.

use chrono::{DateTime, NaiveDate, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    domain::{PolicyId, day, rendition::Format},
    error::Result,
};

/// A row of `renditions`.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RenditionRow {
    /// [`Format`], by its word.
    pub format: String,
    /// Under which the file lies.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// Layout and fonts that it was made with.
    pub maker: String,
    /// The day on which it was last asked for.
    pub used_on: String,
}

/// The kept renditions of a revision.
pub async fn of_revision(
    conn: &impl ConnectionTrait,
    id: PolicyId,
    revision: i64,
) -> Result<Vec<RenditionRow>> {
    let text = "SELECT format, sha256, size, maker, used_on FROM renditions \
                WHERE policy_id = $1 AND revision = $2 ORDER BY format";
    Ok(db::all(conn, text, vec![id.into(), revision.into()]).await?)
}

/// A rendition that was made.
#[derive(Debug)]
pub struct Made<'a> {
    /// Of which policy.
    pub policy_id: PolicyId,
    /// Of which revision.
    pub revision: i64,
    /// As what.
    pub format: Format,
    /// Under which the file lies.
    pub sha256: &'a str,
    /// Bytes.
    pub size: i64,
    /// Layout and fonts.
    pub maker: &'a str,
}

/// Keeps a rendition in the place of the one before.
pub async fn keep(tx: &Tx, made: Made<'_>, now: DateTime<Utc>, today: NaiveDate) -> Result<()> {
    let text = "INSERT INTO renditions \
                (policy_id, revision, format, sha256, size, maker, made_at, used_on) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
                ON CONFLICT (policy_id, revision, format) DO UPDATE SET \
                sha256 = excluded.sha256, size = excluded.size, maker = excluded.maker, \
                made_at = excluded.made_at, used_on = excluded.used_on";
    let Made { policy_id, revision, format, sha256, size, maker } = made;
    let values = vec![
        policy_id.into(),
        revision.into(),
        format.word().into(),
        sha256.into(),
        size.into(),
        maker.into(),
        now.into(),
        day::write(Some(today)).into(),
    ];
    db::run(&**tx, text, values).await?;
    Ok(())
}

/// Notes that a rendition was asked for today.
pub async fn touch(
    conn: &impl ConnectionTrait,
    id: PolicyId,
    revision: i64,
    format: Format,
    today: NaiveDate,
) -> Result<()> {
    let text = "UPDATE renditions SET used_on = $4 \
                WHERE policy_id = $1 AND revision = $2 AND format = $3";
    let today = day::write(Some(today));
    let values = vec![id.into(), revision.into(), format.word().into(), today.into()];
    db::run(conn, text, values).await?;
    Ok(())
}

/// Forgets the renditions of a revision; answers with their files.
pub async fn clear(tx: &Tx, id: PolicyId, revision: i64) -> Result<Vec<String>> {
    let kept = of_revision(&**tx, id, revision).await?;
    let text = "DELETE FROM renditions WHERE policy_id = $1 AND revision = $2";
    db::run(&**tx, text, vec![id.into(), revision.into()]).await?;
    Ok(kept.into_iter().map(|row| row.sha256).collect())
}

/// Forgets those that were not asked for for the longest time, until the rest has at most `most`
/// bytes; how many went.
pub async fn trim(conn: &impl ConnectionTrait, most: i64) -> Result<u64> {
    let text = "DELETE FROM renditions WHERE (policy_id, revision, format) IN \
                (SELECT policy_id, revision, format FROM \
                (SELECT policy_id, revision, format, sum(size) OVER \
                (ORDER BY used_on DESC, made_at DESC, policy_id, revision, format) AS upto \
                FROM renditions) AS kept WHERE upto > $1)";
    Ok(db::run(conn, text, vec![most.into()]).await?)
}

/// Public revisions since `since` that have no rendition of this format by this maker, newest
/// first; older documents that were taken in are made when they are asked for.
pub async fn unmade(
    conn: &impl ConnectionTrait,
    format: Format,
    maker: &str,
    since: DateTime<Utc>,
    most: i64,
) -> Result<Vec<PolicyId>> {
    #[derive(FromQueryResult)]
    struct Found {
        id: PolicyId,
    }
    let text = "SELECT id FROM policies WHERE state = 'published' AND revised_at > $1 \
                AND expunged = $2 AND backfill = $2 AND NOT EXISTS (SELECT 1 FROM renditions r \
                WHERE r.policy_id = policies.id AND r.revision = policies.public_revision \
                AND r.format = $3 AND r.maker = $4) ORDER BY revised_at DESC, id LIMIT $5";
    let values = vec![since.into(), false.into(), format.word().into(), maker.into(), most.into()];
    let rows: Vec<Found> = db::all(conn, text, values).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
