//! The text of the file.

use super::imprint::imprint;
use super::paragraph::{Para, hundredths, twips};
use super::sections::{self, MASTHEAD_TOP, WIDTH};
use super::styles::{BODY, HEI, KAI, TITLE, face};
use super::table;
use super::xml::{DECLARATION, MAIN};
use crate::document::{Block, Document, Level, Paragraph, Style, date};
use crate::title::break_title;

const CENTRED: &str = "<w:jc w:val=\"center\"/>";
const KEPT: &str = "<w:keepNext/>";

/// `word/document.xml`.
pub(super) fn document(document: &Document, style: Style) -> String {
    let mut out = format!("{DECLARATION}<w:document {MAIN}><w:body>");
    head(document, style, &mut out);
    let (last, before) = match document.body.split_last() {
        Some((last, before)) => (Some(last), before),
        None => (None, &[][..]),
    };
    for block in before {
        out.push_str(&self::block(block));
    }
    if let Some(last) = last {
        let kept = document.attachments_note.is_empty() && !document.signature.is_empty();
        out.push_str(&last_block(last, kept));
    }
    names(&document.attachments_note, &mut out);
    signature(document, style, &mut out);
    for one in &document.attachments {
        annex(one, &mut out);
    }
    if style == Style::Full {
        out.push_str(&imprint(document));
    }
    out.push_str(&sections::page());
    out.push_str("</w:body></w:document>");
    out
}

fn filled(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

fn blank() -> String {
    Para::new("").xml()
}

fn head(document: &Document, style: Style, out: &mut String) {
    let number = filled(document.document_number.as_deref());
    let red = style == Style::Full && !document.masthead.is_empty();
    if red {
        masthead(&document.masthead, out);
        out.push_str(&blank());
        out.push_str(&blank());
        out.push_str(&number_line(number.unwrap_or_default(), document.signer.as_deref()));
        out.push_str(&blank());
        out.push_str(&blank());
    }
    let lines = break_title(&document.title);
    if !lines.is_empty() {
        out.push_str(&Para::new("Title").lines(&lines).xml());
    }
    if let (false, Some(number)) = (red, number) {
        out.push_str(&Para::new("Centred").text(number).xml());
    }
    if red || !lines.is_empty() || number.is_some() {
        out.push_str(&blank());
    }
    if let Some(addressee) = filled(document.addressee.as_deref()) {
        let addressee = addressee.trim_end_matches(['：', ':']);
        out.push_str(&Para::new("").text(&format!("{addressee}：")).xml());
    }
}

/// The red head, its upper edge 35 mm below that of the type area (7.2.4).
fn masthead(organs: &[String], out: &mut String) {
    let joint = organs.len() > 1;
    let names: Vec<String> = organs
        .iter()
        .map(|name| {
            if joint { name.trim().trim_end_matches("文件") } else { name.trim() }.to_owned()
        })
        .collect();
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(1).max(1);
    let longest = u32::try_from(longest).unwrap_or(u32::MAX).saturating_mul(10);
    let word = if joint { 24 } else { 0 };
    // Half points: the width in twips is 1/10 of that of as many characters of one half point.
    let size = (WIDTH * 98 / 100 / longest.saturating_add(word).max(1)).clamp(32, 96);
    let line = size * 13;
    if joint {
        let gap = format!(
            "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"{MASTHEAD_TOP}\" w:lineRule=\"exact\"/>"
        );
        out.push_str(&Para::new("").with(&gap).xml());
        out.push_str(&table::joint_head(&names, size, line));
        return;
    }
    let run = format!(
        "{}<w:color w:val=\"FF0000\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>",
        face(TITLE)
    );
    for name in &names {
        let spacing = format!(
            "<w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"{MASTHEAD_TOP}\" w:line=\"{line}\" \
             w:lineRule=\"exact\"/>"
        );
        out.push_str(&Para::new("").with(&spacing).with(CENTRED).run(&run, name).xml());
    }
}

/// The number, with the signer at the right, over the red rule (7.2.5 to 7.2.7).
fn number_line(number: &str, signer: Option<&str>) -> String {
    let rule = "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"8\" w:color=\"FF0000\"/></w:pBdr>";
    let Some(signer) = filled(signer) else {
        return Para::new("").with(rule).with(CENTRED).text(number).xml();
    };
    let stop = WIDTH - twips(100);
    Para::new("")
        .with(rule)
        .with(&format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{stop}\"/></w:tabs>"))
        .with("<w:jc w:val=\"left\"/>")
        .text("　")
        .text(number)
        .tab()
        .in_face(BODY, "签发人：")
        .in_face(KAI, signer)
        .xml()
}

