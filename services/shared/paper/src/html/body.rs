//! Where the main text of a page stands.
//!
//! Pages of governments come from a few content systems, which name the box of the text in
//! ways that are known; where no name is known, it is the box with most of the text that is
//! no link.

use super::chrome;
use super::tree::{Data, Id, Tree};

/// Parts of the class or id of the box that holds the text, from the content systems of
/// governments (TRS, UCAP, 大汉, 拓尔思 and those of single cities).
const BOXES: [&str; 22] = [
    "zoomcon",
    "zoom",
    "ucap-content",
    "ucapcontent",
    "trs_editor",
    "trs_ueditor",
    "article-content",
    "article_content",
    "content_article",
    "articlecontent",
    "article-body",
    "article_body",
    "pages_content",
    "page-content",
    "news-content",
    "news_content",
    "newscontent",
    "newsmain",
    "conttext",
    "textcontent",
    "xxgk_content",
    "wzcon",
];

/// Words of the box with the particulars of a document (《政府网站发展指引》 annex 1).
const PARTICULARS: [&str; 22] = [
    "索引号",
    "发文机关",
    "发布机构",
    "发文字号",
    "成文日期",
    "发布日期",
    "主题分类",
    "主题词",
    "生成日期",
    "有效性",
    "公开方式",
    "信息分类",
    "统一编号",
    "文号",
    "实施日期",
    "失效日期",
    "生效日期",
    "发布机关",
    "发文日期",
    "印发日期",
    "制发日期",
    "发文单位",
];

/// A shorter box named like the main one holds something else.
const SHORTEST: usize = 60;

/// How much of a page's text its parts hold, by node.
pub(super) struct Weights {
    /// Bytes of text that is no link, without what is hidden or chrome.
    plain: Vec<usize>,
    /// Bytes of the text of links.
    link: Vec<usize>,
}

impl Weights {
    /// Weighs every node. `skipped` says what is not displayed.
    pub(super) fn of(tree: &Tree, skipped: &[bool]) -> Self {
        let count = tree.nodes.len();
        let mut weights = Self { plain: vec![0; count], link: vec![0; count] };
        // Parents come before their children, so that going backwards finds sums complete.
        for (id, node) in tree.nodes.iter().enumerate().rev() {
            if skipped.get(id).copied().unwrap_or(false) {
                continue;
            }
            let (plain, link) = match &node.data {
                Data::Text(text) => {
                    (text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count(), 0)
                }
                Data::Remark(_) => (0, 0),
                Data::Element(element) => {
                    let plain = node.children.iter().map(|child| weights.plain(*child)).sum();
                    let link = node.children.iter().map(|child| weights.link(*child)).sum();
                    if element.name == "a" { (0, plain + link) } else { (plain, link) }
                }
            };
            set(&mut weights.plain, id, plain);
            set(&mut weights.link, id, link);
        }
        weights
    }

    pub(super) fn plain(&self, id: Id) -> usize {
        self.plain.get(id).copied().unwrap_or_default()
    }

    pub(super) fn link(&self, id: Id) -> usize {
        self.link.get(id).copied().unwrap_or_default()
    }
}

fn set(list: &mut [usize], id: Id, value: usize) {
    if let Some(place) = list.get_mut(id) {
        *place = value;
    }
}

/// The box with the main text.
pub(super) fn find(tree: &Tree, weights: &Weights) -> Id {
    named(tree, weights).unwrap_or_else(|| densest(tree, weights))
}

/// The heaviest box with a known name; of boxes within one another the outer, which comes
/// first.
fn named(tree: &Tree, weights: &Weights) -> Option<Id> {
    let whole = weights.plain(Tree::ROOT);
    let mut best: Option<Id> = None;
    for id in 0..tree.nodes.len() {
        let weight = weights.plain(id) + weights.link(id);
        if weight < SHORTEST || weight * 5 < whole || !is_box(tree, id) {
            continue;
        }
        if best.is_none_or(|best| weight > weights.plain(best) + weights.link(best)) {
            best = Some(id);
        }
    }
    best
}

