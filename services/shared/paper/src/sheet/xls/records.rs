//! Records of a workbook (MS-XLS §2.3 and §2.4): what is hidden, commented, drawn.

use std::collections::HashMap;

use super::strings;

const EOF: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;
const SST: u16 = 0x00FC;
/// The bounds that a sheet claims to have.
const DIMENSIONS: u16 = 0x0200;
/// A workbook of 256 sheets is a large one.
const MOST_SHEETS: usize = 4_000;
const MOST_RECORDS: usize = 20_000_000;
/// A type that no reader knows.
const NOTHING: u16 = 0x7FFF;
const BOF: u16 = 0x0809;

/// What the records say beside the values of cells.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// Whether a password is needed (§2.4.117).
    pub(super) encrypted: bool,
    /// Whether there are more sheets or records than are read: several sheets may claim the
    /// same records.
    pub(super) overflow: bool,
    /// How many cells the rectangles around each sheet's cells hold together.
    pub(super) cells: u64,
    /// Each sheet by name.
    pub(super) sheets: Vec<(String, Notes)>,
    /// The strings that cells share, and which of them one shows.
    pub(super) strings: Vec<String>,
    pub(super) shown: Vec<bool>,
    /// Bytes of the shared strings of all cells together.
    pub(super) text: usize,
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
        let mut table: Vec<&[u8]> = Vec::new();
        let mut last = 0;
        for (kind, data) in Iter(stream) {
            match kind {
                SST => table = vec![data],
                CONTINUE if last == SST => table.push(data),
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
            if kind != CONTINUE {
                last = kind;
            }
        }
        records.strings = strings::read(&table);
        records.shown = vec![false; records.strings.len()];
        if places.len() > MOST_SHEETS {
            records.overflow = true;
            return records;
        }
        let mut left = MOST_RECORDS;
        for (at, name) in places {
            let rest = usize::try_from(at).ok().and_then(|at| stream.get(at..));
            let (notes, cells, shared) = sheet(rest.unwrap_or_default(), &mut left);
            records.overflow |= left == 0;
            records.cells = records.cells.saturating_add(cells);
            for index in shared.into_iter().filter_map(|index| usize::try_from(index).ok()) {
                let length = records.strings.get(index).map_or(0, String::len);
                records.text = records.text.saturating_add(length);
                if let Some(shown) = records.shown.get_mut(index) {
                    *shown = true;
                }
            }
            records.sheets.push((name, notes));
        }
        records
    }
}

/// Reads one sheet to its end; also gives the area of the rectangle around its cells, and
/// the shared strings that they show.
fn sheet(stream: &[u8], left: &mut usize) -> (Notes, u64, Vec<u32>) {
    let mut reader = Reader::default();
    let mut depth = 0_usize;
    for (kind, data) in Iter(stream) {
        *left = left.saturating_sub(1);
        if *left == 0 {
            break;
        }
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
    shared: Vec<u32>,
}

impl Reader {
    fn record(&mut self, kind: u16, data: &[u8]) {
        let (row, column) = (word(data, 0), word(data, 2));
        match kind {
            // Cells of every kind begin with their row and column.
            0x00FD => {
                self.cells(row, column, column);
                self.shared.push(u32::from(word(data, 6)) | u32::from(word(data, 8)) << 16);
            }
            0x0006 | 0x0201 | 0x0203 | 0x0204 | 0x0205 | 0x027E | 0x00D6 => {
                self.cells(row, column, column);
            }
            0x00BD | 0x00BE => {
                // The last column is stated, and follows from the length; either may lie.
                let stated = word(data, data.len().saturating_sub(2));
                let counted = u16::try_from(data.len() / 2).unwrap_or(u16::MAX);
                self.cells(row, column, stated.max(column.saturating_add(counted)));
            }
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

    fn finish(mut self) -> (Notes, u64, Vec<u32>) {
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
        (self.notes, area, self.shared)
    }
}

/// Takes the bounds out that sheets claim to have: `calamine` sets memory aside for them.
pub(super) fn without_bounds(stream: &mut [u8]) {
    let mut places: Vec<usize> = Iter(stream)
        .take_while(|(kind, _)| *kind != EOF)
        .filter(|(kind, _)| *kind == 0x0085)
        .filter_map(|(_, data)| data.first_chunk().map(|at| u32::from_le_bytes(*at)))
        .filter_map(|at| usize::try_from(at).ok())
        .collect();
    places.sort_unstable();
    places.dedup();
    for start in places {
        let mut at = start;
        let mut depth = 0_usize;
        while let Some(head) = at.checked_add(4).and_then(|end| stream.get_mut(at..end)) {
            let (kind, length) = (word(head, 0), word(head, 2));
            match kind {
                BOF => depth += 1,
                EOF if depth <= 1 => break,
                EOF => depth -= 1,
                DIMENSIONS => {
                    if let Some(kind) = head.first_chunk_mut() {
                        *kind = NOTHING.to_le_bytes();
                    }
                }
                _ => {}
            }
            at += 4 + usize::from(length);
        }
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
mod tests;
