//! Whatever comes in is laid out and written: no text makes the library fail.

#![expect(clippy::unwrap_used, reason = "a test proves by panicking")]

use std::path::Path;
use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use typeset::fonts::NOTO_SET;
use typeset::{
    Block, Document, FontFile, Fonts, Paragraph, Pdf, Style, Table, blocks, docx, layout, pdf,
};

/// Debian's Noto; where it is missing the tests say so and pass over what needs it.
fn fonts() -> Option<&'static Fonts> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let folder = Path::new("/usr/share/fonts/opentype/noto");
            let files: Vec<FontFile> = NOTO_SET
                .iter()
                .filter_map(|name| {
                    let bytes = Arc::new(std::fs::read(folder.join(name)).ok()?);
                    Some(FontFile { name: (*name).to_owned(), bytes, role: None })
                })
                .collect();
            if files.is_empty() {
                eprintln!("no Chinese fonts: passed over");
                return None;
            }
            Fonts::load(&files).ok()
        })
        .as_ref()
}

fn written(document: &Document) -> Option<Pdf> {
    let fonts = fonts()?;
    let mut last = None;
    for style in [Style::Full, Style::Public] {
        let file = pdf(document, style, fonts).unwrap();
        assert!(file.bytes.starts_with(b"%PDF"));
        let package = docx(document, style).unwrap();
        assert!(package.starts_with(b"PK"));
        last = Some(file);
    }
    last
}

/// A document whose every part is this text.
fn everywhere(text: &str) -> Document {
    let one = || Some(text.to_owned());
    let rows = vec![vec![text.to_owned(); 3], vec![text.to_owned()], Vec::new()];
    let mut document = blocks(text).into_document(text);
    document.body.push(Block::Table(Table { widths: vec![0, 9, 1], head_rows: 1, rows }));
    document.body.push(Block::Paragraph(Paragraph::plain(text)));
    document.body.push(Block::Centred(text.to_owned()));
    Document {
        masthead: vec![text.to_owned(), text.to_owned()],
        document_number: one(),
        signer: one(),
        addressee: one(),
        attachments_note: vec![text.to_owned(); 2],
        signature: vec![text.to_owned()],
        note: one(),
        copy_to: one(),
        printed_by: one(),
        author: one(),
        subject: one(),
        ..document
    }
}

const PIECES: [&str; 24] = [
    "第",
    "一",
    "、",
    "（",
    "）",
    "章",
    "条",
    "附件",
    "附件1\n",
    "：",
    "2026年6月9日\n",
    "市财政局\n",
    "\n",
    "\t",
    "1.",
    "（此件公开发布）",
    "《",
    "》",
    "……",
    "——",
    "abc",
    "\u{0}",
    "\u{e000}",
    "𠮷",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text(text in "\\PC{0,200}|.{0,200}") {
        written(&everywhere(&text));
    }

    #[test]
    fn any_characters(text in proptest::collection::vec(any::<char>(), 0..200)) {
        written(&everywhere(&text.into_iter().collect::<String>()));
    }

    #[test]
    fn pieces_that_rules_look_for(picks in proptest::collection::vec(0..PIECES.len(), 0..80)) {
        written(&everywhere(&picks.iter().map(|pick| PIECES[*pick]).collect::<String>()));
    }

    #[test]
    fn no_character_of_a_paragraph_is_lost(text in "[一-龥，。《》（）a-z0-9 ]{0,300}") {
        let Some(fonts) = fonts() else { return Ok(()) };
        let body = vec![Block::Paragraph(Paragraph::plain(text.clone()))];
        let document = Document { body, ..Document::default() };
        let pages = layout(&document, Style::Public, fonts);
        let runs = pages.pages.iter().flat_map(|page| &page.runs);
        let read: String = runs.filter(|run| run.part.is_some()).map(|run| run.text.as_str()).collect();
        let inked = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
        prop_assert_eq!(inked(&read), inked(&text));
    }
}

#[test]
fn a_line_of_a_megabyte() {
    for text in ["字".repeat(350_000), "a".repeat(1_000_000), "》".repeat(350_000)] {
        let Some(fonts) = fonts() else { return };
        let document = blocks(&text).into_document("长");
        let pages = layout(&document, Style::Public, fonts);
        assert!(pages.pages.len() > 100);
        docx(&document, Style::Public).unwrap();
    }
}

#[test]
fn a_huge_table() {
    let rows = vec![vec!["格".repeat(40); 12]; 1_000];
    let mut table = Table { widths: Vec::new(), head_rows: 2, rows };
    table.rows.push(vec!["高".repeat(20_000), "x".to_owned()]);
    table.rows.push(vec!["多".to_owned(); 300]);
    let document = Document { body: vec![Block::Table(table)], ..Document::default() };
    if let Some(file) = written(&document) {
        assert!(file.pages > 100);
    }
}

#[test]
fn a_head_of_nothing_but_rows() {
    let rows = vec![vec!["头".repeat(3_000)]; 3];
    let table = Table { widths: vec![1], head_rows: 9, rows };
    written(&Document { body: vec![Block::Table(table)], ..Document::default() });
}

#[test]
fn a_title_of_500_characters() {
    written(&Document { title: "通知《a》".repeat(100), ..Document::default() });
    written(&Document::default());
}

#[test]
fn missing_characters_are_told_and_shown() {
    let document = blocks("\u{1f9ff}字\u{10fffd}").into_document("题");
    if let Some(file) = written(&document) {
        assert_eq!(file.missing, ['\u{1f9ff}', '\u{10fffd}']);
        assert_eq!(file.conformance, typeset::Conformance::Tagged);
    }
}

#[test]
fn the_same_document_the_same_bytes() {
    let Some(fonts) = fonts() else { return };
    let document = everywhere("各县：\n一、总则\n请执行。\n市财政局\n2026年6月9日");
    let one = pdf(&document, Style::Full, fonts).unwrap();
    assert_eq!(one.conformance, typeset::Conformance::ArchiveAndAccess);
    assert_eq!(one, pdf(&document, Style::Full, fonts).unwrap());
}
