//! Dates within a text.

use std::ops::Range;

use memchr::memmem;

use super::Partial;
use super::numeral::{digit, is_numeral, value};
use crate::glyph::is_blank;
use crate::lines;

/// A date in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The byte range it takes.
    pub range: Range<usize>,
    /// The date; always with a year.
    pub date: Partial,
}

/// Finds the dates that carry a year and 年, in order: `2023年1月8日`, `二〇二三年一月`.
///
/// Blanks within a date are accepted, line breaks too. Dates with separators
/// (`2023-01-08`) are amounts and numbers of other things too often to be looked for; read
/// those with [`super::parse`] where a date is known to stand.
pub fn find_in(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for at in memmem::find_iter(text.as_bytes(), "年") {
        found.extend(date_at(text, at));
    }
    found
}

/// The date whose 年 stands at a byte.
fn date_at(text: &str, at: usize) -> Option<Found> {
    let (start, year) = year_before(text, at)?;
    let (after, month) = number_from(text, at + '年'.len_utf8())?;
    let after = mark(text, after, &['月'])?;
    let day = number_from(text, after)
        .and_then(|(end, day)| Some((mark(text, end, &['日'])?, day)))
        .and_then(|(end, day)| Some((end, Partial::new(Some(year), month, Some(day))?)));
    let (end, date) = match day {
        Some(found) => found,
        None => (after, Partial::new(Some(year), month, None)?),
    };
    Some(Found { range: start..end, date })
}

/// The four digits before a byte.
fn year_before(text: &str, at: usize) -> Option<(usize, i32)> {
    let mut digits: [u32; 4] = [0; 4];
    let mut left = digits.len();
    let mut start = at;
    for (offset, ch) in lines::tail(text, at, 8).char_indices().rev() {
        if left == 0 || !(is_blank(ch) || digit(ch).is_some()) {
            break;
        }
        if let Some(value) = digit(ch) {
            left -= 1;
            *digits.get_mut(left)? = value;
            start = at - lines::tail(text, at, 8).len() + offset;
        }
    }
    if left > 0 {
        return None;
    }
    let year = digits.iter().fold(0, |sum, digit| sum * 10 + digit);
    Some((start, i32::try_from(year).ok()?))
}

/// The number from a byte on, and where it ends.
fn number_from(text: &str, at: usize) -> Option<(usize, u32)> {
    const PLACES: usize = 3;
    let mut written: [char; PLACES] = ['0'; PLACES];
    let mut length = 0;
    let mut end = at;
    for (offset, ch) in lines::from(text, at).char_indices().take(8) {
        if is_blank(ch) {
            continue;
        }
        if !is_numeral(ch) {
            break;
        }
        *written.get_mut(length)? = ch;
        length += 1;
        end = at + offset + ch.len_utf8();
    }
    Some((end, value(written.get(..length)?)?.0))
}

/// Where one of the marks ends that stands at a byte, blanks aside.
fn mark(text: &str, at: usize, marks: &[char]) -> Option<usize> {
    let (offset, ch) =
        lines::from(text, at).char_indices().take(4).find(|(_, ch)| !is_blank(*ch))?;
    marks.contains(&ch).then(|| at + offset + ch.len_utf8())
}
