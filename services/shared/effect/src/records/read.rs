//! Records taken for documents: what they state, else what their text says.

use chrono::NaiveDate;
use gongwen::date::Reading;
use gongwen::document::Level;
use gongwen::{Field, RelationType};
use serde_json::Value;

use super::input::{Confidence, Confidences, Node, Place, Record, RelationRecord};
use crate::act::ActKind;
use crate::grounds::{SourceStatement, SourceWord};
use crate::library::{Document, Relation, Target};

/// From this confidence on a day or a period that was read counts; below it a person should look.
pub const FAIR_DAY: u8 = 60;
/// From this confidence on a relation that was read counts.
pub const FAIR_RELATION: u8 = 70;

const LAST_DAY: &str = "失效日期";

/// The document of a record, under an id, and what a person should look at.
pub(super) fn document(mut record: Record, id: String) -> (Document, Vec<String>) {
    let mut warnings = Vec::new();
    let text = record.text.take().unwrap_or_default();
    let with_consent = has_consent(&text);
    // What is printed of a document has an outline or fields, and nothing left to read.
    if record.fields.is_none() && lacks(&record) {
        complete(&mut record, &text);
    }
    let sure = record.fields.unwrap_or_default();
    // A last day counted from the period is a proposal; the period tells it too.
    let is_counted = record.validity_years.is_some();
    let mut day = |name: &str, written: Option<&str>, sure: Option<Confidence>| {
        let found = stated_day(name, written, &mut warnings)?;
        let fair = is_fair(sure);
        if !(fair || is_counted && name == LAST_DAY) {
            warnings.push(format!("{name}{found}读法存疑，不予计算"));
        }
        Some(found).filter(|_| fair)
    };
    let signed_on = day("成文日期", record.signed_on.as_deref(), sure.signed_on)
        .or_else(|| day("发布日期", record.issued_on.as_deref(), None));
    let effective_on = day("施行日期", record.effective_on.as_deref(), sure.effective_on);
    let expires_on = day(LAST_DAY, record.expires_on.as_deref(), sure.expires_on);
    let seen_on = day("来源状态日期", record.status_on.as_deref(), None);
    let validity_years = validity(&record, sure, &mut warnings);
    let relations = relations(&mut record, &mut warnings);
    let is_draft = is_draft(&record);
    if is_draft {
        warnings.push("征求意见稿，不是现行文件".to_owned());
    }
    let word = record.status.as_deref().and_then(SourceWord::read);
    let document = Document {
        id,
        numbers: numbers(&record),
        organs: organs(&record),
        category: record.category.unwrap_or_default(),
        signed_on,
        effective_on,
        expires_on,
        validity_years,
        source: word.map(|word| SourceStatement { word, seen_on }),
        relations,
        with_consent,
        published: record.published.unwrap_or(true) && !is_draft,
        overrule: None,
        title: record.title.unwrap_or_default(),
    };
    (document, warnings)
}

fn is_fair(confidence: Option<Confidence>) -> bool {
    confidence.is_none_or(|sure| sure.confidence >= FAIR_DAY)
}

/// The period of validity, where it surely is the document's own: laws also set periods for
/// licences and filings, which stand far from the day on which the law takes effect.
fn validity(record: &Record, sure: Confidences, warnings: &mut Vec<String>) -> Option<u32> {
    const REACH: usize = 80;
    let years = record.validity_years?;
    let Some(period) = sure.validity_years else { return Some(years) };
    let effect = sure.effective_on.and_then(|effect| effect.span);
    let near = match (period.span, effect) {
        (Some(period), Some(effect)) => {
            period.start < effect.end + REACH && effect.start < period.end + REACH
        }
        _ => false,
    };
    let own = near && period.confidence >= FAIR_DAY;
    if !own {
        warnings.push(format!("有效期{years}年是否指本文件存疑，不予计算"));
    }
    Some(years).filter(|_| own)
}

/// Whether a record leaves open what its text may say.
fn lacks(record: &Record) -> bool {
    record.relations.is_none()
        || record.effective_on.is_none()
        || record.expires_on.is_none()
        || numbers(record).is_empty()
        || organs(record).is_empty()
}

/// Fills in what a record does not state.
fn complete(record: &mut Record, text: &str) {
    let read = gongwen::analyze(record.title.as_deref(), text);
    let fields = read.fields;
    record.title = record.title.take().or_else(|| fields.title.as_ref().map(|f| f.value.clone()));
    if numbers(record).is_empty() {
        let number = |field: &Field<gongwen::DocumentNumber>| field.value.to_string();
        record.document_numbers = fields.document_numbers.iter().map(number).collect();
    }
    if organs(record).is_empty() {
        record.issuing_organs = fields.issuing_organs.into_iter().map(|f| f.value).collect();
    }
    let mut sure = Confidences::default();
    // A day of issue that the record states says more than a day of signing that was read.
    if blank(record.issued_on.as_ref()) {
        fill(&mut record.signed_on, fields.signed_on, &mut sure.signed_on);
    }
    let states_expiry = !blank(record.expires_on.as_ref());
    fill(&mut record.effective_on, fields.effective_on, &mut sure.effective_on);
    fill(&mut record.expires_on, fields.expires_on, &mut sure.expires_on);
    if let Some(field) = fields.validity_years.filter(|_| !states_expiry)
        && record.validity_years.is_none()
    {
        record.validity_years = Some(field.value);
        sure.validity_years = Some(confidence(&field));
    }
    record.fields = Some(sure);
    if record.relations.is_none() {
        record.relations = Some(read.relations.into_iter().map(relation_record).collect());
        let articles = read.outline.into_iter().filter(|node| node.level == Level::Article);
        record.outline = articles
            .map(|node| Node {
                level: "article".to_owned(),
                label: node.label,
                span: place(&node.span),
            })
            .collect();
    }
}