/// The signature takes the last paragraph with it to the next page, unless that is long.
fn last_block(block: &Block, kept: bool) -> String {
    match block {
        Block::Paragraph(one) if kept && one.whole().chars().count() <= SHORT => {
            paragraph(one, KEPT)
        }
        block => self::block(block),
    }
}

/// Characters of a paragraph that may be moved as a whole: three lines.
const SHORT: usize = 82;

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(one) => paragraph(one, ""),
        Block::Table(one) => table::table(one),
        Block::Centred(text) => {
            text.lines().map(|line| Para::new("Centred").text(line.trim()).xml()).collect()
        }
    }
}

fn paragraph(one: &Paragraph, properties: &str) -> String {
    let lead = one.lead.trim();
    let heading = one.is_heading();
    let (style, name) = match one.level {
        Level::Chapter => ("Chapter", HEI),
        Level::Article => ("Article", HEI),
        Level::First => (if heading { "Heading1" } else { "BodyText" }, HEI),
        Level::Second => (if heading { "Heading2" } else { "BodyText" }, KAI),
        Level::Third | Level::Fourth | Level::Plain => ("BodyText", BODY),
    };
    let mut lines = one.text.trim_end().split('\n');
    let text = lines.next().unwrap_or_default();
    let text = if lead.is_empty() { text.trim_start() } else { text };
    let first = Para::new(style).with(properties);
    let first = if heading { first.text(lead) } else { first.in_face(name, lead) };
    let mut out = first.text(text).xml();
    for line in lines {
        out.push_str(&Para::new("BodyText").text(line.trim()).xml());
    }
    out
}

/// `附件：1. …`, the names hanging (7.3.4).
fn names(names: &[String], out: &mut String) {
    let names: Vec<&str> =
        names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return;
    }
    out.push_str(&blank());
    for (index, name) in names.iter().enumerate() {
        let number = if names.len() > 1 { format!("{}. ", index + 1) } else { String::new() };
        let lead = if index == 0 { "附件：" } else { "" };
        let hang = hundredths(&number);
        let first = if index == 0 { 300 } else { 0 };
        let indent = format!(
            "<w:ind w:left=\"{}\" w:hanging=\"{}\"/>",
            twips(500 + hang),
            twips(first + hang)
        );
        let name = name.trim_end_matches(['。', '；', '，']);
        out.push_str(
            &Para::new("").with(KEPT).with(&indent).text(&format!("{lead}{number}{name}")).xml(),
        );
    }
}

/// The organs over the date, four characters from the right (7.3.5.1), and the note (7.3.6).
fn signature(document: &Document, style: Style, out: &mut String) {
    let day = document.signed_on.map(date);
    let organs: Vec<&str> =
        document.signature.iter().map(|one| one.trim()).filter(|one| !one.is_empty()).collect();
    if !organs.is_empty() || day.is_some() {
        for _ in 0..if style == Style::Full { 2 } else { 1 } {
            out.push_str(&Para::new("").with(KEPT).xml());
        }
    }
    let wide = day.as_deref().map_or(0, hundredths);
    let at_right = |right: u32, text: &str| {
        let indent = format!("<w:ind w:right=\"{}\"/><w:jc w:val=\"right\"/>", twips(right));
        Para::new("").with(KEPT).with(&indent).text(text).xml()
    };
    for organ in organs {
        let right = (400 + wide / 2).saturating_sub(hundredths(organ) / 2);
        out.push_str(&at_right(right, organ));
    }
    if let Some(day) = day {
        let last = at_right(400, &day);
        let followed = filled(document.note.as_deref()).is_some();
        out.push_str(&if followed { last } else { last.replacen(KEPT, "", 1) });
    }
    if let Some(note) = filled(document.note.as_deref()) {
        let note = note.trim_matches(['（', '）', '(', ')']);
        out.push_str(&Para::new("BodyText").text(&format!("（{note}）")).xml());
    }
}

/// An annex on a page of its own, its title in the third line (7.3.7).
fn annex(one: &crate::document::Attachment, out: &mut String) {
    let label = one.label.trim().trim_end_matches(['：', ':']);
    let label = if label.is_empty() { "附件" } else { label };
    out.push_str(&Para::new("Annex").text(label).xml());
    out.push_str(&Para::new("").with(KEPT).xml());
    let lines = break_title(&one.title);
    if !lines.is_empty() {
        out.push_str(&Para::new("Title").lines(&lines).xml());
        out.push_str(&blank());
    }
    for block in &one.body {
        out.push_str(&self::block(block));
    }
}
