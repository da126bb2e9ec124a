//! The text (7.3.3) and the annexes (7.3.7).

use super::sheet::{Align, Place, Sheet, TEXT};
use super::{head, table};
use crate::document::{Attachment, Block, Level, Paragraph};
use crate::fonts::Role;
use crate::pages::Kind;
use crate::shape::Span;

/// Every paragraph begins two characters in (7.3.3).
const INDENTED: Place = Place { first: 2.0, rest: 0.0, right: 0.0, align: Align::Justify };
const CENTRED: Place = Place { first: 0.0, rest: 0.0, right: 0.0, align: Align::Centre };

pub(super) fn blocks(sheet: &mut Sheet<'_>, blocks: &[Block]) {
    for block in blocks {
        match block {
            Block::Paragraph(one) => paragraph(sheet, one),
            Block::Table(one) => table::table(sheet, one),
            Block::Centred(text) => {
                for line in text.lines() {
                    sheet.paragraph(Role::Kai, line.trim(), CENTRED);
                }
            }
        }
    }
}

/// The face of the lead, and the depth in the outline and the level of the heading, if any.
fn style(level: Level) -> (Role, Option<(usize, u16)>) {
    match level {
        Level::Chapter => (Role::Hei, Some((1, 2))),
        Level::Article | Level::First => (Role::Hei, Some((2, 3))),
        Level::Second => (Role::Kai, Some((3, 4))),
        Level::Third | Level::Fourth | Level::Plain => (Role::Body, None),
    }
}

fn paragraph(sheet: &mut Sheet<'_>, one: &Paragraph) {
    let (role, outlined) = style(one.level);
    let place = if one.level == Level::Chapter { CENTRED } else { INDENTED };
    let lead = one.lead.trim_matches(char::is_whitespace);
    let part = match outlined {
        Some((_, rank)) if one.is_heading() => sheet.heading(rank, lead.to_owned()),
        _ => sheet.part(Kind::Paragraph, None),
    };
    let first = sheet.rows.len();
    // A line feed within a paragraph begins a line like a paragraph's.
    let text = if lead.is_empty() { one.text.trim_start() } else { one.text.as_str() };
    let mut lines = text.trim_end().split('\n');
    let mut spans = vec![Span { role, text: lead }];
    if let Some(line) = lines.next() {
        spans.push(Span { role: Role::Body, text: line });
    }
    let rows = sheet.lines(&spans, TEXT, place, Some(part));
    sheet.rows.extend(rows);
    for line in lines {
        let spans = [Span { role: Role::Body, text: line.trim_start() }];
        let rows = sheet.lines(&spans, TEXT, place, Some(part));
        sheet.rows.extend(rows);
    }
    if one.is_heading() {
        for row in sheet.rows.iter_mut().skip(first) {
            row.keep = true;
        }
    }
    if let (Some((depth, _)), false, Some(row)) =
        (outlined, lead.is_empty(), sheet.rows.get_mut(first))
    {
        row.entry = Some((depth, lead.to_owned()));
    }
}

/// `附件` in the first line of a page, its title in the third (7.3.7).
pub(super) fn attachment(sheet: &mut Sheet<'_>, one: &Attachment) {
    let first = sheet.rows.len();
    let label = one.label.trim().trim_end_matches(['：', ':']);
    let label = if label.is_empty() { "附件" } else { label };
    let words = format!("{label} {}", one.title.replace('\n', ""));
    let part = sheet.heading(2, words.trim().to_owned());
    let spans = [Span { role: Role::Hei, text: label }];
    let rows = sheet.lines(&spans, TEXT, Place::default(), Some(part));
    sheet.rows.extend(rows);
    if let Some(row) = sheet.rows.get_mut(first) {
        row.new_page = true;
        row.entry = Some((1, words.trim().to_owned()));
    }
    sheet.blank();
    head::annex_title(sheet, &one.title, part);
    if !one.title.trim().is_empty() {
        sheet.blank();
    }
    for row in sheet.rows.iter_mut().skip(first).take(8) {
        row.keep = true;
    }
    blocks(sheet, &one.body);
}
