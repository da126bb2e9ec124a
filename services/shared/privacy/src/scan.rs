//! The pass over a text.

use crate::context::Context;
use crate::draft::{Draft, settle, without_overlaps};
use crate::finding::{Finding, Kind};
use crate::number::chain::Chain;
use crate::words::Marks;
use crate::{address, contact, name, number, table};

/// How near, in bytes of one line, a number is to a person whose number it may be.
const NEAR: usize = 120;
/// How near, in bytes, is next to each other: `王建国，联系电话：`.
const NEXT: usize = 24;

/// Finds what must not be published, and the public contacts that look like it.
///
/// The findings are sorted by place and do not overlap. Their places are character offsets
/// and, beside them, byte offsets on character boundaries. Digits and letters may be
/// full-width, and identity, telephone and card numbers may be written in groups. Any text is
/// read without error; the time it takes grows with its length.
pub fn find(text: &str) -> Vec<Finding> {
    let marks = Marks::of(text);
    let cells = table::cells(text, &marks);
    let context = Context { text, marks, cells };
    let mut drafts = Vec::new();
    numbers_and_mail(&context, &mut drafts);
    contact::chats(&context, &mut drafts);
    address::find(&context, &mut drafts);
    name::labelled(&context, &mut drafts);
    if drafts.is_empty() {
        return Vec::new();
    }
    drafts = without_overlaps(drafts);
    drafts.extend(name::beside(&context, &drafts));
    drafts = without_overlaps(drafts);
    close(text, &mut drafts);
    settle(text, drafts)
}

/// Looks for digits and for `@`, half-width or full-width, byte by byte.
fn numbers_and_mail(context: &Context<'_>, drafts: &mut Vec<Draft>) {
    let bytes = context.text.as_bytes();
    let mut chain = Chain::default();
    let mut at = 0;
    let mut floor = 0;
    while let Some(skipped) = bytes.get(at..).and_then(|rest| rest.iter().position(is_trigger)) {
        at += skipped;
        match bytes.get(at..).unwrap_or_default() {
            [b'0'..=b'9', ..] | [0xEF, 0xBC, 0x90..=0x99, ..] => {
                at = chain.read(context.text, at);
                number::read(context, &chain, drafts);
            }
            [sign @ b'@', ..] | [sign @ 0xEF, 0xBC, 0xA0, ..] => {
                if let Some(draft) = contact::email(context, at, floor) {
                    floor = draft.bytes.end;
                    drafts.push(draft);
                }
                at += if *sign == b'@' { 1 } else { 3 };
            }
            [0xEF, ..] => at += 3,
            _ => at += 1,
        }
    }
}

/// The first byte of a digit or an `@`; 0xEF also begins other full-width characters.
fn is_trigger(byte: &u8) -> bool {
    byte.is_ascii_digit() || *byte == b'@' || *byte == 0xEF
}

/// Lets what stands beside them decide about contacts that say nothing of whose they are:
/// what is private near them makes them private; an organ's telephone near it makes an
/// e-mail address the organ's.
fn close(text: &str, drafts: &mut [Draft]) {
    let all: Vec<Draft> = drafts.to_vec();
    for (index, draft) in drafts.iter_mut().enumerate().filter(|(_, draft)| draft.open) {
        let neighbours = all.iter().skip(index.saturating_sub(4)).take(9);
        let gap = |other: &Draft| {
            let gap =
                draft.bytes.end.min(other.bytes.end)..draft.bytes.start.max(other.bytes.start);
            text.get(gap).unwrap_or_default()
        };
        let near = |other: &&Draft| {
            // The telephone of a person whom an organ names stands right behind the name.
            let both = draft.kind == Kind::PersonName && other.kind == Kind::MobileNumber;
            gap(other).len() < if both { NEXT } else { NEAR }
        };
        if neighbours.clone().filter(near).any(|other| {
            !gap(other).contains('\n') && other.personal && !other.open && tells(draft, other)
        }) {
            draft.personal = true;
        } else if draft.kind == Kind::Email {
            let is_organs = |other: &Draft| other.kind == Kind::Landline && !other.personal;
            draft.personal &= !neighbours.clone().filter(near).any(is_organs);
        }
    }
}

/// Whether a private finding makes another beside it private.
fn tells(draft: &Draft, other: &Draft) -> bool {
    match other.kind {
        Kind::IdentityNumber
        | Kind::BankCard
        | Kind::BankAccount
        | Kind::HomeAddress
        | Kind::PersonName => true,
        Kind::MobileNumber => matches!(draft.kind, Kind::Email | Kind::PersonName),
        _ => false,
    }
}
