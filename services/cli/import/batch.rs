//! Records in batches of a size that the platform takes at once.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use indicatif::ProgressBar;
use serde::Deserialize;
use tokio::sync::mpsc::Sender;

use super::{
    super::lines::Lines,
    record::{self, Record, Refusal},
    report::Origin,
};

/// Records of one request.
const MOST_RECORDS: usize = 250;
/// Bytes of one request, unless a single record has more.
const MOST_BYTES: usize = 4 << 20;

/// What a document or a table holds.
#[derive(Debug, Default, Deserialize)]
pub struct TakenApart {
    /// To be imported.
    pub records: Vec<Record>,
    /// Rows that are no record.
    pub refusals: Vec<NoRecord>,
}

/// A row that is no record.
#[derive(Debug, Deserialize)]
pub struct NoRecord {
    /// Where it stands.
    pub place: String,
    /// What is wrong.
    pub field: String,
    /// Why.
    pub reason: String,
}

/// Records that go out together, and those between them that do not go out at all.
#[derive(Debug, Default)]
pub struct Batch {
    /// To be sent, with where they stand.
    pub records: Vec<(Origin, Record)>,
    /// Refused already.
    pub refused: Vec<(Origin, Refusal)>,
    bytes: usize,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.records.is_empty() && self.refused.is_empty()
    }

    fn has_room_for(&self, record: &Record) -> bool {
        let bytes = self.bytes + record.size();
        self.records.is_empty() || (self.records.len() < MOST_RECORDS && bytes <= MOST_BYTES)
    }

    /// Takes over what a file holds; hands over what is full.
    fn take(&mut self, file: &Path, apart: TakenApart, out: &Sender<anyhow::Result<Self>>) {
        let origin = |line| Origin { file: file.to_owned(), line };
        for (line, record) in (1..).zip(apart.records) {
            if !self.has_room_for(&record) && out.blocking_send(Ok(std::mem::take(self))).is_err() {
                return;
            }
            self.push(origin(line), record);
        }
        for NoRecord { place, field, reason } in apart.refusals {
            let reason = format!("{place}：{reason}");
            self.refused.push((origin(0), Refusal { id: String::new(), field, reason }));
        }
    }

    fn push(&mut self, origin: Origin, record: Record) {
        self.bytes += record.size();
        self.records.push((origin, record));
    }
}

/// Reads files one after the other into batches, until the receiver is gone.
///
/// What stood before a damaged place is handed over before the damage is.
///
/// Lines of JSON are read here; `take_apart` reads any other file.
pub fn read(
    files: &[PathBuf],
    bar: &ProgressBar,
    take_apart: impl Fn(&Path) -> anyhow::Result<TakenApart>,
    out: &Sender<anyhow::Result<Batch>>,
) {
    let mut batch = Batch::default();
    for file in files {
        let read = if is_lines(file) {
            read_lines(file, bar, &mut batch, out)
        } else {
            let read = take_apart(file).with_context(|| file.display().to_string());
            read.map(|apart| batch.take(file, apart, out))
        };
        if let Err(damage) = read {
            let _ = out.blocking_send(Ok(batch));
            let _ = out.blocking_send(Err(damage));
            return;
        }
    }
    if !batch.is_empty() {
        let _ = out.blocking_send(Ok(batch));
    }
}

/// Whether a file holds one JSON object a line.
pub fn is_lines(file: &Path) -> bool {
    let name = file.to_string_lossy().to_lowercase();
    [".jsonl", ".jsonl.gz", ".ndjson", ".json"].iter().any(|ending| name.ends_with(ending))
}

fn read_lines(
    file: &Path,
    bar: &ProgressBar,
    batch: &mut Batch,
    out: &Sender<anyhow::Result<Batch>>,
) -> anyhow::Result<()> {
    let shown = file.display();
    let lines = Lines::open(file, bar).with_context(|| shown.to_string())?;
    let mut last = 0;
    for line in lines {
        let (number, line) = line.with_context(|| format!("{shown}, after line {last}"))?;
        last = number;
        let origin = Origin { file: file.to_owned(), line: number };
        match record::read(&line) {
            Ok(record) => {
                if !batch.has_room_for(&record)
                    && out.blocking_send(Ok(std::mem::take(batch))).is_err()
                {
                    return Ok(());
                }
                batch.push(origin, record);
            }
            Err(refusal) => batch.refused.push((origin, refusal)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn batches(text: &str) -> Vec<anyhow::Result<Batch>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.jsonl");
        std::fs::write(&path, text).unwrap();
        let (sender, mut receiver) = tokio::sync::mpsc::channel(1000);
        let none = |_: &Path| anyhow::Ok(TakenApart::default());
        read(&[path], &ProgressBar::hidden(), none, &sender);
        drop(sender);
        std::iter::from_fn(|| receiver.blocking_recv()).collect()
    }

    fn sizes(text: &str) -> Vec<usize> {
        batches(text).into_iter().map(|batch| batch.unwrap().records.len()).collect()
    }

    #[test]
    fn a_full_batch_goes_out() {
        let text = (0..MOST_RECORDS + 50).fold(String::new(), |mut text, i| {
            let _ = writeln!(text, r#"{{"id":"{i}","title":"t"}}"#);
            text
        });
        assert_eq!(sizes(&text), [MOST_RECORDS, 50]);
    }

    #[test]
    fn a_large_record_goes_alone() {
        let large = "a".repeat(MOST_BYTES);
        let text = format!(
            "{{\"id\":\"1\",\"title\":\"t\"}}\n\
             {{\"id\":\"2\",\"title\":\"t\",\"text\":\"{large}\"}}\n\
             {{\"id\":\"3\",\"title\":\"t\"}}\n"
        );
        assert_eq!(sizes(&text), [1, 1, 1]);
    }

    #[test]
    fn what_is_refused_keeps_its_line() {
        let all = batches("{\"id\":\"1\",\"title\":\"t\"}\n\nno json\n");
        let batch = all.into_iter().next().unwrap().unwrap();
        assert_eq!(batch.refused.first().unwrap().0.line, 3);
    }
}
