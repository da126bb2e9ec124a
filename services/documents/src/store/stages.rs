//! Lifecycles: entries that are only ever added.

use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{
    attachments::{FORMER, STAGES},
    from_json,
    links::{LINKS, LinkRow},
    table::Table,
    to_json,
};
use crate::{
    domain::{AttachmentId, Person, PolicyId, lifecycle::Entry},
    error::Result,
};

const ENTRIES: Table = Table::new(
    "lifecycle_entries",
    "policy_id, position, stage, change, reason, made_by, made_name, made_at",
);

/// A row of `lifecycle_entries`.
#[derive(FromQueryResult)]
struct EntryRow {
    position: i64,
    stage: String,
    change: String,
    reason: String,
    made_by: String,
    made_name: String,
    made_at: DateTime<Utc>,
}

impl EntryRow {
    fn read(self) -> Result<Entry> {
        let Self { position, stage, change, reason, made_by, made_name, made_at } = self;
        Ok(Entry {
            position,
            stage: from_json(&to_json(&stage), "lifecycle_entries.stage")?,
            change: from_json(&change, "lifecycle_entries.change")?,
            reason,
            by: Person { account_id: made_by, name: made_name },
            at: made_at,
        })
    }
}

/// Adds an entry to the lifecycle of a policy that is locked.
pub async fn add(tx: &Tx, id: PolicyId, entry: &Entry) -> Result<()> {
    let values = vec![
        id.into(),
        entry.position.into(),
        entry.stage.word().into(),
        to_json(&entry.change).into(),
        entry.reason.as_str().into(),
        entry.by.account_id.as_str().into(),
        entry.by.name.as_str().into(),
        entry.at.into(),
    ];
    ENTRIES.insert(tx, vec![values]).await
}

/// All entries of a policy, oldest first.
pub async fn of(conn: &impl ConnectionTrait, id: PolicyId) -> Result<Vec<Entry>> {
    let text = format!("{} WHERE policy_id = $1 ORDER BY position", ENTRIES.select());
    let rows: Vec<EntryRow> = db::all(conn, &text, vec![id.into()]).await?;
    rows.into_iter().map(EntryRow::read).collect()
}

/// The published interpretations of a policy.
pub async fn interpretations(conn: &impl ConnectionTrait, id: PolicyId) -> Result<Vec<LinkRow>> {
    let links = LINKS.column(conn.get_database_backend());
    let text = format!("SELECT {links} AS value FROM policies WHERE id = $1");
    let found: Option<String> = db::scalar(conn, &text, vec![id.into()]).await?;
    found.map_or(Ok(Vec::new()), |found| from_json(&found, "interpretation_links"))
}

/// Puts the file that was just added to the draft into the stages.
pub async fn place_file(
    tx: &Tx,
    policy: PolicyId,
    file: AttachmentId,
    removed: bool,
) -> Result<()> {
    let to = if removed { FORMER } else { STAGES };
    let text = "UPDATE attachment_places SET revision = $3 \
                WHERE policy_id = $1 AND attachment_id = $2 AND revision <= 0";
    db::run(&**tx, text, vec![policy.into(), file.into(), to.into()]).await?;
    Ok(())
}
