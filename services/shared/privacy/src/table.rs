//! Tables as text has them: a line of headings, then lines with as many cells, parted by
//! tabs, strokes, commas or spaces. A heading speaks for the cells below it.

use crate::glyph::is_blank;
use crate::words::{Marks, Word};

/// A cell below a known heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Byte offset of its text.
    pub(crate) start: usize,
    /// Byte offset behind its text.
    pub(crate) end: usize,
    /// What its heading announces.
    pub(crate) word: Word,
}

/// A longer heading is a sentence.
const LONGEST_HEADING: usize = 16 * 3;
const MOST_COLUMNS: usize = 40;

struct Head {
    parting: Parting,
    words: Vec<Option<Word>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Parting {
    Tab,
    Stroke,
    Comma,
    Space,
}

/// The cells below known headings, in order.
pub(crate) fn cells(text: &str, marks: &Marks) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut head: Option<Head> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let from = start;
        start += line.len();
        let line = line.trim_end();
        if line.is_empty() {
            continue;
        }
        if let Some(new) = head_of(line, from, marks) {
            head = Some(new);
            continue;
        }
        let Some(known) = &head else { continue };
        let parts = parts(line, from, known.parting);
        if parts.len() < 2 || parts.len().abs_diff(known.words.len()) > 1 {
            head = None;
            continue;
        }
        let found = parts.iter().zip(&known.words).filter_map(|(&(start, end), word)| {
            word.filter(|_| start < end).map(|word| Cell { start, end, word })
        });
        cells.extend(found);
    }
    cells
}

/// Reads a line as headings: at least two cells that begin with a known word.
fn head_of(line: &str, from: usize, marks: &Marks) -> Option<Head> {
    // A row of data may hold words too, but it also holds numbers; a sentence holds stops.
    let digits = line.bytes().filter(u8::is_ascii_digit).count();
    if marks.within(from, from + line.len()).len() < 2 || digits >= 6 || line.contains(['：', '。'])
    {
        return None;
    }
    let parting = [Parting::Tab, Parting::Stroke, Parting::Comma, Parting::Space];
    let parting = parting.into_iter().find(|parting| match parting {
        Parting::Tab => line.contains('\t'),
        Parting::Stroke => line.contains(['|', '｜', '│']),
        Parting::Comma => line.contains([',', '，']),
        Parting::Space => line.contains(is_blank),
    })?;
    let parts = parts(line, from, parting);
    let strict = matches!(parting, Parting::Comma | Parting::Space);
    let words: Vec<Option<Word>> = parts
        .iter()
        .map(|&(start, end)| {
            let found = marks.within(start, end);
            let covers = found.first().is_some_and(|mark| mark.start == start)
                && found.last().is_some_and(|mark| mark.end == end);
            if end - start > LONGEST_HEADING || (strict && !covers) {
                return None;
            }
            found.iter().rev().map(|mark| mark.word).find(|word| *word != Word::Detail)
        })
        .collect();
    let known = words.iter().flatten().count();
    (known >= 2).then_some(Head { parting, words })
}

/// The trimmed cells of a line.
fn parts(line: &str, from: usize, parting: Parting) -> Vec<(usize, usize)> {
    let is_parting = |ch: char| match parting {
        Parting::Tab => ch == '\t',
        Parting::Stroke => matches!(ch, '|' | '｜' | '│'),
        Parting::Comma => matches!(ch, ',' | '，'),
        Parting::Space => is_blank(ch),
    };
    let mut at = from;
    let mut parts = Vec::new();
    for part in line.split(is_parting).take(MOST_COLUMNS) {
        let lead = part.len() - part.trim_start().len();
        let start = at + lead;
        let end = start + part.trim().len();
        if parting != Parting::Space || start < end {
            parts.push((start, end));
        }
        let width = line.get(at - from + part.len()..).and_then(|rest| rest.chars().next());
        at += part.len() + width.map_or(0, char::len_utf8);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(&str, Word)> {
        let marks = Marks::of(text);
        cells(text, &marks).iter().map(|cell| (&text[cell.start..cell.end], cell.word)).collect()
    }

    #[test]
    fn headings_speak_for_their_columns() {
        let expected = vec![("张三", Word::Name), ("6217", Word::Account)];
        assert_eq!(read("姓名\t村\t卡号\n张三\t大湖村\t6217\n"), expected);
        assert_eq!(read("| 姓名 | 村 | 卡号 |\n| 张三 | 大湖村 | 6217 |"), expected);
        assert_eq!(read("姓名 村 卡号\n张三 大湖村 6217"), expected);
        assert_eq!(read("姓名,村,卡号\n张三,大湖村,6217"), expected);
    }

    #[test]
    fn running_text_ends_a_table() {
        let text = "姓名\t卡号\n合计两人，如下。\n张三\t6217";
        assert_eq!(read(text), vec![]);
        assert_eq!(read("姓名：张三，卡号：6217"), vec![]);
    }
}
