//! Bank cards, and the other account numbers that a word or a column announces.

use super::chain::{Joint, unit_follows};
use super::{Number, Reading};
use crate::check::luhn_fits;
use crate::draft::Draft;
use crate::finding::{Certainty, Kind};
use crate::words::Word;

const CARD_LENGTHS: std::ops::RangeInclusive<usize> = 16..=19;
const ACCOUNT_LENGTHS: std::ops::RangeInclusive<usize> = 9..=30;
/// A run of so many digits is an account number by itself.
const WHOLE: usize = 12;

impl Number<'_> {
    /// A bank card number that begins with the first run.
    pub(super) fn card(self) -> Reading {
        let count = self.card_runs()?;
        let digits = self.digits(count);
        let label = self.context.label(self.start());
        let is_named = label == Some(Word::Account)
            || (label.is_none() && self.context.near(self.start(), 30, &[Word::Account]));
        // 62 is UnionPay's own; the other ranges belong to too many other numbers.
        let issued = match digits {
            [6, 2, ..] | [9, 5, 5, 8, ..] => true,
            [4, ..]
            | [5, 1..=5, ..]
            | [6, 0, ..]
            | [3, 5, ..]
            | [9, 0..=9, ..]
            | [2, 2..=7, ..] => is_named,
            _ => false,
        };
        let fits = issued
            && luhn_fits(digits)
            && !matches!(label, Some(Word::Code | Word::Credit))
            && self.stands_alone(count)
            && !self.is_in_url()
            && (is_named || !unit_follows(self.context.text, self.end(count)));
        let personal = !self.context.is_organs_account(self.start());
        let range = self.start()..self.end(count);
        fits.then(|| {
            (count, Draft::new(range, Kind::BankCard, Certainty::Certain).personal(personal))
        })
    }

    fn card_runs(self) -> Option<usize> {
        // Two groups of any length, as the issuer's number and the rest.
        let two = self.groups(2).is_some_and(|lengths| match lengths.as_slice() {
            [6 | 8, rest @ 8..=13] => *rest != 11 || self.next(2).is_none(),
            _ => false,
        });
        if two && CARD_LENGTHS.contains(&self.digits(2).len()) && luhn_fits(self.digits(2)) {
            return Some(2);
        }
        let mut length = 0;
        for (index, run) in self.runs.iter().enumerate() {
            let grouped = run.length() == 4 || (index == 0 && run.length() == 6);
            length += run.length();
            if index == 0 && CARD_LENGTHS.contains(&length) {
                return Some(1);
            }
            let count = index + 1;
            let next = self.next(count);
            let goes_on =
                next.is_some_and(|next| next.length() <= 4 && length + next.length() <= 19);
            if CARD_LENGTHS.contains(&length) && !goes_on && self.is_uniform(count) {
                return Some(count);
            }
            if length > *CARD_LENGTHS.end() || (!grouped && index == 0) {
                return None;
            }
        }
        None
    }

    /// A number behind one of the words for an account, or in such a column.
    pub(super) fn account(self) -> Reading {
        let label = self.context.label(self.start());
        let first = self.runs.first()?.length();
        let is_named = label == Some(Word::Account);
        let is_near = || {
            first >= 16
                && label.is_none()
                && self.context.near(self.start(), 20, &[Word::Account])
                && matches!(self.digits(1), [6, 2, ..])
        };
        if !(is_named || is_near()) {
            return None;
        }
        let count = self.account_runs();
        let length = self.digits(count).len();
        let fits = ACCOUNT_LENGTHS.contains(&length)
            && (self.begins() || is_named)
            && !unit_follows(self.context.text, self.end(count))
            && !self.is_in_url();
        let certainty = if length >= WHOLE { Certainty::Certain } else { Certainty::Suspected };
        let personal = !self.context.is_organs_account(self.start());
        let range = self.start()..self.end(count);
        fits.then(|| (count, Draft::new(range, Kind::BankAccount, certainty).personal(personal)))
    }

    fn account_runs(self) -> usize {
        let mut count = 1;
        let mut length = self.digits(1).len();
        let joint = self.next(1).map_or(Joint::None, |run| run.joint);
        while let Some(next) = self.next(count) {
            let is_group = next.length() <= 7 || joint == Joint::Hyphen;
            let full = length >= WHOLE && next.joint == Joint::Space && count == 1;
            length += next.length();
            if full || !is_group || next.joint != joint || length > *ACCOUNT_LENGTHS.end() {
                break;
            }
            count += 1;
        }
        count
    }
}
