//! From glyphs to lines: where they end, and how they are fitted to the measure.
//!
//! A line is filled as far as it goes. Where the next character must not begin a line, the
//! punctuation of the line is set tighter to take it in; where that does not suffice, the line
//! ends earlier and the room is spread between its characters.

use crate::kinsoku::{self, Class};
use crate::shape::Atom;

/// A glyph in its line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Set {
    pub atom: Atom,
    /// To the next glyph, in pt.
    pub advance: f32,
    /// From its place, in pt.
    pub offset: f32,
}

/// A fitted line.
pub(crate) type Line = Vec<Set>;

/// Two lengths in pt that differ by less are alike.
const ALIKE: f32 = 0.05;
/// A line that would have to be stretched by more characters than these is broken within a
/// word instead.
const LOOSEST: f32 = 6.0;
/// Characters past the measure that are looked at for a tighter setting.
const LOOK_AHEAD: usize = 4;

/// Breaks atoms into lines of at most `first`, then `rest` pt; at least one line. Lines but the
/// last fill the measure if `justify`.
pub(crate) fn lines(atoms: &[Atom], first: f32, rest: f32, justify: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut left = atoms;
    loop {
        let measure = if lines.is_empty() { first } else { rest };
        let (end, tight) = line_end(left, measure);
        let (line, more) = left.split_at_checked(end).unwrap_or((left, &[]));
        let last = more.is_empty();
        lines.push(fit(line, measure, tight, justify && !last));
        // Spaces at a break belong to the line before; they take no room there.
        let skipped = more.iter().take_while(|atom| atom.class == Class::Space).count();
        left = more.get(skipped..).unwrap_or(&[]);
        if left.is_empty() {
            return lines;
        }
        if skipped > 0
            && let Some(line) = lines.last_mut()
            && let Some(space) = more.first()
        {
            line.push(Set { atom: *space, advance: 0.0, offset: 0.0 });
        }
    }
}

/// Where the first line of the atoms ends, and whether it must be set tighter for it.
fn line_end(atoms: &[Atom], measure: f32) -> (usize, bool) {
    let mut width = 0.0;
    let mut fitting = None;
    let mut over = None;
    for (index, atom) in atoms.iter().enumerate() {
        width += atom.width;
        if width > measure + ALIKE && atom.class != Class::Space {
            over = Some((index, width - atom.width));
            break;
        }
        if breaks_behind(atoms, index) {
            fitting = Some((index + 1, width));
        }
    }
    let Some((over, natural)) = over else { return (atoms.len(), false) };
    let cell = atoms.get(over).map_or(0.0, |atom| atom.size);
    let short = fitting.map_or(measure, |(_, width)| measure - width);
    if short > cell * 0.75
        && let Some(end) = tighter_end(atoms, over, natural, measure)
    {
        return (end, true);
    }
    match fitting {
        Some((end, _)) if short <= cell * LOOSEST => (end, false),
        _ => (over.max(1), false),
    }
}

fn breaks_behind(atoms: &[Atom], index: usize) -> bool {
    match (atoms.get(index), atoms.get(index + 1)) {
        (Some(a), Some(b)) => kinsoku::may_break(a.class, b.class, a.character == b.character),
        _ => true,
    }
}

/// The next break past the measure that tighter punctuation reaches.
fn tighter_end(atoms: &[Atom], over: usize, natural: f32, measure: f32) -> Option<usize> {
    let mut width = natural;
    for index in over..(over + LOOK_AHEAD).min(atoms.len()) {
        width += atoms.get(index)?.width;
        if breaks_behind(atoms, index) {
            let slack: f32 = atoms.get(..=index)?.iter().map(slack).sum();
            return (width - measure <= slack).then_some(index + 1);
        }
    }
    None
}

fn slack(atom: &Atom) -> f32 {
    kinsoku::slack(atom.character).0 * atom.width
}

fn fit(line: &[Atom], measure: f32, tight: bool, justify: bool) -> Line {
    let spaces = line.iter().rev().take_while(|atom| atom.class == Class::Space).count();
    let inked = line.len() - spaces;
    let width: f32 = line.iter().take(inked).map(|atom| atom.width).sum();
    let mut set: Line =
        line.iter().map(|atom| Set { atom: *atom, advance: atom.width, offset: 0.0 }).collect();
    if tight {
        tighten(&mut set, width - measure);
    } else if justify {
        stretch(&mut set, inked, measure - width);
    }
    set
}

