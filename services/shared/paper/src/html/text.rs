//! The text of a part of a page, as lines.

use super::tree::{Data, Id, Tree, is_block};
use crate::shape;

/// The lines of a node and what is below it, leaving out what `skipped` says.
pub(super) fn of(tree: &Tree, id: Id, skipped: &dyn Fn(Id) -> bool) -> String {
    let mut writer = Writer { tree, skipped, out: String::new(), pre: 0 };
    writer.node(id, 0);
    writer.out
}

/// All text of a node that is not displayed, whatever its element.
pub(super) fn of_hidden(tree: &Tree, id: Id) -> String {
    let mut out = String::new();
    let mut waiting = vec![id];
    while let Some(id) = waiting.pop() {
        let Some(node) = tree.nodes.get(id) else { continue };
        match &node.data {
            Data::Text(text) => out.push_str(text),
            Data::Element(element) if is_block(&element.name) => out.push('\n'),
            _ => {}
        }
        waiting.extend(node.children.iter().rev());
    }
    out
}

struct Writer<'a> {
    tree: &'a Tree,
    skipped: &'a dyn Fn(Id) -> bool,
    out: String,
    /// How many open elements keep their line breaks.
    pre: usize,
}

impl Writer<'_> {
    /// Recursion goes no deeper than the tree, which is bounded by `tree::DEEPEST` and the
    /// tables in it.
    fn node(&mut self, id: Id, rows: usize) {
        if (self.skipped)(id) {
            return;
        }
        let Some(node) = self.tree.nodes.get(id) else { return };
        let name = match &node.data {
            Data::Text(text) => return self.text(text),
            Data::Remark(_) => return,
            Data::Element(element) => element.name.as_str(),
        };
        match name {
            "br" => self.out.push('\n'),
            "tr" => self.row(id, rows),
            "script" | "style" | "template" | "noscript" | "title" | "head" => {}
            _ => {
                let block = is_block(name);
                let pre = matches!(name, "pre" | "textarea" | "xmp");
                if block {
                    self.end_line();
                }
                self.pre += usize::from(pre);
                for child in &node.children {
                    self.node(*child, rows);
                }
                self.pre -= usize::from(pre);
                if block {
                    self.end_line();
                }
            }
        }
    }

    /// A row of a table: its cells are parted by tabs, and lines within a cell are joined.
    ///
    /// A row of one cell is layout, or a heading: it keeps its lines.
    fn row(&mut self, id: Id, rows: usize) {
        self.end_line();
        let cells: Vec<Id> = self
            .tree
            .children(id)
            .iter()
            .copied()
            .filter(|child| matches!(self.tree.name(*child), "td" | "th"))
            .filter(|child| !(self.skipped)(*child))
            .collect();
        if cells.len() < 2 {
            for child in self.tree.children(id) {
                self.node(*child, rows);
            }
            return self.end_line();
        }
        for (place, cell) in cells.iter().enumerate() {
            let mut inner =
                Writer { tree: self.tree, skipped: self.skipped, out: String::new(), pre: 0 };
            for child in self.tree.children(*cell) {
                inner.node(*child, rows + 1);
            }
            if place > 0 {
                self.out.push('\t');
            }
            let lines = shape::lines(&inner.out);
            // A cell with a table or many lines inside is one of layout.
            if rows == 0 && lines.lines().count() > 20 {
                self.end_line();
                self.out.push_str(&lines);
                self.end_line();
            } else {
                self.out.push_str(&shape::one_line(&lines));
            }
        }
        self.end_line();
    }

    fn end_line(&mut self) {
        let bare = self.out.trim_end_matches(' ').len();
        self.out.truncate(bare);
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// White space is one blank, and none between Chinese characters that a line break of
    /// the source parts (CSS Text §4.1.2).
    fn text(&mut self, text: &str) {
        if self.pre > 0 {
            return self.out.push_str(text);
        }
        let mut blank: Option<bool> = None;
        for ch in text.chars() {
            // Blanks that do not break are used for nothing but distance.
            if ch.is_ascii_whitespace() || ch == '\u{a0}' {
                blank = Some(blank.unwrap_or(false) || ch == '\n');
                continue;
            }
            let last = self.out.chars().next_back();
            if let (Some(broken), Some(last)) = (blank.take(), last)
                && !last.is_whitespace()
                && !(broken && shape::is_wide(last) && shape::is_wide(ch))
            {
                self.out.push(' ');
            }
            self.out.push(ch);
        }
        if blank == Some(false)
            && self.out.chars().next_back().is_some_and(|ch| !ch.is_whitespace())
        {
            self.out.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        shape::lines(&of(&Tree::parse(source), Tree::ROOT, &|_| false))
    }

    #[test]
    fn blocks_and_breaks_make_lines() {
        assert_eq!(
            text("<h1>标题</h1><p>甲<br>乙<span>丙</span></p>丁<div>戊</div>"),
            "标题\n甲\n乙丙\n丁\n戊"
        );
        assert_eq!(text("<ul><li>一<li>二</ul>"), "一\n二");
    }

    #[test]
    fn white_space_is_collapsed() {
        assert_eq!(
            text("<p>\n  各县、区\n  人民政府  Open  Data\n</p>"),
            "各县、区人民政府 Open Data"
        );
        assert_eq!(text("<p>&nbsp;&nbsp;甲&nbsp; &nbsp;乙</p>"), "甲 乙");
        assert_eq!(text("<pre>甲\n乙</pre>"), "甲\n乙");
    }

    #[test]
    fn tables_keep_rows_and_cells() {
        let table =
            "<table><tr><th>姓名<th>住址</tr><tr><td><p>张三</p><td><p>安徽</p><p>淮南</p></table>";
        assert_eq!(text(table), "姓名\t住址\n张三\t安徽淮南");
        assert_eq!(text("<table><tr><td><p>甲</p><p>乙</p></td></tr></table>"), "甲\n乙");
        assert_eq!(text("<table><tr><td></td><td>甲</td></tr></table>"), "\t甲");
    }

    #[test]
    fn head_and_scripts_are_not_read() {
        assert_eq!(text("<head><title>甲</title></head><script>乙</script>丙"), "丙");
    }
}
