//! `yangguang import documents`: a library of documents, batch by batch.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc;

use super::{
    batch::{self, Batch},
    record::{Record, Refusal},
    report::{Origin, Report},
};
use crate::cli::{Client, Outcome, Output, WrongUsage, client::Failure};

/// Takes in documents, one JSON object a line, plain or gzipped.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DocumentsArgs {
    /// Files, .jsonl or .jsonl.gz
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Make the documents public at once, on the operator's responsibility
    #[arg(long)]
    publish: bool,
    /// Why one person may publish them; it is recorded
    #[arg(long, default_value = "历史文件迁移入库", value_name = "TEXT")]
    reason: String,
    /// Organ that stands in where a document names no issuing body
    #[arg(long, value_name = "CODE")]
    organ: Option<String>,
    /// Add issuing bodies that the organ tree does not have, instead of refusing their documents
    #[arg(long)]
    create_organs: bool,
    /// Who hears of it; default: nobody for what was issued more than 30 days ago
    #[arg(long, value_enum, value_name = "WHOM")]
    notify: Option<Notify>,
    /// Where refused records are written, one JSON object a line
    #[arg(long, default_value = "import-refused.jsonl", value_name = "FILE")]
    report: PathBuf,
    /// How long to go on trying while the platform does not answer
    #[arg(long, default_value_t = 120, value_name = "SECONDS")]
    patience: u64,
}

const EXAMPLES: &str = "\
Examples:
  yangguang import documents laws.jsonl.gz --publish --organ city-gov
  yangguang import documents a.jsonl b.jsonl --publish --create-organs --notify all
  yangguang import documents drafts.jsonl --server https://gov.example --account bianji

A record has `id` and `title`, and may have `text`, `format` (html), `doc_number`, `issuing_body`,
`category`, `issued_on`, `effective_on`, `expires_on`, `status`, `source_url` and `relations`; null
means unknown, other fields are ignored. An import that was cut off is simply begun again: what is
there already is passed over. Exit code 3: some records were refused and lie in the report.";

#[derive(Debug, Clone, Copy, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
enum Notify {
    /// Nobody
    None,
    /// Everyone who asked, in one message a day
    Digest,
    /// Everyone who asked, at once
    All,
}

/// What holds for every record of an import.
#[derive(Debug, Clone, Serialize)]
struct Terms {
    publish: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organ: Option<String>,
    create_organs: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    announcement: Option<Notify>,
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

#[derive(Deserialize)]
struct Taken {
    outcome: Verdict,
    #[serde(default)]
    field: String,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Created,
    Unchanged,
    Refused,
}

/// An import under way.
struct Intake {
    client: Client,
    terms: Terms,
    report: Report,
    bar: ProgressBar,
    created: u64,
    unchanged: u64,
}

/// Runs the command.
pub async fn run(args: DocumentsArgs, client: Client, output: Output) -> anyhow::Result<Outcome> {
    let bytes = check(&args)?;
    let begun = Instant::now();
    let bar = bar(bytes, output)?;
    let mut intake = Intake {
        client: client.patient(Duration::from_secs(args.patience)),
        terms: Terms {
            publish: args.publish,
            reason: args.publish.then_some(args.reason),
            organ: args.organ,
            create_organs: args.create_organs,
            announcement: args.notify,
        },
        report: Report::new(args.report)?,
        bar: bar.clone(),
        created: 0,
        unchanged: 0,
    };
    // The next batches are read while one is under way.
    let (sender, mut batches) = mpsc::channel(2);
    let files = args.files;
    let reading = tokio::task::spawn_blocking({
        let bar = bar.clone();
        move || batch::read(&files, &bar, &sender)
    });
    let mut end = Ok(());
    while let Some(batch) = batches.recv().await
        && end.is_ok()
    {
        end = match batch {
            Ok(batch) => intake.take(batch).await,
            Err(damage) => Err(damage),
        };
    }
    drop(batches);
    reading.await?;
    bar.finish_and_clear();
    intake.summarise(begun.elapsed(), &end, output)?;
    end?;
    Ok(if intake.report.refused() > 0 { Outcome::SomeRefused } else { Outcome::Done })
}

/// Bytes of all files; refuses what cannot be read before anything is sent.
fn check(args: &DocumentsArgs) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for file in &args.files {
        let wrong = |why: String| WrongUsage(format!("{}: {why}", file.display()));
        let found = std::fs::metadata(file).map_err(|e| wrong(e.to_string()))?;
        if !found.is_file() {
            return Err(wrong("is not a file".to_owned()).into());
        }
        if *file == args.report {
            return Err(wrong("the report would overwrite it".to_owned()).into());
        }
        bytes += found.len();
    }
    Ok(bytes)
}

