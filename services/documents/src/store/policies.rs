//! Policies: one row each, with what lists and filters need of the public revision.

use ::effect::library::{issued_title_key, title_key};
use chrono::{DateTime, Utc};
use kit::db::{self, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::table::Table;
use crate::{
    domain::{
        PolicyId,
        content::Content,
        day,
        effect::{Overrule, Period},
        likeness, number,
        policy::{Policy, State},
    },
    error::{Error, Result},
};

/// A row of `policies`.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PolicyRow {
    /// Id.
    pub id: PolicyId,
    /// [`State`].
    pub state: String,
    /// Grows with every write.
    pub version: i64,
    /// Grows with every public change.
    pub revision: i64,
    /// The revision that the public sees.
    pub public_revision: i64,
    /// Issuing organ, of the draft before the first publication.
    pub organ_code: String,
    /// Its name at the time.
    pub organ_name: String,
    /// True where the importing organ stands in.
    pub organ_unassigned: bool,
    /// Title.
    pub title: String,
    /// Document number.
    pub document_number: String,
    /// Its key, by which writings are compared.
    pub number_key: String,
    /// Class.
    pub category: String,
    /// Day, or empty.
    pub issued_on: String,
    /// Day, or empty.
    pub effective_on: String,
    /// Day, or empty.
    pub expires_on: String,
    /// Year of issue, else of publication.
    pub issued_year: i64,
    /// Effect as the source of an import states it.
    pub source_status: String,
    /// First day of a repeal by a published policy, or empty; for filters only.
    pub repealed_on: String,
    /// First day of an amendment, or empty; for filters only.
    pub amended_on: String,
    /// 索引号, from the first publication on.
    pub index_number: Option<String>,
    /// [`Content`] as JSON, without the body.
    pub content: String,
    /// When it became public, else when it was begun: lists are ordered by it.
    pub listed_at: DateTime<Utc>,
    /// When it first became public.
    pub published_at: Option<DateTime<Utc>>,
    /// When the newest revision became public.
    pub revised_at: Option<DateTime<Utc>>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Why.
    pub withdrawal_reason: String,
    /// Id at the source of an import.
    pub source_id: Option<String>,
    /// Hash of the imported record.
    pub source_hash: String,
    /// Taken in from before this platform.
    pub backfill: bool,
    /// Whether the public revision was expunged.
    pub expunged: bool,
    /// State of the draft, empty without one.
    pub draft_state: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// Effect by a clerk's word, or empty; for filters only.
    pub overruled_effect: String,
    /// First day of that word, or empty; for filters only.
    pub overruled_from: String,
    /// [`Overrule`] as JSON, or empty.
    pub overrule: String,
    /// The effect that was told of last.
    pub told_effect: String,
    /// The day on which the effect must be looked at next, or empty.
    pub effect_due_on: String,
    /// Last day in force, stated or by a default period, or empty; for filters and notices.
    pub last_day: String,
    /// A [`Period`] that a city's rule gives it, as JSON, or empty.
    pub period: String,
    /// The title as relations are compared with it.
    pub title_key: String,
    /// What a notice issues, as relations are compared with it, or empty.
    pub title_alias: String,
    /// The [`likeness`] of the body; 0: there is none.
    pub likeness: i64,
}

pub(super) const POLICIES: Table = Table::new(
    "policies",
    "id, state, version, revision, public_revision, organ_code, organ_name, \
     organ_unassigned, title, document_number, number_key, category, issued_on, \
     effective_on, expires_on, issued_year, source_status, repealed_on, amended_on, \
     index_number, content, listed_at, published_at, revised_at, withdrawn_at, \
     withdrawal_reason, source_id, source_hash, backfill, expunged, draft_state, \
     created_at, overruled_effect, overruled_from, overrule, told_effect, effect_due_on, \
     last_day, period, title_key, title_alias, likeness",
);

