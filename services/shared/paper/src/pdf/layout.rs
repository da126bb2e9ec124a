//! From glyphs to lines and from lines to paragraphs.
//!
//! PDF knows neither. Lines are glyphs on one baseline; a line that fills its width goes on
//! in the next one, unless that begins with an indent: a page of an official document has 28
//! characters a line and indents paragraphs by two (GB/T 9704-2012 §5.2.3 and §7.3.3).

mod line;
mod paragraph;

use super::content::Glyph;
pub(super) use line::Line;
pub(super) use paragraph::join;

/// The lines of a page, from top to bottom.
pub(super) fn lines(glyphs: &[Glyph]) -> Vec<Line> {
    line::lines(glyphs)
}
