//! What a PDF holds beside its pages: every string and stream of every object that says
//! something (ISO 32000-2 §12 and §14).

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, MaybeRef, Name, Object, Stream};

use super::string;
use crate::draft::Draft;
use crate::error::PaperError;
use crate::paper::{How, Kind, Why};
use crate::xml;

/// Arrays and dictionaries within one another.
const DEEPEST: usize = 24;

/// Strings that are no text: hashes, keys, numbers of characters, colours.
const BYTES: [&[u8]; 20] = [
    b"ID",
    b"O",
    b"U",
    b"OE",
    b"UE",
    b"Perms",
    b"CheckSum",
    b"Registry",
    b"Ordering",
    b"Lookup",
    b"Panose",
    b"DA",
    b"CharSet",
    b"Cert",
    b"ByteRange",
    b"FontFamily",
    b"Lang",
    b"PTEX.Fullbanner",
    b"Indexed",
    b"CIDSet",
];

/// Reads every object of a file.
pub(super) fn read(pdf: &Pdf, levels: u8, draft: &mut Draft<'_>) -> Result<(), PaperError> {
    let mut sweep = Sweep { draft, levels, seen: HashSet::new() };
    for object in pdf.objects() {
        sweep.object(&object)?;
    }
    Ok(())
}

struct Sweep<'s, 'd> {
    draft: &'s mut Draft<'d>,
    levels: u8,
    /// What was noted; structure repeats itself.
    seen: HashSet<(How, String)>,
}

impl Sweep<'_, '_> {
    fn object(&mut self, object: &Object<'_>) -> Result<(), PaperError> {
        match object {
            Object::Dict(dict) => self.dict(dict, 0),
            Object::Array(array) => {
                for item in array.raw_iter() {
                    if let MaybeRef::NotRef(item) = item {
                        self.value(b"", &item, How::Data, 1)?;
                    }
                }
                Ok(())
            }
            Object::Stream(stream) => {
                self.dict(stream.dict(), 0)?;
                self.stream(stream)
            }
            Object::String(_) => self.value(b"", object, How::Data, 0),
            _ => Ok(()),
        }
    }

    fn dict(&mut self, dict: &Dict<'_>, depth: usize) -> Result<(), PaperError> {
        if depth > DEEPEST {
            self.draft.unread("PDF 对象", Why::Deep);
            return Ok(());
        }
        let how = role(dict);
        // Signatures and fonts hold keys and outlines under these names.
        let binary = how.is_none();
        for (key, value) in dict.entries() {
            let MaybeRef::NotRef(value) = value else { continue };
            if !(binary && matches!(value, Object::String(_))) {
                self.value(&key, &value, how_of(&key, how.unwrap_or(How::Data)), depth + 1)?;
            }
        }
        Ok(())
    }

