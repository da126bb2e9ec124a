//! Which elements of a page are not displayed.

use super::tree::{Data, Element, Id, Tree};

/// Marks, by node, what is not displayed, with everything below it.
pub(super) fn mark(tree: &Tree) -> Vec<bool> {
    let rules = Rules::of(tree);
    let mut unseen = vec![false; tree.nodes.len()];
    for id in 0..tree.nodes.len() {
        let own = tree.element(id).is_some_and(|element| is_unseen(element, &rules));
        let here = own || unseen.get(id).copied().unwrap_or(false);
        // Parents come before their children.
        for place in std::iter::once(id).chain(tree.children(id).iter().copied()) {
            if let Some(mark) = unseen.get_mut(place) {
                *mark |= here;
            }
        }
    }
    unseen
}

fn is_unseen(element: &Element, rules: &Rules) -> bool {
    // Pages hide their body until a script has laid it out.
    if matches!(element.name.as_str(), "html" | "body") {
        return false;
    }
    matches!(element.name.as_str(), "template" | "noscript" | "noframes" | "datalist")
        || element.attribute("hidden").is_some()
        || element.attribute("style").is_some_and(hides)
        || rules.apply(element)
}

/// Whether declarations take an element out of sight (CSS Display §2.5, CSS 2 §11.2).
fn hides(style: &str) -> bool {
    let style = squeezed(style);
    style.split(';').any(|rule| {
        let rule = rule.trim_end_matches("!important");
        matches!(
            rule,
            "display:none"
                | "visibility:hidden"
                | "visibility:collapse"
                | "font-size:0"
                | "font-size:0px"
                | "font-size:0pt"
                | "opacity:0"
        ) || (rule.starts_with("text-indent:-") && rule.len() > "text-indent:-999".len())
    })
}

/// Whether declarations draw text so that it is hardly seen: white, or at most 2 px high.
pub(super) fn is_faint(element: &Element) -> bool {
    let color = element.name == "font"
        && element.attribute("color").is_some_and(|color| is_white(&color.to_ascii_lowercase()));
    color
        || element.attribute("style").is_some_and(|style| {
            squeezed(style).split(';').any(|rule| {
                matches!(rule, "font-size:1px" | "font-size:2px" | "font-size:1pt")
                    || rule.strip_prefix("color:").is_some_and(is_white)
                    || rule == "color:transparent"
            })
        })
}

fn is_white(color: &str) -> bool {
    matches!(color, "white" | "#fff" | "#ffffff" | "rgb(255,255,255)")
}

fn squeezed(style: &str) -> String {
    style.split_whitespace().collect::<String>().to_ascii_lowercase()
}

/// The classes and ids that style sheets within the page hide. Only selectors of one class
/// or id are followed: longer ones depend on the whole tree.
struct Rules {
    selectors: Vec<String>,
}

impl Rules {
    /// More than this many are not kept, so that a hostile page cannot make work of them.
    const MOST: usize = 200;

    fn of(tree: &Tree) -> Self {
        let mut selectors = Vec::new();
        let styles = (0..tree.nodes.len()).filter(|id| tree.name(*id) == "style");
        for id in styles.flat_map(|id| tree.children(id)) {
            let Some(Data::Text(sheet)) = tree.nodes.get(*id).map(|node| &node.data) else {
                continue;
            };
            for rule in sheet.split('}') {
                let Some((heads, body)) = rule.split_once('{') else { continue };
                if selectors.len() < Self::MOST && hides(body) {
                    selectors.extend(heads.split(',').map(|head| head.trim().to_owned()));
                }
            }
        }
        selectors.retain(|selector| {
            selector.starts_with(['.', '#'])
                && !selector.chars().skip(1).any(|ch| ".#:[ >+~".contains(ch))
        });
        selectors.truncate(Self::MOST);
        Self { selectors }
    }

    fn apply(&self, element: &Element) -> bool {
        if self.selectors.is_empty() {
            return false;
        }
        let classes = element.attribute("class").unwrap_or_default();
        let id = element.attribute("id").unwrap_or_default();
        self.selectors.iter().any(|selector| match selector.strip_prefix('.') {
            Some(class) => classes.split_ascii_whitespace().any(|word| word == class),
            None => selector.strip_prefix('#') == Some(id),
        })
    }
}

/// The elements marked by a test that are not below another such element.
pub(super) fn outermost(tree: &Tree, is: &dyn Fn(Id) -> bool) -> Vec<Id> {
    let mut found = Vec::new();
    let mut waiting = vec![Tree::ROOT];
    while let Some(id) = waiting.pop() {
        if is(id) {
            found.push(id);
        } else {
            waiting.extend(tree.children(id).iter().rev());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unseen(source: &str) -> String {
        let tree = Tree::parse(source);
        let marks = mark(&tree);
        let mut out = String::new();
        for id in outermost(&tree, &|id| marks[id]) {
            out.push_str(&super::super::text::of(&tree, id, &|_| false));
        }
        out.trim().to_owned()
    }

    #[test]
    fn styles_and_attributes_hide() {
        assert_eq!(unseen("<body style='visibility:hidden'>甲</body>"), "");
        assert_eq!(unseen("<p style='Display : none'>甲</p><p hidden>乙</p>丙"), "甲\n乙");
        assert_eq!(
            unseen("<div style='color:red'><i style='visibility:hidden'>甲</i>乙</div>"),
            "甲"
        );
    }

    #[test]
    fn style_sheets_hide_by_class_and_id() {
        let page = "<style>.a, #b { display:none } .c .d{display:none}</style><p class='x a'>甲</p><p id=b>乙</p><p class=d>丙</p>";
        assert_eq!(unseen(page), "甲\n乙");
    }

    #[test]
    fn white_is_faint() {
        let tree =
            Tree::parse("<span style='COLOR: #FFF'>甲</span><font color=white>乙</font><b>丙</b>");
        let faint: Vec<bool> = tree
            .children(Tree::ROOT)
            .iter()
            .map(|id| is_faint(tree.element(*id).unwrap()))
            .collect();
        assert_eq!(faint, [true, true, false]);
    }
}
