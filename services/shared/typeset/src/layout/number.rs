//! Page numbers: 4号半角宋体 between dashes, 7 mm below the type area, odd ones one character
//! from the right, even ones one from the left (7.5).

use super::row;
use super::sheet::Sheet;
use crate::fonts::Role;
use crate::lines::lines;
use crate::measure::{BOTTOM, LEFT, RIGHT, SIZE_4, WIDTH, mm};
use crate::pages::{Colour, Page};
use crate::shape::{Scale, Span};

/// From the type area to the dashes.
const BELOW: f32 = mm(7.0);
/// Dashes stand so high over the baseline, as a part of the em.
const DASH: f32 = 0.35;

pub(super) fn numbers(sheet: &mut Sheet<'_>, pages: &mut [Page]) {
    let scale = Scale { size: SIZE_4, full: 1.0 };
    for page in pages {
        let Some(number) = page.number else { continue };
        let text = format!("— {number} —");
        let atoms = sheet.shaper.shape(&[Span { role: Role::Song, text: &text }], scale);
        for line in lines(&atoms, WIDTH, WIDTH, false) {
            let x =
                if number % 2 == 1 { RIGHT - SIZE_4 - row::width(&line) } else { LEFT + SIZE_4 };
            let y = BOTTOM + BELOW + DASH * SIZE_4;
            page.runs.extend(row::runs(&line, x, y, Colour::Black, None));
        }
    }
}
