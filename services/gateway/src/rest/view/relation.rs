//! What policies do to each other, and from when, in JSON.

use contracts::documents as wire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What one policy does to another.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Relation {
    /// repeals, amends, based_on, forwards, issues, interprets or implements.
    #[serde(rename = "type")]
    pub kind: String,
    /// The other policy, where the library holds it.
    pub target_policy_id: String,
    /// Its title as the text has it.
    pub target_title: String,
    /// Its number as the text has it.
    pub target_document_number: String,
    /// The articles concerned, as in 第三条; empty: the whole document.
    pub articles: Vec<String>,
    /// From when, as YYYY-MM-DD; empty: from when the policy itself takes effect.
    pub effective_on: String,
}

impl From<wire::Relation> for Relation {
    fn from(relation: wire::Relation) -> Self {
        let wire::Relation {
            r#type,
            target_policy_id,
            target_title,
            target_document_number,
            articles,
            effective_on,
        } = relation;
        Self {
            kind: r#type,
            target_policy_id,
            target_title,
            target_document_number,
            articles,
            effective_on,
        }
    }
}

impl From<Relation> for wire::Relation {
    fn from(relation: Relation) -> Self {
        let Relation {
            kind,
            target_policy_id,
            target_title,
            target_document_number,
            articles,
            effective_on,
        } = relation;
        Self {
            r#type: kind,
            target_policy_id,
            target_title,
            target_document_number,
            articles,
            effective_on,
        }
    }
}

/// What another policy does to this one.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboundRelation {
    /// repeals, amends …
    #[serde(rename = "type")]
    pub kind: String,
    /// The other policy.
    pub policy_id: String,
    /// Its title.
    pub title: String,
    /// Its number.
    pub document_number: String,
    /// The articles concerned; empty: the whole document.
    pub articles: Vec<String>,
    /// First day on which it counts, as YYYY-MM-DD; empty: unknown.
    pub effective_on: String,
}

impl From<wire::InboundRelation> for InboundRelation {
    fn from(relation: wire::InboundRelation) -> Self {
        let wire::InboundRelation {
            r#type,
            policy_id,
            title,
            document_number,
            articles,
            effective_on,
        } = relation;
        Self { kind: r#type, policy_id, title, document_number, articles, effective_on }
    }
}
