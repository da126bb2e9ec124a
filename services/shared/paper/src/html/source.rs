//! What the source of a page says and a reader does not see: attributes, remarks, scripts.

use std::collections::HashSet;

use super::tree::{Data, Element, Id, Tree};
use crate::draft::Draft;
use crate::error::PaperError;
use crate::paper::How;

/// Reads all attributes, remarks and scripts of a page.
pub(super) fn read(tree: &Tree, draft: &mut Draft<'_>) -> Result<(), PaperError> {
    let mut links = HashSet::new();
    for (id, node) in tree.nodes.iter().enumerate() {
        match &node.data {
            Data::Remark(remark) => draft.hide(How::Remark, "网页源代码", remark)?,
            Data::Element(element) => {
                raw(tree, id, draft)?;
                attributes(element, &mut links, draft)?;
            }
            Data::Text(_) => {}
        }
    }
    Ok(())
}

/// The content of elements that hold no markup.
fn raw(tree: &Tree, id: Id, draft: &mut Draft<'_>) -> Result<(), PaperError> {
    let (how, name) = match tree.name(id) {
        "script" => (How::Script, "脚本"),
        "style" => (How::Script, "样式表"),
        "iframe" | "noembed" | "xmp" => (How::Element, "框架"),
        "textarea" => (How::Form, "输入框"),
        _ => return Ok(()),
    };
    for child in tree.children(id) {
        if let Some(Data::Text(text)) = tree.nodes.get(*child).map(|node| &node.data) {
            draft.hide(how, name, text)?;
        }
    }
    Ok(())
}

fn attributes(
    element: &Element,
    links: &mut HashSet<String>,
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    let name = element.name.as_str();
    if name == "meta" {
        let key = ["name", "property", "http-equiv"].iter().find_map(|key| element.attribute(key));
        let place = format!("网页属性 {}", key.unwrap_or_default());
        return draft.hide(
            How::Property,
            place.trim_end(),
            element.attribute("content").unwrap_or_default(),
        );
    }
    for (key, value) in &element.attributes {
        match key.as_str() {
            "href" | "src" | "action" | "data" | "cite" | "background" | "srcset" | "poster" => {
                // A picture written into the page is reported as a picture.
                let address = if value.starts_with("data:") { "" } else { value.as_str() };
                if !address.is_empty() && links.insert(address.to_owned()) {
                    draft.hide(How::Link, &format!("<{name}>"), address)?;
                }
            }
            "alt" | "title" | "placeholder" | "summary" | "aria-label" | "label" => {
                draft.hide(How::AltText, &format!("<{name}>"), value)?;
            }
            "value" => draft.hide(How::Form, &format!("<{name}>"), value)?,
            "class" | "id" | "style" => {}
            _ if key.starts_with("on") => {
                draft.hide(How::Script, &format!("<{name} {key}>"), value)?;
            }
            _ if key.starts_with("data-") || !value.is_ascii() => {
                draft.hide(How::Data, &format!("<{name} {key}>"), value)?;
            }
            _ => {}
        }
    }
    Ok(())
}
