//! Documents from elsewhere: what is refused, what goes through and must be looked at.

use chrono::{NaiveDate, TimeDelta};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    Violation,
    concern::{self, Concern},
    content::{self, Content, Disclosure, Format, RELATION_KINDS, Relation},
    day,
    exposure::Exposure,
    number, proposal, text,
};

/// A record as its source has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The source's own id.
    pub source_id: String,
    /// Title; needed.
    pub title: String,
    /// Body; may be missing.
    pub text: String,
    /// How the body is written.
    pub format: Format,
    /// As the source writes it.
    pub document_number: String,
    /// Name of the issuing organ; may be missing.
    pub issuing_body: String,
    /// As the source calls it.
    pub category: String,
    /// Days as `YYYY-MM-DD`, or empty.
    pub issued_on: String,
    /// As `issued_on`.
    pub effective_on: String,
    /// As `issued_on`.
    pub expires_on: String,
    /// Effect as the source states it.
    pub status: String,
    /// Where it was taken from.
    pub source_url: String,
    /// Type, and source id of the target.
    pub relations: Vec<(String, String)>,
}

impl Record {
    /// Equal for records that say the same: the SHA-256 of all fields.
    pub fn fingerprint(&self) -> String {
        hex::encode(Sha256::digest(serde_json::to_vec(self).unwrap_or_default()))
    }
}

/// Something that a person must look at, although the record was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Stable word.
    pub name: &'static str,
    /// What was found, in Chinese.
    pub detail: String,
}

/// A record that can be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its content; the organ is filled in by who knows the tree.
    pub content: Content,
    /// What must be looked at.
    pub gates: Vec<Gate>,
}

/// What words of a source's status say nothing on the effect.
const STATUS_UNCLEAR: [&str; 2] = ["征求意见", "历史"];

/// Reads a record; the first broken rule refuses it.
///
/// # Errors
/// Names the field of the record and what is wrong with it.
pub fn read(record: Record, categories: &[String], today: NaiveDate) -> Result<Taken, Violation> {
    let id = record.source_id.trim();
    if id.is_empty() || id.chars().count() > 200 || id.chars().any(char::is_control) {
        return Err(Violation::new("id", "编号不能为空，最多 200 个字，不含控制字符"));
    }
    if record.text.len() > text::MAX_BODY_BYTES {
        return Err(Violation::new("text", too_large(record.text.len())));
    }
    let days = [
        ("issued_on", &record.issued_on),
        ("effective_on", &record.effective_on),
        ("expires_on", &record.expires_on),
    ];
    let [issued_on, effective_on, expires_on] =
        days.map(|(field, text)| day::read(text).map_err(|wrong| Violation::new(field, wrong)));
    let source_url = text::line(&record.source_url);
    let (source_url, no_address) = match content::is_address(&source_url) {
        true => (source_url, String::new()),
        false => (String::new(), source_url),
    };
    let content = Content {
        title: record.title,
        document_number: record.document_number,
        category: record.category,
        text: record.text,
        format: record.format,
        issued_on: issued_on?,
        effective_on: effective_on?,
        expires_on: expires_on?,
        relations: record.relations.into_iter().map(relation).collect::<Result<_, _>>()?,
        source: text::line(&record.issuing_body),
        source_url,
        source_status: text::line(&record.status),
        ..Content::default()
    }
    .tidied();
    let (content, doubtful) = supplemented(content);
    // A period that ends before it begins is the source's own contradiction: taken, and shown.
    let mut gates = gates(&content, categories, today);
    gates.extend(doubtful);
    if !no_address.is_empty() {
        let detail = format!("来源网址“{no_address}”不是网址，未采用");
        gates.push(Gate { name: "source_url_unread", detail });
    }
    match content.shape_violations().into_iter().find(|broken| broken.field != "expires_on") {
        Some(broken) => Err(broken),
        None => Ok(Taken { content, gates }),
    }
}

