//! Workbooks of Excel 97 to 2003 (BIFF8, MS-XLS, in a compound file, MS-CFB).
//!
//! Values come from `calamine`. What it does not give, hidden rows and columns and comments
//! among it, is read here from the records.

mod properties;
mod records;
mod strings;

use std::io::{Cursor, Read, Write};

use calamine::{Data, Reader, SheetVisible, Xls};

use crate::draft::Draft;
use crate::error::{Excess, PaperError};
use crate::limits::Limits;
use crate::paper::{How, Kind, Paper, Why};
use crate::sheet::cells::{Sheet, named};
use crate::sheet::margin;
use crate::sheet::number::{self, Format};
use records::{Notes, Records};

/// `calamine` lays cells out in a rectangle: so many it may hold, 32 bytes each.
const MOST_CELLS: u64 = 8_000_000;

type Compound<'a> = cfb::CompoundFile<Cursor<&'a [u8]>>;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Paper, PaperError> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let name = if file.is_stream("/Workbook") { "/Workbook" } else { "/Book" };
    let mut workbook = stream(&mut file, name, limits)?.unwrap_or_default();
    let records = Records::read(&workbook);
    if records.encrypted {
        return Err(PaperError::Encrypted(Kind::Xls));
    }
    if records.overflow || records.cells > MOST_CELLS {
        return Err(PaperError::Bomb(Excess::Total));
    }
    if records.sheets.len() > limits.entries {
        return Err(PaperError::Bomb(Excess::Entries));
    }
    if records.text > limits.text {
        return Err(PaperError::TooMuchText { limit: limits.text });
    }
    let mut draft = Draft::new(limits);
    for (string, shown) in records.strings.iter().zip(&records.shown) {
        if !shown {
            draft.hide(How::Data, "工作簿中未使用的文字", string)?;
        }
    }
    records::without_bounds(&mut workbook);
    sheets(&alone(name, &workbook)?, &records, &mut draft)?;
    for (place, author) in &records.authors {
        draft.hide(How::Property, place, author)?;
    }
    beside(&mut file, limits, &mut draft)?;
    Ok(draft.finish(Kind::Xls, None))
}

fn broken(error: &dyn std::fmt::Display) -> PaperError {
    PaperError::Broken { kind: Kind::Xls, detail: error.to_string() }
}

/// A stream of the file, no longer than a file may be.
fn stream(
    file: &mut Compound<'_>,
    name: &str,
    limits: &Limits,
) -> Result<Option<Vec<u8>>, PaperError> {
    if !file.is_stream(name) {
        return Ok(None);
    }
    let stream = file.open_stream(name).map_err(|error| broken(&error))?;
    let mut content = Vec::new();
    let most = u64::try_from(limits.input).unwrap_or(u64::MAX);
    stream.take(most).read_to_end(&mut content).map_err(|error| broken(&error))?;
    Ok(Some(content))
}

/// A compound file of the workbook only: what was checked is what is read, whatever another
/// reader would find in the file.
fn alone(name: &str, workbook: &[u8]) -> Result<Vec<u8>, PaperError> {
    // `calamine` takes a file of version 4 without small streams for an empty one.
    let write = || -> std::io::Result<Vec<u8>> {
        let mut file =
            cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
        file.create_stream(name)?.write_all(workbook)?;
        file.flush()?;
        Ok(file.into_inner().into_inner())
    };
    write().map_err(|error| broken(&error))
}

