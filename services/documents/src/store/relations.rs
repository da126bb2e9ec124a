//! Relations of public content to other policies, and what they mean for these.

use std::collections::BTreeMap;

use ::effect::library::{may_act_on, title_key};
use chrono::NaiveDate;
use kit::db::{self, Belonging, Field, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use serde::Deserialize;
use uuid::Uuid;

use super::table::Table;
use crate::{
    domain::{PolicyId, content::Relation, day, number},
    error::Result,
};

/// A row of `relations`.
#[derive(Clone, Debug)]
pub struct RelationRow {
    /// Whose content states it.
    pub policy_id: PolicyId,
    /// Place in the content.
    pub position: i64,
    /// repeals, amends …
    pub kind: String,
    /// The target, once the library holds it.
    pub target_policy_id: Option<PolicyId>,
    /// As the text names it.
    pub target_title: String,
    /// [`title_key`] of the title.
    pub target_title_key: String,
    /// As the text names it.
    pub target_number: String,
    /// Key of the number.
    pub target_number_key: String,
    /// Id at the source of an import.
    pub target_source_id: String,
    /// First day on which it counts, or empty.
    pub starts_on: String,
    /// The articles concerned, as a JSON list; an empty list: the whole document.
    pub articles: String,
    /// The day that the content itself gives, or empty.
    pub effective_on: String,
}

const RELATIONS: Table = Table::new(
    "relations",
    "policy_id, position, kind, target_policy_id, target_title, target_title_key, target_number, \
     target_number_key, target_source_id, starts_on, articles, effective_on",
);

impl RelationRow {
    /// The rows that the relations of a content make.
    pub fn of(id: PolicyId, relations: &[Relation], starts_on: Option<NaiveDate>) -> Vec<Self> {
        let row = |(position, relation): (i64, &Relation)| Self {
            policy_id: id,
            position,
            kind: relation.kind.clone(),
            target_policy_id: relation.target_policy_id.parse().ok(),
            target_title: relation.target_title.clone(),
            target_title_key: title_key(&relation.target_title),
            target_number: relation.target_number.clone(),
            target_number_key: number::read(&relation.target_number).key,
            target_source_id: relation.target_source_id.clone(),
            starts_on: day::write(relation.effective_on.or(starts_on)),
            articles: super::to_json(&relation.articles),
            effective_on: day::write(relation.effective_on),
        };
        (0..).zip(relations).map(row).collect()
    }

    fn values(self) -> Vec<Value> {
        vec![
            self.policy_id.into(),
            self.position.into(),
            self.kind.into(),
            self.target_policy_id.map(Uuid::from).into(),
            self.target_title.into(),
            self.target_title_key.into(),
            self.target_number.into(),
            self.target_number_key.into(),
            self.target_source_id.into(),
            self.starts_on.into(),
            self.articles.into(),
            self.effective_on.into(),
        ]
    }
}

/// Puts the relations of a policy in the place of those that it had; answers with the policies
/// whose effect may have changed.
pub async fn replace(tx: &Tx, id: PolicyId, rows: Vec<RelationRow>) -> Result<Vec<PolicyId>> {
    let mut affected = targets_of(tx, &[id]).await?;
    db::run(&**tx, "DELETE FROM relations WHERE policy_id = $1", vec![id.into()]).await?;
    affected.extend(add(tx, &[id], rows).await?);
    affected.push(id);
    Ok(affected)
}

/// Gives policies that had none their relations, and finds the targets of these and what waited
/// for the policies; answers with the policies whose effect may have changed.
pub async fn add(tx: &Tx, ids: &[PolicyId], rows: Vec<RelationRow>) -> Result<Vec<PolicyId>> {
    let mut affected = Vec::new();
    if !rows.is_empty() {
        RELATIONS.insert(tx, rows.into_iter().map(RelationRow::values).collect()).await?;
        resolve(tx, ids, "relations.policy_id").await?;
        affected = targets_of(tx, ids).await?;
    }
    if are_awaited(tx, ids).await? {
        resolve(tx, ids, "p.id").await?;
        affected.extend(with_inbound(tx, ids).await?);
    }
    Ok(affected)
}

/// What the policies' own relations point at.
pub async fn targets_of(tx: &Tx, ids: &[PolicyId]) -> Result<Vec<PolicyId>> {
    #[derive(FromQueryResult)]
    struct Target {
        target_policy_id: PolicyId,
    }
    let text = format!(
        "SELECT DISTINCT target_policy_id FROM relations \
         WHERE target_policy_id IS NOT NULL AND policy_id IN ({})",
        db::list_of(0, ids.len())
    );
    let rows: Vec<Target> = db::all(&**tx, &text, values_of(ids)).await?;
    Ok(rows.into_iter().map(|row| row.target_policy_id).collect())
}

/// Which of these policies others point at.
async fn with_inbound(tx: &Tx, ids: &[PolicyId]) -> Result<Vec<PolicyId>> {
    #[derive(FromQueryResult)]
    struct Target {
        target_policy_id: PolicyId,
    }
    let text = format!(
        "SELECT DISTINCT target_policy_id FROM relations WHERE target_policy_id IN ({})",
        db::list_of(0, ids.len())
    );
    let rows: Vec<Target> = db::all(&**tx, &text, values_of(ids)).await?;
    Ok(rows.into_iter().map(|row| row.target_policy_id).collect())
}

/// How a relation names its target: columns of `policies` and of `relations`. By the id at the
/// source, by document number, by title, or by the title of what it issues.
const NAMES: [(&str, &str); 4] = [
    ("source_id", "relations.target_source_id"),
    ("number_key", "relations.target_number_key"),
    ("title_key", "relations.target_title_key"),
    ("title_alias", "relations.target_title_key"),
];

/// What a policy may be the target of: nothing of its own, and of no repeal or amendment that is
/// older than itself.
fn eligible(policy: &str) -> String {
    format!(
        "{policy}.state <> 'unpublished' AND {policy}.id <> relations.policy_id \
         AND (relations.kind NOT IN ('repeals', 'amends') OR {policy}.issued_on <= \
         COALESCE((SELECT NULLIF(a.issued_on, '') FROM policies a \
         WHERE a.id = relations.policy_id), '9999'))"
    )
}

/// Whether relations wait for one of these policies.
async fn are_awaited(tx: &Tx, ids: &[PolicyId]) -> Result<bool> {
    let list = db::list_of(0, ids.len());
    let named = |(column, wanted): (&str, &str)| {
        format!(
            "EXISTS (SELECT 1 FROM policies p JOIN relations ON p.{column} = {wanted} \
             WHERE p.id IN ({list}) AND p.{column} <> '' AND {wanted} <> '' AND relations.target_policy_id IS NULL)"
        )
    };
    let text = format!("SELECT {} AS value", NAMES.map(named).join(" OR "));
    Ok(db::scalar(&**tx, &text, values_of(ids)).await?.unwrap_or(false))
}

/// Finds the targets of relations that have none, where either those of `those` policies have the
/// relation or are the target; never between two that bear the same name.
async fn resolve(tx: &Tx, ids: &[PolicyId], those: &str) -> Result<()> {
    let list = db::list_of(0, ids.len());
    let (it, others) = (eligible("p"), eligible("o"));
    for (column, wanted) in NAMES {
        // Said of the policies too, for indexes that leave out those without a name.
        let text = format!(
            "UPDATE relations SET target_policy_id = p.id FROM policies p \
             WHERE relations.target_policy_id IS NULL AND {wanted} <> '' \
             AND p.{column} = {wanted} AND p.{column} <> '' AND {it} AND {those} IN ({list}) \
             AND (SELECT count(*) FROM policies o WHERE o.{column} = {wanted} \
             AND o.{column} <> '' AND {others}) = 1"
        );
        db::run(&**tx, &text, values_of(ids)).await?;
    }
    Ok(())
}

/// What a relation does to its target from a day on.
#[derive(FromQueryResult)]
struct ActRow {
    target_policy_id: PolicyId,
    kind: String,
    articles: String,
    starts_on: String,
    acting: String,
    target: String,
}

impl ActRow {
    /// Whether it ends the whole target: a repeal of single articles changes it.
    fn ends(&self) -> bool {
        self.kind == "repeals" && self.articles == "[]"
    }
}

/// Notes on these policies from which day on others repeal or amend them, for filters, and that
/// their effect must be looked at `today`.
pub async fn restate(tx: &Tx, ids: &[PolicyId], today: NaiveDate) -> Result<()> {
    let today = day::write(Some(today));
    for some in ids.chunks(200) {
        let mut first: BTreeMap<PolicyId, [Option<String>; 2]> = BTreeMap::new();
        for act in acts_on(tx, some).await? {
            if may_act_on(&act.acting, &act.target) == Some(false) {
                continue;
            }
            let [repealed, amended] = first.entry(act.target_policy_id).or_default();
            let known = if act.ends() { repealed } else { amended };
            if known.as_ref().is_none_or(|known| act.starts_on < *known) {
                *known = Some(act.starts_on);
            }
        }
        let text = format!(
            "UPDATE policies SET repealed_on = '', amended_on = '', effect_due_on = $1 \
             WHERE id IN ({})",
            db::list_of(1, some.len())
        );
        let values = std::iter::once(today.as_str().into()).chain(values_of(some)).collect();
        db::run(&**tx, &text, values).await?;
        for (id, days) in first {
            let [repealed, amended] = days.map(Option::unwrap_or_default);
            let text = "UPDATE policies SET repealed_on = $1, amended_on = $2 WHERE id = $3";
            db::run(&**tx, text, vec![repealed.into(), amended.into(), id.into()]).await?;
        }
    }
    Ok(())
}

async fn acts_on(tx: &Tx, ids: &[PolicyId]) -> Result<Vec<ActRow>> {
    let text = format!(
        "SELECT r.target_policy_id, r.kind, r.articles, r.starts_on, s.organ_name AS acting, \
         t.organ_name AS target FROM relations r JOIN policies s ON s.id = r.policy_id \
         JOIN policies t ON t.id = r.target_policy_id \
         WHERE s.state = 'published' AND r.kind IN ('repeals', 'amends') \
         AND r.target_policy_id IN ({})",
        db::list_of(0, ids.len())
    );
    Ok(db::all(&**tx, &text, values_of(ids)).await?)
}

/// A relation of a policy as its readers see it.
#[derive(Debug, Deserialize)]
pub struct OwnRow {
    /// repeals, amends …
    pub kind: String,
    /// The target, where it is or was public.
    pub target_policy_id: Option<PolicyId>,
    /// As the text names it, else as the target is titled.
    pub target_title: String,
    /// As the text names it, else as the target has it.
    pub target_number: String,
    /// The articles concerned, as a JSON list.
    pub articles: String,
    /// The day that the content itself gives, or empty.
    pub effective_on: String,
}

impl OwnRow {
    /// The articles concerned.
    pub fn articles(&self) -> Vec<String> {
        articles(&self.articles)
    }
}

/// Reads a list of articles as rows keep it.
fn articles(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}

/// A policy's own relations, in the order of its content; targets that are not public are not told.
pub const OWN: Belonging = Belonging {
    fields: &[
        Field::Column("kind"),
        Field::Id("target_policy_id", "t.id"),
        Field::Named(
            "target_title",
            "CASE WHEN target_title = '' THEN COALESCE(t.title, '') ELSE target_title END",
        ),
        Field::Named(
            "target_number",
            "CASE WHEN target_number = '' THEN COALESCE(t.document_number, '') \
             ELSE target_number END",
        ),
        Field::Column("articles"),
        Field::Named("effective_on", "relations.effective_on"),
    ],
    from: "relations LEFT JOIN policies t ON t.id = target_policy_id AND t.state <> 'unpublished' \
           WHERE policy_id = policies.id",
    order: "position",
};

/// What another published policy does to one.
#[derive(Debug, Deserialize)]
pub struct InboundRow {
    /// repeals, amends …
    pub kind: String,
    /// By whom.
    pub policy_id: PolicyId,
    /// Its title.
    pub title: String,
    /// Its document number.
    pub document_number: String,
    /// Its organ.
    pub organ_name: String,
    /// First day on which it counts, or empty.
    pub starts_on: String,
    /// The articles concerned, as a JSON list.
    pub articles: String,
}

impl InboundRow {
    /// Whether its organ may repeal or amend documents of another, or nobody can tell
    /// (《立法法》 articles 107 and 108).
    pub fn has_power_over(&self, organ_name: &str) -> bool {
        may_act_on(&self.organ_name, organ_name) != Some(false)
    }

    /// The articles concerned.
    pub fn articles(&self) -> Vec<String> {
        articles(&self.articles)
    }
}

/// Relations that published policies have to one.
pub const INBOUND: Belonging = Belonging {
    fields: &[
        Field::Column("kind"),
        Field::Id("policy_id", "policy_id"),
        Field::Named("title", "s.title"),
        Field::Named("document_number", "s.document_number"),
        Field::Named("organ_name", "s.organ_name"),
        Field::Column("starts_on"),
        Field::Column("articles"),
    ],
    from: "relations JOIN policies s ON s.id = policy_id \
           WHERE s.state = 'published' AND target_policy_id = policies.id",
    order: "starts_on, policy_id, position",
};

/// Reads [`INBOUND`] of one policy.
pub async fn inbound(conn: &impl ConnectionTrait, id: PolicyId) -> Result<Vec<InboundRow>> {
    let column = INBOUND.column(conn.get_database_backend());
    let text = format!("SELECT {column} AS value FROM policies WHERE id = $1");
    let found: Option<String> = db::scalar(conn, &text, vec![id.into()]).await?;
    found.map_or(Ok(Vec::new()), |found| super::from_json(&found, "relations"))
}

fn values_of(ids: &[PolicyId]) -> Vec<Value> {
    ids.iter().map(|id| (*id).into()).collect()
}
