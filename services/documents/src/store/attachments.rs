//! Attachments: what they are, which revisions have them, and which files nothing refers to.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use kit::db::{self, Belonging, Field, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::Deserialize;

use super::table::Table;
use crate::{
    domain::{AttachmentId, PolicyId},
    error::Result,
};

/// The revision number under which the draft's attachments are noted.
pub const DRAFT: i64 = 0;
/// The revision number under which the files of lifecycle stages are noted.
pub const STAGES: i64 = -1;
/// Where the files of materials lie that were taken from their stage: no longer public, and kept.
pub const FORMER: i64 = -2;

/// A row of `attachments`.
#[derive(Clone, Debug, FromQueryResult)]
pub struct AttachmentRow {
    /// Id.
    pub id: AttachmentId,
    /// Whose.
    pub policy_id: PolicyId,
    /// Name as uploaded.
    pub file_name: String,
    /// Type by content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Under which the file lies.
    pub sha256: String,
    /// Who added it.
    pub added_by: String,
    /// When.
    pub added_at: DateTime<Utc>,
}

const ATTACHMENTS: Table = Table::new(
    "attachments",
    "id, policy_id, file_name, media_type, size, sha256, added_by, added_at",
);

/// Adds an attachment to a policy's draft.
pub async fn add(tx: &Tx, row: AttachmentRow) -> Result<()> {
    let AttachmentRow { id, policy_id, file_name, media_type, size, sha256, added_by, added_at } =
        row;
    let values = vec![
        id.into(),
        policy_id.into(),
        file_name.into(),
        media_type.into(),
        size.into(),
        sha256.into(),
        added_by.into(),
        added_at.into(),
    ];
    ATTACHMENTS.insert(tx, vec![values]).await?;
    let text = "INSERT INTO attachment_places (policy_id, revision, attachment_id) \
                VALUES ($1, $2, $3)";
    db::run(&**tx, text, vec![policy_id.into(), DRAFT.into(), id.into()]).await?;
    Ok(())
}

/// Takes an attachment from a revision or the draft; whether it was there.
pub async fn take(tx: &Tx, policy: PolicyId, revision: i64, id: AttachmentId) -> Result<bool> {
    let text = "DELETE FROM attachment_places \
                WHERE policy_id = $1 AND revision = $2 AND attachment_id = $3";
    let taken = db::run(&**tx, text, vec![policy.into(), revision.into(), id.into()]).await?;
    drop_unplaced(tx, policy).await?;
    Ok(taken > 0)
}

/// Takes all attachments from a revision or the draft.
pub async fn clear(tx: &Tx, policy: PolicyId, revision: i64) -> Result<()> {
    let text = "DELETE FROM attachment_places WHERE policy_id = $1 AND revision = $2";
    db::run(&**tx, text, vec![policy.into(), revision.into()]).await?;
    drop_unplaced(tx, policy).await
}

async fn drop_unplaced(tx: &Tx, policy: PolicyId) -> Result<()> {
    let text = "DELETE FROM attachments WHERE policy_id = $1 AND NOT EXISTS \
                (SELECT 1 FROM attachment_places p WHERE p.attachment_id = attachments.id)";
    db::run(&**tx, text, vec![policy.into()]).await?;
    Ok(())
}

/// Gives one revision (or the draft) the attachments of another.
pub async fn copy(tx: &Tx, policy: PolicyId, from: i64, to: i64) -> Result<()> {
    let text = "INSERT INTO attachment_places (policy_id, revision, attachment_id) \
                SELECT policy_id, $3, attachment_id FROM attachment_places \
                WHERE policy_id = $1 AND revision = $2";
    db::run(&**tx, text, vec![policy.into(), from.into(), to.into()]).await?;
    Ok(())
}

/// An attachment and the revision (or draft) that has it.
#[derive(Clone, Debug, Deserialize)]
pub struct PlacedRow {
    /// Number of the revision; [`DRAFT`] for the draft.
    pub revision: i64,
    /// Id.
    pub id: AttachmentId,
    /// Name as uploaded.
    pub file_name: String,
    /// Type by content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Under which the file lies.
    pub sha256: String,
}

/// Attachments of all revisions of a policy and of its draft.
pub const PLACED: Belonging = Belonging {
    fields: &[
        Field::Column("revision"),
        Field::Id("id", "a.id"),
        Field::Column("file_name"),
        Field::Column("media_type"),
        Field::Column("size"),
        Field::Column("sha256"),
    ],
    from: "attachment_places l JOIN attachments a ON a.id = attachment_id \
           WHERE l.policy_id = policies.id",
    order: "revision, a.id",
};

/// Reads [`PLACED`] of one policy.
pub async fn placed(conn: &impl ConnectionTrait, id: PolicyId) -> Result<Vec<PlacedRow>> {
    let placed = PLACED.column(conn.get_database_backend());
    let text = format!("SELECT {placed} AS value FROM policies WHERE id = $1");
    let found: Option<String> = db::scalar(conn, &text, vec![id.into()]).await?;
    found.map_or(Ok(Vec::new()), |found| super::from_json(&found, "attachment_places"))
}

/// Reads an attachment.
pub async fn find(conn: &impl ConnectionTrait, id: AttachmentId) -> Result<Option<AttachmentRow>> {
    let text = format!("{} WHERE id = $1", ATTACHMENTS.select());
    Ok(db::one(conn, &text, vec![id.into()]).await?)
}

/// Whether a public revision has the attachment.
pub async fn is_public(conn: &impl ConnectionTrait, id: AttachmentId) -> Result<bool> {
    let text = "SELECT count(*) AS value FROM attachment_places \
                WHERE attachment_id = $1 AND (revision > $2 OR revision = $3)";
    let values = vec![id.into(), DRAFT.into(), STAGES.into()];
    let places: Option<i64> = db::scalar(conn, text, values).await?;
    Ok(places.unwrap_or_default() > 0)
}

/// The files that attachments and renditions refer to.
pub async fn files_in_use(conn: &impl ConnectionTrait) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Used {
        sha256: String,
    }
    let text = "SELECT sha256 FROM attachments UNION SELECT sha256 FROM renditions";
    let rows: Vec<Used> = db::all(conn, text, Vec::new()).await?;
    Ok(rows.into_iter().map(|row| row.sha256).collect())
}

/// Whether an attachment or a rendition refers to a file.
pub async fn is_in_use(conn: &impl ConnectionTrait, sha256: &str) -> Result<bool> {
    let text = "SELECT (SELECT count(*) FROM attachments WHERE sha256 = $1) \
                + (SELECT count(*) FROM renditions WHERE sha256 = $1) AS value";
    let uses: Option<i64> = db::scalar(conn, text, vec![sha256.into()]).await?;
    Ok(uses.unwrap_or_default() > 0)
}
