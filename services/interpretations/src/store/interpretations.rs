//! Rows of interpretations.

use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::domain::interpretation::{Content, Kind};
use crate::domain::{InterpretationId, PolicyId};
use crate::error::Error;

/// Not public so far.
pub const DRAFT: &str = "draft";
/// Public.
pub const PUBLISHED: &str = "published";
/// No longer public.
pub const WITHDRAWN: &str = "withdrawn";

/// An interpretation with what is shown of its policy.
#[derive(Debug, Clone, FromQueryResult)]
pub struct InterpretationRow {
    /// Its id.
    pub id: InterpretationId,
    /// The policy that it explains.
    pub policy_id: PolicyId,
    /// The policy's title as it is now.
    pub policy_title: String,
    /// The policy's organ as it is now.
    pub organ_code: String,
    /// [`DRAFT`], [`PUBLISHED`] or [`WITHDRAWN`].
    pub state: String,
    /// Title.
    pub title: String,
    /// Word of a kind.
    pub kind: String,
    /// 文字解读, 图解, 问答 …
    pub form: String,
    /// Organ or person in office.
    pub interpreter: String,
    /// Where one asks.
    pub contact_phone: String,
    /// Plain text; empty in lists.
    pub body: String,
    /// Under which it was loaded.
    pub source_id: Option<String>,
    /// When it became public.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Why it was withdrawn.
    pub withdrawal_reason: String,
    /// 1 when new.
    pub revision: i64,
}

impl InterpretationRow {
    /// What the clerk wrote.
    pub fn content(&self) -> Result<Content, Error> {
        let kind = Kind::from_word(&self.kind)
            .ok_or_else(|| Error::Unreadable(format!("kind of interpretation {}", self.id)))?;
        Ok(Content {
            title: self.title.clone(),
            kind,
            form: self.form.clone(),
            interpreter: self.interpreter.clone(),
            contact_phone: self.contact_phone.clone(),
            text: self.body.clone(),
        })
    }
}

fn select(body: &str) -> String {
    format!(
        "SELECT i.id, i.policy_id, p.title AS policy_title, p.organ_code, i.state, i.title, \
         i.kind, i.form, i.interpreter, i.contact_phone, {body} AS body, i.source_id, \
         i.published_at, i.withdrawn_at, i.withdrawal_reason, i.revision \
         FROM interpretations i JOIN policies p ON p.id = i.policy_id"
    )
}

/// The interpretation with that id.
pub async fn find(
    conn: &impl ConnectionTrait,
    id: InterpretationId,
) -> Result<Option<InterpretationRow>, Error> {
    let text = format!("{} WHERE i.id = $1", select("i.body"));
    Ok(db::one(conn, &text, vec![id.into()]).await?)
}

/// The interpretation that was loaded under that source id.
pub async fn by_source(
    conn: &impl ConnectionTrait,
    source_id: &str,
) -> Result<Option<InterpretationRow>, Error> {
    let text = format!("{} WHERE i.source_id = $1", select("i.body"));
    Ok(db::one(conn, &text, vec![source_id.into()]).await?)
}

/// Adds a draft of revision 1; an empty source id is none.
pub async fn insert(
    tx: &Tx,
    id: InterpretationId,
    policy: PolicyId,
    content: &Content,
    source_id: &str,
) -> Result<(), Error> {
    let text = "INSERT INTO interpretations (id, title, kind, form, interpreter, contact_phone, \
                body, policy_id, source_id, state, withdrawal_reason, revision) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 1)";
    let mut values = content_values(id, content);
    values.push(policy.into());
    values.push(Some(source_id.to_owned()).filter(|source| !source.is_empty()).into());
    values.push(DRAFT.into());
    db::run(&**tx, text, values).await?;
    Ok(())
}

/// Replaces the content of a draft, as its next revision.
pub async fn update(tx: &Tx, id: InterpretationId, content: &Content) -> Result<(), Error> {
    let text = "UPDATE interpretations SET title = $2, kind = $3, form = $4, interpreter = $5, \
                contact_phone = $6, body = $7, revision = revision + 1 WHERE id = $1";
    db::run(&**tx, text, content_values(id, content)).await?;
    Ok(())
}

fn content_values(id: InterpretationId, content: &Content) -> Vec<Value> {
    let Content { title, kind, form, interpreter, contact_phone, text } = content;
    vec![
        id.into(),
        title.as_str().into(),
        kind.as_str().into(),
        form.as_str().into(),
        interpreter.as_str().into(),
        contact_phone.as_str().into(),
        text.as_str().into(),
    ]
}

/// Makes a draft public, as its next revision.
pub async fn publish(tx: &Tx, id: InterpretationId, now: DateTime<Utc>) -> Result<(), Error> {
    let text = "UPDATE interpretations SET state = $2, published_at = $3, \
                revision = revision + 1 WHERE id = $1";
    db::run(&**tx, text, vec![id.into(), PUBLISHED.into(), now.into()]).await?;
    Ok(())
}

/// Takes it from the public, as its next revision.
pub async fn withdraw(
    tx: &Tx,
    id: InterpretationId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let text = "UPDATE interpretations SET state = $2, withdrawn_at = $3, \
                withdrawal_reason = $4, revision = revision + 1 WHERE id = $1";
    db::run(&**tx, text, vec![id.into(), WITHDRAWN.into(), now.into(), reason.into()]).await?;
    Ok(())
}

/// Which interpretations are asked for.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Only of this policy.
    pub policy: Option<PolicyId>,
    /// Only in this state.
    pub state: Option<&'static str>,
    /// Only of these organs; `None`: of all.
    pub organs: Option<Vec<String>>,
}

impl Wanted {
    fn condition(&self) -> (String, Vec<Value>) {
        let mut parts = vec!["1 = 1".to_owned()];
        let mut values: Vec<Value> = Vec::new();
        if let Some(policy) = self.policy {
            values.push(policy.into());
            parts.push(format!("i.policy_id = ${}", values.len()));
        }
        if let Some(state) = self.state {
            values.push(state.into());
            parts.push(format!("i.state = ${}", values.len()));
        }
        if let Some(organs) = &self.organs {
            parts.push(match organs.len() {
                0 => "1 = 0".to_owned(),
                count => format!("p.organ_code IN ({})", db::list_of(values.len(), count)),
            });
            values.extend(organs.iter().map(|code| Value::from(code.as_str())));
        }
        (parts.join(" AND "), values)
    }
}

/// Interpretations without their texts, newest first, before an id.
pub async fn list(
    conn: &impl ConnectionTrait,
    wanted: &Wanted,
    before: Option<InterpretationId>,
    limit: i64,
) -> Result<Vec<InterpretationRow>, Error> {
    let (mut condition, mut values) = wanted.condition();
    if let Some(id) = before {
        values.push(id.into());
        condition.push_str(&format!(" AND i.id < ${}", values.len()));
    }
    values.push(limit.into());
    let select = select("''");
    let text = format!("{select} WHERE {condition} ORDER BY i.id DESC LIMIT ${}", values.len());
    Ok(db::all(conn, &text, values).await?)
}

/// How many interpretations are asked for.
pub async fn count(conn: &impl ConnectionTrait, wanted: &Wanted) -> Result<u64, Error> {
    let (condition, values) = wanted.condition();
    let text = format!(
        "SELECT count(*) AS value FROM interpretations i JOIN policies p ON p.id = i.policy_id \
         WHERE {condition}"
    );
    let count: Option<i64> = db::scalar(conn, &text, values).await?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}
