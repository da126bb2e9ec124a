//! A text as the lines its author saw.
//!
//! Pages that were scraped often join paragraphs with full-width blanks instead of line
//! breaks, so a wide gap ends a line too.

use std::ops::Range;

use memchr::memchr;

/// Blank width, in half-width columns, from which a gap ends a line.
const WIDE_GAP: usize = 4;

/// The lines of a text that are not blank, as trimmed byte ranges in order.
pub(crate) fn lines(text: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::with_capacity(text.len() / 120 + 1);
    let mut at = 0;
    while at < text.len() {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let end = memchr(b'\n', rest).map_or(text.len(), |length| at + length);
        split_at_gaps(text, at..end, &mut lines);
        at = end + 1;
    }
    lines
}

fn split_at_gaps(text: &str, line: Range<usize>, lines: &mut Vec<Range<usize>>) {
    let mut from = line.start;
    let mut last = line.start;
    let mut width = 0;
    let mut empty = true;
    let content = slice(text, line.clone());
    // Most lines hold no blank at all, and then nothing needs to be looked at twice.
    for (offset, ch) in content.char_indices() {
        let at = line.start + offset;
        if is_gap(ch) {
            width += if ch == '\u{3000}' { 2 } else { 1 };
            continue;
        }
        if !empty && width >= WIDE_GAP {
            lines.push(from..last);
            empty = true;
        }
        if empty {
            from = at;
            empty = false;
        }
        width = 0;
        last = at + ch.len_utf8();
    }
    if !empty {
        lines.push(from..last);
    }
}

fn is_gap(ch: char) -> bool {
    ch != '\n' && crate::glyph::is_blank(ch)
}

/// The part of a text, empty where the range does not fit it.
pub(crate) fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// The part of a text from a byte on.
pub(crate) fn from(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The part of a text before a byte.
pub(crate) fn until(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or_default()
}

/// The last `count` characters before a byte.
pub(crate) fn tail(text: &str, at: usize, count: usize) -> &str {
    let before = until(text, at);
    match before.char_indices().rev().nth(count.saturating_sub(1)) {
        Some((start, _)) => from(before, start),
        None => before,
    }
}

/// At most `count` characters from a byte on.
pub(crate) fn head(text: &str, at: usize, count: usize) -> &str {
    let rest = from(text, at);
    match rest.char_indices().nth(count) {
        Some((end, _)) => until(rest, end),
        None => rest,
    }
}

/// A text without white space.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|ch| !crate::glyph::is_blank(*ch)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<&str> {
        lines(text).into_iter().map(|line| slice(text, line)).collect()
    }

    #[test]
    fn lines_end_at_breaks_and_at_wide_gaps() {
        assert_eq!(seen("\n 一 \r\n\n二　　三 四\n"), ["一", "二", "三 四"]);
        assert_eq!(seen("国务院　中央军委"), ["国务院　中央军委"]);
        assert!(seen("").is_empty());
    }

    #[test]
    fn parts_of_a_text_respect_its_characters() {
        assert_eq!(tail("甲乙丙丁", 9, 2), "乙丙");
        assert_eq!(head("甲乙丙丁", 3, 2), "乙丙");
        assert_eq!(tail("甲", 3, 9), "甲");
        assert_eq!(slice("甲", 1..2), "");
    }
}
