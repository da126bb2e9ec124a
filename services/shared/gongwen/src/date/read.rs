//! The grammar of one date.

use super::numeral::{digit, is_numeral, value};
use super::{FIRST_YEAR, LAST_YEAR, Partial, Reading};
use crate::glyph::{halfwidth, is_blank};

/// No text that is one date is longer.
const LONGEST: usize = 40;
const YEAR_DIGITS: usize = 4;

/// Reads a text that should be one date; what follows a date and its time is not accepted.
pub fn parse(text: &str) -> Reading {
    let mut marks: Vec<char> = Vec::new();
    for ch in text.trim().chars().take(LONGEST + 1) {
        // A time of day follows a blank, as in `2023-01-08 09:30`.
        if is_blank(ch) && looks_complete(&marks) {
            break;
        }
        if !is_blank(ch) {
            marks.push(halfwidth(ch));
        }
    }
    if marks.len() > LONGEST { Reading::None } else { read(&marks) }
}

/// Whether three numbers with separators have been read.
fn looks_complete(marks: &[char]) -> bool {
    let separators = marks.iter().filter(|ch| is_separator(**ch)).count();
    separators == 2 && marks.last().is_some_and(char::is_ascii_digit)
}

fn is_separator(ch: char) -> bool {
    matches!(ch, '-' | '－' | '—' | '–' | '.' | '．' | '/' | '／')
}

/// Reads a date from characters without blanks.
pub(super) fn read(marks: &[char]) -> Reading {
    let (year, rest) = split_year(marks);
    let (marked_year, rest) = match (year, rest) {
        (Some(_), ['年', rest @ ..]) => (true, rest),
        (Some(_), [ch, rest @ ..]) if is_separator(*ch) => (true, rest),
        _ => (false, rest),
    };
    let length = rest.iter().take_while(|ch| is_numeral(**ch)).count();
    let (first, behind) = rest.split_at_checked(length).unwrap_or_default();
    if first.is_empty() {
        return Reading::None;
    }
    match behind {
        ['月', days @ ..] => with_month(year, marked_year, first, days),
        [ch, days @ ..] if is_separator(*ch) && marked_year => {
            if days.is_empty() {
                Reading::None
            } else {
                with_month(year, true, first, days)
            }
        }
        [] if year.is_some() => run(year, first, false),
        ['日' | '号'] => run(year, first, true),
        _ => Reading::None,
    }
}

/// The year that four digits at the start are, and what follows them.
fn split_year(marks: &[char]) -> (Option<i32>, &[char]) {
    let Some((written, rest)) = marks.split_at_checked(YEAR_DIGITS) else {
        return (None, marks);
    };
    let value = written.iter().try_fold(0, |sum, ch| Some(sum * 10 + digit(*ch)?));
    let year = value.and_then(|year| i32::try_from(year).ok());
    match year.filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year)) {
        Some(year) => (Some(year), rest),
        None => (None, marks),
    }
}

/// Month marked; the day follows, or nothing.
fn with_month(year: Option<i32>, marked: bool, month: &[char], days: &[char]) -> Reading {
    let day = match days {
        [day @ .., '日' | '号'] | day => day,
    };
    let (month, day) = match (value(month), day) {
        (Some((month, _)), []) => (month, None),
        (Some((month, _)), day) => match value(day) {
            Some((day, _)) => (month, Some(day)),
            None => return Reading::None,
        },
        (None, _) => return Reading::None,
    };
    match Partial::new(year, month, day) {
        Some(date) if marked || year.is_none() => Reading::Exact(date),
        Some(date) => Reading::Repaired(date),
        None => Reading::None,
    }
}

/// Month and day run together, with or without 日 behind them.
fn run(year: Option<i32>, run: &[char], closed: bool) -> Reading {
    let mut readings: Vec<Partial> = Vec::new();
    for at in 1..run.len() {
        let Some((month, day)) = run.split_at_checked(at) else { continue };
        let (Some((month, zero_month)), Some((day_value, zero_day))) = (value(month), value(day))
        else {
            continue;
        };
        // Zeros are written before both or before none, so they need two places each.
        let even =
            month_places(month, at) && (!zero_month && !zero_day || at == 2 && day.len() == 2);
        readings.extend(Partial::new(year, month, Some(day_value)).filter(|_| even));
    }
    if !closed {
        let month = value(run).and_then(|(month, _)| Partial::new(year, month, None));
        readings.extend(month);
    }
    readings.sort_unstable();
    readings.dedup();
    match readings.as_slice() {
        [] => Reading::None,
        [date] => Reading::Repaired(*date),
        _ => Reading::Ambiguous(readings),
    }
}

fn month_places(month: u32, places: usize) -> bool {
    (1..=12).contains(&month) && places <= 2
}
