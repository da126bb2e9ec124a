//! The cells of a sheet, and which of them are hidden.

use std::collections::{BTreeMap, BTreeSet};

use crate::draft::Draft;
use crate::error::PaperError;
use crate::paper::How;
use crate::shape;

/// A sheet has no more columns (ECMA-376 Part 1 §18.3.1.73 and the limits of Excel).
pub(super) const MOST_COLUMNS: u32 = 16_384;
/// Empty cells between two that are written are kept only up to here.
const WIDEST_GAP: u32 = 64;

/// A sheet while it is read. Rows and columns are counted from 0.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    /// Hidden, also so that only a program shows it again.
    pub(super) hidden: bool,
    rows: BTreeMap<u32, BTreeMap<u32, String>>,
    hidden_rows: BTreeSet<u32>,
    hidden_columns: Vec<(u32, u32)>,
}

impl Sheet {
    pub(super) fn new(name: &str, hidden: bool) -> Self {
        Self { name: name.to_owned(), hidden, ..Self::default() }
    }

    /// Puts a value into a cell; empty ones are left out.
    pub(super) fn put(&mut self, row: u32, column: u32, value: &str) {
        let value = shape::one_line(value);
        if !value.is_empty() && column < MOST_COLUMNS {
            self.rows.entry(row).or_default().insert(column, value);
        }
    }

    pub(super) fn hide_row(&mut self, row: u32) {
        self.hidden_rows.insert(row);
    }

    /// Hides the columns from one to another, both included.
    pub(super) fn hide_columns(&mut self, first: u32, last: u32) {
        self.hidden_columns.push((first, last));
    }

    fn hides_column(&self, column: u32) -> bool {
        self.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&column))
    }

    /// Hands the sheet over: what is seen is a part of the text, all else is hidden.
    pub(super) fn finish(self, draft: &mut Draft<'_>) -> Result<(), PaperError> {
        let title = format!("工作表“{}”", self.name);
        let Some(left) = self.rows.values().filter_map(|row| row.keys().next()).min().copied()
        else {
            return Ok(());
        };
        let mut seen = String::new();
        let mut columns: BTreeMap<u32, String> = BTreeMap::new();
        let mut last = None;
        for (number, row) in &self.rows {
            if !self.hidden && self.hidden_rows.contains(number) {
                let line = line(row.iter(), left);
                draft.hide(How::Row, &format!("{title}第{}行", number + 1), &line)?;
                continue;
            }
            for (column, value) in
                row.iter().filter(|(column, _)| !self.hidden && self.hides_column(**column))
            {
                let list = columns.entry(*column).or_default();
                list.push_str(value);
                list.push('\n');
            }
            // An empty row parts tables.
            if last.is_some_and(|last| last + 1 < *number) {
                seen.push('\n');
            }
            last = Some(*number);
            let shown =
                row.iter().filter(|(column, _)| self.hidden || !self.hides_column(**column));
            seen.push_str(&line(shown, left));
            seen.push('\n');
        }
        for (column, values) in columns {
            draft.hide(How::Column, &format!("{title}{}列", letters(column)), &values)?;
        }
        if self.hidden { draft.hide(How::Sheet, &title, &seen) } else { draft.part(&title, &seen) }
    }
}

/// A row as a line, its cells parted by tabs.
fn line<'a>(cells: impl Iterator<Item = (&'a u32, &'a String)>, left: u32) -> String {
    let mut line = String::new();
    let mut at = left;
    for (column, value) in cells {
        for _ in 0..column.saturating_sub(at).min(WIDEST_GAP) {
            line.push('\t');
        }
        line.push_str(value);
        at = *column;
    }
    line
}

/// The letters of a column: A, …, Z, AA.
pub(super) fn letters(column: u32) -> String {
    let mut out = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        out.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    out.iter().rev().collect()
}

/// The row and column of a reference such as `B3` (ECMA-376 Part 1 §18.18.7).
pub(super) fn reference(text: &str) -> Option<(u32, u32)> {
    let text = text.replace('$', "");
    let split = text.find(|ch: char| ch.is_ascii_digit())?;
    let (letters, digits) = text.split_at_checked(split)?;
    let mut column = 0_u32;
    for byte in letters.bytes() {
        if !byte.is_ascii_alphabetic() {
            return None;
        }
        column =
            column.checked_mul(26)?.checked_add(u32::from(byte.to_ascii_uppercase() - b'A') + 1)?;
    }
    let row: u32 = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// The reference of a cell.
pub(super) fn named(row: u32, column: u32) -> String {
    format!("{}{}", letters(column), row.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::paper::Kind;

    #[test]
    fn references_go_both_ways() {
        for (row, column, name) in
            [(0, 0, "A1"), (2, 25, "Z3"), (9, 26, "AA10"), (0, 701, "ZZ1"), (0, 702, "AAA1")]
        {
            assert_eq!(named(row, column), name);
            assert_eq!(reference(name), Some((row, column)));
        }
        for wrong in ["", "A", "1", "A0", "ÄÖ1", "AAAAAAAAAAAA1", "A99999999999"] {
            assert_eq!(reference(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_hidden_is_no_text() {
        let mut sheet = Sheet::new("名单", false);
        for (row, values) in [["姓名", "电话", "村"], ["张三", "138", "一"], ["李四", "139", "二"]]
            .iter()
            .enumerate()
        {
            for (column, value) in values.iter().enumerate() {
                sheet.put(u32::try_from(row).unwrap(), u32::try_from(column).unwrap() + 1, value);
            }
        }
        sheet.hide_row(1);
        sheet.hide_columns(2, 2);
        let mut draft = Draft::new(&Limits::DEFAULT);
        sheet.finish(&mut draft).unwrap();
        let paper = draft.finish(Kind::Xlsx, None);
        assert_eq!(paper.text, "姓名\t\t村\n\n李四\t\t二");
        let hidden: Vec<_> = paper
            .hidden
            .iter()
            .map(|hidden| (hidden.place.as_str(), hidden.text.as_str()))
            .collect();
        assert_eq!(
            hidden,
            [("工作表“名单”第2行", "张三\t138\t一"), ("工作表“名单”C列", "电话\n139")]
        );
    }

    #[test]
    fn a_far_cell_is_not_far_away() {
        let mut sheet = Sheet::new("x", false);
        sheet.put(1_048_575, 0, "a");
        sheet.put(1_048_575, 16_383, "b");
        let mut draft = Draft::new(&Limits::DEFAULT);
        sheet.finish(&mut draft).unwrap();
        assert!(draft.finish(Kind::Xlsx, None).text.len() < 100);
    }
}
