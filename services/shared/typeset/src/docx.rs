//! The document as an editable file, WordprocessingML (ISO/IEC 29500).
//!
//! The package is written by hand: the grid of 22 lines of 28 characters, footers for odd and
//! even pages and the imprint's place at the foot of the page are beyond the writers at hand.
//! Fonts are named as the standard's practice names them, with fall-backs, and not embedded.

mod body;
mod imprint;
mod package;
mod paragraph;
mod sections;
mod styles;
mod table;
#[cfg(test)]
mod tests;
mod xml;

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::document::{Document, Style};
use crate::error::RenderError;

/// Writes a document as DOCX. The same document always gives the same bytes.
///
/// The imprint stands at the foot of the page that the text ends on; whether that is an even
/// page, only the program that lays the file out can tell.
///
/// # Errors
///
/// [`RenderError::Docx`] when the package cannot be written, as when it outgrows 4 GB.
pub fn docx(document: &Document, style: Style) -> Result<Vec<u8>, RenderError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let failed = |error: zip::result::ZipError| RenderError::Docx(error.to_string());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        ("[Content_Types].xml", package::CONTENT_TYPES.to_owned()),
        ("_rels/.rels", package::RELATIONSHIPS.to_owned()),
        ("docProps/core.xml", package::core(document)),
        ("docProps/app.xml", package::APP.to_owned()),
        ("word/_rels/document.xml.rels", package::DOCUMENT_RELATIONSHIPS.to_owned()),
        ("word/document.xml", body::document(document, style)),
        ("word/styles.xml", styles::styles()),
        ("word/settings.xml", package::SETTINGS.to_owned()),
        ("word/fontTable.xml", styles::font_table()),
        ("word/footer1.xml", sections::footer(true)),
        ("word/footer2.xml", sections::footer(false)),
    ];
    for (name, content) in parts {
        archive.start_file(name, options).map_err(failed)?;
        archive.write_all(content.as_bytes()).map_err(|error| failed(error.into()))?;
    }
    Ok(archive.finish().map_err(failed)?.into_inner())
}
