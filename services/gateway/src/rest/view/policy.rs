//! Policies, their drafts and revisions.

use chrono::{DateTime, Utc};
use contracts::documents as wire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EffectSpan, InboundRelation, Overrule, Relation, instant, number, word};
use crate::error::Error;

/// A policy as the library holds it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Policy {
    /// Its id.
    pub id: String,
    /// unpublished, published or withdrawn.
    pub state: String,
    /// Number of the public revision; 0 before the first.
    pub revision: i64,
    /// The public content; of a withdrawn policy only title, number, organ and category.
    pub content: Content,
    /// Full name of its organ.
    pub organ_name: String,
    /// True where the document names no organ and the importing one stands in.
    pub organ_unassigned: bool,
    /// 索引号.
    pub index_number: String,
    /// When it first became public.
    pub published_at: Option<DateTime<Utc>>,
    /// When the newest revision became public.
    pub revised_at: Option<DateTime<Utc>>,
    /// When it was taken from the public.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Why.
    pub withdrawal_reason: String,
    /// not_yet_in_force, in_force, lapsed or repealed.
    pub effect: String,
    /// Whether another policy amended it.
    pub amended: bool,
    /// Why the effect is what it is, in Chinese.
    pub effect_reason: String,
    /// Public files.
    pub attachments: Vec<Attachment>,
    /// The source's own id of an imported document.
    pub source_id: String,
    /// Whether it is from before this platform.
    pub backfill: bool,
    /// To be sent back with a change.
    pub etag: String,
    /// Relations that other policies have to it.
    pub inbound_relations: Vec<InboundRelation>,
    /// Published interpretations.
    pub interpretations: Vec<InterpretationLink>,
    /// The working copy; only for staff of its organ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
    /// Whether the public revision was blanked.
    pub expunged: bool,
    /// When work on it began.
    pub created_at: Option<DateTime<Utc>>,
    /// The day for which effect and amended are told, as YYYY-MM-DD.
    pub as_of: String,
    /// The effect on every day, oldest first.
    pub effect_spans: Vec<EffectSpan>,
    /// A clerk's word on the effect, which counts before what is computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overrule: Option<Overrule>,
}

impl From<wire::Policy> for Policy {
    fn from(policy: wire::Policy) -> Self {
        let (state, effect) = (policy.state(), policy.effect());
        let each = |files: Vec<wire::Attachment>| files.into_iter().map(Into::into).collect();
        Self {
            id: policy.id,
            state: word(state.as_str_name(), "POLICY_STATE_"),
            revision: policy.revision,
            content: policy.content.unwrap_or_default().into(),
            organ_name: policy.organ_name,
            organ_unassigned: policy.organ_unassigned,
            index_number: policy.index_number,
            published_at: instant(policy.published_at),
            revised_at: instant(policy.revised_at),
            withdrawn_at: instant(policy.withdrawn_at),
            withdrawal_reason: policy.withdrawal_reason,
            effect: word(effect.as_str_name(), "EFFECT_"),
            amended: policy.amended,
            effect_reason: policy.effect_reason,
            attachments: each(policy.attachments),
            source_id: policy.source_id,
            backfill: policy.backfill,
            etag: policy.etag,
            inbound_relations: policy.inbound_relations.into_iter().map(Into::into).collect(),
            interpretations: policy.interpretations.into_iter().map(Into::into).collect(),
            draft: policy.draft.map(Into::into),
            expunged: policy.expunged,
            created_at: instant(policy.created_at),
            as_of: policy.as_of,
            effect_spans: policy.effect_spans.into_iter().map(Into::into).collect(),
            overrule: policy.overrule.map(Into::into),
        }
    }
}

