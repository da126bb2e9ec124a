//! What a record may hold.

use serde::Deserialize;
use serde_json::Value;

/// One document as a file holds it; only `id` is needed. Fields it does not know are passed over,
/// so that what `analyze document` prints is a record too. Days are text, `2024-05-01`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Record {
    /// Any JSON value; unique among the records.
    pub id: Value,
    /// The title.
    pub title: Option<String>,
    /// The plain text.
    pub text: Option<String>,
    /// The document number (发文字号).
    #[serde(alias = "doc_number")]
    pub document_number: Option<String>,
    /// All its numbers.
    pub document_numbers: Vec<String>,
    /// The organs that issued it, as one text.
    pub issuing_body: Option<String>,
    /// The organs that issued it, the lead organ first.
    pub issuing_organs: Vec<String>,
    /// The category, as the city's rules name it.
    pub category: Option<String>,
    /// The day of signing (成文日期).
    pub signed_on: Option<String>,
    /// The day of issue, where no day of signing is known.
    pub issued_on: Option<String>,
    /// The first day in force.
    pub effective_on: Option<String>,
    /// The last day in force.
    pub expires_on: Option<String>,
    /// The period of validity that it states, in years.
    pub validity_years: Option<u32>,
    /// The source's word: 有效, 失效, 废止.
    pub status: Option<String>,
    /// The day on which the source said so.
    pub status_on: Option<String>,
    /// False for what was withdrawn or never was public.
    pub published: Option<bool>,
    /// What it does to others; null or absent: to be read from the text.
    pub relations: Option<Vec<RelationRecord>>,
    /// How sure `analyze document` is of the values above.
    pub fields: Option<Confidences>,
    /// The divisions that `analyze document` found.
    pub outline: Vec<Node>,
}

/// A relation, as `analyze document` prints it, or with the target's `id`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct RelationRecord {
    /// `repeals`, `amends`, `declares_lapsed`, `replaces`, `partly_repeals`; others do nothing.
    #[serde(rename = "type")]
    pub kind: String,
    /// The target's id in these records.
    #[serde(alias = "target_id")]
    pub id: Option<Value>,
    /// The target's title.
    pub title: Option<String>,
    /// The target's document number.
    pub number: Option<String>,
    /// The articles concerned; empty: the whole document.
    pub articles: Vec<String>,
    /// The provision that does it.
    pub article: Option<String>,
    /// From when.
    pub effective_on: Option<String>,
    /// The sentence that says it.
    pub evidence: Option<String>,
    /// Where that stands.
    pub span: Option<Place>,
    /// How sure the reading is, 0 to 100; null: stated, not read.
    pub confidence: Option<u8>,
}

/// Characters of a text, from 0, the end exclusive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The first.
    pub start: usize,
    /// Behind the last.
    pub end: usize,
}

/// A division of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Node {
    /// Its rank: `article`, …
    pub level: String,
    /// Its number: `第三条`.
    pub label: String,
    /// Where it stands.
    pub span: Place,
}

/// How sure the values of a record are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Confidences {
    /// Of [`Record::signed_on`].
    pub signed_on: Option<Confidence>,
    /// Of [`Record::effective_on`].
    pub effective_on: Option<Confidence>,
    /// Of [`Record::expires_on`].
    pub expires_on: Option<Confidence>,
    /// Of [`Record::validity_years`].
    pub validity_years: Option<Confidence>,
}

/// How sure a value is, and where it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Confidence {
    /// 0 to 100.
    pub confidence: u8,
    /// Where it stands in the text.
    pub span: Option<Place>,
}
