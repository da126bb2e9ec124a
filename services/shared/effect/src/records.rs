//! Records as files hold them, and what is told of each: `yangguang analyze effect`.
//!
//! A record is a JSON object with an `id` and whatever else is known: what `analyze document`
//! takes (`id`, `title`, `text`), what it prints, or what a city exports. What the record states
//! wins; what it lacks is read from its text with `gongwen`. Of what was read, days count from a
//! confidence of [`FAIR_DAY`] and relations from [`FAIR_RELATION`].
//!
//! ```
//! use effect::library::Rules;
//! use effect::records::Records;
//!
//! let mut records = Records::default();
//! for line in [
//!     r#"{"id": 1, "title": "某市湖泊办法", "signed_on": "2003-05-01", "text": "第一条 本办法自2003年6月1日起施行。"}"#,
//!     r#"{"id": 2, "title": "某市河湖办法", "signed_on": "2024-05-01", "text": "第九条 本办法自2024年7月1日起施行。《某市湖泊办法》同时废止。"}"#,
//! ] {
//!     records.add(serde_json::from_str(line)?);
//! }
//! let judged = records.judge("2024-12-01".parse()?, &Rules::default());
//! assert_eq!(judged[0].reason, "自2024年7月1日起被《某市河湖办法》第九条废止");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod input;
mod read;

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use crate::act::ActKind;
use crate::library::{Document, Library, Rules};
use crate::verdict::Effect;
pub use input::{Confidence, Confidences, Node, Place, Record, RelationRecord};
pub use read::{FAIR_DAY, FAIR_RELATION};

/// Records that were read; their texts are not kept.
#[derive(Debug, Clone, Default)]
pub struct Records {
    read: Vec<(Value, Document, Vec<String>)>,
}

/// What is told of one record. Fields may be added; those that are here stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// As the record has it.
    pub id: Value,
    /// The title; null where neither record nor text has one.
    pub title: Option<String>,
    /// The day.
    pub as_of: NaiveDate,
    /// The effect on that day.
    pub effect: Effect,
    /// Whether it was amended or partly repealed by then.
    pub amended: bool,
    /// Why, in Chinese.
    pub reason: String,
    /// What ended the document, or what changed it, the earliest first.
    pub by: Vec<By>,
    /// What a person should look at, in Chinese.
    pub warnings: Vec<String>,
}

/// An act that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct By {
    /// The acting record's id.
    pub id: Value,
    /// Its title.
    pub title: String,
    /// Its document number.
    pub number: Option<String>,
    /// What it does.
    #[serde(rename = "type")]
    pub kind: ActKind,
    /// The provision that does it, where known.
    pub article: Option<String>,
    /// The articles concerned; empty: the whole document.
    pub articles: Vec<String>,
    /// The first day on which it counts.
    pub from: Option<NaiveDate>,
}

impl Records {
    /// Reads a record. A record whose `id` is null gets one by its place.
    pub fn add(&mut self, record: Record) {
        let id = match &record.id {
            Value::Null => format!("#{}", self.read.len() + 1),
            Value::String(id) => id.clone(),
            other => other.to_string(),
        };
        let value = record.id.clone();
        let (document, warnings) = read::document(record, id);
        self.read.push((value, document, warnings));
    }

    /// The documents that the records were read as.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.read.iter().map(|(_, document, _)| document)
    }

    /// What is told of each record on a day, in the order in which they were added.
    ///
    /// Of records of one id, one counts and is told of for all.
    pub fn judge(self, as_of: NaiveDate, rules: &Rules) -> Vec<Judged> {
        let documents = self.documents().cloned().collect();
        let library = Library::under(rules, documents);
        let values: HashMap<&str, &Value> =
            self.read.iter().map(|(value, document, _)| (document.id.as_str(), value)).collect();
        let judged = |(value, document, warnings): &(Value, Document, Vec<String>)| {
            judged(&library, &values, as_of, value, document, warnings)
        };
        self.read.iter().filter_map(judged).collect()
    }
}

fn judged(
    library: &Library,
    values: &HashMap<&str, &Value>,
    as_of: NaiveDate,
    value: &Value,
    document: &Document,
    warnings: &[String],
) -> Option<Judged> {
    let (kept, grounds) = library.get(&document.id)?;
    let verdict = crate::on(as_of, grounds);
    let by = verdict.acts().iter().map(|act| By {
        id: values
            .get(act.by.id.as_str())
            .filter(|value| !value.is_null())
            .map_or_else(|| act.by.id.clone().into(), |value| (*value).clone()),
        title: act.by.title.clone(),
        number: act.by.number.clone(),
        kind: act.kind,
        article: act.article.clone(),
        articles: act.articles.clone(),
        from: act.from,
    });
    let flaws = library.flaws_of(&document.id).map(ToString::to_string);
    Some(Judged {
        id: value.clone(),
        title: Some(kept.title.clone()).filter(|title| !title.is_empty()),
        as_of,
        effect: verdict.effect,
        amended: verdict.amended,
        reason: verdict.reason.to_string(),
        by: by.collect(),
        warnings: warnings.iter().cloned().chain(flaws).collect(),
    })
}

#[cfg(test)]
mod tests;
