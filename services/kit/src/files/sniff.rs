//! The media type of a file, told by its content and not by what its sender calls it.

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const UNKNOWN: &str = "application/octet-stream";

/// What the content is; the name only tells apart what looks the same, such as the old formats of
/// office programs, which are all one container.
pub fn sniff(bytes: &[u8], name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    let extension = extension.as_deref().unwrap_or_default();
    let at = |offset: usize, magic: &[u8]| {
        bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic))
    };
    match bytes {
        _ if at(0, b"%PDF-") => "application/pdf",
        _ if at(0, b"PK\x03\x04") => archive(bytes),
        _ if at(0, b"PK\x05\x06") => "application/zip",
        _ if at(0, b"\x89PNG\r\n\x1a\n") => "image/png",
        _ if at(0, b"\xff\xd8\xff") => "image/jpeg",
        _ if at(0, b"GIF87a") || at(0, b"GIF89a") => "image/gif",
        _ if at(0, b"RIFF") && at(8, b"WEBP") => "image/webp",
        _ if at(4, b"ftyp") => "video/mp4",
        _ if at(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => match extension {
            "doc" | "wps" => "application/msword",
            "xls" | "et" => "application/vnd.ms-excel",
            "ppt" | "dps" => "application/vnd.ms-powerpoint",
            _ => UNKNOWN,
        },
        _ if is_text(bytes) => text(bytes, extension),
        _ => UNKNOWN,
    }
}

/// What a ZIP archive is for, by the entries that its directory names.
fn archive(bytes: &[u8]) -> &'static str {
    let names = entries(bytes);
    let has = |name: &str| names.contains(&name.as_bytes());
    if has("OFD.xml") {
        "application/ofd"
    } else if !has("[Content_Types].xml") {
        "application/zip"
    } else if has("word/document.xml") {
        DOCX
    } else if has("xl/workbook.xml") {
        XLSX
    } else if has("ppt/presentation.xml") {
        PPTX
    } else {
        "application/zip"
    }
}

/// Names of a ZIP archive's entries, from the directory at its end.
fn entries(bytes: &[u8]) -> Vec<&[u8]> {
    const END: &[u8] = b"PK\x05\x06";
    const ENTRY: &[u8] = b"PK\x01\x02";
    let number = |offset: usize, length: usize| -> Option<usize> {
        let digits = bytes.get(offset..offset.checked_add(length)?)?;
        Some(digits.iter().rev().fold(0, |sum, digit| sum << 8 | usize::from(*digit)))
    };
    let end = bytes.windows(END.len()).rposition(|window| window == END);
    let Some(mut entry) = end.and_then(|end| number(end + 16, 4)) else { return Vec::new() };
    let mut names = Vec::new();
    while bytes.get(entry..).is_some_and(|rest| rest.starts_with(ENTRY)) {
        let lengths = (number(entry + 28, 2), number(entry + 30, 2), number(entry + 32, 2));
        let (Some(name), Some(extra), Some(comment)) = lengths else { break };
        let Some(text) = bytes.get(entry + 46..entry + 46 + name) else { break };
        names.push(text);
        entry += 46 + name + extra + comment;
    }
    names
}

/// The kind of a text.
fn text(bytes: &[u8], extension: &str) -> &'static str {
    let begin = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let begin = String::from_utf8_lossy(begin).to_ascii_lowercase();
    let begin = begin.trim_start_matches('\u{feff}').trim_start();
    let has = |tag: &str| begin.starts_with(tag);
    // Whatever a browser might run is called by its name, so that nobody serves it as harmless.
    if ["<!doctype html", "<html", "<head", "<body", "<script", "<iframe"].into_iter().any(has) {
        "text/html"
    } else if has("<svg") || has("<?xml") && begin.contains("<svg") {
        "image/svg+xml"
    } else if has("<?xml") {
        "application/xml"
    } else if extension == "csv" {
        "text/csv"
    } else {
        "text/plain"
    }
}

