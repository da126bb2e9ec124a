//! Real documents, where `TYPESET_CORPUS` names a folder of `*.jsonl.gz` with `title` and
//! `text` (several folders are divided by `:`): each is laid out, and no character is lost.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test proves by panicking")]

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use typeset::fonts::{FREE_SET, NOTO_SET};
use typeset::{Conformance, FontFile, Fonts, Style, blocks, docx, layout, pdf};

fn fonts() -> Fonts {
    let free = std::env::var_os("TYPESET_FONTS").map(PathBuf::from).unwrap_or_default();
    let noto = PathBuf::from("/usr/share/fonts/opentype/noto");
    let free = FREE_SET.iter().map(|name| free.join(name));
    let files: Vec<FontFile> = free
        .chain(NOTO_SET.iter().map(|name| noto.join(name)))
        .filter_map(|path| {
            let bytes = Arc::new(std::fs::read(&path).ok()?);
            Some(FontFile { name: path.display().to_string(), bytes, role: None })
        })
        .collect();
    Fonts::load(&files).unwrap()
}

fn documents(folder: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().ends_with(".jsonl.gz") {
            continue;
        }
        let mut lines = String::new();
        let file = std::fs::File::open(&path).unwrap();
        flate2::read::GzDecoder::new(file).read_to_string(&mut lines).unwrap();
        for line in lines.lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
            if value["format"] != "html" && !field("text").is_empty() {
                all.push((field("title"), field("text")));
            }
        }
    }
    all
}

fn ideographs(text: &str) -> HashMap<char, i64> {
    let mut counts = HashMap::new();
    for character in text.chars().filter(|c| ('一'..='龥').contains(c)) {
        *counts.entry(character).or_default() += 1;
    }
    counts
}

#[test]
fn real_documents_are_whole() {
    let Some(folders) = std::env::var_os("TYPESET_CORPUS") else {
        eprintln!("no TYPESET_CORPUS: passed over");
        return;
    };
    let fonts = fonts();
    let (mut pages, mut written, mut strict, mut slowest) = (0, 0, 0, (Duration::ZERO, 0));
    let mut missing: HashMap<char, usize> = HashMap::new();
    let (mut signed, mut addressed, mut lost) = (0, 0, 0);
    for folder in std::env::split_paths(&folders) {
        for (title, text) in documents(&folder) {
            let found = blocks(&text);
            signed += usize::from(found.signed_on.is_some());
            addressed += usize::from(found.addressee.is_some());
            let document = found.into_document(title);
            let laid = layout(&document, Style::Public, &fonts);
            let painted: String = (0..laid.pages.len()).map(|page| laid.text(page)).collect();
            let (painted, given) = (ideographs(&painted), ideographs(&text));
            // Dates in Chinese digits and the word 附件 are written anew.
            let short = given
                .iter()
                .filter(|(c, _)| !"附件一二三四五六七八九十年月日".contains(**c))
                .any(|(c, count)| painted.get(c).copied().unwrap_or(0) < *count);
            lost += usize::from(short);
            assert!(!short, "{}", document.title);
            let start = Instant::now();
            let file = pdf(&document, Style::Public, &fonts).unwrap();
            slowest = slowest.max((start.elapsed(), file.pages));
            docx(&document, Style::Public).unwrap();
            pages += file.pages;
            written += 1;
            strict += usize::from(file.conformance == Conformance::ArchiveAndAccess);
            for character in file.missing {
                *missing.entry(character).or_default() += 1;
            }
        }
    }
    eprintln!(
        "{written} documents, {pages} pages, {strict} PDF/A-2a and PDF/UA-1; slowest {slowest:?}; \
         {signed} signed, {addressed} addressed, {lost} short; missing {missing:?}"
    );
}

#[test]
fn ten_pages_are_quick() {
    if std::env::var_os("TYPESET_CORPUS").is_none() || cfg!(debug_assertions) {
        return;
    }
    let fonts = fonts();
    // The characters of real texts: about 900 different ones.
    let line: String = ('一'..='龥').step_by(23).take(900).collect();
    let text = format!("一、总则\n{line}\n（一）要求\n{line}\n").repeat(3) + &line;
    let document = blocks(&text).into_document("关于十页文件的通知");
    let mut times = Vec::new();
    let mut pages = 0;
    for _ in 0..20 {
        let start = Instant::now();
        pages = pdf(&document, Style::Full, &fonts).unwrap().pages;
        times.push(start.elapsed());
    }
    times.sort();
    eprintln!("{pages} pages: first to last of 20 {:?} … {:?}", times[0], times[19]);
    assert!(times[10] < Duration::from_millis(300));
}
