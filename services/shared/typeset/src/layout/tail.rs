//! What follows the text: the annexes named (7.3.4), the signature and the date (7.3.5), the
//! note (7.3.6).

use super::head::filled;
use super::row::{self, Row};
use super::sheet::{Align, Place, Sheet, TEXT};
use crate::document::{Document, Style, date};
use crate::fonts::Role;
use crate::measure::{CELL, LEFT, RIGHT, WIDTH};
use crate::pages::{Colour, Kind};
use crate::shape::{Span, width};

/// 成文日期一般右空四字编排 (7.3.5.1).
const DATE_RIGHT: f32 = 4.0;
/// Lines of the text that go with a signature to the next page: the standard wants no page
/// with the signature alone (此页无正文).
const WITH_SIGNATURE: usize = 2;

/// `附件：1. …`, two characters in, one line below the text; the names hang.
pub(super) fn attachments_note(sheet: &mut Sheet<'_>, names: &[String]) {
    let names: Vec<&str> = names
        .iter()
        .map(|name| name.trim().trim_end_matches(['。', '；', '，']))
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() {
        return;
    }
    sheet.blank();
    for (index, name) in names.iter().enumerate() {
        let number = if names.len() > 1 { format!("{}. ", index + 1) } else { String::new() };
        let lead = if index == 0 { "附件：" } else { "" };
        let hang = width(&sheet.shaper.shape(&[Span { role: Role::Body, text: &number }], TEXT));
        let text = format!("{lead}{number}{name}");
        let first = if index == 0 { 2.0 } else { 5.0 };
        let rest = 5.0 + hang / CELL;
        let place = Place { first, rest, ..Place::default() };
        sheet.paragraph(Role::Body, &text, place);
    }
}

/// The organs over the date, which stands four characters from the right; below it the note.
/// `text` is the index of the row the text begins with.
pub(super) fn signature(sheet: &mut Sheet<'_>, document: &Document, style: Style, text: usize) {
    let organs: Vec<&str> = document
        .signature
        .iter()
        .map(|organ| organ.trim())
        .filter(|organ| !organ.is_empty())
        .collect();
    let day = document.signed_on.map(date);
    let note = filled(document.note.as_deref());
    let before = sheet.rows.len();
    if !organs.is_empty() || day.is_some() {
        // A seal reaches up to within a line of the text; without one a line is left.
        for _ in 0..if style == Style::Full { 2 } else { 1 } {
            sheet.blank();
        }
        signed(sheet, &organs, day.as_deref());
    }
    if let Some(note) = note {
        let note = note.trim_matches(['（', '）', '(', ')']);
        let place = Place { first: 2.0, rest: 0.0, ..Place::default() };
        sheet.paragraph(Role::Body, &format!("（{note}）"), place);
    }
    let last = sheet.rows.len().saturating_sub(1);
    let first = before.saturating_sub(WITH_SIGNATURE).max(text.min(before));
    for row in sheet.rows.iter_mut().take(last).skip(first) {
        row.keep = true;
    }
}

fn signed(sheet: &mut Sheet<'_>, organs: &[&str], day: Option<&str>) {
    let atoms = day.map(|day| sheet.shaper.shape(&[Span { role: Role::Body, text: day }], TEXT));
    let day_width = atoms.as_deref().map_or(0.0, width);
    let middle = RIGHT - DATE_RIGHT * CELL - day_width / 2.0;
    for organ in organs {
        let part = sheet.part(Kind::Paragraph, None);
        let spans = [Span { role: Role::Body, text: organ }];
        let wide = width(&sheet.shaper.shape(&spans, TEXT));
        if wide > WIDTH {
            let place = Place { align: Align::Right, ..Place::default() };
            let rows = sheet.lines(&spans, TEXT, place, Some(part));
            sheet.rows.extend(rows);
            continue;
        }
        // Centred over the date, but within the type area.
        let x = (middle - wide / 2.0).min(RIGHT - wide).max(LEFT);
        line_at(sheet, &spans, x, part);
    }
    if let Some(day) = day {
        let part = sheet.part(Kind::Paragraph, None);
        let x = RIGHT - DATE_RIGHT * CELL - day_width;
        line_at(sheet, &[Span { role: Role::Body, text: day }], x, part);
    }
}

fn line_at(sheet: &mut Sheet<'_>, spans: &[Span<'_>], x: f32, part: usize) {
    let atoms = sheet.shaper.shape(spans, TEXT);
    let line = crate::lines::lines(&atoms, WIDTH, WIDTH, false).into_iter().next();
    let runs = row::runs(
        &line.unwrap_or_default(),
        x,
        row::baseline(TEXT.size),
        Colour::Black,
        Some(part),
    );
    sheet.rows.push(Row::line(runs));
}