/// Whether these bytes are a text in UTF-8 or GB18030.
fn is_text(bytes: &[u8]) -> bool {
    let printable = |b: &u8| *b >= 0x20 && *b != 0x7f || b"\t\n\r\x0c".contains(b);
    if !bytes.iter().all(printable) {
        return false;
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        // Cut off in the midst of a letter.
        Err(error) if error.error_len().is_none() => true,
        Err(_) => is_gb18030(bytes),
    }
}

/// Whether the bytes above ASCII come in the pairs and fours of GB18030.
fn is_gb18030(bytes: &[u8]) -> bool {
    let mut rest = bytes.iter().copied();
    while let Some(lead) = rest.next() {
        if lead < 0x80 {
            continue;
        }
        if !(0x81..=0xfe).contains(&lead) {
            return false;
        }
        match rest.next() {
            Some(0x30..=0x39) => {
                let third = rest.next().is_none_or(|b| (0x81..=0xfe).contains(&b));
                let fourth = rest.next().is_none_or(|b| b.is_ascii_digit());
                if !third || !fourth {
                    return false;
                }
            }
            Some(0x40..=0x7e | 0x80..=0xfe) | None => {}
            Some(_) => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive of empty entries.
    fn zip(names: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for name in names {
            bytes.extend(b"PK\x03\x04");
            bytes.extend([0; 22]);
            bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            bytes.extend([0; 2]);
            bytes.extend(name.as_bytes());
        }
        let directory = u32::try_from(bytes.len()).unwrap();
        for name in names {
            bytes.extend(b"PK\x01\x02");
            bytes.extend([0; 24]);
            bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            bytes.extend([0; 16]);
            bytes.extend(name.as_bytes());
        }
        bytes.extend(b"PK\x05\x06");
        bytes.extend([0; 12]);
        bytes.extend(directory.to_le_bytes());
        bytes.extend([0; 2]);
        bytes
    }

    #[test]
    fn archives_are_told_by_their_entries() {
        assert_eq!(sniff(&zip(&["[Content_Types].xml", "word/document.xml"]), "x.zip"), DOCX);
        assert_eq!(sniff(&zip(&["[Content_Types].xml", "xl/workbook.xml"]), "a.docx"), XLSX);
        assert_eq!(sniff(&zip(&["OFD.xml", "Doc_0/Document.xml"]), "a"), "application/ofd");
        assert_eq!(sniff(&zip(&["word/document.xml"]), "a.docx"), "application/zip");
        assert_eq!(sniff(b"PK\x03\x04 cut off", "a.docx"), "application/zip");
    }

    #[test]
    fn content_wins_over_the_name() {
        assert_eq!(sniff(b"%PDF-1.7\n", "a.txt"), "application/pdf");
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n\0", "a.pdf"), "image/png");
        assert_eq!(sniff(b"\xff\xd8\xff\xe0", "a"), "image/jpeg");
        assert_eq!(sniff(b"GIF89a", "a"), "image/gif");
        assert_eq!(sniff(b"RIFF\0\0\0\0WEBPVP8 ", "a"), "image/webp");
        assert_eq!(sniff(b"\0\0\0\x18ftypisom", "a"), "video/mp4");
        assert_eq!(sniff(b"MZ\x90\0", "a.pdf"), UNKNOWN);
        assert_eq!(sniff(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.DOC"), "application/msword");
    }

    #[test]
    fn texts_are_told_from_pages_and_pictures_that_run() {
        assert_eq!(sniff("关于印发办法的通知".as_bytes(), "a.pdf"), "text/plain");
        assert_eq!(sniff(b"\xb9\xd8\xd3\xda\xd3\xa1\xb7\xa2", "a.txt"), "text/plain");
        assert_eq!(sniff("\u{feff}\n <!DOCTYPE HTML><p>".as_bytes(), "a.txt"), "text/html");
        assert_eq!(sniff(b"<?xml version='1.0'?><svg onload='x'>", "a.png"), "image/svg+xml");
        assert_eq!(sniff(b"a,b\n1,2\n", "a.csv"), "text/csv");
        assert_eq!(sniff(b"\x01\x02\x03", "a.txt"), UNKNOWN);
    }
}
