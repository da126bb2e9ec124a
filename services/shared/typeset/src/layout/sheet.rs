//! The rows of a document as they are made, with what they are part of.

use super::row::{self, Row};
use crate::fonts::{Fonts, Role};
use crate::lines::lines;
use crate::measure::{CELL, LEFT, SIZE_3, WIDTH};
use crate::pages::{Colour, Kind, Part};
use crate::shape::{Scale, Shaper, Span};

/// The text: 3号, 28 to a line.
pub(super) const TEXT: Scale = Scale { size: SIZE_3, full: CELL / SIZE_3 };

/// How a paragraph stands between the margins; lengths in characters of the text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// Left of the first line.
    pub first: f32,
    /// Left of the other lines.
    pub rest: f32,
    /// Right of all lines.
    pub right: f32,
    pub align: Align,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Align {
    #[default]
    Justify,
    Centre,
    Right,
}

pub(super) struct Sheet<'a> {
    pub shaper: Shaper<'a>,
    pub rows: Vec<Row>,
    pub parts: Vec<Part>,
    /// The heads of the tables, by the number of the table.
    pub heads: Vec<Vec<Row>>,
    /// The levels of the headings that the next may stand below.
    open: Vec<u16>,
}

impl<'a> Sheet<'a> {
    pub fn new(fonts: &'a Fonts) -> Self {
        Self {
            shaper: Shaper::new(fonts),
            rows: Vec::new(),
            parts: Vec::new(),
            heads: Vec::new(),
            open: Vec::new(),
        }
    }

    pub fn part(&mut self, kind: Kind, parent: Option<usize>) -> usize {
        self.parts.push(Part { kind, parent });
        self.parts.len() - 1
    }

    /// A heading of this level. Its rank counts from 2 by the headings it stands below: none is
    /// passed over, which readers of tagged files rely on.
    pub fn heading(&mut self, level: u16, title: String) -> usize {
        self.open.retain(|above| *above < level);
        self.open.push(level);
        let rank = u16::try_from(self.open.len() + 1).unwrap_or(u16::MAX);
        self.part(Kind::Heading(rank, title), None)
    }

    /// The lines of a paragraph.
    pub fn lines(
        &mut self,
        spans: &[Span<'_>],
        scale: Scale,
        place: Place,
        part: Option<usize>,
    ) -> Vec<Row> {
        let atoms = self.shaper.shape(spans, scale);
        let measure = |left: f32| (WIDTH - (left + place.right) * CELL).max(CELL);
        let justify = place.align == Align::Justify;
        lines(&atoms, measure(place.first), measure(place.rest), justify)
            .into_iter()
            .enumerate()
            .map(|(index, line)| {
                let left = if index == 0 { place.first } else { place.rest };
                let room = measure(left) - row::width(&line);
                let x = LEFT
                    + left * CELL
                    + match place.align {
                        Align::Justify => 0.0,
                        Align::Centre => room / 2.0,
                        Align::Right => room,
                    };
                Row::line(row::runs(&line, x, row::baseline(scale.size), Colour::Black, part))
            })
            .collect()
    }

    /// A paragraph of the text in one face, as a part of its own.
    pub fn paragraph(&mut self, role: Role, text: &str, place: Place) {
        let part = self.part(Kind::Paragraph, None);
        let rows = self.lines(&[Span { role, text }], TEXT, place, Some(part));
        self.rows.extend(rows);
    }

    pub fn blank(&mut self) {
        self.rows.push(Row::blank());
    }
}
