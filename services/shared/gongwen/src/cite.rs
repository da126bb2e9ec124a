//! Citations of documents in running text: `《A》（…号）`.

use std::ops::Range;

use memchr::memmem;

use crate::lines;
use crate::number::DocumentNumber;

/// A document number in a text, by byte range.
pub(crate) type Numbered = (Range<usize>, DocumentNumber);

/// A document cited by title, number or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Citation {
    /// From 《, or the first character of a number that stands alone, to behind 》 and the
    /// brackets with the number.
    pub(crate) range: Range<usize>,
    /// The title within 《》, without white space.
    pub(crate) title: Option<String>,
    pub(crate) number: Option<DocumentNumber>,
}

/// No title is longer, in bytes; a 《 without its 》 ends there.
const LONGEST_TITLE: usize = 600;

/// The citations of a text in order; `numbers` are all document numbers of the text.
pub(crate) fn citations(text: &str, numbers: &[Numbered]) -> Vec<Citation> {
    let mut cited: Vec<Citation> = Vec::new();
    let mut floor = 0;
    for open in memmem::find_iter(text.as_bytes(), "《") {
        if open < floor {
            continue;
        }
        let Some(close) = closing(text, open) else { continue };
        let title = lines::squeezed(lines::slice(text, open + '《'.len_utf8()..close));
        let behind = close + '》'.len_utf8();
        let (end, number) = number_behind(text, behind, numbers);
        floor = end;
        cited.push(Citation { range: open..end, title: Some(title), number });
    }
    let mut taken: Vec<usize> = Vec::new();
    for (range, number) in numbers {
        let at = cited.partition_point(|citation| citation.range.start < range.end);
        let Some(citation) = cited.get_mut(at) else { break };
        // `…令第150号公布的《A》`: the number belongs to the title behind it.
        let gap = lines::slice(text, range.end..citation.range.start);
        let issued = ["公布的", "发布的", "颁布的", "印发的", "文件印发的", "文印发的"];
        if issued.contains(&gap.trim_end_matches('原')) {
            taken.push(range.start);
            citation.number.get_or_insert_with(|| current(number));
        }
    }
    let alone = |number: &&Numbered| {
        let at = cited.partition_point(|citation| citation.range.end <= number.0.start);
        cited.get(at).is_none_or(|citation| citation.range.start >= number.0.end)
            && !taken.contains(&number.0.start)
    };
    let alone: Vec<Citation> = numbers
        .iter()
        .filter(alone)
        .map(|(range, number)| Citation {
            range: range.clone(),
            title: None,
            number: Some(current(number)),
        })
        .collect();
    cited.extend(alone);
    cited.sort_by_key(|citation| citation.range.start);
    cited
}

/// A number without 原 before the name of an organ that is no more.
fn current(number: &DocumentNumber) -> DocumentNumber {
    let mut number = number.clone();
    if let Some(head) = number.head.strip_prefix('原').filter(|head| head.chars().count() > 1) {
        number.head = head.to_owned();
    }
    number
}

/// The 》 that closes a 《; titles within titles may be written with either bracket.
fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, ch) in lines::from(text, open).char_indices() {
        match ch {
            '《' => depth += 1,
            '》' => depth -= 1,
            '。' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(open + offset);
        }
        if offset > LONGEST_TITLE {
            break;
        }
    }
    // An inner 《 that is never closed is a slip of the pen: the first 》 then closes both.
    let rest = lines::from(text, open).as_bytes();
    let first = memmem::find(rest.get(..rest.len().min(LONGEST_TITLE))?, "》".as_bytes())?;
    Some(open + first)
}

/// The number in the brackets right behind a title, and where those end.
fn number_behind(text: &str, at: usize, numbers: &[Numbered]) -> (usize, Option<DocumentNumber>) {
    const INSIDE: usize = 90;
    let rest = lines::from(text, at);
    let bracket = rest.trim_start_matches([' ', '\u{3000}', '\n', '\r']);
    if !bracket.starts_with(['（', '(', '〔', '﹝', '[']) {
        return (at, None);
    }
    let open = at + rest.len() - bracket.len();
    let index = numbers.partition_point(|(range, _)| range.start < open);
    let Some((range, number)) = numbers.get(index) else { return (at, None) };
    let between = lines::slice(text, open..range.start);
    if range.start > open + INSIDE || between.contains(['）', ')', '《', '。']) {
        return (at, None);
    }
    let end = lines::head(text, range.end, 60)
        .find(['）', ')'])
        .map_or(range.end, |close| range.end + close);
    let close = lines::from(text, end).chars().next().filter(|ch| matches!(ch, '）' | ')'));
    (end + close.map_or(0, char::len_utf8), Some(current(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(Option<String>, Option<String>)> {
        citations(text, &crate::number::find_in(text))
            .into_iter()
            .map(|found| (found.title, found.number.map(|number| number.to_string())))
            .collect()
    }

    fn pair(title: Option<&str>, number: Option<&str>) -> (Option<String>, Option<String>) {
        (title.map(str::to_owned), number.map(str::to_owned))
    }

    #[test]
    fn a_title_takes_the_number_behind_it() {
        assert_eq!(
            seen(
                "按照《关于印发〈河湖管理办法〉的通知》（淮府办〔2019〕7号，以下简称《通知》）和《水法》办理"
            ),
            [
                pair(Some("关于印发〈河湖管理办法〉的通知"), Some("淮府办〔2019〕7号")),
                pair(Some("水法"), None),
            ],
        );
    }

    #[test]
    fn a_number_without_a_title_is_cited_too() {
        assert_eq!(seen("原淮府〔2010〕3号文件停止执行"), [pair(None, Some("淮府〔2010〕3号"))]);
    }

    #[test]
    fn a_number_before_a_title_belongs_to_it() {
        assert_eq!(
            seen("2009年原淮南市建设委员会令第15号公布的《燃气管理办法》同时废止"),
            [pair(Some("燃气管理办法"), Some("淮南市建设委员会令第15号"))],
        );
    }

    #[test]
    fn titles_may_hold_titles() {
        assert_eq!(
            seen("《关于修改《水法》的决定》"),
            [pair(Some("关于修改《水法》的决定"), None)]
        );
        // The outer one is never closed; the inner one still is a citation.
        assert_eq!(seen("《关于修改《水法》的决定。"), [pair(Some("水法"), None)]);
    }
}
