//! The document's own numbers (发文字号), as against those it cites.

use std::ops::Range;

use super::labels::Label;
use super::page::Page;
use crate::number::{self, DocumentNumber};
use crate::{Field, Parsed, lines};

/// Lines behind the title in which the number stands.
const ZONE: usize = 4;
/// Names of the State Council's orders; its own pages number them as 国令第…号.
const STATE_COUNCIL_ORDERS: [&str; 2] = ["国务院令", "中华人民共和国国务院令"];

/// The numbers, the lead organ's first.
pub(super) fn read(page: &Page) -> Vec<Field<DocumentNumber>> {
    if let Some(field) = labelled(page) {
        return vec![field];
    }
    if let Some(number) = &page.given_number {
        return vec![Field::new(canonical(number), None, 95)];
    }
    let mut own: Vec<Field<DocumentNumber>> = Vec::new();
    let limit = page.lines.get(page.body_line + ZONE).map_or(page.text.len(), |line| line.end);
    for (range, number) in page.numbers.iter().take_while(|(range, _)| range.start < limit) {
        if let Some(confidence) = standing(page, range) {
            let known = own.iter().any(|field| field.value.key() == canonical(number).key());
            if !known {
                own.push(page.field(canonical(number), range.clone(), confidence));
            }
        }
    }
    if own.is_empty() {
        own.extend(promulgating(page));
    }
    if own.is_empty() {
        own.extend(in_title(page.title_text()));
    }
    // Running text may hold one number in a place that is good enough, not several.
    let best = own.iter().map(|field| field.confidence).max().unwrap_or_default();
    own.retain(|field| field.confidence == best);
    if best < 95 {
        own.truncate(1);
    }
    own
}

fn labelled(page: &Page) -> Option<Field<DocumentNumber>> {
    let range = page.label(Label::Number)?;
    match number::parse(page.slice(range.clone())) {
        Parsed::Exact(number) => Some(page.field(canonical(&number), range, 99)),
        Parsed::Repaired(number) => {
            let field = page.field(canonical(&number), range, 70);
            Some(field.doubted(70, "发文字号残缺，已按唯一读法补全"))
        }
        Parsed::Ambiguous(_) | Parsed::None(_) => None,
    }
}

/// How sure the place of a number makes it the document's own; none for a cited one.
fn standing(page: &Page, range: &Range<usize>) -> Option<u8> {
    let cited = page
        .citations
        .iter()
        .take_while(|citation| citation.range.start < range.end)
        .any(|citation| citation.title.is_some() && citation.range.end >= range.end);
    if cited {
        return None;
    }
    let line = page.lines.get(page.line_at(range.start))?.clone();
    let before = page.slice(line.start..range.start).trim_end_matches(['（', '(', ' ', '　']);
    let behind = page.slice(range.end..line.end).trim_start_matches(['）', ')', ' ', '　']);
    if before.is_empty() && behind.is_empty() {
        return Some(98);
    }
    let is_start = before.is_empty() || before.ends_with("文件") || before == "#";
    // `…号公布` and `…号文件要求` begin sentences about that number.
    let in_sentence =
        ["公布", "文件", "文", "规定", "要求", "》"].iter().any(|word| behind.starts_with(word));
    if is_start && !in_sentence {
        return Some(95);
    }
    let before = lines::squeezed(before);
    let is_title = before == lines::squeezed(page.title_text());
    let after_title = before.len() < 600
        && !before.contains(['。', '；'])
        && (is_title || super::kind::is_official(&before) && !before.contains("根据"));
    (after_title && !in_sentence && page.line_at(range.start) <= page.body_line).then_some(85)
}

/// The order that a law's header names: `2017年10月5日 国务院令第688号公布`.
fn promulgating(page: &Page) -> Option<Field<DocumentNumber>> {
    let body = page.lines.iter().position(|line| page.slice(line.clone()).starts_with("第一"));
    let body = body.unwrap_or(page.body_line + ZONE).min(page.lines.len());
    let limit = page.lines.get(body).map_or(page.text.len(), |line| line.start);
    let (range, number) = page.numbers.iter().take_while(|(range, _)| range.start < limit).find(
        |(range, number)| {
            let behind = lines::head(page.text, range.end, 4);
            let published = ["公布", "发布", "颁布", "文发布", "文公布"]
                .iter()
                .any(|verb| behind.starts_with(verb));
            let line = page.line(page.line_at(range.start)).trim_start_matches(['（', '(', ' ']);
            let dated = line.chars().next().is_some_and(crate::date::is_numeral);
            let order = number.year.is_none() || number.head.ends_with('令');
            published && (dated || order) && !line.contains('。')
        },
    )?;
    Some(page.field(canonical(number), range.clone(), 90))
}

/// A number that the given title carries, outside 《》.
fn in_title(title: &str) -> Option<Field<DocumentNumber>> {
    let (range, number) = number::find_in(title).into_iter().next()?;
    let before = lines::until(title, range.start);
    let cited = before.contains('《') || before.contains("关于");
    (!cited).then(|| Field::new(canonical(&number), None, 90))
}

/// Orders of the State Council under their one code.
fn canonical(number: &DocumentNumber) -> DocumentNumber {
    let mut number = number.clone();
    if number.year.is_none() && STATE_COUNCIL_ORDERS.contains(&number.head.as_str()) {
        "国令".clone_into(&mut number.head);
    }
    number
}
