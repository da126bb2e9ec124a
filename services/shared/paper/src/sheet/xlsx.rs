//! SpreadsheetML. Read as a stream: a reader that lays cells out in a rectangle could be
//! made to take any amount of memory by two cells in opposite corners.

mod around;
mod book;
mod worksheet;

use std::collections::HashSet;

use crate::draft::Draft;
use crate::error::{Excess, PaperError};
use crate::limits::Limits;
use crate::package::{self, Package};
use crate::paper::{Kind, Paper, Why};
use book::Book;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits, levels: u8) -> Result<Paper, PaperError> {
    let mut package = Package::open(Kind::Xlsx, bytes, limits)?;
    let mut draft = Draft::new(limits);
    let mut read = HashSet::new();
    let book = Book::read(&mut package, limits, &mut read, &mut draft)?;
    if book.sheets.len() > limits.entries {
        return Err(PaperError::Bomb(Excess::Entries));
    }
    for sheet in &book.sheets {
        read.insert(sheet.part.to_ascii_lowercase());
        let Some(content) = package.part(&sheet.part)? else {
            draft.unread(&format!("工作表“{}”", sheet.name), Why::Damaged);
            continue;
        };
        match worksheet::read(&content, sheet, &book, limits, &mut draft) {
            // Damage to one sheet is reported, and the others are read all the same.
            Err(PaperError::Broken { .. }) => {
                draft.unread(&format!("工作表“{}”", sheet.name), Why::Damaged);
            }
            result => result?,
        }
        around::read(&mut package, sheet, limits, &mut read, &mut draft)?;
    }
    book.left_over(&mut draft)?;
    package::rest(&mut package, bytes, &read, levels, &mut draft)?;
    Ok(draft.finish(Kind::Xlsx, None))
}

#[cfg(test)]
mod tests;