impl PolicyRow {
    /// A row for a policy that was begun just now.
    pub fn begun(id: PolicyId, organ_name: &str, content: &Content, now: DateTime<Utc>) -> Self {
        let mut row = Self {
            id,
            state: State::Unpublished.word().to_owned(),
            version: 1,
            revision: 0,
            public_revision: 0,
            organ_code: String::new(),
            organ_name: String::new(),
            organ_unassigned: false,
            title: String::new(),
            document_number: String::new(),
            number_key: String::new(),
            category: String::new(),
            issued_on: String::new(),
            effective_on: String::new(),
            expires_on: String::new(),
            issued_year: 0,
            source_status: String::new(),
            repealed_on: String::new(),
            amended_on: String::new(),
            index_number: None,
            content: String::new(),
            listed_at: now,
            published_at: None,
            revised_at: None,
            withdrawn_at: None,
            withdrawal_reason: String::new(),
            source_id: None,
            source_hash: String::new(),
            backfill: false,
            expunged: false,
            draft_state: String::new(),
            created_at: now,
            overruled_effect: String::new(),
            overruled_from: String::new(),
            overrule: String::new(),
            told_effect: String::new(),
            effect_due_on: String::new(),
            last_day: String::new(),
            period: String::new(),
            title_key: String::new(),
            title_alias: String::new(),
            likeness: 0,
        };
        row.describe(content, organ_name);
        row
    }

    /// Copies what lists and filters need of the content.
    pub fn describe(&mut self, content: &Content, organ_name: &str) {
        let public_year = chrono::Datelike::year(&self.listed_at);
        content.organ_code.clone_into(&mut self.organ_code);
        organ_name.clone_into(&mut self.organ_name);
        content.title.clone_into(&mut self.title);
        self.title_key = title_key(&content.title);
        self.title_alias = issued_title_key(&content.title).unwrap_or_default();
        self.likeness = likeness::of(content);
        content.document_number.clone_into(&mut self.document_number);
        self.number_key = number::read(&content.document_number).key;
        content.category.clone_into(&mut self.category);
        self.issued_on = day::write(content.issued_on);
        self.effective_on = day::write(content.effective_on);
        self.expires_on = day::write(content.expires_on);
        self.last_day.clone_from(&self.expires_on);
        self.period.clear();
        let year = content.issued_on.map_or(public_year, |day| chrono::Datelike::year(&day));
        self.issued_year = i64::from(year);
        content.source_status.clone_into(&mut self.source_status);
        self.content = super::to_json(content);
    }

    /// The public content, without the body.
    pub fn content(&self) -> Result<Content> {
        super::from_json(&self.content, "policies.content")
    }

    /// The period that a city's rule gives it, if one does.
    pub fn period(&self) -> Result<Option<Period>> {
        match self.period.as_str() {
            "" => Ok(None),
            json => super::from_json(json, "policies.period").map(Some),
        }
    }

    /// Gives it the period of a city's rule, where it states no last day itself.
    pub fn set_period(&mut self, period: Option<&Period>) {
        let Some(period) = period else { return };
        self.last_day = day::write(Some(period.last_day));
        self.period = super::to_json(period);
    }

    /// A clerk's word on the effect, if there is one.
    pub fn overrule(&self) -> Result<Option<Overrule>> {
        match self.overrule.as_str() {
            "" => Ok(None),
            json => super::from_json(json, "policies.overrule").map(Some),
        }
    }

    /// Puts a clerk's word on the effect, or takes it back.
    pub fn set_overrule(&mut self, overrule: Option<&Overrule>) {
        self.overruled_effect = overrule.map_or("", |word| word.effect.word()).to_owned();
        self.overruled_from = day::write(overrule.map(|word| word.from));
        self.overrule = overrule.map(super::to_json).unwrap_or_default();
    }

    /// Whether the public sees it, and how.
    pub fn state(&self) -> Result<State> {
        State::read(&self.state).ok_or(Error::Inconsistent("policies.state"))
    }

    /// Takes over what the rules decided.
    pub fn settle(&mut self, policy: &Policy) {
        policy.state.word().clone_into(&mut self.state);
        self.revision = policy.revision;
        self.public_revision = policy.public_revision;
        let draft_state = policy.draft.as_ref().map_or("", |draft| draft.state.word());
        draft_state.clone_into(&mut self.draft_state);
    }

