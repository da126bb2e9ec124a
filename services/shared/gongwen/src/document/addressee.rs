//! To whom a document is addressed (主送机关): the line under the title that ends with a colon.

use std::ops::Range;

use super::page::Page;
use crate::{Field, lines};

/// Lines behind the title in which it stands, number and notes before it.
const ZONE: usize = 5;
const LONGEST: usize = 1500;

/// The addressees, as the document names them.
pub(super) fn read(page: &Page) -> Vec<Field<String>> {
    let Some(range) = place(page) else { return Vec::new() };
    let content = page.slice(range.clone());
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut from = 0;
    for (at, ch) in content.char_indices().chain([(content.len(), '、')]) {
        match ch {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            '、' | '，' | ',' | '；' | '\n' if depth == 0 || at == content.len() => {
                let name = lines::squeezed(lines::slice(content, from..at));
                if !name.is_empty() {
                    found.push(page.field(name, range.start + from..range.start + at, 85));
                }
                from = (at + ch.len_utf8()).min(content.len());
            }
            _ => {}
        }
    }
    found
}

/// The stretch between title or number and the colon.
fn place(page: &Page) -> Option<Range<usize>> {
    for line in page.lines.iter().skip(page.body_line).take(ZONE) {
        let content = page.slice(line.clone());
        let Some(colon) = content.find(['：', ':']) else {
            if content.contains('。') {
                return None;
            }
            continue;
        };
        // A number that runs into the addressees stands before them.
        let numbers = page
            .numbers
            .iter()
            .filter(|(range, _)| range.start >= line.start && range.end <= line.start + colon);
        let from = numbers.map(|(range, _)| range.end).max().unwrap_or(line.start);
        let lead = page.slice(from..line.start + colon);
        let lead = lead.trim_start_matches(['）', ')', ' ', '　', '号']);
        let range = line.start + colon - lead.len()..line.start + colon;
        return is_address(page.slice(range.clone())).then_some(range);
    }
    None
}

fn is_address(text: &str) -> bool {
    const BODIES: [&str; 26] = [
        "各",
        "人民政府",
        "局",
        "部",
        "厅",
        "委",
        "单位",
        "机构",
        "公司",
        "办",
        "院",
        "学校",
        "中心",
        "会",
        "行",
        "社",
        "代表",
        "主席",
        "省",
        "市",
        "区",
        "县",
        "所",
        "企业",
        "处",
        "人",
    ];
    let never = [
        "如下", "附件", "抄送", "根据", "为了", "通知", "《", "。", "第", "http", "来源", "时间",
        "日期",
    ];
    text.len() <= LONGEST
        && BODIES.iter().any(|word| text.contains(word))
        && !never.iter().any(|word| text.contains(word))
}
