//! Revisions: every public state of every policy, for ever.

use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::table::Table;
use crate::{
    domain::{PolicyId, content::Content},
    error::Result,
};

/// A row of `revisions`.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RevisionRow {
    /// Whose.
    pub policy_id: PolicyId,
    /// Its number.
    pub revision: i64,
    /// published, corrected or withdrawn.
    pub occasion: String,
    /// [`Content`] as JSON, without the body.
    pub content: String,
    /// The body; empty in lists.
    pub body: String,
    /// Name of the issuing organ at the time.
    pub organ_name: String,
    /// When it became public.
    pub published_at: DateTime<Utc>,
    /// Who wrote it.
    pub author_id: String,
    /// The author's name.
    pub author_name: String,
    /// Who approved it; empty for an import.
    pub reviewer_id: String,
    /// The reviewer's name.
    pub reviewer_name: String,
    /// Why it was revised, withdrawn, or published by one person.
    pub reason: String,
    /// Hash of content, body and attachments.
    pub sha256: String,
    /// Whom it was announced to, as the contract numbers it.
    pub announcement: i64,
    /// Why it was expunged; empty otherwise.
    pub expunged_ground: String,
    /// When it was expunged.
    pub expunged_at: Option<DateTime<Utc>>,
}

const REVISIONS: Table = Table::new(
    "revisions",
    "policy_id, revision, occasion, content, body, organ_name, published_at, author_id, \
     author_name, reviewer_id, reviewer_name, reason, sha256, announcement, expunged_ground, \
     expunged_at",
);

impl RevisionRow {
    /// The content with its body.
    pub fn content(&self) -> Result<Content> {
        let mut content: Content = super::from_json(&self.content, "revisions.content")?;
        self.body.clone_into(&mut content.text);
        Ok(content)
    }

    fn values(self) -> Vec<Value> {
        vec![
            self.policy_id.into(),
            self.revision.into(),
            self.occasion.into(),
            self.content.into(),
            self.body.into(),
            self.organ_name.into(),
            self.published_at.into(),
            self.author_id.into(),
            self.author_name.into(),
            self.reviewer_id.into(),
            self.reviewer_name.into(),
            self.reason.into(),
            self.sha256.into(),
            self.announcement.into(),
            self.expunged_ground.into(),
            self.expunged_at.into(),
        ]
    }
}

/// The content as a row keeps it.
pub fn content_json(content: &Content) -> String {
    super::to_json(content)
}

/// Inserts revisions.
pub async fn insert(tx: &Tx, rows: Vec<RevisionRow>) -> Result<()> {
    REVISIONS.insert(tx, rows.into_iter().map(RevisionRow::values).collect()).await
}

/// Reads one revision.
pub async fn find(
    conn: &impl ConnectionTrait,
    id: PolicyId,
    revision: i64,
) -> Result<Option<RevisionRow>> {
    let text = format!("{} WHERE policy_id = $1 AND revision = $2", REVISIONS.select());
    Ok(db::one(conn, &text, vec![id.into(), revision.into()]).await?)
}

/// All revisions of a policy, newest first, without their bodies.
pub async fn list(conn: &impl ConnectionTrait, id: PolicyId) -> Result<Vec<RevisionRow>> {
    let columns = REVISIONS.select().replace(" body,", " '' AS body,");
    let text = format!("{columns} WHERE policy_id = $1 ORDER BY revision DESC");
    Ok(db::all(conn, &text, vec![id.into()]).await?)
}

/// Blanks a revision; its hash stays.
pub async fn blank(
    tx: &Tx,
    id: PolicyId,
    revision: i64,
    content: &Content,
    ground: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    let text = "UPDATE revisions SET content = $3, body = '', reason = '', expunged_ground = $4, \
                expunged_at = $5 WHERE policy_id = $1 AND revision = $2";
    let values =
        vec![id.into(), revision.into(), super::to_json(content).into(), ground.into(), at.into()];
    db::run(&**tx, text, values).await?;
    Ok(())
}
