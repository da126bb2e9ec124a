//! Tables (ECMA-376 Part 1 §17.4), and what holds paragraphs.

use super::Story;
use crate::error::PaperError;
use crate::paper::How;
use crate::shape;
use crate::xml::Tag;

/// What paragraphs are put into: the story, a cell, a text box.
pub(super) struct Holder {
    pub(super) text: String,
    cell: bool,
}

impl Holder {
    pub(super) fn story() -> Self {
        Self { text: String::new(), cell: false }
    }

    pub(super) fn text_box() -> Self {
        Self::story()
    }

    fn cell() -> Self {
        Self { text: String::new(), cell: true }
    }

    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line);
        if !self.text.ends_with('\n') || line.is_empty() {
            self.text.push('\n');
        }
    }
}

/// A table while it is read.
#[derive(Default)]
pub(super) struct Table {
    cells: Vec<String>,
    row: usize,
    hidden: bool,
    /// How many columns the current cell spans.
    span: usize,
}

/// A row has at most 63 columns (MS-OI29500 2.1.154); a damaged file may claim any number.
const MOST_COLUMNS: usize = 63;

impl Story<'_, '_> {
    pub(super) fn open_table(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "tbl" => self.tables.push(Table::default()),
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.row += 1;
                    table.hidden = false;
                    table.cells.clear();
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.span = 1;
                    self.holders.push(Holder::cell());
                }
            }
            _ => {
                let span = tag.attribute("val").and_then(|value| value.parse().ok());
                if let Some(table) = self.tables.last_mut() {
                    table.span = span.unwrap_or(1).clamp(1, MOST_COLUMNS);
                }
            }
        }
    }

    /// Marks the current row as hidden (§17.4.20).
    pub(super) fn hide_row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.hidden = true;
        }
    }

    pub(super) fn close_table(&mut self, name: &str) -> Result<(), PaperError> {
        match name {
            "tc" => {
                let top = self.holders.pop_if(|holder| holder.cell);
                if let (Some(holder), Some(table)) = (top, self.tables.last_mut())
                    && table.cells.len() < MOST_COLUMNS
                {
                    table.cells.push(shape::lines(&holder.text));
                    // A heading over several columns leaves their cells in place.
                    for _ in 1..table.span {
                        table.cells.push(String::new());
                    }
                }
                Ok(())
            }
            "tr" => self.end_row(),
            _ => {
                self.tables.pop();
                Ok(())
            }
        }
    }

    fn end_row(&mut self) -> Result<(), PaperError> {
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        let cells = std::mem::take(&mut table.cells);
        let (row, hidden) = (table.row, table.hidden);
        // A row of one cell is layout, a frame around text: it keeps its lines.
        let line = match cells.as_slice() {
            [only] => only.clone(),
            cells => cells.iter().map(|cell| shape::one_line(cell)).collect::<Vec<_>>().join("\t"),
        };
        if hidden {
            let place = format!("{}表格第{row}行", self.place);
            return self.draft.hide(How::Row, &place, &line);
        }
        if let Some(holder) = self.holders.last_mut() {
            holder.line(line.trim_end_matches('\t'));
        }
        Ok(())
    }
}