    fn values(self) -> Vec<Value> {
        vec![
            self.id.into(),
            self.state.into(),
            self.version.into(),
            self.revision.into(),
            self.public_revision.into(),
            self.organ_code.into(),
            self.organ_name.into(),
            self.organ_unassigned.into(),
            self.title.into(),
            self.document_number.into(),
            self.number_key.into(),
            self.category.into(),
            self.issued_on.into(),
            self.effective_on.into(),
            self.expires_on.into(),
            self.issued_year.into(),
            self.source_status.into(),
            self.repealed_on.into(),
            self.amended_on.into(),
            self.index_number.into(),
            self.content.into(),
            self.listed_at.into(),
            self.published_at.into(),
            self.revised_at.into(),
            self.withdrawn_at.into(),
            self.withdrawal_reason.into(),
            self.source_id.into(),
            self.source_hash.into(),
            self.backfill.into(),
            self.expunged.into(),
            self.draft_state.into(),
            self.created_at.into(),
            self.overruled_effect.into(),
            self.overruled_from.into(),
            self.overrule.into(),
            self.told_effect.into(),
            self.effect_due_on.into(),
            self.last_day.into(),
            self.period.into(),
            self.title_key.into(),
            self.title_alias.into(),
            self.likeness.into(),
        ]
    }
}

/// Inserts policies.
pub async fn insert(tx: &Tx, rows: Vec<PolicyRow>) -> Result<()> {
    POLICIES.insert(tx, rows.into_iter().map(PolicyRow::values).collect()).await
}

/// Writes a policy that was locked before.
pub async fn save(tx: &Tx, row: PolicyRow) -> Result<()> {
    POLICIES.update(tx, row.values()).await
}

/// Reads and locks a policy.
pub async fn lock(tx: &Tx, id: PolicyId) -> Result<Option<PolicyRow>> {
    let text = format!("{} WHERE id = $1{}", POLICIES.select(), tx.for_update());
    Ok(db::one(&**tx, &text, vec![id.into()]).await?)
}

/// Reads a policy.
pub async fn find(conn: &impl ConnectionTrait, id: PolicyId) -> Result<Option<PolicyRow>> {
    let text = format!("{} WHERE id = $1", POLICIES.select());
    Ok(db::one(conn, &text, vec![id.into()]).await?)
}

/// What an import knows of records that came before.
#[derive(Debug, FromQueryResult)]
pub struct Imported {
    /// Id here.
    pub id: PolicyId,
    /// Id at the source.
    pub source_id: String,
    /// Hash of the record.
    pub source_hash: String,
}

/// Which of the source ids are here already.
pub async fn imported(tx: &Tx, source_ids: &[&str]) -> Result<Vec<Imported>> {
    if source_ids.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "SELECT id, source_id, source_hash FROM policies WHERE source_id IN ({})",
        db::list_of(0, source_ids.len())
    );
    Ok(db::all(&**tx, &text, source_ids.iter().map(|id| (*id).into()).collect()).await?)
}

/// Deletes a policy that was never public, and what hangs on it.
pub async fn delete(tx: &Tx, id: PolicyId) -> Result<()> {
    for table in [
        "worklist",
        "attachment_places",
        "attachments",
        "privacy_decisions",
        "lifecycle_entries",
        "changes",
        "drafts",
    ] {
        let text = format!("DELETE FROM {table} WHERE policy_id = $1");
        db::run(&**tx, &text, vec![id.into()]).await?;
    }
    db::run(&**tx, "DELETE FROM policies WHERE id = $1", vec![id.into()]).await?;
    Ok(())
}

/// Takes the next serials of a code's year; answers with the last of them.
pub async fn take_serials(tx: &Tx, code: &str, year: i32, count: i64) -> Result<i64> {
    let text = "INSERT INTO index_counters (organ_credit_code, year, last_serial) \
                VALUES ($1, $2, $3) \
                ON CONFLICT (organ_credit_code, year) DO UPDATE \
                SET last_serial = index_counters.last_serial + excluded.last_serial \
                RETURNING last_serial AS value";
    let values = vec![code.into(), i64::from(year).into(), count.into()];
    db::scalar(&**tx, text, values).await?.ok_or(Error::Inconsistent("index_counters"))
}