fn tighten(set: &mut [Set], excess: f32) {
    let total: f32 = set.iter().map(|one| slack(&one.atom)).sum();
    if total <= 0.0 || excess <= 0.0 {
        return;
    }
    let share = (excess / total).min(1.0);
    for one in set {
        let less = slack(&one.atom) * share;
        one.advance -= less;
        if kinsoku::slack(one.atom.character).1 {
            one.offset -= less;
        }
    }
}

/// Spreads room between characters, but not within Latin words and numbers.
fn stretch(set: &mut [Set], inked: usize, room: f32) {
    let gaps: Vec<usize> = (1..inked)
        .filter(|index| {
            let word = |at: usize| {
                set.get(at)
                    .is_some_and(|one| matches!(one.atom.class, Class::Word | Class::WordEnd))
            };
            !(word(index - 1) && word(*index))
        })
        .map(|index| index - 1)
        .collect();
    if gaps.is_empty() || room <= 0.0 {
        return;
    }
    let each = room / crate::measure::times(gaps.len());
    for index in gaps {
        if let Some(one) = set.get_mut(index) {
            one.advance += each;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Atoms 10 pt wide, ASCII 5 pt.
    fn atoms(text: &str) -> Vec<Atom> {
        text.chars()
            .map(|character| Atom {
                character,
                class: kinsoku::class(character),
                face: 0,
                glyph: 1,
                size: 10.0,
                width: if character.is_ascii() { 5.0 } else { 10.0 },
            })
            .collect()
    }

    fn broken(text: &str, measure: f32) -> Vec<String> {
        lines(&atoms(text), measure, measure, true)
            .iter()
            .map(|line| line.iter().map(|one| one.atom.character).collect())
            .collect()
    }

    fn right(line: &Line) -> f32 {
        line.iter().map(|one| one.advance).sum()
    }

    #[test]
    fn full_lines_are_full() {
        assert_eq!(broken("一二三四五六七", 30.0), ["一二三", "四五六", "七"]);
    }

    #[test]
    fn nothing_is_one_empty_line() {
        assert_eq!(lines(&[], 30.0, 30.0, true), [Line::new()]);
    }

    #[test]
    fn the_first_line_may_be_shorter() {
        let set = lines(&atoms("一二三四五"), 20.0, 30.0, true);
        assert_eq!(set.iter().map(Vec::len).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn a_mark_is_taken_in_when_the_punctuation_gives_room() {
        let text = "一，二，三，四。五六七";
        assert_eq!(broken(text, 70.0)[0], "一，二，三，四。");
        let set = lines(&atoms(text), 70.0, 70.0, true);
        assert!((right(&set[0]) - 70.0).abs() < 0.01);
    }

    #[test]
    fn else_a_character_goes_with_the_mark_and_the_line_is_stretched() {
        let set = lines(&atoms("一二三四五六七。八"), 70.0, 70.0, true);
        assert_eq!(set[0].len(), 6);
        assert!((right(&set[0]) - 70.0).abs() < 0.01);
    }

    #[test]
    fn an_opening_bracket_begins_the_next_line() {
        assert_eq!(broken("一二（三四五", 30.0), ["一二", "（三四", "五"]);
    }

    #[test]
    fn words_are_whole_and_the_space_stays_behind() {
        assert_eq!(broken("一二2026年", 30.0), ["一二", "2026年"]);
        assert_eq!(broken("一 ab 二三四五", 30.0), ["一 ab ", "二三四", "五"]);
    }

    #[test]
    fn a_word_longer_than_the_line_is_broken() {
        assert_eq!(broken("aaaaaaaaaaaaaa", 30.0), ["aaaaaa", "aaaaaa", "aa"]);
    }

    #[test]
    fn a_tower_of_marks_ends() {
        let text = "》".repeat(40);
        assert_eq!(broken(&text, 30.0).concat().chars().count(), 40);
    }

    #[test]
    fn the_last_line_is_not_stretched() {
        let set = lines(&atoms("一二三四"), 30.0, 30.0, true);
        assert!((right(&set[1]) - 10.0).abs() < 0.01);
    }

    #[test]
    fn a_measure_of_nothing_ends() {
        assert_eq!(broken("一二", 0.0), ["一", "二"]);
    }
}
