//! The header of a law or rule: when it was adopted, promulgated, amended.

use std::ops::Range;

use chrono::NaiveDate;

use super::labels::Label;
use super::page::Page;
use crate::date::{self, Reading};
use crate::{Field, lines};

/// What happened to a law on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// 通过, 批准.
    Adopted,
    /// 公布, 发布.
    Published,
    /// 修正, 修订.
    Amended,
    /// 施行.
    Effective,
}

/// One line of the header.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) what: What,
    pub(super) date: NaiveDate,
    /// The date as written.
    pub(super) bytes: Range<usize>,
    /// What stands between the date and the next one.
    pub(super) account: Range<usize>,
}

/// Lines in which a header ends at the latest.
const ZONE: usize = 30;

/// The events of a header in the order of the text; none for other documents.
pub(super) fn events(page: &Page) -> Vec<Event> {
    let mut events = Vec::new();
    let body = page.lines.iter().take(ZONE).position(|line| is_body(page.slice(line.clone())));
    let limit = body.and_then(|index| page.lines.get(index)).map(|line| line.start);
    for line in page.lines.iter().take(body.unwrap_or(ZONE)) {
        let content = page.slice(line.clone());
        let first = page.dates.partition_point(|found| found.range.start < line.start);
        let dates = page.dates.get(first..).unwrap_or_default();
        let mut dates = dates.iter().take_while(|found| found.range.start < line.end).peekable();
        let lead = dates.peek().map_or("", |found| page.slice(line.start..found.range.start));
        let lead = lead.trim_start_matches(['（', '(', '　', ' ', '<', '[', '〔']);
        let is_header = lead.is_empty()
            || (lead.starts_with("根据") && lead.chars().count() < 40)
            || lead == "自";
        if !is_header || content.chars().count() > 1500 {
            continue;
        }
        while let Some(found) = dates.next() {
            let end = dates.peek().map_or(line.end, |next| next.range.start);
            let mut account = found.range.end..end.max(found.range.end);
            let mut what = what(page.slice(account.clone()));
            // Headers are broken into lines within a title or even a date.
            if let (None, Some(limit), None) = (what, limit, dates.peek()) {
                let behind = page.dates.partition_point(|next| next.range.start < account.end);
                let next = page.dates.get(behind).map_or(limit, |next| next.range.start);
                account = found.range.end..next.min(limit).max(account.end);
                what = self::what(page.slice(account.clone()));
            }
            if let (Some(what), Some(date)) = (what, found.date.day()) {
                let event = Event { what, date, bytes: found.range.clone(), account };
                let written = page.slice(event.account.clone());
                // `令第6号发布施行` says both.
                if what == What::Effective
                    && ["公布", "发布", "颁布"].iter().any(|verb| written.contains(verb))
                {
                    events.push(Event { what: What::Published, ..event.clone() });
                }
                events.push(event);
            }
        }
    }
    events
}

fn is_body(line: &str) -> bool {
    let line = line.trim_start_matches(['#', ' ', '　']);
    ["第一条", "第一章", "第一编", "目录", "为了", "一、", "<!--"]
        .iter()
        .any(|word| line.starts_with(word))
}

fn what(account: &str) -> Option<What> {
    let account = account.trim_end_matches([
        '）', ')', '。', '，', ' ', '　', '自', '据', '根', '>', '\n', '\r', '（', '(', ']',
    ]);
    let ends = |words: &[&str]| words.iter().any(|word| account.ends_with(word));
    let holds = |words: &[&str]| words.iter().any(|word| account.contains(word));
    if ends(&["施行", "实施", "执行", "生效"]) {
        Some(What::Effective)
    } else if ends(&["修正", "修订", "修改"]) {
        Some(What::Amended)
    } else if holds(&["公布", "发布", "颁布"]) {
        Some(What::Published)
    } else if holds(&["修正", "修订"]) {
        Some(What::Amended)
    } else if holds(&["通过", "批准"]) {
        Some(What::Adopted)
    } else if account.trim_end_matches('号').len() < account.len() && account.contains("令") {
        Some(What::Published)
    } else {
        None
    }
}

/// The day a law in its present wording was decided on.
pub(super) fn decided(events: &[Event]) -> Option<&Event> {
    events.iter().filter(|event| event.what != What::Effective).max_by_key(|event| event.date)
}

/// The day of publication, by the page's label or the header.
pub(super) fn published_on(
    page: &Page,
    events: &[Event],
    doubts: &mut Vec<String>,
) -> Option<Field<NaiveDate>> {
    if let Some(field) = labelled(page, Label::PublishedOn, doubts) {
        return Some(field);
    }
    let published = events.iter().filter(|event| event.what == What::Published);
    let event = published.max_by_key(|event| event.date)?;
    Some(page.field(event.date, event.bytes.clone(), 90))
}

/// A day behind a label.
pub(super) fn labelled(
    page: &Page,
    label: Label,
    doubts: &mut Vec<String>,
) -> Option<Field<NaiveDate>> {
    let bytes = page.label(label)?;
    let written = page.slice(bytes.clone());
    match date::parse(written) {
        Reading::Exact(date) => Some(page.field(date.day()?, bytes, 97)),
        Reading::Repaired(date) => {
            Some(page.field(date.day()?, bytes, 75).doubted(75, "日期残缺，已按唯一读法补全"))
        }
        Reading::Ambiguous(readings) => {
            doubts.push(format!("“{}”有 {} 种读法", lines::head(written, 0, 20), readings.len()));
            None
        }
        Reading::None => None,
    }
}
