//! What a file is, by its content; its name only tells CSV from other text.

use std::io::{Cursor, Read};

use crate::error::{Excess, Lookalike, PaperError};
use crate::limits::Limits;
use crate::paper::Kind;

/// How much of a file is looked at for marks of web pages and PDF.
const HEAD: usize = 1024;

/// What a file is. `name` is the name it was uploaded under, if there was one.
///
/// # Errors
///
/// What is not read says what it looks like; a compound file that holds an encrypted
/// package says so.
pub fn kind_of(bytes: &[u8], name: Option<&str>) -> Result<Kind, PaperError> {
    if bytes.is_empty() {
        return Err(PaperError::Empty);
    }
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    // Readers of PDF look for the mark in the first 1024 bytes (ISO 32000-1 annex H.3).
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Ok(Kind::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return package(bytes, name);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return compound(bytes);
    }
    if let Some(lookalike) = by_mark(head) {
        return Err(lookalike.into());
    }
    textual(head, name)
}

/// Marks at the beginning of files that are not read.
fn by_mark(head: &[u8]) -> Option<Lookalike> {
    const MARKS: [(&[u8], Lookalike); 22] = [
        (b"\x89PNG\r\n\x1a\n", Lookalike::Picture),
        (b"\xFF\xD8\xFF", Lookalike::Picture),
        (b"GIF8", Lookalike::Picture),
        (b"II*\0", Lookalike::Picture),
        (b"MM\0*", Lookalike::Picture),
        (b"\0\0\x01\0", Lookalike::Picture),
        (b"8BPS", Lookalike::Picture),
        (b"{\\rtf", Lookalike::Rtf),
        (b"7z\xBC\xAF\x27\x1C", Lookalike::Archive),
        (b"Rar!\x1a\x07", Lookalike::Archive),
        (b"\x1F\x8B\x08", Lookalike::Archive),
        (b"BZh", Lookalike::Archive),
        (b"\xFD7zXZ\0", Lookalike::Archive),
        (b"\x28\xB5\x2F\xFD", Lookalike::Archive),
        (b"PK\x07\x08", Lookalike::Archive),
        (b"\x7FELF", Lookalike::Program),
        (b"ID3", Lookalike::Media),
        (b"OggS", Lookalike::Media),
        (b"fLaC", Lookalike::Media),
        (b"\x1A\x45\xDF\xA3", Lookalike::Media),
        (b"MIME-Version:", Lookalike::Xml),
        (b"%!PS", Lookalike::Unknown),
    ];
    if let Some((_, lookalike)) = MARKS.iter().find(|(mark, _)| head.starts_with(mark)) {
        return Some(*lookalike);
    }
    let at = |from: usize, to: usize| head.get(from..to).unwrap_or_default();
    match (at(0, 4), at(4, 8), at(8, 12)) {
        (b"RIFF", _, b"WEBP") | (_, b"ftyp", b"heic" | b"heix" | b"mif1" | b"avif") => {
            Some(Lookalike::Picture)
        }
        (b"RIFF", ..) | (_, b"ftyp", _) => Some(Lookalike::Media),
        // Text may begin with these letters; programs and bitmaps hold zeros soon after.
        ([b'M', b'Z', ..], ..) if head.contains(&0) => Some(Lookalike::Program),
        ([b'B', b'M', ..], ..) if at(6, 10) == [0; 4] => Some(Lookalike::Picture),
        _ => None,
    }
}

