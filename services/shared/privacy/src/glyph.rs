//! Reading single characters of a text by byte offset. No function here panics: an offset
//! that is no boundary reads as nothing.

pub(crate) use gongwen::glyph::{halfwidth, is_han};

/// The character that begins at `at`.
pub(crate) fn after(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// The character that ends at `at`.
pub(crate) fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// The digit that a half-width or full-width character writes.
pub(crate) fn digit(ch: char) -> Option<u8> {
    match ch {
        '0'..='9' => u8::try_from(u32::from(ch) - u32::from('0')).ok(),
        '０'..='９' => u8::try_from(u32::from(ch) - u32::from('０')).ok(),
        _ => None,
    }
}

/// Whether the character is a Latin letter, half-width or full-width.
pub(crate) fn is_letter(ch: char) -> bool {
    halfwidth(ch).is_ascii_alphabetic()
}

/// Whether the character is a Latin letter or a digit, half-width or full-width.
pub(crate) fn is_alphanumeric(ch: char) -> bool {
    halfwidth(ch).is_ascii_alphanumeric()
}

/// White space within a line, and the invisible characters that copying leaves behind.
pub(crate) fn is_blank(ch: char) -> bool {
    matches!(ch, ' ' | '\u{a0}' | '\u{3000}' | '\u{2000}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// The strokes that are written for a hyphen.
pub(crate) fn is_hyphen(ch: char) -> bool {
    matches!(ch, '-' | '－' | '‐' | '‑' | '–' | '—' | '−' | '―')
}

/// At most `count` characters before `at`, not beyond `floor`.
pub(crate) fn window_before(text: &str, at: usize, count: usize, floor: usize) -> &str {
    let Some(head) = text.get(floor.min(at)..at) else { return "" };
    let from = head.char_indices().rev().take(count).last().map_or(head.len(), |(from, _)| from);
    head.get(from..).unwrap_or_default()
}

/// At most `count` characters from `at` on.
pub(crate) fn window_after(text: &str, at: usize, count: usize) -> &str {
    let Some(tail) = text.get(at..) else { return "" };
    let to = tail.char_indices().nth(count).map_or(tail.len(), |(to, _)| to);
    tail.get(..to).unwrap_or_default()
}

/// The part of the line before `at`, at most `count` characters.
pub(crate) fn line_before(text: &str, at: usize, count: usize) -> &str {
    let window = window_before(text, at, count, 0);
    window.rfind('\n').and_then(|end| window.get(end + 1..)).unwrap_or(window)
}

/// The part of the line from `at` on, at most `count` characters.
pub(crate) fn line_after(text: &str, at: usize, count: usize) -> &str {
    let window = window_after(text, at, count);
    window.split('\n').next().unwrap_or_default()
}
