//! Carrying batches to the platform: what is sent, and what it answers of each record.

use std::path::Path;

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

use super::{
    batch::{Batch, NoRecord, TakenApart},
    record::Record,
    report::Origin,
};
use crate::cli::{Client, client::Failure};

/// Whom imported documents are announced to.
#[derive(Debug, Clone, Copy, clap::ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Notify {
    /// Nobody
    None,
    /// Everyone who asked, in one message a day
    Digest,
    /// Everyone who asked, at once
    All,
}

/// What holds for every record of an import.
#[derive(Debug, Clone, Serialize)]
pub struct Terms {
    /// Make them public at once.
    pub publish: bool,
    /// Why one person may do so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Stands in where a record names no issuing body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organ: Option<String>,
    /// Add issuing bodies that are not known.
    pub create_organs: bool,
    /// Whom they are announced to; by their age where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announcement: Option<Notify>,
}

#[derive(Serialize)]
struct Request<'a> {
    records: Vec<&'a Record>,
    #[serde(flatten)]
    terms: &'a Terms,
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Taken>,
}

/// What became of a record.
#[derive(Debug, Deserialize)]
pub struct Taken {
    /// Whether it was taken in.
    pub outcome: Verdict,
    /// What is wrong, where it was refused.
    #[serde(default)]
    pub field: String,
    /// Why, where it was refused.
    #[serde(default)]
    pub reason: String,
}

/// Whether a record was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is new.
    Created,
    /// It was there already.
    Unchanged,
    /// It was not taken.
    Refused,
}

/// A way to the platform, under the terms of one import.
pub struct Delivery {
    /// Signed in.
    pub client: Client,
    /// What holds for every record.
    pub terms: Terms,
}

impl Delivery {
    /// Sends a batch, in parts where the platform finds it too large; answers with what became of
    /// each record, in order.
    pub async fn deliver(&self, batch: &Batch) -> anyhow::Result<Vec<Taken>> {
        let mut taken = Vec::with_capacity(batch.records.len());
        let mut parts = vec![batch.records.as_slice()];
        while let Some(part) = parts.pop() {
            if part.is_empty() {
                continue;
            }
            match self.send(part).await {
                Ok(answer) => {
                    let (sent, answered) = (part.len(), answer.results.len());
                    anyhow::ensure!(
                        sent == answered,
                        "{sent} records were sent, {answered} were answered"
                    );
                    taken.extend(answer.results);
                }
                Err(failure) if failure.status() != Some(StatusCode::PAYLOAD_TOO_LARGE) => {
                    return Err(failure.into());
                }
                Err(failure) if part.len() == 1 => taken.push(Taken {
                    outcome: Verdict::Refused,
                    field: "text".to_owned(),
                    reason: failure.to_string(),
                }),
                Err(_) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                }
            }
        }
        Ok(taken)
    }

    /// Has the platform read a document or a table; a file that cannot be read is one refusal.
    pub async fn take_apart(&self, file: &Path) -> anyhow::Result<TakenApart> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let content = tokio::fs::read(file).await?;
        match self.client.post_file("/api/v1/intake/records", &name, &content).await {
            Ok(read) => Ok(read),
            Err(failure) if failure.status().is_some_and(|status| status.is_client_error()) => {
                let reason = failure.to_string();
                let (place, field) = (name.into_owned(), "file".to_owned());
                let refusal = NoRecord { place, field, reason };
                Ok(TakenApart { records: Vec::new(), refusals: vec![refusal] })
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn send(&self, part: &[(Origin, Record)]) -> Result<Answer, Failure> {
        let records = part.iter().map(|(_, record)| record).collect();
        let request = Request { records, terms: &self.terms };
        self.client.post("/api/v1/policies/import", &request).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn terms_and_records_lie_side_by_side() {
        let terms = Terms {
            publish: true,
            reason: Some("迁移".to_owned()),
            organ: None,
            create_organs: false,
            announcement: Some(Notify::Digest),
        };
        let request = serde_json::to_value(Request { records: Vec::new(), terms: &terms });
        let expected = json!({
            "records": [], "publish": true, "reason": "迁移", "create_organs": false,
            "announcement": "digest",
        });
        assert_eq!(request.unwrap(), expected);
    }
}
