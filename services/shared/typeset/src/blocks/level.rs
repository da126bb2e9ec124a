//! Which rank a line has, and where its heading ends.

use crate::document::{Level, Paragraph};

/// Characters that a heading in a line of its own may have.
const LONGEST_HEADING: usize = 60;
/// Characters that the first sentence of a paragraph may have to be its heading.
const LONGEST_LEAD: usize = 40;

const NUMERALS: &str = "零〇一二三四五六七八九十百千两";

/// The rank of a line and the length of its number in bytes; `None` for a plain line.
pub(super) fn level(line: &str) -> Option<(Level, usize)> {
    let line = line.trim_end();
    if let Some(rest) = line.strip_prefix('第') {
        return numbered(line, rest);
    }
    let length = |rest: &str| line.len() - rest.len();
    if let Some(rest) = line.strip_prefix(['（', '(']) {
        let (number, behind) = split(rest);
        let behind = behind.strip_prefix(['）', ')'])?;
        let level = if is_chinese(number) { Level::Second } else { Level::Fourth };
        return (!number.is_empty()).then_some((level, length(behind)));
    }
    let (number, rest) = split(line);
    if number.is_empty() {
        return None;
    }
    if is_chinese(number) {
        return rest.strip_prefix('、').map(|behind| (Level::First, length(behind)));
    }
    let behind = rest.strip_prefix(['.', '．', '、'])?;
    // 3.5 is a number, 3. a heading.
    (!behind.starts_with(|c: char| c.is_ascii_digit())).then_some((Level::Third, length(behind)))
}

/// 第X章 and 第X条, the former only alone in its line.
fn numbered(line: &str, rest: &str) -> Option<(Level, usize)> {
    let (number, behind) = split(rest);
    if number.is_empty() {
        return None;
    }
    let unit = behind.chars().next()?;
    let after = behind.get(unit.len_utf8()..)?;
    match unit {
        '条' => {
            // 第X条之一 is an article, too.
            let after = after.strip_prefix('之').map_or(after, |one| split(one).1);
            Some((Level::Article, line.len() - after.len()))
        }
        '编' | '章' | '节' => {
            let alone = after.is_empty() || after.starts_with(char::is_whitespace);
            let heading = line.chars().count() <= LONGEST_HEADING && !line.ends_with(['。', '；']);
            (heading && (alone || !after.contains(['，', '。', '、'])))
                .then_some((Level::Chapter, line.len() - after.len()))
        }
        _ => None,
    }
}

/// A number in Chinese or in Arabic digits, at most six characters, and what follows.
fn split(text: &str) -> (&str, &str) {
    let chinese = text.starts_with(|c| NUMERALS.contains(c));
    let end = text
        .char_indices()
        .find(|(_, c)| if chinese { !NUMERALS.contains(*c) } else { !c.is_ascii_digit() })
        .map_or(text.len(), |(at, _)| at);
    let (number, rest) = text.split_at_checked(end).unwrap_or(("", text));
    if number.chars().count() > 6 || (!chinese && number.len() > 3) {
        ("", text)
    } else {
        (number, rest)
    }
}

fn is_chinese(number: &str) -> bool {
    number.starts_with(|c| NUMERALS.contains(c))
}

/// A line as a paragraph: its rank, and what of it is set in the face of the rank.
pub(super) fn paragraph(line: &str) -> Paragraph {
    let line = line.trim();
    let Some((level, number)) = level(line) else { return Paragraph::plain(line) };
    let cut = match level {
        Level::Article => number,
        Level::Chapter => line.len(),
        Level::First | Level::Second => heading_end(line).unwrap_or(0),
        Level::Third | Level::Fourth | Level::Plain => 0,
    };
    let (lead, text) = line.split_at_checked(cut).unwrap_or(("", line));
    let (lead, text) = match level {
        Level::Article if !text.trim().is_empty() => {
            (lead.to_owned(), format!("　{}", text.trim_start()))
        }
        Level::Chapter => (spaced(lead, number), String::new()),
        _ => (lead.to_owned(), text.to_owned()),
    };
    Paragraph { level, lead, text }
}

/// One full-width space between the number and the words of a chapter's heading.
fn spaced(heading: &str, number: usize) -> String {
    let (number, words) = heading.split_at_checked(number).unwrap_or((heading, ""));
    let words = words.trim();
    if words.is_empty() { number.to_owned() } else { format!("{number}　{words}") }
}

/// Where the heading of a numbered paragraph ends: with the line when it has no sentence, with
/// the first sentence when another follows.
fn heading_end(line: &str) -> Option<usize> {
    let length = |part: &str| part.chars().count();
    match line.find('。') {
        None => {
            let sentence = line.ends_with(['；', '，', '：']);
            (length(line) <= LONGEST_HEADING && !sentence).then_some(line.len())
        }
        Some(at) => {
            let end = at + '。'.len_utf8();
            let lead = line.get(..end)?;
            // A paragraph of one sentence is text, not heading.
            (end < line.len() && length(lead) <= LONGEST_LEAD).then_some(end)
        }
    }
}
