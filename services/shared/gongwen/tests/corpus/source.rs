//! The collections, record by record.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The data folder; tells that the test is skipped where none is named.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("YANGGUANG_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: YANGGUANG_CORPUS is not set");
    }
    folder
}

/// The records of one collection, as in `laws/laws`.
pub(crate) fn records(folder: &Path, name: &str) -> Vec<Value> {
    let file = std::fs::File::open(folder.join(format!("{name}.jsonl.gz"))).unwrap();
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
}

/// The text of a record; pages that were kept as HTML lose their marks here.
pub(crate) fn text(record: &Value) -> String {
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

/// A record's text and what the reader makes of it, as it is printed.
pub(crate) fn analyzed(record: &Value) -> (String, Value) {
    let text = text(record);
    let document = serde_json::to_value(gongwen::analyze(record["title"].as_str(), &text)).unwrap();
    (text, document)
}

/// A value of a document, empty for none.
pub(crate) fn found(document: &Value, field: &str) -> String {
    document[field].as_str().unwrap_or_default().to_owned()
}

/// The values of a list, joined.
pub(crate) fn joined(list: &Value) -> String {
    let values: Vec<&str> =
        list.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    values.join("、")
}
