//! The page: margins, lines, characters.

use super::super::layout;
use crate::document::{Block, Document, Paragraph, Style};
use crate::measure::{BOTTOM, CELL, LEFT, PITCH, RIGHT, SIZE_3, TOP, mm};
use crate::pages::{Page, Pages};
use crate::testing;

fn laid(text: &str) -> Option<Pages> {
    let body = text.lines().map(|line| Block::Paragraph(Paragraph::plain(line))).collect();
    let document = Document { body, ..Document::default() };
    Some(layout(&document, Style::Public, testing::fonts()?))
}

/// The baselines of the text on a page, from above.
fn baselines(page: &Page) -> Vec<f32> {
    let mut all: Vec<f32> =
        page.runs.iter().filter(|run| run.part.is_some()).map(|run| run.y).collect();
    all.dedup_by(|a, b| (*a - *b).abs() < 0.01);
    all
}

#[test]
fn a_full_page_has_22_lines_of_28_characters() {
    let Some(pages) = laid(&"字".repeat(28 * 22 * 3)) else { return };
    let page = &pages.pages[1];
    let lines = baselines(page);
    assert_eq!(lines.len(), 22);
    assert!(lines.windows(2).all(|pair| (pair[1] - pair[0] - PITCH).abs() < 0.01));
    for run in page.runs.iter().filter(|run| run.part.is_some()) {
        assert_eq!(run.glyphs.len(), 28);
        assert!((run.x - LEFT).abs() < 0.01);
        assert!((run.right() - RIGHT).abs() < 0.2, "{}", run.right());
    }
}

#[test]
fn the_margins_are_those_of_the_standard() {
    let Some(pages) = laid(&"字".repeat(28 * 22 * 2)) else { return };
    let lines = baselines(&pages.pages[0]);
    // The em of the first line begins 37 mm from the edge, that of the last ends at 262 mm.
    let top = lines[0] - crate::measure::ASCENT * SIZE_3;
    let bottom = lines[21] + (1.0 - crate::measure::ASCENT) * SIZE_3;
    assert!((top - TOP).abs() < 0.01 && (TOP - mm(37.0)).abs() < 0.01);
    assert!((bottom - BOTTOM).abs() < 0.01 && (BOTTOM - mm(262.0)).abs() < 0.01);
}

#[test]
fn a_paragraph_begins_two_characters_in() {
    let Some(pages) = laid(&"字".repeat(40)) else { return };
    let run = &pages.pages[0].runs[0];
    assert!((run.x - LEFT - 2.0 * CELL).abs() < 0.01);
    assert_eq!(run.glyphs.len(), 26);
}

#[test]
fn no_line_begins_with_a_closing_mark_or_passes_the_edge() {
    let text = "按照市委、市政府部署，对“十四五”规划（2021—2025年）实施情况开展评估，《条例》施行后，\
                各部门、各单位（含派出机构）应当于2026年12月31日前，完成12.5%的目标任务；逾期未完成的，\
                由市人民政府办公室予以通报。";
    let Some(pages) = laid(&text.repeat(9)) else { return };
    for page in 0..pages.pages.len() {
        for line in pages.text(page).lines().filter(|line| !line.starts_with('—')) {
            assert!(!line.starts_with(['，', '。', '、', '》', '）', '”', '；', '%']), "{line}");
            assert!(!line.ends_with(['《', '（', '“']), "{line}");
        }
    }
    let runs = pages.pages.iter().flat_map(|page| &page.runs);
    assert!(runs.clone().all(|run| run.right() < RIGHT + 0.3));
    assert!(runs.filter(|run| (run.right() - RIGHT).abs() < 0.1).count() > 20);
}

#[test]
fn page_numbers_alternate() {
    let Some(pages) = laid(&"字".repeat(28 * 22 * 3)) else { return };
    let numbers: Vec<_> = pages
        .pages
        .iter()
        .map(|page| {
            let runs: Vec<_> = page.runs.iter().filter(|run| run.part.is_none()).collect();
            let text: String = runs.iter().map(|run| run.text.as_str()).collect();
            (text, runs[0].x, runs[runs.len() - 1].right())
        })
        .collect();
    assert_eq!(numbers[0].0, "— 1 —");
    assert!((numbers[0].2 - (RIGHT - 14.0)).abs() < 0.01);
    assert_eq!(numbers[1].0, "— 2 —");
    assert!((numbers[1].1 - (LEFT + 14.0)).abs() < 0.01);
}

#[test]
fn the_same_input_the_same_pages() {
    let text = "一二三abc，".repeat(300);
    assert_eq!(laid(&text), laid(&text));
}
