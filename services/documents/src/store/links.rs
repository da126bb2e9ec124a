//! Links to published interpretations, as heard; one that is gone leaves a tombstone.

use kit::db::{self, Belonging, Field, Tx};
use serde::Deserialize;

use crate::{domain::PolicyId, error::Result};

/// A published interpretation of a policy.
#[derive(Clone, Debug, Deserialize)]
pub struct LinkRow {
    /// Whose.
    pub policy_id: PolicyId,
    /// Its id.
    pub interpretation_id: String,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: String,
}

/// Keeps a link, or its tombstone, unless something newer is here.
pub async fn keep(tx: &Tx, link: &LinkRow, revision: i64, gone: bool) -> Result<()> {
    let text = "INSERT INTO interpretation_links \
                  (interpretation_id, policy_id, revision, title, kind, gone) \
                VALUES ($1, $2, $3, $4, $5, $6) \
                ON CONFLICT (interpretation_id) DO UPDATE SET revision = excluded.revision, \
                  title = excluded.title, kind = excluded.kind, gone = excluded.gone \
                WHERE interpretation_links.revision < excluded.revision";
    let values = vec![
        link.interpretation_id.as_str().into(),
        link.policy_id.into(),
        revision.into(),
        link.title.as_str().into(),
        link.kind.as_str().into(),
        gone.into(),
    ];
    db::run(&**tx, text, values).await?;
    Ok(())
}

/// The published interpretations of a policy.
pub const LINKS: Belonging = Belonging {
    fields: &[
        Field::Id("policy_id", "policy_id"),
        Field::Column("interpretation_id"),
        Field::Named("title", "l.title"),
        Field::Column("kind"),
    ],
    from: "interpretation_links l WHERE NOT gone AND policy_id = policies.id",
    order: "interpretation_id",
};
