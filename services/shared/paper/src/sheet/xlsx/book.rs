//! What the sheets of a workbook share: their names, strings and formats.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use crate::draft::Draft;
use crate::error::PaperError;
use crate::limits::Limits;
use crate::package::{Package, Relation};
use crate::paper::{How, Kind};
use crate::sheet::number::Format;
use crate::xml::{self, Node, Tag};

/// A sheet as the workbook names it (§18.2.19).
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) part: String,
    pub(super) hidden: bool,
}

/// A workbook.
#[derive(Default)]
pub(super) struct Book {
    pub(super) sheets: Vec<Entry>,
    pub(super) strings: Vec<String>,
    /// Which of the strings a cell shows.
    pub(super) shown: Vec<Cell<bool>>,
    /// The format of each style of cells.
    pub(super) formats: Vec<Format>,
    pub(super) epoch_1904: bool,
}

impl Book {
    pub(super) fn read(
        package: &mut Package<'_>,
        limits: &Limits,
        read: &mut HashSet<String>,
        draft: &mut Draft<'_>,
    ) -> Result<Self, PaperError> {
        let stated = package.relations("")?;
        let main = stated
            .into_iter()
            .find(|relation| relation.role == "officeDocument")
            .map(|relation| relation.target)
            .filter(|target| package.contains(target))
            .unwrap_or_else(|| "xl/workbook.xml".to_owned());
        let relations = package.relations(&main)?;
        let mut book = Self::default();
        let content = package.needed(&main)?;
        read.insert(main.to_ascii_lowercase());
        book.names(&content, &relations, limits, draft)?;
        for relation in &relations {
            if !matches!(relation.role.as_str(), "sharedStrings" | "styles") {
                continue;
            }
            let Some(content) = package.part(&relation.target)? else { continue };
            read.insert(relation.target.to_ascii_lowercase());
            if relation.role == "styles" {
                book.formats = formats(&content, limits)?;
            } else {
                book.strings = strings(&content, limits, draft)?;
                book.shown = vec![Cell::new(false); book.strings.len()];
            }
        }
        Ok(book)
    }

    /// The string of a number, which is then one that is shown.
    pub(super) fn string(&self, index: usize) -> String {
        if let Some(shown) = self.shown.get(index) {
            shown.set(true);
        }
        self.strings.get(index).cloned().unwrap_or_default()
    }

    /// Strings that no cell shows any more and that are in the file all the same.
    pub(super) fn left_over(&self, draft: &mut Draft<'_>) -> Result<(), PaperError> {
        for (string, shown) in self.strings.iter().zip(&self.shown) {
            if !shown.get() {
                draft.hide(How::Data, "工作簿中未使用的文字", string)?;
            }
        }
        Ok(())
    }

    /// The sheets, and the defined names (§18.2.5), which may keep what was deleted.
    fn names(
        &mut self,
        content: &[u8],
        relations: &[Relation],
        limits: &Limits,
        draft: &mut Draft<'_>,
    ) -> Result<(), PaperError> {
        let mut name: Option<String> = None;
        let mut value = String::new();
        xml::walk(content, Kind::Xlsx, limits.depth, |node| {
            match node {
                Node::Open(tag) => match tag.name().as_str() {
                    "sheet" => self.sheets.extend(entry(&tag, relations)),
                    "workbookPr" => {
                        let stated = tag.attribute("date1904");
                        self.epoch_1904 =
                            stated.is_some_and(|value| matches!(value.as_str(), "1" | "true"));
                    }
                    "definedName" => {
                        let comment = tag.attribute("comment").unwrap_or_default();
                        name = Some(format!(
                            "{} {comment}",
                            tag.attribute("name").unwrap_or_default()
                        ));
                        value.clear();
                    }
                    "fileSharing" => draft.hide(
                        How::Property,
                        "文档属性 userName",
                        &tag.attribute("userName").unwrap_or_default(),
                    )?,
                    _ => {}
                },
                Node::Text(text) if name.is_some() => value.push_str(text),
                Node::Close(closed) if closed == "definedName" => {
                    let name = name.take().unwrap_or_default();
                    draft.hide(
                        How::Name,
                        &format!("名称 {}", name.trim()),
                        &format!("{name}\n{value}"),
                    )?;
                }
                _ => {}
            }
            Ok(())
        })
    }
}

fn entry(tag: &Tag<'_>, relations: &[Relation]) -> Option<Entry> {
    // `r:id`; the sheet's own `sheetId` has another local name.
    let id = tag.attribute("id")?;
    let relation = relations.iter().find(|relation| relation.id == id)?;
    Some(Entry {
        name: tag.attribute("name").unwrap_or_default(),
        part: relation.target.clone(),
        hidden: tag.attribute("state").is_some_and(|state| state != "visible"),
    })
}

/// The strings that cells refer to (§18.4.8), without the reading of Chinese characters that
/// Japanese editions keep (§18.4.6).
fn strings(
    content: &[u8],
    limits: &Limits,
    draft: &mut Draft<'_>,
) -> Result<Vec<String>, PaperError> {
    let mut strings: Vec<String> = Vec::new();
    let (mut inside, mut reading) = (false, false);
    xml::walk(content, Kind::Xlsx, limits.depth, |node| {
        match node {
            Node::Open(tag) => match tag.name().as_str() {
                "si" => {
                    draft.spend(1)?;
                    strings.push(String::new());
                }
                "rPh" => reading = true,
                "t" => inside = true,
                _ => {}
            },
            Node::Text(text) if inside && !reading => {
                if let Some(last) = strings.last_mut() {
                    // Strings are written into cells later, so that they count twice.
                    draft.spend(text.len() / 2)?;
                    last.push_str(text);
                }
            }
            Node::Text(_) => {}
            Node::Close(name) => match name.as_str() {
                "rPh" => reading = false,
                "t" => inside = false,
                _ => {}
            },
        }
        Ok(())
    })?;
    Ok(strings)
}

/// The formats of the cells' styles, in their order (§18.8.10).
fn formats(content: &[u8], limits: &Limits) -> Result<Vec<Format>, PaperError> {
    let mut codes: HashMap<u32, Format> = HashMap::new();
    let mut formats = Vec::new();
    let mut cells = false;
    let number = |tag: &Tag<'_>| tag.attribute("numFmtId").and_then(|id| id.parse::<u32>().ok());
    xml::walk(content, Kind::Xlsx, limits.depth, |node| {
        match node {
            Node::Open(tag) => match tag.name().as_str() {
                "numFmt" => {
                    let code = tag.attribute("formatCode").unwrap_or_default();
                    codes.extend(number(&tag).map(|id| (id, Format::of(&code))));
                }
                "cellXfs" => cells = true,
                "xf" if cells => {
                    let id = number(&tag).unwrap_or(0);
                    formats.push(codes.get(&id).copied().unwrap_or(Format::built_in(id)));
                }
                _ => {}
            },
            Node::Close(name) if name == "cellXfs" => cells = false,
            _ => {}
        }
        Ok(())
    })?;
    Ok(formats)
}
