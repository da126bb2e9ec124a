//! Rows: what is stacked on pages.

use crate::lines::Set;
use crate::measure::{ASCENT, PITCH, SIZE_3};
use crate::pages::{Colour, Glyph, Rule, Run};

/// A line of text or a row of a table. Its own y begin at its top.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    /// In pt.
    pub height: f32,
    pub runs: Vec<Run>,
    pub rules: Vec<Rule>,
    /// Not to be the last of its page when something follows it.
    pub keep: bool,
    /// Takes room between parts; at the top of a page it is left out.
    pub blank: bool,
    /// Begins a page.
    pub new_page: bool,
    /// The table it belongs to.
    pub table: Option<usize>,
    /// Belongs to the head of its table.
    pub head: bool,
    /// Depth and words of the entry of the outline that it begins.
    pub entry: Option<(usize, String)>,
}

impl Row {
    /// An empty line.
    pub fn blank() -> Self {
        Self { height: PITCH, blank: true, ..Self::default() }
    }

    /// A line of text.
    pub fn line(runs: Vec<Run>) -> Self {
        Self { height: PITCH, runs, ..Self::default() }
    }
}

/// The baseline of characters of a size in a line of the grid, from its top: they stand in the
/// middle of the height that 3号 takes.
pub(super) fn baseline(size: f32) -> f32 {
    SIZE_3 / 2.0 + (ASCENT - 0.5) * size
}

/// The runs of a line whose first glyph begins at `x`.
pub(super) fn runs(line: &[Set], x: f32, y: f32, colour: Colour, part: Option<usize>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = x;
    for one in line {
        let atom = one.atom;
        let fits = runs.last().is_some_and(|run| {
            run.face == atom.face && (run.size - atom.size).abs() < f32::EPSILON
        });
        if !fits {
            runs.push(Run {
                face: atom.face,
                size: atom.size,
                x: at,
                y,
                colour,
                text: String::new(),
                glyphs: Vec::new(),
                part,
            });
        }
        if let Some(run) = runs.last_mut() {
            let glyph = Glyph {
                id: atom.glyph,
                start: run.text.len(),
                advance: one.advance,
                offset: one.offset,
            };
            run.glyphs.push(glyph);
            run.text.push(atom.character);
        }
        at += one.advance;
    }
    runs
}

/// The width of a line without the space at its end.
pub(super) fn width(line: &[Set]) -> f32 {
    let inked = line.iter().rposition(|one| one.atom.character != ' ').map_or(0, |last| last + 1);
    line.iter().take(inked).map(|one| one.advance).sum()
}
