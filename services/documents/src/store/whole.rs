//! Policies with all that is shown with them, in one statement: a reader waits for one answer, and
//! what he gets is of one moment.

use kit::db::{self, Belonging, belongings};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult, Value};

use super::{
    attachments::{PLACED, PlacedRow},
    drafts::{self, DraftRow},
    links::{LINKS, LinkRow},
    policies::{POLICIES, PolicyRow},
    relations::{INBOUND, InboundRow, OWN, OwnRow},
};
use crate::error::Result;

/// A policy and what belongs to it.
#[derive(Debug)]
pub struct Whole {
    /// The policy.
    pub row: PolicyRow,
    /// The body of the public revision, if it was asked for.
    pub body: String,
    /// The draft, if it was asked for.
    pub draft: Option<DraftRow>,
    /// What it does to others.
    pub relations: Vec<OwnRow>,
    /// What others do to it.
    pub inbound: Vec<InboundRow>,
    /// Attachments of all revisions and of the draft.
    pub files: Vec<PlacedRow>,
    /// Published interpretations.
    pub links: Vec<LinkRow>,
}

impl FromQueryResult for Whole {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            row: PolicyRow::from_query_result(row, prefix)?,
            body: row.try_get::<Option<String>>(prefix, "body")?.unwrap_or_default(),
            draft: belongings(row, "draft")?.pop(),
            relations: belongings(row, "relations")?,
            inbound: belongings(row, "inbound")?,
            files: belongings(row, "files")?,
            links: belongings(row, "links")?,
        })
    }
}

/// What is read of policies beyond what all see of them in lists.
#[derive(Clone, Copy, Debug)]
pub struct With {
    /// The body of the public revision.
    pub bodies: bool,
    /// The draft.
    pub drafts: bool,
}

/// Which policies, and in which order.
#[derive(Debug)]
pub struct Which<'a> {
    /// What follows `FROM policies`, up to order and limit.
    pub clause: &'a str,
    /// Its values.
    pub values: Vec<Value>,
    /// What follows `ORDER BY`.
    pub order: &'a str,
}

/// Reads policies with what belongs to them.
pub async fn select(
    conn: &impl ConnectionTrait,
    with: With,
    which: Which<'_>,
) -> Result<Vec<Whole>> {
    const BODY: &str = "CASE WHEN state = 'published' THEN (SELECT body FROM revisions \
                        WHERE policy_id = policies.id AND revision = policies.public_revision) END";
    let column = |belonging: Belonging| belonging.column(conn.get_database_backend());
    // Narrowed before anything is joined: databases may join first and cut to the page then.
    let text = format!(
        "SELECT {}, {} AS body, {} AS draft, {} AS relations, {} AS inbound, {} AS files, \
         {} AS links FROM (SELECT * FROM policies {}) AS policies ORDER BY {}",
        POLICIES.columns(),
        if with.bodies { BODY } else { "NULL" },
        if with.drafts { column(drafts::OF_POLICY) } else { "NULL".to_owned() },
        column(OWN),
        column(INBOUND),
        column(PLACED),
        column(LINKS),
        which.clause,
        which.order,
    );
    Ok(db::all(conn, &text, which.values).await?)
}
