//! What the index keeps of a policy to show it in a list: everything but the text.

use super::effect::{Day, Effect, effect_on};

/// A policy as it is handed to the index.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// What is kept.
    pub record: Record,
    /// Words that its publisher gave it.
    pub keywords: Vec<String>,
    /// Its summary.
    pub summary: String,
    /// Its whole text, without markup.
    pub text: String,
    /// Orders by novelty: seconds since 1970.
    pub newest: u64,
    /// Year of issue; 0: unknown.
    pub year: u64,
}

/// A policy in the index's own store. The format is the index's alone: it may change with
/// [`super::SCHEMA`], which makes every index be built anew.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Record {
    /// The policy's id.
    #[prost(string, tag = "1")]
    pub id: String,
    /// The public revision that is held, or the last one that was.
    #[prost(int64, tag = "2")]
    pub revision: i64,
    /// True for the memory of a policy that is no longer public.
    #[prost(bool, tag = "3")]
    pub gone: bool,
    /// Its title.
    #[prost(string, tag = "4")]
    pub title: String,
    /// Its document number, as published.
    #[prost(string, tag = "5")]
    pub number: String,
    /// Code of the organ that issued it.
    #[prost(string, tag = "6")]
    pub organ_code: String,
    /// Name of that organ.
    #[prost(string, tag = "7")]
    pub organ_name: String,
    /// Its class in the library.
    #[prost(string, tag = "8")]
    pub category: String,
    /// YYYY-MM-DD; empty: unknown.
    #[prost(string, tag = "9")]
    pub issued_on: String,
    /// YYYY-MM-DD.
    #[prost(string, tag = "10")]
    pub published_on: String,
    /// Under which it was imported.
    #[prost(string, tag = "11")]
    pub source_id: String,
    /// The beginning of its summary or text.
    #[prost(string, tag = "12")]
    pub excerpt: String,
    /// First day on which it holds.
    #[prost(uint64, tag = "13")]
    pub effective: u64,
    /// Its effect on every day, see [`super::effect::span`].
    #[prost(uint64, repeated, tag = "14")]
    pub spans: Vec<u64>,
    /// Where its text begins in the file of texts.
    #[prost(uint64, tag = "16")]
    pub text_at: u64,
    /// Length of its text in bytes.
    #[prost(uint64, tag = "17")]
    pub text_length: u64,
    /// Policies whose effect it changes.
    #[prost(string, repeated, tag = "18")]
    pub affects: Vec<String>,
}

impl Record {
    /// The memory of a policy that is no longer public, so that nothing late brings it back.
    pub fn tombstone(id: &str, revision: i64) -> Self {
        Self { id: id.to_owned(), revision, gone: true, ..Self::default() }
    }

    /// Its effect on a day.
    pub fn effect_on(&self, day: Day) -> Effect {
        effect_on(self.spans.iter().copied(), day)
    }
}