/// Reads from the text what the record does not say: relations, and the days of its effect.
fn supplemented(mut content: Content) -> (Content, Vec<Gate>) {
    if content.text.is_empty() {
        return (content, Vec::new());
    }
    let text = text::untagged(&content.text, content.format);
    let found = proposal::supplement(&content.title, &text);
    drop(text);
    if content.relations.is_empty() {
        content.relations = found.relations.into_iter().map(Relation::tidied).collect();
    }
    // Days of a record and days of its text together may contradict each other.
    if content.effective_on.is_none() && content.expires_on.is_none() {
        content.effective_on = found.effective_on;
        content.expires_on = found.expires_on;
    }
    let detail = found.doubtful.join("；");
    let mut gates = Vec::new();
    if !detail.is_empty() {
        gates.push(Gate { name: "read_from_text", detail });
    }
    if found.disclosure != Disclosure::Public {
        content.disclosure = found.disclosure;
        content.disclosure_ground = format!("正文标明{}", found.disclosure.chinese());
        let detail = format!("正文标明{}，没有公开，请核对", found.disclosure.chinese());
        gates.push(Gate { name: "not_public", detail });
    }
    (content, gates)
}

/// Says how large a body is and how large it may be.
pub fn too_large(bytes: usize) -> String {
    let tenths = bytes.saturating_mul(10).div_ceil(1024 * 1024);
    format!("正文有 {}.{} MiB，最多 5 MiB", tenths / 10, tenths % 10)
}

fn relation((kind, target): (String, String)) -> Result<Relation, Violation> {
    if !RELATION_KINDS.contains(&kind.as_str()) || target.trim().is_empty() {
        let known = RELATION_KINDS.join("、");
        let text = format!("关系应写明类型（{known}）和目标编号");
        return Err(Violation::new("relations", text));
    }
    Ok(Relation { kind, target_source_id: target.trim().to_owned(), ..Relation::default() })
}

fn gates(content: &Content, categories: &[String], today: NaiveDate) -> Vec<Gate> {
    let mut gates = Vec::new();
    let mut gate = |name, detail: String| gates.push(Gate { name, detail });
    if !categories.contains(&content.category) {
        gate(
            "category_unknown",
            match content.category.as_str() {
                "" => "来源没有文件类别".to_owned(),
                other => format!("文件类别“{other}”不在文库的类别之中"),
            },
        );
    }
    if !number::read(&content.document_number).exact {
        gate("number_unread", format!("发文字号“{}”不能识别", content.document_number));
    }
    if content.text.trim().is_empty() {
        gate("text_missing", "只有标题，没有正文".to_owned());
    }
    let status = content.source_status.as_str();
    if STATUS_UNCLEAR.contains(&status) {
        gate("status_unclear", format!("来源状态为“{status}”，有效性待核"));
    }
    if status == "有效" && content.expires_on.is_some_and(|day| day < today) {
        gate("status_conflict", "来源标明有效，但有效期已届满".to_owned());
    }
    if let (Some(from), Some(until)) = (content.effective_on, content.expires_on)
        && until < from
    {
        gate("status_conflict", "失效日期早于实施日期".to_owned());
    }
    gates
}

/// What must be looked at where a document would expose something personal.
pub fn privacy_gate(found: &[Exposure]) -> Option<Gate> {
    let first = found.first()?;
    let count = found.len();
    let detail = format!("有 {count} 处个人信息，例如{first}；遮盖或说明依据之前不公开");
    Some(Gate { name: "privacy", detail })
}

/// What must be looked at where a document was signed on a day that is yet to come.
pub fn day_gate(concerns: &[Concern]) -> Option<Gate> {
    let future = concerns.iter().find(|concern| concern.kind == concern::Kind::FutureDay)?;
    Some(Gate { name: "future_day", detail: format!("{}；核对之前不公开", future.detail) })
}

/// Whether a document is too old to be announced: issued more than 30 days ago, or nobody knows when.
pub fn is_old(issued_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    issued_on.is_none_or(|day| today - day > TimeDelta::days(30))
}

