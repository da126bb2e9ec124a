//! Texts that are to be analyzed: a file each, or one JSON object a line.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use paper::{Kind, Limits};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
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
    /// What is in them; default: told by the name, else text
    #[arg(long, value_enum)]
    format: Option<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One plain text, in UTF-8, UTF-16 or GB 18030
    Text,
    /// One web page, of which the main part is read
    Html,
    /// One document of a word processor
    Docx,
    /// One PDF with text
    Pdf,
    /// One JSON object a line, with `id`, `title` and `text`
    Jsonl,
}

/// What files and lines are read as.
pub trait Readable: DeserializeOwned {
    /// What a file says that is one document.
    fn of_file(name: String, title: Option<String>, text: String) -> Self;
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

impl Readable for Record {
    fn of_file(name: String, title: Option<String>, text: String) -> Self {
        Self { id: name.into(), title, text }
    }
}

fn or_empty<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

impl Format {
    fn of(file: &Path) -> Self {
        const ENDINGS: [(&str, Format); 6] = [
            (".jsonl", Format::Jsonl),
            (".jsonl.gz", Format::Jsonl),
            (".html", Format::Html),
            (".htm", Format::Html),
            (".docx", Format::Docx),
            (".pdf", Format::Pdf),
        ];
        let name = file.to_string_lossy().to_lowercase();
        let known = ENDINGS.into_iter().find(|(ending, _)| name.ends_with(ending));
        known.map_or(Self::Text, |(_, format)| format)
    }

    /// What a file of this format is to the reader.
    const fn kind(self) -> Kind {
        match self {
            Self::Text | Self::Jsonl => Kind::Text,
            Self::Html => Kind::Html,
            Self::Docx => Kind::Docx,
            Self::Pdf => Kind::Pdf,
        }
    }

    /// The name by which a file of this format is known to the reader.
    const fn file_name(self) -> &'static str {
        match self {
            Self::Text | Self::Jsonl => "a.txt",
            Self::Html => "a.html",
            Self::Docx => "a.docx",
            Self::Pdf => "a.pdf",
        }
    }
}

impl RecordsArgs {
    /// Hands over one text after the other; what cannot be read is told on standard error, and the
    /// others go on.
    pub fn each<R: Readable>(
        &self,
        mut take: impl FnMut(R) -> anyhow::Result<()>,
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

    fn records_of<'a, R: Readable + 'a>(
        &self,
        file: &'a Path,
    ) -> Box<dyn Iterator<Item = anyhow::Result<R>> + 'a> {
        let named = || file.display().to_string();
        let once = |read: anyhow::Result<R>| Box::new(std::iter::once(read.with_context(named)));
        match self.format.unwrap_or_else(|| Format::of(file)) {
            Format::Jsonl => match Lines::open(file, &ProgressBar::hidden()) {
                Err(error) => once(Err(error.into())),
                Ok(lines) => Box::new(lines.map(move |line| {
                    let (number, line) = line.with_context(named)?;
                    record(line).with_context(|| format!("{}, line {number}", file.display()))
                })),
            },
            format => once(whole(file, format)),
        }
    }
}

/// A file of whatever kind its name tells, as one text.
pub fn read_file(file: &Path) -> anyhow::Result<Record> {
    whole(file, Format::of(file)).with_context(|| file.display().to_string())
}

/// A file as one text, named after itself.
fn whole<R: Readable>(file: &Path, format: Format) -> anyhow::Result<R> {
    let most = Limits::DEFAULT.input;
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    }?;
    ensure!(read <= most, "a file has at most {most} bytes");
    let name = file.to_string_lossy().into_owned();
    if format == Format::Text {
        // As it is, so that places count in the very file.
        match String::from_utf8(bytes) {
            Ok(text) => return Ok(R::of_file(name, None, text)),
            Err(other) => bytes = other.into_bytes(),
        }
    }
    let paper = paper::read(&bytes, Some(format.file_name()))?;
    let wanted = format.kind();
    ensure!(paper.kind == wanted, "the file is {}, not {wanted}", paper.kind);
    let text = paper.main_text();
    Ok(R::of_file(name, paper.title, text))
}

fn record<R: Readable>(line: Line) -> anyhow::Result<R> {
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
        let outcome = args.each(|record: Record| {
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
        let record: Record = whole(&path, Format::of(&path)).unwrap();
        assert_eq!(record.id, path.to_string_lossy().as_ref());
        assert_eq!(record.text, "通知");
    }
}
