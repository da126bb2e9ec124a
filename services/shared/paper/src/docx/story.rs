//! A story: the body, a header, a note (ECMA-376 Part 1 §17.2 and following). Paragraphs
//! become lines, rows of tables lines of cells.

mod object;
mod paragraph;
mod table;

use std::collections::HashMap;

use super::numbering::Numbering;
use super::styles::Styles;
use crate::draft::Draft;
use crate::error::PaperError;
use crate::paper::{How, Kind};
use crate::shape;
use crate::xml::{self, Node, Tag};
use paragraph::{Paragraph, Run};
use table::Holder;

/// What stories share.
pub(super) struct Setting {
    pub(super) styles: Styles,
    pub(super) numbering: Numbering,
    pub(super) depth: usize,
}

/// A paragraph at the beginning of a body, where titles are.
pub(super) struct Head {
    pub(super) text: String,
    pub(super) centred: bool,
    pub(super) titled: bool,
}

/// How many paragraphs are kept as [`Head`]s.
const HEADS: usize = 40;

/// Reads the lines of a story; what is hidden in it goes to the draft.
pub(super) fn read(
    bytes: &[u8],
    place: &str,
    targets: &HashMap<String, String>,
    setting: &mut Setting,
    draft: &mut Draft<'_>,
) -> Result<(String, Vec<Head>), PaperError> {
    let depth = setting.depth;
    let mut story = Story {
        place,
        targets,
        setting,
        draft,
        count: 0,
        paragraphs: Vec::new(),
        runs: Vec::new(),
        holders: vec![Holder::story()],
        tables: Vec::new(),
        deleted: 0,
        properties: 0,
        capture: None,
        skip: None,
        fallback: String::new(),
        fallbacks: Vec::new(),
        heads: Vec::new(),
    };
    xml::walk(bytes, Kind::Docx, depth, |node| match node {
        Node::Open(tag) => story.open(&tag),
        Node::Close(name) => story.close(&name),
        Node::Text(text) => story.text(text),
    })?;
    story.finish()
}

struct Story<'a, 'd> {
    place: &'a str,
    /// What ids of relationships stand for.
    targets: &'a HashMap<String, String>,
    setting: &'a mut Setting,
    draft: &'a mut Draft<'d>,
    /// Paragraphs begun.
    count: usize,
    paragraphs: Vec<Paragraph>,
    runs: Vec<Run>,
    holders: Vec<Holder>,
    tables: Vec<table::Table>,
    /// Open elements whose content was deleted or moved away.
    deleted: usize,
    /// Open elements of paragraph properties.
    properties: usize,
    capture: Option<Capture>,
    /// An element whose content is passed over, and how often it is open.
    skip: Option<(String, usize)>,
    /// The text of the alternative that is passed over.
    fallback: String,
    fallbacks: Vec<String>,
    heads: Vec<Head>,
}

/// What the characters of an element are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Capture {
    Text,
    Deleted,
    Field,
}