/// A stable code for an organ that is known by its name only: the first 8 hex digits of the
/// name's SHA-256 behind `imported-`.
pub fn organ_code(name: &str) -> String {
    let digest = hex::encode(Sha256::digest(name.as_bytes()));
    format!("imported-{}", digest.get(..8).unwrap_or(&digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        "2024-06-30".parse().unwrap()
    }

    fn record() -> Record {
        Record {
            source_id: "doc-1".to_owned(),
            title: "关于印发办法的通知".to_owned(),
            text: "正文".to_owned(),
            category: "政府规章".to_owned(),
            issued_on: "2023-12-01".to_owned(),
            ..Record::default()
        }
    }

    fn taken(record: Record) -> Result<Taken, Violation> {
        read(record, &["政府规章".to_owned()], today())
    }

    fn gates_of(record: Record) -> Vec<&'static str> {
        taken(record).unwrap().gates.iter().map(|gate| gate.name).collect()
    }

    #[test]
    fn a_sound_record_has_no_gates() {
        let taken = taken(record()).unwrap();
        assert_eq!(taken.gates, []);
        assert_eq!(taken.content.issued_on, "2023-12-01".parse().ok());
    }

    #[test]
    fn refusals_name_the_field() {
        type Spoil = fn(&mut Record);
        let cases: [(&str, Spoil); 7] = [
            ("id", |r| r.source_id = " ".to_owned()),
            ("title", |r| r.title = "\0 ".to_owned()),
            ("title", |r| r.title = "字".repeat(501)),
            ("issued_on", |r| r.issued_on = "2023-02-30".to_owned()),
            ("effective_on", |r| r.effective_on = "明天".to_owned()),
            ("text", |r| r.text = "a".repeat(text::MAX_BODY_BYTES + 1)),
            ("relations", |r| r.relations = vec![("likes".to_owned(), "x".to_owned())]),
        ];
        for (field, spoil) in cases {
            let mut record = record();
            spoil(&mut record);
            assert_eq!(taken(record).unwrap_err().field, field);
        }
    }

    #[test]
    fn a_title_alone_is_taken_and_looked_at() {
        assert_eq!(gates_of(Record { text: String::new(), ..record() }), ["text_missing"]);
    }

    #[test]
    fn what_the_source_leaves_unclear_is_looked_at() {
        assert_eq!(
            gates_of(Record { category: "司法解释".to_owned(), ..record() }),
            ["category_unknown"]
        );
        assert_eq!(
            gates_of(Record { document_number: "无号".to_owned(), ..record() }),
            ["number_unread"]
        );
        assert_eq!(
            gates_of(Record { status: "征求意见".to_owned(), ..record() }),
            ["status_unclear"]
        );
        let expired =
            Record { status: "有效".to_owned(), expires_on: "2024-01-01".to_owned(), ..record() };
        assert_eq!(gates_of(expired), ["status_conflict"]);
    }

    #[test]
    fn what_is_no_address_is_left_out_and_looked_at() {
        let strange = || Record { source_url: "访问地址".to_owned(), ..record() };
        assert_eq!(taken(strange()).unwrap().content.source_url, "");
        assert_eq!(gates_of(strange()), ["source_url_unread"]);
        let sound = Record { source_url: "https://gov.example/1".to_owned(), ..record() };
        assert_eq!(taken(sound).unwrap().content.source_url, "https://gov.example/1");
    }

    #[test]
    fn numbers_are_kept_in_their_canonical_form() {
        let taken =
            taken(Record { document_number: "淮府办[2023]12".to_owned(), ..record() }).unwrap();
        assert_eq!(taken.content.document_number, "淮府办〔2023〕12号");
    }

    #[test]
    fn old_is_more_than_thirty_days_or_unknown() {
        assert!(!is_old("2024-05-31".parse().ok(), today()));
        assert!(is_old("2024-05-30".parse().ok(), today()));
        assert!(is_old(None, today()));
    }

    #[test]
    fn an_organs_code_follows_from_its_name() {
        let code = organ_code("国务院办公厅、中央军委办公厅");
        assert_eq!(code, organ_code("国务院办公厅、中央军委办公厅"));
        assert!(code.starts_with("imported-") && code.len() == 17);
    }
}
