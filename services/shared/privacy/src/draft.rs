//! What the readers of single kinds hand over, before places are settled.

use std::ops::Range;

use crate::finding::{Certainty, Finding, Kind};

/// A finding to be: in bytes, and perhaps in the way of another.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// Where it is, in bytes.
    pub(crate) bytes: Range<usize>,
    /// What it is.
    pub(crate) kind: Kind,
    /// Whether it is a private person's.
    pub(crate) personal: bool,
    /// How sure it is.
    pub(crate) certainty: Certainty,
    /// Nothing beside it says whose it is: what stands near it decides.
    pub(crate) open: bool,
}

impl Draft {
    /// A private person's.
    pub(crate) fn new(bytes: Range<usize>, kind: Kind, certainty: Certainty) -> Self {
        Self { bytes, kind, personal: true, certainty, open: false }
    }

    /// The same, private or an organ's.
    pub(crate) fn personal(self, personal: bool) -> Self {
        Self { personal, ..self }
    }

    /// The same, left open for its neighbours to decide.
    pub(crate) fn open(self, open: bool) -> Self {
        Self { open, ..self }
    }
}

/// Which of two that overlap stays: the better proven, then the more precise kind.
fn rank(draft: &Draft) -> (u8, Certainty, usize) {
    let kind = match draft.kind {
        Kind::IdentityNumber | Kind::Email => 5,
        Kind::BankCard | Kind::Passport | Kind::TravelPermit | Kind::LicencePlate => 4,
        Kind::BankAccount | Kind::MobileNumber | Kind::WechatId | Kind::QqNumber => 3,
        Kind::Landline => 2,
        Kind::HomeAddress => 1,
        Kind::PersonName => 0,
    };
    (kind, draft.certainty, draft.bytes.len())
}

/// Sorts by place, drops what overlaps something better, and counts characters.
pub(crate) fn settle(text: &str, mut drafts: Vec<Draft>) -> Vec<Finding> {
    drafts = without_overlaps(drafts);
    let mut characters = 0;
    let mut counted = 0;
    let mut count_to = |at: usize| {
        // Counting the bytes that are no continuation is several times faster than chars().
        characters += text.as_bytes().get(counted..at).map_or(0, |part| {
            part.iter().map(|byte| usize::from(byte & 0xC0 != 0x80)).sum::<usize>()
        });
        counted = at;
        characters
    };
    drafts
        .into_iter()
        .map(|Draft { bytes, kind, personal, certainty, open: _ }| Finding {
            start: count_to(bytes.start),
            end: count_to(bytes.end),
            bytes,
            kind,
            personal,
            certainty,
        })
        .collect()
}

/// The drafts that stay, by place.
pub(crate) fn without_overlaps(mut drafts: Vec<Draft>) -> Vec<Draft> {
    drafts.retain(|draft| !draft.bytes.is_empty());
    drafts.sort_by_key(|draft| (draft.bytes.start, draft.bytes.end));
    let mut kept: Vec<Draft> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let mut wins = true;
        while let Some(last) = kept.last().filter(|last| last.bytes.end > draft.bytes.start) {
            if rank(last) >= rank(&draft) {
                wins = false;
                break;
            }
            kept.pop();
        }
        if wins {
            kept.push(draft);
        }
    }
    kept
}
