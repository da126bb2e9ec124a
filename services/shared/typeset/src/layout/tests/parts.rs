//! Head, title, signature, annexes, imprint, tables.

use chrono::NaiveDate;

use super::super::layout;
use crate::document::{Attachment, Block, Document, Level, Paragraph, Style, Table};
use crate::measure::{BOTTOM, CELL, LEFT, PITCH, RIGHT, SIZE_2, mm};
use crate::pages::{Colour, Kind, Pages, Run};
use crate::testing;

fn laid(document: &Document, style: Style) -> Option<Pages> {
    Some(layout(document, style, testing::fonts()?))
}

fn plain(lines: usize) -> Vec<Block> {
    vec![Block::Paragraph(Paragraph::plain("字".repeat(28 * lines - 2)))]
}

fn run<'a>(pages: &'a Pages, text: &str) -> (usize, &'a Run) {
    pages
        .pages
        .iter()
        .enumerate()
        .flat_map(|(index, page)| page.runs.iter().map(move |run| (index, run)))
        .find(|(_, run)| run.text.contains(text))
        .unwrap_or_else(|| panic!("no {text}"))
}

fn signed() -> Document {
    Document {
        title: "关于做好防汛工作的通知".into(),
        signature: vec!["淮南市人民政府办公室".into()],
        signed_on: NaiveDate::from_ymd_opt(2026, 6, 9),
        note: Some("此件公开发布".into()),
        ..Document::default()
    }
}

#[test]
fn the_title_is_centred_in_size_2() {
    let Some(pages) = laid(&signed(), Style::Public) else { return };
    let (_, title) = run(&pages, "防汛");
    assert!((title.size - SIZE_2).abs() < 0.01);
    assert!((title.x - LEFT - (RIGHT - title.right())).abs() < 0.01);
}

#[test]
fn the_date_stands_four_characters_from_the_right() {
    let Some(pages) = laid(&signed(), Style::Full) else { return };
    let (_, day) = run(&pages, "2026年6月9日");
    assert!((RIGHT - day.right() - 4.0 * CELL).abs() < 0.01);
    let (_, organ) = run(&pages, "办公室");
    let middle = |run: &Run| f32::midpoint(run.x, run.right());
    assert!((middle(organ) - middle(day)).abs() < 0.01);
    assert!((day.y - organ.y - PITCH).abs() < 0.01);
}

#[test]
fn a_signature_is_never_alone_on_a_page() {
    for lines in 14..24 {
        let document = Document { body: plain(lines), ..signed() };
        let Some(pages) = laid(&document, Style::Public) else { return };
        let (page, _) = run(&pages, "2026年6月9日");
        assert!(pages.text(page).contains("字字字"), "{lines} lines");
    }
}

#[test]
fn the_red_head_stands_where_the_standard_wants_it() {
    let document = Document {
        masthead: vec!["淮南市人民政府办公室文件".into()],
        document_number: Some("淮府办〔2026〕12号".into()),
        ..signed()
    };
    let Some(pages) = laid(&document, Style::Full) else { return };
    let (_, head) = run(&pages, "办公室文件");
    assert_eq!(head.colour, Colour::Red);
    assert!((head.y - 0.88 * head.size - mm(72.0)).abs() < 0.01);
    let (_, number) = run(&pages, "12");
    let rule = pages.pages[0].rules[0];
    assert!((rule.from.1 - (number.y + 0.12 * 16.0) - mm(4.0)).abs() < 0.01);
    let (_, title) = run(&pages, "防汛");
    assert!(((title.y - number.y) / PITCH - 3.0).abs() < 0.1);
}

#[test]
fn a_joint_head_has_the_word_once() {
    let document = Document {
        masthead: vec!["淮南市财政局文件".into(), "淮南市住房和城乡建设局文件".into()],
        ..signed()
    };
    let Some(pages) = laid(&document, Style::Full) else { return };
    assert_eq!(pages.text(0).matches("文件").count(), 1);
}

#[test]
fn the_imprint_ends_the_type_area_of_an_even_page() {
    for lines in [3, 18, 30, 40] {
        let document = Document {
            body: plain(lines),
            copy_to: Some("市委各部门，".repeat(12)),
            printed_by: Some("淮南市人民政府办公室".into()),
            printed_on: NaiveDate::from_ymd_opt(2026, 6, 10),
            ..signed()
        };
        let Some(pages) = laid(&document, Style::Full) else { return };
        assert_eq!(pages.pages.len() % 2, 0);
        let rules = &pages.pages[pages.pages.len() - 1].rules;
        assert!((rules[rules.len() - 1].from.1 - BOTTOM).abs() < 0.01);
        assert!(rules[0].thickness > rules[1].thickness);
        assert!(
            laid(&document, Style::Public).unwrap().pages.iter().all(|page| page.rules.is_empty())
        );
    }
}

#[test]
fn annexes_begin_pages_and_are_outlined() {
    let annex = Attachment { label: "附件1".into(), title: "目录".into(), body: plain(2) };
    let document = Document { attachments: vec![annex], ..signed() };
    let Some(pages) = laid(&document, Style::Public) else { return };
    assert_eq!(run(&pages, "附件1").0, 1);
    assert!((run(&pages, "目录").1.y - run(&pages, "附件1").1.y - 2.0 * PITCH).abs() < 4.0);
    assert!(pages.outline.iter().any(|entry| entry.title == "附件1 目录" && entry.page == 1));
}

#[test]
fn names_of_annexes_hang() {
    let document =
        Document { attachments_note: vec!["字".repeat(40), "清单".into()], ..signed() };
    let Some(pages) = laid(&document, Style::Public) else { return };
    let text = pages.text(0);
    assert!(text.contains("附件：1. 字") && text.contains("2. 清单"));
    let wrapped =
        pages.pages[0].runs.iter().filter(|run| run.text.starts_with('字')).collect::<Vec<_>>();
    assert!(wrapped.iter().all(|run| run.x > LEFT + 5.5 * CELL));
}

#[test]
fn a_heading_is_not_the_last_line() {
    let mut body = plain(20);
    let lead = "一、总则".to_owned();
    body.push(Block::Paragraph(Paragraph { level: Level::First, lead, text: String::new() }));
    body.extend(plain(3));
    let document = Document { body, ..signed() };
    let Some(pages) = laid(&document, Style::Public) else { return };
    assert_eq!(run(&pages, "一、总则").0, 1);
}

#[test]
fn the_head_of_a_long_table_is_repeated_but_is_one_part() {
    let mut rows = vec![vec!["名称".to_owned(), "数量".to_owned()]];
    rows.extend((0..80).map(|number| vec![format!("第{number}项"), String::new()]));
    let table = Table { widths: vec![2, 1], head_rows: 1, rows };
    let document = Document { body: vec![Block::Table(table)], ..Document::default() };
    let Some(pages) = laid(&document, Style::Public) else { return };
    assert!(pages.pages.len() > 2);
    for page in 0..pages.pages.len() {
        assert!(pages.text(page).starts_with("名称数量"), "{page}");
    }
    assert!(pages.pages[1].runs[0].part.is_none());
    let count = |kind: &Kind| pages.parts.iter().filter(|part| part.kind == *kind).count();
    assert_eq!((count(&Kind::Row), count(&Kind::HeadCell), count(&Kind::Cell)), (81, 2, 160));
}
