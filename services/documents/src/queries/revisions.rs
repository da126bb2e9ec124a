//! Revisions: what a policy said, and who changed it why.

use std::collections::HashMap;

use contracts::documents as wire;
use kit::{auth::Caller, clock::to_wire};
use sea_orm::ConnectionTrait;

use super::{attachment, is_insider, person, unsigned_revision};
use crate::{
    commands::Documents,
    domain::{PolicyId, policy::State},
    error::{Error, Result},
    store::{
        self,
        attachments::{DRAFT, PlacedRow},
        policies::PolicyRow,
        revisions::RevisionRow,
    },
};

impl Documents {
    /// All revisions of a policy, newest first, without their texts.
    pub async fn revisions(&self, caller: &Caller, id: PolicyId) -> Result<Vec<wire::Revision>> {
        let snapshot = self.db.snapshot().await?;
        let policy = known(&snapshot, caller, id).await?;
        let mut files = files_of(&snapshot, id).await?;
        let open = is_open(caller, &policy);
        store::revisions::list(&snapshot, id)
            .await?
            .into_iter()
            .map(|row| {
                let files = files.remove(&row.revision).unwrap_or_default();
                message(row, &files, open)
            })
            .collect()
    }

    /// One revision with its text.
    ///
    /// While a policy is withdrawn the public reads of its revisions only what the tombstone
    /// tells; its own organ reads on.
    pub async fn revision(
        &self,
        caller: &Caller,
        id: PolicyId,
        revision: i64,
    ) -> Result<wire::Revision> {
        let snapshot = self.db.snapshot().await?;
        let policy = known(&snapshot, caller, id).await?;
        let row = store::revisions::find(&snapshot, id, unsigned_revision(revision)?)
            .await?
            .ok_or(Error::Unknown("版本"))?;
        let files = files_of(&snapshot, id).await?.remove(&revision).unwrap_or_default();
        message(row, &files, is_open(caller, &policy))
    }
}

fn is_open(caller: &Caller, policy: &PolicyRow) -> bool {
    policy.state == State::Published.word() || is_insider(caller, policy)
}

async fn known(conn: &impl ConnectionTrait, caller: &Caller, id: PolicyId) -> Result<PolicyRow> {
    store::policies::find(conn, id)
        .await?
        .filter(|row| row.state != State::Unpublished.word() || is_insider(caller, row))
        .ok_or(Error::Unknown("文件"))
}

async fn files_of(
    conn: &impl ConnectionTrait,
    id: PolicyId,
) -> Result<HashMap<i64, Vec<PlacedRow>>> {
    let mut files: HashMap<i64, Vec<PlacedRow>> = HashMap::new();
    for file in store::attachments::placed(conn, id).await? {
        if file.revision != DRAFT {
            files.entry(file.revision).or_default().push(file);
        }
    }
    Ok(files)
}

fn message(row: RevisionRow, files: &[PlacedRow], open: bool) -> Result<wire::Revision> {
    let full = row.content()?;
    let content = if open { full } else { full.tombstone() };
    Ok(wire::Revision {
        policy_id: row.policy_id.to_string(),
        revision: row.revision,
        content: Some(super::content(content)),
        organ_name: row.organ_name,
        published_at: Some(to_wire(row.published_at)),
        author: person(&row.author_id, &row.author_name),
        reviewer: person(&row.reviewer_id, &row.reviewer_name),
        reason: row.reason,
        sha256: row.sha256,
        attachments: if open { files.iter().map(attachment).collect() } else { Vec::new() },
        expunged_ground: row.expunged_ground,
        expunged_at: row.expunged_at.map(to_wire),
        occasion: row.occasion,
    })
}
