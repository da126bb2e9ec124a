//! The reader against what collections of real documents say of themselves.
//!
//! Runs where `YANGGUANG_CORPUS` names the data folder. The reader sees title and text only;
//! what the collections know besides is compared with what it found.

#![expect(clippy::unwrap_used, reason = "a file that cannot be read is a failed test")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use serde_json::Value;

/// Errors printed for every field.
const SHOWN: usize = 25;

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("YANGGUANG_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: YANGGUANG_CORPUS is not set");
    }
    folder
}

fn records(folder: &std::path::Path, name: &str) -> Vec<Value> {
    let file = std::fs::File::open(folder.join(name)).unwrap();
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
}

/// The text of a record; pages that were kept as HTML lose their marks here.
fn text(record: &Value) -> String {
    let text = record["text"].as_str().unwrap_or_default();
    if record["format"] != "html" {
        return text.to_owned();
    }
    let mut out = String::new();
    for piece in text.split('<') {
        let (mark, content) = piece.split_once('>').unwrap_or(("", piece));
        let breaks =
            ["br", "/p", "/tr", "/td", "/div", "/h"].iter().any(|tag| mark.starts_with(tag));
        if breaks {
            out.push('\n');
        }
        out.push_str(content);
    }
    out.replace("&nbsp;", " ")
        .replace("&ldquo;", "“")
        .replace("&rdquo;", "”")
        .replace("&mdash;", "—")
}

#[derive(Default)]
struct Score {
    right: u32,
    all: u32,
    errors: Vec<String>,
}

impl Score {
    fn add(&mut self, title: &str, got: &str, wanted: &str) {
        self.all += 1;
        if got == wanted {
            self.right += 1;
        } else {
            self.errors.push(format!("{title}: {got:?} for {wanted:?}"));
        }
    }

    fn rate(&self) -> f64 {
        f64::from(self.right) / f64::from(self.all.max(1))
    }
}

fn report(scores: &BTreeMap<&str, Score>) {
    for (name, score) in scores {
        println!("{name}: {} of {} ({:.2} %)", score.right, score.all, score.rate() * 100.0);
        for error in score.errors.iter().take(SHOWN) {
            println!("    {error}");
        }
    }
}

/// A date as headers write it.
fn written(date: &str) -> String {
    let mut parts = date.split('-').map(|part| part.trim_start_matches('0'));
    let mut part = || parts.next().unwrap_or_default();
    format!("{}年{}月{}日", part(), part(), part())
}

fn found(document: &Value, field: &str) -> String {
    document[field].as_str().unwrap_or_default().to_owned()
}

fn analyzed(record: &Value) -> (String, Value) {
    let text = text(record);
    let document = serde_json::to_value(gongwen::analyze(record["title"].as_str(), &text)).unwrap();
    (text, document)
}

#[test]
fn the_state_councils_documents_are_read() {
    let Some(folder) = folder() else { return };
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    for record in records(&folder, "policies/statecouncil.jsonl.gz") {
        let (_, document) = analyzed(&record);
        let title = record["title"].as_str().unwrap_or_default();
        let organs: Vec<&str> = document["issuing_organs"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let mut add = |name, got: &str, wanted: &Value| {
            scores.entry(name).or_default().add(title, got, wanted.as_str().unwrap_or_default());
        };
        add("number", &found(&document, "document_number"), &record["doc_number"]);
        add("organ", &organs.join("、"), &record["issuing_body"]);
        add("signed_on", &found(&document, "signed_on"), &record["issued_on"]);
        add("title", &found(&document, "title"), &record["title"]);
    }
    report(&scores);
    assert!(scores["number"].rate() >= 0.99 && scores["organ"].rate() >= 0.97);
    assert!(scores["signed_on"].rate() >= 0.97 && scores["title"].rate() >= 0.99);
}

/// Laws whose text carries the day that the collection gives; others cannot be read from it.
#[test]
fn the_dates_of_laws_are_read() {
    let Some(folder) = folder() else { return };
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    for record in records(&folder, "laws/laws.jsonl.gz") {
        let (text, document) = analyzed(&record);
        let title = record["title"].as_str().unwrap_or_default();
        let plain: String = text.chars().filter(|ch| !ch.is_whitespace()).collect();
        let header = plain.split("<!--INFOEND").next().unwrap_or_default();
        let issued = record["issued_on"].as_str().filter(|day| header.contains(&written(day)));
        if let Some(day) = issued {
            scores.entry("signed_on").or_default().add(title, &found(&document, "signed_on"), day);
        }
        let takes_effect = |day: &&str| {
            ["起施行", "施行", "起实施"]
                .iter()
                .any(|verb| plain.contains(&format!("{}{verb}", written(day))))
        };
        if let Some(day) = record["effective_on"].as_str().filter(takes_effect) {
            let got = found(&document, "effective_on");
            scores.entry("effective_on").or_default().add(title, &got, day);
        }
    }
    report(&scores);
    assert!(scores["signed_on"].rate() >= 0.985 && scores["effective_on"].rate() >= 0.99);
}

/// Every sentence with a full citation right before 同时废止 gives a relation.
#[test]
fn plain_repeals_are_found() {
    let Some(folder) = folder() else { return };
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    for record in records(&folder, "laws/laws.jsonl.gz") {
        let (text, document) = analyzed(&record);
        let relations = document["relations"].as_array().unwrap();
        for (at, _) in text.match_indices("》同时废止") {
            let open = text[..at].rfind('《').unwrap();
            let wanted: String =
                text[open + 3..at].chars().filter(|ch| !ch.is_whitespace()).collect();
            let hit = relations.iter().any(|relation| {
                relation["type"] == "repeals"
                    && relation["title"].as_str().is_some_and(|title| title.ends_with(&wanted))
            });
            let got = if hit { wanted.as_str() } else { "" };
            scores.entry("repeals").or_default().add(
                record["title"].as_str().unwrap(),
                got,
                &wanted,
            );
        }
    }
    report(&scores);
    assert!(scores["repeals"].rate() >= 0.98);
}

#[test]
fn damaged_documents_are_read() {
    let Some(folder) = folder() else { return };
    for name in ["policies/hebei.jsonl.gz", "policies/city-housing.jsonl.gz"] {
        for (index, record) in records(&folder, name).iter().enumerate() {
            let text = text(record);
            // Every so many characters one is lost, doubled or swapped with the next.
            let step = 3 + index % 11;
            let mut damaged = String::new();
            for (at, ch) in text.chars().take(6000).enumerate() {
                match (at % step, at % 3) {
                    (0, 0) => {}
                    (0, 1) => damaged.extend([ch, ch]),
                    (0, _) => damaged.extend(['》', ch]),
                    _ => damaged.push(ch),
                }
            }
            let _ = gongwen::analyze(record["title"].as_str(), &damaged);
        }
    }
}
