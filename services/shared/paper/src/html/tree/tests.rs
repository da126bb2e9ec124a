//! Trees of pages that are well and badly written.

use super::*;

fn shown(tree: &Tree, id: Id, out: &mut String) {
    match &tree.nodes[id].data {
        Data::Text(text) => out.push_str(text),
        Data::Remark(text) => out.push_str(&format!("!{text}!")),
        Data::Element(element) => {
            out.push_str(&format!("<{}", element.name));
            tree.children(id).iter().for_each(|child| shown(tree, *child, out));
            out.push('>');
        }
    }
}

fn parsed(source: &str) -> String {
    let tree = Tree::parse(source);
    let mut out = String::new();
    tree.children(Tree::ROOT).iter().for_each(|child| shown(&tree, *child, &mut out));
    out
}

#[test]
fn optional_ends_are_supplied() {
    assert_eq!(parsed("<p>甲<p>乙<div>丙</div>"), "<p甲><p乙><div丙>");
    assert_eq!(parsed("<ul><li>甲<li>乙<ul><li>丙</ul></ul>"), "<ul<li甲><li乙<ul<li丙>>>>");
    assert_eq!(
        parsed("<table><tr><td>甲<td>乙<tr><td>丙</table>丁"),
        "<table<tr<td甲><td乙>><tr<td丙>>>丁"
    );
}

#[test]
fn stray_ends_are_passed_over() {
    assert_eq!(parsed("<div>甲</span></p></div>乙</div>"), "<div甲>乙");
    assert_eq!(parsed("<td><table><tr></td>甲"), "<td<table<tr甲>>>");
}

#[test]
fn scripts_and_remarks_are_no_markup() {
    assert_eq!(parsed("<script>a<b>c</script>甲<!--乙-->"), "<scripta<b>c>甲!乙!");
}

#[test]
fn depth_is_bounded_and_said() {
    let tree = Tree::parse(&"<div>".repeat(100_000));
    assert!(tree.deep);
    assert_eq!(tree.nodes.len(), 100_001);
}
