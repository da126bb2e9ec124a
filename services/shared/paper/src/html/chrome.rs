//! What stands around or within the main text and is none of it: navigation, sharing, tools.

use super::tree::{Id, Tree};

/// Words of classes and ids, compared whole.
const WORDS: [&str; 28] = [
    "nav",
    "navbar",
    "menu",
    "crumb",
    "crumbs",
    "breadcrumb",
    "breadcrumbs",
    "position",
    "location",
    "dqwz",
    "share",
    "sharebox",
    "bdsharebuttonbox",
    "social",
    "foot",
    "footer",
    "copyright",
    "sidebar",
    "print",
    "qrcode",
    "ewm",
    "toolbar",
    "tools",
    "setfont",
    "fontsize",
    "friendlink",
    "search",
    "login",
];

/// Parts of classes and ids.
const PARTS: [&str; 6] = ["bdshare", "breadcrumb", "copyright", "qrcode", "sharebtn", "printbtn"];

/// Short lines that are tools wherever they stand.
const TOOLS: [&str; 26] = [
    "打印",
    "打印本页",
    "【打印】",
    "[打印]",
    "关闭",
    "关闭窗口",
    "【关闭】",
    "关闭本页",
    "分享到：",
    "分享到",
    "分享",
    "收藏",
    "字体：",
    "字号：",
    "大",
    "中",
    "小",
    "【大中小】",
    "[大中小]",
    "大中小",
    "返回顶部",
    "返回",
    "朗读",
    "扫一扫在手机打开当前页",
    "手机版",
    "语音播报",
];

/// Whether an element is chrome by its kind or name.
pub(super) fn is_chrome(tree: &Tree, id: Id) -> bool {
    let Some(element) = tree.element(id) else { return false };
    if matches!(element.name.as_str(), "nav" | "footer" | "aside" | "button" | "select" | "iframe")
    {
        return true;
    }
    if element.attribute("role").is_some_and(|role| matches!(role, "navigation" | "search")) {
        return true;
    }
    ["class", "id"].iter().filter_map(|key| element.attribute(key)).any(|value| {
        let value = value.to_ascii_lowercase();
        PARTS.iter().any(|part| value.contains(part))
            || value.split(|ch: char| !ch.is_ascii_alphanumeric()).any(|word| WORDS.contains(&word))
    })
}

/// Takes the lines out that are tools of the page.
pub(super) fn without_tools(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let bare: String = line.split_whitespace().collect();
        if TOOLS.contains(&bare.as_str()) {
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_word() {
        let tree = Tree::parse(
            "<div class='main-nav'></div><div class=navigator></div><div id=bdshare_x></div><footer></footer>",
        );
        let chrome: Vec<bool> =
            tree.children(Tree::ROOT).iter().map(|id| is_chrome(&tree, *id)).collect();
        assert_eq!(chrome, [true, false, true, true]);
    }

    #[test]
    fn tools_are_whole_lines() {
        assert_eq!(without_tools("甲\n打 印\n打印机采购\n"), "甲\n打印机采购\n");
    }
}
