//! The title (标题): organ, matter and kind, often broken into lines of a trapezium.

use std::ops::Range;

use super::kind;
use super::page::Page;
use crate::glyph::is_blank;
use crate::number;
use crate::organ;
use crate::{DocumentNumber, Field};

/// Lines behind the labels in which a title begins.
const ZONE: usize = 12;
/// Lines a title is broken into at most.
const MOST_LINES: usize = 7;
const LONGEST: usize = 160;

/// The title, and the index of the first line behind it.
pub(super) fn read(given: Option<&str>, page: &Page) -> (Option<Field<String>>, usize) {
    let first = page.front_line;
    let given = given.map(cleaned).filter(|title| !title.is_empty());
    if let Some(given) = given {
        let complete = given.trim_end_matches(['.', '…']);
        let cut = complete.len() < given.len();
        return match on_page(page, first, complete, cut) {
            Some((title, bytes, behind)) => {
                let value = if cut { title } else { given };
                (Some(page.field(value, bytes, 99)), behind)
            }
            None if cut => {
                let doubt = "标题在列表页被截断，正文中未见全称";
                (Some(Field::new(complete.to_owned(), None, 60).doubted(50, doubt)), first)
            }
            None => (Some(Field::new(given, None, 90)), first),
        };
    }
    if let Some(range) = page.label(super::labels::Label::Title) {
        let title = cleaned(page.slice(range.clone()));
        if kind::of_title(&title).is_some() {
            let behind = on_page(page, first, &title, false).map_or(first, |(_, _, behind)| behind);
            return (Some(page.field(title, range, 95)), behind);
        }
    }
    match found(page, first) {
        Some((title, bytes, behind)) => (Some(page.field(title, bytes, 85)), behind),
        None => (None, first),
    }
}

/// A title without line breaks, blanks between Chinese characters, marks and source notes.
pub(crate) fn cleaned(title: &str) -> String {
    let mut out = String::new();
    let mut blank = false;
    for ch in title.trim().trim_start_matches('#').chars() {
        if is_blank(ch) {
            blank = true;
            continue;
        }
        let latin = out.chars().last().is_some_and(|last| last.is_ascii_alphanumeric());
        if blank && latin && ch.is_ascii_alphanumeric() {
            out.push(' ');
        }
        blank = false;
        out.push(ch);
    }
    // Collections put the place in 【】 before a title, and the title itself in 《》.
    let bare = match out.strip_prefix('【').and_then(|rest| rest.split_once('】')) {
        Some((_, rest)) if !rest.is_empty() => rest,
        _ => &out,
    };
    let bare = bare.strip_suffix(behind(bare)).unwrap_or(bare);
    let inner = bare.strip_prefix('《').and_then(|rest| rest.strip_suffix('》'));
    inner.filter(|inner| balanced(inner)).unwrap_or(bare).to_owned()
}

/// The document number behind a title in 《》, as collections write them; else nothing.
fn behind(title: &str) -> &str {
    let Some((_, rest)) = title.rsplit_once('》') else { return "" };
    if number::parse(rest).number().is_some() { rest } else { "" }
}

/// The document number that stands behind a given title.
pub(super) fn given_number(given: &str) -> Option<DocumentNumber> {
    number::parse(behind(given.trim())).into_number()
}

fn balanced(title: &str) -> bool {
    let mut depth = 0_i32;
    for ch in title.chars() {
        match ch {
            '《' => depth += 1,
            '》' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Lines that together are the given title, or for one that was cut, begin with it.
fn on_page(
    page: &Page,
    first: usize,
    given: &str,
    cut: bool,
) -> Option<(String, Range<usize>, usize)> {
    for start in first..(first + ZONE).min(page.lines.len()) {
        let mut joined = String::new();
        for line in start..(start + MOST_LINES).min(page.lines.len()) {
            joined.push_str(&cleaned(page.line(line)));
            let whole = joined.trim_matches(['《', '》']);
            let done = if cut {
                whole.starts_with(given) && kind::is_official(whole) && balanced(&joined)
            } else {
                whole == given.trim_matches(['《', '》'])
            };
            if done {
                return Some((whole.to_owned(), bytes(page, start, line)?, line + 1));
            }
            if joined.len() > given.len() && !joined.starts_with(given) {
                break;
            }
        }
    }
    None
}

fn bytes(page: &Page, first: usize, last: usize) -> Option<Range<usize>> {
    Some(page.lines.get(first)?.start..page.lines.get(last)?.end)
}

/// The first lines that read like a title.
fn found(page: &Page, first: usize) -> Option<(String, Range<usize>, usize)> {
    let mut start = first;
    while start < (first + ZONE).min(page.lines.len()) {
        if is_letterhead(page, start) {
            start += 1;
            continue;
        }
        if let Some((title, last)) = joined_from(page, start) {
            return Some((title, bytes(page, start, last)?, last + 1));
        }
        if page.line(start).contains('。') {
            return None;
        }
        start += 1;
    }
    None
}

/// A line above the title: the organ's name in red, the number, a page's mark.
fn is_letterhead(page: &Page, index: usize) -> bool {
    let line = page.line(index);
    let bare = line.trim_matches(['（', '）', '(', ')']);
    let number = page.numbers.iter().any(|(range, _)| page.slice(range.clone()) == bare);
    let goes_on = ["关于", "印发", "转发", "批转", "对"]
        .iter()
        .any(|word| page.line(index + 1).trim_start_matches('　').starts_with(word));
    let organ = organ::is_organ(line) && !goes_on && !organ::is_organ(page.line(index + 1));
    number
        || organ
        || (line.ends_with("文件") && !line.contains("关于"))
        || line.starts_with("<!--")
}

/// The title that begins in a line, and the last line of it.
fn joined_from(page: &Page, start: usize) -> Option<(String, usize)> {
    let mut joined = String::new();
    for line in start..(start + MOST_LINES).min(page.lines.len()) {
        let written = page.line(line);
        if written.contains(['。', '；'])
            || written.ends_with(['：', ':'])
            || written.len() > LONGEST * 3
        {
            return None;
        }
        joined.push_str(&cleaned(written));
        if joined.chars().count() > LONGEST {
            return None;
        }
        if kind::of_title(&joined).is_none() || !balanced(&joined) {
            continue;
        }
        // `关于印发…两个规定` ends like a title too, but only 的通知 in the next line ends it.
        let next = cleaned(page.line(line + 1));
        let short = next.chars().count() <= 40 && !next.contains('。');
        let open = joined.contains("关于") || joined.contains("印发");
        if open && !kind::is_official(&joined) && short && kind::is_official(&next) {
            continue;
        }
        return Some((cleaned(&joined), line));
    }
    None
}
