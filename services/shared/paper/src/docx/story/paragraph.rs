//! Paragraphs and runs (ECMA-376 Part 1 §17.3).

use super::{HEADS, Head, Story};
use crate::error::PaperError;
use crate::paper::How;
use crate::xml::Tag;

/// A paragraph while it is read.
#[derive(Default)]
pub(super) struct Paragraph {
    pub(super) text: String,
    pub(super) deleted: String,
    pub(super) vanished: String,
    pub(super) faint: String,
    pub(super) field: String,
    /// Text boxes and watermarks anchored in it.
    pub(super) boxes: String,
    style: Option<String>,
    centred: Option<bool>,
    list: Option<String>,
    level: Option<usize>,
    /// Runs that were open around it.
    runs: usize,
}

/// What of a run's properties decides whether it is seen.
#[derive(Default)]
pub(super) struct Run {
    style: Option<String>,
    vanish: Option<bool>,
    white: bool,
    tiny: bool,
}

/// Half-points up to which text is too small to be seen.
const TINY: u32 = 4;

impl Story<'_, '_> {
    pub(super) fn begin_paragraph(&mut self) {
        self.count += 1;
        self.paragraphs.push(Paragraph { runs: self.runs.len(), ..Paragraph::default() });
    }

    /// Whether the current run vanishes, and whether it is faint.
    pub(super) fn setting_of_run(&self) -> (bool, bool) {
        let own = self.paragraphs.last();
        let outside = own.map_or(0, |paragraph| paragraph.runs);
        let Some(run) = self.runs.get(outside..).and_then(<[Run]>::last) else {
            return (false, false);
        };
        let styles = &self.setting.styles;
        let by_style = |style: Option<&String>| style.is_some_and(|id| styles.vanishes(id));
        let vanishes = run.vanish.unwrap_or_else(|| {
            by_style(run.style.as_ref()) || by_style(own.and_then(|own| own.style.as_ref()))
        });
        (vanishes, run.white || run.tiny)
    }

    /// Whether nothing needs to be noted of an author: none is named, or he was before.
    pub(super) fn setting_knows(&mut self, author: &str) -> bool {
        author.is_empty() || !self.draft.first(author)
    }

    /// Takes a property of a paragraph or run; `false` if the element is none.
    pub(super) fn format(&mut self, name: &str, tag: &Tag<'_>) -> bool {
        let value = || tag.attribute("val");
        if self.properties > 0 {
            let Some(paragraph) = self.paragraphs.last_mut() else { return false };
            match name {
                "pStyle" => paragraph.style = value(),
                "jc" => paragraph.centred = value().map(|value| value == "center"),
                "numId" => paragraph.list = value(),
                "ilvl" => paragraph.level = value().and_then(|value| value.parse().ok()),
                // Those of the paragraph's mark.
                "vanish" | "rStyle" | "color" | "sz" => {}
                _ => return false,
            }
            return true;
        }
        let Some(run) = self.runs.last_mut() else { return false };
        match name {
            "rStyle" => run.style = value(),
            "vanish" => run.vanish = Some(tag.is_on()),
            "color" => {
                run.white = value().is_some_and(|color| color.eq_ignore_ascii_case("FFFFFF"));
            }
            "sz" => {
                let size = value().and_then(|size| size.parse::<u32>().ok());
                run.tiny = size.is_some_and(|size| size <= TINY);
            }
            _ => return false,
        }
        true
    }

    pub(super) fn end_paragraph(&mut self) -> Result<(), PaperError> {
        let Some(mut paragraph) = self.paragraphs.pop() else { return Ok(()) };
        // Runs left open by a damaged document end with their paragraph.
        self.runs.truncate(paragraph.runs);
        let here = self.here();
        self.draft.hide(How::Deleted, &here, &paragraph.deleted)?;
        self.draft.hide(How::Vanished, &here, &paragraph.vanished)?;
        self.draft.hide(How::Faint, &here, &paragraph.faint)?;
        self.draft.hide(How::Field, &here, &paragraph.field)?;
        if let Some(label) = self.label(&paragraph)
            && !paragraph.text.trim().is_empty()
        {
            paragraph.text.insert_str(0, &label);
        }
        self.keep_head(&paragraph);
        self.draft.spend(paragraph.text.len())?;
        if let Some(holder) = self.holders.last_mut() {
            holder.line(&paragraph.text);
            if !paragraph.boxes.is_empty() {
                holder.line(&paragraph.boxes);
            }
        }
        Ok(())
    }

    /// The automatic number of a paragraph, with what parts it from the text.
    fn label(&mut self, paragraph: &Paragraph) -> Option<String> {
        let styles = &self.setting.styles;
        let style = paragraph.style.as_deref().unwrap_or_default();
        let (list, level) = match (&paragraph.list, styles.list(style)) {
            (Some(list), of_style) => {
                (list.clone(), paragraph.level.or_else(|| of_style.and_then(|(_, level)| level)))
            }
            (None, Some((list, level))) => {
                let level = self.setting.numbering.level_of_style(list, style).or(level);
                (list.to_owned(), level)
            }
            (None, None) => return None,
        };
        let label = self.setting.numbering.next(&list, level.unwrap_or(0))?;
        let last = label.chars().next_back()?;
        let first = paragraph.text.trim_start().chars().next()?;
        // `第一章` is parted from its heading; `1.` only from a digit or letter, as a clerk
        // would write it.
        let parted =
            label.starts_with('第') && !last.is_ascii_punctuation() && !"、．。）：".contains(last)
                || last.is_ascii_alphanumeric()
                || (last.is_ascii() && first.is_ascii_alphanumeric());
        Some(if parted { format!("{label} ") } else { label })
    }

    fn keep_head(&mut self, paragraph: &Paragraph) {
        if self.heads.len() >= HEADS || self.holders.len() != 1 {
            return;
        }
        let style = paragraph.style.as_deref().unwrap_or_default();
        let styles = &self.setting.styles;
        self.heads.push(Head {
            text: crate::shape::one_line(&paragraph.text),
            centred: paragraph.centred.unwrap_or_else(|| styles.is_centred(style)),
            titled: styles.is_title(style),
        });
    }
}
