//! Comments (ECMA-376 Part 1 §17.13.4).

use crate::draft::Draft;
use crate::error::PaperError;
use crate::paper::{How, Kind};
use crate::xml::{self, Node};

/// Notes every comment with its author.
pub(super) fn read(bytes: &[u8], draft: &mut Draft<'_>) -> Result<(), PaperError> {
    let depth = draft.limits.depth;
    let mut author = String::new();
    let mut text = String::new();
    let mut shown = false;
    let mut number = 0;
    xml::walk(bytes, Kind::Docx, depth, |node| {
        match node {
            Node::Open(tag) => match tag.name().as_str() {
                "comment" => {
                    let value = |key: &str| tag.attribute(key).unwrap_or_default();
                    author = format!(
                        "{}（{}，{}）：",
                        value("author"),
                        value("initials"),
                        value("date")
                    );
                    text.clear();
                    number += 1;
                }
                "t" | "delText" | "instrText" => shown = true,
                "tab" | "br" => text.push(' '),
                _ => {}
            },
            Node::Text(part) if shown => {
                draft.spend(part.len())?;
                text.push_str(part);
            }
            Node::Text(_) => {}
            Node::Close(name) => match name.as_str() {
                "comment" => {
                    let comment = format!("{author}{text}");
                    draft.hide(How::Comment, &format!("批注{number}"), &comment)?;
                }
                "p" => text.push('\n'),
                "t" | "delText" | "instrText" => shown = false,
                _ => {}
            },
        }
        Ok(())
    })
}
