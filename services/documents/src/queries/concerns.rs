//! What the library holds that speaks against a policy as it is written.

use std::{collections::HashSet, sync::Arc};

use kit::{auth::Caller, db};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::is_insider;
use crate::{
    commands::Documents,
    domain::{
        PolicyId,
        concern::{self, Concern, Other},
        content::{Content, Relation},
        likeness, number,
        policy::State,
    },
    error::Result,
    store::{self, policies::PolicyRow},
};

/// Near duplicates that are told of.
const MOST_ALIKE: usize = 3;
/// Bodies that are compared in full.
const MOST_COMPARED: usize = 10;
/// Policies that may be near and are looked at for it, others' drafts among them.
const MOST_LOOKED_AT: usize = 200;
/// From so many hundredths on two bodies are alike.
const ALIKE: usize = 60;
/// Steps of a circle that are followed.
const LONGEST_CIRCLE: usize = 20;
const OTHER: &str = "SELECT id, title, document_number, organ_name FROM policies";

#[derive(FromQueryResult)]
struct Row {
    id: PolicyId,
    title: String,
    document_number: String,
    organ_name: String,
}

impl From<Row> for Other {
    fn from(Row { id, title, document_number, organ_name }: Row) -> Self {
        Self { id, title, document_number, organ_name }
    }
}

impl Documents {
    /// Everything that speaks against a content, of a policy that is there already or of none yet.
    pub(crate) async fn concerns(
        &self,
        caller: &Caller,
        own_id: Option<PolicyId>,
        content: &Content,
        organ_name: &str,
    ) -> Result<Vec<Concern>> {
        let snapshot = self.db.snapshot().await?;
        let mut found = self.grave_concerns(&snapshot, own_id, content, organ_name).await?;
        found.extend(alike(&snapshot, caller, own_id, content).await?);
        Ok(found)
    }

    /// What speaks against a content and is quickly found; near duplicates are not.
    pub(crate) async fn grave_concerns(
        &self,
        conn: &impl ConnectionTrait,
        own_id: Option<PolicyId>,
        content: &Content,
        organ_name: &str,
    ) -> Result<Vec<Concern>> {
        let mut found = concern::of_content(content, self.clock.today());
        found.extend(sharing_number(conn, own_id, content).await?);
        let mut targets = Vec::new();
        for relation in &content.relations {
            if concern::names_itself(content, relation) {
                found.push(concern::acts_on_itself());
                continue;
            }
            let target = target(conn, relation).await?;
            found.extend(concern::of_relation(relation, own_id, organ_name, target.as_ref()));
            if matches!(relation.kind.as_str(), "repeals" | "amends") {
                targets.extend(target);
            }
        }
        if let Some(own_id) = own_id {
            found.extend(circle(conn, own_id, targets).await?);
        }
        Ok(found)
    }
}

/// Another public policy with the number, unless this one bears it in public already.
async fn sharing_number(
    conn: &impl ConnectionTrait,
    own_id: Option<PolicyId>,
    content: &Content,
) -> Result<Option<Concern>> {
    // Only numbers of a year are an organ's for ever; others begin anew, or are none.
    let key = match gongwen::number::parse(&content.document_number).number() {
        Some(number) if number.year.is_some() => number::read(&content.document_number).key,
        _ => return Ok(None),
    };
    let text =
        format!("{OTHER} WHERE number_key = $1 AND state = 'published' ORDER BY id LIMIT 50");
    let rows: Vec<Row> = db::all(conn, &text, vec![key.into()]).await?;
    if own_id.is_some_and(|own| rows.iter().any(|row| row.id == own)) {
        return Ok(None);
    }
    let other = rows.into_iter().next().map(Other::from);
    Ok(other.map(|other| concern::shared_number(&content.document_number, &other)))
}

