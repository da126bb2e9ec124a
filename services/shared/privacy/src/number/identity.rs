//! Identity numbers: 18 characters, or the 15 digits before 1999.

use super::{Number, Reading};
use crate::check::{
    Identity, credit_code_is_valid, identity, luhn_fits, old_identity_is_plausible,
};
use crate::draft::Draft;
use crate::finding::{Certainty, Kind};
use crate::words::Word;

use super::chain::{continues_before, continues_behind, unit_follows};

/// The groups in which people write an identity number.
const GROUPS: [&[usize]; 6] =
    [&[6, 8, 4], &[6, 4, 4, 4], &[6, 4, 2, 2, 4], &[3, 3, 4, 4, 4], &[6, 4, 8], &[4, 4, 4, 4, 2]];
const MOST_RUNS: usize = 18;

impl Number<'_> {
    /// An identity number that begins with the first run.
    pub(super) fn identity(self) -> Reading {
        for count in 1..=self.runs.len().min(MOST_RUNS) {
            let digits = self.digits(count);
            let x_end = self.taken(count).last().and_then(|run| run.x_end);
            match (digits.len(), x_end) {
                (17, Some(end)) => return self.new_identity(count, true, end),
                (18, None) => return self.new_identity(count, false, self.end(count)),
                (15, None) if count == 1 => {
                    if let Some(reading) = self.old_identity() {
                        return Some(reading);
                    }
                }
                (20, None) if count == 1 => return self.disability_card(),
                (18.., _) => return None,
                _ => {}
            }
        }
        None
    }

    /// 残疾人证号: an identity number, the kind and the grade of the disability.
    fn disability_card(self) -> Reading {
        let digits = self.digits(1).get(..18)?;
        let fits = identity(digits, false) == Identity::Valid
            && self.stands_alone(1)
            && self.context.label(self.start()) != Some(Word::Code)
            && !self.is_in_url();
        let range = self.start()..self.end(1);
        fits.then(|| (1, Draft::new(range, Kind::IdentityNumber, Certainty::Certain)))
    }

    fn new_identity(self, count: usize, ends_in_x: bool, end: usize) -> Reading {
        let digits = self.digits(count);
        let text = self.context.text;
        let label = self.context.label(self.start());
        // A letter before it or behind it makes it part of another code, whatever its check.
        let begins = self.first > 0 || !continues_before(text, self.start());
        let ends = ends_in_x || !continues_behind(text, end);
        let alone = self.begins() && (ends_in_x || self.ends(count));
        let certainty = match identity(digits, ends_in_x) {
            // Both checks may fit by chance: then the word before the code decides.
            Identity::Valid if label == Some(Word::Credit) && is_credit_code(digits) => {
                return None;
            }
            Identity::Valid if self.is_in_url() => return None,
            Identity::Valid if label == Some(Word::Code) || !alone => Certainty::Suspected,
            Identity::Valid => Certainty::Certain,
            Identity::Historic if label == Some(Word::Identity) => Certainty::Certain,
            Identity::Historic if alone && label != Some(Word::Code) => Certainty::Suspected,
            Identity::Plausible if alone && self.may_be_mistyped(count, digits, label) => {
                Certainty::Suspected
            }
            Identity::Not if label == Some(Word::Identity) && alone && count == 1 => {
                Certainty::Suspected
            }
            _ => return None,
        };
        if !begins || !(ends || self.ends(count) || certainty == Certainty::Certain) {
            return None;
        }
        if unit_follows(text, end) && label != Some(Word::Identity) && !alone {
            return None;
        }
        Some((count, Draft::new(self.start()..end, Kind::IdentityNumber, certainty)))
    }

    /// Whether an identity number with a wrong check character is still one to look at.
    fn may_be_mistyped(self, count: usize, digits: &[u8], label: Option<Word>) -> bool {
        match label {
            Some(Word::Identity) => true,
            Some(Word::Code | Word::Credit | Word::Account) => false,
            _ => {
                let written = count == 1
                    || GROUPS
                        .iter()
                        .any(|groups| self.groups(count).is_some_and(|lengths| lengths == *groups));
                let is_card = digits.starts_with(&[6, 2]) && luhn_fits(digits);
                written
                    && !is_card
                    && !is_credit_code(digits)
                    && !unit_follows(self.context.text, self.end(count))
                    && !self.is_in_url()
            }
        }
    }

    fn old_identity(self) -> Reading {
        let label = self.context.label(self.start());
        let is_named = label == Some(Word::Identity);
        let fits = old_identity_is_plausible(self.digits(1))
            && self.stands_alone(1)
            && !matches!(label, Some(Word::Code | Word::Credit | Word::Account))
            && !self.is_in_url()
            && !unit_follows(self.context.text, self.end(1));
        // Without a check digit only the word before it makes it certain.
        let certainty = if is_named { Certainty::Certain } else { Certainty::Suspected };
        fits.then(|| (1, Draft::new(self.start()..self.end(1), Kind::IdentityNumber, certainty)))
    }
}

fn is_credit_code(digits: &[u8]) -> bool {
    let code: Vec<u8> = digits.iter().map(|digit| digit + b'0').collect();
    matches!(digits.first(), Some(1 | 5 | 9)) && credit_code_is_valid(&code)
}
