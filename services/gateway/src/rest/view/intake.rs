//! Documents taken in from elsewhere.

use chrono::{DateTime, Utc};
use contracts::documents as wire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{instant, number, policy::text_format, word};
use crate::error::Error;

/// Documents to take in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// The documents.
    pub records: Vec<ImportRecord>,
    /// Make them public at once, on the operator's responsibility.
    #[serde(default)]
    pub publish: bool,
    /// Why one person may publish them; needed with `publish`.
    #[serde(default)]
    pub reason: String,
    /// Code of the organ that stands in where a record names no issuing body.
    #[serde(default)]
    pub organ: String,
    /// Add issuing bodies that are not in the tree, instead of refusing their records.
    #[serde(default)]
    pub create_organs: bool,
    /// none, digest or all; empty: none for what is older than 30 days, all for the rest.
    #[serde(default)]
    pub announcement: String,
}

impl TryFrom<Import> for wire::ImportPoliciesRequest {
    type Error = Error;

    fn try_from(import: Import) -> Result<Self, Error> {
        let Import { records, publish, reason, organ, create_organs, announcement } = import;
        let records = records.into_iter().enumerate().map(|(place, record)| record.wire(place));
        Ok(Self {
            records: records.collect::<Result<_, _>>()?,
            publish,
            reason,
            organ_code: organ,
            create_organs,
            announcement: number(
                "announcement",
                &announcement,
                "ANNOUNCEMENT_",
                wire::Announcement::from_str_name,
            )?,
        })
    }
}

/// A document as its source has it; null is unknown.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImportRecord {
    /// The source's own id: importing it twice changes nothing.
    pub source_id: String,
    /// 标题.
    pub title: String,
    /// The body; a title without one is allowed.
    pub text: Option<String>,
    /// plain or html; empty: plain.
    pub text_format: Option<String>,
    /// 发文字号.
    pub document_number: Option<String>,
    /// Name of the issuing body.
    pub issuing_body: Option<String>,
    /// 文件类别.
    pub category: Option<String>,
    /// Day of issue, YYYY-MM-DD.
    pub issued_on: Option<String>,
    /// Day from which it holds.
    pub effective_on: Option<String>,
    /// Last day on which it holds.
    pub expires_on: Option<String>,
    /// What the source says of its effect.
    pub status: Option<String>,
    /// Where it stands at its source.
    pub source_url: Option<String>,
    /// What it does to others of the source.
    pub relations: Vec<ImportRelation>,
}

impl ImportRecord {
    fn wire(self, place: usize) -> Result<wire::ImportRecord, Error> {
        let Self {
            source_id,
            title,
            text,
            text_format: format,
            document_number,
            issuing_body,
            category,
            issued_on,
            effective_on,
            expires_on,
            status,
            source_url,
            relations,
        } = self;
        let field = format!("records[{place}].text_format");
        Ok(wire::ImportRecord {
            source_id,
            title,
            text: text.unwrap_or_default(),
            document_number: document_number.unwrap_or_default(),
            issuing_body: issuing_body.unwrap_or_default(),
            category: category.unwrap_or_default(),
            issued_on: issued_on.unwrap_or_default(),
            effective_on: effective_on.unwrap_or_default(),
            expires_on: expires_on.unwrap_or_default(),
            status: status.unwrap_or_default(),
            source_url: source_url.unwrap_or_default(),
            text_format: text_format(&field, &format.unwrap_or_default())?,
            relations: relations.into_iter().map(Into::into).collect(),
        })
    }
}

impl From<wire::ImportRecord> for ImportRecord {
    fn from(record: wire::ImportRecord) -> Self {
        let format = word(record.text_format().as_str_name(), "TEXT_FORMAT_");
        let known = |text: String| (!text.is_empty()).then_some(text);
        Self {
            source_id: record.source_id,
            title: record.title,
            text: known(record.text),
            text_format: Some(format),
            document_number: known(record.document_number),
            issuing_body: known(record.issuing_body),
            category: known(record.category),
            issued_on: known(record.issued_on),
            effective_on: known(record.effective_on),
            expires_on: known(record.expires_on),
            status: known(record.status),
            source_url: known(record.source_url),
            relations: record.relations.into_iter().map(Into::into).collect(),
        }
    }
}

/// What a document does to another of the same source.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportRelation {
    /// repeals, amends …
    #[serde(rename = "type")]
    pub kind: String,
    /// The other document's id at its source.
    pub target_source_id: String,
}

impl From<wire::ImportRelation> for ImportRelation {
    fn from(relation: wire::ImportRelation) -> Self {
        let wire::ImportRelation { r#type, target_source_id } = relation;
        Self { kind: r#type, target_source_id }
    }
}

impl From<ImportRelation> for wire::ImportRelation {
    fn from(relation: ImportRelation) -> Self {
        let ImportRelation { kind, target_source_id } = relation;
        Self { r#type: kind, target_source_id }
    }
}

/// What became of one document.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportResult {
    /// The source's own id.
    pub source_id: String,
    /// created, unchanged or refused.
    pub outcome: String,
    /// The policy that it became, or was before.
    pub policy_id: String,
    /// Why it was refused: the field that is wrong …
    pub field: String,
    /// … and what is wrong with it.
    pub reason: String,
}

impl From<wire::ImportResult> for ImportResult {
    fn from(result: wire::ImportResult) -> Self {
        let outcome = word(result.outcome().as_str_name(), "IMPORT_OUTCOME_");
        let wire::ImportResult { source_id, outcome: _, policy_id, field, reason } = result;
        Self { source_id, outcome, policy_id, field, reason }
    }
}

/// What became of the documents, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Imported {
    /// One a record.
    pub results: Vec<ImportResult>,
}

impl From<wire::ImportPoliciesResponse> for Imported {
    fn from(answer: wire::ImportPoliciesResponse) -> Self {
        Self { results: answer.results.into_iter().map(Into::into).collect() }
    }
}

/// Something that a person must look at, although the import went through.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorklistEntry {
    /// Its id.
    pub id: String,
    /// The policy.
    pub policy_id: String,
    /// The policy's title.
    pub title: String,
    /// organ_unassigned, category_unknown, number_unread, text_missing, status_conflict …
    pub gate: String,
    /// What is to be looked at, in Chinese.
    pub detail: String,
    /// When it was found.
    pub created_at: Option<DateTime<Utc>>,
}

impl From<wire::WorklistEntry> for WorklistEntry {
    fn from(entry: wire::WorklistEntry) -> Self {
        let wire::WorklistEntry { id, policy_id, title, gate, detail, created_at } = entry;
        Self { id, policy_id, title, gate, detail, created_at: instant(created_at) }
    }
}
