//! What holds for every file: no panic, an end, and text in shape, whatever is done to it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test proves by panicking")]

use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};

use paper::{Limits, Paper, read, read_within};
use proptest::prelude::*;

const SAMPLES: [(&str, &[u8]); 7] = [
    ("notice.docx", include_bytes!("samples/notice.docx")),
    ("list.xlsx", include_bytes!("samples/list.xlsx")),
    ("list.xls", include_bytes!("samples/list.xls")),
    ("predefined.pdf", include_bytes!("samples/predefined.pdf")),
    ("loose.pdf", include_bytes!("samples/loose.pdf")),
    ("browser.pdf", include_bytes!("samples/browser.pdf")),
    ("page.html", include_bytes!("samples/page.html")),
];

/// One thing done to a file; places are shares of its length, in thousandths of a percent.
#[derive(Debug, Clone)]
enum Harm {
    Flip(u32, u8),
    Cut(u32),
    Take(u32, u16),
    Repeat(u32, u16, u8),
    Put(u32, Vec<u8>),
}

fn harm() -> impl Strategy<Value = Harm> {
    let place = 0..100_000_u32;
    prop_oneof![
        5 => (place.clone(), any::<u8>()).prop_map(|(at, with)| Harm::Flip(at, with)),
        1 => place.clone().prop_map(Harm::Cut),
        1 => (place.clone(), 1..600_u16).prop_map(|(at, length)| Harm::Take(at, length)),
        1 => (place.clone(), 1..600_u16, 1..20_u8)
            .prop_map(|(at, length, times)| Harm::Repeat(at, length, times)),
        1 => (place, prop::collection::vec(any::<u8>(), 1..40))
            .prop_map(|(at, bytes)| Harm::Put(at, bytes)),
    ]
}

fn harmed(bytes: &[u8], harms: &[Harm]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for harm in harms {
        let place = |at: u32| bytes.len() * at as usize / 100_000;
        match harm {
            Harm::Flip(at, with) => {
                let at = place(*at);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= with;
                }
            }
            Harm::Cut(at) => bytes.truncate(place(*at)),
            Harm::Take(at, length) => {
                let at = place(*at);
                let end = (at + usize::from(*length)).min(bytes.len());
                bytes.drain(at..end);
            }
            Harm::Repeat(at, length, times) => {
                let at = place(*at);
                let end = (at + usize::from(*length)).min(bytes.len());
                let part = bytes[at..end].repeat(usize::from(*times));
                bytes.splice(at..at, part);
            }
            Harm::Put(at, with) => {
                let at = place(*at);
                bytes.splice(at..at, with.iter().copied());
            }
        }
    }
    bytes
}

/// A package with one of its parts harmed.
fn repacked(bytes: &[u8], part: &prop::sample::Index, harms: &[Harm]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let chosen = part.index(archive.len());
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        let content = if index == chosen { harmed(&content, harms) } else { content };
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(entry.name().unwrap(), options).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn check(paper: &Paper) {
    let text = &paper.text;
    assert!(!text.contains('\r') && !text.contains("\n\n\n"));
    assert!(!text.starts_with('\n') && !text.ends_with('\n'));
    let mut last = 0;
    for part in &paper.parts {
        assert!(part.bytes.start >= last && part.bytes.start < part.bytes.end);
        assert!(text.get(part.bytes.clone()).is_some());
        last = part.bytes.end;
    }
    assert!(paper.hidden.iter().all(|hidden| !hidden.text.is_empty()));
    assert!(paper.title.as_ref().is_none_or(|title| !title.is_empty() && !title.contains('\n')));
    let _ = paper.main_text();
}

fn look(bytes: &[u8], name: &str) {
    let started = Instant::now();
    if let Ok(paper) = read(bytes, Some(name)) {
        check(&paper);
    }
    assert!(started.elapsed() < Duration::from_secs(20), "{name} took {:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn harmed_files_are_read_or_refused(
        sample in 0..SAMPLES.len(),
        harms in prop::collection::vec(harm(), 1..12),
    ) {
        let (name, bytes) = SAMPLES[sample];
        look(&harmed(bytes, &harms), name);
    }

    /// Harm to a package is mostly found by its checksums; harm to a part is not.
    #[test]
    fn packages_with_harmed_parts_are_read_or_refused(
        sample in 0..2_usize,
        part in any::<prop::sample::Index>(),
        harms in prop::collection::vec(harm(), 1..6),
    ) {
        let (name, bytes) = SAMPLES[sample];
        look(&repacked(bytes, &part, &harms), name);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        for name in ["a.txt", "a.csv", "a.html"] {
            look(&bytes, name);
        }
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        for name in ["a.txt", "a.csv", "a.html"] {
            look(text.as_bytes(), name);
        }
    }

    #[test]
    fn marks_before_anything_do_no_harm(mark in 0..5_usize, bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let marks: [&[u8]; 5] = [b"PK\x03\x04", b"%PDF-1.7\n", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"<html>", b"\xFF\xFE"];
        let mut file = marks[mark].to_vec();
        file.extend(&bytes);
        look(&file, "a");
    }

    #[test]
    fn limits_hold(sample in 0..SAMPLES.len(), most in 0..3_000_usize) {
        let (name, bytes) = SAMPLES[sample];
        let limits = Limits { text: most, ..Limits::DEFAULT };
        if let Ok(paper) = read_within(bytes, Some(name), &limits) {
            let hidden: usize = paper.hidden.iter().map(|hidden| hidden.text.len()).sum();
            prop_assert!(paper.text.len() + hidden <= most + paper.parts.len());
        }
    }
}

#[test]
fn every_sample_is_read_from_every_cut() {
    for (name, bytes) in SAMPLES {
        for at in (0..bytes.len()).step_by(bytes.len() / 60 + 1) {
            look(&bytes[..at], name);
        }
    }
}
