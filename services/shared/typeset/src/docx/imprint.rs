//! 版记 (7.4): a frame at the foot of the page that the text ends on.

use super::paragraph::Para;
use super::sections::WIDTH;
use crate::document::{Document, date};

/// One character of 4号, in twentieths of a point.
const EDGE: u32 = 280;
/// 抄送：, behind which further lines begin.
const LEAD: &str = "抄送：";
/// The gap below the imprint: the margin of the file is 2.42 mm lower than the type area.
const BELOW: u32 = 137;
/// 0.35 mm, the first and the last rule (7.4.1).
const THICK: u32 = 20;
/// 0.25 mm, the rule between (7.4.1).
const THIN: u32 = 14;

/// The imprint; empty when there is none.
pub(super) fn imprint(document: &Document) -> String {
    let filled = |value: &Option<String>| {
        value.as_deref().map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
    };
    let mut rows = Vec::new();
    if let Some(copies) = filled(&document.copy_to) {
        let copies = copies.trim_start_matches(LEAD).trim_end_matches('。');
        let (left, hang) = (EDGE * 4, EDGE * 3);
        let indent = format!("<w:ind w:left=\"{left}\" w:right=\"{EDGE}\" w:hanging=\"{hang}\"/>");
        rows.push(framed().with(&indent).text(&format!("{LEAD}{copies}。")).xml());
    }
    let organ = filled(&document.printed_by).unwrap_or_default();
    let day = document.printed_on.map(|day| format!("{}印发", date(day))).unwrap_or_default();
    if !organ.is_empty() || !day.is_empty() {
        let stop = WIDTH - EDGE;
        let place = format!(
            "<w:tabs><w:tab w:val=\"right\" w:pos=\"{stop}\"/></w:tabs>\
             <w:ind w:left=\"{EDGE}\" w:right=\"{EDGE}\"/><w:jc w:val=\"left\"/>"
        );
        rows.push(framed().with(&place).text(&organ).tab().text(&day).xml());
    }
    if rows.is_empty() {
        return String::new();
    }
    let mut out = format!("{}{}{}", rule(THICK), rows.join(&rule(THIN)), rule(THICK));
    let gap = format!("<w:spacing w:line=\"{BELOW}\" w:lineRule=\"exact\"/>");
    out.push_str(&framed().with("<w:snapToGrid w:val=\"0\"/>").with(&gap).xml());
    // The frame belongs to the page of the paragraph behind it.
    let small = "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"20\" w:lineRule=\"exact\"/>";
    out.push_str(&Para::new("").with(small).xml());
    out
}

/// A paragraph of the frame; paragraphs of one frame that follow each other share it.
fn framed() -> Para {
    Para::new("Imprint").with(&format!(
        "<w:framePr w:w=\"{WIDTH}\" w:hSpace=\"0\" w:wrap=\"around\" w:vAnchor=\"margin\" \
         w:hAnchor=\"margin\" w:xAlign=\"left\" w:yAlign=\"bottom\"/>"
    ))
}

/// A rule is a black paragraph as high as the rule is thick: borders of paragraphs within a
/// frame are not read alike by all programs, and would be indented with their text.
fn rule(height: u32) -> String {
    framed()
        .with(&format!(
            "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"000000\"/>\
             <w:snapToGrid w:val=\"0\"/>\
             <w:spacing w:line=\"{height}\" w:lineRule=\"exact\"/>"
        ))
        .xml()
}