/// What a clerk writes.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Content {
    /// 标题.
    pub title: String,
    /// 发文字号.
    pub document_number: String,
    /// Code of its organ.
    pub organ_code: String,
    /// 文件类别.
    pub category: String,
    /// A few sentences.
    pub summary: String,
    /// The body; lists leave it out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// plain or html.
    pub text_format: String,
    /// Day of issue, YYYY-MM-DD; empty: unknown.
    pub issued_on: String,
    /// Day from which it holds.
    pub effective_on: String,
    /// Last day on which it holds.
    pub expires_on: String,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// What it does to other policies, 立改废释.
    pub relations: Vec<Relation>,
    /// 信息来源.
    pub source: String,
    /// Where it stands at its source.
    pub source_url: String,
    /// public, on_request or withheld; only what is public can be published.
    pub disclosure: String,
    /// Why it is not public; empty where it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub disclosure_ground: String,
}

impl From<wire::PolicyContent> for Content {
    fn from(content: wire::PolicyContent) -> Self {
        let (format, disclosure) = (content.text_format(), content.disclosure());
        Self {
            title: content.title,
            document_number: content.document_number,
            organ_code: content.organ_code,
            category: content.category,
            summary: content.summary,
            text: content.text,
            text_format: word(format.as_str_name(), "TEXT_FORMAT_"),
            issued_on: content.issued_on,
            effective_on: content.effective_on,
            expires_on: content.expires_on,
            keywords: content.keywords,
            relations: content.relations.into_iter().map(Into::into).collect(),
            source: content.source,
            source_url: content.source_url,
            disclosure: word(disclosure.as_str_name(), "DISCLOSURE_"),
            disclosure_ground: content.disclosure_ground,
        }
    }
}

/// `plain` or `html` as the contract's number.
pub(super) fn text_format(field: &str, format: &str) -> Result<i32, Error> {
    number(field, format, "TEXT_FORMAT_", wire::TextFormat::from_str_name)
}

impl TryFrom<Content> for wire::PolicyContent {
    type Error = Error;

    fn try_from(content: Content) -> Result<Self, Error> {
        let Content {
            title,
            document_number,
            organ_code,
            category,
            summary,
            text,
            text_format: format,
            issued_on,
            effective_on,
            expires_on,
            keywords,
            relations,
            source,
            source_url,
            disclosure,
            disclosure_ground,
        } = content;
        Ok(Self {
            title,
            document_number,
            organ_code,
            category,
            summary,
            text,
            text_format: text_format("content.text_format", &format)?,
            issued_on,
            effective_on,
            expires_on,
            keywords,
            relations: relations.into_iter().map(Into::into).collect(),
            source,
            source_url,
            disclosure: number(
                "content.disclosure",
                &disclosure,
                "DISCLOSURE_",
                wire::Disclosure::from_str_name,
            )?,
            disclosure_ground,
        })
    }
}

/// A published interpretation of a policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct InterpretationLink {
    /// Its id.
    pub interpretation_id: String,
    /// Its title.
    pub title: String,
    /// text, picture, expert or media.
    pub kind: String,
}

impl From<wire::InterpretationLink> for InterpretationLink {
    fn from(link: wire::InterpretationLink) -> Self {
        let wire::InterpretationLink { interpretation_id, title, kind } = link;
        Self { interpretation_id, title, kind }
    }
}

/// Somebody of the staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct Person {
    /// Id of the account.
    pub account_id: String,
    /// The person's name.
    pub name: String,
}

impl From<wire::Person> for Person {
    fn from(person: wire::Person) -> Self {
        let wire::Person { account_id, name } = person;
        Self { account_id, name }
    }
}

/// The working copy of a policy's next revision.
#[derive(Debug, Serialize, ToSchema)]
pub struct Draft {
    /// editing, in_review, returned, approved or scheduled.
    pub state: String,
    /// What it says so far.
    pub content: Content,
    /// Who writes it.
    pub author: Option<Person>,
    /// Who has reviewed it.
    pub reviewer: Option<Person>,
    /// Why a published policy is revised.
    pub revision_reason: String,
    /// Why it was sent back.
    pub return_reason: String,
    /// When it becomes public, if it is scheduled.
    pub publish_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// Its files.
    pub attachments: Vec<Attachment>,
}

