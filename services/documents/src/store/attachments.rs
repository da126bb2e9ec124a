//! Attachments: what they are, which revisions have them, and which files nothing refers to.

use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::table::Table;
use crate::{
    domain::{AttachmentId, PolicyId},
    error::Result,
};

/// The revision number under which the draft's attachments are noted.
pub const DRAFT: i64 = 0;

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
#[derive(Clone, Debug, FromQueryResult)]
pub struct PlacedRow {
    /// Whose.
    pub policy_id: PolicyId,
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

/// Attachments of all revisions and drafts of several policies.
pub async fn placed(conn: &impl ConnectionTrait, ids: &[PolicyId]) -> Result<Vec<PlacedRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "SELECT p.policy_id, p.revision, a.id, a.file_name, a.media_type, a.size, a.sha256 \
         FROM attachment_places p JOIN attachments a ON a.id = p.attachment_id \
         WHERE p.policy_id IN ({}) ORDER BY p.policy_id, p.revision, a.id",
        db::list_of(0, ids.len())
    );
    Ok(db::all(conn, &text, ids.iter().map(|id| (*id).into()).collect()).await?)
}

/// Reads an attachment.
pub async fn find(conn: &impl ConnectionTrait, id: AttachmentId) -> Result<Option<AttachmentRow>> {
    let text = format!("{} WHERE id = $1", ATTACHMENTS.select());
    Ok(db::one(conn, &text, vec![id.into()]).await?)
}

/// Whether a public revision has the attachment.
pub async fn is_public(conn: &impl ConnectionTrait, id: AttachmentId) -> Result<bool> {
    let text = "SELECT count(*) AS value FROM attachment_places \
                WHERE attachment_id = $1 AND revision > $2";
    let places: Option<i64> = db::scalar(conn, text, vec![id.into(), DRAFT.into()]).await?;
    Ok(places.unwrap_or_default() > 0)
}

/// Notes that a file is about to be written, so that it can be found should nothing refer to it.
pub async fn note_upload(tx: &Tx, sha256: &str, at: DateTime<Utc>) -> Result<()> {
    let text = "INSERT INTO uploads (sha256, uploaded_at) VALUES ($1, $2) \
                ON CONFLICT (sha256) DO UPDATE SET uploaded_at = excluded.uploaded_at";
    db::run(&**tx, text, vec![sha256.into(), at.into()]).await?;
    Ok(())
}

/// Lets the files of a revision be swept at once, should nothing else refer to them.
pub async fn doom(tx: &Tx, policy: PolicyId, revision: i64) -> Result<()> {
    let text = "UPDATE uploads SET uploaded_at = $3 WHERE sha256 IN (SELECT a.sha256 \
                FROM attachments a JOIN attachment_places p ON p.attachment_id = a.id \
                WHERE p.policy_id = $1 AND p.revision = $2)";
    let values = vec![policy.into(), revision.into(), DateTime::<Utc>::UNIX_EPOCH.into()];
    db::run(&**tx, text, values).await?;
    Ok(())
}

const ORPHAN: &str = "uploaded_at < $1 AND NOT EXISTS \
                      (SELECT 1 FROM attachments a WHERE a.sha256 = uploads.sha256)";

/// Files written before `before` that nothing refers to.
pub async fn orphans(conn: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Orphan {
        sha256: String,
    }
    let text = format!("SELECT sha256 FROM uploads WHERE {ORPHAN}");
    let rows: Vec<Orphan> = db::all(conn, &text, vec![before.into()]).await?;
    Ok(rows.into_iter().map(|row| row.sha256).collect())
}

/// Forgets a file that is gone.
pub async fn forget_upload(tx: &Tx, sha256: &str, before: DateTime<Utc>) -> Result<()> {
    let text = format!("DELETE FROM uploads WHERE sha256 = $2 AND {ORPHAN}");
    db::run(&**tx, &text, vec![before.into(), sha256.into()]).await?;
    Ok(())
}
