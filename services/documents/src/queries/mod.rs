//! What can be asked: rows become messages, scoped to who asks.

mod attachments;
mod changes;
mod concerns;
mod counts;
pub(crate) mod effect;
mod expiring;
mod expunges;
mod filter;
mod lifecycle;
mod policies;
mod quality;
mod receipts;
mod renditions;
mod revisions;
mod worklist;

use contracts::documents as wire;
use kit::auth::Caller;

use crate::{
    domain::{
        Person,
        content::{Content, Disclosure, Format, Relation},
        day,
    },
    store::{attachments::PlacedRow, policies::PolicyRow},
};

/// Whether the caller may see what is not public of a policy.
fn is_insider(caller: &Caller, row: &PolicyRow) -> bool {
    caller.is_staff() && caller.may_act_for(&row.organ_code)
}

pub(crate) fn content(content: Content) -> wire::PolicyContent {
    let Content {
        title,
        document_number,
        organ_code,
        category,
        summary,
        text,
        format,
        issued_on,
        effective_on,
        expires_on,
        keywords,
        relations,
        source,
        source_url,
        source_status: _,
        disclosure,
        disclosure_ground,
    } = content;
    let text_format = match format {
        Format::Plain => wire::TextFormat::Plain,
        Format::Html => wire::TextFormat::Html,
    };
    wire::PolicyContent {
        title,
        document_number,
        organ_code,
        category,
        summary,
        text,
        text_format: text_format.into(),
        issued_on: day::write(issued_on),
        effective_on: day::write(effective_on),
        expires_on: day::write(expires_on),
        keywords,
        relations: relations.into_iter().map(relation).collect(),
        source,
        source_url,
        disclosure: disclosed(disclosure).into(),
        disclosure_ground,
    }
}

const fn disclosed(disclosure: Disclosure) -> wire::Disclosure {
    match disclosure {
        Disclosure::Public => wire::Disclosure::Public,
        Disclosure::OnRequest => wire::Disclosure::OnRequest,
        Disclosure::Withheld => wire::Disclosure::Withheld,
    }
}

fn relation(relation: Relation) -> wire::Relation {
    let Relation {
        kind,
        target_policy_id,
        target_title,
        target_number,
        target_source_id: _,
        articles,
        effective_on,
    } = relation;
    wire::Relation {
        r#type: kind,
        target_policy_id,
        target_title,
        target_document_number: target_number,
        articles,
        effective_on: day::write(effective_on),
    }
}

fn attachment(row: &PlacedRow) -> wire::Attachment {
    wire::Attachment {
        id: row.id.to_string(),
        file_name: row.file_name.clone(),
        media_type: row.media_type.clone(),
        size: u64::try_from(row.size).unwrap_or_default(),
        sha256: row.sha256.clone(),
    }
}

fn person(account_id: &str, name: &str) -> Option<wire::Person> {
    let person = Person { account_id: account_id.to_owned(), name: name.to_owned() };
    person.is_someone().then_some(wire::Person { account_id: person.account_id, name: person.name })
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

fn unsigned_revision(revision: i64) -> crate::error::Result<i64> {
    if revision > 0 {
        return Ok(revision);
    }
    Err(crate::error::Error::invalid("revision", "版本号应为 1 或更大的整数"))
}
