//! Layout: a document becomes glyphs and rules at positions. Pure; painting is
//! [`crate::pdf()`].

mod body;
mod head;
mod imprint;
mod number;
mod paginate;
mod row;
mod sheet;
mod table;
mod tail;
#[cfg(test)]
mod tests;

use crate::document::{Document, Style};
use crate::fonts::Fonts;
use crate::pages::Pages;
use sheet::Sheet;

/// Lays a document out after GB/T 9704-2012: 22 lines of 28 characters to a page of A4.
///
/// Never fails: characters that no face has are boxes and are listed in [`Pages::missing`].
/// The same document and fonts always give the same pages. The work is linear in the length of
/// the text.
pub fn layout(document: &Document, style: Style, fonts: &Fonts) -> Pages {
    let mut sheet = Sheet::new(fonts);
    head::head(&mut sheet, document, style);
    let text = sheet.rows.len();
    body::blocks(&mut sheet, &document.body);
    tail::attachments_note(&mut sheet, &document.attachments_note);
    tail::signature(&mut sheet, document, style, text);
    for attachment in &document.attachments {
        body::attachment(&mut sheet, attachment);
    }
    let mut filled = paginate::paginate(&sheet.rows, &sheet.heads);
    if style == Style::Full {
        imprint::imprint(&mut sheet, document, &mut filled);
    }
    number::numbers(&mut sheet, &mut filled.pages);
    Pages {
        pages: filled.pages,
        parts: sheet.parts,
        outline: filled.outline,
        missing: sheet.shaper.missing(),
    }
}
