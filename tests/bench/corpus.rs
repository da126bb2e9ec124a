//! Documents to measure with: made of the sample library's paragraphs, and the corpora.

use std::{
    io::{BufRead as _, BufReader, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde::{Deserialize, Serialize};

const SAMPLE: &str = "services/sample/policies.jsonl";
/// About three kilobytes, the size of an average law article or notice.
const TEXT_BYTES: usize = 3000;
/// A word that stands in the title of every generated document.
pub const MARK: &str = "benchmark";

/// A record as `yangguang import documents` takes it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Document {
    /// The source's id.
    pub id: String,
    /// Full title.
    pub title: String,
    /// Its text.
    #[serde(default)]
    pub text: Option<String>,
    /// Who issued it.
    #[serde(default)]
    pub issuing_body: Option<String>,
    /// Its class.
    #[serde(default)]
    pub category: Option<String>,
    /// Day of issue.
    #[serde(default)]
    pub issued_on: Option<String>,
}

impl Document {
    /// The text, empty where there is none.
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }
}

/// The same documents at each call.
pub fn generated(count: usize) -> Result<Vec<Document>> {
    let sample = read(Path::new(SAMPLE))?;
    let paragraphs: Vec<&str> = sample
        .iter()
        .flat_map(|document| document.text().lines())
        .filter(|line| line.len() > 60)
        .collect();
    let mut chance = StdRng::seed_from_u64(7);
    let documents = (0..count).map(|serial| {
        let text = text(&paragraphs, &mut chance);
        let title = sample.get(serial % sample.len().max(1)).map_or("", |it| it.title.as_str());
        Document {
            id: format!("bench-{serial:05}"),
            title: format!("{title} {MARK} {serial:05}"),
            text: Some(text),
            issuing_body: None,
            category: Some("市政府其他文件".to_owned()),
            issued_on: Some(format!("2024-{:02}-{:02}", serial % 12 + 1, serial % 28 + 1)),
        }
    });
    Ok(documents.collect())
}

fn text(paragraphs: &[&str], chance: &mut StdRng) -> String {
    let mut text = String::with_capacity(TEXT_BYTES + 600);
    while text.len() < TEXT_BYTES && !paragraphs.is_empty() {
        let place = chance.random_range(0..paragraphs.len());
        text.push_str(paragraphs.get(place).copied().unwrap_or_default());
        text.push('\n');
    }
    text
}

/// The files of the corpora, where `YANGGUANG_CORPUS` names the folder that they lie in.
pub fn files() -> Result<Vec<PathBuf>> {
    let Ok(folder) = std::env::var("YANGGUANG_CORPUS") else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for set in ["laws", "policies"] {
        let folder = Path::new(&folder).join(set);
        let entries = std::fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        files.extend(entries.flatten().map(|entry| entry.path()));
    }
    files.retain(|file| file.extension().is_some_and(|ending| ending == "gz"));
    files.sort();
    Ok(files)
}

/// The documents of a file, plain or gzipped.
pub fn read(file: &Path) -> Result<Vec<Document>> {
    let open = std::fs::File::open(file).with_context(|| file.display().to_string())?;
    let gzipped = file.extension().is_some_and(|ending| ending == "gz");
    let plain: Box<dyn Read> =
        if gzipped { Box::new(flate2::read::GzDecoder::new(open)) } else { Box::new(open) };
    BufReader::new(plain).lines().map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}

/// Writes documents, one a line.
pub fn write(file: &Path, documents: &[Document]) -> Result<()> {
    let mut lines = String::new();
    for document in documents {
        lines.push_str(&serde_json::to_string(document)?);
        lines.push('\n');
    }
    Ok(std::fs::write(file, lines)?)
}
