//! Drafts: at most one a policy.

use chrono::{DateTime, Utc};
use kit::db::{self, Belonging, Field, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use serde::Deserialize;

use super::table::Table;
use crate::{
    domain::{
        Person, PolicyId,
        content::Content,
        draft::{Draft, DraftState},
    },
    error::{Error, Result},
};

/// A row of `drafts`, without the policy that it is of.
#[derive(Debug, Deserialize, FromQueryResult)]
pub struct DraftRow {
    state: String,
    content: String,
    body: String,
    author_id: String,
    author_name: String,
    editor_id: String,
    editor_name: String,
    reviewer_id: String,
    reviewer_name: String,
    publisher_id: String,
    publisher_name: String,
    revision_reason: String,
    return_reason: String,
    publish_at: Option<DateTime<Utc>>,
    updated_at: DateTime<Utc>,
}

const DRAFTS: Table = Table::new(
    "drafts",
    "policy_id, state, content, body, author_id, author_name, editor_id, editor_name, \
     reviewer_id, reviewer_name, publisher_id, publisher_name, revision_reason, \
     return_reason, publish_at, updated_at",
);

impl DraftRow {
    /// The draft that the row holds.
    pub fn read(self) -> Result<Draft> {
        let mut content: Content = super::from_json(&self.content, "drafts.content")?;
        content.text = self.body;
        Ok(Draft {
            state: DraftState::read(&self.state).ok_or(Error::Inconsistent("drafts.state"))?,
            content,
            author: Person { account_id: self.author_id, name: self.author_name },
            editor: Person { account_id: self.editor_id, name: self.editor_name },
            reviewer: Person { account_id: self.reviewer_id, name: self.reviewer_name },
            publisher: Person { account_id: self.publisher_id, name: self.publisher_name },
            revision_reason: self.revision_reason,
            return_reason: self.return_reason,
            publish_at: self.publish_at,
            updated_at: self.updated_at,
        })
    }
}

fn values(id: PolicyId, draft: &Draft) -> Vec<Value> {
    let Draft {
        state,
        content,
        author,
        editor,
        reviewer,
        publisher,
        revision_reason,
        return_reason,
        publish_at,
        updated_at,
    } = draft;
    vec![
        id.into(),
        state.word().into(),
        super::to_json(content).into(),
        content.text.as_str().into(),
        author.account_id.as_str().into(),
        author.name.as_str().into(),
        editor.account_id.as_str().into(),
        editor.name.as_str().into(),
        reviewer.account_id.as_str().into(),
        reviewer.name.as_str().into(),
        publisher.account_id.as_str().into(),
        publisher.name.as_str().into(),
        revision_reason.as_str().into(),
        return_reason.as_str().into(),
        (*publish_at).into(),
        (*updated_at).into(),
    ]
}

/// Inserts drafts.
pub async fn insert(tx: &Tx, drafts: &[(PolicyId, &Draft)]) -> Result<()> {
    DRAFTS.insert(tx, drafts.iter().map(|(id, draft)| values(*id, draft)).collect()).await
}

/// Writes the draft that a policy has now, or that it has none.
pub async fn keep(tx: &Tx, id: PolicyId, draft: Option<&Draft>) -> Result<()> {
    db::run(&**tx, "DELETE FROM drafts WHERE policy_id = $1", vec![id.into()]).await?;
    match draft {
        Some(draft) => insert(tx, &[(id, draft)]).await,
        None => Ok(()),
    }
}

/// Reads a policy's draft.
pub async fn find(conn: &impl ConnectionTrait, id: PolicyId) -> Result<Option<Draft>> {
    let text = format!("{} WHERE policy_id = $1", DRAFTS.select());
    let row: Option<DraftRow> = db::one(conn, &text, vec![id.into()]).await?;
    row.map(DraftRow::read).transpose()
}

/// The draft of a policy, where it has one.
pub const OF_POLICY: Belonging = Belonging {
    fields: &[
        Field::Named("state", "d.state"),
        Field::Named("content", "d.content"),
        Field::Column("body"),
        Field::Column("author_id"),
        Field::Column("author_name"),
        Field::Column("editor_id"),
        Field::Column("editor_name"),
        Field::Column("reviewer_id"),
        Field::Column("reviewer_name"),
        Field::Column("publisher_id"),
        Field::Column("publisher_name"),
        Field::Column("revision_reason"),
        Field::Column("return_reason"),
        Field::Column("publish_at"),
        Field::Column("updated_at"),
    ],
    from: "drafts d WHERE policy_id = policies.id",
    order: "policy_id",
};

/// Policies whose set minute has come.
pub async fn due(conn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<PolicyId>> {
    #[derive(FromQueryResult)]
    struct Due {
        policy_id: PolicyId,
    }
    let text = "SELECT policy_id FROM drafts WHERE state = 'scheduled' AND publish_at <= $1 \
                ORDER BY publish_at, policy_id";
    let rows: Vec<Due> = db::all(conn, text, vec![now.into()]).await?;
    Ok(rows.into_iter().map(|row| row.policy_id).collect())
}
