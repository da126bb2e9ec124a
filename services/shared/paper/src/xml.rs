//! XML, read as a stream with a limit on its depth.
//!
//! Entities of a document type are never expanded, so that they cannot multiply.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Excess, PaperError};
use crate::paper::Kind;

/// What a walk meets. Every `Open` is followed by its `Close`, also where the source has one
/// empty tag.
pub(crate) enum Node<'a> {
    Open(Tag<'a>),
    /// The local name of what ends.
    Close(String),
    Text(&'a str),
}

/// The start of an element. Names are local: prefixes are the writer's choice.
pub(crate) struct Tag<'a>(&'a BytesStart<'a>);

impl Tag<'_> {
    pub(crate) fn name(&self) -> String {
        self.0.local_name().as_ref().to_owned()
    }

    /// The value of an attribute, by its local name.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.attributes().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// All attributes that can be read, by local name.
    pub(crate) fn attributes(&self) -> Vec<(String, String)> {
        // Attributes written twice or wrongly are passed over, not an error: what matters
        // is what can be read.
        let mut attributes = self.0.attributes();
        attributes
            .with_checks(false)
            .flatten()
            .map(|attribute| {
                let value = unescaped(&attribute.value);
                (attribute.key.local_name().as_ref().to_owned(), value)
            })
            .collect()
    }

    /// Whether a switch such as `<w:b/>` is on: without a value, or with `1`, `true` or `on`
    /// (ECMA-376 Part 1 §22.9.2.7).
    pub(crate) fn is_on(&self) -> bool {
        self.attribute("val").is_none_or(|value| !matches!(value.as_str(), "0" | "false" | "off"))
    }
}

/// Goes through a document in its order.
pub(crate) fn walk<F>(bytes: &[u8], kind: Kind, most: usize, mut visit: F) -> Result<(), PaperError>
where
    F: FnMut(Node<'_>) -> Result<(), PaperError>,
{
    let source = source(bytes);
    let mut reader = Reader::from_str(&source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event().map_err(|error| PaperError::Broken {
            kind,
            detail: format!("XML 第 {} 字节：{error}", reader.error_position()),
        })?;
        match event {
            Event::Start(start) => {
                depth += 1;
                if depth > most {
                    return Err(PaperError::Bomb(Excess::Depth));
                }
                visit(Node::Open(Tag(&start)))?;
            }
            Event::Empty(start) => {
                visit(Node::Open(Tag(&start)))?;
                visit(Node::Close(start.local_name().as_ref().to_owned()))?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                visit(Node::Close(end.local_name().as_ref().to_owned()))?;
            }
            Event::Text(text) => visit(Node::Text(&text))?,
            Event::CData(text) => visit(Node::Text(&text))?,
            Event::GeneralRef(reference) => visit(Node::Text(&resolved(&reference)))?,
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// All text of a document that is not blank, one line for each element.
pub(crate) fn all_text(bytes: &[u8], kind: Kind, depth: usize) -> Result<String, PaperError> {
    let mut text = String::new();
    walk(bytes, kind, depth, |node| {
        match node {
            Node::Text(part) => text.push_str(part),
            Node::Open(tag) => {
                text.push('\n');
                for (_, value) in tag.attributes() {
                    // Only what a person wrote: words of other scripts, addresses, numbers.
                    if !value.is_ascii() || value.contains('@') {
                        text.push_str(&value);
                        text.push('\n');
                    }
                }
            }
            Node::Close(_) => text.push('\n'),
        }
        Ok(())
    })?;
    Ok(text)
}

/// The characters of a document: XML is in UTF-8 unless a mark or a declaration says
/// otherwise (XML 1.0 §4.3.3).
fn source(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes)).into_owned();
    let declared = head.split("encoding=").nth(1).and_then(|rest| {
        let quote = rest.chars().next().filter(|ch| matches!(ch, '"' | '\''))?;
        rest.get(1..)?.split(quote).next()
    });
    match crate::encoding::decode(bytes, declared) {
        Ok(decoded) => decoded.text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// What a reference stands for; an unknown one stands for itself.
fn resolved(name: &str) -> String {
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    match (number.and_then(char::from_u32), resolve_xml_entity(name)) {
        (Some(ch), _) => ch.to_string(),
        (None, Some(known)) => known.to_owned(),
        (None, None) => format!("&{name};"),
    }
}

fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match after.split_once(';').filter(|(name, _)| name.len() < 12) {
            Some((name, behind)) => {
                out.push_str(&resolved(name));
                rest = behind;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> Result<String, PaperError> {
        let mut out = String::new();
        walk(source.as_bytes(), Kind::Docx, 8, |node| {
            match node {
                Node::Open(tag) => {
                    out.push_str(&format!("<{}", tag.name()));
                    for (key, value) in tag.attributes() {
                        out.push_str(&format!(" {key}={value}"));
                    }
                    out.push('>');
                }
                Node::Close(name) => out.push_str(&format!("</{name}>")),
                Node::Text(text) => out.push_str(text),
            }
            Ok(())
        })?;
        Ok(out)
    }

    #[test]
    fn names_are_local_and_references_resolved() {
        let source = r#"<?xml version="1.0"?><w:p w:a="&lt;&#x7532;"><w:t>A&amp;&#20057;<![CDATA[<]]></w:t><w:br/></w:p>"#;
        assert_eq!(shown(source).unwrap(), "<p a=<甲><t>A&乙<</t><br></br></p>");
    }

    #[test]
    fn entities_of_a_document_type_are_not_expanded() {
        let source = r#"<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>"#;
        assert_eq!(shown(source).unwrap(), "<a>&c;</a>");
    }

    #[test]
    fn depth_is_limited() {
        assert_eq!(shown(&"<a>".repeat(9)).unwrap_err(), PaperError::Bomb(Excess::Depth));
        assert!(shown(&"<a/>".repeat(9)).is_ok());
    }

    #[test]
    fn other_encodings_are_read() {
        let source = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>甲</a>";
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend(source.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(all_text(&bytes, Kind::Docx, 8).unwrap().trim(), "甲");
    }
}
