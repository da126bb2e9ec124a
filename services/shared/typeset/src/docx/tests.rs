use std::io::{Cursor, Read as _};

use chrono::NaiveDate;

use super::*;
use crate::blocks::blocks;
use crate::document::{Block, Table};

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn sample() -> Document {
    Document {
        document_number: Some("淮府办〔2026〕12号".into()),
        masthead: vec!["淮南市人民政府办公室文件".into()],
        copy_to: Some("市委各部门".into()),
        printed_on: NaiveDate::from_ymd_opt(2026, 6, 10),
        ..blocks("各县：\n一、总则\n第一条 为了<安全>。\n淮南市人民政府\n2026年6月9日")
            .into_document("关于A&B的通知")
    }
}

#[test]
fn the_same_document_the_same_bytes() {
    assert_eq!(docx(&sample(), Style::Full), docx(&sample(), Style::Full));
}

#[test]
fn the_page_is_that_of_the_standard() {
    let text = part(&docx(&sample(), Style::Full).unwrap(), "word/document.xml");
    // 11906 - 1588 - 1474 twips are 156 mm.
    assert!(text.contains("w:left=\"1588\"") && text.contains("w:right=\"1474\""));
    assert!(text.contains("w:type=\"lines\" w:linePitch=\"592\""));
    assert!(text.contains("w:type=\"even\""));
}

#[test]
fn headings_and_faces() {
    let text = part(&docx(&sample(), Style::Full).unwrap(), "word/document.xml");
    assert!(text.contains("<w:pStyle w:val=\"Heading1\"/>"));
    assert!(text.contains("w:eastAsia=\"黑体\""));
    assert!(text.contains("&lt;安全&gt;"));
    assert!(text.contains("FF0000") && text.contains("抄送：市委各部门。"));
}

#[test]
fn the_public_form_has_no_head() {
    let text = part(&docx(&sample(), Style::Public).unwrap(), "word/document.xml");
    assert!(!text.contains("FF0000") && !text.contains("抄送"));
    assert!(text.contains("淮府办〔2026〕12号"));
}

#[test]
fn the_properties_are_filled() {
    let text = part(&docx(&sample(), Style::Full).unwrap(), "docProps/core.xml");
    assert!(text.contains("<dc:title>关于A&amp;B的通知</dc:title>"));
    assert!(text.contains("2026-06-09T00:00:00Z") && text.contains("zh-CN"));
}

#[test]
fn the_head_of_a_table_is_repeated() {
    let rows = vec![vec!["名称".into(), "数量".into()], vec!["甲".into()]];
    let table = Table { widths: vec![2, 1], head_rows: 1, rows };
    let document = Document { body: vec![Block::Table(table)], ..Document::default() };
    let text = part(&docx(&document, Style::Public).unwrap(), "word/document.xml");
    assert!(text.contains("<w:tblHeader/>") && text.contains("w:w=\"5896\""));
}
