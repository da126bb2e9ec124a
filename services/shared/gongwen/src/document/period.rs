//! How long a document is valid: 有效期五年, 有效期至2026年12月31日, 试行两年.
//!
//! Many provinces require the period in the text, as 《安徽省行政机关规范性文件制定程序规定》
//! does in article 7. Where the text names no last day one is
//! counted from the period; that has two readings, so it is a proposal of low confidence.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use chrono::NaiveDate;

use super::effect;
use super::fields::Fields;
use super::header;
use super::labels::Label;
use super::page::Page;
use crate::date;
use crate::lines;

/// How sure a counted last day is: below what goes without a person.
const COUNTED: u8 = 55;

const WORDS: [&str; 11] = [
    "有效期",
    "试行期",
    "试行",
    "执行期",
    "实施期",
    "施行期",
    "有效时间",
    "执行至",
    "有效至",
    "实施期限",
    "执行期限",
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(WORDS).ok());

/// Reads period and last day into the fields.
pub(super) fn read(page: &Page, fields: &mut Fields) {
    let Some(finder) = FINDER.as_ref() else { return };
    for found in finder.find_iter(page.text) {
        let sentence = sentence(page.text, found.start());
        if !is_of_document(page.slice(sentence.clone()), lines::tail(page.text, found.start(), 14))
        {
            continue;
        }
        let behind = found.end()..sentence.end;
        if fields.expires_on.is_none()
            && let Some((bytes, day)) = last_day(page, behind.clone())
        {
            fields.expires_on = Some(page.field(day, bytes, 93));
        }
        if fields.validity_years.is_none()
            && let Some((bytes, years)) = years(page, behind)
        {
            fields.validity_years = Some(page.field(years, bytes, 93));
        }
    }
    if fields.expires_on.is_none() {
        fields.expires_on = header::labelled(page, Label::ExpiresOn, &mut fields.doubts)
            .or_else(|| ends_with_effect(page, fields))
            .or_else(|| counted(fields));
    }
}

fn sentence(text: &str, at: usize) -> Range<usize> {
    let before = lines::tail(text, at, 80);
    let start = before.rfind(['。', '；', '\n']).map_or(0, |at| at + 1);
    let behind = lines::head(text, at, 60);
    let end = behind.find(['。', '；', '\n']).unwrap_or(behind.len());
    let start = at - before.len() + start;
    // The stops are wider than the one byte stepped over.
    let start = (start..start + 3).find(|start| text.is_char_boundary(*start)).unwrap_or(at);
    start..at + end
}

/// Whether the period is the document's and not that of a licence or a quotation.
fn is_of_document(sentence: &str, before: &str) -> bool {
    let own = [
        "本办法",
        "本通知",
        "本规定",
        "本细则",
        "本意见",
        "本方案",
        "本条例",
        "本措施",
        "本政策",
        "本文件",
        "本决定",
        "本通告",
        "本公告",
    ];
    let named = own.iter().any(|name| before.contains(name) || sentence.starts_with(name));
    (named || effect::speaks_of_effect(sentence)) && !sentence.contains("许可证")
}

/// The day in `至2026年12月31日`, `自…起至…止`.
fn last_day(page: &Page, range: Range<usize>) -> Option<(Range<usize>, NaiveDate)> {
    let within = page
        .dates
        .iter()
        .filter(|found| found.range.start >= range.start && found.range.end <= range.end);
    let mut last = None;
    for found in within {
        let before = lines::tail(page.text, found.range.start, 6);
        let to = before.trim_end().ends_with(['至', '到', '—', '-', '－', '～', '~']);
        if to && let Some(day) = found.date.day() {
            last = Some((found.range.clone(), day));
        }
    }
    last
}

/// The number in `有效期为5年`, `有效期五年`, `试行两年`.
fn years(page: &Page, range: Range<usize>) -> Option<(Range<usize>, u32)> {
    const LEAD: usize = 8;
    let rest = page.slice(range.clone());
    let lead = rest.find(|ch: char| date::is_numeral(ch) || ch == '两')?;
    if rest.get(..lead)?.chars().count() > LEAD || rest.get(..lead)?.contains('自') {
        return None;
    }
    let number = rest.get(lead..)?;
    let length = number.find(|ch: char| !(date::is_numeral(ch) || ch == '两' || ch == ' '))?;
    let written: Vec<char> = number
        .get(..length)?
        .chars()
        .filter(|ch| *ch != ' ')
        .map(|ch| if ch == '两' { '二' } else { ch })
        .collect();
    let behind = number.get(length..)?;
    if !behind.starts_with('年') || behind.starts_with("年月") {
        return None;
    }
    let years = date::number(&written).filter(|years| *years <= 30)?;
    let start = range.start + lead;
    Some((start..start + length + '年'.len_utf8(), years))
}

/// A proposal: the day on which the stated years are over, counted as in 《民法典》 articles 201
/// and 202, to the corresponding day. Many documents mean the day before, so a person decides.
fn counted(fields: &Fields) -> Option<crate::Field<NaiveDate>> {
    let years = fields.validity_years.as_ref()?;
    let from = fields.effective_on.as_ref()?.value;
    let day = from.checked_add_months(chrono::Months::new(years.value * 12))?;
    let other = day.pred_opt()?;
    let doubt = format!(
        "由施行日期和有效期{}年推算，按民法典第二百零一条、第二百零二条计至对应日；另一读法为{other}",
        years.value
    );
    let field = crate::Field::new(day, years.span.clone(), COUNTED);
    Some(field.doubted(COUNTED, doubt))
}

/// `自2020年5月1日起施行，至2025年4月30日止`.
fn ends_with_effect(page: &Page, fields: &Fields) -> Option<crate::Field<NaiveDate>> {
    let stated = fields.effective_on.as_ref()?.span.as_ref()?.bytes();
    let found = page.dates.iter().find(|found| found.range.start > stated.end)?;
    let between = page.slice(stated.end..found.range.start);
    let close = between.chars().count() <= 24 && !between.contains(['。', '；', '\n', '《']);
    let to = between.ends_with(['至', '到']);
    let day = found.date.day().filter(|_| close && to)?;
    Some(page.field(day, found.range.clone(), 88))
}