fn textual(head: &[u8], name: Option<&str>) -> Result<Kind, PaperError> {
    let extension = name.and_then(|name| name.rsplit_once('.')).map(|(_, end)| end.to_lowercase());
    let extension = extension.unwrap_or_default();
    // UTF-16 has a zero beside every letter of markup.
    let start: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    let start = String::from_utf8_lossy(&start).to_lowercase();
    let start = start.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    if start.starts_with('<') {
        let page =
            ["<html", "<!doctype html", "<head", "<body", "<div", "<p>", "<p ", "<table", "<meta"];
        if start.starts_with("<?xml") && !start.contains("<html") {
            let office =
                start.contains("mso-application") || start.contains("schemas.microsoft.com");
            let lookalike = if office { Lookalike::Xml } else { Lookalike::Unknown };
            return Err(lookalike.into());
        }
        if page.iter().any(|mark| start.contains(mark)) {
            return Ok(Kind::Html);
        }
    }
    Ok(match extension.as_str() {
        "html" | "htm" | "shtml" | "xhtml" => Kind::Html,
        "csv" | "tsv" => Kind::Csv,
        _ => Kind::Text,
    })
}

/// What a ZIP package holds, by the names in its directory and by its content types.
fn package(bytes: &[u8], name: Option<&str>) -> Result<Kind, PaperError> {
    let named = name.and_then(|name| name.rsplit_once('.')).map(|(_, end)| end.to_lowercase());
    let supposed = if named.as_deref() == Some("xlsx") { Kind::Xlsx } else { Kind::Docx };
    if crate::package::entries(bytes) > Limits::DEFAULT.entries {
        return Err(PaperError::Bomb(Excess::Entries));
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| PaperError::BrokenZip { kind: supposed, detail: error.to_string() })?;
    let names: Vec<String> = (0..archive.len().min(10_000))
        .filter_map(|index| archive.name_for_index(index).and_then(Result::ok))
        .map(|name| name.to_lowercase().replace('\\', "/"))
        .collect();
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let under = |folder: &str| names.iter().any(|name| name.starts_with(folder));
    if has("ofd.xml") {
        return Err(Lookalike::Ofd.into());
    }
    if has("[content_types].xml") {
        return if has("xl/workbook.bin") {
            Err(Lookalike::Xlsb.into())
        } else if has("word/document.xml") {
            Ok(Kind::Docx)
        } else if has("xl/workbook.xml") {
            Ok(Kind::Xlsx)
        } else if under("ppt/") {
            Err(Lookalike::Slides.into())
        } else {
            by_content_types(&mut archive)
        };
    }
    let mut mimetype = String::new();
    if let Ok(entry) = archive.by_name("mimetype") {
        // Enough for every media type; the rest of a long one says nothing.
        let _ = entry.take(200).read_to_string(&mut mimetype);
    }
    if mimetype.contains("opendocument") {
        return Err(Lookalike::OpenDocument.into());
    }
    Err(Lookalike::Archive.into())
}

/// Writers may name their main part as they like; its content type says what it is
/// (ECMA-376 Part 2 §7.2.3.4).
fn by_content_types(archive: &mut zip::ZipArchive<Cursor<&[u8]>>) -> Result<Kind, PaperError> {
    let mut types = Vec::new();
    if let Ok(entry) = archive.by_name("[Content_Types].xml") {
        let _ = entry.take(1 << 20).read_to_end(&mut types);
    }
    let types = String::from_utf8_lossy(&types);
    if types.contains("wordprocessingml.document") || types.contains("word.document") {
        Ok(Kind::Docx)
    } else if types.contains("spreadsheetml.sheet") || types.contains("excel.sheet") {
        Ok(Kind::Xlsx)
    } else {
        Err(Lookalike::Archive.into())
    }
}