impl Story<'_, '_> {
    fn open(&mut self, tag: &Tag<'_>) -> Result<(), PaperError> {
        let name = tag.name();
        if let Some((skipped, times)) = &mut self.skip {
            *times += usize::from(*skipped == name);
            self.capture = (name == "t").then_some(Capture::Text);
            return Ok(());
        }
        match name.as_str() {
            // What properties were before a change is not what they are.
            "pPrChange" | "rPrChange" | "sectPrChange" | "tblPrChange" | "trPrChange"
            | "tcPrChange" | "tblGridChange" | "numberingChange" | "Fallback" => {
                self.skip = Some((name, 1));
                return self.reviser(tag);
            }
            "p" => self.begin_paragraph(),
            "r" => self.runs.push(Run::default()),
            "pPr" => self.properties += 1,
            "t" => self.capture = Some(Capture::Text),
            "delText" => self.capture = Some(Capture::Deleted),
            "instrText" | "delInstrText" => self.capture = Some(Capture::Field),
            "tab" if self.properties == 0 => self.say("\t"),
            "ptab" => self.say("\t"),
            "br" | "cr" => self.say("\n"),
            "noBreakHyphen" => self.say("-"),
            "sym" => self.symbol(tag),
            "del" | "moveFrom" => {
                self.deleted += 1;
                return self.reviser(tag);
            }
            "ins" | "moveTo" | "cellDel" | "cellIns" | "cellMerge" => return self.reviser(tag),
            "txbxContent" => self.holders.push(Holder::text_box()),
            "tbl" | "tr" | "tc" | "gridSpan" => self.open_table(&name, tag),
            "hidden" if tag.is_on() => self.hide_row(),
            _ if self.format(&name, tag) => {}
            _ => return self.object(&name, tag),
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), PaperError> {
        if let Some((skipped, times)) = &mut self.skip {
            *times -= usize::from(skipped == name);
            if *times == 0 {
                self.skip = None;
                self.fallbacks.push(std::mem::take(&mut self.fallback));
            }
            self.capture = None;
            return Ok(());
        }
        match name {
            "p" => return self.end_paragraph(),
            "r" => {
                self.runs.pop();
            }
            "pPr" => self.properties = self.properties.saturating_sub(1),
            "t" | "delText" | "instrText" | "delInstrText" => self.capture = None,
            "del" | "moveFrom" => self.deleted = self.deleted.saturating_sub(1),
            "txbxContent" => self.end_text_box(),
            "tbl" | "tr" | "tc" => return self.close_table(name),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), PaperError> {
        match self.capture {
            // Kept in memory from here on, so counted against the limit from here on.
            Some(Capture::Text) if self.skip.is_some() => {
                self.draft.spend(text.len())?;
                self.fallback.push_str(text);
            }
            Some(Capture::Text) => self.say(text),
            Some(Capture::Deleted) => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.deleted.push_str(text);
                }
            }
            Some(Capture::Field) => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.field.push_str(text);
                }
            }
            None => {}
        }
        Ok(())
    }

    /// Text where the reader of the file would see it, or would not.
    fn say(&mut self, text: &str) {
        let styled = self.setting_of_run();
        let Some(paragraph) = self.paragraphs.last_mut() else {
            if let Some(holder) = self.holders.last_mut() {
                holder.text.push_str(text);
            }
            return;
        };
        let (vanishes, faint) = styled;
        if self.deleted > 0 {
            paragraph.deleted.push_str(text);
        } else if vanishes {
            paragraph.vanished.push_str(text);
        } else {
            paragraph.text.push_str(text);
            if faint {
                paragraph.faint.push_str(text);
            }
        }
    }

    fn here(&self) -> String {
        format!("{}第{}段", self.place, self.count)
    }

    /// Adds what floats over the paragraph behind it.
    fn add_box(&mut self, text: &str) {
        match self.paragraphs.last_mut() {
            Some(paragraph) => {
                paragraph.boxes.push_str(text);
                paragraph.boxes.push('\n');
            }
            None => self.say(text),
        }
    }

    fn end_text_box(&mut self) {
        // The story itself is never taken off.
        if self.holders.len() > 1
            && let Some(holder) = self.holders.pop()
        {
            self.add_box(&holder.text);
        }
    }

    fn finish(mut self) -> Result<(String, Vec<Head>), PaperError> {
        // What a damaged document left open is closed here.
        while !self.paragraphs.is_empty() {
            self.end_paragraph()?;
        }
        let mut text = String::new();
        for holder in &self.holders {
            text.push_str(&holder.text);
        }
        let seen: String = text.split_whitespace().collect();
        for fallback in std::mem::take(&mut self.fallbacks) {
            let bare: String = fallback.split_whitespace().collect();
            if !bare.is_empty() && !seen.contains(&bare) {
                self.draft.hide(How::Data, &format!("{} 备选内容", self.place), &fallback)?;
            }
        }
        Ok((shape::lines(&text), self.heads))
    }
}
