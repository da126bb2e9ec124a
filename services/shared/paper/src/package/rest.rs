//! The parts of a package that no reader of documents or workbooks asks for: properties,
//! links, pictures, objects, programs, data. All of it is published with the file.

use std::collections::HashSet;

use super::Package;
use super::relations::source_of;
use crate::draft::Draft;
use crate::error::PaperError;
use crate::paper::{How, Why};
use crate::shape;
use crate::xml::{self, Node};

/// Parts that hold nothing a person wrote: they say how things look.
const LOOKS: [&str; 10] = [
    "theme/",
    "fonttable.xml",
    "websettings.xml",
    "styleswitheffects.xml",
    "styles.xml",
    "numbering.xml",
    "[content_types].xml",
    "calcchain.xml",
    "/styles",
    "/colors",
];

/// Reads every part that is not in `read` (names in lower case).
pub(crate) fn rest(
    package: &mut Package<'_>,
    file: &[u8],
    read: &HashSet<String>,
    levels: u8,
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    for name in package.names() {
        let lower = name.to_ascii_lowercase();
        if read.contains(&lower) {
            continue;
        }
        if lower.rsplit_once('.').is_some_and(|(_, extension)| extension == "rels") {
            links(package, &name, draft)?;
        } else if !LOOKS.iter().any(|look| lower.ends_with(look) || lower.contains(look)) {
            one(package, &name, &lower, levels, draft)?;
        }
    }
    package.beyond(file, draft)
}

fn one(
    package: &mut Package<'_>,
    name: &str,
    lower: &str,
    levels: u8,
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "png" | "jpg" | "jpeg" | "gif" | "bmp" | "tif" | "tiff" | "emf" | "wmf" | "svg" | "wdp"
        | "webp" | "ico" => draft.unread(name, Why::Picture),
        "xml" | "vml" => return xml_part(package, name, lower, draft),
        _ if lower.contains("vbaproject") || lower.contains("macrosheets") => {
            draft.unread(name, Why::Macro);
        }
        _ if lower.contains("printersettings") => return printer(package, name, draft),
        "odttf" | "fntdata" | "ttf" => {}
        _ if lower.contains("embeddings/") => return embedded(package, name, levels, draft),
        _ => draft.unread(name, Why::Unknown),
    }
    Ok(())
}

/// Where the links of a part lead outside the package, paths of a computer among them.
fn links(package: &mut Package<'_>, name: &str, draft: &mut Draft<'_>) -> Result<(), PaperError> {
    let Some(source) = source_of(name) else { return Ok(()) };
    // Damaged relationships are those of one part, not of the file.
    let Ok(relations) = package.relations(&source) else {
        draft.unread(name, Why::Damaged);
        return Ok(());
    };
    for relation in relations.iter().filter(|relation| relation.external) {
        draft.hide(How::Link, &format!("{source} {}", relation.role), &relation.target)?;
    }
    Ok(())
}

fn xml_part(
    package: &mut Package<'_>,
    name: &str,
    lower: &str,
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    let Some(bytes) = package.part(name)? else { return Ok(()) };
    let result = if lower.starts_with("docprops/") {
        properties(package, &bytes, draft)
    } else if lower.ends_with("settings.xml") {
        settings(package, name, &bytes, draft)
    } else {
        let chart = lower.contains("chart") || lower.contains("diagrams/");
        let how = if chart { How::AltText } else { How::Data };
        xml::all_text(&bytes, package.kind, package.limits.depth)
            .and_then(|text| draft.hide(how, name, &without_blank_lines(&text)))
    };
    match result {
        Err(PaperError::Broken { .. }) => {
            draft.unread(name, Why::Damaged);
            Ok(())
        }
        result => result,
    }
}

fn without_blank_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.join("\n")
}

/// Core, extended and custom properties (ECMA-376 Part 2 §8, Part 1 §22.2 and §22.3): every
/// element with text, but for counts and switches.
fn properties(
    package: &Package<'_>,
    bytes: &[u8],
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    let mut name = String::new();
    let mut text = String::new();
    xml::walk(bytes, package.kind, package.limits.depth, |node| {
        match node {
            Node::Open(tag) => {
                // The element of a custom property is called by its type.
                let own = tag.name() == "property";
                if own {
                    name = tag.attribute("name").unwrap_or_default();
                } else if !is_type(&tag.name()) || name.is_empty() {
                    name = tag.name();
                }
                text.clear();
            }
            Node::Text(part) => text.push_str(part),
            Node::Close(_) => {
                let value = shape::one_line(&std::mem::take(&mut text));
                let tells = value.parse::<f64>().is_err()
                    && !matches!(value.as_str(), "" | "true" | "false");
                if tells {
                    draft.hide(How::Property, &format!("文档属性 {name}"), &value)?;
                }
            }
        }
        Ok(())
    })
}

/// Whether an element names the type of a value and not a property.
fn is_type(name: &str) -> bool {
    name.starts_with("lp")
        || matches!(name, "vector" | "variant" | "i4" | "r8" | "bool" | "filetime" | "bstr")
}

/// Settings that hold text: variables, and where the data of a mail merge lies
/// (ECMA-376 Part 1 §17.15.1.33 and §17.14).
fn settings(
    package: &Package<'_>,
    place: &str,
    bytes: &[u8],
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    xml::walk(bytes, package.kind, package.limits.depth, |node| {
        let Node::Open(tag) = node else { return Ok(()) };
        let wanted = matches!(
            tag.name().as_str(),
            "docVar"
                | "query"
                | "connectString"
                | "mailSubject"
                | "addressFieldName"
                | "udl"
                | "table"
                | "mappedName"
                | "alias"
                | "writeProtection"
        );
        if wanted {
            let values: Vec<String> =
                tag.attributes().into_iter().map(|(_, value)| value).collect();
            draft.hide(How::Data, &format!("{place} {}", tag.name()), &values.join("："))?;
        }
        Ok(())
    })
}

/// The name of the printer that a sheet was last printed on: a device name of 32 UTF-16
/// units at the beginning (DEVMODEW).
fn printer(package: &mut Package<'_>, name: &str, draft: &mut Draft<'_>) -> Result<(), PaperError> {
    let Some(bytes) = package.part(name)? else { return Ok(()) };
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .take(32)
        .filter_map(|pair| pair.try_into().ok().map(u16::from_le_bytes))
        .take_while(|unit| *unit != 0)
        .collect();
    draft.hide(How::Property, "打印机名称", &String::from_utf16_lossy(&units))
}

/// A file within the file: read like any other, all of it hidden.
fn embedded(
    package: &mut Package<'_>,
    name: &str,
    levels: u8,
    draft: &mut Draft<'_>,
) -> Result<(), PaperError> {
    draft.hide(How::Embedded, "嵌入的文件名", name)?;
    let Some(bytes) = package.part(name)? else { return Ok(()) };
    match crate::read::inner(&bytes, name, package.limits, levels) {
        Some(Ok(paper)) => draft.embed(name, paper),
        Some(Err(PaperError::Encrypted(_))) => {
            draft.unread(name, Why::Locked);
            Ok(())
        }
        // A bomb or a flood of text within is one of the whole file.
        Some(Err(error @ (PaperError::Bomb(_) | PaperError::TooMuchText { .. }))) => Err(error),
        Some(Err(_)) => {
            draft.unread(name, Why::Object);
            Ok(())
        }
        None => {
            draft.unread(name, Why::Deep);
            Ok(())
        }
    }
}