fn bar(bytes: u64, output: Output) -> anyhow::Result<ProgressBar> {
    if output.is_json() {
        return Ok(ProgressBar::hidden());
    }
    // On stderr, and only where that is a terminal.
    let bar = ProgressBar::new(bytes);
    let style = "{wide_bar} {bytes}/{total_bytes} {msg} {eta}";
    bar.set_style(ProgressStyle::with_template(style).context("the bar's template")?);
    Ok(bar)
}

impl Intake {
    async fn take(&mut self, batch: Batch) -> anyhow::Result<()> {
        for (origin, refusal) in &batch.refused {
            self.report.add(origin, refusal)?;
        }
        let mut parts = vec![batch.records.as_slice()];
        while let Some(part) = parts.pop() {
            if part.is_empty() {
                continue;
            }
            let answer = match self.send(part).await {
                Ok(answer) => answer,
                Err(failure) if failure.status() == Some(StatusCode::PAYLOAD_TOO_LARGE) => {
                    if let [(origin, record)] = part {
                        self.refuse_large(origin, record, &failure)?;
                    } else {
                        let (first, second) = part.split_at(part.len() / 2);
                        parts.extend([second, first]);
                    }
                    continue;
                }
                Err(failure) => return Err(failure.into()),
            };
            self.note(part, answer)?;
        }
        let message = format!(
            "{} created, {} unchanged, {} refused",
            self.created,
            self.unchanged,
            self.report.refused()
        );
        self.bar.set_message(message);
        Ok(())
    }

    async fn send(&self, part: &[(Origin, Record)]) -> Result<Answer, Failure> {
        let records = part.iter().map(|(_, record)| record).collect();
        let request = Request { records, terms: &self.terms };
        self.client.post("/api/v1/policies/import", &request).await
    }

    fn refuse_large(
        &mut self,
        origin: &Origin,
        record: &Record,
        failure: &Failure,
    ) -> anyhow::Result<()> {
        let refusal = Refusal {
            id: record.source_id.clone(),
            field: "text".to_owned(),
            reason: failure.to_string(),
        };
        self.report.add(origin, &refusal)
    }

    fn note(&mut self, part: &[(Origin, Record)], answer: Answer) -> anyhow::Result<()> {
        anyhow::ensure!(
            answer.results.len() == part.len(),
            "{} records were sent, {} were answered",
            part.len(),
            answer.results.len()
        );
        for ((origin, record), taken) in part.iter().zip(answer.results) {
            match taken.outcome {
                Verdict::Created => self.created += 1,
                Verdict::Unchanged => self.unchanged += 1,
                Verdict::Refused => {
                    let Taken { field, reason, .. } = taken;
                    let id = record.source_id.clone();
                    self.report.add(origin, &Refusal { id, field, reason })?;
                }
            }
        }
        Ok(())
    }

    fn summarise(
        &self,
        took: Duration,
        end: &anyhow::Result<()>,
        output: Output,
    ) -> anyhow::Result<()> {
        let refused = self.report.refused();
        let records = self.created + self.unchanged + refused;
        if records == 0 && end.is_err() {
            return Ok(());
        }
        let tenths = u128::from(records) * 10_000 / took.as_millis().max(1);
        let rate = format!("{}.{}", tenths / 10, tenths % 10);
        output.line(format!(
            "{records} records in {:.1} s ({rate}/s): {} created, {} unchanged, {refused} refused",
            took.as_secs_f64(),
            self.created,
            self.unchanged
        ));
        if let Some(path) = self.report.path() {
            output.line(format!("refused records: {}", path.display()));
        }
        output.value(&json!({
            "records": records,
            "created": self.created,
            "unchanged": self.unchanged,
            "refused": refused,
            "report": self.report.path(),
            "seconds": took.as_secs_f64(),
        }))
    }
}

#[cfg(test)]
mod tests {
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