fn sheets(bytes: &[u8], records: &Records, draft: &mut Draft<'_>) -> Result<(), PaperError> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsError::Password => PaperError::Encrypted(Kind::Xls),
        error => broken(&error),
    })?;
    for (name, value) in book.defined_names().to_vec() {
        draft.hide(How::Name, &format!("名称 {name}"), &format!("{name}\n{value}"))?;
    }
    for entry in book.sheets_metadata().to_vec() {
        let mut sheet = Sheet::new(&entry.name, entry.visible != SheetVisible::Visible);
        let place = format!("工作表“{}”", entry.name);
        match book.worksheet_range(&entry.name) {
            Ok(range) => {
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, value) in range.used_cells() {
                    let at = |place: usize, from: u32| {
                        u32::try_from(place).unwrap_or(u32::MAX).saturating_add(from)
                    };
                    let value = shown(value);
                    draft.spend(value.len().saturating_add(4))?;
                    sheet.put(at(row, top), at(column, left), &value);
                }
            }
            Err(_) => draft.unread(&place, Why::Damaged),
        }
        if let Some((_, notes)) = records.sheets.iter().find(|(name, _)| *name == entry.name) {
            notes_of(notes, &place, &mut sheet, draft)?;
        }
        if let Ok(formulas) = book.worksheet_formula(&entry.name) {
            for (row, column, formula) in formulas.used_cells() {
                if formula.contains(['"', '[', '\'']) || !formula.is_ascii() {
                    let (top, left) = formulas.start().unwrap_or_default();
                    let at = |place: usize, from: u32| {
                        u32::try_from(place).unwrap_or(u32::MAX).saturating_add(from)
                    };
                    let cell = named(at(row, top), at(column, left));
                    draft.hide(How::Formula, &format!("{place} {cell}"), formula)?;
                }
            }
        }
        sheet.finish(draft)?;
    }
    Ok(())
}

fn notes_of(
    notes: &Notes,
    place: &str,
    sheet: &mut Sheet,
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    notes.hidden_rows.iter().for_each(|row| sheet.hide_row(*row));
    notes.hidden_columns.iter().for_each(|(first, last)| sheet.hide_columns(*first, *last));
    for (row, column, text) in &notes.comments {
        draft.hide(How::Comment, &format!("{place} {}", named(*row, *column)), text)?;
    }
    for text in &notes.boxes {
        draft.margin(&format!("{place}文本框"), text)?;
    }
    for text in &notes.margins {
        draft.margin(
            &format!("{place}页眉页脚"),
            &crate::shape::without_page_numbers(&margin::text(text)),
        )?;
    }
    for text in &notes.links {
        draft.hide(How::Link, place, text)?;
    }
    if notes.pictures {
        draft.unread(place, Why::Picture);
    }
    Ok(())
}

/// A value as a reader sees it.
fn shown(value: &Data) -> String {
    match value {
        Data::Empty => String::new(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number::plain(*number),
        Data::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::DateTime(date) => Format::Date.show(date.as_f64(), false),
        Data::Error(error) => error.to_string(),
    }
}

/// The other streams: properties, programs, objects.
fn beside(
    file: &mut Compound<'_>,
    limits: &Limits,
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    let names: Vec<String> = file
        .walk()
        .take(limits.entries)
        .filter(cfb::Entry::is_stream)
        .map(|entry| entry.path().to_string_lossy().into_owned())
        .collect();
    for name in names {
        let last = name.rsplit('/').next().unwrap_or_default();
        if last.ends_with("SummaryInformation") {
            let content = stream(file, &name, limits)?.unwrap_or_default();
            for text in properties::strings(&content) {
                draft.hide(How::Property, "文档属性", &text)?;
            }
        } else if name.contains("_VBA_PROJECT") || name.contains("/VBA/") || name.contains("Macros")
        {
            draft.unread("宏", Why::Macro);
        } else if !matches!(last, "Workbook" | "Book" | "\u{1}CompObj" | "\u{1}Ole") {
            let shown: String = name.chars().filter(|ch| !ch.is_control()).collect();
            draft.unread(&shown, Why::Object);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown() {
        assert_eq!(shown(&Data::Float(13_812_345_678.0)), "13812345678");
        assert_eq!(shown(&Data::String("甲".to_owned())), "甲");
        assert_eq!(shown(&Data::Empty), "");
    }

    #[test]
    fn a_compound_file_without_a_book_is_broken() {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        std::io::Write::write_all(&mut file.create_stream("/Workbook").unwrap(), b"xx").unwrap();
        file.flush().unwrap();
        let bytes = file.into_inner().into_inner();
        assert!(
            read(&bytes, &Limits::DEFAULT).is_ok_and(|paper| paper.text.is_empty())
                || read(&bytes, &Limits::DEFAULT).is_err()
        );
    }
}
