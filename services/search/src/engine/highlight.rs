//! Marks in a title or text what was asked for, and cuts the extract that shows most of it.

use super::fold::{fold, is_han};

/// A stretch of text that is marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text as published.
    pub text: String,
    /// Whether it was asked for.
    pub marked: bool,
}

/// A place in a text, in characters, where a needle stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    from: usize,
    to: usize,
    needle: usize,
    /// The line that it stands in.
    line: usize,
}

/// No more places are looked at: enough to choose the best extract of any ordinary text.
const MOST_PLACES: usize = 512;
/// How many characters stand before the first mark of an extract.
const LEAD: usize = 24;

/// The whole text in pieces.
pub fn mark(text: &str, needles: &[Vec<char>]) -> Vec<Piece> {
    let original: Vec<char> = text.chars().collect();
    let places = places(&original, needles);
    cut(&original, 0, original.len(), &places)
}

/// The stretch of at most `length` characters that has most of the needles; nothing where the
/// text has none of them.
///
/// With it comes its place in the text, in bytes. `worth` says by how much each needle counts.
pub fn extract(
    text: &str,
    needles: &[Vec<char>],
    worth: &[f32],
    length: usize,
) -> Option<(Vec<Piece>, usize)> {
    let original: Vec<char> = text.chars().collect();
    let places = places(&original, needles);
    let from = best_start(&places, worth, length)?;
    let lead = places.get(from)?.from;
    let start = lead.saturating_sub(LEAD);
    let start = begin_of_sentence(&original, start, lead);
    let pieces = cut(&original, start, (start + length).min(original.len()), &places);
    let at = original.get(..lead).unwrap_or_default().iter().map(|ch| ch.len_utf8()).sum();
    Some((pieces, at))
}

/// Which of the needles a text has.
pub fn standing(text: &str, needles: &[Vec<char>]) -> Vec<usize> {
    let original: Vec<char> = text.chars().collect();
    let mut found: Vec<usize> =
        places(&original, needles).into_iter().map(|place| place.needle).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The first `length` characters of a text, in one line.
pub fn opening(text: &str, length: usize) -> String {
    let mut out = String::new();
    let mut spaced = true;
    for ch in text.chars().map(|ch| if ch.is_whitespace() { ' ' } else { ch }) {
        if ch == ' ' && spaced {
            continue;
        }
        spaced = ch == ' ';
        out.push(ch);
        if out.chars().nth(length).is_some() {
            out.pop();
            break;
        }
    }
    out
}

/// Where the needles stand, in order.
fn places(original: &[char], needles: &[Vec<char>]) -> Vec<Place> {
    let folded: Vec<char> = original.iter().map(|ch| fold(*ch)).collect();
    let mut places = Vec::new();
    let mut line = 0;
    for (from, first) in folded.iter().enumerate() {
        line += usize::from(*first == '\n');
        for (at, needle) in needles.iter().enumerate() {
            if needle.first() == Some(first)
                && folded.get(from..from + needle.len()) == Some(needle.as_slice())
                && is_word(&folded, from, needle)
            {
                places.push(Place { from, to: from + needle.len(), needle: at, line });
            }
        }
        if places.len() >= MOST_PLACES {
            break;
        }
    }
    places
}

/// A word of letters and digits is not marked within a longer one.
fn is_word(folded: &[char], from: usize, needle: &[char]) -> bool {
    let latin = |ch: Option<&char>| ch.is_some_and(|ch| ch.is_alphanumeric() && !is_han(*ch));
    if !latin(needle.first()) {
        return true;
    }
    let before = from.checked_sub(1).and_then(|at| folded.get(at));
    !latin(before) && !latin(folded.get(from + needle.len()))
}

/// The place at which the extract with most different needles begins.
fn best_start(places: &[Place], worth: &[f32], length: usize) -> Option<usize> {
    let room = length.saturating_sub(LEAD).max(1);
    let mut best: Option<(f32, usize)> = None;
    let mut seen = vec![false; worth.len()];
    for (at, first) in places.iter().enumerate() {
        seen.fill(false);
        let mut score = 0.0;
        // Within one paragraph: two articles that have a word each do not answer together.
        let together = |place: &&Place| place.line == first.line && place.to <= first.from + room;
        for place in places.get(at..)?.iter().take_while(together) {
            if let Some(seen) = seen.get_mut(place.needle)
                && !*seen
            {
                *seen = true;
                score += worth.get(place.needle).copied().unwrap_or(0.0);
            }
        }
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, at));
        }
        if seen.iter().all(|it| *it) {
            break;
        }
    }
    best.map(|(_, at)| at)
}

