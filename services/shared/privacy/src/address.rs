//! Private home addresses: as far as a house, a building, a unit or a room.
//!
//! An address that stops at a street office (街道) or a village says where somebody is from,
//! not where to find him, and is no finding.

use crate::context::{Context, names_organ};
use crate::draft::Draft;
use crate::finding::{Certainty, Kind};
use crate::glyph::{
    after, before, digit, is_alphanumeric, is_blank, is_han, is_hyphen, line_before,
};
use crate::words::{Mark, Word};

const LONGEST: usize = 60;
/// How far apart the parts of one address may stand, in bytes: `3栋2单元1501室`.
const NEXT_PART: usize = 18;
/// What an office is in and a home is not.
const OFFICES: &str = "大厦、大楼、广场、写字楼、产业园、工业园、政务、办公、商务、科技园、会议、实验、教学、\
综合楼、服务、教室";
const PLACES: &str = "省、自治区、市、区、县、旗、镇、乡、街道、社区、村、路、街、道、巷、弄、小区、花园、\
家园、苑、城、园";

/// Addresses behind words for a home, in such columns, and by their own shape.
pub(crate) fn find(context: &Context<'_>, drafts: &mut Vec<Draft>) {
    let mut floor = 0;
    for (index, mark) in context.marks.all().iter().enumerate() {
        if mark.start < floor {
            continue;
        }
        let draft = match mark.word {
            Word::Home => labelled(context, mark.end, true),
            Word::Address => labelled(context, mark.end, false),
            Word::Detail => bare(context, index, floor),
            _ => None,
        };
        if let Some(draft) = draft {
            floor = draft.bytes.end;
            drafts.push(draft);
        }
    }
    for cell in &context.cells {
        let is_home = cell.word == Word::Home;
        if is_home || cell.word == Word::Address {
            drafts.extend(
                labelled(context, cell.start, is_home).filter(|draft| draft.bytes.end <= cell.end),
            );
        }
    }
}

/// The address behind a word, from `at` on.
fn labelled(context: &Context<'_>, at: usize, is_home: bool) -> Option<Draft> {
    let text = context.text;
    let mut start = at;
    while let Some(ch) =
        after(text, start).filter(|ch| is_blank(*ch) || ":：为是在于（(\t|\n的".contains(*ch))
    {
        start += ch.len_utf8();
        if start > at + 12 {
            return None;
        }
    }
    let end = phrase_end(text, start);
    let details = context.marks.within(start, end);
    // 组 is still the village; a house follows it.
    let is_house =
        |mark: &&Mark| mark.word == Word::Detail && text.get(mark.start..mark.end) != Some("组");
    let last = details.iter().rev().find(is_house);
    let mut stop = last.map_or(start, |mark| mark.end);
    stop = with_room(text, stop, end);
    let address = text.get(start..stop)?;
    let is_private = if is_home {
        !OFFICES.split('、').any(|word| address.contains(word)) || is_flat(text, details)
    } else {
        is_private_place(address)
            && (context.is_persons(start) || is_flat(text, details))
            && !names_organ(line_before(text, start, 30))
    };
    let is_place = address.chars().filter(|ch| is_han(*ch)).count() >= 3
        && PLACES.split('、').any(|place| address.contains(place));
    (stop > start && is_private && is_place)
        .then(|| Draft::new(start..stop, Kind::HomeAddress, Certainty::Certain))
}

/// Where the phrase ends in which an address stands.
fn phrase_end(text: &str, start: usize) -> usize {
    let mut end = start;
    for ch in text.get(start..).unwrap_or_default().chars().take(LONGEST) {
        let goes_on = is_han(ch)
            || is_alphanumeric(ch)
            || is_hyphen(ch)
            || matches!(ch, '#' | '＃' | '（' | '）' | '(' | ')' | '·' | ' ' | '\u{3000}');
        if !goes_on {
            break;
        }
        end += ch.len_utf8();
    }
    end
}

/// Extends an address by the figures that end it: `3栋2单元501`, `幸福小区3-2-501`.
fn with_room(text: &str, stop: usize, end: usize) -> usize {
    let rest = text.get(stop..end).unwrap_or_default();
    let is_room = |ch: char| digit(ch).is_some() || is_hyphen(ch) || ch == '#';
    let length: usize = rest.chars().take_while(|ch| is_room(*ch)).map(char::len_utf8).sum();
    if length > 0 {
        return stop + length;
    }
    // No detail by name: the last figures of the phrase, when they are joined by hyphens.
    let Some(from) = rest.find(|ch: char| digit(ch).is_some()) else { return stop };
    let figures: &str = rest.get(from..).unwrap_or_default();
    let length: usize = figures.chars().take_while(|ch| is_room(*ch)).map(char::len_utf8).sum();
    let joined = figures.get(..length).is_some_and(|figures| figures.contains(is_hyphen));
    if joined { stop + from + length } else { stop }
}

