//! Document numbers within a text.

use std::ops::Range;

use super::reader::{Certainty, Reader, Tail};
use super::{DocumentNumber, SHORT_HEADS, is_announcement, is_order};
use crate::glyph::{CLOSE, Glyph, OPEN, glyphs, is_han, is_square_open, normalised};
use crate::lines;

/// Characters looked at before and behind a bracket; both bound the work per bracket.
const BEFORE: usize = 40;
const BEHIND: usize = 32;

/// Words that end before a document number begins. No organ code contains them.
const WORDS: [&str; 40] = [
    "的", "与", "及", "或", "按", "见", "由", "以", "对", "在", "了", "根据", "依据", "按照",
    "依照", "参照", "对照", "遵照", "关于", "转发", "印发", "贯彻", "落实", "执行", "文件", "通知",
    "意见", "办法", "规定", "方案", "决定", "批复", "文号", "字号", "查询", "废止", "施行", "收到",
    "已被", "要求",
];

/// Finds the document numbers in a text: byte ranges in order, without overlap.
///
/// Only what carries a bracket, or 令第…号, is taken for a number, so that dates and amounts
/// are not. Where running text leaves open which characters belong to the organ code, the code
/// is what follows the last punctuation, space or connecting word. [`super::parse`] on the
/// range tells whether a number had to be repaired.
pub fn find_in(text: &str) -> Vec<(Range<usize>, DocumentNumber)> {
    let mut found: Vec<(Range<usize>, DocumentNumber)> = Vec::new();
    let mut floor = 0;
    for (at, ch) in text.char_indices() {
        if at < floor {
            continue;
        }
        let anchor = match ch {
            '令' | '告' => at + ch.len_utf8(),
            _ if normalised(ch) == OPEN => at,
            _ => continue,
        };
        if let Some((range, number)) = number_at(text, floor, anchor) {
            floor = range.end;
            found.push((range, number));
        }
    }
    found
}

/// The number whose head ends, and whose tail begins, at `anchor`.
fn number_at(text: &str, floor: usize, anchor: usize) -> Option<(Range<usize>, DocumentNumber)> {
    let ahead = text.get(anchor..)?;
    let original = ahead.chars().next()?;
    let mut glyphs_ahead = glyphs(ahead, anchor);
    let (first, second) = (glyphs_ahead.next()?, glyphs_ahead.next()?);
    let announced = lines::until(text, anchor).ends_with('告');
    let order_in_han = !announced && first.ch == '第' && "一二三四五六七八九十".contains(second.ch);
    let begins = match first.ch {
        OPEN | '第' => second.ch.is_ascii_digit() && !announced || order_in_han,
        ch => announced && ch.is_ascii_digit() && second.ch.is_ascii_digit(),
    };
    if !begins {
        return None;
    }
    let glyphs_ahead: Vec<Glyph> =
        [first, second].into_iter().chain(glyphs_ahead.take(BEHIND)).collect();
    let (start, head) = head_before(text, floor, anchor)?;
    let mut reader = Reader::new(&glyphs_ahead);
    let mut tail = reader.tail(is_order(&head)).ok()?;
    let (read, rest) = glyphs_ahead.split_at_checked(reader.position())?;
    if announced {
        if !is_announcement(&head) || !tail.closed || !read.iter().any(|glyph| glyph.ch == '年') {
            return None;
        }
        tail.certainty = Certainty::Exact;
    }
    if !stands_alone(&tail, read, rest.first(), is_square_open(original)) {
        return None;
    }
    let end = read.last()?.end;
    let number = DocumentNumber::new(head, tail.year, tail.serial).ok()?;
    Some((start..end, number))
}

/// Whether the text around a reading leaves no doubt that it is a document number.
fn stands_alone(tail: &Tail, read: &[Glyph], next: Option<&Glyph>, square: bool) -> bool {
    let is_digit = |glyph: &Glyph| glyph.ch.is_ascii_digit();
    let gapped = read
        .iter()
        .zip(read.iter().skip(1))
        .any(|(one, two)| is_digit(one) && is_digit(two) && two.spaced);
    if gapped || (tail.certainty == Certainty::Repaired && !square) {
        return false;
    }
    if tail.closed {
        return true;
    }
    // Without 号 an order is not recognised, and after round brackets (a plan's years, a
    // date of adoption) only a number that ends the phrase.
    match (tail.year, next) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(_), Some(next)) if square => next.spaced || !goes_on(next.ch),
        (Some(_), Some(next)) => next.spaced && !goes_on(next.ch),
    }
}

/// What behind digits makes them a date, an amount, or a range.
fn goes_on(ch: char) -> bool {
    const UNITS: &str = "年月日时分秒个条次页元万亿章款项届期至—－-–~～%％.．/";
    ch.is_ascii_alphanumeric() || UNITS.contains(ch)
}

/// The organ code that ends at `anchor`, and where it starts.
fn head_before(text: &str, floor: usize, anchor: usize) -> Option<(usize, String)> {
    let before = text.get(floor..anchor)?;
    let window = match before.char_indices().rev().nth(BEFORE) {
        Some((at, _)) => floor + at,
        None => floor,
    };
    let all: Vec<Glyph> = glyphs(text.get(window..anchor)?, window).collect();
    let mut run = all.len();
    while let Some(glyph) = run.checked_sub(1).and_then(|at| all.get(at)) {
        // A head ends where 第 begins the tail: it cannot hold one.
        if !is_han(glyph.ch) || glyph.ch == '第' {
            break;
        }
        run -= 1;
        if glyph.spaced {
            break;
        }
    }
    let head = all.get(run..)?;
    let head = head.get(cut(head, run.checked_sub(1).and_then(|at| all.get(at)), floor)..)?;
    let code: String = head.iter().map(|glyph| glyph.ch).collect();
    super::check_head(&code).ok()?;
    Some((head.first()?.start, code))
}

/// How many characters of a run of Chinese characters are the sentence and not the code.
fn cut(run: &[Glyph], before: Option<&Glyph>, floor: usize) -> usize {
    let first = run.first().map(|glyph| glyph.ch);
    let after_digit = before.is_some_and(|glyph| glyph.ch.is_ascii_digit());
    let after_number = floor > 0 && run.first().is_some_and(|glyph| glyph.start == floor);
    let after_title = before.is_some_and(|glyph| matches!(glyph.ch, CLOSE | '”'));
    let mut cut = match first {
        Some('年' | '月' | '日') if after_digit => 1,
        Some('和' | '文') if after_number || after_title => 1,
        _ => 0,
    };
    let text: String = run.iter().map(|glyph| glyph.ch).collect();
    for word in WORDS {
        let length = word.chars().count();
        for (at, _) in text.match_indices(word) {
            let end = text.get(..at).map_or(0, |head| head.chars().count()) + length;
            let rest = text.get(at + word.len()..).unwrap_or_default();
            let is_code = run.len() - end >= 2 || SHORT_HEADS.contains(&rest);
            if is_code && end > cut {
                cut = end;
            }
        }
    }
    cut
}
