//! Marks around the text: how it is disclosed (附注), to whom copies go and who printed it (版记).

use memchr::memmem;

use super::fields::{Disclosure, PrintBlock};
use super::page::Page;
use crate::{Field, lines};

/// The mark of disclosure: `（此件公开发布）`, `公开方式：主动公开`.
pub(super) fn disclosure(page: &Page) -> Option<Field<Disclosure>> {
    marked(page, "此件").or_else(|| marked(page, "公开方式")).or_else(|| marked(page, "公开属性"))
}

fn marked(page: &Page, word: &str) -> Option<Field<Disclosure>> {
    for at in memmem::find_iter(page.text.as_bytes(), word) {
        // Rules on marks cite them.
        if lines::until(page.text, at).ends_with(['“', '"', '「', '‘']) {
            continue;
        }
        let mark = lines::head(page.text, at, 14);
        let mark = mark.split(['）', ')', '\n', '。']).next().unwrap_or_default();
        let plain = lines::squeezed(mark);
        let value = if plain.contains("不予公开") || plain.contains("不公开") {
            Disclosure::Withheld
        } else if plain.contains("依申请公开") {
            Disclosure::OnRequest
        } else if plain
            .trim_start_matches("公开方式")
            .trim_start_matches("公开属性")
            .contains("公开")
        {
            Disclosure::Public
        } else {
            continue;
        };
        return Some(page.field(value, at..at + mark.len(), 97));
    }
    None
}

/// The print block: `抄送：…` and `市政府办公室 2023年1月8日印发`.
pub(super) fn print_block(page: &Page) -> Option<Field<PrintBlock>> {
    let mut block = PrintBlock::default();
    let mut bytes = None;
    for line in page.lines.iter().rev().take(40) {
        let content = page.slice(line.clone());
        if let Some(copies) = content.strip_prefix("抄送") {
            let copies = copies.trim_start_matches(['：', ':', ' ']).trim_end_matches('。');
            block.copies_to = Some(copies.to_owned());
            bytes = Some(
                bytes.map_or(line.clone(), |known: std::ops::Range<usize>| line.start..known.end),
            );
        }
    }
    let printed = page.dates.iter().rfind(|found| {
        lines::from(page.text, found.range.end)
            .trim_start_matches([' ', '　', '\n'])
            .starts_with("印发")
    });
    if let Some(found) = printed {
        let line = page.lines.get(page.line_at(found.range.start))?;
        let before = page.slice(line.start..found.range.start).trim_end();
        let mut name = (!before.is_empty()).then(|| before.to_owned());
        if name.is_none() {
            let above = page.line(page.line_at(found.range.start).saturating_sub(1));
            name = crate::organ::is_organ(above).then(|| above.to_owned());
        }
        block.printed_by = name.filter(|name| name.chars().count() < 40);
        block.printed_on = found.date.day();
        let range = line.start..found.range.end;
        bytes = Some(bytes.map_or(range.clone(), |known| known.start.min(range.start)..range.end));
    }
    bytes.map(|bytes| page.field(block, bytes, 85))
}
