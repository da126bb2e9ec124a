//! The outline: chapters, articles and numbered headings.
//!
//! Laws and rules are divided into 编, 章, 节, 条, 款, 项 (《立法法》 article 65); official
//! documents number 一、 （一） 1. （1） (GB/T 9704-2012, 7.3.3).

use std::ops::Range;

use serde::Serialize;

use super::page::Page;
use crate::lines;
use crate::span::Span;

/// A rank of division.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 编.
    Part,
    /// 章.
    Chapter,
    /// 节.
    Section,
    /// 条.
    Article,
    /// 款: a paragraph of an article that has several; it is not numbered in the text.
    Paragraph,
    /// 一、
    First,
    /// （一）, within an article a 项.
    Second,
    /// 1.
    Third,
    /// （1）
    Fourth,
}

/// A division of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Its rank.
    pub level: Level,
    /// Its number as written, as in `第三条`, `（二）`; `第二款` for paragraphs.
    pub label: String,
    /// The heading: the first sentence, shortened; empty for a paragraph.
    pub heading: String,
    /// From the number to the end of the last thing that belongs to it.
    pub span: Span,
    /// The index of the division it belongs to.
    pub parent: Option<usize>,
}

/// A division before its end is known.
struct Mark {
    level: Level,
    label: String,
    start: usize,
    heading: Range<usize>,
}

const LONGEST_HEADING: usize = 60;

/// The divisions in the order of the text; parents come before their children.
pub(super) fn read(page: &Page) -> Vec<Node> {
    let marks = marks(page);
    let mut parents: Vec<Option<usize>> = Vec::with_capacity(marks.len());
    let mut ends: Vec<usize> = vec![page.text.trim_end().len(); marks.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, mark) in marks.iter().enumerate() {
        while let Some(last) = open.last().copied() {
            if marks.get(last).is_some_and(|known| known.level < mark.level) {
                break;
            }
            if let Some(end) = ends.get_mut(last) {
                *end = mark.start;
            }
            open.pop();
        }
        parents.push(open.last().copied());
        open.push(index);
    }
    marks
        .into_iter()
        .zip(ends)
        .zip(parents)
        .map(|((mark, end), parent)| {
            let whole = page.slice(mark.start..end).trim_end().len();
            Node {
                level: mark.level,
                label: mark.label,
                heading: page.slice(mark.heading).trim_matches([' ', '　']).to_owned(),
                span: page.span(mark.start..mark.start + whole),
                parent,
            }
        })
        .collect()
}

fn marks(page: &Page) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut paragraph = 0;
    let mut within_article = false;
    for line in page.lines.iter().skip(page.body_line) {
        let before = marks.len();
        let mut at = line.start;
        // Joined paragraphs carry further numbers behind full stops.
        while at < line.end {
            let content = page.slice(at..line.end);
            if let Some(mark) = mark_at(page, at..line.end, content) {
                within_article = match mark.level {
                    Level::Article => true,
                    Level::Part | Level::Chapter | Level::Section | Level::First => false,
                    _ => within_article,
                };
                if mark.level == Level::Article {
                    paragraph = 1;
                }
                marks.push(mark);
            }
            at = match content.find(['。', '；', '：']) {
                Some(stop) => at + stop + '。'.len_utf8(),
                None => line.end,
            };
        }
        if marks.len() == before && within_article {
            paragraph += 1;
            let label = format!("第{}款", crate::date::han(paragraph));
            let heading = line.start..line.start;
            marks.push(Mark { level: Level::Paragraph, label, start: line.start, heading });
        }
    }
    marks
}

