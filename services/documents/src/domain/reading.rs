//! Files that clerks bring, read as documents and as records to import.

use std::collections::HashMap;

use paper::{Kind, Paper};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{
    Violation,
    content::Format,
    day,
    intake::Record,
    proposal::{self, Proposed},
};

/// What one file holds as a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The text that places refer to.
    pub text: String,
    /// What was read of it.
    pub proposed: Proposed,
    /// What could not be looked into, in Chinese.
    pub notes: Vec<String>,
}

/// What a file holds as records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// To be imported.
    pub records: Vec<Record>,
    /// What is none, with its place.
    pub refused: Vec<(String, Violation)>,
}

/// Reads a file as one document.
///
/// # Errors
/// Names the file's fault and what to do about it.
pub fn document(
    bytes: &[u8],
    file_name: &str,
    categories: &[String],
) -> Result<(Reading, Paper), Violation> {
    let paper = open(bytes, file_name)?;
    let text = paper.main_text();
    let title = paper.title.as_deref().filter(|title| is_title(title));
    let mut proposed = proposal::propose(None, &text, categories);
    if proposed.content.title.is_empty() {
        proposed = proposal::propose(title, &text, categories);
    }
    let note = |part: &paper::Unread| format!("{}：{}", part.place, part.why.label());
    let notes = paper.unread.iter().map(note).chain(proposed.doubts.clone()).collect();
    Ok((Reading { text, proposed, notes }, paper))
}

/// Reads pasted text as one document.
pub fn pasted(text: &str, categories: &[String]) -> Reading {
    let text = super::text::plain(text);
    let proposed = proposal::propose(None, &text, categories);
    let notes = proposed.doubts.clone();
    Reading { text, proposed, notes }
}

/// Reads a table row by row, lines of JSON one by one, and any other file as one document.
///
/// # Errors
/// Names the file's fault and what to do about it.
pub fn records(bytes: &[u8], file_name: &str, categories: &[String]) -> Result<Records, Violation> {
    if file_name.to_lowercase().ends_with(".jsonl") {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Ok(lines(text.trim_start_matches('\u{feff}'))),
            Err(_) => {
                let told = format!("“{file_name}”不是 UTF-8 编码，请另存为 UTF-8 后上传");
                Err(Violation::new("content", told))
            }
        };
    }
    if matches!(paper::kind_of(bytes, Some(file_name)), Ok(Kind::Xlsx | Kind::Xls | Kind::Csv)) {
        return table(&open(bytes, file_name)?, file_name);
    }
    let (reading, _) = document(bytes, file_name, categories)?;
    let content = reading.proposed.content;
    if content.title.is_empty() {
        let told = format!("“{file_name}”里没有读出标题，请单独登记这份文件");
        return Err(Violation::new("title", told));
    }
    let digest = hex::encode(Sha256::digest(bytes));
    let record = Record {
        source_id: format!("file:{}", digest.get(..32).unwrap_or(&digest)),
        title: content.title,
        text: content.text,
        document_number: content.document_number,
        issuing_body: reading.proposed.organs.into_iter().next().unwrap_or_default(),
        category: content.category,
        issued_on: day::write(content.issued_on),
        effective_on: day::write(content.effective_on),
        expires_on: day::write(content.expires_on),
        ..Record::default()
    };
    Ok(Records { records: vec![record], refused: Vec::new() })
}

fn open(bytes: &[u8], file_name: &str) -> Result<Paper, Violation> {
    paper::read(bytes, Some(file_name)).map_err(|error| {
        Violation::new("content", format!("“{}”：{error}", super::text::excerpt(file_name, 80)))
    })
}

/// Titles in a file's properties are often what a template or a program left there.
fn is_title(title: &str) -> bool {
    title.chars().filter(|ch| gongwen::glyph::is_han(*ch)).count() >= 4
}

