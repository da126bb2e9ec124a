//! 版记 (7.4): at the foot of the last page, which is an even one.

use super::head::filled;
use super::paginate::Filled;
use super::row::{self, Row};
use super::sheet::Sheet;
use crate::document::{Document, date};
use crate::fonts::Role;
use crate::lines::{Line, lines};
use crate::measure::{BOTTOM, HEIGHT, LEFT, PITCH, RIGHT, SIZE_3, SIZE_4, WIDTH, mm, times};
use crate::pages::{Colour, Kind, Page, Rule, Run};
use crate::shape::{Scale, Span, width};

const SCALE: Scale = Scale { size: SIZE_4, full: 1.0 };
/// The first and the last rule (7.4.1).
const THICK: f32 = mm(0.35);
/// Those between (7.4.1).
const THIN: f32 = mm(0.25);
/// One character in from both sides (7.4.2).
const EDGE: f32 = SIZE_4;
/// 抄送：, behind which further lines begin.
const LEAD: &str = "抄送：";

pub(super) fn imprint(sheet: &mut Sheet<'_>, document: &Document, filled: &mut Filled) {
    let rows = rows(sheet, document);
    if rows.is_empty() {
        return;
    }
    // Longer than a page, as no imprint should be, it takes further pages.
    let first = match rows.len() % MOST {
        0 => MOST,
        rest => rest,
    };
    let (head, more) = rows.split_at_checked(first).unwrap_or((&rows, &[]));
    let full = filled.used + times(head.len()) * PITCH > HEIGHT - SIZE_3 + PITCH + 0.5;
    if filled.pages.len() % 2 == 1 {
        // The back of the last leaf is free.
        filled.pages.push(Page { number: Some(filled.pages.len() + 1), ..Page::default() });
    } else if full {
        // An empty page before the imprint; neither is numbered (7.5).
        filled.pages.push(Page::default());
        filled.pages.push(Page::default());
    }
    place(filled, head, true);
    for rows in more.chunks(MOST) {
        filled.pages.push(Page::default());
        place(filled, rows, false);
    }
}

/// Stacks rows so that the last ends with the type area.
fn place(filled: &mut Filled, rows: &[(Row, f32)], first: bool) {
    let Some(page) = filled.pages.last_mut() else { return };
    let mut y = BOTTOM - times(rows.len()) * PITCH;
    if first {
        rule(page, y, THICK);
    }
    for (row, thickness) in rows {
        page.runs.extend(row.runs.iter().map(|run| Run { y: run.y + y, ..run.clone() }));
        y += row.height;
        if *thickness > 0.0 {
            rule(page, y, *thickness);
        }
    }
}

fn rule(page: &mut Page, y: f32, thickness: f32) {
    let (from, to) = ((LEFT, y), (RIGHT, y));
    page.rules.push(Rule { from, to, thickness, colour: Colour::Black });
}

/// The rows, each with the thickness of the rule below it: to whom copies go; who printed it,
/// and when.
fn rows(sheet: &mut Sheet<'_>, document: &Document) -> Vec<(Row, f32)> {
    let mut rows: Vec<(Row, f32)> = Vec::new();
    if let Some(copies) = filled(document.copy_to.as_deref()) {
        let copies = copies.trim_start_matches(LEAD).trim_end_matches('。');
        let hang = width(&sheet.shaper.shape(&[Span { role: Role::Body, text: LEAD }], SCALE));
        rows.extend(text(sheet, &format!("{LEAD}{copies}。"), hang));
        if let Some(last) = rows.last_mut() {
            last.1 = THIN;
        }
    }
    let day = document.printed_on.map(|day| format!("{}印发", date(day)));
    if let Some(organ) = filled(document.printed_by.as_deref()) {
        rows.extend(text(sheet, organ, 0.0));
    }
    if let Some(day) = day {
        let part = sheet.part(Kind::Paragraph, None);
        let atoms = sheet.shaper.shape(&[Span { role: Role::Body, text: &day }], SCALE);
        let x = RIGHT - EDGE - width(&atoms);
        let line = lines(&atoms, WIDTH, WIDTH, false).into_iter().next().unwrap_or_default();
        let beside = rows
            .last_mut()
            .filter(|(row, below)| *below == 0.0 && row.runs.iter().all(|run| run.right() < x));
        let row = text_row(&line, x, part);
        match beside {
            Some((organ, _)) => organ.runs.extend(row.runs),
            None => rows.push((row, 0.0)),
        }
    }
    if let Some(last) = rows.last_mut() {
        last.1 = THICK;
    }
    rows
}

fn text(sheet: &mut Sheet<'_>, text: &str, hang: f32) -> Vec<(Row, f32)> {
    let part = sheet.part(Kind::Paragraph, None);
    let atoms = sheet.shaper.shape(&[Span { role: Role::Body, text }], SCALE);
    let measure = WIDTH - 2.0 * EDGE;
    lines(&atoms, measure, measure - hang, true)
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let x = LEFT + EDGE + if index == 0 { 0.0 } else { hang };
            (text_row(line, x, part), 0.0)
        })
        .collect()
}

/// Lines of an imprint to a page.
const MOST: usize = 22;

/// Text in the middle between rules.
fn text_row(line: &Line, x: f32, part: usize) -> Row {
    let y = PITCH / 2.0 - SIZE_3 / 2.0 + row::baseline(SIZE_4);
    Row::line(row::runs(line, x, y, Colour::Black, Some(part)))
}