impl From<wire::Draft> for Draft {
    fn from(draft: wire::Draft) -> Self {
        let state = draft.state();
        Self {
            state: word(state.as_str_name(), "DRAFT_STATE_"),
            content: draft.content.unwrap_or_default().into(),
            author: draft.author.map(Into::into),
            reviewer: draft.reviewer.map(Into::into),
            revision_reason: draft.revision_reason,
            return_reason: draft.return_reason,
            publish_at: instant(draft.publish_at),
            updated_at: instant(draft.updated_at),
            attachments: draft.attachments.into_iter().map(Into::into).collect(),
        }
    }
}

/// One public state of a policy, for ever.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revision {
    /// The policy.
    pub policy_id: String,
    /// Its number, from 1.
    pub revision: i64,
    /// What it said.
    pub content: Content,
    /// Full name of its organ.
    pub organ_name: String,
    /// When it became public.
    pub published_at: Option<DateTime<Utc>>,
    /// Who wrote it.
    pub author: Option<Person>,
    /// Who approved it.
    pub reviewer: Option<Person>,
    /// Why it was made.
    pub reason: String,
    /// Hash of the content.
    pub sha256: String,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// Why its content is gone, if it is.
    pub expunged_ground: String,
    /// Since when.
    pub expunged_at: Option<DateTime<Utc>>,
}

impl From<wire::Revision> for Revision {
    fn from(revision: wire::Revision) -> Self {
        Self {
            policy_id: revision.policy_id,
            revision: revision.revision,
            content: revision.content.unwrap_or_default().into(),
            organ_name: revision.organ_name,
            published_at: instant(revision.published_at),
            author: revision.author.map(Into::into),
            reviewer: revision.reviewer.map(Into::into),
            reason: revision.reason,
            sha256: revision.sha256,
            attachments: revision.attachments.into_iter().map(Into::into).collect(),
            expunged_ground: revision.expunged_ground,
            expunged_at: instant(revision.expunged_at),
        }
    }
}

/// A file that belongs to a policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attachment {
    /// Its id.
    pub id: String,
    /// Its name.
    pub file_name: String,
    /// What it is, found out by its content.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// Hash of its content.
    pub sha256: String,
    /// Where it can be read.
    pub url: String,
}

impl From<wire::Attachment> for Attachment {
    fn from(attachment: wire::Attachment) -> Self {
        let wire::Attachment { id, file_name, media_type, size, sha256 } = attachment;
        let url = format!("/api/v1/attachments/{id}");
        Self { id, file_name, media_type, size, sha256, url }
    }
}

/// How many policies have one value of one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct Count {
    /// The value, to filter by.
    pub key: String,
    /// The value, to read.
    pub label: String,
    /// How many.
    pub count: u64,
}

impl From<wire::Count> for Count {
    fn from(count: wire::Count) -> Self {
        let wire::Count { key, label, count } = count;
        Self { key, label, count }
    }
}

/// How many published policies there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// All that the filters leave.
    pub total: u64,
    /// By organ.
    pub organs: Vec<Count>,
    /// By category.
    pub categories: Vec<Count>,
    /// By year of issue.
    pub years: Vec<Count>,
    /// By effect.
    pub effects: Vec<Count>,
}

impl From<wire::CountPoliciesResponse> for Counts {
    fn from(counts: wire::CountPoliciesResponse) -> Self {
        let wire::CountPoliciesResponse { total, organs, categories, years, effects } = counts;
        let each = |counts: Vec<wire::Count>| counts.into_iter().map(Into::into).collect();
        Self {
            total,
            organs: each(organs),
            categories: each(categories),
            years: each(years),
            effects: each(effects),
        }
    }
}
