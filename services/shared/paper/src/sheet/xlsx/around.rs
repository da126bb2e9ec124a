//! What belongs to a sheet and lies in parts of its own: comments, drawings, tables.

use std::collections::{HashMap, HashSet};

use super::book::Entry;
use crate::draft::Draft;
use crate::error::PaperError;
use crate::limits::Limits;
use crate::package::Package;
use crate::paper::{How, Kind, Why};
use crate::xml::{self, Node};

/// Reads what a sheet refers to.
pub(super) fn read(
    package: &mut Package<'_>,
    sheet: &Entry,
    limits: &Limits,
    read: &mut HashSet<String>,
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    let place = format!("工作表“{}”", sheet.name);
    for relation in package.relations(&sheet.part)? {
        let known = matches!(
            relation.role.as_str(),
            "comments" | "threadedComment" | "drawing" | "vmlDrawing"
        );
        if !known || relation.external || !read.insert(relation.target.to_ascii_lowercase()) {
            continue;
        }
        let Some(content) = package.part(&relation.target)? else { continue };
        let result = match relation.role.as_str() {
            "comments" | "threadedComment" => comments(&content, &place, limits, draft),
            _ => drawing(&content, &place, sheet.hidden, limits, draft),
        };
        match result {
            Err(PaperError::Broken { .. }) => draft.unread(&relation.target, Why::Damaged),
            result => result?,
        }
        for inner in package.relations(&relation.target)? {
            match inner.role.as_str() {
                "image" => draft.unread(&format!("{place} {}", inner.target), Why::Picture),
                "oleObject" | "package" => {
                    draft.unread(&format!("{place} {}", inner.target), Why::Object);
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Comments on cells with their authors (§18.7).
fn comments(
    content: &[u8],
    place: &str,
    limits: &Limits,
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    let mut authors: Vec<String> = Vec::new();
    let (mut author, mut cell, mut text) = (String::new(), String::new(), String::new());
    let mut capture = "";
    let mut numbers: HashMap<String, usize> = HashMap::new();
    xml::walk(content, Kind::Xlsx, limits.depth, |node| {
        match node {
            Node::Open(tag) => match tag.name().as_str() {
                "author" => {
                    authors.push(String::new());
                    capture = "author";
                }
                "comment" | "threadedComment" => {
                    cell = tag.attribute("ref").unwrap_or_default();
                    let index =
                        tag.attribute("authorId").and_then(|index| index.parse::<usize>().ok());
                    author =
                        index.and_then(|index| authors.get(index)).cloned().unwrap_or_default();
                    text.clear();
                }
                "t" | "text" => capture = "text",
                _ => {}
            },
            Node::Text(part) => match (capture, authors.last_mut()) {
                ("author", Some(author)) => author.push_str(part),
                ("text", _) => {
                    draft.spend(part.len())?;
                    text.push_str(part);
                }
                _ => {}
            },
            Node::Close(name) => match name.as_str() {
                "author" | "t" | "text" => capture = "",
                "comment" | "threadedComment" => {
                    *numbers.entry(cell.clone()).or_default() += 1;
                    draft.hide(
                        How::Comment,
                        &format!("{place} {cell}"),
                        &format!("{author}：{text}"),
                    )?;
                }
                _ => {}
            },
        }
        Ok(())
    })
}

/// Text boxes of a drawing, which are seen, and replacement texts (§20.5 and §21.1).
fn drawing(
    content: &[u8],
    place: &str,
    hidden: bool,
    limits: &Limits,
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    let mut text = String::new();
    let mut inside = false;
    xml::walk(content, Kind::Xlsx, limits.depth, |node| {
        match node {
            Node::Open(tag) => match tag.name().as_str() {
                "t" | "textbox" => inside = true,
                "cNvPr" | "shape" => {
                    for key in ["descr", "title", "alt"] {
                        draft.hide(How::AltText, place, &tag.attribute(key).unwrap_or_default())?;
                    }
                }
                _ => {}
            },
            Node::Text(part) if inside => {
                draft.spend(part.len())?;
                text.push_str(part);
            }
            Node::Text(_) => {}
            Node::Close(name) => match name.as_str() {
                "t" | "textbox" => inside = false,
                "p" | "div" => text.push('\n'),
                _ => {}
            },
        }
        Ok(())
    })?;
    if hidden {
        draft.hide(How::Sheet, &format!("{place}文本框"), &text)
    } else {
        draft.margin(&format!("{place}文本框"), &text)
    }
}
