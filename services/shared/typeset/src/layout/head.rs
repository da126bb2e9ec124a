//! The head (版头, 7.2), the title (7.3.1) and the addressee (7.3.2).

use super::row::{self, Row};
use super::sheet::{Align, Place, Sheet, TEXT};
use crate::document::{Document, Style};
use crate::fonts::Role;
use crate::lines::{Line, Set};
use crate::measure::{ASCENT, LEFT, PITCH, RIGHT, SIZE_2, SIZE_3, WIDTH, mm, times};
use crate::pages::{Colour, Kind, Rule};
use crate::shape::{Scale, Span, width};
use crate::title::break_title;

/// The upper edge of the head stands 35 mm below that of the type area (7.2.4).
const MASTHEAD_TOP: f32 = mm(35.0);
/// The head's characters are at most so high; a town's document must not outdo a ministry's.
const MASTHEAD_SIZE: f32 = 48.0;
/// The red rule stands 4 mm below the document number (7.2.7).
const RULE_BELOW: f32 = mm(4.0);
/// The thickness of the red rule; the standard leaves it open.
const RULE_THICKNESS: f32 = 1.5;
/// 文件, which a joint head has once, at the right (7.2.4).
const WORD: &str = "文件";

pub(super) fn head(sheet: &mut Sheet<'_>, document: &Document, style: Style) {
    if style == Style::Full && !document.masthead.is_empty() {
        masthead(sheet, &document.masthead);
        number_line(sheet, document);
        sheet.blank();
        sheet.blank();
        title(sheet, &document.title);
    } else {
        title(sheet, &document.title);
        if let Some(number) = filled(document.document_number.as_deref()) {
            let place = Place { align: Align::Centre, ..Place::default() };
            sheet.paragraph(Role::Kai, number, place);
        }
    }
    if !sheet.rows.is_empty() {
        sheet.blank();
    }
    if let Some(addressee) = filled(document.addressee.as_deref()) {
        let addressee = addressee.trim_end_matches(['：', ':']);
        sheet.paragraph(Role::Body, &format!("{addressee}："), Place::default());
    }
}

pub(super) fn filled(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

/// One row as high as the head, up to the line of the number: two lines are left empty (7.2.5).
fn masthead(sheet: &mut Sheet<'_>, organs: &[String]) {
    let joint = organs.len() > 1;
    let names: Vec<String> = organs
        .iter()
        .map(|name| {
            let name = name.trim();
            if joint { name.trim_end_matches(WORD).to_owned() } else { name.to_owned() }
        })
        .collect();
    let part = sheet.part(Kind::Paragraph, None);
    let full = |size: f32| Scale { size, full: 1.0 };
    let word = if joint { 2.4 } else { 0.0 };
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(1).max(1);
    let size = (WIDTH / (times(longest) + word)).clamp(SIZE_3, MASTHEAD_SIZE);
    let pitch = size * 1.3;
    let mut head = Row::default();
    let names_width = WIDTH - word * size;
    for (index, name) in names.iter().enumerate() {
        let atoms = sheet.shaper.shape(&[Span { role: Role::Title, text: name }], full(size));
        let natural = width(&atoms);
        // The names of a joint head are spread to one width.
        let gap = if joint && atoms.len() > 1 {
            ((size * times(longest)).min(names_width) - natural) / times(atoms.len() - 1)
        } else {
            0.0
        };
        let last = atoms.len().saturating_sub(1);
        let line: Line = atoms
            .iter()
            .enumerate()
            .map(|(at, atom)| {
                let gap = if at == last { 0.0 } else { gap };
                Set { atom: *atom, advance: atom.width + gap, offset: 0.0 }
            })
            .collect();
        let y = MASTHEAD_TOP + times(index) * pitch + ASCENT * size;
        let x = LEFT + ((names_width - row::width(&line)) / 2.0).max(0.0);
        head.runs.extend(row::runs(&line, x, y, Colour::Red, Some(part)));
    }
    let height = MASTHEAD_TOP + pitch * times(names.len() - 1) + size;
    if joint {
        let atoms = sheet.shaper.shape(&[Span { role: Role::Title, text: WORD }], full(size));
        let line: Line = atoms
            .iter()
            .map(|atom| Set { atom: *atom, advance: atom.width, offset: 0.0 })
            .collect();
        let y = f32::midpoint(MASTHEAD_TOP, height) + (ASCENT - 0.5) * size;
        let x = RIGHT - row::width(&line);
        head.runs.extend(row::runs(&line, x, y, Colour::Red, Some(part)));
    }
    let lines = ((height / PITCH).ceil() + 2.0).min(14.0);
    head.height = lines * PITCH;
    sheet.rows.push(head);
}

/// The number: centred, or at the left with the signer at the right (7.2.5, 7.2.6); below it
/// the red rule.
fn number_line(sheet: &mut Sheet<'_>, document: &Document) {
    let number = filled(document.document_number.as_deref()).unwrap_or_default();
    let signer = filled(document.signer.as_deref());
    let part = sheet.part(Kind::Paragraph, None);
    let align = if signer.is_some() { Align::Justify } else { Align::Centre };
    let edge = if signer.is_some() { 1.0 } else { 0.0 };
    let place = Place { first: edge, rest: edge, right: edge, align };
    let mut rows = sheet.lines(&[Span { role: Role::Body, text: number }], TEXT, place, Some(part));
    if let Some(signer) = signer {
        let spans =
            [Span { role: Role::Body, text: "签发人：" }, Span { role: Role::Kai, text: signer }];
        let place = Place { align: Align::Right, ..place };
        let part = sheet.part(Kind::Paragraph, None);
        let others = sheet.lines(&spans, TEXT, place, Some(part));
        let beside = rows.pop().map(|row| row.runs).unwrap_or_default();
        let mut others = others.into_iter();
        let mut first = others.next().unwrap_or_else(Row::blank);
        first.runs.splice(0..0, beside);
        rows.push(first);
        rows.extend(others);
    }
    if let Some(last) = rows.last_mut() {
        let y = SIZE_3 + RULE_BELOW;
        last.rules.push(Rule {
            from: (LEFT, y),
            to: (RIGHT, y),
            thickness: RULE_THICKNESS,
            colour: Colour::Red,
        });
    }
    sheet.rows.extend(rows);
}

/// 2号小标宋, centred, broken where the sense pauses.
fn title(sheet: &mut Sheet<'_>, title: &str) {
    let lines = break_title(title);
    if lines.is_empty() {
        return;
    }
    let part = sheet.part(Kind::Title(lines.concat()), None);
    let scale = Scale { size: SIZE_2, full: 1.0 };
    let place = Place { align: Align::Centre, ..Place::default() };
    let first = sheet.rows.len();
    for line in &lines {
        let spans = [Span { role: Role::Title, text: line }];
        let rows = sheet.lines(&spans, scale, place, Some(part));
        sheet.rows.extend(rows);
    }
    if let Some(row) = sheet.rows.get_mut(first) {
        row.entry = Some((0, lines.concat()));
    }
    for row in sheet.rows.iter_mut().skip(first) {
        row.keep = lines.len() < 12;
    }
}

/// The title of an annex, in the third line (7.3.7).
pub(super) fn annex_title(sheet: &mut Sheet<'_>, title: &str, part: usize) {
    let scale = Scale { size: SIZE_2, full: 1.0 };
    let place = Place { align: Align::Centre, ..Place::default() };
    for line in break_title(title) {
        let spans = [Span { role: Role::Title, text: &line }];
        let rows = sheet.lines(&spans, scale, place, Some(part));
        sheet.rows.extend(rows);
    }
}
