//! The names of attachments: `附件：1.申请表` and the lines below it.

use super::page::Page;
use crate::Field;

const MOST: usize = 60;

/// The attachments that the text names, in order.
pub(super) fn read(page: &Page) -> Vec<Field<String>> {
    let Some((index, offset)) = place(page) else { return Vec::new() };
    let mut found: Vec<Field<String>> = Vec::new();
    for line in index..(index + MOST).min(page.lines.len()) {
        let Some(range) = page.lines.get(line).cloned() else { break };
        let from = if line == index { range.start + offset } else { range.start };
        let written = page.slice(from..range.end);
        let (name, numbered) = without_number(written);
        let named = !name.is_empty() && name.chars().count() <= 80 && !name.contains('。');
        if line > index && !numbered {
            break;
        }
        if named {
            let start = range.end - written.len() + (written.len() - name.len());
            let clean = name.trim_matches(['《', '》']).to_owned();
            found.push(page.field(clean, start..range.end, 85));
        }
    }
    found
}

/// The line that begins with 附件 and a colon, and where the names begin in it.
fn place(page: &Page) -> Option<(usize, usize)> {
    page.lines.iter().enumerate().skip(page.body_line).find_map(|(index, line)| {
        let content = page.slice(line.clone());
        let rest = content.strip_prefix("附件").or_else(|| content.strip_prefix("附"))?;
        let behind = rest.trim_start().strip_prefix(['：', ':'])?.trim_start();
        let next = page.line(index + 1);
        (!behind.is_empty() || without_number(next).1)
            .then_some((index, content.len() - behind.len()))
    })
}

/// A line without `1.` before it, and whether it had one.
fn without_number(line: &str) -> (&str, bool) {
    let digits = line.trim_start_matches(|ch: char| crate::glyph::halfwidth(ch).is_ascii_digit());
    if digits.len() == line.len() {
        return (line, false);
    }
    match digits.trim_start().strip_prefix(['.', '．', '、', ' ']) {
        Some(name) => (name.trim_start(), true),
        None => (line, false),
    }
}
