//! Packages that are broken, and packages that are weapons.

use std::io::Write;

use super::*;

/// A package of the given parts.
fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>, PaperError> {
    Package::open(Kind::Docx, bytes, limits)?.part("a.xml")
}

#[test]
fn names_are_compared_without_case() {
    let bytes = packed(&[("Word/A.xml", b"x")]);
    let mut package = Package::open(Kind::Docx, &bytes, &Limits::DEFAULT).unwrap();
    assert!(package.contains("word/a.xml"));
    assert_eq!(package.part("word/a.XML").unwrap().unwrap(), b"x");
    assert_eq!(package.part("word/b.xml").unwrap(), None);
    assert!(matches!(package.needed("b"), Err(PaperError::Broken { .. })));
}

#[test]
fn what_unpacks_too_far_is_stopped() {
    let zeros = vec![0_u8; 4 << 20];
    let bytes = packed(&[("a.xml", &zeros)]);
    assert_eq!(read(&bytes, &Limits::DEFAULT), Err(PaperError::Bomb(Excess::Ratio)));
    let loose = Limits { ratio: 2_000, ..Limits::DEFAULT };
    assert!(read(&bytes, &loose).is_ok());
    let entry = Limits { entry: 1 << 20, ..loose };
    assert_eq!(read(&bytes, &entry), Err(PaperError::Bomb(Excess::Entry)));
    let total = Limits { unpacked: 1 << 20, ..loose };
    assert_eq!(read(&bytes, &total), Err(PaperError::Bomb(Excess::Total)));
}

#[test]
fn a_header_that_understates_its_size_changes_nothing() {
    let zeros = vec![0_u8; 4 << 20];
    let mut bytes = packed(&[("a.xml", &zeros)]);
    let at = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    bytes[at + 24..at + 28].copy_from_slice(&7_u32.to_le_bytes());
    assert!(read(&bytes, &Limits::DEFAULT).is_err());
}

#[test]
fn too_many_parts_are_refused_before_they_are_opened() {
    let names: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let limits = Limits { entries: 19, ..Limits::DEFAULT };
    assert_eq!(read(&packed(&parts), &limits), Err(PaperError::Bomb(Excess::Entries)));
}

#[test]
fn a_cut_package_is_broken() {
    let mut bytes = packed(&[("a.xml", b"abc")]);
    bytes.truncate(bytes.len() - 30);
    assert!(matches!(read(&bytes, &Limits::DEFAULT), Err(PaperError::BrokenZip { .. })));
}

#[test]
fn what_lies_before_the_package_is_reported() {
    let mut bytes = b"secret".to_vec();
    bytes.extend(packed(&[("a.xml", b"abc")]));
    let package = Package::open(Kind::Docx, &bytes, &Limits::DEFAULT).unwrap();
    let mut draft = Draft::new(&Limits::DEFAULT);
    package.beyond(&bytes, &mut draft).unwrap();
    let paper = draft.finish(Kind::Docx, None);
    assert_eq!(paper.unread.len(), 1);
}
