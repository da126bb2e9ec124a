//! Paragraphs from lines.

use super::line::Line;
use crate::shape::{self, is_wide};

/// How near, in sizes of the font, a line must come to the right edge to fill its width: a
/// character that does not fit, and a mark that may not begin a line.
const FULL: f64 = 2.1;
/// How far from the left edge a line may begin that goes on.
const FLUSH: f64 = 0.6;

/// Joins lines to paragraphs. A paragraph belongs to the page that it begins on.
pub(in crate::pdf) fn join(pages: &[Vec<Line>]) -> Vec<Vec<String>> {
    let mut out: Vec<Vec<String>> = Vec::with_capacity(pages.len());
    // The last line that was put down, with its page's edges and where its paragraph is.
    let mut open: Option<(&Line, Edges, usize)> = None;
    for (number, page) in pages.iter().enumerate() {
        out.push(Vec::new());
        let edges = Edges::of(page);
        let lines = without_page_numbers(page);
        let spacing = spacing(lines);
        for (place, line) in lines.iter().enumerate() {
            let goes_on = open.is_some_and(|(last, before, _)| {
                let apart = if place == 0 { 0.0 } else { last.y - line.y };
                before.is_full(last)
                    && edges.is_flush(line)
                    && !last.text.contains('\t')
                    && !line.text.contains('\t')
                    && (last.size / line.size - 1.0).abs() < 0.15
                    && apart <= spacing * 1.35
            });
            let home = open.map_or(number, |(.., home)| home);
            let paragraph = out.get_mut(home).and_then(|page| page.last_mut());
            match paragraph.filter(|_| goes_on) {
                Some(paragraph) => {
                    add(paragraph, &line.text);
                    open = Some((line, edges, home));
                }
                None => {
                    if let Some(page) = out.last_mut() {
                        page.push(line.text.clone());
                    }
                    open = Some((line, edges, number));
                }
            }
        }
    }
    out
}

/// Puts a blank only between what would otherwise be one word.
fn add(paragraph: &mut String, line: &str) {
    let last = paragraph.chars().next_back();
    let first = line.chars().next();
    if let (Some(last), Some(first)) = (last, first)
        && !is_wide(last)
        && !is_wide(first)
        && last.is_alphabetic()
        && first.is_alphabetic()
    {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}

/// The edges of a page's text.
#[derive(Debug, Clone, Copy)]
struct Edges {
    left: f64,
    right: f64,
}

impl Edges {
    fn of(lines: &[Line]) -> Self {
        let right = lines.iter().map(|line| line.end).fold(f64::MIN, f64::max);
        let least = lines.iter().map(|line| line.start).fold(f64::MAX, f64::min);
        // The left edge is where lines begin that reach the right one and go on: a number
        // in the margin moves it no further.
        let mut starts: Vec<f64> = lines
            .iter()
            .filter(|line| {
                right - line.end <= FULL * line.size
                    && line.end - line.start > (right - least) * 0.5
            })
            .map(|line| line.start)
            .collect();
        starts.sort_by(f64::total_cmp);
        Self { left: starts.first().copied().unwrap_or(least), right }
    }

    fn is_full(self, line: &Line) -> bool {
        self.right - line.end <= FULL * line.size
            && line.end - line.start > (self.right - self.left) * 0.6
    }

    fn is_flush(self, line: &Line) -> bool {
        line.start - self.left <= FLUSH * line.size
    }
}

/// The usual distance of lines.
fn spacing(lines: &[Line]) -> f64 {
    let mut gaps: Vec<f64> = lines
        .iter()
        .zip(lines.iter().skip(1))
        .map(|(upper, lower)| upper.y - lower.y)
        .filter(|gap| *gap > 0.0)
        .collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied().unwrap_or(f64::MAX)
}

/// Without what only numbers the page, at its top and bottom.
fn without_page_numbers(lines: &[Line]) -> &[Line] {
    let mut lines = lines;
    while let Some((last, rest)) = lines.split_last()
        && shape::is_page_number(&last.text)
    {
        lines = rest;
    }
    match lines.split_first() {
        Some((first, rest)) if shape::is_page_number(&first.text) => rest,
        _ => lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, start: f64, end: f64, y: f64) -> Line {
        Line { text: text.to_owned(), start, end, y, size: 16.0 }
    }

    #[test]
    fn full_lines_go_on_and_indents_begin() {
        let pages = [
            vec![
                line("关于印发办法的通知", 180.0, 324.0, 700.0),
                line("　首段满行首段满行", 112.0, 528.0, 660.0),
                line("接着到此为止。", 80.0, 200.0, 632.0),
                line("次段满行次段满行", 112.0, 528.0, 604.0),
                line("— 1 —", 280.0, 320.0, 60.0),
            ],
            vec![
                line("翻页继续。", 80.0, 160.0, 700.0),
                line("末段满行末段满行", 112.0, 528.0, 672.0),
                line("完。", 80.0, 112.0, 644.0),
            ],
        ];
        let text = join(&pages);
        assert_eq!(
            text[0],
            [
                "关于印发办法的通知",
                "　首段满行首段满行接着到此为止。",
                "次段满行次段满行翻页继续。"
            ]
        );
        assert_eq!(text[1], ["末段满行末段满行完。"]);
    }

    #[test]
    fn rows_and_other_sizes_are_not_joined() {
        let mut large = line("大字满行", 80.0, 528.0, 700.0);
        large.size = 22.0;
        let pages = [vec![
            large,
            line("小字满行", 80.0, 528.0, 672.0),
            line("甲\t乙", 80.0, 528.0, 644.0),
            line("Open", 80.0, 528.0, 616.0),
            line("Data", 80.0, 528.0, 588.0),
        ]];
        assert_eq!(join(&pages)[0], ["大字满行", "小字满行", "甲\t乙", "Open Data"]);
    }
}