    fn value(
        &mut self,
        key: &[u8],
        value: &Object<'_>,
        how: How,
        depth: usize,
    ) -> Result<(), PaperError> {
        match value {
            Object::String(bytes) if !BYTES.contains(&key) => {
                let Some(text) = string::decoded(bytes.as_bytes()) else { return Ok(()) };
                if text.trim().is_empty() || !self.seen.insert((how, text.clone())) {
                    return Ok(());
                }
                // What is remembered is held twice.
                self.draft.spend(text.len())?;
                let key = String::from_utf8_lossy(key);
                self.draft.hide(how, format!("PDF 对象 {key}").trim_end(), &text)
            }
            Object::Dict(dict) => self.dict(dict, depth),
            Object::Array(array) if depth <= DEEPEST => {
                for item in array.raw_iter() {
                    if let MaybeRef::NotRef(item) = item {
                        self.value(key, &item, how, depth + 1)?;
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Streams that are no content of pages: metadata, files, programs.
    fn stream(&mut self, stream: &Stream<'_>) -> Result<(), PaperError> {
        let dict = stream.dict();
        let kind = dict.get::<Name<'_>>("Type");
        let subtype = dict.get::<Name<'_>>("Subtype");
        match (kind.as_deref(), subtype.as_deref()) {
            (Some(b"Metadata"), _) | (_, Some(b"XML")) => self.metadata(stream),
            (Some(b"EmbeddedFile"), _) => self.file(stream),
            (Some(b"XRef" | b"ObjStm" | b"XObject" | b"Pattern" | b"CMap" | b"Sound"), _)
            | (_, Some(b"Image" | b"Form")) => Ok(()),
            _ if dict.contains_key("Params") && kind.is_none() => self.file(stream),
            _ => Ok(()),
        }
    }

    fn metadata(&mut self, stream: &Stream<'_>) -> Result<(), PaperError> {
        let Ok(data) = stream.decoded_data() else {
            self.draft.unread("XMP 元数据", Why::Damaged);
            return Ok(());
        };
        let mut text = String::new();
        let walked = xml::walk(&data, Kind::Pdf, self.draft.limits.depth, |node| {
            match node {
                xml::Node::Text(part) => text.push_str(part.trim()),
                xml::Node::Open(tag) => {
                    text.push('\n');
                    let values = tag.attributes().into_iter();
                    for (_, value) in values.filter(|(_, value)| !value.starts_with("http://")) {
                        text.push_str(&value);
                        text.push('\n');
                    }
                }
                xml::Node::Close(_) => text.push('\n'),
            }
            Ok(())
        });
        if matches!(walked, Err(PaperError::Broken { .. })) {
            text = String::from_utf8_lossy(&data).into_owned();
        }
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        self.draft.hide(How::Property, "XMP 元数据", &lines.join("\n"))
    }

    fn file(&mut self, stream: &Stream<'_>) -> Result<(), PaperError> {
        let place = "PDF 中嵌入的文件";
        let Ok(data) = stream.decoded_data() else {
            self.draft.unread(place, Why::Damaged);
            return Ok(());
        };
        match crate::read::inner(&data, "", self.draft.limits, self.levels) {
            Some(Ok(paper)) => self.draft.embed(place, paper),
            Some(Err(error @ (PaperError::Bomb(_) | PaperError::TooMuchText { .. }))) => Err(error),
            Some(Err(PaperError::Encrypted(_))) => {
                self.draft.unread(place, Why::Locked);
                Ok(())
            }
            Some(Err(_)) => {
                self.draft.unread(place, Why::Object);
                Ok(())
            }
            None => {
                self.draft.unread(place, Why::Deep);
                Ok(())
            }
        }
    }
}

/// What the strings of a dictionary are, by its type; `None` where they are no text.
fn role(dict: &Dict<'_>) -> Option<How> {
    let kind = dict.get::<Name<'_>>("Type");
    let subtype = dict.get::<Name<'_>>("Subtype");
    match (kind.as_deref(), subtype.as_deref()) {
        (Some(b"Font" | b"FontDescriptor" | b"ObjStm" | b"XRef" | b"CMap"), _) => None,
        (Some(b"Annot"), _) => Some(How::Annotation),
        (Some(b"Filespec" | b"F" | b"EmbeddedFile"), _) => Some(How::Embedded),
        (Some(b"StructElem"), _) => Some(How::AltText),
        (Some(b"OCG"), _) => Some(How::Layer),
        (Some(b"Sig"), _) => Some(How::Property),
        // An encryption dictionary has no type of its own.
        _ if dict.contains_key("CFM")
            || (dict.contains_key("V") && dict.contains_key("R") && dict.contains_key("O")) =>
        {
            None
        }
        _ if dict.contains_key("FT") => Some(How::Form),
        _ if dict.contains_key("Producer") || dict.contains_key("CreationDate") => {
            Some(How::Property)
        }
        _ => Some(How::Data),
    }
}

/// What a string is, by its key.
fn how_of(key: &[u8], usual: How) -> How {
    match key {
        b"URI" => How::Link,
        b"JS" => How::Script,
        b"Alt" | b"ActualText" | b"E" => How::AltText,
        b"Title" | b"Author" | b"Subject" | b"Keywords" | b"Creator" | b"Producer" | b"Company"
            if usual == How::Data =>
        {
            How::Property
        }
        b"UF" | b"F" if usual == How::Data => How::Link,
        b"Dest" | b"Names" => How::Name,
        _ => usual,
    }
}
