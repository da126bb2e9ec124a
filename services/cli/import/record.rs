//! A line of a source as the record that the platform takes in.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::super::lines::Line;

/// Bytes that a text may have.
const LARGEST_TEXT: usize = 5 << 20;

/// A document as the REST interface takes it.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The source's own id.
    pub source_id: String,
    /// Full title.
    pub title: String,
    #[serde(deserialize_with = "known")]
    text: String,
    #[serde(deserialize_with = "known")]
    document_number: String,
    #[serde(deserialize_with = "known")]
    issuing_body: String,
    #[serde(deserialize_with = "known")]
    category: String,
    #[serde(deserialize_with = "known")]
    issued_on: String,
    #[serde(deserialize_with = "known")]
    effective_on: String,
    #[serde(deserialize_with = "known")]
    expires_on: String,
    #[serde(deserialize_with = "known")]
    status: String,
    #[serde(deserialize_with = "known")]
    source_url: String,
    text_format: String,
    relations: Vec<Relation>,
}

/// Null means unknown.
fn known<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

impl Record {
    /// Bytes that it takes in a request, roughly.
    pub fn size(&self) -> usize {
        const NAMES_AND_MARKS: usize = 300;
        self.text.len() + self.title.len() + NAMES_AND_MARKS
    }
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Relation {
    #[serde(rename = "type")]
    kind: String,
    target_source_id: String,
}

/// Why a record is not taken.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The record's id, where it could be read.
    pub id: String,
    /// The field that is wrong; empty where the line is no record at all.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Reads a line; fields that the platform does not know are ignored, null means unknown.
pub fn read(line: &Line) -> Result<Record, Refusal> {
    match line {
        Line::Whole(line) => read_line(line),
        Line::TooLong => Err(refuse("text", "这一行超过 32 MiB，正文最多 5 MiB")),
    }
}

/// As [`read`], of a line that is whole.
pub fn read_line(line: impl AsRef<[u8]>) -> Result<Record, Refusal> {
    let value: Value = serde_json::from_slice(line.as_ref())
        .map_err(|error| refuse("", &format!("不是有效的 JSON：{error}")))?;
    let Value::Object(fields) = value else {
        return Err(refuse("", "每一行应为一个 JSON 对象"));
    };
    let id = fields.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    record(&fields).map_err(|refusal| Refusal { id, ..refusal })
}

fn record(fields: &Map<String, Value>) -> Result<Record, Refusal> {
    let record = Record {
        source_id: needed(fields, "id")?,
        title: needed(fields, "title")?,
        text: text(fields, "text")?,
        document_number: text(fields, "doc_number")?,
        issuing_body: text(fields, "issuing_body")?,
        category: text(fields, "category")?,
        issued_on: text(fields, "issued_on")?,
        effective_on: text(fields, "effective_on")?,
        expires_on: text(fields, "expires_on")?,
        status: text(fields, "status")?,
        source_url: text(fields, "source_url")?,
        text_format: format(fields)?.to_owned(),
        relations: relations(fields)?,
    };
    if record.text.len() > LARGEST_TEXT {
        let tenths = record.text.len().saturating_mul(10).div_ceil(1 << 20);
        let size = format!("正文有 {}.{} MiB，最多 5 MiB", tenths / 10, tenths % 10);
        return Err(refuse("text", &size));
    }
    Ok(record)
}

fn needed(fields: &Map<String, Value>, field: &str) -> Result<String, Refusal> {
    let text = text(fields, field)?;
    if text.trim().is_empty() { Err(refuse(field, "不能为空")) } else { Ok(text) }
}

fn text(fields: &Map<String, Value>, field: &str) -> Result<String, Refusal> {
    match fields.get(field) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(other) => Err(refuse(field, &format!("应为文本，现为{}", kind(other)))),
    }
}

fn format(fields: &Map<String, Value>) -> Result<&'static str, Refusal> {
    match text(fields, "format")?.as_str() {
        "" | "plain" | "text" => Ok("plain"),
        "html" => Ok("html"),
        other => Err(refuse("format", &format!("应为 plain 或 html，现为“{other}”"))),
    }
}

fn relations(fields: &Map<String, Value>) -> Result<Vec<Relation>, Refusal> {
    let wrong = || refuse("relations", "应为列表，每项写明 type（类型）和 target（目标编号）");
    let items = match fields.get("relations") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(_) => return Err(wrong()),
    };
    let relation = |item: &Value| {
        let text = |key| item.get(key)?.as_str().map(str::to_owned);
        Some(Relation { kind: text("type")?, target_source_id: text("target")? })
    };
    items.iter().map(relation).collect::<Option<_>>().ok_or_else(wrong)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "空值",
        Value::Bool(_) => "真假值",
        Value::Number(_) => "数字",
        Value::String(_) => "文本",
        Value::Array(_) => "列表",
        Value::Object(_) => "对象",
    }
}

fn refuse(field: &str, reason: &str) -> Refusal {
    Refusal { id: String::new(), field: field.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(line: &str) -> Result<Record, Refusal> {
        read_line(line)
    }

    #[test]
    fn the_corpora_are_taken_as_they_are() {
        let record = read_text(
            r#"{"id":"a-1","title":"办法","doc_number":null,"format":"html","page_meta":{"x":1}}"#,
        );
        let expected = Record {
            source_id: "a-1".to_owned(),
            title: "办法".to_owned(),
            text_format: "html".to_owned(),
            ..Record::default()
        };
        assert_eq!(record, Ok(expected));
    }

    #[test]
    fn refusals_name_the_field_and_the_record() {
        let cases = [
            (r#"{"id":"a","title":7}"#, "a", "title"),
            (r#"{"id":"a"}"#, "a", "title"),
            (r#"{"id":5,"title":"t"}"#, "", "id"),
            (r#"{"id":"a","title":"t","issued_on":20240101}"#, "a", "issued_on"),
            (r#"{"id":"a","title":"t","format":"docx"}"#, "a", "format"),
            (r#"{"id":"a","title":"t","relations":[{"type":"repeals"}]}"#, "a", "relations"),
            (r#"{"id":"a","title":"#, "", ""),
            ("[1]", "", ""),
        ];
        for (line, id, field) in cases {
            let refusal = read_text(line).unwrap_err();
            assert_eq!((refusal.id.as_str(), refusal.field.as_str()), (id, field), "{line}");
        }
    }

    #[test]
    fn a_text_over_five_mebibytes_is_refused() {
        let text = "a".repeat(LARGEST_TEXT + 1);
        let refusal = read_text(&format!(r#"{{"id":"a","title":"t","text":"{text}"}}"#));
        assert_eq!(refusal.unwrap_err().reason, "正文有 5.1 MiB，最多 5 MiB");
    }

    #[test]
    fn relations_point_to_the_sources_ids() {
        let record =
            read_text(r#"{"id":"a","title":"t","relations":[{"type":"repeals","target":"b"}]}"#);
        assert_eq!(
            record.unwrap().relations,
            [Relation { kind: "repeals".to_owned(), target_source_id: "b".to_owned() }]
        );
    }
}