/// The division that begins with a text.
fn mark_at(page: &Page, range: Range<usize>, content: &str) -> Option<Mark> {
    let bare = content.trim_start_matches(['#', ' ', '　', '*']);
    let start = range.end - bare.len();
    let first = bare.chars().next()?;
    let (level, length) = match first {
        '第' => ordinal(bare)?,
        '（' | '(' => bracketed(bare)?,
        _ if crate::date::is_numeral(first) || first == '百' => plain(bare)?,
        _ => return None,
    };
    let rest = lines::from(bare, length);
    let heading = rest.trim_start_matches([' ', '　']);
    let stop = lines::head(heading, 0, LONGEST_HEADING).len();
    let stop = heading.find(['。', '；', '：']).map_or(stop, |at| at.min(stop));
    let from = range.end - heading.len();
    let mut heading = from..from + stop;
    if heading.is_empty() && level < Level::Article {
        // A wide gap between number and heading ends the line in between.
        let next = page.lines.get(page.line_at(start) + 1)?;
        let short = page.slice(next.clone()).chars().count() <= 20;
        heading = if short { next.clone() } else { heading };
    }
    let label = lines::until(bare, length).trim_end_matches(['、', '.', '．', ' ']).to_owned();
    Some(Mark { level, label, start, heading })
}

/// 第三章, 第十二条, 第十二条之一.
fn ordinal(text: &str) -> Option<(Level, usize)> {
    let rest = text.strip_prefix('第')?;
    let number =
        rest.find(|ch: char| !(crate::date::is_numeral(ch) || matches!(ch, '百' | '千' | '零')))?;
    if number == 0 || number > 24 {
        return None;
    }
    let unit = rest.get(number..)?;
    let level = match unit.chars().next()? {
        '编' => Level::Part,
        '章' => Level::Chapter,
        '节' => Level::Section,
        '条' => Level::Article,
        _ => return None,
    };
    let mut length = '第'.len_utf8() + number + '章'.len_utf8();
    if let Some(more) = lines::from(text, length).strip_prefix("之") {
        let digits = more
            .chars()
            .take_while(|ch| crate::date::is_numeral(*ch))
            .map(char::len_utf8)
            .sum::<usize>();
        length += if digits > 0 { '之'.len_utf8() + digits } else { 0 };
    }
    // `第三条规定` speaks of an article and does not begin one.
    let next = lines::from(text, length).chars().next();
    let cites = ["规定", "第", "的", "、", "和", "至", "中", "所"]
        .iter()
        .any(|word| lines::from(text, length).starts_with(word));
    (next.is_none() || !cites).then_some((level, length))
}

/// （一）, (1).
fn bracketed(text: &str) -> Option<(Level, usize)> {
    let open = text.chars().next()?;
    let rest = lines::from(text, open.len_utf8());
    let number = rest.find(|ch: char| !crate::date::is_numeral(ch))?;
    let close = rest.get(number..)?.chars().next().filter(|ch| matches!(ch, '）' | ')'))?;
    let written = rest.get(..number)?;
    let arabic = written.chars().next()?.is_ascii_digit()
        || written.starts_with(|ch: char| ('０'..='９').contains(&ch));
    let short = written.chars().count() <= 3;
    let level = if arabic { Level::Fourth } else { Level::Second };
    short.then_some((level, open.len_utf8() + number + close.len_utf8()))
}

/// 一、 and 1.
fn plain(text: &str) -> Option<(Level, usize)> {
    let number = text.find(|ch: char| !(crate::date::is_numeral(ch) || ch == '百'))?;
    let mark = text.get(number..)?.chars().next()?;
    let written = text.get(..number)?;
    let arabic = written.chars().all(|ch| crate::glyph::halfwidth(ch).is_ascii_digit());
    let level = match mark {
        '、' if !arabic => Level::First,
        '、' | '.' | '．' if arabic => Level::Third,
        _ => return None,
    };
    // `1.5亿元` is an amount.
    let next = lines::from(text, number + mark.len_utf8()).chars().next();
    let amount = arabic && mark == '.' && next.is_some_and(|ch| ch.is_ascii_digit());
    (!amount && written.chars().count() <= 4).then_some((level, number + mark.len_utf8()))
}
