//! Names for the articles and headings of a text, to point at one of them in an address.
//!
//! `第十二条` is `art-12`, `第十二条之一` is `art-12-1`, `三、` is `sec-3`. A text may hold several that
//! are numbered alike, as a notice and the rules that it issues: the second `art-1` is `art-1.2`.

use std::collections::HashMap;

/// An article or heading that a line begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Its name, once in a text.
    pub id: String,
    /// As it is written: `第十二条`, `三、`.
    pub label: String,
}

/// Names the articles and headings of one text, line after line.
#[derive(Debug, Clone, Default)]
pub struct Anchors(HashMap<String, usize>);

impl Anchors {
    /// The article or heading that the next line begins with, if it does.
    pub fn next(&mut self, line: &str) -> Option<Anchor> {
        let line = line.trim_start_matches(|ch: char| ch.is_whitespace() || ch == '#' || ch == '*');
        let (name, label) = article(line).or_else(|| heading(line))?;
        let seen = self.0.entry(name.clone()).or_default();
        *seen += 1;
        let id = if *seen == 1 { name } else { format!("{name}.{seen}") };
        Some(Anchor { id, label: label.to_owned() })
    }
}

/// 第十二条, 第12条, 第十二条之一, with a space behind or at the end of the line: 第三条的规定 refers to
/// an article and begins none.
fn article(line: &str) -> Option<(String, &str)> {
    let numeral = line.strip_prefix('第')?;
    let (number, rest) = number(numeral)?;
    let mut rest = rest.strip_prefix('条')?;
    let mut name = format!("art-{number}");
    if let Some(after) = rest.strip_prefix('之') {
        let (part, after) = self::number(after)?;
        name = format!("{name}-{part}");
        rest = after;
    }
    if !rest.is_empty() && !rest.starts_with(|ch: char| ch.is_whitespace() || "【（(".contains(ch))
    {
        return None;
    }
    Some((name, line.get(..line.len() - rest.len())?))
}

/// 三、 and what follows.
fn heading(line: &str) -> Option<(String, &str)> {
    if !line.starts_with(|ch| place(ch).is_some()) {
        return None;
    }
    let (number, rest) = number(line)?;
    let rest = rest.strip_prefix('、')?;
    Some((format!("sec-{number}"), line.get(..line.len() - rest.len())?))
}

/// What a numeral adds: a digit, or a power of ten.
enum Place {
    Digit(u32),
    Power(u32),
}

fn place(ch: char) -> Option<Place> {
    Some(match ch {
        '零' | '〇' => Place::Digit(0),
        '一' => Place::Digit(1),
        '二' | '两' => Place::Digit(2),
        '三' => Place::Digit(3),
        '四' => Place::Digit(4),
        '五' => Place::Digit(5),
        '六' => Place::Digit(6),
        '七' => Place::Digit(7),
        '八' => Place::Digit(8),
        '九' => Place::Digit(9),
        '十' => Place::Power(10),
        '百' => Place::Power(100),
        '千' => Place::Power(1000),
        _ => return None,
    })
}

/// The number that a text begins with, in Chinese or Arabic digits, below ten thousand.
fn number(text: &str) -> Option<(u32, &str)> {
    const MOST: usize = 8;
    let arabic = text.find(|ch: char| !ch.is_ascii_digit()).unwrap_or(text.len());
    if arabic > 0 {
        let (digits, rest) = text.split_at(arabic);
        return Some((digits.parse().ok().filter(|it| *it < 10_000)?, rest));
    }
    let (mut sum, mut digit, mut end) = (0_u32, None, 0);
    for (at, ch) in text.char_indices().take(MOST) {
        match place(ch) {
            Some(Place::Digit(value)) => digit = Some(value),
            Some(Place::Power(power)) => sum += digit.take().unwrap_or(1) * power,
            None => break,
        }
        end = at + ch.len_utf8();
    }
    let value = sum + digit.unwrap_or(0);
    (value > 0).then_some((value, text.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(lines: &[&str]) -> Vec<Option<String>> {
        let mut anchors = Anchors::default();
        lines.iter().map(|line| anchors.next(line).map(|it| it.id)).collect()
    }

    #[test]
    fn articles_and_headings_have_names() {
        for (line, expected) in [
            ("第一条　为了规范停车", Some("art-1")),
            ("第十条 甲", Some("art-10")),
            ("第一百二十条之一 乙", Some("art-120-1")),
            ("第一千零一条【丙】", Some("art-1001")),
            ("第12条 丁", Some("art-12")),
            ("  **第二十条**", None),
            ("第三条的规定", None),
            ("第三章 总则", None),
            ("三、申请条件", Some("sec-3")),
            ("十二、附则", Some("sec-12")),
            ("一百多家企业", None),
            ("", None),
        ] {
            assert_eq!(names(&[line]), [expected.map(str::to_owned)], "{line}");
        }
    }

    #[test]
    fn a_name_stands_once() {
        let found = names(&["第一条 甲", "正文", "第一条 乙"]);
        assert_eq!(found, [Some("art-1".to_owned()), None, Some("art-1.2".to_owned())]);
    }

    #[test]
    fn the_label_is_as_written() {
        let anchor = Anchors::default().next("　　第一百零三条之二　甲").unwrap();
        assert_eq!((anchor.id.as_str(), anchor.label.as_str()), ("art-103-2", "第一百零三条之二"));
    }
}
