//! Plain text, and tables as plain text.

use crate::draft::Draft;
use crate::encoding::{self, Decoded};
use crate::error::{Lookalike, PaperError};
use crate::limits::Limits;
use crate::paper::{Kind, Paper, Why};

/// The name of the only part.
const BODY: &str = "正文";

/// Reads a text file: its lines as they are.
pub(crate) fn text(bytes: &[u8], limits: &Limits) -> Result<Paper, PaperError> {
    let decoded = decode(bytes)?;
    let mut draft = Draft::new(limits);
    note(&decoded, &mut draft);
    draft.part(BODY, &decoded.text)?;
    Ok(draft.finish(Kind::Text, Some(decoded.encoding)))
}

/// Reads comma-, semicolon- or tab-separated values (RFC 4180): a record is a line, its
/// fields parted by tabs. Line breaks within a field become blanks.
pub(crate) fn csv(bytes: &[u8], limits: &Limits) -> Result<Paper, PaperError> {
    let decoded = decode(bytes)?;
    let mut draft = Draft::new(limits);
    note(&decoded, &mut draft);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&decoded.text))
        .from_reader(decoded.text.as_bytes());
    let mut lines = String::with_capacity(decoded.text.len());
    for record in reader.records() {
        let record = record
            .map_err(|error| PaperError::Broken { kind: Kind::Csv, detail: error.to_string() })?;
        let mut fields = record.iter();
        if let Some(first) = fields.next() {
            lines.push_str(&crate::shape::one_line(first));
        }
        for field in fields {
            lines.push('\t');
            lines.push_str(&crate::shape::one_line(field));
        }
        lines.push('\n');
    }
    draft.part(BODY, &lines)?;
    Ok(draft.finish(Kind::Csv, Some(decoded.encoding)))
}

fn decode(bytes: &[u8]) -> Result<Decoded, PaperError> {
    let decoded = encoding::decode(bytes, None)?;
    if !encoding::is_textual(&decoded.text) {
        return Err(Lookalike::Unknown.into());
    }
    Ok(decoded)
}

/// Says what a person should look at because of the encoding.
pub(crate) fn note(decoded: &Decoded, draft: &mut Draft<'_>) {
    if decoded.flawed {
        draft.unread(BODY, Why::Characters);
    }
    if decoded.guessed {
        draft.unread(BODY, Why::Guess);
    }
}

/// The mark that stands most often in the first lines, outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0_usize), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for byte in text.bytes().take(64 * 1024) {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted {
            for (mark, count) in &mut counts {
                *count += usize::from(*mark == byte);
            }
        }
    }
    // The first of equals, so that a text without any of them is one of commas.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| *mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_lines() {
        let paper = text("标题\r\n\r\n\r\n　　正文。\r\n".as_bytes(), &Limits::DEFAULT).unwrap();
        assert_eq!(paper.text, "标题\n\n正文。");
        assert_eq!(paper.encoding, Some("UTF-8"));
        assert!(paper.hidden.is_empty() && paper.unread.is_empty());
    }

    #[test]
    fn records_become_rows() {
        for table in [
            "姓名,住址\r\n张三,\"安徽省,\n淮南市\"\r\n",
            "姓名\t住址\n张三\t安徽省,淮南市\n",
            "姓名;住址\n张三;安徽省,淮南市",
        ] {
            let paper = csv(table.as_bytes(), &Limits::DEFAULT).unwrap();
            let rows: Vec<&str> = paper.text.lines().collect();
            assert_eq!(rows[0], "姓名\t住址");
            assert!(rows[1].starts_with("张三\t安徽省,"), "{rows:?}");
        }
    }

    #[test]
    fn an_open_quote_does_no_harm() {
        let paper = csv("甲,\"乙\n丙,丁".as_bytes(), &Limits::DEFAULT).unwrap();
        assert_eq!(paper.text, "甲\t乙丙,丁");
    }

    #[test]
    fn bytes_of_something_else_are_no_text() {
        let error = text(b"\x01\x02\x03\x04\x05\x06\x07abc", &Limits::DEFAULT).unwrap_err();
        assert_eq!(error, PaperError::Unsupported(Lookalike::Unknown));
    }
}
