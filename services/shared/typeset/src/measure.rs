//! The measures of GB/T 9704-2012, in points (1 pt = 1/72 inch), y growing downwards.

/// Points to a millimetre.
const PT_PER_MM: f32 = 72.0 / 25.4;

/// Millimetres as points.
#[must_use]
pub const fn mm(value: f32) -> f32 {
    value * PT_PER_MM
}

/// Width of A4 paper, 210 mm (5.1).
pub const PAGE_WIDTH: f32 = mm(210.0);
/// Height of A4 paper, 297 mm (5.1).
pub const PAGE_HEIGHT: f32 = mm(297.0);
/// 订口: the left margin, 28 mm (5.2.1).
pub const LEFT: f32 = mm(28.0);
/// 天头: from the edge of the paper to the top of the first line's characters, 37 mm (5.2.1).
pub const TOP: f32 = mm(37.0);
/// Width of the type area (版心), 156 mm (5.2.1).
pub const WIDTH: f32 = mm(156.0);
/// Height of the type area (版心), 225 mm (5.2.1).
pub const HEIGHT: f32 = mm(225.0);
/// The right edge of the type area.
pub const RIGHT: f32 = LEFT + WIDTH;
/// The lower edge of the type area.
pub const BOTTOM: f32 = TOP + HEIGHT;

/// Lines to a full page (5.2.3).
pub const LINES: u16 = 22;
/// Characters to a full line (5.2.3).
pub const CHARACTERS: u16 = 28;

/// 2号, the size of the title (7.3.1).
pub const SIZE_2: f32 = 22.0;
/// 3号, the size of the text (5.2.2).
pub const SIZE_3: f32 = 16.0;
/// 4号, the size of the imprint and the page number (7.4, 7.5).
pub const SIZE_4: f32 = 14.0;
/// The size of a table's text; the standard leaves it open.
pub const SIZE_TABLE: f32 = 12.0;
/// From line to line within a table's cell.
pub const PITCH_TABLE: f32 = 18.0;

/// The width of one character of the text (字, clause 3): the line has 28 of them, so that a
/// 3号 character is set a little tighter than its 16 pt.
pub const CELL: f32 = WIDTH / 28.0;
/// From the top of a line to the top of the next (行, clause 3). 22 lines of characters and 21
/// gaps fill the 225 mm, which is the height of a character and 7/8 of it, within 0.4 pt.
pub const PITCH: f32 = (HEIGHT - SIZE_3) / 21.0;
/// The part of the em above the baseline in Chinese faces.
pub const ASCENT: f32 = 0.88;

/// A count as a factor; counts here are of lines, characters and pages and fit.
#[must_use]
pub fn times(count: usize) -> f32 {
    u16::try_from(count).map_or_else(|_| f32::from(u16::MAX), f32::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_area_leaves_the_margins_of_the_standard() {
        assert!((PAGE_WIDTH - RIGHT - mm(26.0)).abs() < 0.01);
        assert!((PAGE_HEIGHT - BOTTOM - mm(35.0)).abs() < 0.01);
    }

    #[test]
    fn a_line_is_a_character_and_seven_eighths() {
        assert!((PITCH - (SIZE_3 + SIZE_3 * 7.0 / 8.0)).abs() < 0.4);
        assert!((PITCH * f32::from(LINES - 1) + SIZE_3 - HEIGHT).abs() < 0.01);
    }

    #[test]
    fn twenty_eight_characters_fill_the_line() {
        assert!((CELL * f32::from(CHARACTERS) - WIDTH).abs() < 0.01);
        assert!((CELL - SIZE_3 * 0.987).abs() < 0.01);
    }
}