fn is_box(tree: &Tree, id: Id) -> bool {
    let Some(element) = tree.element(id) else { return false };
    let known = |value: &str| {
        value
            .split_ascii_whitespace()
            .any(|word| BOXES.iter().any(|known| word.eq_ignore_ascii_case(known)))
    };
    matches!(element.name.as_str(), "article" | "ucapcontent")
        || ["class", "id"].iter().any(|key| element.attribute(key).is_some_and(known))
}

/// Goes down from the body as long as one child holds nearly all of the text.
fn densest(tree: &Tree, weights: &Weights) -> Id {
    let mut at = Tree::ROOT;
    loop {
        let heaviest = tree
            .children(at)
            .iter()
            .copied()
            .filter(|child| tree.element(*child).is_some() && !chrome::is_chrome(tree, *child))
            .max_by_key(|child| weights.plain(*child));
        match heaviest {
            Some(child)
                if weights.plain(child) * 10 >= weights.plain(at) * 7
                    && weights.plain(child) > 0
                    && !matches!(tree.name(child), "p" | "table" | "tbody" | "span" | "pre") =>
            {
                at = child;
            }
            _ => return at,
        }
    }
}

/// The smallest box outside the main one that names three particulars of a document.
pub(super) fn particulars(tree: &Tree, main: Id, skipped: &[bool]) -> Option<Id> {
    let mut found = vec![0_u32; tree.nodes.len()];
    let mut best: Option<Id> = None;
    for (id, node) in tree.nodes.iter().enumerate().rev() {
        if id == main || skipped.get(id).copied().unwrap_or(false) {
            continue;
        }
        let bits = match &node.data {
            Data::Text(text) if text.len() < 200 => {
                let text: String = text.split_whitespace().collect();
                let bits = PARTICULARS.iter().enumerate();
                bits.filter(|(_, word)| text.starts_with(**word)).map(|(bit, _)| 1 << bit).sum()
            }
            Data::Element(_) => node
                .children
                .iter()
                .filter_map(|child| found.get(*child))
                .fold(0, |bits, child| bits | child),
            _ => 0,
        };
        if let Some(place) = found.get_mut(id) {
            *place = bits;
        }
        // Children were seen first: the first box that has enough is the smallest.
        if best.is_none() && bits.count_ones() >= 3 {
            best = Some(id);
        }
    }
    best.filter(|best| !holds(tree, *best, main))
}

/// Whether a node is another or above it.
pub(super) fn holds(tree: &Tree, upper: Id, lower: Id) -> bool {
    let mut waiting = vec![upper];
    while let Some(id) = waiting.pop() {
        if id == lower {
            return true;
        }
        // Children come after their parents.
        waiting.extend(tree.children(id).iter().filter(|child| **child <= lower));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn main_of(source: &str) -> String {
        let tree = Tree::parse(source);
        let weights = Weights::of(&tree, &[]);
        let id = find(&tree, &weights);
        super::super::text::of(&tree, id, &|_| false).trim().to_owned()
    }

    #[test]
    fn a_known_name_is_believed() {
        let body = "第一条 为了规范行政行为，制定本办法。".repeat(3);
        let page =
            format!("<div>首页</div><div class='x zoomcon'><p>{body}</p></div><div>尾</div>");
        assert_eq!(main_of(&page), body);
    }

    #[test]
    fn without_a_name_the_text_decides() {
        let body = "第一条 为了规范行政行为，制定本办法。";
        let page = format!(
            "<body><div><a>首页</a><a>政务</a></div><div><div class=l><p>{body}</p><p>{body}</p></div></div></body>"
        );
        assert_eq!(main_of(&page), format!("{body}\n{body}"));
    }

    #[test]
    fn particulars_are_found_beside_the_text() {
        let page = "<div><table><tr><td>索引号：</td><td>1</td><td>发文字号：</td><td>2</td></tr><tr><td>成文日期</td></tr></table><div class=zoom>文</div></div>";
        let tree = Tree::parse(page);
        let main = (0..tree.nodes.len()).find(|id| is_box(&tree, *id)).unwrap();
        let found = particulars(&tree, main, &[]).unwrap();
        assert_eq!(tree.name(found), "table");
        assert!(holds(&tree, Tree::ROOT, main) && !holds(&tree, found, main));
    }
}
