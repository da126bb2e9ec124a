//! The file in which refused records lie, so that they can be mended and sent again.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde::Serialize;

use super::record::Refusal;

/// Where a record stands in its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub file: PathBuf,
    /// The line or record, from 1; 0 where the place is told with the reason.
    pub line: u64,
}

/// Refused records, one JSON object a line; the file is made with the first of them.
pub struct Report {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    refused: u64,
}

#[derive(Serialize)]
struct Entry<'a> {
    file: &'a Path,
    line: u64,
    id: &'a str,
    field: &'a str,
    reason: &'a str,
}

impl Report {
    /// A report that will lie at `path`; one of an earlier run is taken away.
    pub fn new(path: PathBuf) -> anyhow::Result<Self> {
        if path.is_file() {
            std::fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
        Ok(Self { path, file: None, refused: 0 })
    }

    /// Notes a refused record.
    pub fn add(&mut self, origin: &Origin, refusal: &Refusal) -> anyhow::Result<()> {
        self.refused += 1;
        let file = if let Some(file) = &mut self.file {
            file
        } else {
            let made = File::create(&self.path)
                .with_context(|| format!("the report {}", self.path.display()))?;
            self.file.insert(BufWriter::new(made))
        };
        let Refusal { id, field, reason } = refusal;
        let entry = Entry { file: &origin.file, line: origin.line, id, field, reason };
        serde_json::to_writer(&mut *file, &entry)?;
        writeln!(file)?;
        // Whoever watches a long import sees what is refused at once.
        Ok(file.flush()?)
    }

    /// How many records were refused.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// The file, if there is anything in it.
    pub fn path(&self) -> Option<&Path> {
        self.file.is_some().then_some(self.path.as_path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_there_only_when_something_was_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("refused.jsonl");
        std::fs::write(&path, "of an earlier run").unwrap();
        let mut report = Report::new(path.clone()).unwrap();
        assert!(report.path().is_none() && !path.exists());
        let origin = Origin { file: "laws.jsonl".into(), line: 7 };
        let refusal = Refusal {
            id: "a-1".to_owned(),
            field: "title".to_owned(),
            reason: "不能为空".to_owned(),
        };
        report.add(&origin, &refusal).unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "{\"file\":\"laws.jsonl\",\"line\":7,\"id\":\"a-1\",\"field\":\"title\",\
             \"reason\":\"不能为空\"}\n"
        );
    }
}