fn blank(written: Option<&String>) -> bool {
    written.is_none_or(|written| written.trim().is_empty())
}

fn fill(slot: &mut Option<String>, field: Option<Field<NaiveDate>>, sure: &mut Option<Confidence>) {
    if let Some(field) = field.filter(|_| blank(slot.as_ref())) {
        *slot = Some(field.value.to_string());
        *sure = Some(confidence(&field));
    }
}

fn confidence<T>(field: &Field<T>) -> Confidence {
    Confidence { confidence: field.confidence, span: field.span.as_ref().map(place) }
}

fn place(span: &gongwen::Span) -> Place {
    Place { start: span.start, end: span.end }
}

fn relation_record(relation: gongwen::Relation) -> RelationRecord {
    let kind = match relation.kind {
        RelationType::Repeals => ActKind::Repeals.as_str(),
        RelationType::Amends => ActKind::Amends.as_str(),
        _ => "",
    };
    RelationRecord {
        kind: kind.to_owned(),
        id: None,
        title: relation.title,
        number: relation.number,
        articles: relation.articles,
        article: None,
        effective_on: relation.effective_on.map(|day| day.to_string()),
        evidence: Some(relation.evidence),
        span: relation.span.as_ref().map(place),
        confidence: Some(relation.confidence),
    }
}

fn relations(record: &mut Record, warnings: &mut Vec<String>) -> Vec<Relation> {
    let mut relations = Vec::new();
    for relation in record.relations.take().unwrap_or_default() {
        let Some(kind) = ActKind::parse(&relation.kind) else { continue };
        let kind = if kind == ActKind::Repeals { repeal(&relation) } else { kind };
        let target = Target {
            id: relation.id.as_ref().and_then(id),
            title: relation.title,
            number: relation.number,
        };
        if relation.confidence.is_some_and(|confidence| confidence < FAIR_RELATION) {
            warnings.push(format!("对{target}的关系读法存疑，不予计算"));
            continue;
        }
        let written = relation.effective_on.as_deref();
        let article = relation.article.or_else(|| article(&record.outline, relation.span?));
        relations.push(Relation {
            kind,
            target,
            articles: relation.articles,
            article,
            effective_on: stated_day("关系的起始日期", written, warnings),
        });
    }
    relations
}

fn id(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(id) => Some(id.clone()),
        other => Some(other.to_string()),
    }
}

/// A declaration of lapse reads like a repeal but for its words.
fn repeal(relation: &RelationRecord) -> ActKind {
    let evidence = relation.evidence.as_deref().unwrap_or_default();
    let lapse = evidence.contains("宣布失效") && !evidence.contains("废止");
    if lapse { ActKind::DeclaresLapsed } else { ActKind::Repeals }
}

/// The article around a place.
fn article(outline: &[Node], place: Place) -> Option<String> {
    let around = |node: &&Node| {
        node.level == "article" && node.span.start <= place.start && place.end <= node.span.end
    };
    outline.iter().rfind(around).map(|node| node.label.clone())
}

fn stated_day(name: &str, written: Option<&str>, warnings: &mut Vec<String>) -> Option<NaiveDate> {
    let written = written.map(str::trim).filter(|written| !written.is_empty())?;
    // `2024-05-01 10:30` and the like: the day is what counts.
    if let Some(day) = written.get(..10).and_then(|day| day.parse().ok()) {
        return Some(day);
    }
    let day = match gongwen::date::parse(written) {
        Reading::Exact(date) => date.day(),
        _ => None,
    };
    if day.is_none() {
        warnings.push(format!("{name}“{written}”无法读取"));
    }
    day
}

fn numbers(record: &Record) -> Vec<String> {
    let lead = record.document_number.iter();
    let mut numbers: Vec<String> = Vec::new();
    for number in lead.chain(&record.document_numbers).map(|number| number.trim()) {
        if !number.is_empty() && !numbers.iter().any(|known| known == number) {
            numbers.push(number.to_owned());
        }
    }
    numbers
}

fn organs(record: &Record) -> Vec<String> {
    let named = record.issuing_organs.iter().map(String::as_str);
    let together = record.issuing_body.as_deref().unwrap_or_default();
    let several = together.split(['、', '，', ',', ';', '；', ' ', '\u{3000}', '\n']);
    let named: Vec<&str> =
        if record.issuing_organs.is_empty() { several.collect() } else { named.collect() };
    let named = named.into_iter().map(str::trim).filter(|name| !name.is_empty());
    named.map(str::to_owned).collect()
}

fn is_draft(record: &Record) -> bool {
    let title = record.title.as_deref().unwrap_or_default();
    record.status.as_deref().is_some_and(|status| status.contains("征求意见"))
        || title.contains("征求意见稿")
        || title.ends_with("（草案）")
}

/// Whether a text says that the organ above agreed: `经市人民政府同意`.
fn has_consent(text: &str) -> bool {
    const REACH: usize = 20;
    text.match_indices('经').any(|(at, _)| {
        let clause: String = text
            .get(at..)
            .unwrap_or_default()
            .chars()
            .take(REACH)
            .take_while(|ch| *ch != '，')
            .collect();
        let above = ["政府", "国务院", "党中央"].iter().any(|organ| clause.contains(organ));
        above && (clause.contains("同意") || clause.contains("批准"))
    })
}