/// An address without a word before it: two details of a flat, and what leads to them.
fn bare(context: &Context<'_>, index: usize, floor: usize) -> Option<Draft> {
    let text = context.text;
    let first = *context.marks.all().get(index)?;
    let mut details = vec![first];
    for mark in context.marks.all().get(index + 1..)?.iter().take(6) {
        let last = details.last()?.end;
        if mark.word != Word::Detail || mark.start > last + NEXT_PART {
            break;
        }
        let between = text.get(last..mark.start)?;
        if between.chars().any(|ch| !is_alphanumeric(ch) && !is_han(ch) && !is_hyphen(ch)) {
            break;
        }
        details.push(*mark);
    }
    let is_estate = details.iter().any(|mark| {
        text.get(mark.start..mark.end)
            .is_some_and(|word| matches!(word, "栋" | "幢" | "单元" | "号楼"))
    });
    // A house number and a room alone are as often an office.
    if !is_flat(text, &details) || !(is_estate || context.is_persons(first.start)) {
        return None;
    }
    let last = details.last()?.end;
    let end = with_room(text, last, phrase_end(text, last));
    let start = start_of(context, first.start, floor);
    let address = text.get(start..end)?;
    let line = line_before(text, start, 12);
    let label = context.label(start);
    let fits = is_private_place(address)
        && !OFFICES.split('、').any(|word| line.contains(word))
        && label != Some(Word::PublicAddress)
        && PLACES.split('、').any(|place| address.contains(place));
    fits.then(|| Draft::new(start..end, Kind::HomeAddress, Certainty::Suspected))
}

/// Whether the details are those of a flat: a building with a unit or a room in it.
fn is_flat(text: &str, details: &[Mark]) -> bool {
    let word = |mark: &Mark| text.get(mark.start..mark.end).unwrap_or_default().to_owned();
    let building = details.iter().position(|mark| {
        matches!(word(mark).as_str(), "栋" | "幢" | "号楼" | "座" | "单元" | "号")
    });
    building.is_some_and(|at| {
        let block = details.get(at).map(word).unwrap_or_default();
        details.iter().skip(at + 1).any(|mark| {
            matches!(word(mark).as_str(), "单元" | "室")
                || (word(mark) == "户" && !counts(text, mark.start))
                || (word(mark) == "号" && matches!(block.as_str(), "栋" | "幢"))
        }) || details.iter().skip(at).any(|mark| {
            let behind = text.get(mark.end..).unwrap_or_default();
            let room = behind.chars().take(5).take_while(char::is_ascii_digit).count();
            matches!(room, 3 | 4)
                && matches!(word(mark).as_str(), "栋" | "幢" | "号楼" | "单元")
                && !behind.chars().nth(room).is_some_and(|ch| "平户套万年㎡".contains(ch))
        })
    })
}

/// Whether 户 counts households: 近3000户, 共12户.
fn counts(text: &str, at: usize) -> bool {
    let head = text.get(..at).unwrap_or_default();
    let number = head.chars().rev().take(5).take_while(|ch| digit(*ch).is_some()).count();
    let before = head.chars().rev().nth(number);
    number > 3 || before.is_some_and(|ch| "近共约余有计为达".contains(ch))
}

fn is_private_place(address: &str) -> bool {
    !OFFICES.split('、').any(|word| address.contains(word)) && !names_organ(address)
}

/// Where an address begins whose first detail is at `at`.
fn start_of(context: &Context<'_>, at: usize, floor: usize) -> usize {
    const LEADS: &str = "承租、租赁、购得、出租、恳请、送至、约谈、认购、购买、我们、我、请问、本人、举报、领导、投诉、反映、关于、目前、称、家住、住在、住于、位于、\
居住、坐落于、坐落、地址、住、在、是、为、到、系、的、于";
    let text = context.text;
    let mut start = at;
    for _ in 0..LONGEST / 2 {
        match before(text, start) {
            Some(ch)
                if start > floor
                    && (is_han(ch) || is_alphanumeric(ch) || is_hyphen(ch) || ch == '#') =>
            {
                start -= ch.len_utf8();
            }
            _ => break,
        }
    }
    let chain = text.get(start..at).unwrap_or_default();
    let place =
        PLACES.split('、').filter_map(|place| chain.find(place)).min().unwrap_or(chain.len());
    let head = chain.get(..place).unwrap_or_default();
    let cut = LEADS.split('、').filter_map(|lead| head.rfind(lead).map(|at| at + lead.len())).max();
    start + cut.unwrap_or(0)
}
