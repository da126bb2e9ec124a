//! What requests say, read into the words of the domain.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use contracts::documents as wire;
use prost_types::Timestamp;
use wire::{ImportOutcome, ImportPoliciesRequest, ImportRecord, ImportResult};

use crate::{
    commands::{Announced, Batch, Outcome},
    domain::{
        Violation,
        content::{Content, Disclosure, Format, Relation},
        day,
        exposure::Exposure,
        intake::Record,
        policy::Refusal,
    },
    error::{Error, Result},
};

/// An id of any sort; a wrong one names its field.
pub fn id<Id: FromStr<Err = kit::Error>>(text: &str) -> Result<Id> {
    Ok(text.parse()?)
}

/// Several ids.
pub fn ids<Id: FromStr<Err = kit::Error>>(texts: &[String]) -> Result<Vec<Id>> {
    texts.iter().map(|text| id(text)).collect()
}

/// The minute at which something becomes public; unset is now.
pub fn minute(at: Option<Timestamp>) -> Result<Option<DateTime<Utc>>> {
    at.map(|at| kit::clock::from_wire(at).ok_or(Error::Refused(Refusal::BadMinute))).transpose()
}

/// A day, unset where it is empty.
pub fn day(field: &'static str, text: &str) -> Result<Option<NaiveDate>> {
    day::read(text).map_err(|wrong| Error::invalid(field, wrong))
}

/// What a clerk wrote; days that cannot be are named all at once.
pub fn content(content: Option<wire::PolicyContent>) -> Result<Content> {
    let content = content.ok_or_else(|| Error::invalid("content", "缺少文件内容"))?;
    let format = format(content.text_format());
    let disclosure = match content.disclosure() {
        wire::Disclosure::Unspecified | wire::Disclosure::Public => Disclosure::Public,
        wire::Disclosure::OnRequest => Disclosure::OnRequest,
        wire::Disclosure::Withheld => Disclosure::Withheld,
    };
    let wire::PolicyContent {
        title,
        document_number,
        organ_code,
        category,
        summary,
        text,
        text_format: _,
        issued_on,
        effective_on,
        expires_on,
        keywords,
        relations,
        source,
        source_url,
        disclosure: _,
        disclosure_ground,
    } = content;
    let mut violations = Vec::new();
    let mut day = |field, text: &str| match day::read(text) {
        Ok(day) => day,
        Err(wrong) => {
            violations.push(Violation::new(field, wrong));
            None
        }
    };
    let relations = relations.into_iter().map(|r| relation(r, &mut day)).collect();
    let content = Content {
        title,
        document_number,
        organ_code,
        category,
        summary,
        text,
        format,
        issued_on: day("issued_on", &issued_on),
        effective_on: day("effective_on", &effective_on),
        expires_on: day("expires_on", &expires_on),
        keywords,
        relations,
        source,
        source_url,
        source_status: String::new(),
        disclosure,
        disclosure_ground,
    };
    if violations.is_empty() { Ok(content) } else { Err(Error::Invalid(violations)) }
}

fn format(format: wire::TextFormat) -> Format {
    match format {
        wire::TextFormat::Html => Format::Html,
        wire::TextFormat::Plain | wire::TextFormat::Unspecified => Format::Plain,
    }
}

fn relation(
    relation: wire::Relation,
    day: &mut impl FnMut(&'static str, &str) -> Option<NaiveDate>,
) -> Relation {
    let wire::Relation {
        r#type,
        target_policy_id,
        target_title,
        target_document_number,
        articles,
        effective_on,
    } = relation;
    Relation {
        kind: r#type,
        target_policy_id,
        target_title,
        target_number: target_document_number,
        target_source_id: String::new(),
        articles,
        effective_on: day("relations.effective_on", &effective_on),
    }
}

/// A batch of an import, and the ids that its results are named by.
pub fn batch(request: ImportPoliciesRequest) -> Result<(Vec<String>, Batch)> {
    let announced = match request.announcement() {
        wire::Announcement::Unspecified => Announced::ByAge,
        whom => Announced::As(whom),
    };
    let ImportPoliciesRequest {
        records,
        publish,
        reason,
        organ_code,
        create_organs,
        announcement: _,
    } = request;
    if records.is_empty() {
        return Err(Error::invalid("records", "没有要导入的文件"));
    }
    let ids = records.iter().map(|record| record.source_id.clone()).collect();
    let records = records.into_iter().map(record).collect();
    Ok((ids, Batch { records, publish, reason, organ_code, create_organs, announced }))
}

/// A record that was read from a file, as an import takes it.
pub fn to_import(record: Record) -> ImportRecord {
    let format = match record.format {
        Format::Plain => wire::TextFormat::Plain,
        Format::Html => wire::TextFormat::Html,
    };
    let relation = |(kind, target): (String, String)| wire::ImportRelation {
        r#type: kind,
        target_source_id: target,
    };
    ImportRecord {
        source_id: record.source_id,
        title: record.title,
        text: record.text,
        document_number: record.document_number,
        issuing_body: record.issuing_body,
        category: record.category,
        issued_on: record.issued_on,
        effective_on: record.effective_on,
        expires_on: record.expires_on,
        status: record.status,
        source_url: record.source_url,
        text_format: format.into(),
        relations: record.relations.into_iter().map(relation).collect(),
    }
}

fn record(record: ImportRecord) -> Record {
    let format = format(record.text_format());
    let ImportRecord {
        source_id,
        title,
        text,
        document_number,
        issuing_body,
        category,
        issued_on,
        effective_on,
        expires_on,
        status,
        source_url,
        text_format: _,
        relations,
    } = record;
    Record {
        source_id,
        title,
        text,
        format,
        document_number,
        issuing_body,
        category,
        issued_on,
        effective_on,
        expires_on,
        status,
        source_url,
        relations: relations.into_iter().map(|r| (r.r#type, r.target_source_id)).collect(),
    }
}

/// An exposure as it is told; it never holds the value.
pub fn exposure(exposure: Exposure) -> wire::Exposure {
    let Exposure { id, place, kind, certain, excerpt, maskable } = exposure;
    wire::Exposure { id, place, kind: kind.to_owned(), certain, excerpt, maskable }
}

/// What became of one record.
pub fn result((source_id, outcome): (String, Outcome)) -> ImportResult {
    let (outcome, policy_id, field, reason) = match outcome {
        Outcome::Created(id) => {
            (ImportOutcome::Created, id.to_string(), String::new(), String::new())
        }
        Outcome::Unchanged(id) => {
            (ImportOutcome::Unchanged, id.to_string(), String::new(), String::new())
        }
        Outcome::Refused(Violation { field, description }) => {
            (ImportOutcome::Refused, String::new(), field.to_owned(), description)
        }
    };
    ImportResult { source_id, outcome: outcome.into(), policy_id, field, reason }
}
