//! Tables: ruled, the head repeated on every page; a row that does not fit a page is divided.

use super::row::{self, Row};
use super::sheet::Sheet;
use crate::document::Table;
use crate::fonts::Role;
use crate::lines::{Line, lines};
use crate::measure::{ASCENT, LEFT, PITCH_TABLE, SIZE_TABLE, WIDTH, times};
use crate::pages::{Colour, Kind, Rule, Run};
use crate::shape::{Scale, Span};

const SCALE: Scale = Scale { size: SIZE_TABLE, full: 1.0 };
/// From the rule of a cell to its text.
const PADDING: f32 = 4.0;
const THICKNESS: f32 = 0.5;
/// Lines that one row may have on a page, less a head of several lines.
const MOST_LINES: usize = 24;

/// A cell's lines and its part.
struct Cell {
    lines: Vec<Line>,
    part: usize,
}

pub(super) fn table(sheet: &mut Sheet<'_>, table: &Table) {
    if table.rows.is_empty() {
        return;
    }
    let edges = edges(&table.columns());
    let number = sheet.heads.len();
    let part = sheet.part(Kind::Table, None);
    let head_rows = table.head_rows.min(table.rows.len().saturating_sub(1));
    let mut head = Vec::new();
    for (index, cells) in table.rows.iter().enumerate() {
        let is_head = index < head_rows;
        let texts = table.cells(cells, edges.len() - 1);
        let cells = shape(sheet, &texts, &edges, part, is_head);
        for mut row in rows(&cells, &edges, is_head) {
            row.table = Some(number);
            row.head = is_head;
            row.keep = is_head;
            if is_head {
                head.push(row.clone());
            }
            sheet.rows.push(row);
        }
    }
    sheet.heads.push(head);
    // The text goes on at the next line of the grid, not against the rule.
    sheet.rows.push(Row {
        height: PITCH_TABLE / 2.0,
        table: Some(number),
        blank: true,
        ..Row::default()
    });
}

/// The x of the columns' edges, one more than columns.
fn edges(widths: &[u16]) -> Vec<f32> {
    let total: f32 = widths.iter().map(|width| f32::from(*width)).sum::<f32>().max(1.0);
    let mut x = LEFT;
    let mut edges = vec![x];
    for width in widths {
        x += WIDTH * f32::from(*width) / total;
        edges.push(x);
    }
    edges
}

fn shape(
    sheet: &mut Sheet<'_>,
    texts: &[String],
    edges: &[f32],
    table: usize,
    head: bool,
) -> Vec<Cell> {
    let parent = sheet.part(Kind::Row, Some(table));
    let role = if head { Role::Hei } else { Role::Body };
    texts
        .iter()
        .zip(edges.windows(2))
        .map(|(text, edge)| {
            let kind = if head { Kind::HeadCell } else { Kind::Cell };
            let part = sheet.part(kind, Some(parent));
            let measure = (inner(edge).1 - inner(edge).0).max(SIZE_TABLE);
            let mut set = Vec::new();
            for line in text.trim().lines() {
                let atoms = sheet.shaper.shape(&[Span { role, text: line.trim() }], SCALE);
                set.extend(lines(&atoms, measure, measure, true));
            }
            if set.is_empty() {
                set.push(Line::new());
            }
            Cell { lines: set, part }
        })
        .collect()
}

fn inner(edge: &[f32]) -> (f32, f32) {
    match edge {
        [left, right] => (left + PADDING, right - PADDING),
        _ => (LEFT, LEFT),
    }
}

/// A row of the table, in as many rows as it needs to fit pages.
fn rows(cells: &[Cell], edges: &[f32], head: bool) -> Vec<Row> {
    let lines = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(1).max(1);
    let pieces = if head { 1 } else { lines.div_ceil(MOST_LINES) };
    let most = if head { lines } else { MOST_LINES };
    (0..pieces)
        .map(|piece| {
            let from = piece * most;
            let here = (lines - from).min(most);
            let mut row =
                Row { height: times(here) * PITCH_TABLE + PADDING * 1.5, ..Row::default() };
            for (cell, edge) in cells.iter().zip(edges.windows(2)) {
                place(cell, edge, from, here, lines == here, &mut row);
            }
            frame(edges, &mut row);
            row
        })
        .collect()
}

/// Short cells stand in the middle, long ones fill their measure.
fn place(cell: &Cell, edge: &[f32], from: usize, here: usize, whole: bool, row: &mut Row) {
    let (left, right) = inner(edge);
    let lines = cell.lines.get(from..).unwrap_or(&[]);
    let lines = lines.get(..here.min(lines.len())).unwrap_or(&[]);
    if from == 0 && cell.lines.iter().all(Vec::is_empty) {
        row.runs.push(empty(cell.part, left));
    }
    let free = if whole { row.height - times(lines.len()) * PITCH_TABLE } else { PADDING * 1.5 };
    for (index, line) in lines.iter().enumerate() {
        let middle = free / 2.0 + (times(index) + 0.5) * PITCH_TABLE;
        let y = middle + (ASCENT - 0.5) * SIZE_TABLE;
        let room = right - left - row::width(line);
        let x = if cell.lines.len() == 1 { left + (room / 2.0).max(0.0) } else { left };
        row.runs.extend(row::runs(line, x, y, Colour::Black, Some(cell.part)));
    }
}

/// An empty cell is a cell, too: it keeps its place among the parts.
fn empty(part: usize, x: f32) -> Run {
    let (text, glyphs) = (String::new(), Vec::new());
    Run {
        face: 0,
        size: SIZE_TABLE,
        x,
        y: 0.0,
        colour: Colour::Black,
        text,
        glyphs,
        part: Some(part),
    }
}

fn frame(edges: &[f32], row: &mut Row) {
    let (Some(left), Some(right)) = (edges.first(), edges.last()) else { return };
    let rule = |from, to| Rule { from, to, thickness: THICKNESS, colour: Colour::Black };
    row.rules.push(rule((*left, 0.0), (*right, 0.0)));
    row.rules.push(rule((*left, row.height), (*right, row.height)));
    for x in edges {
        row.rules.push(rule((*x, 0.0), (*x, row.height)));
    }
}
