//! Telephone numbers: mobile, fixed-line, and the 400 numbers of services.

use super::chain::{Joint, Run, unit_follows};
use super::{Number, Reading};
use crate::draft::Draft;
use crate::finding::{Certainty, Kind};
use crate::glyph::before;
use crate::words::Word;

const PHONE_WORDS: [Word; 6] =
    [Word::Phone, Word::PrivatePhone, Word::PublicPhone, Word::Wechat, Word::Contact, Word::Call];
const MOBILE_GROUPS: [&[usize]; 5] = [&[3, 4, 4], &[3, 8], &[7, 4], &[4, 4, 3], &[4, 3, 4]];

impl Number<'_> {
    /// A mobile number that begins with the first run.
    pub(super) fn mobile(self) -> Reading {
        let (count, skipped) = self.mobile_runs()?;
        let text = self.context.text;
        let label = self.context.label(self.start());
        let is_named = label.is_some_and(|word| PHONE_WORDS.contains(&word));
        let end = self.end(count);
        if matches!(label, Some(Word::Code | Word::Credit)) || self.is_in_url() {
            return None;
        }
        if !self.stands_alone(count) || (unit_follows(text, end) && !is_named) {
            return None;
        }
        let tail = self.digits(count).iter().rev().take_while(|digit| **digit == 0).count();
        if tail >= 7 && !is_named {
            return None;
        }
        let apart = if count > 1 { self.is_apart(count) } else { self.is_no_figure() };
        if !is_named && !apart {
            return None;
        }
        let personal = label != Some(Word::PublicPhone);
        let certainty =
            if count == 1 || is_named { Certainty::Certain } else { Certainty::Suspected };
        let start = self.start() + skipped;
        Some((count, Draft::new(start..end, Kind::MobileNumber, certainty).personal(personal)))
    }

    /// How many runs write a mobile number, and how many bytes of them a country code.
    fn mobile_runs(self) -> Option<(usize, usize)> {
        let is_mobile = |digits: &[u8]| matches!(digits, [1, 3..=9, ..]) && digits.len() == 11;
        let first = self.digits(1);
        if is_mobile(first) {
            return Some((1, 0));
        }
        if let ([8, 6, rest @ ..], true) = (first, is_mobile(first.get(2..)?)) {
            let width = (self.end(1) - self.start()) / (rest.len() + 2);
            return Some((1, width * 2));
        }
        let grouped = MOBILE_GROUPS.iter().find(|groups| {
            self.groups(groups.len()).is_some_and(|lengths| lengths == **groups)
                && is_mobile(self.digits(groups.len()))
                && self.is_uniform(groups.len())
        });
        if let Some(groups) = grouped {
            return Some((groups.len(), 0));
        }
        let single = self.runs.iter().take_while(|run| run.length() == 1).count();
        (single == 11 && self.first == 0 && is_mobile(self.digits(11))).then_some((11, 0))
    }

    /// Whether a run is no figure among others of its length, as in a table.
    fn is_no_figure(self) -> bool {
        let figure = |run: &Run| {
            let digits = self.chain.digits(std::slice::from_ref(run));
            digits.len() == 11 && !matches!(digits, [1, 3..=9, ..] | [0, ..])
        };
        let before = self.joint() == Joint::Space && self.previous().is_some_and(figure);
        let behind = self.next(1).is_some_and(|run| run.joint == Joint::Space && figure(run));
        !before && !behind
    }

    /// Whether groups are no columns of a table of figures: no short number beside them.
    fn is_apart(self, count: usize) -> bool {
        let short = |run: &Run| run.length() < 8 && !self.is_country(run);
        let joint = self.taken(count).get(1).map(|run| run.joint);
        let before = self.previous().is_some_and(|run| short(run) && Some(self.joint()) == joint);
        let behind = self.next(count).is_some_and(|run| short(run) && Some(run.joint) == joint);
        !before && !behind
    }

    /// A fixed-line number that begins with the first run.
    pub(super) fn landline(self) -> Reading {
        let label = self.context.label(self.start());
        let is_named = label.is_some_and(|word| {
            matches!(word, Word::Phone | Word::PrivatePhone | Word::PublicPhone | Word::Call)
        });
        if matches!(label, Some(Word::Code | Word::Credit | Word::Account)) {
            return None;
        }
        let is_service = self.service_runs(is_named);
        let count = is_service.or_else(|| self.landline_runs(is_named))?;
        let end = self.end(count);
        if !self.begins() || !self.may_end_landline(count) || self.is_in_url() {
            return None;
        }
        if unit_follows(self.context.text, end) && !is_named {
            return None;
        }
        let is_home = ["（家", "(家", "（宅", "(宅"]
            .iter()
            .any(|home| self.context.text.get(end..).is_some_and(|tail| tail.starts_with(home)));
        let (personal, open) = match label {
            _ if is_home => (true, false),
            _ if is_service.is_some() => (false, false),
            Some(Word::PrivatePhone) => (true, false),
            Some(Word::PublicPhone | Word::Call) => (false, false),
            _ => (self.context.is_persons(self.start()), true),
        };
        let certainty = if is_named { Certainty::Certain } else { Certainty::Suspected };
        let start = match before(self.context.text, self.start()) {
            Some(ch @ ('(' | '（'))
                if self.next(1).is_some_and(|run| run.joint == Joint::Bracket) =>
            {
                self.start() - ch.len_utf8()
            }
            _ => self.start(),
        };
        let draft = Draft::new(start..end, Kind::Landline, certainty);
        Some((count, draft.personal(personal).open(open)))
    }

    fn landline_runs(self, is_named: bool) -> Option<usize> {
        let lengths: Vec<usize> = self.runs.iter().take(3).map(Run::length).collect();
        let local = |from: usize| {
            let first = self.runs.get(from).map(std::slice::from_ref).unwrap_or_default();
            matches!(self.chain.digits(first), [2..=8, ..])
        };
        let area = is_area(self.digits(1))
            || (self.previous().is_some_and(|run| self.is_country(run))
                && is_area(&[&[0], self.digits(1)].concat()));
        match lengths.as_slice() {
            [2..=4, 3, 4] | [2..=4, 4, 3 | 4] if area && local(1) => Some(3),
            [2..=4, length @ (7 | 8), ..] if area && local(1) => {
                // The area codes of three digits have local numbers of eight.
                let is_long = matches!(self.digits(1), [0, 1 | 2, ..]);
                let spaced = self.next(1).is_some_and(|run| run.joint == Joint::Space);
                let apart = is_named || !spaced || self.is_apart(2);
                (apart && (!is_long || *length == 8)).then_some(2)
            }
            [10..=12, ..] if is_named => is_whole(self.digits(1)).then_some(1),
            [7 | 8, ..] if is_named && local(0) => Some(1),
            [3 | 4, 4, ..] if is_named && local(0) && self.is_uniform(2) => Some(2),
            [10..=12, ..] => {
                let near = [Word::Phone, Word::PrivatePhone, Word::PublicPhone];
                let phone = self.context.near(self.start(), 40, &near)
                    || self.context.is_persons(self.start());
                (phone && is_whole(self.digits(1))).then_some(1)
            }
            _ => None,
        }
    }

    /// A 400 or 800 number.
    fn service_runs(self, is_named: bool) -> Option<usize> {
        let lengths: Vec<usize> = self.runs.iter().take(3).map(Run::length).collect();
        let count = match lengths.as_slice() {
            [3, 3, 4] | [3, 4, 3] | [4, 3, 3] => 3,
            [3, 7, ..] => 2,
            [10, ..] if is_named => 1,
            _ => return None,
        };
        let hyphens = self.taken(count).iter().skip(1).all(|run| run.joint == Joint::Hyphen);
        let fits = matches!(self.digits(count), [4 | 8, 0, 0, ..]) && (hyphens || is_named);
        fits.then_some(count)
    }

    /// Like any number, but an extension may follow behind a hyphen.
    fn may_end_landline(self, count: usize) -> bool {
        self.ends(count)
            || self.next(count).is_some_and(|run| run.joint == Joint::Hyphen && run.length() <= 6)
    }
}

/// An area code (国内长途区号): 010, 02x, or 03xx to 09xx.
fn is_area(digits: &[u8]) -> bool {
    matches!(digits, [0, 1, 0] | [0, 2, 0..=9] | [0, 3..=9, 1..=9, _])
}

/// An area code and a local number in one run.
fn is_whole(digits: &[u8]) -> bool {
    match digits {
        [0, 1 | 2, _, local @ ..] => {
            is_area(digits.get(..3).unwrap_or_default())
                && matches!((local, local.len()), ([2..=8, ..], 8))
        }
        [0, _, _, _, local @ ..] => {
            is_area(digits.get(..4).unwrap_or_default())
                && matches!((local, local.len()), ([2..=8, ..], 7 | 8))
        }
        _ => false,
    }
}
