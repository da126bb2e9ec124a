//! Symbols, pictures, objects, fields and forms, and who changed what.

use super::Story;
use crate::docx::symbol;
use crate::error::PaperError;
use crate::paper::{How, Why};
use crate::xml::Tag;

impl Story<'_, '_> {
    pub(super) fn symbol(&mut self, tag: &Tag<'_>) {
        let font = tag.attribute("font").unwrap_or_default();
        match symbol::character(&font, &tag.attribute("char").unwrap_or_default()) {
            Some(ch) => self.say(ch.encode_utf8(&mut [0; 4])),
            None => self.draft.unread(&format!("{} {font} 字体的符号", self.place), Why::Glyphs),
        }
    }

    pub(super) fn reviser(&mut self, tag: &Tag<'_>) -> Result<(), PaperError> {
        let author = tag.attribute("author").unwrap_or_default();
        // One note for each name, not one for each change.
        if self.setting_knows(&author) {
            return Ok(());
        }
        let date = tag.attribute("date").unwrap_or_default();
        self.draft.hide(How::Reviser, &self.here(), &format!("{author} {date}"))
    }

    /// Objects, pictures, fields and forms: what they say of themselves.
    pub(super) fn object(&mut self, name: &str, tag: &Tag<'_>) -> Result<(), PaperError> {
        let value = |key: &str| tag.attribute(key).unwrap_or_default();
        let (how, text) = match name {
            "blip" | "imagedata" => {
                let target =
                    ["embed", "link", "id", "pict"].iter().find_map(|key| tag.attribute(key));
                let target = target.and_then(|id| self.targets.get(&id)).cloned();
                let place = format!("{} {}", self.here(), target.unwrap_or_default());
                self.draft.unread(place.trim_end(), Why::Picture);
                return Ok(());
            }
            "OLEObject" => {
                let place = format!("{} {}", self.here(), value("ProgID"));
                self.draft.unread(&place, Why::Object);
                return Ok(());
            }
            "altChunk" => {
                self.draft.unread(&format!("{} 引入的文件", self.here()), Why::Object);
                return Ok(());
            }
            // A watermark is seen, but stands in no paragraph.
            "textpath" => {
                self.add_box(&value("string"));
                return Ok(());
            }
            "docPr" | "cNvPr" => (How::AltText, format!("{}\n{}", value("descr"), value("title"))),
            "shape" | "rect" | "textbox" => {
                (How::AltText, format!("{}\n{}", value("alt"), value("title")))
            }
            "fldSimple" => (How::Field, value("instr")),
            "bookmarkStart" if !value("name").starts_with('_') => (How::Name, value("name")),
            "alias" | "tag" => (How::Data, value("val")),
            "listItem" => (How::Form, format!("{} {}", value("displayText"), value("value"))),
            "listEntry" | "default" | "helpText" | "statusText" => (How::Form, value("val")),
            "hyperlink" => (How::AltText, value("tooltip")),
            _ => return Ok(()),
        };
        self.draft.hide(how, &self.here(), &text)
    }
}
