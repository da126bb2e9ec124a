//! Lines of a page.

use crate::pdf::content::Glyph;
use crate::shape::is_wide;

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pdf) struct Line {
    pub(in crate::pdf) text: String,
    pub(in crate::pdf) start: f64,
    pub(in crate::pdf) end: f64,
    /// The baseline, upwards.
    pub(in crate::pdf) y: f64,
    /// The largest size of its fonts.
    pub(in crate::pdf) size: f64,
}

/// How far apart, in sizes of the font, baselines of one line may be.
const LEVEL: f64 = 0.4;
/// Gaps, in sizes of the font: between cells, between words, between Chinese characters.
const CELL: f64 = 1.6;
const WORD: f64 = 0.22;
const WIDE: f64 = 0.75;

pub(super) fn lines(glyphs: &[Glyph]) -> Vec<Line> {
    let mut sorted: Vec<&Glyph> = glyphs.iter().filter(|glyph| glyph.size > 0.0).collect();
    sorted.sort_by(|left, right| right.y.total_cmp(&left.y));
    let mut lines = Vec::new();
    let mut rest = sorted.as_slice();
    while let Some(first) = rest.first() {
        let near = |glyph: &&&Glyph| first.y - glyph.y <= LEVEL * first.size.max(glyph.size);
        let count = rest.iter().take_while(near).count();
        let (row, below) = rest.split_at(count.max(1));
        lines.extend(line(row));
        rest = below;
    }
    lines
}

fn line(row: &[&Glyph]) -> Option<Line> {
    let mut row: Vec<&Glyph> = row.to_vec();
    row.sort_by(|left, right| left.x.total_cmp(&right.x));
    let mut line = Line { text: String::new(), start: 0.0, end: 0.0, y: 0.0, size: 0.0 };
    let mut last: Option<&Glyph> = None;
    let mut blank = false;
    for glyph in row {
        if let Some(last) = last {
            // Bold is often the same text drawn twice, a little apart.
            let same = last.text == glyph.text
                && (glyph.x - last.x).abs() < 0.15 * glyph.size
                && (glyph.y - last.y).abs() < 0.15 * glyph.size;
            if same {
                continue;
            }
            if glyph.text.trim().is_empty() {
                blank = true;
                continue;
            }
            match gap(last, glyph) {
                "" if blank => line.text.push(' '),
                gap => line.text.push_str(gap),
            }
            blank = false;
        } else if glyph.text.trim().is_empty() {
            continue;
        } else {
            line.start = glyph.x;
            line.y = glyph.y;
        }
        line.text.push_str(glyph.text.trim());
        line.end = line.end.max(glyph.end);
        line.size = line.size.max(glyph.size);
        last = Some(glyph);
    }
    (!line.text.is_empty()).then_some(line)
}

/// What stands between two neighbours.
fn gap(left: &Glyph, right: &Glyph) -> &'static str {
    let size = left.size.max(right.size);
    let width = (right.x - left.end) / size;
    let wide = |text: &str, last: bool| {
        let ch = if last { text.chars().next_back() } else { text.chars().next() };
        ch.is_some_and(is_wide)
    };
    let both = wide(left.text.trim(), true) && wide(right.text.trim(), false);
    if width > CELL {
        "\t"
    } else if width > WIDE || (width > WORD && !both) {
        // Justified lines spread everything a little; only between words is that a blank.
        let mixed = wide(left.text.trim(), true) != wide(right.text.trim(), false);
        if both || !mixed || width > WIDE { " " } else { "" }
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::content::Shown;

    fn row(text: &str, x: f64, y: f64) -> Vec<Glyph> {
        let mut at = x;
        text.chars()
            .map(|ch| {
                let width = if is_wide(ch) { 10.0 } else { 5.0 };
                let glyph = Glyph {
                    text: ch.to_string(),
                    x: at,
                    y,
                    end: at + width,
                    size: 10.0,
                    shown: Shown::Seen,
                };
                at += width;
                glyph
            })
            .collect()
    }

    fn texts(glyphs: &[Glyph]) -> Vec<String> {
        lines(glyphs).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn glyphs_of_one_baseline_are_a_line() {
        let mut glyphs = row("第二行", 0.0, 80.0);
        glyphs.extend(row("第一行", 0.0, 100.0));
        glyphs.extend(row("注", 30.0, 102.0));
        assert_eq!(texts(&glyphs), ["第一行注", "第二行"]);
    }

    #[test]
    fn gaps_are_blanks_or_cells() {
        let mut glyphs = row("姓名", 0.0, 100.0);
        glyphs.extend(row("第一条 总则", 0.0, 60.0));
        glyphs.extend(row("张三", 60.0, 100.0));
        glyphs.extend(row("Open", 0.0, 80.0));
        glyphs.extend(row("Data", 24.0, 80.0));
        assert_eq!(texts(&glyphs), ["姓名\t张三", "Open Data", "第一条 总则"]);
    }

    #[test]
    fn what_is_drawn_twice_is_read_once() {
        let mut glyphs = row("标题", 0.0, 100.0);
        glyphs.extend(row("标题", 0.5, 100.0));
        assert_eq!(texts(&glyphs), ["标题"]);
    }
}
