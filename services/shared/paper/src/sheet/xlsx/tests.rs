//! Workbooks made of their parts.

use std::io::{Cursor, Write};

use super::*;
use crate::paper::How;

fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const BOOK: &str = "<workbook><sheets><sheet name='名单' sheetId='1' r:id='r1'/><sheet name='底稿' sheetId='2' state='veryHidden' r:id='r2'/></sheets><definedNames><definedName name='单位'>[1]Sheet1!$A$1</definedName></definedNames></workbook>";
const RELS: &str = "<Relationships><Relationship Id='r1' Type='x/worksheet' Target='worksheets/sheet1.xml'/><Relationship Id='r2' Type='x/worksheet' Target='worksheets/sheet2.xml'/><Relationship Id='r3' Type='x/sharedStrings' Target='sharedStrings.xml'/><Relationship Id='r4' Type='x/styles' Target='styles.xml'/></Relationships>";
const STRINGS: &str = "<sst><si><t>姓名</t></si><si><r><t>张</t></r><r><t>三</t></r><rPh><t>zhang</t></rPh></si><si><t>删去的李四</t></si></sst>";
const STYLES: &str = "<styleSheet><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>";
const FIRST: &str = "<worksheet><cols><col min='3' max='3' hidden='1'/></cols><sheetData>\
<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='inlineStr'><is><t>日期</t></is></c><c r='C1' t='str'><v>电话</v></c></row>\
<row r='2'><c r='A2' t='s'><v>1</v></c><c r='B2' s='1'><v>44931</v></c><c r='C2'><f>\"内部\"&amp;D1</f><v>13812345678</v></c></row>\
<row r='3' hidden='1'><c r='A3' t='inlineStr'><is><t>王五</t></is></c></row></sheetData>\
<dataValidations><dataValidation sqref='A1' prompt='填姓名'><formula1>\"甲,乙\"</formula1></dataValidation></dataValidations>\
<headerFooter><oddHeader>&amp;C内部资料</oddHeader><oddFooter>第 &amp;P 页</oddFooter></headerFooter></worksheet>";

fn book() -> Vec<u8> {
    packed(&[
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELS),
        ("xl/sharedStrings.xml", STRINGS),
        ("xl/styles.xml", STYLES),
        ("xl/worksheets/sheet1.xml", FIRST),
        (
            "xl/worksheets/sheet2.xml",
            "<worksheet><sheetData><row><c><v>1</v></c><c><v>2.5</v></c></row></sheetData></worksheet>",
        ),
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            "<Relationships><Relationship Id='a' Type='x/comments' Target='../comments1.xml'/><Relationship Id='b' Type='x/drawing' Target='../drawings/drawing1.xml'/></Relationships>",
        ),
        (
            "xl/comments1.xml",
            "<comments><authors><author>赵六</author></authors><commentList><comment ref='A2' authorId='0'><text><r><t>待核</t></r></text></comment></commentList></comments>",
        ),
        (
            "xl/drawings/drawing1.xml",
            "<xdr:wsDr><xdr:sp><xdr:cNvPr name='x' descr='说明'/><xdr:txBody><a:p><a:r><a:t>框内</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>",
        ),
    ])
}

fn hidden(paper: &Paper, how: How) -> Vec<(&str, &str)> {
    let of = |hidden: &'_ crate::Hidden| hidden.how == how;
    paper
        .hidden
        .iter()
        .filter(|hidden| of(hidden))
        .map(|hidden| (hidden.place.as_str(), hidden.text.as_str()))
        .collect()
}

#[test]
fn what_is_seen_is_text() {
    let paper = read(&book(), &Limits::DEFAULT, 2).unwrap();
    assert_eq!(paper.main_text(), "姓名\t日期\n张三\t2023-01-05");
    assert_eq!(paper.text, "内部资料\n姓名\t日期\n张三\t2023-01-05\n框内");
    assert!(paper.unread.is_empty(), "{:?}", paper.unread);
}

#[test]
fn what_is_not_seen_is_hidden() {
    let paper = read(&book(), &Limits::DEFAULT, 2).unwrap();
    assert_eq!(hidden(&paper, How::Sheet), [("工作表“底稿”", "1\t2.5")]);
    assert_eq!(hidden(&paper, How::Row), [("工作表“名单”第3行", "王五")]);
    assert_eq!(hidden(&paper, How::Column), [("工作表“名单”C列", "电话\n13812345678")]);
    assert_eq!(hidden(&paper, How::Comment), [("工作表“名单” A2", "赵六：待核")]);
    assert_eq!(hidden(&paper, How::Formula), [("工作表“名单” C2", "\"内部\"&D1")]);
    assert_eq!(hidden(&paper, How::AltText), [("工作表“名单”", "说明")]);
    assert_eq!(hidden(&paper, How::Data), [("工作簿中未使用的文字", "删去的李四")]);
    assert_eq!(hidden(&paper, How::Form).len(), 2);
    assert_eq!(hidden(&paper, How::Name).len(), 1);
}

#[test]
fn damage_to_one_sheet_leaves_the_others() {
    let bytes = packed(&[
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELS),
        (
            "xl/worksheets/sheet1.xml",
            "<worksheet><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>",
        ),
        ("xl/worksheets/sheet2.xml", "<worksheet><sheetData <<<"),
    ]);
    let paper = read(&bytes, &Limits::DEFAULT, 2).unwrap();
    assert_eq!(paper.text, "7");
    assert_eq!(paper.unread.len(), 1);
}