/// Begins behind the last end of a sentence before the lead, where there is one.
fn begin_of_sentence(original: &[char], start: usize, lead: usize) -> usize {
    let before = original.get(start..lead).unwrap_or_default();
    let end = |ch: &char| matches!(ch, '。' | '！' | '？' | '；' | '\n');
    before.iter().rposition(end).map_or(start, |at| start + at + 1)
}

fn cut(original: &[char], from: usize, to: usize, places: &[Place]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = from;
    for place in places {
        let (start, end) = (place.from.max(at), place.to.min(to));
        if start >= end {
            continue;
        }
        push(&mut pieces, original.get(at..start), false);
        push(&mut pieces, original.get(start..end), true);
        at = end;
    }
    push(&mut pieces, original.get(at..to), false);
    pieces
}

fn push(pieces: &mut Vec<Piece>, part: Option<&[char]>, marked: bool) {
    let text: String = part
        .unwrap_or_default()
        .iter()
        .map(|ch| if ch.is_control() || *ch == '\u{3000}' { ' ' } else { *ch })
        .collect();
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.marked == marked => last.text.push_str(&text),
        _ => pieces.push(Piece { text, marked }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn needles(words: &[&str]) -> Vec<Vec<char>> {
        words.iter().map(|word| word.chars().collect()).collect()
    }

    fn shown(pieces: &[Piece]) -> String {
        let show = |piece: &Piece| {
            if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() }
        };
        pieces.iter().map(show).collect()
    }

    #[test]
    fn words_are_marked_as_published() {
        let pieces = mark("ＷＴＯ与住房公积金", &needles(&["wto", "住房", "公积金"]));
        assert_eq!(shown(&pieces), "[ＷＴＯ]与[住房公积金]");
        assert_eq!(shown(&mark("第12条与112条", &needles(&["12"]))), "第[12]条与112条");
    }

    #[test]
    fn overlapping_words_are_one_mark() {
        let pieces = mark("住房公积金管理", &needles(&["公积金", "住房公积", "金管"]));
        assert_eq!(shown(&pieces), "[住房公积金管]理");
    }

    #[test]
    fn the_extract_shows_most_words_and_begins_with_a_sentence() {
        let text = format!(
            "{}公积金。{}提取公积金应当申请。{}",
            "一".repeat(99),
            "二".repeat(99),
            "三".repeat(99)
        );
        let (pieces, at) = extract(&text, &needles(&["提取", "公积金"]), &[1.0, 1.0], 40).unwrap();
        assert!(text.get(at..).unwrap().starts_with("提取公积金"));
        let shown = shown(&pieces);
        assert!(shown.contains("[提取公积金]应当申请。"), "{shown}");
        assert!(pieces.iter().map(|piece| piece.text.chars().count()).sum::<usize>() <= 40);
        assert_eq!(extract("别的", &needles(&["公积金"]), &[1.0], 40), None);
    }

    #[test]
    fn an_opening_is_one_line() {
        assert_eq!(opening("\n 第一条  为了\n规范", 6), "第一条 为了");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_stops_it(
            text in "\\PC*|[住房公积金aＡ1 。\n]{0,200}",
            words in prop::collection::vec("\\PC{0,4}|[住房公积金a1]{1,4}", 0..6),
            length in 0usize..300,
        ) {
            let needles: Vec<Vec<char>> = words.iter().map(|word| word.chars().collect()).collect();
            let whole: String = mark(&text, &needles).into_iter().map(|piece| piece.text).collect();
            prop_assert_eq!(whole.chars().count(), text.chars().count());
            let worth = vec![1.0; needles.len()];
            if let Some((pieces, _)) = extract(&text, &needles, &worth, length) {
                let shown: usize = pieces.iter().map(|piece| piece.text.chars().count()).sum();
                prop_assert!(shown <= length);
            }
            opening(&text, length);
        }
    }
}
