//! Tables: the document's, and the joint head, which is laid out by one.

use super::paragraph::Para;
use super::sections::WIDTH;
use super::styles::{HEI, TITLE};
use crate::document::Table;

/// A rule of a cell or table: its side and its thickness in eighths of a point.
fn rule(side: &str, eighths: u8) -> String {
    format!("<w:{side} w:val=\"single\" w:sz=\"{eighths}\" w:space=\"0\" w:color=\"000000\"/>")
}

/// The columns' widths in twentieths of a point; together the type area.
fn widths(table: &Table) -> Vec<u32> {
    let columns = table.columns();
    let total: u32 = columns.iter().map(|width| u32::from(*width)).sum::<u32>().max(1);
    columns.iter().map(|width| (WIDTH * u32::from(*width) / total).max(1)).collect()
}

pub(super) fn table(table: &Table) -> String {
    if table.rows.is_empty() {
        return String::new();
    }
    let widths = widths(table);
    let sides = ["top", "left", "bottom", "right", "insideH", "insideV"];
    let rules: String = sides.iter().map(|side| rule(side, 4)).collect();
    let mut out = format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{WIDTH}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>\
         <w:tblBorders>{rules}</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr>{}",
        grid(&widths)
    );
    let head_rows = table.head_rows.min(table.rows.len() - 1);
    for (index, row) in table.rows.iter().enumerate() {
        let head = index < head_rows;
        let properties = if head { "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" } else { "" };
        out.push_str(&format!("<w:tr>{properties}"));
        for (text, width) in table.cells(row, widths.len()).iter().zip(&widths) {
            out.push_str(&cell(*width, "<w:vAlign w:val=\"center\"/>", &cell_text(text, head)));
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
    out
}

fn cell_text(text: &str, head: bool) -> String {
    if text.trim().is_empty() {
        return Para::new("TableText").xml();
    }
    text.trim()
        .lines()
        .map(|line| {
            let para = Para::new("TableText");
            if head { para.in_face(HEI, line) } else { para.text(line) }.xml()
        })
        .collect()
}

fn grid(widths: &[u32]) -> String {
    let columns: String =
        widths.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
    format!("<w:tblGrid>{columns}</w:tblGrid>")
}

fn cell(width: u32, properties: &str, content: &str) -> String {
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{properties}</w:tcPr>{content}</w:tc>"
    )
}

/// The head of a joint document: the names spread to one width, 文件 beside them (7.2.4).
pub(super) fn joint_head(names: &[String], size: u32, line: u32) -> String {
    let word = size * 10 * 24 / 10;
    let left = WIDTH.saturating_sub(word).max(1);
    let run = format!(
        "{}<w:color w:val=\"FF0000\"/><w:sz w:val=\"{size}\"/>",
        super::styles::face(TITLE)
    );
    let spacing =
        format!("<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"{line}\" w:lineRule=\"exact\"/>");
    let organs: String = names
        .iter()
        .map(|name| {
            let jc = "<w:jc w:val=\"distribute\"/>";
            Para::new("").with(&spacing).with(jc).run(&run, name).xml()
        })
        .collect();
    let word_text =
        Para::new("").with(&spacing).with("<w:jc w:val=\"right\"/>").run(&run, "文件").xml();
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{WIDTH}\" w:type=\"dxa\"/>\
         <w:tblLayout w:type=\"fixed\"/></w:tblPr>{}<w:tr>{}{}</w:tr></w:tbl>",
        grid(&[left, word]),
        cell(left, "", &organs),
        cell(word, "<w:vAlign w:val=\"center\"/>", &word_text),
    )
}
