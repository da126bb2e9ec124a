//! What styles say of paragraphs and characters (ECMA-376 Part 1 §17.7).

use std::collections::HashMap;

use crate::error::PaperError;
use crate::paper::Kind;
use crate::xml::{self, Node};

/// Styles rest on others at most so many levels deep; a circle is left here.
const CHAIN: usize = 16;

/// What of a style matters for its text.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    name: String,
    base: Option<String>,
    vanish: Option<bool>,
    centred: Option<bool>,
    list: Option<String>,
    level: Option<usize>,
}

/// The styles of a document, by id.
#[derive(Debug, Default)]
pub(super) struct Styles(HashMap<String, Style>);

impl Styles {
    pub(super) fn read(bytes: &[u8], depth: usize) -> Result<Self, PaperError> {
        let mut styles = HashMap::new();
        let mut current: Option<(String, Style)> = None;
        xml::walk(bytes, Kind::Docx, depth, |node| {
            match node {
                Node::Open(tag) if tag.name() == "style" => {
                    let id = tag.attribute("styleId").unwrap_or_default();
                    current = Some((id, Style::default()));
                }
                Node::Open(tag) => {
                    let Some((_, style)) = &mut current else { return Ok(()) };
                    let value = tag.attribute("val");
                    match tag.name().as_str() {
                        "name" => style.name = value.unwrap_or_default(),
                        "basedOn" => style.base = value,
                        "vanish" => style.vanish = Some(tag.is_on()),
                        "jc" => style.centred = value.map(|value| value == "center"),
                        "numId" => style.list = value,
                        "ilvl" => style.level = value.and_then(|value| value.parse().ok()),
                        _ => {}
                    }
                }
                Node::Close(name) if name == "style" => styles.extend(current.take()),
                _ => {}
            }
            Ok(())
        })?;
        Ok(Self(styles))
    }

    /// A style and those it rests on, nearest first.
    fn chain<'a>(&'a self, id: &str) -> impl Iterator<Item = &'a Style> {
        let first = self.0.get(id);
        std::iter::successors(first, |style| self.0.get(style.base.as_deref()?)).take(CHAIN)
    }

    pub(super) fn vanishes(&self, id: &str) -> bool {
        self.chain(id).find_map(|style| style.vanish).unwrap_or(false)
    }

    pub(super) fn is_centred(&self, id: &str) -> bool {
        self.chain(id).find_map(|style| style.centred).unwrap_or(false)
    }

    /// Whether it is the built-in style of titles, whose name is the same in every language.
    pub(super) fn is_title(&self, id: &str) -> bool {
        self.chain(id).take(2).any(|style| style.name.eq_ignore_ascii_case("title"))
    }

    /// The list a style belongs to and its level in it.
    pub(super) fn list(&self, id: &str) -> Option<(&str, Option<usize>)> {
        self.chain(id).find_map(|style| Some((style.list.as_deref()?, style.level)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_rest_on_others_and_circles_end() {
        let source = r#"<w:styles><w:style w:styleId="a"><w:name w:val="Title"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:styleId="b"><w:basedOn w:val="a"/><w:pPr><w:jc w:val="center"/></w:pPr></w:style>
<w:style w:styleId="c"><w:basedOn w:val="d"/></w:style><w:style w:styleId="d"><w:basedOn w:val="c"/></w:style></w:styles>"#;
        let styles = Styles::read(source.as_bytes(), 16).unwrap();
        assert!(styles.vanishes("b") && styles.is_centred("b") && styles.is_title("b"));
        assert!(!styles.is_centred("a") && !styles.vanishes("c") && !styles.is_title("x"));
    }
}
