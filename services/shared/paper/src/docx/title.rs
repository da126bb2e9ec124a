//! The title of a document: a paragraph in the style of titles, or what stands centred.

use super::story::Head;

/// Words that titles of official documents end with.
const ENDS: [&str; 34] = [
    "通知", "意见", "办法", "决定", "决议", "公告", "通告", "公报", "通报", "批复", "函", "方案",
    "规定", "细则", "报告", "纪要", "条例", "规划", "制度", "说明", "解读", "计划", "规则", "议案",
    "请示", "指南", "要点", "命令", "令", "章程", "目录", "清单", "标准", "预案",
];

/// Lines that a title is broken into at most.
const MOST_LINES: usize = 7;

/// The title that the first paragraphs show.
pub(super) fn of(heads: &[Head]) -> Option<String> {
    let titled = joined(heads, |head| head.titled);
    titled.into_iter().next().or_else(|| {
        joined(heads, |head| head.centred).into_iter().find(|title| {
            let bare = title.trim_end_matches(['）', ')']);
            let bare = if bare.len() < title.len() {
                bare.rsplit_once(['（', '(']).map_or(bare, |(bare, _)| bare)
            } else {
                bare
            };
            ENDS.iter().any(|end| bare.ends_with(end)) && title.chars().count() > 4
        })
    })
}

/// Neighbouring paragraphs of one kind, joined.
fn joined(heads: &[Head], is: impl Fn(&Head) -> bool) -> Vec<String> {
    let mut groups: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for head in heads {
        let number = head.text.contains(['〔', '［']) && head.text.ends_with('号');
        if head.text.is_empty() || number || !is(head) {
            open = false;
            continue;
        }
        match groups.last_mut().filter(|(lines, _)| open && *lines < MOST_LINES) {
            Some((lines, title)) => {
                *lines += 1;
                title.push_str(&head.text);
            }
            None => groups.push((1, head.text.clone())),
        }
        open = true;
    }
    groups.into_iter().map(|(_, title)| title).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str, centred: bool, titled: bool) -> Head {
        Head { text: text.to_owned(), centred, titled }
    }

    #[test]
    fn centred_lines_are_joined() {
        let heads = [
            head("淮南市人民政府文件", true, false),
            head("淮府〔2023〕1号", true, false),
            head("", false, false),
            head("淮南市人民政府关于印发", true, false),
            head("《管理办法》的通知", true, false),
            head("各县、区人民政府：", false, false),
        ];
        assert_eq!(of(&heads).unwrap(), "淮南市人民政府关于印发《管理办法》的通知");
    }

    #[test]
    fn the_style_comes_first() {
        let heads = [head("某通知", true, false), head("题目", false, true)];
        assert_eq!(of(&heads).unwrap(), "题目");
        assert_eq!(of(&[head("管理办法（试行）", true, false)]).unwrap(), "管理办法（试行）");
        assert_eq!(of(&[head("正文", false, false)]), None);
    }
}