/// The public policy that a relation means, where it means one only.
async fn target(conn: &impl ConnectionTrait, relation: &Relation) -> Result<Option<Other>> {
    let find = async |condition: &str, value: Value| -> Result<Option<Other>> {
        let text = format!("{OTHER} WHERE {condition} AND state <> 'unpublished' LIMIT 2");
        let mut rows: Vec<Row> = db::all(conn, &text, vec![value]).await?;
        let only = if rows.len() == 1 { rows.pop() } else { None };
        Ok(only.map(Other::from))
    };
    if let Ok(id) = relation.target_policy_id.parse::<PolicyId>() {
        return find("id = $1", id.into()).await;
    }
    let key = number::read(&relation.target_number).key;
    let title = ::effect::library::title_key(&relation.target_title);
    for (column, value) in [("number_key", &key), ("title_key", &title), ("title_alias", &title)] {
        if value.is_empty() {
            continue;
        }
        if let Some(found) = find(&format!("{column} = $1"), value.as_str().into()).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The target through which a policy would come to repeal or amend itself.
async fn circle(
    conn: &impl ConnectionTrait,
    own_id: PolicyId,
    targets: Vec<Other>,
) -> Result<Option<Concern>> {
    #[derive(FromQueryResult)]
    struct Target {
        target_policy_id: PolicyId,
    }
    for target in targets {
        let mut seen = HashSet::from([target.id]);
        let mut front = vec![target.id];
        for _ in 0..LONGEST_CIRCLE {
            let text = format!(
                "SELECT DISTINCT target_policy_id FROM relations r \
                 JOIN policies p ON p.id = r.policy_id AND p.state = 'published' \
                 WHERE target_policy_id IS NOT NULL AND kind IN ('repeals', 'amends') \
                 AND policy_id IN ({})",
                db::list_of(0, front.len())
            );
            let values = front.iter().map(|id| (*id).into()).collect();
            let next: Vec<Target> = db::all(conn, &text, values).await?;
            if next.iter().any(|next| next.target_policy_id == own_id) {
                return Ok(Some(concern::circle(&target)));
            }
            let next = next.into_iter().map(|next| next.target_policy_id);
            front = next.filter(|id| seen.insert(*id)).collect();
            if front.is_empty() {
                break;
            }
        }
    }
    Ok(None)
}

/// Policies that the caller may know of and whose bodies say nearly the same.
async fn alike(
    conn: &impl ConnectionTrait,
    caller: &Caller,
    own_id: Option<PolicyId>,
    content: &Content,
) -> Result<Vec<Concern>> {
    #[derive(FromQueryResult)]
    struct Likeness {
        id: PolicyId,
        likeness: i64,
    }
    let own = likeness::of(content);
    if own == 0 {
        return Ok(Vec::new());
    }
    // One narrow index is read from end to end: nearness is no order that a database keeps.
    let text = "SELECT id, likeness FROM policies WHERE likeness <> 0 ORDER BY likeness, id";
    let all: Vec<Likeness> = db::all(conn, text, Vec::new()).await?;
    let mut near: Vec<(u32, PolicyId)> = all
        .into_iter()
        .filter(|one| Some(one.id) != own_id && likeness::may_be_near(own, one.likeness))
        .map(|one| (likeness::distance(own, one.likeness), one.id))
        .collect();
    near.sort_unstable();
    let own = Arc::new(likeness::Runs::of(content));
    let (mut found, mut compared) = (Vec::new(), 0);
    for (_, id) in near.into_iter().take(MOST_LOOKED_AT) {
        let Some((other, theirs)) = known(conn, caller, id).await? else { continue };
        compared += 1;
        let own = Arc::clone(&own);
        let percent = tokio::task::spawn_blocking(move || own.percent(&theirs)).await;
        let percent = percent.map_err(|error| kit::Error::Internal(error.to_string()))?;
        if percent >= ALIKE {
            found.push((percent, other));
        }
        if compared == MOST_COMPARED {
            break;
        }
    }
    found.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.id.cmp(&other.1.id)));
    let told = found.into_iter().take(MOST_ALIKE);
    Ok(told.map(|(percent, other)| concern::near_duplicate(percent, &other)).collect())
}

/// A policy with its body, unless it is a draft of others.
async fn known(
    conn: &impl ConnectionTrait,
    caller: &Caller,
    id: PolicyId,
) -> Result<Option<(Other, Content)>> {
    let Some(row) = store::policies::find(conn, id).await? else { return Ok(None) };
    let content = match row.state()? {
        State::Published => {
            let revision = store::revisions::find(conn, id, row.public_revision).await?;
            revision.map(|revision| revision.content()).transpose()?
        }
        State::Unpublished if is_insider(caller, &row) => {
            store::drafts::find(conn, id).await?.map(|draft| draft.content)
        }
        State::Unpublished | State::Withdrawn => None,
    };
    let PolicyRow { title, document_number, organ_name, .. } = row;
    let other = Other { id, title, document_number, organ_name };
    Ok(content.map(|content| (other, content)))
}
