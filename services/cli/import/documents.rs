//! `yangguang import documents`: a library of documents, batch by batch.

use std::{
    collections::{HashSet, VecDeque},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::{
    runtime::Handle,
    sync::mpsc::{self, Receiver},
    task::JoinHandle,
};

use super::{
    batch::{self, Batch},
    delivery::{Delivery, Notify, Taken, Terms, Verdict},
    record::Refusal,
    report::Report,
};
use crate::cli::{Client, Outcome, Output, WrongUsage};

/// Takes in documents: JSON lines, tables, single documents, or folders of them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DocumentsArgs {
    /// Files or folders: .jsonl, .jsonl.gz; .xlsx, .xls, .csv; .docx, .pdf, .html, .txt
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
  yangguang import documents 目录.xlsx 文件夹/ --organ city-gov
  yangguang import documents drafts.jsonl --server https://gov.example --account bianji

A record has `id` and `title`, and may have `text`, `format` (html), `doc_number`, `issuing_body`,
`category`, `issued_on`, `effective_on`, `expires_on`, `status`, `source_url` and `relations`; null
means unknown, other fields are ignored. Tables have a row of heads (标题, 发文字号, 发文机关,
文件类别, 成文日期, 实施日期, 失效日期, 有效性, 正文), documents are read by what they say. An import that was cut off is simply begun again: what is
there already is passed over. Exit code 3: some records were refused and lie in the report.";

/// Batches that are under way together: while the platform stores one, it reads the next.
const AT_ONCE: usize = 2;

/// An import, as far as it has come.
struct Intake {
    report: Report,
    bar: ProgressBar,
    created: u64,
    unchanged: u64,
    under_way: VecDeque<UnderWay>,
}

/// A batch that was sent.
struct UnderWay {
    ids: HashSet<String>,
    answered: JoinHandle<anyhow::Result<(Batch, Vec<Taken>)>>,
}

/// Runs the command.
pub async fn run(
    mut args: DocumentsArgs,
    client: Client,
    output: Output,
) -> anyhow::Result<Outcome> {
    args.files = unfolded(&args.files)?;
    let bytes = check(&args)?;
    let begun = Instant::now();
    let bar = bar(bytes, output)?;
    let delivery = Arc::new(Delivery {
        client: client.patient(Duration::from_secs(args.patience)),
        terms: Terms {
            publish: args.publish,
            reason: args.publish.then_some(args.reason),
            organ: args.organ,
            create_organs: args.create_organs,
            announcement: args.notify,
        },
    });
    let mut intake = Intake {
        report: Report::new(args.report)?,
        bar: bar.clone(),
        created: 0,
        unchanged: 0,
        under_way: VecDeque::with_capacity(AT_ONCE),
    };
    // The next batches are read while some are under way.
    let (sender, batches) = mpsc::channel(2);
    let files = args.files;
    let reading = tokio::task::spawn_blocking({
        let bar = bar.clone();
        let (delivery, here) = (Arc::clone(&delivery), Handle::current());
        move || {
            let take_apart = |file: &Path| here.block_on(delivery.take_apart(file));
            batch::read(&files, &bar, take_apart, &sender);
        }
    });
    let end = intake.carry(batches, &delivery).await;
    reading.await?;
    bar.finish_and_clear();
    intake.summarise(begun.elapsed(), &end, output)?;
    end?;
    Ok(if intake.report.refused() > 0 { Outcome::SomeRefused } else { Outcome::Done })
}

/// The files, with those of folders in the place of these; what begins with a dot is left out.
fn unfolded(places: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for place in places {
        if !place.is_dir() {
            files.push(place.clone());
            continue;
        }
        let shown = || place.display().to_string();
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(place).with_context(shown)? {
            let entry = entry.with_context(shown)?;
            if !entry.file_name().to_string_lossy().starts_with('.') {
                inside.push(entry.path());
            }
        }
        inside.sort();
        files.extend(unfolded(&inside)?);
    }
    Ok(files)
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
    /// Carries batch after batch to the platform, until there are no more or one fails.
    async fn carry(
        &mut self,
        mut batches: Receiver<anyhow::Result<Batch>>,
        delivery: &Arc<Delivery>,
    ) -> anyhow::Result<()> {
        while let Some(batch) = batches.recv().await {
            let batch = match batch {
                Ok(batch) => batch,
                Err(damage) => {
                    // What stood before the damaged place is taken in.
                    while self.arrive().await? {}
                    return Err(damage);
                }
            };
            let ids: HashSet<String> =
                batch.records.iter().map(|(_, it)| it.source_id.trim().to_owned()).collect();
            // Of records with one id, the first one of the files counts.
            while self.under_way.len() == AT_ONCE
                || self.under_way.iter().any(|it| !it.ids.is_disjoint(&ids))
            {
                self.arrive().await?;
            }
            let delivery = Arc::clone(delivery);
            let answered = tokio::spawn(async move {
                let taken = delivery.deliver(&batch).await?;
                Ok((batch, taken))
            });
            self.under_way.push_back(UnderWay { ids, answered });
        }
        while self.arrive().await? {}
        Ok(())
    }

    /// Waits for the batch that has been under way the longest, and notes what became of it; false
    /// where there is none.
    async fn arrive(&mut self) -> anyhow::Result<bool> {
        let Some(first) = self.under_way.pop_front() else { return Ok(false) };
        let (batch, taken) = first.answered.await??;
        for (origin, refusal) in &batch.refused {
            self.report.add(origin, refusal)?;
        }
        for ((origin, record), taken) in batch.records.iter().zip(taken) {
            let Taken { outcome, field, reason } = taken;
            match outcome {
                Verdict::Created => self.created += 1,
                Verdict::Unchanged => self.unchanged += 1,
                Verdict::Refused => {
                    let id = record.source_id.clone();
                    self.report.add(origin, &Refusal { id, field, reason })?;
                }
            }
        }
        let message = format!(
            "{} created, {} unchanged, {} refused",
            self.created,
            self.unchanged,
            self.report.refused()
        );
        self.bar.set_message(message);
        Ok(true)
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
