//! Lists that lost their line breaks: `1.甲办法发文单位：…2.乙办法发文单位：…` and
//! `一、关于甲的意见（某政〔2011〕28号）1.将…`.

use std::ops::Range;

use super::RelationType;
use super::collect::{Claim, Collector};
use crate::cite::Citation;
use crate::document::of_title;
use crate::lines;

/// Columns of a list that follow the title of a document.
const COLUMNS: [&str; 6] = ["发布时间", "发文单位", "发文时间", "发布机关", "发文字号", "文号："];
/// What names such a list, and what it does to the documents in it.
const LISTS: [(&str, RelationType); 6] = [
    ("废止的", RelationType::Repeals),
    ("失效的", RelationType::Repeals),
    ("予以废止", RelationType::Repeals),
    ("宣布失效", RelationType::Repeals),
    ("予以修改的", RelationType::Amends),
    ("修改的", RelationType::Amends),
];
/// Characters of a title at most, with its marker.
const REACH: usize = 96;

/// Reads such lists in documents whose title announces one.
pub(super) fn read(found: &mut Collector) {
    let title = found.page.title_text();
    if !["废止", "失效", "清理结果", "修改", "令"].iter().any(|word| title.contains(word))
    {
        return;
    }
    let text = found.page.text;
    let mut ends: Vec<(usize, bool, Option<crate::DocumentNumber>)> = COLUMNS
        .iter()
        .flat_map(|column| text.match_indices(column).map(|(at, _)| (at, true, None)))
        .collect();
    ends.extend(found.page.citations.iter().filter(|cited| cited.title.is_none()).filter_map(
        |cited| {
            let open = lines::tail(text, cited.range.start, 1);
            let bracket = matches!(open, "（" | "(");
            bracket.then(|| (cited.range.start - open.len(), false, cited.number.clone()))
        },
    ));
    ends.sort_by_key(|(at, ..)| *at);
    let mut floor = 0;
    for (at, column, number) in ends {
        let Some(range) = item(text, at, floor) else { continue };
        let name = lines::slice(text, range.clone());
        if !column && of_title(name).is_none() {
            continue;
        }
        let Some((heading, kind)) = list_above(text, range.start) else { continue };
        floor = at;
        let target = Citation { range, title: Some(lines::squeezed(name)), number };
        found.add(Claim {
            kind,
            target: &target,
            articles: Vec::new(),
            effective_on: found.fields.effective_on.as_ref().map(|field| field.value),
            evidence: heading,
            confidence: 78,
        });
    }
}

/// The title between a list's marker and a byte.
fn item(text: &str, end: usize, floor: usize) -> Option<Range<usize>> {
    let before = lines::tail(text, end, REACH);
    let start = end - before.len();
    let before = match floor.checked_sub(start) {
        Some(cut) if cut > 0 => before.get(cut..)?,
        _ => before,
    };
    let mut marks = before.char_indices().rev().filter(|(_, ch)| matches!(ch, '.' | '．' | '、'));
    let from = marks.find_map(|(at, ch)| {
        let lead = lines::until(before, at);
        let numeral = lead.chars().next_back().is_some_and(crate::date::is_numeral);
        numeral.then_some(at + ch.len_utf8())
    })?;
    let name = lines::from(before, from);
    let trimmed = name.trim();
    let fits = trimmed.chars().count() >= 4 && !trimmed.contains(['。', '；', '：']);
    let start = end - name.len() + (name.len() - name.trim_start().len());
    fits.then_some(start..start + trimmed.len())
}

/// The heading above a byte that says what the list does.
fn list_above(text: &str, at: usize) -> Option<(Range<usize>, RelationType)> {
    const FAR: usize = 60_000;
    let before = lines::tail(text, at, FAR);
    let offset = at - before.len();
    let (word, place, kind) = LISTS
        .iter()
        .filter_map(|(word, kind)| before.rfind(word).map(|place| (word, place, *kind)))
        .filter(|(word, place, _)| {
            let behind = lines::head(before, place + word.len(), 24);
            ["目录", "文件", "规章", "清单"].iter().any(|name| behind.contains(name))
        })
        .max_by_key(|(_, place, _)| *place)?;
    let start = offset + place;
    let end = start + word.len() + lines::head(text, start + word.len(), 16).len();
    Some((start..end, kind))
}
