//! One sheet (§18.3): its cells, and what of it is hidden.

use super::book::{Book, Entry};
use crate::draft::Draft;
use crate::error::PaperError;
use crate::limits::Limits;
use crate::paper::{How, Kind};
use crate::sheet::cells::{self, MOST_COLUMNS, Sheet};
use crate::sheet::margin;
use crate::xml::{self, Node, Tag};

/// Reads a sheet.
pub(super) fn read(
    content: &[u8],
    entry: &Entry,
    book: &Book,
    limits: &Limits,
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    let mut reader = Reader {
        place: format!("工作表“{}”", entry.name),
        sheet: Sheet::new(&entry.name, entry.hidden),
        book,
        draft,
        row: 0,
        column: 0,
        kind: String::new(),
        style: 0,
        value: String::new(),
        formula: String::new(),
        capture: Capture::Nothing,
        spare: String::new(),
    };
    xml::walk(content, Kind::Xlsx, limits.depth, |node| match node {
        Node::Open(tag) => reader.open(&tag),
        Node::Close(name) => reader.close(&name),
        Node::Text(text) => {
            reader.text(text);
            Ok(())
        }
    })?;
    let Reader { sheet, draft, .. } = reader;
    sheet.finish(draft)
}

#[derive(PartialEq, Eq)]
enum Capture {
    Nothing,
    Value,
    Formula,
    /// Headers, footers, and the bounds of validations.
    Spare,
}

struct Reader<'r, 'd> {
    place: String,
    sheet: Sheet,
    book: &'r Book,
    draft: &'r mut Draft<'d>,
    row: u32,
    column: u32,
    kind: String,
    style: usize,
    value: String,
    formula: String,
    capture: Capture,
    spare: String,
}

impl Reader<'_, '_> {
    fn open(&mut self, tag: &Tag<'_>) -> Result<(), PaperError> {
        let name = tag.name();
        match name.as_str() {
            "row" => {
                // Rows may leave their number out and follow one another (§18.3.1.73).
                let stated = tag.attribute("r").and_then(|row| row.parse::<u32>().ok());
                self.row = stated.map_or(self.row + 1, |row| row.max(1));
                self.column = 0;
                if is_on(tag, "hidden") {
                    self.sheet.hide_row(self.row - 1);
                }
            }
            "col" if is_on(tag, "hidden") => {
                let bound =
                    |key: &str| tag.attribute(key).and_then(|value| value.parse::<u32>().ok());
                if let (Some(first), Some(last)) = (bound("min"), bound("max")) {
                    self.sheet.hide_columns(
                        first.saturating_sub(1),
                        last.saturating_sub(1).min(MOST_COLUMNS),
                    );
                }
            }
            "c" => self.cell(tag),
            "v" | "t" => self.capture = Capture::Value,
            "f" => self.capture = Capture::Formula,
            "oddHeader" | "evenHeader" | "firstHeader" | "oddFooter" | "evenFooter"
            | "firstFooter" | "formula1" | "formula2" => {
                self.capture = Capture::Spare;
                self.spare.clear();
            }
            "dataValidation" => return self.validation(tag),
            "hyperlink" => {
                let place = format!("{} {}", self.place, tag.attribute("ref").unwrap_or_default());
                for key in ["display", "tooltip", "location"] {
                    self.draft.hide(How::Link, &place, &tag.attribute(key).unwrap_or_default())?;
                }
            }
            "scenario" | "inputCells" => {
                let text = ["name", "user", "comment", "val"]
                    .map(|key| tag.attribute(key).unwrap_or_default());
                return self.draft.hide(
                    How::Data,
                    &format!("{} 方案", self.place),
                    &text.join("\n"),
                );
            }
            _ => {}
        }
        Ok(())
    }

    fn cell(&mut self, tag: &Tag<'_>) {
        let stated = tag.attribute("r").and_then(|place| cells::reference(&place));
        if let Some((row, column)) = stated {
            (self.row, self.column) = (row + 1, column + 1);
        } else {
            self.column += 1;
        }
        self.kind = tag.attribute("t").unwrap_or_default();
        self.style = tag.attribute("s").and_then(|style| style.parse().ok()).unwrap_or(0);
        self.value.clear();
        self.formula.clear();
    }

    /// What a cell may hold, and what is said beside it (§18.3.1.32).
    fn validation(&mut self, tag: &Tag<'_>) -> Result<(), PaperError> {
        let place =
            format!("{} {} 数据验证", self.place, tag.attribute("sqref").unwrap_or_default());
        for key in ["promptTitle", "prompt", "errorTitle", "error"] {
            self.draft.hide(How::Form, &place, &tag.attribute(key).unwrap_or_default())?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        match self.capture {
            Capture::Nothing => {}
            Capture::Value => self.value.push_str(text),
            Capture::Formula => self.formula.push_str(text),
            Capture::Spare => self.spare.push_str(text),
        }
    }

    fn close(&mut self, name: &str) -> Result<(), PaperError> {
        match name {
            "v" | "t" | "f" => self.capture = Capture::Nothing,
            "c" => return self.end_cell(),
            "formula1" | "formula2" => {
                self.capture = Capture::Nothing;
                return self.draft.hide(
                    How::Form,
                    &format!("{} 数据验证", self.place),
                    &self.spare,
                );
            }
            _ if name.ends_with("Header") || name.ends_with("Footer") => {
                self.capture = Capture::Nothing;
                let text = margin::text(&std::mem::take(&mut self.spare));
                let which = if name.ends_with("Header") { "页眉" } else { "页脚" };
                return self.draft.margin(
                    &format!("{}{which}", self.place),
                    &crate::shape::without_page_numbers(&text),
                );
            }
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), PaperError> {
        let (row, column) = (self.row.saturating_sub(1), self.column.saturating_sub(1));
        let value = match self.kind.as_str() {
            "s" => {
                let index: Option<usize> = self.value.trim().parse().ok();
                index.map(|index| self.book.string(index)).unwrap_or_default()
            }
            "b" => if self.value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            "str" | "inlineStr" | "e" | "d" => std::mem::take(&mut self.value),
            _ => match self.value.trim().parse::<f64>() {
                Ok(number) => {
                    let format = self.book.formats.get(self.style).copied().unwrap_or_default();
                    format.show(number, self.book.epoch_1904)
                }
                Err(_) => std::mem::take(&mut self.value),
            },
        };
        self.value.clear();
        // Kept from here on, so counted from here on: many cells may show one string.
        self.draft.spend(value.len().saturating_add(4))?;
        self.sheet.put(row, column, &value);
        if tells(&self.formula) {
            let place = format!("{} {}", self.place, cells::named(row, column));
            self.draft.hide(How::Formula, &place, &self.formula)?;
        }
        Ok(())
    }
}

fn is_on(tag: &Tag<'_>, key: &str) -> bool {
    tag.attribute(key).is_some_and(|value| matches!(value.as_str(), "1" | "true"))
}

/// Whether a formula says more than how cells are computed: strings, other files, names.
fn tells(formula: &str) -> bool {
    formula.contains(['"', '[', '\'']) || !formula.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_that_only_compute_say_nothing() {
        assert!(!tells("SUM(A1:A9)") && tells("IF(A1=\"张三\",1,2)") && tells("[1]Sheet1!A1"));
    }
}