/// Heads of columns, and the field that each names.
const HEADS: [(&str, &str); 24] = [
    ("title", "title"),
    ("标题", "title"),
    ("文件名称", "title"),
    ("文件标题", "title"),
    ("名称", "title"),
    ("text", "text"),
    ("正文", "text"),
    ("内容", "text"),
    ("doc_number", "document_number"),
    ("发文字号", "document_number"),
    ("文号", "document_number"),
    ("issuing_body", "issuing_body"),
    ("发文机关", "issuing_body"),
    ("发布机构", "issuing_body"),
    ("制定机关", "issuing_body"),
    ("category", "category"),
    ("文件类别", "category"),
    ("issued_on", "issued_on"),
    ("成文日期", "issued_on"),
    ("印发日期", "issued_on"),
    ("effective_on", "effective_on"),
    ("实施日期", "effective_on"),
    ("expires_on", "expires_on"),
    ("失效日期", "expires_on"),
];
/// Heads that more than one field could be meant by are asked last.
const STATUS_HEADS: [&str; 3] = ["status", "有效性", "时效性"];
const FEWEST_HEADS: usize = 2;

fn field_of(head: &str) -> Option<&'static str> {
    let head: String = head.chars().filter(|ch| !ch.is_whitespace()).collect();
    if STATUS_HEADS.contains(&head.as_str()) {
        return Some("status");
    }
    HEADS.iter().find(|(known, _)| *known == head).map(|(_, field)| *field)
}

/// The rows below a head, sheet after sheet; a sheet without one has that of the sheet before.
fn table(paper: &Paper, file_name: &str) -> Result<Records, Violation> {
    let mut heads: Vec<Option<&'static str>> = Vec::new();
    let mut read = Records::default();
    for (number, line) in (1..).zip(paper.text.lines()) {
        let cells: Vec<&str> = line.split('\t').collect();
        let named: Vec<_> = cells.iter().map(|cell| field_of(cell)).collect();
        let known = named.iter().flatten().count();
        if known >= FEWEST_HEADS && named.contains(&Some("title")) {
            heads = named;
        } else if !heads.is_empty() && !line.trim().is_empty() {
            match row(&heads, &cells) {
                Ok(record) => read.records.push(record),
                Err(broken) => read.refused.push((format!("“{file_name}”第{number}行"), broken)),
            }
        }
    }
    if heads.is_empty() {
        let told = format!(
            "“{file_name}”里没有找到表头：第一行应有“标题”，另有发文字号、发文机关、文件类别、\
             成文日期、实施日期、失效日期、正文中的若干列"
        );
        return Err(Violation::new("content", told));
    }
    Ok(read)
}

fn row(heads: &[Option<&'static str>], cells: &[&str]) -> Result<Record, Violation> {
    let mut values: HashMap<&str, String> = HashMap::new();
    for (head, cell) in heads.iter().zip(cells) {
        if let Some(field) = head {
            values.entry(field).or_insert_with(|| cell.trim().to_owned());
        }
    }
    let mut take = |field: &str| values.remove(field).unwrap_or_default();
    let title = take("title");
    if title.is_empty() {
        return Err(Violation::new("title", "没有标题"));
    }
    let document_number = take("document_number");
    let issuing_body = take("issuing_body");
    // A place in a list, or the list's name, says nothing of the document: both change with the list.
    let digest = Sha256::digest(format!("{issuing_body}\n{document_number}\n{title}"));
    let digest = hex::encode(digest);
    Ok(Record {
        source_id: format!("row:{}", digest.get(..32).unwrap_or(&digest)),
        title,
        document_number,
        text: take("text"),
        issuing_body,
        category: take("category"),
        issued_on: date("issued_on", &take("issued_on"))?,
        effective_on: date("effective_on", &take("effective_on"))?,
        expires_on: date("expires_on", &take("expires_on"))?,
        status: take("status"),
        ..Record::default()
    })
}

/// A day in a cell, in any writing with one reading.
fn date(field: &'static str, cell: &str) -> Result<String, Violation> {
    let cell = cell.split(' ').next().unwrap_or(cell);
    if cell.is_empty() {
        return Ok(String::new());
    }
    match gongwen::date::parse(cell).day() {
        Some(day) => Ok(day::write(Some(day))),
        None => Err(Violation::new(
            field,
            format!("“{cell}”不是能确定的日期，应如 2024-07-01 或 2024年7月1日"),
        )),
    }
}

/// What a line of JSON says; unknown fields are ignored.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Line {
    id: String,
    title: String,
    text: Option<String>,
    doc_number: Option<String>,
    issuing_body: Option<String>,
    category: Option<String>,
    issued_on: Option<String>,
    effective_on: Option<String>,
    expires_on: Option<String>,
    status: Option<String>,
    source_url: Option<String>,
    format: Option<String>,
}

