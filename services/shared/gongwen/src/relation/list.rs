//! Lists of repealed documents, one relation a row, and of amended ones.

use super::RelationType;
use super::collect::{Claim, Collector};
use super::sentence::{Act, Word};
use crate::cite::Citation;
use crate::document::of_title;
use crate::lines;

/// Rows behind a heading at most.
const MOST_ROWS: usize = 3000;

/// Reads the lists under headings such as `决定废止的文件目录` or `下列文件予以废止：`.
pub(super) fn repealed(words: &[Word], found: &mut Collector) {
    let mut behind = 0;
    for word in words.iter().filter(|word| word.act == Act::Repeal) {
        let index = found.page.line_at(word.range.start);
        if index < behind || !is_heading(found, index, word) {
            continue;
        }
        behind = rows(found, index);
    }
}

/// Whether a line announces a list of repealed documents.
fn is_heading(found: &Collector, index: usize, word: &Word) -> bool {
    let line = found.page.line(index);
    let names_list =
        ["目录", "清单", "下列", "以下", "如下", "名单"].iter().any(|name| line.contains(name));
    let title = found.page.title_text();
    let by_title = (title.contains("废止") || title.contains("失效")) && line.contains("决定");
    let short = line.chars().count() <= 60 && !line.contains('。') && !line.contains('《');
    let before = lines::tail(found.page.text, word.range.start, 3);
    let denied = before.contains("未") || before.contains("不得") || line.contains("继续有效");
    let annex = line.starts_with("附件") && line.contains(['：', ':']);
    (names_list && (short || line.ends_with(['：', ':'])) || by_title) && !denied && !annex
}

/// Records the rows below a heading; returns the first line behind them.
fn rows(found: &mut Collector, heading: usize) -> usize {
    let page = found.page;
    let evidence = page.lines.get(heading).cloned().unwrap_or_default();
    let mut open: Option<Citation> = None;
    let mut index = heading + 1;
    while index < (heading + MOST_ROWS).min(page.lines.len()) {
        let Some(range) = page.lines.get(index).cloned() else { break };
        let line = page.slice(range.clone());
        match row(found, index) {
            Row::Document(target) => {
                record(found, open.replace(target), &evidence);
            }
            Row::Number(number) => {
                if let Some(target) = open.as_mut().filter(|target| target.number.is_none()) {
                    target.number = Some(number);
                }
            }
            Row::Furniture => {}
            Row::End => break,
        }
        if line.contains("修改") && line.ends_with(['：', ':']) {
            break;
        }
        index += 1;
    }
    record(found, open, &evidence);
    index
}

fn record(found: &mut Collector, target: Option<Citation>, evidence: &std::ops::Range<usize>) {
    let Some(target) = target else { return };
    found.add(Claim {
        kind: RelationType::Repeals,
        target: &target,
        articles: Vec::new(),
        effective_on: found.fields.effective_on.as_ref().map(|field| field.value),
        evidence: evidence.clone(),
        confidence: 85,
    });
}

/// What a line of a list is.
enum Row {
    Document(Citation),
    Number(crate::DocumentNumber),
    /// Column names, ordinals, dates.
    Furniture,
    End,
}

fn row(found: &Collector, index: usize) -> Row {
    const LONGEST: usize = 160;
    const SHORT: usize = 24;
    let page = found.page;
    let Some(range) = page.lines.get(index).cloned() else { return Row::End };
    let line = page.slice(range.clone());
    let bare = without_marker(line);
    let start = range.end - bare.len();
    let first = page.citations.partition_point(|citation| citation.range.start < start);
    let cited = page.citations.get(first).filter(|citation| citation.range.start < range.end);
    if line.starts_with("附件") || line.contains("继续有效") || line.contains("予以修改")
    {
        return Row::End;
    }
    match cited {
        Some(citation) if citation.title.is_some() && citation.range.start <= start + SHORT * 3 => {
            let performs = line.chars().count() > LONGEST;
            return if performs { Row::End } else { Row::Document(citation.clone()) };
        }
        Some(citation) if citation.title.is_none() && citation.range.start == start => {
            if let Some(number) = citation.number.clone() {
                return Row::Number(number);
            }
        }
        _ => {}
    }
    let numbered = cited.and_then(|citation| citation.number.clone());
    let until = cited.map_or(range.end, |citation| citation.range.start);
    let name = page.slice(start..until).trim_end_matches(['（', '(', ' ', '　', '\t']);
    let titled = of_title(name).is_some() && name.chars().count() >= 6 && !name.contains('。');
    if titled && line.chars().count() <= LONGEST {
        let title = Some(lines::squeezed(name));
        return Row::Document(Citation { range: start..range.end, title, number: numbered });
    }
    let furniture = bare.is_empty() || line.chars().count() <= SHORT && !line.contains('。');
    if furniture { Row::Furniture } else { Row::End }
}

/// A row without `1.`, `（二）` or `三、` before it; a title may itself begin with a number.
fn without_marker(line: &str) -> &str {
    const MARKS: [char; 8] = ['、', '.', '．', '）', ')', ' ', '　', '\t'];
    let open = line.trim_start_matches(['（', '(', ' ', '　']);
    let rest = open.trim_start_matches(crate::date::is_numeral);
    let marked = rest.trim_start_matches(MARKS);
    let digits = open.trim_start_matches(|ch: char| crate::glyph::halfwidth(ch).is_ascii_digit());
    if rest.len() < open.len() && (marked.len() < rest.len() || rest.is_empty()) {
        marked
    } else {
        digits
    }
}

/// Lines that are nothing but a title, in a document that amends several.
pub(super) fn amended(found: &mut Collector) {
    let title = found.page.title_text();
    if !(title.contains("修改") || title.contains("修订")) || title.contains("征求意见") {
        return;
    }
    let page = found.page;
    for citation in &page.citations {
        let Some(line) = page.lines.get(page.line_at(citation.range.start)) else { continue };
        let before = page
            .slice(line.start..citation.range.start)
            .trim_end_matches(['将', '对'])
            .trim_end_matches("修改")
            .trim_end_matches(['、', '.', ' ', '　']);
        let behind = page.slice(citation.range.end..line.end.max(citation.range.end));
        let alone = behind.is_empty() || behind == "：" || behind == ":";
        let numbered = !before.is_empty()
            && before.chars().all(|ch| crate::date::is_numeral(ch) || matches!(ch, '（' | '）'));
        if alone && numbered && citation.title.is_some() {
            found.add(Claim {
                kind: RelationType::Amends,
                target: citation,
                articles: Vec::new(),
                effective_on: found.fields.effective_on.as_ref().map(|field| field.value),
                evidence: line.clone(),
                confidence: 80,
            });
        }
    }
}
