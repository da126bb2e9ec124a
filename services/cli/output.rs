//! What a command prints: text for people, or one JSON value for programs.

use std::io::{self, Write as _};

use serde::Serialize;
use serde_json::Value;

/// Where results go.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
}

impl Output {
    /// Prints JSON where `json`, text otherwise.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a program reads the output.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Prints a line for people; programs do not get it.
    pub fn line(self, text: impl AsRef<str>) {
        if !self.json {
            write_line(text.as_ref());
        }
    }

    /// Prints a JSON value on one line; people do not get it.
    pub fn value(self, value: &impl Serialize) -> anyhow::Result<()> {
        if self.json {
            write_line(&serde_json::to_string(value)?);
        }
        Ok(())
    }

    /// Prints rows below their heads, in columns; programs do not get it.
    pub fn table(self, heads: &[&str], rows: &[Vec<String>]) {
        for line in columns(heads, rows) {
            self.line(line);
        }
    }
}

/// Prints a JSON value on one line, whoever reads it.
pub fn record(value: &impl Serialize) -> anyhow::Result<()> {
    write_line(&serde_json::to_string(value)?);
    Ok(())
}

/// Who reads may have read enough: a closed pipe is an end, not a failure.
fn write_line(text: &str) {
    if let Err(error) = writeln!(io::stdout().lock(), "{text}")
        && error.kind() == io::ErrorKind::BrokenPipe
    {
        std::process::exit(0);
    }
}

fn columns(heads: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(column, head)| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| width(cell)).fold(width(head), usize::max)
        })
        .collect();
    let line = |cells: Vec<&str>| {
        let padded = cells
            .iter()
            .zip(&widths)
            .map(|(cell, wide)| format!("{cell}{}", " ".repeat(wide.saturating_sub(width(cell)))));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(heads.to_vec())];
    lines.extend(rows.iter().map(|row| line(row.iter().map(String::as_str).collect())));
    lines
}

/// Columns of a terminal that a text takes: a Chinese character takes two.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
}

/// A text cut to a width, with an ellipsis where something is missing.
pub fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        if width(&short) + if is_wide(c) { 2 } else { 1 } >= most {
            break;
        }
        short.push(c);
    }
    short.push('…');
    short
}

/// A text under a key of a JSON object; empty where there is none.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// What a key of a JSON object holds, as a cell of a table; empty where there is none.
pub fn cell(value: &Value, key: &str) -> String {
    match value.get(key) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            let texts = items.iter().map(|item| item.as_str().unwrap_or_default());
            texts.collect::<Vec<_>>().join(",")
        }
        Some(other) => other.to_string(),
    }
}

/// The list under a key of a JSON object; empty where there is none.
pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_under_chinese() {
        let rows =
            vec![vec!["办法".to_owned(), "有效".to_owned()], vec!["ab".to_owned(), "x".to_owned()]];
        assert_eq!(
            columns(&["title", "effect"], &rows),
            ["title  effect", "办法   有效", "ab     x"]
        );
    }

    #[test]
    fn a_cut_text_keeps_its_width() {
        assert_eq!(cut("物业管理条例", 12), "物业管理条例");
        assert_eq!(cut("物业管理条例", 7), "物业管…");
        assert!(width(&cut("a物业管理条例", 6)) <= 6);
    }
}
