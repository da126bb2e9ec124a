//! Passports, and the permits for travel between the mainland, Hong Kong, Macao and Taiwan.

use super::{Number, Reading};
use crate::draft::Draft;
use crate::finding::{Certainty, Kind};
use crate::glyph::{after, before, halfwidth, is_alphanumeric, is_hyphen, is_letter};
use crate::words::Word;

/// How far before the number its document is named: 持有的护照（号码 …）, 通行证号码为 ….
const REACH: usize = 24;

impl Number<'_> {
    /// A passport or permit whose digits are the first run.
    pub(super) fn travel(self) -> Reading {
        let run = self.runs.first()?;
        if !(7..=10).contains(&run.length()) || self.joint() == super::Joint::Hyphen {
            return None;
        }
        let text = self.context.text;
        let mut start = run.start;
        let mut letters = String::new();
        while let Some(ch) = before(text, start).filter(|ch| is_letter(*ch)) {
            letters.insert(0, halfwidth(ch).to_ascii_uppercase());
            start -= ch.len_utf8();
            if letters.len() > 2 {
                return None;
            }
        }
        let end = run.end;
        if after(text, end).is_some_and(is_alphanumeric)
            || before(text, start)
                .is_some_and(|ch| is_alphanumeric(ch) || is_hyphen(ch) || ch == '/')
        {
            return None;
        }
        if crate::number::chain::continues_behind(text, end) || self.is_in_url() {
            return None;
        }
        let label = self.context.label(start);
        let near = |word| {
            label == Some(word) || (label.is_none() && self.context.near(start, REACH, &[word]))
        };
        // 持E12345678号护照: the word may follow.
        let behind = text.get(end..).unwrap_or_default().trim_start_matches(['号', '的', ' ']);
        let is_passport = near(Word::Passport) || behind.starts_with("护照");
        let is_permit = near(Word::Permit) || behind.starts_with("通行证");
        let (kind, certainty) = match (letters.as_str(), run.length()) {
            ("H" | "M" | "C" | "W" | "T" | "L", 8) | ("H" | "M", 10) if is_permit => {
                (Kind::TravelPermit, Certainty::Certain)
            }
            (two, 7) if is_permit && two.len() == 2 && two.starts_with(['C', 'T', 'L']) => {
                (Kind::TravelPermit, Certainty::Certain)
            }
            ("", 8 | 10) if label == Some(Word::Permit) => (Kind::TravelPermit, Certainty::Certain),
            (one, 8) if is_passport && one.len() == 1 => (Kind::Passport, Certainty::Certain),
            (two, 7) if is_passport && two.len() == 2 => (Kind::Passport, Certainty::Certain),
            ("", 9) if label == Some(Word::Passport) => (Kind::Passport, Certainty::Certain),
            ("E", 8) if self.may_be_unnamed(label) => (Kind::Passport, Certainty::Suspected),
            (two, 7) if two.len() == 2 && self.may_be_unnamed(label) && is_series(two) => {
                (Kind::Passport, Certainty::Suspected)
            }
            _ => return None,
        };
        Some((1, Draft::new(start..end, kind, certainty)))
    }

    /// Whether a number of a passport's shape that nothing names may be one: no word names it
    /// otherwise, and its digits are no date.
    fn may_be_unnamed(self, label: Option<Word>) -> bool {
        let is_date = matches!(self.digits(1), [1, 9, ..] | [2, 0, ..]);
        let is_other = matches!(label, Some(Word::Code | Word::Credit | Word::Account));
        !is_other && !is_date
    }
}

/// The series of the ordinary electronic passport behind E: A to Z without I and O.
fn is_series(letters: &str) -> bool {
    letters.starts_with('E') && letters.ends_with(|ch: char| !matches!(ch, 'I' | 'O'))
}
