//! Texts that are to be analyzed: a file each, or one JSON object a line.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::super::{
    Outcome,
    lines::{LONGEST_LINE, Line, Lines},
};

/// Which texts.
#[derive(Debug, Args)]
pub struct RecordsArgs {
    /// Files, plain or (records) gzipped; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What is in them; default: records where the name says so, else text
    #[arg(long, value_enum)]
    format: Option<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One plain text, in UTF-8
    Text,
    /// One JSON object a line, with `id`, `title` and `text`
    Jsonl,
}

/// A text and what came with it.
#[derive(Debug, Deserialize)]
pub struct Record {
    /// As the record says, else the name of the file.
    #[serde(default)]
    pub id: Value,
    /// The title, where the record has one.
    #[serde(default)]
    pub title: Option<String>,
    /// The text, empty where the record has a title only.
    #[serde(default, deserialize_with = "or_empty")]
    pub text: String,
}

fn or_empty<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

impl Format {
    fn of(file: &Path) -> Self {
        let name = file.to_string_lossy();
        let records = [".jsonl", ".jsonl.gz"].iter().any(|ending| name.ends_with(ending));
        if records { Self::Jsonl } else { Self::Text }
    }
}

impl RecordsArgs {
    /// Hands over one text after the other; what cannot be read is told on standard error, and the
    /// others go on.
    pub fn each(
        &self,
        mut take: impl FnMut(Record) -> anyhow::Result<()>,
    ) -> anyhow::Result<Outcome> {
        let mut outcome = Outcome::Done;
        for read in self.files.iter().flat_map(|file| self.records_of(file)) {
            match read {
                Ok(record) => take(record)?,
                Err(why) => {
                    eprintln!("yangguang: {why:#}");
                    outcome = Outcome::SomeRefused;
                }
            }
        }
        Ok(outcome)
    }

    fn records_of<'a>(
        &self,
        file: &'a Path,
    ) -> Box<dyn Iterator<Item = anyhow::Result<Record>> + 'a> {
        let named = || file.display().to_string();
        match self.format.unwrap_or_else(|| Format::of(file)) {
            Format::Text => Box::new(std::iter::once(whole(file).with_context(named))),
            Format::Jsonl => match Lines::open(file, &ProgressBar::hidden()) {
                Err(error) => Box::new(std::iter::once(Err(error).with_context(named))),
                Ok(lines) => Box::new(lines.map(move |line| {
                    let (number, line) = line.with_context(named)?;
                    record(line).with_context(|| format!("{}, line {number}", file.display()))
                })),
            },
        }
    }
}

/// A file as one text, named after itself.
fn whole(file: &Path) -> anyhow::Result<Record> {
    let limit = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
    }?;
    ensure!(read <= LONGEST_LINE, "a text has at most {LONGEST_LINE} bytes");
    let text = String::from_utf8(bytes).context("the text must be UTF-8")?;
    Ok(Record { id: file.to_string_lossy().into(), title: None, text })
}

fn record(line: Line) -> anyhow::Result<Record> {
    let Line::Whole(line) = line else { bail!("a record has at most {LONGEST_LINE} bytes") };
    serde_json::from_slice(&line).context("a record is a JSON object with `id`, `title` and `text`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_line_does_not_stop_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.jsonl");
        let lines = "{\"id\":1,\"text\":\"正文\"}\nnot json\n{\"title\":\"标题\",\"text\":null}\n";
        std::fs::write(&path, lines).unwrap();
        let args = RecordsArgs { files: vec![path], format: None };
        let mut taken = Vec::new();
        let outcome = args.each(|record| {
            taken.push((record.id, record.title, record.text));
            Ok(())
        });
        assert_eq!(outcome.unwrap(), Outcome::SomeRefused);
        assert_eq!(
            taken,
            [
                (1.into(), None, "正文".to_owned()),
                (Value::Null, Some("标题".to_owned()), String::new()),
            ]
        );
    }

    #[test]
    fn a_text_is_named_after_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notice.txt");
        std::fs::write(&path, "通知").unwrap();
        let record = whole(&path).unwrap();
        assert_eq!(record.id, path.to_string_lossy().as_ref());
        assert_eq!(record.text, "通知");
    }
}