/// What a compound file holds, by the names of its streams (MS-CFB; MS-OFFCRYPTO §2.3.4.10).
fn compound(bytes: &[u8]) -> Result<Kind, PaperError> {
    let Ok(file) = cfb::CompoundFile::open(Cursor::new(bytes)) else {
        return Err(Lookalike::Wps.into());
    };
    let has = |stream: &str| file.is_stream(stream);
    if has("/EncryptedPackage") {
        // Both kinds of package look the same from outside; documents are the more common.
        return Err(PaperError::Encrypted(Kind::Docx));
    }
    if has("/Workbook") || has("/Book") {
        Ok(Kind::Xls)
    } else if has("/WordDocument") {
        Err(Lookalike::Doc.into())
    } else if has("/PowerPoint Document") {
        Err(Lookalike::Slides.into())
    } else {
        Err(Lookalike::Wps.into())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn of(bytes: &[u8]) -> Result<Kind, PaperError> {
        kind_of(bytes, None)
    }

    #[test]
    fn marks_tell_what_is_not_read() {
        for (bytes, lookalike) in [
            (&b"\x89PNG\r\n\x1a\nxx"[..], Lookalike::Picture),
            (b"RIFF....WEBPVP8 ", Lookalike::Picture),
            (b"BM\x36\0\x0c\0\0\0\0\0\x36", Lookalike::Picture),
            (b"{\\rtf1", Lookalike::Rtf),
            (b"Rar!\x1a\x07\0", Lookalike::Archive),
            (b"MZ\x90\0", Lookalike::Program),
            (
                b"<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?>",
                Lookalike::Xml,
            ),
        ] {
            assert_eq!(of(bytes), Err(lookalike.into()), "{bytes:?}");
        }
        assert_eq!(of(b""), Err(PaperError::Empty));
    }

    #[test]
    fn names_tell_tables_from_text() {
        assert_eq!(kind_of("甲,乙".as_bytes(), Some("名单.CSV")), Ok(Kind::Csv));
        assert_eq!(kind_of("甲,乙".as_bytes(), Some("名单.txt")), Ok(Kind::Text));
        assert_eq!(kind_of(b"BMW", None), Ok(Kind::Text));
        assert_eq!(kind_of(b"\xEF\xBB\xBF <!DOCTYPE HTML><html>", Some("a.txt")), Ok(Kind::Html));
        assert_eq!(kind_of(b"junk %PDF-1.4", None), Ok(Kind::Pdf));
    }

    #[test]
    fn packages_are_known_by_what_they_hold() {
        let packed = |parts: &[(&str, &str)]| {
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for (name, content) in parts {
                writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
                writer.write_all(content.as_bytes()).unwrap();
            }
            writer.finish().unwrap().into_inner()
        };
        let types = (
            "[Content_Types].xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        );
        assert_eq!(of(&packed(&[types, ("word/document.xml", "")])), Ok(Kind::Docx));
        assert_eq!(of(&packed(&[types, ("word/document2.xml", "")])), Ok(Kind::Docx));
        assert_eq!(of(&packed(&[types, ("xl/workbook.xml", "")])), Ok(Kind::Xlsx));
        for (name, lookalike) in [("OFD.xml", Lookalike::Ofd), ("a.docx", Lookalike::Archive)] {
            assert_eq!(of(&packed(&[(name, "")])), Err(lookalike.into()));
        }
        let odt = [("mimetype", "application/vnd.oasis.opendocument.text")];
        assert_eq!(of(&packed(&odt)), Err(Lookalike::OpenDocument.into()));
        assert!(matches!(of(b"PK\x03\x04xx"), Err(PaperError::BrokenZip { .. })));
    }

    #[test]
    fn compound_files_are_known_by_their_streams() {
        let compound = |stream: &str| {
            let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
            file.create_stream(stream).unwrap().write_all(b"x").unwrap();
            file.flush().unwrap();
            file.into_inner().into_inner()
        };
        assert_eq!(of(&compound("/Workbook")), Ok(Kind::Xls));
        assert_eq!(of(&compound("/WordDocument")), Err(Lookalike::Doc.into()));
        assert_eq!(of(&compound("/WpsContents")), Err(Lookalike::Wps.into()));
        assert_eq!(of(&compound("/EncryptedPackage")), Err(PaperError::Encrypted(Kind::Docx)));
        assert_eq!(of(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), Err(Lookalike::Wps.into()));
    }
}
