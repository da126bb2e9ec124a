//! The table at the head of a document's web page: 索引号, 发文机关, 成文日期 and so on.
//!
//! Which values such a page has to show: 《政府网站发展指引》 (国办发〔2017〕47号).

use std::ops::Range;

use crate::glyph::is_blank;
use crate::lines;

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    Title,
    Number,
    Organ,
    SignedOn,
    PublishedOn,
    EffectiveOn,
    ExpiresOn,
    /// A label whose value is not used; it ends the value before it.
    Other,
}

/// A label with its value.
#[derive(Debug, Clone)]
pub(crate) struct Labelled {
    pub(crate) label: Label,
    /// From the label's first character to the end of the value.
    pub(crate) whole: Range<usize>,
    pub(crate) value: Range<usize>,
}

/// Longer names first where one ends with another.
const NAMES: [(&str, Label); 33] = [
    ("发文字号", Label::Number),
    ("文件编号", Label::Number),
    ("文号", Label::Number),
    ("文件名称", Label::Title),
    ("信息名称", Label::Title),
    ("标题", Label::Title),
    ("名称", Label::Title),
    ("发文机关", Label::Organ),
    ("发文机构", Label::Organ),
    ("发文单位", Label::Organ),
    ("发布机构", Label::Organ),
    ("发布机关", Label::Organ),
    ("制定机关", Label::Organ),
    ("公开主体", Label::Organ),
    ("成文日期", Label::SignedOn),
    ("发文日期", Label::SignedOn),
    ("生成日期", Label::SignedOn),
    ("印发日期", Label::SignedOn),
    ("发布日期", Label::PublishedOn),
    ("发布时间", Label::PublishedOn),
    ("公开日期", Label::PublishedOn),
    ("实施日期", Label::EffectiveOn),
    ("施行日期", Label::EffectiveOn),
    ("生效日期", Label::EffectiveOn),
    ("生效时间", Label::EffectiveOn),
    ("失效日期", Label::ExpiresOn),
    ("废止日期", Label::ExpiresOn),
    ("失效时间", Label::ExpiresOn),
    ("索引号", Label::Other),
    ("主题分类", Label::Other),
    ("时效性", Label::Other),
    ("有效性", Label::Other),
    ("备案登记号", Label::Other),
];

/// Characters at the start of a text in which the table can stand.
const ZONE: usize = 700;

/// Bytes before the first label at most.
const FIRST: usize = 750;

/// The labels at the head of a text, in order.
pub(crate) fn read(text: &str) -> Vec<Labelled> {
    let mut marks: Vec<(char, usize)> = Vec::new();
    for (at, ch) in text.char_indices().take(ZONE) {
        if ch == '\n' || !(is_blank(ch) || matches!(ch, '【' | '】' | '[' | ']')) {
            marks.push((ch, at));
        }
    }
    let mut found: Vec<(Label, usize, usize)> = Vec::new();
    for (index, (ch, at)) in marks.iter().enumerate() {
        if matches!(ch, ':' | '：') {
            let before = marks.get(..index).unwrap_or_default();
            found.extend(
                label_before(before).map(|(label, from)| (label, from, at + ch.len_utf8())),
            );
        }
    }
    // A single label is as likely part of a sentence.
    // A table stands at the very head; further down labels are the columns of some list.
    let late = found.first().is_some_and(|(_, from, _)| lines::until(text, *from).len() > FIRST);
    if found.len() < 2 || late {
        return Vec::new();
    }
    let starts: Vec<usize> = found.iter().map(|(_, from, _)| *from).skip(1).collect();
    found
        .iter()
        .enumerate()
        .map(|(index, (label, from, value))| {
            let rest = lines::from(text, *value);
            let line = rest.find('\n').map_or(text.len(), |end| value + end);
            let end = starts.get(index).map_or(line, |next| line.min(*next)).max(*value);
            let written = lines::slice(text, *value..end);
            let start = value + (written.len() - written.trim_start().len());
            let trimmed = written.trim_matches(|ch| is_blank(ch) || matches!(ch, '【' | '['));
            Labelled { label: *label, whole: *from..end, value: start..start + trimmed.len() }
        })
        .collect()
}

/// The label whose name ends the characters, and the byte it starts at.
fn label_before(marks: &[(char, usize)]) -> Option<(Label, usize)> {
    NAMES.iter().find_map(|(name, label)| {
        let length = name.chars().count();
        let tail = marks.get(marks.len().checked_sub(length)?..)?;
        let fits = tail.iter().map(|(ch, _)| *ch).eq(name.chars());
        fits.then(|| tail.first().map(|(_, at)| (*label, *at))).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_at_the_next_label_or_line() {
        let text = "索 引 号:00000/2023-1主题分类:\n发文机关：市财政局成文日期：2023-01-08 00:01\n文 号：淮财〔2023〕1号";
        let seen: Vec<(Label, &str)> =
            read(text).into_iter().map(|found| (found.label, &text[found.value])).collect();
        assert_eq!(
            seen,
            [
                (Label::Other, "00000/2023-1"),
                (Label::Other, ""),
                (Label::Organ, "市财政局"),
                (Label::SignedOn, "2023-01-08 00:01"),
                (Label::Number, "淮财〔2023〕1号"),
            ],
        );
    }

    #[test]
    fn a_single_label_is_a_sentence() {
        assert!(read("请写明发文机关：例如市财政局").is_empty());
    }
}
