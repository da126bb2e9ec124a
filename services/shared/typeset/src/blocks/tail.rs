//! The end of a text: names of annexes, signature, date, note.

use chrono::NaiveDate;

use super::{Blocks, level};

/// Lines from the end among which a signature is looked for.
const WINDOW: usize = 16;
/// Characters that an organ's name may have.
const LONGEST_ORGAN: usize = 40;
/// Organs of a joint document that are looked for.
const MOST_ORGANS: usize = 12;

/// Reads the end of the lines into `found`; how many lines are left for the text.
pub(super) fn tail(lines: &[&str], found: &mut Blocks) -> usize {
    let mut end = lines.len();
    if let Some(note) = last(lines, end).and_then(note) {
        found.note = Some(note.to_owned());
        end -= 1;
    }
    let window = lines.len().saturating_sub(WINDOW);
    if end > window
        && let Some((organ, day)) = last(lines, end).and_then(dated)
    {
        end -= 1;
        found.signed_on = Some(day);
        if organ.is_empty() {
            let first = organs(lines, end);
            found.signature = lines
                .get(first..end)
                .unwrap_or(&[])
                .iter()
                .flat_map(|line| line.split(['\t', '\u{3000}']))
                .map(|organ| organ.trim().to_owned())
                .filter(|organ| !organ.is_empty())
                .collect();
            end = first;
        } else {
            found.signature = vec![organ.to_owned()];
        }
    }
    names(lines, end, found)
}

fn last<'a>(lines: &[&'a str], end: usize) -> Option<&'a str> {
    lines.get(end.checked_sub(1)?).copied()
}

/// `（此件公开发布）`.
fn note(line: &str) -> Option<&str> {
    let inner = line.strip_prefix(['（', '('])?.strip_suffix(['）', ')'])?;
    (inner.contains("公开") && inner.chars().count() <= 30).then_some(inner)
}

/// A line that is a date, or an organ and a date.
fn dated(line: &str) -> Option<(&str, NaiveDate)> {
    let line = line.trim();
    let day = line.strip_suffix('日')?;
    let year = day.rfind('年')?;
    let digits = day.get(..year)?;
    let start = digits
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_whitespace() || digit(*c).is_some())
        .last()
        .map(|(at, _)| at)?;
    let (month, day) = day.get(year + '年'.len_utf8()..)?.split_once('月')?;
    let number = |text: &str| value(text.trim());
    let written = digits.get(start..)?.trim();
    let year = number(written)?;
    if written.chars().count() != 4 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(month)?, number(day)?)?;
    let organ = digits.get(..start)?.trim();
    (organ.is_empty() || is_organ(organ)).then_some((organ, date))
}

fn digit(character: char) -> Option<u32> {
    let full_width = "０１２３４５６７８９".chars().position(|c| c == character);
    let chinese = "〇一二三四五六七八九".chars().position(|c| c == character);
    match character {
        '○' | '零' | 'Ｏ' | '0' => Some(0),
        _ => character.to_digit(10).or_else(|| u32::try_from(full_width.or(chinese)?).ok()),
    }
}

/// Digits, also full-width and Chinese ones, and 十 as in 二十三.
fn value(text: &str) -> Option<u32> {
    if text.chars().count() > 4 || text.is_empty() {
        return None;
    }
    if let Some((tens, ones)) = text.split_once('十') {
        let tens = if tens.is_empty() { 1 } else { value(tens)? };
        let ones = if ones.is_empty() { 0 } else { value(ones)? };
        return (tens < 10 && ones < 10).then_some(tens * 10 + ones);
    }
    text.chars().try_fold(0, |sum, character| Some(sum * 10 + digit(character)?))
}

/// The index of the first of the organs' lines that end at `end`.
fn organs(lines: &[&str], end: usize) -> usize {
    let count = lines
        .get(..end)
        .unwrap_or(&[])
        .iter()
        .rev()
        .take(MOST_ORGANS)
        .take_while(|line| {
            line.split(['\t', '\u{3000}']).all(|part| part.is_empty() || is_organ(part))
        })
        .count();
    // A text has at least one line.
    if count == end { end - count.min(1).min(end) } else { end - count }
}

fn is_organ(name: &str) -> bool {
    const ENDS: [&str; 26] = [
        "政府",
        "办公室",
        "办公厅",
        "委员会",
        "局",
        "厅",
        "部",
        "委",
        "院",
        "会",
        "署",
        "行",
        "中心",
        "办",
        "队",
        "组",
        "公司",
        "站",
        "处",
        "所",
        "馆",
        "台",
        "社",
        "关",
        "团",
        "国务院",
    ];
    let name = name.trim().trim_end_matches(['（', '章', '）', '(', ')']);
    name.chars().count() <= LONGEST_ORGAN
        && !name.contains(['。', '；', '，', '：', ':', '、', '《'])
        && level::level(name).is_none()
        && ENDS.iter().any(|end| name.ends_with(end))
}

/// `附件：1.…` and the numbered lines behind it, when they end the text.
fn names(lines: &[&str], end: usize, found: &mut Blocks) -> usize {
    let text = lines.get(..end).unwrap_or(&[]);
    let Some(start) = text.iter().rposition(|line| noted(line).is_some()) else { return end };
    if start == 0 || text.len() - start > 60 {
        return end;
    }
    let listed = text.get(start..).unwrap_or(&[]);
    let more_are_numbered = listed.iter().skip(1).all(|line| unnumbered(line).is_some());
    if !more_are_numbered {
        return end;
    }
    for (index, line) in listed.iter().enumerate() {
        let line = if index == 0 { noted(line).unwrap_or(line) } else { line };
        let name = unnumbered(line).unwrap_or(line).trim();
        if !name.is_empty() {
            found.attachments_note.push(name.trim_end_matches(['。', '；']).to_owned());
        }
    }
    start
}

fn noted(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("附件")?.strip_prefix(['：', ':'])?.trim();
    (!rest.contains('。') || rest.ends_with('。')).then_some(rest)
}

fn unnumbered(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == line.len() {
        return None;
    }
    rest.strip_prefix(['.', '．', '、'])
}
