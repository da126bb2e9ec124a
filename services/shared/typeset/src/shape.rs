//! From characters to glyphs with widths; the search for a face that has each character.

use std::collections::{BTreeSet, HashMap};

use crate::fonts::{Fonts, Role};
use crate::kinsoku::{self, Class};

/// A character with its glyph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Atom {
    pub character: char,
    pub class: Class,
    pub face: usize,
    pub glyph: u32,
    /// In pt.
    pub size: f32,
    /// In pt, before the line is fitted.
    pub width: f32,
}

/// Characters in one face.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span<'a> {
    pub role: Role,
    pub text: &'a str,
}

/// A size and how wide a full-width character is set in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    pub size: f32,
    /// The width of a full-width character as a part of the size.
    pub full: f32,
}

/// Characters as wide as this part of the em count as full-width.
const FULL_WIDTH: f32 = 0.95;

pub(crate) struct Shaper<'a> {
    fonts: &'a Fonts,
    known: HashMap<(Role, char), (usize, u32, f32)>,
    missing: BTreeSet<char>,
}

impl<'a> Shaper<'a> {
    pub fn new(fonts: &'a Fonts) -> Self {
        Self { fonts, known: HashMap::new(), missing: BTreeSet::new() }
    }

    /// The characters that no face has.
    pub fn missing(self) -> Vec<char> {
        self.missing.into_iter().collect()
    }

    /// The glyphs of the spans. What is invisible is left out, any white space is a space.
    pub fn shape(&mut self, spans: &[Span<'_>], scale: Scale) -> Vec<Atom> {
        let mut atoms = Vec::new();
        for span in spans {
            for character in span.text.chars() {
                if kinsoku::invisible(character) {
                    continue;
                }
                let character = match character {
                    '\u{3000}' => character,
                    c if c.is_whitespace() => ' ',
                    c => c,
                };
                atoms.push(self.atom(span.role, character, scale));
            }
        }
        atoms
    }

    fn atom(&mut self, role: Role, character: char, scale: Scale) -> Atom {
        let fonts = self.fonts;
        let missing = &mut self.missing;
        let (face, glyph, advance) = *self.known.entry((role, character)).or_insert_with(|| {
            let chain = fonts.chain(role);
            let found = chain.iter().find_map(|index| {
                let glyph = fonts.face(*index)?.glyph(character)?;
                Some((*index, glyph.id, glyph.advance))
            });
            found.unwrap_or_else(|| {
                missing.insert(character);
                (chain.first().copied().unwrap_or(0), 0, 1.0)
            })
        });
        let part = if advance >= FULL_WIDTH { advance * scale.full } else { advance };
        Atom {
            character,
            class: kinsoku::class(character),
            face,
            glyph,
            size: scale.size,
            width: part * scale.size,
        }
    }
}

/// The width of the atoms side by side, in pt.
pub(crate) fn width(atoms: &[Atom]) -> f32 {
    atoms.iter().map(|atom| atom.width).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{CELL, SIZE_3};
    use crate::testing;

    const TEXT: Scale = Scale { size: SIZE_3, full: CELL / SIZE_3 };

    #[test]
    fn a_chinese_character_is_one_cell() {
        let Some(fonts) = testing::fonts() else { return };
        let mut shaper = Shaper::new(fonts);
        let atoms = shaper.shape(&[Span { role: Role::Body, text: "人民，。《》“”" }], TEXT);
        for atom in &atoms {
            assert!((atom.width - CELL).abs() < 0.01, "{atom:?}");
        }
        assert!(shaper.missing().is_empty());
    }

    #[test]
    fn rare_characters_come_from_another_face() {
        let Some(fonts) = testing::fonts() else { return };
        let mut shaper = Shaper::new(fonts);
        let atoms = shaper.shape(&[Span { role: Role::Body, text: "𠮷" }], TEXT);
        assert_ne!(atoms[0].glyph, 0);
        assert!(shaper.missing().is_empty());
    }

    #[test]
    fn what_no_face_has_is_reported_once() {
        let Some(fonts) = testing::fonts() else { return };
        let mut shaper = Shaper::new(fonts);
        let text = "\u{1f9ff}甲\u{1f9ff}\u{10fffd}";
        let atoms = shaper.shape(&[Span { role: Role::Body, text }], TEXT);
        assert_eq!(atoms.len(), 4);
        assert_eq!(atoms[0].glyph, 0);
        assert_eq!(shaper.missing(), ['\u{1f9ff}', '\u{10fffd}']);
    }

    #[test]
    fn controls_are_left_out_and_white_space_is_a_space() {
        let Some(fonts) = testing::fonts() else { return };
        let mut shaper = Shaper::new(fonts);
        let text = "a\u{0}\u{200b}\tb\u{a0}c";
        let atoms = shaper.shape(&[Span { role: Role::Body, text }], TEXT);
        let read: String = atoms.iter().map(|atom| atom.character).collect();
        assert_eq!(read, "a b c");
    }
}
