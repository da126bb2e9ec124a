//! Rows onto pages.

use super::row::Row;
use crate::measure::{HEIGHT, PITCH, SIZE_3, TOP};
use crate::pages::{Entry, Page};

/// The height of 22 lines with the gap behind the last.
const ROOM: f32 = HEIGHT - SIZE_3 + PITCH;
/// Sums of heights that differ by less are alike.
const ALIKE: f32 = 0.5;

/// Pages as they are filled.
#[derive(Default)]
pub(super) struct Filled {
    pub pages: Vec<Page>,
    pub outline: Vec<Entry>,
    /// How far the last page is filled, in pt from the top of the type area.
    pub used: f32,
}

/// Stacks rows on pages of 22 lines. A row that is kept with the next goes with it to the next
/// page; the head of a table that goes on is repeated there.
pub(super) fn paginate(rows: &[Row], heads: &[Vec<Row>]) -> Filled {
    let mut filled = Filled::default();
    let mut start = 0;
    loop {
        let end = page_end(rows, heads, start);
        let mut page = Page { number: Some(filled.pages.len() + 1), ..Page::default() };
        let mut y = 0.0;
        for row in repeated(rows, heads, start) {
            place(row, y, true, &mut page);
            y += row.height;
        }
        for row in rows.get(start..end).unwrap_or(&[]) {
            if row.blank && y == 0.0 && !row.new_page {
                continue;
            }
            y = snapped(row, y);
            if let Some((depth, title)) = &row.entry {
                filled.outline.push(Entry {
                    depth: *depth,
                    title: title.clone(),
                    page: filled.pages.len(),
                    y: TOP + y,
                });
            }
            place(row, y, false, &mut page);
            y += row.height;
        }
        filled.pages.push(page);
        filled.used = y;
        start = end;
        if start >= rows.len() {
            return filled;
        }
    }
}

/// The index behind the last row of the page that begins with `start`.
fn page_end(rows: &[Row], heads: &[Vec<Row>], start: usize) -> usize {
    let mut y: f32 = repeated(rows, heads, start).iter().map(|row| row.height).sum();
    let mut end = start;
    for (index, row) in rows.iter().enumerate().skip(start) {
        if row.new_page && index > start {
            return index;
        }
        if row.blank && y == 0.0 && !row.new_page {
            end = index + 1;
            continue;
        }
        let top = snapped(row, y);
        if top + row.height > ROOM + ALIKE && index > start {
            break;
        }
        y = top + row.height;
        end = index + 1;
    }
    if end >= rows.len() {
        return rows.len();
    }
    let kept = rows
        .get(start..end)
        .unwrap_or(&[])
        .iter()
        .rposition(|row| !row.keep)
        .map_or(end, |last| start + last + 1);
    // Blank rows before what was moved would only leave the page early.
    if kept > start { kept } else { end.max(start + 1) }
}

/// Lines of text stand on the grid; tables need not.
fn snapped(row: &Row, y: f32) -> f32 {
    if row.table.is_some() {
        return y;
    }
    let over = y % PITCH;
    if over < ALIKE || PITCH - over < ALIKE { y } else { y - over + PITCH }
}

/// The head of the table that goes on with `start`.
fn repeated<'a>(rows: &[Row], heads: &'a [Vec<Row>], start: usize) -> &'a [Row] {
    let Some(row) = rows.get(start).filter(|row| !row.head && !row.blank) else { return &[] };
    let head = row.table.and_then(|table| heads.get(table)).map_or(&[][..], Vec::as_slice);
    let height: f32 = head.iter().map(|row| row.height).sum();
    if height < ROOM / 2.0 { head } else { &[] }
}

fn place(row: &Row, y: f32, again: bool, page: &mut Page) {
    let top = TOP + y;
    page.runs.extend(row.runs.iter().map(|run| {
        let part = if again { None } else { run.part };
        crate::pages::Run { y: run.y + top, part, ..run.clone() }
    }));
    page.rules.extend(row.rules.iter().map(|rule| crate::pages::Rule {
        from: (rule.from.0, rule.from.1 + top),
        to: (rule.to.0, rule.to.1 + top),
        ..*rule
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: usize) -> Vec<Row> {
        (0..count).map(|_| Row::line(Vec::new())).collect()
    }

    fn entry(row: Row) -> Row {
        Row { entry: Some((1, "一、".to_owned())), ..row }
    }

    #[test]
    fn twenty_two_lines_to_a_page() {
        assert_eq!(paginate(&rows(22), &[]).pages.len(), 1);
        assert_eq!(paginate(&rows(23), &[]).pages.len(), 2);
        assert_eq!(paginate(&rows(44), &[]).pages.len(), 2);
        assert_eq!(paginate(&[], &[]).pages.len(), 1);
    }

    #[test]
    fn a_heading_goes_with_its_text() {
        let mut rows = rows(23);
        rows[21].keep = true;
        rows[21] = entry(rows[21].clone());
        let filled = paginate(&rows, &[]);
        assert_eq!(filled.outline[0].page, 1);
        assert!((filled.outline[0].y - TOP).abs() < 0.01);
    }

    #[test]
    fn rows_all_kept_are_broken_all_the_same() {
        let mut rows = rows(100);
        for row in &mut rows {
            row.keep = true;
        }
        assert_eq!(paginate(&rows, &[]).pages.len(), 5);
    }

    #[test]
    fn a_blank_line_does_not_begin_a_page() {
        let mut rows = rows(22);
        rows.push(Row::blank());
        rows.push(entry(Row::line(Vec::new())));
        let filled = paginate(&rows, &[]);
        assert!((filled.outline[0].y - TOP).abs() < 0.01);
    }

    #[test]
    fn a_row_higher_than_the_page_has_its_own() {
        let mut rows = rows(1);
        rows.push(Row { height: 2000.0, table: Some(0), ..Row::default() });
        assert_eq!(paginate(&rows, &[Vec::new()]).pages.len(), 2);
    }
}
