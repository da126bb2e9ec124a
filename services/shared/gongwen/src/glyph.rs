//! Characters as a reader of numbers sees them: half-width, brackets of one kind, no spaces.

/// One character of a text, normalised, with its place in the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glyph {
    /// The normalised character.
    pub(crate) ch: char,
    /// Byte offset of the original character.
    pub(crate) start: usize,
    /// Byte offset behind the original character.
    pub(crate) end: usize,
    /// Whether white space stood before it.
    pub(crate) spaced: bool,
}

/// The opening bracket of a canonical document number.
pub(crate) const OPEN: char = '〔';
/// The closing bracket of a canonical document number.
pub(crate) const CLOSE: char = '〕';

/// The normalised characters of `text`, without white space; offsets count from `offset`.
pub(crate) fn glyphs(text: &str, offset: usize) -> impl Iterator<Item = Glyph> {
    let mut spaced = false;
    text.char_indices().filter_map(move |(at, original)| {
        if is_blank(original) {
            spaced = true;
            return None;
        }
        let start = offset + at;
        let end = start + original.len_utf8();
        let glyph = Glyph { ch: normalised(original), start, end, spaced };
        spaced = false;
        Some(glyph)
    })
}

/// White space, and the invisible characters that copying from pages leaves behind.
pub(crate) fn is_blank(ch: char) -> bool {
    ch.is_whitespace() || matches!(ch, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Whether the character is a Chinese character.
pub fn is_han(ch: char) -> bool {
    matches!(ch, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}')
}

/// Whether the original character is a bracket that in running text encloses hardly anything
/// but the year of a document number.
pub(crate) fn is_square_open(original: char) -> bool {
    matches!(original, '〔' | '[' | '［' | '【' | '﹝')
}

pub(crate) fn normalised(ch: char) -> char {
    match ch {
        '〔' | '[' | '［' | '(' | '（' | '【' | '﹝' | '〈' | '《' | '{' | '｛' => OPEN,
        '〕' | ']' | '］' | ')' | '）' | '】' | '﹞' | '〉' | '》' | '}' | '｝' => CLOSE,
        '號' => '号',
        _ => halfwidth(ch),
    }
}

/// What NFKC does to full-width digits and Latin letters; everything else is left alone.
pub fn halfwidth(ch: char) -> char {
    const FULLWIDTH_OFFSET: u32 = '０' as u32 - '0' as u32;
    match ch {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(ch as u32 - FULLWIDTH_OFFSET).unwrap_or(ch)
        }
        _ => ch,
    }
}
