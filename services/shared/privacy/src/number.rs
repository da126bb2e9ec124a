//! Reading chains of digits: which run, or which runs together, are what.

pub(crate) mod chain;
mod identity;
mod money;
mod phone;
mod plate;
mod travel;

use chain::{Chain, Joint, Run, continues_before, continues_behind};

use crate::context::Context;
use crate::draft::Draft;
use crate::glyph::is_hyphen;

/// A number as it is read: the runs that write it, from some run of a chain on.
#[derive(Clone, Copy)]
struct Number<'a> {
    context: &'a Context<'a>,
    chain: &'a Chain,
    /// Place of the first run in the chain.
    first: usize,
    /// The runs from the first on.
    runs: &'a [Run],
}

/// What was read, and how many runs it took.
type Reading = Option<(usize, Draft)>;

/// Reads all numbers of a chain.
pub(crate) fn read(context: &Context<'_>, chain: &Chain, drafts: &mut Vec<Draft>) {
    let mut first = 0;
    while let Some(runs) = chain.runs().get(first..).filter(|runs| !runs.is_empty()) {
        let number = Number { context, chain, first, runs };
        let reading = number.read();
        first += reading.as_ref().map_or(1, |(taken, _)| (*taken).max(1));
        drafts.extend(reading.map(|(_, draft)| draft));
    }
}

impl<'a> Number<'a> {
    fn read(self) -> Reading {
        if self.digits(self.runs.len()).len() < 5 && !self.touches_letter() {
            return None;
        }
        self.plate()
            .or_else(|| self.travel())
            .or_else(|| self.identity())
            .or_else(|| self.card())
            .or_else(|| self.mobile())
            .or_else(|| self.account())
            .or_else(|| self.landline())
    }

    fn start(self) -> usize {
        self.runs.first().map_or(0, |run| run.start)
    }

    fn end(self, count: usize) -> usize {
        self.taken(count).last().map_or(0, |run| run.end)
    }

    fn taken(self, count: usize) -> &'a [Run] {
        self.runs.get(..count).unwrap_or_default()
    }

    fn digits(self, count: usize) -> &'a [u8] {
        self.chain.digits(self.taken(count))
    }

    /// The lengths of the first `count` runs, if there are so many.
    fn groups(self, count: usize) -> Option<Vec<usize>> {
        self.runs.get(..count).map(|runs| runs.iter().map(Run::length).collect())
    }

    fn next(self, count: usize) -> Option<&'a Run> {
        self.runs.get(count)
    }

    fn previous(self) -> Option<&'a Run> {
        self.first.checked_sub(1).and_then(|index| self.chain.runs().get(index))
    }

    fn joint(self) -> Joint {
        self.runs.first().map_or(Joint::None, |run| run.joint)
    }

    /// Whether the runs are joined in one way only.
    fn is_uniform(self, count: usize) -> bool {
        let mut joints = self.taken(count).iter().skip(1).map(|run| run.joint);
        let first = joints.next();
        joints.all(|joint| Some(joint) == first)
    }

    /// Whether the first `count` runs are a number of their own and no part of a longer one.
    fn stands_alone(self, count: usize) -> bool {
        self.begins() && self.ends(count)
    }

    /// Whether nothing before makes it the rest of something longer.
    fn begins(self) -> bool {
        let country = self.previous().is_some_and(|run| self.is_country(run));
        match self.joint() {
            Joint::Hyphen => country,
            Joint::Space | Joint::Bracket => true,
            Joint::None => !continues_before(self.context.text, self.start()),
        }
    }

    /// Whether nothing behind makes it the beginning of something longer; another number of
    /// at least seven digits does not.
    fn ends(self, count: usize) -> bool {
        let end = self.end(count);
        if !continues_behind(self.context.text, end) {
            return true;
        }
        crate::glyph::after(self.context.text, end).is_some_and(is_hyphen)
            && self.next(count).is_some_and(|run| run.length() >= 7)
    }

    /// Whether a run is the country code of China.
    fn is_country(self, run: &Run) -> bool {
        matches!(self.chain.digits(std::slice::from_ref(run)), [8, 6] | [0, 8, 6] | [0, 0, 8, 6])
    }

    fn touches_letter(self) -> bool {
        let text = self.context.text;
        self.runs.first().is_some_and(|run| {
            let letter = |ch: Option<char>| ch.is_some_and(crate::glyph::is_letter);
            letter(crate::glyph::before(text, run.start))
                || letter(crate::glyph::after(text, run.end))
                || crate::glyph::before(text, run.start)
                    .is_some_and(|ch| matches!(ch, '·' | '•' | '・' | '.' | ' ' | '-'))
        })
    }

    /// Whether it stands in a web address.
    fn is_in_url(self) -> bool {
        let head = self.context.text.get(..self.start()).unwrap_or_default().as_bytes();
        let length = head.iter().rev().take(200).take_while(|byte| byte.is_ascii_graphic()).count();
        let part = head.get(head.len() - length..).unwrap_or_default();
        part.windows(3).any(|three| three == b"://" || three == b"www")
    }
}
