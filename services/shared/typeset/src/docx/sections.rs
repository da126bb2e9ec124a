//! The page and its footers.

use super::styles::LINE;
use super::xml::{DECLARATION, MAIN};

/// The type area, 156 mm, in twentieths of a point.
pub(super) const WIDTH: u32 = 8844;
/// 35 mm, from the top of the type area to the red head (7.2.4).
pub(super) const MASTHEAD_TOP: u32 = 1984;

/// A4 with the margins of GB/T 33476.2-2016, 34.58 mm above and 32.58 mm below: a program's
/// lines carry half of their gap above and below, and so the type area is that of GB/T 9704.
/// The grid has 22 lines. The 28 characters come from the style's spacing, 0.25 pt less than
/// 3号: a grid of characters is read differently by different programs.
pub(super) fn page() -> String {
    format!(
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId4\"/>\
         <w:footerReference w:type=\"even\" r:id=\"rId5\"/>\
         <w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
         <w:pgMar w:top=\"1960\" w:right=\"1474\" w:bottom=\"1847\" w:left=\"1588\" \
         w:header=\"851\" w:footer=\"1407\" w:gutter=\"0\"/>\
         <w:docGrid w:type=\"lines\" w:linePitch=\"{LINE}\"/></w:sectPr>"
    )
}

/// `— 3 —`, one character from the right on odd pages, from the left on even ones (7.5).
pub(super) fn footer(odd: bool) -> String {
    let place = if odd {
        "<w:ind w:right=\"280\"/><w:jc w:val=\"right\"/>"
    } else {
        "<w:ind w:left=\"280\"/><w:jc w:val=\"left\"/>"
    };
    let field = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let text = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    format!(
        "{DECLARATION}<w:ftr {MAIN}><w:p><w:pPr><w:pStyle w:val=\"Footer\"/>{place}</w:pPr>{}{}\
         <w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>{}{}{}{}</w:p></w:ftr>",
        text("— "),
        field("begin"),
        field("separate"),
        text("1"),
        field("end"),
        text(" —"),
    )
}