fn lines(text: &str) -> Records {
    let mut read = Records::default();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Line>(line) {
            Ok(line) => read.records.push(line.record()),
            Err(error) => {
                let told = Violation::new("", format!("不是有效的 JSON 记录：{error}"));
                read.refused.push((format!("第{number}行"), told));
            }
        }
    }
    read
}

impl Line {
    fn record(self) -> Record {
        let format = match self.format.as_deref() {
            Some("html") => Format::Html,
            _ => Format::Plain,
        };
        Record {
            source_id: self.id,
            title: self.title,
            text: self.text.unwrap_or_default(),
            format,
            document_number: self.doc_number.unwrap_or_default(),
            issuing_body: self.issuing_body.unwrap_or_default(),
            category: self.category.unwrap_or_default(),
            issued_on: self.issued_on.unwrap_or_default(),
            effective_on: self.effective_on.unwrap_or_default(),
            expires_on: self.expires_on.unwrap_or_default(),
            status: self.status.unwrap_or_default(),
            source_url: self.source_url.unwrap_or_default(),
            relations: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "文件目录,,,,\n序号,文件名称,文号,成文日期,有效性\n\
        1,停车管理办法,某府〔2024〕8号,2024年5月20日,有效\n2,,某府〔2024〕9号,,\n\
        3,河道管理办法,,20241日,\n4,养老服务办法,,,废止\n";

    #[test]
    fn rows_below_a_head_are_records() {
        let read = records(TABLE.as_bytes(), "目录.csv", &[]).unwrap();
        let titles: Vec<_> = read.records.iter().map(|record| record.title.as_str()).collect();
        assert_eq!(titles, ["停车管理办法", "养老服务办法"]);
        assert_eq!(read.records[0].issued_on, "2024-05-20");
        assert_eq!(read.records[1].status, "废止");
        let fields: Vec<_> = read.refused.iter().map(|(_, broken)| broken.field).collect();
        assert_eq!(fields, ["title", "issued_on"]);
        assert!(read.refused[0].0.contains("第4行"), "{:?}", read.refused);
    }

    #[test]
    fn the_same_row_has_the_same_id() {
        let ids = || {
            let read = records(TABLE.as_bytes(), "目录.csv", &[]).unwrap();
            read.records.into_iter().map(|record| record.source_id).collect::<Vec<_>>()
        };
        assert_eq!(ids(), ids());
        assert_ne!(ids()[0], ids()[1]);
    }

    #[test]
    fn a_table_without_a_head_is_told_what_it_lacks() {
        let refused = records("甲,乙\n1,2\n".as_bytes(), "表.csv", &[]).unwrap_err();
        assert!(refused.description.contains("表头"), "{refused:?}");
    }

    #[test]
    fn lines_of_json_are_records_and_bad_ones_are_told() {
        let text = "{\"id\":\"a\",\"title\":\"办法\",\"doc_number\":null}\n\nnothing\n";
        let read = records(text.as_bytes(), "a.jsonl", &[]).unwrap();
        assert_eq!(read.records.len(), 1);
        assert_eq!(read.refused[0].0, "第3行");
    }

    #[test]
    fn a_document_is_one_record() {
        let text = "某市人民政府关于做好防汛工作的通知\n某府〔2024〕8号\n各区人民政府：\n请做好准备。\n\
                    某市人民政府\n2024年5月20日";
        let read = records(text.as_bytes(), "通知.txt", &[]).unwrap();
        let [record] = read.records.as_slice() else { panic!("{read:?}") };
        assert_eq!(record.document_number, "某府〔2024〕8号");
        assert_eq!(record.issuing_body, "某市人民政府");
        assert!(record.source_id.starts_with("file:"));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (bytes, name) in [(&b""[..], "a.docx"), (&b"PK\x03\x04broken"[..], "a.docx")] {
            let refused = records(bytes, name, &[]).unwrap_err();
            assert_eq!(refused.field, "content");
            assert!(!refused.description.is_empty());
        }
    }
}
