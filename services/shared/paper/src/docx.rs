//! Documents of word processors (WordprocessingML, ECMA-376 Part 1 §17).

mod comments;
mod numbering;
mod numeral;
mod story;
mod styles;
mod symbol;
mod title;

use std::collections::{HashMap, HashSet};

use crate::draft::Draft;
use crate::error::PaperError;
use crate::limits::Limits;
use crate::package::{self, Package, Relation};
use crate::paper::{Kind, Paper, Why};
use crate::shape;
use numbering::Numbering;
use story::Setting;
use styles::Styles;

/// Reads a document: its body, notes, headers and footers, and all that lies behind.
pub(crate) fn read(bytes: &[u8], limits: &Limits, levels: u8) -> Result<Paper, PaperError> {
    let mut package = Package::open(Kind::Docx, bytes, limits)?;
    let main = main_part(&mut package)?;
    let relations = package.relations(&main)?;
    let mut document = Document {
        setting: setting(&mut package, &relations, limits)?,
        package,
        draft: Draft::new(limits),
        read: HashSet::new(),
    };
    document.body(&main, &relations)?;
    document.notes(&relations)?;
    document.margins(&relations)?;
    let Document { mut package, mut draft, read, .. } = document;
    package::rest(&mut package, bytes, &read, levels, &mut draft)?;
    let stated = stated_title(&mut package, limits);
    if let Ok(Some(stated)) = stated {
        draft.entitle(&stated);
    }
    Ok(draft.finish(Kind::Docx, None))
}

/// The name of the main part: what the package calls its document (§11.3.10).
fn main_part(package: &mut Package<'_>) -> Result<String, PaperError> {
    let stated =
        package.relations("")?.into_iter().find(|relation| relation.role == "officeDocument");
    Ok(stated
        .map(|relation| relation.target)
        .filter(|target| package.contains(target))
        .unwrap_or_else(|| "word/document.xml".to_owned()))
}

fn setting(
    package: &mut Package<'_>,
    relations: &[Relation],
    limits: &Limits,
) -> Result<Setting, PaperError> {
    let mut part = |role: &str| match relations.iter().find(|relation| relation.role == role) {
        Some(relation) => package.part(&relation.target),
        None => Ok(None),
    };
    let styles = match part("styles")? {
        Some(bytes) => Styles::read(&bytes, limits.depth)?,
        None => Styles::default(),
    };
    let numbering = match part("numbering")? {
        Some(bytes) => Numbering::read(&bytes, limits.depth)?,
        None => Numbering::default(),
    };
    Ok(Setting { styles, numbering, depth: limits.depth })
}

/// The title among the core properties (ECMA-376 Part 2 §8.3); last resort, because it often
/// is that of the document this one was made from.
fn stated_title(package: &mut Package<'_>, limits: &Limits) -> Result<Option<String>, PaperError> {
    let Some(bytes) = package.part("docProps/core.xml")? else { return Ok(None) };
    let (mut inside, mut title) = (false, String::new());
    crate::xml::walk(&bytes, Kind::Docx, limits.depth, |node| {
        match node {
            crate::xml::Node::Open(tag) => inside = tag.name() == "title",
            crate::xml::Node::Text(text) if inside => title.push_str(text),
            crate::xml::Node::Text(_) => {}
            crate::xml::Node::Close(_) => inside = false,
        }
        Ok(())
    })?;
    Ok(Some(title))
}

struct Document<'a> {
    package: Package<'a>,
    setting: Setting,
    draft: Draft<'a>,
    /// The parts that were read, in lower case.
    read: HashSet<String>,
}

impl Document<'_> {
    fn body(&mut self, main: &str, relations: &[Relation]) -> Result<(), PaperError> {
        let bytes = self.package.needed(main)?;
        self.read.insert(main.to_ascii_lowercase());
        let targets = targets(relations);
        let (text, heads) =
            story::read(&bytes, "正文", &targets, &mut self.setting, &mut self.draft)?;
        if let Some(title) = title::of(&heads) {
            self.draft.entitle(&title);
        }
        self.draft.part("正文", &text)
    }

    fn notes(&mut self, relations: &[Relation]) -> Result<(), PaperError> {
        for relation in relations.iter().filter(|relation| !relation.external) {
            match relation.role.as_str() {
                "footnotes" => self.margin(relation, "脚注")?,
                "endnotes" => self.margin(relation, "尾注")?,
                "comments" => {
                    if let Some(bytes) = self.package.part(&relation.target)? {
                        self.read.insert(relation.target.to_ascii_lowercase());
                        let result = comments::read(&bytes, &mut self.draft);
                        self.forgive(&relation.target, result)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn margins(&mut self, relations: &[Relation]) -> Result<(), PaperError> {
        for relation in relations.iter().filter(|relation| !relation.external) {
            match relation.role.as_str() {
                "header" => self.margin(relation, "页眉")?,
                "footer" => self.margin(relation, "页脚")?,
                _ => {}
            }
        }
        Ok(())
    }

    fn margin(&mut self, relation: &Relation, name: &str) -> Result<(), PaperError> {
        let part = &relation.target;
        if !self.read.insert(part.to_ascii_lowercase()) {
            return Ok(());
        }
        let Some(bytes) = self.package.part(part)? else { return Ok(()) };
        let targets = targets(&self.package.relations(part)?);
        let result = story::read(&bytes, name, &targets, &mut self.setting, &mut self.draft)
            .and_then(|(text, _)| self.draft.margin(name, &shape::without_page_numbers(&text)));
        self.forgive(part, result)
    }

    /// Damage to a part beside the body is reported, and the body is read all the same.
    fn forgive(&mut self, part: &str, result: Result<(), PaperError>) -> Result<(), PaperError> {
        match result {
            Err(PaperError::Broken { .. }) => {
                self.draft.unread(part, Why::Damaged);
                Ok(())
            }
            result => result,
        }
    }
}

fn targets(relations: &[Relation]) -> HashMap<String, String> {
    relations.iter().map(|relation| (relation.id.clone(), relation.target.clone())).collect()
}

#[cfg(test)]
mod tests;
