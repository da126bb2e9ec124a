//! Records of a workbook (MS-XLS §2.3 and §2.4): what is hidden, commented, drawn.

use std::collections::HashMap;

const EOF: u16 = 0x000A;
const BOF: u16 = 0x0809;

/// What the records say beside the values of cells.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// Whether a password is needed (§2.4.117).
    pub(super) encrypted: bool,
    /// How many cells the rectangles around each sheet's cells hold together.
    pub(super) cells: u64,
    /// Each sheet by name.
    pub(super) sheets: Vec<(String, Notes)>,
    /// Names of people, with what they did.
    pub(super) authors: Vec<(String, String)>,
}

/// What one sheet says beside its values. Rows and columns are counted from 0.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) hidden_rows: Vec<u32>,
    pub(super) hidden_columns: Vec<(u32, u32)>,
    /// Row, column, and the text with its author.
    pub(super) comments: Vec<(u32, u32, String)>,
    pub(super) boxes: Vec<String>,
    pub(super) margins: Vec<String>,
    pub(super) links: Vec<String>,
    pub(super) pictures: bool,
}

impl Records {
    pub(super) fn read(stream: &[u8]) -> Self {
        let mut records = Self::default();
        let mut places = Vec::new();
        for (kind, data) in Iter(stream) {
            match kind {
                EOF => break,
                0x002F => records.encrypted = word(data, 0) != 0 || data.len() > 2,
                0x005C => {
                    let name =
                        string(data.get(2..).unwrap_or_default(), usize::from(word(data, 0)));
                    records.authors.push(("最后打开者".to_owned(), name));
                }
                0x0085 => {
                    let at = u32::from(word(data, 0)) | u32::from(word(data, 2)) << 16;
                    let length = usize::from(data.get(6).copied().unwrap_or(0));
                    places.push((at, string(data.get(7..).unwrap_or_default(), length)));
                }
                _ => {}
            }
        }
        for (at, name) in places {
            let rest = usize::try_from(at).ok().and_then(|at| stream.get(at..));
            let (notes, cells) = sheet(rest.unwrap_or_default());
            records.cells = records.cells.saturating_add(cells);
            records.sheets.push((name, notes));
        }
        records
    }
}

/// Reads one sheet to its end; also gives the area of the rectangle around its cells.
fn sheet(stream: &[u8]) -> (Notes, u64) {
    let mut reader = Reader::default();
    let mut depth = 0_usize;
    for (kind, data) in Iter(stream) {
        match kind {
            BOF => depth += 1,
            EOF => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            _ => reader.record(kind, data),
        }
    }
    reader.finish()
}

/// Reads the records of one sheet.
#[derive(Default)]
struct Reader {
    notes: Notes,
    /// Top, bottom, left and right of the cells.
    bounds: Option<[u16; 4]>,
    /// The type and number of the object that was described last.
    object: (u16, u16),
    /// Whether the text of that object comes next.
    waiting: bool,
    texts: HashMap<u16, String>,
    /// Row, column, number of the object, author.
    comments: Vec<(u16, u16, u16, String)>,
}

impl Reader {
    fn record(&mut self, kind: u16, data: &[u8]) {
        let (row, column) = (word(data, 0), word(data, 2));
        match kind {
            // Cells of every kind begin with their row and column.
            0x0006 | 0x0201 | 0x0203 | 0x0204 | 0x0205 | 0x027E | 0x00FD | 0x00D6 => {
                self.cells(row, column, column);
            }
            0x00BD | 0x00BE => self.cells(row, column, word(data, data.len().saturating_sub(2))),
            0x0208 if word(data, 12) & 0x20 != 0 => self.notes.hidden_rows.push(u32::from(row)),
            0x007D if word(data, 8) & 1 != 0 => {
                self.notes.hidden_columns.push((u32::from(row), u32::from(column)));
            }
            0x0014 | 0x0015 if data.len() > 3 => {
                let text = string(data.get(2..).unwrap_or_default(), usize::from(row));
                self.notes.margins.push(text);
            }
            0x001C => {
                let author = data.get(10..).unwrap_or_default();
                let author = string(author, usize::from(word(data, 8)));
                self.comments.push((row, column, word(data, 6), author));
            }
            // The common part of an object: its type and number.
            0x005D => {
                self.object = (word(data, 4), word(data, 6));
                self.notes.pictures |= self.object.0 == 8;
            }
            0x01B6 => self.waiting = true,
            0x003C if self.waiting => self.text(string(data, data.len())),
            0x01B8 => self.notes.links.extend(readable(data)),
            _ => {}
        }
    }

    fn cells(&mut self, row: u16, first: u16, last: u16) {
        let [top, bottom, left, right] = self.bounds.unwrap_or([row, row, first, last]);
        self.bounds = Some([top.min(row), bottom.max(row), left.min(first), right.max(last)]);
    }

    fn text(&mut self, text: String) {
        self.waiting = false;
        if self.object.0 == 0x19 {
            self.texts.insert(self.object.1, text);
        } else {
            self.notes.boxes.push(text);
        }
    }

    fn finish(mut self) -> (Notes, u64) {
        for (row, column, id, author) in self.comments {
            let text = self.texts.remove(&id).unwrap_or_default();
            self.notes.comments.push((
                u32::from(row),
                u32::from(column),
                format!("{author}：{text}"),
            ));
        }
        let area = self.bounds.map_or(0, |[top, bottom, left, right]| {
            let side = |from: u16, to: u16| u64::from(to.saturating_sub(from)) + 1;
            side(top, bottom) * side(left, right)
        });
        (self.notes, area)
    }
}

/// Records, one after the other: a type, a length, and as many bytes.
struct Iter<'a>(&'a [u8]);

impl<'a> Iterator for Iter<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (head, rest) = self.0.split_at_checked(4)?;
        let (data, rest) = rest.split_at_checked(usize::from(word(head, 2)))?;
        self.0 = rest;
        Some((word(head, 0), data))
    }
}

/// The number of two bytes at a place; 0 behind the end.
fn word(data: &[u8], at: usize) -> u16 {
    let bytes = at.checked_add(2).and_then(|end| data.get(at..end));
    bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0, u16::from_le_bytes)
}

/// A string of at most so many characters behind its flags: one or two bytes each
/// (§2.5.294).
fn string(data: &[u8], length: usize) -> String {
    let Some((flags, rest)) = data.split_first() else { return String::new() };
    if flags & 1 == 0 {
        return rest.iter().take(length).map(|byte| char::from(*byte)).collect();
    }
    let units = rest.chunks_exact(2).take(length);
    let units: Vec<u16> =
        units.filter_map(|pair| pair.try_into().ok().map(u16::from_le_bytes)).collect();
    String::from_utf16_lossy(&units)
}

/// What can be read of a link, whose parts are of many kinds (§2.3.7.1): runs of characters
/// of two bytes.
fn readable(data: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut run = String::new();
    let mut at = 32;
    while at + 1 < data.len() {
        match char::from_u32(u32::from(word(data, at))) {
            Some(ch) if ch >= ' ' && (ch.is_ascii() || crate::shape::is_wide(ch)) => {
                run.push(ch);
                at += 2;
            }
            _ => {
                // Parts may begin at odd places.
                at += if run.is_empty() { 1 } else { 2 };
                if run.chars().count() > 3 {
                    found.push(std::mem::take(&mut run));
                }
                run.clear();
            }
        }
    }
    found.extend((run.chars().count() > 3).then_some(run));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let mut out = kind.to_le_bytes().to_vec();
        out.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
        out.extend(data);
        out
    }

    #[test]
    fn hidden_rows_columns_and_comments() {
        let mut stream = record(BOF, &[]);
        stream.extend(record(0x0208, &[3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0]));
        stream.extend(record(0x007D, &[1, 0, 2, 0, 0, 0, 0, 0, 1, 0]));
        stream.extend(record(0x005D, &[0x15, 0, 0x12, 0, 0x19, 0, 7, 0]));
        stream.extend(record(0x01B6, &[0; 18]));
        stream.extend(record(0x003C, &[1, 0x32, 0x75]));
        stream.extend(record(0x001C, &[4, 0, 1, 0, 0, 0, 7, 0, 2, 0, 0, b'L', b'i']));
        stream.extend(record(0x0203, &[9, 0, 2, 0]));
        stream.extend(record(0x0203, &[0, 0, 0, 0]));
        stream.extend(record(EOF, &[]));
        let (notes, area) = sheet(&stream);
        assert_eq!(notes.hidden_rows, [3]);
        assert_eq!(notes.hidden_columns, [(1, 2)]);
        assert_eq!(notes.comments, [(4, 1, "Li：甲".to_owned())]);
        assert_eq!(area, 30);
    }

    #[test]
    fn a_password_and_cut_records_are_seen() {
        let records = Records::read(&record(0x002F, &[1, 0, 1, 0]));
        assert!(records.encrypted);
        assert!(Iter(&[1, 0, 9, 0, 1]).next().is_none());
    }
}
