//! Documents made of their parts.

use std::io::{Cursor, Write};

use super::*;
use crate::paper::How;

const TYPES: &str = r#"<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;

fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("[Content_Types].xml", TYPES)].iter().chain(parts) {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn document(body: &str, others: &[(&str, &str)]) -> Paper {
    let body = format!("<w:document><w:body>{body}</w:body></w:document>");
    let mut parts = vec![("word/document.xml", body.as_str())];
    parts.extend(others);
    read(&packed(&parts), &Limits::DEFAULT, 2).unwrap()
}

fn hidden(paper: &Paper, how: How) -> Vec<&str> {
    paper
        .hidden
        .iter()
        .filter(|hidden| hidden.how == how)
        .map(|hidden| hidden.text.as_str())
        .collect()
}

#[test]
fn paragraphs_are_lines_with_tabs_and_breaks() {
    let paper = document(
        "<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r></w:p><w:p/><w:p><w:r><w:t xml:space='preserve'> 丁</w:t></w:r></w:p>",
        &[],
    );
    assert_eq!(paper.text, "甲\t乙\n丙\n\n丁");
}

#[test]
fn tables_are_rows_of_cells() {
    let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let paper = document(
        &format!(
            "<w:tbl><w:tr>{}{}</w:tr><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p><w:r><w:t>合</w:t></w:r></w:p><w:p><w:r><w:t>计</w:t></w:r></w:p></w:tc>{}</w:tr><w:tr><w:trPr><w:hidden/></w:trPr>{}{}</w:tr></w:tbl>",
            cell("姓名"),
            cell("住址"),
            cell("2"),
            cell("张三"),
            cell("淮南")
        ),
        &[],
    );
    assert_eq!(paper.text, "姓名\t住址\n合计\t\t2");
    assert_eq!(hidden(&paper, How::Row), ["张三\t淮南"]);
}

#[test]
fn what_is_not_seen_is_hidden() {
    let paper = document(
        "<w:p><w:r><w:t>甲</w:t></w:r><w:del w:author='李四' w:date='2023'><w:r><w:delText>乙</w:delText></w:r></w:del>\
         <w:ins w:author='王五'><w:r><w:t>丙</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>丁</w:t></w:r>\
         <w:r><w:rPr><w:color w:val='FFFFFF'/></w:rPr><w:t>戊</w:t></w:r><w:r><w:rPr><w:rStyle w:val='x'/></w:rPr><w:t>己</w:t></w:r>\
         <w:r><w:instrText>INCLUDETEXT C:\\a.doc</w:instrText></w:r><w:moveFrom><w:r><w:t>庚</w:t></w:r></w:moveFrom></w:p>",
        &[
            (
                "word/_rels/document.xml.rels",
                "<Relationships><Relationship Id='a' Type='x/styles' Target='styles.xml'/></Relationships>",
            ),
            (
                "word/styles.xml",
                "<w:styles><w:style w:styleId='x'><w:rPr><w:vanish/></w:rPr></w:style></w:styles>",
            ),
        ],
    );
    assert_eq!(paper.text, "甲丙戊");
    assert_eq!(hidden(&paper, How::Deleted), ["乙庚"]);
    assert_eq!(hidden(&paper, How::Reviser), ["李四 2023", "王五"]);
    assert_eq!(hidden(&paper, How::Vanished), ["丁己"]);
    assert_eq!(hidden(&paper, How::Faint), ["戊"]);
    assert_eq!(hidden(&paper, How::Field), ["INCLUDETEXT C:\\a.doc"]);
}

#[test]
fn text_boxes_are_read_once() {
    let paper = document(
        "<w:p><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:docPr descr='红章'/><wps:txbx><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice>\
         <mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>后</w:t></w:r></w:p>",
        &[],
    );
    assert_eq!(paper.text, "前后\n框");
    assert_eq!(hidden(&paper, How::AltText), ["红章"]);
    assert!(hidden(&paper, How::Data).is_empty());
    let paper = document(
        "<w:p><mc:AlternateContent><mc:Choice/><mc:Fallback><w:r><w:t>秘</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>",
        &[],
    );
    assert_eq!(hidden(&paper, How::Data), ["秘"]);
}

#[test]
fn numbers_that_word_computes_are_written() {
    let numbered = |level: u8, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let body = numbered(0, "总体要求") + &numbered(1, "目标") + &numbered(0, "保障措施");
    let paper = document(
        &body,
        &[
            (
                "word/_rels/document.xml.rels",
                "<Relationships><Relationship Id='a' Type='x/numbering' Target='numbering.xml'/></Relationships>",
            ),
            (
                "word/numbering.xml",
                "<w:numbering><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='%1、'/></w:lvl><w:lvl w:ilvl='1'><w:numFmt w:val='decimal'/><w:lvlText w:val='%2.'/></w:lvl></w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>",
            ),
        ],
    );
    assert_eq!(paper.text, "一、总体要求\n1.目标\n二、保障措施");
}

#[test]
fn margins_notes_comments_and_properties() {
    let rels = "<Relationships><Relationship Id='1' Type='x/header' Target='header1.xml'/><Relationship Id='2' Type='x/footer' Target='footer1.xml'/><Relationship Id='3' Type='x/footnotes' Target='footnotes.xml'/><Relationship Id='4' Type='x/comments' Target='comments.xml'/><Relationship Id='5' Type='x/hyperlink' Target='file:///C:/Users/zhangsan' TargetMode='External'/></Relationships>";
    let p = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let (header, footer) =
        (format!("<w:hdr>{}</w:hdr>", p("内部资料")), format!("<w:ftr>{}</w:ftr>", p("— 1 —")));
    let paper = document(
        &p("正文"),
        &[
            ("word/_rels/document.xml.rels", rels),
            ("word/header1.xml", &header),
            ("word/footer1.xml", &footer),
            (
                "word/footnotes.xml",
                "<w:footnotes><w:footnote><w:p><w:r><w:t>注释</w:t></w:r></w:p></w:footnote></w:footnotes>",
            ),
            (
                "word/comments.xml",
                "<w:comments><w:comment w:author='赵六' w:initials='Z' w:date='2023'><w:p><w:r><w:t>改</w:t></w:r></w:p></w:comment></w:comments>",
            ),
            (
                "docProps/core.xml",
                "<cp:coreProperties><dc:creator>张三</dc:creator><dc:title>旧标题</dc:title></cp:coreProperties>",
            ),
            (
                "docProps/custom.xml",
                "<Properties><property name='拟稿人'><vt:lpwstr>孙七</vt:lpwstr></property></Properties>",
            ),
            ("customXml/item1.xml", "<a><b>电话 13812345678</b></a>"),
            ("word/media/image1.png", "x"),
            ("word/vbaProject.bin", "x"),
            ("word/embeddings/a.txt", "嵌入"),
        ],
    );
    assert_eq!(paper.text, "正文\n注释\n内部资料");
    assert_eq!(paper.main_text(), "正文");
    assert_eq!(paper.title.as_deref(), Some("旧标题"));
    assert_eq!(hidden(&paper, How::Comment), ["赵六（Z，2023）：改"]);
    assert_eq!(hidden(&paper, How::Property), ["张三", "旧标题", "孙七"]);
    assert_eq!(hidden(&paper, How::Link), ["file:///C:/Users/zhangsan"]);
    assert_eq!(hidden(&paper, How::Data), ["电话 13812345678"]);
    assert_eq!(hidden(&paper, How::Embedded), ["word/embeddings/a.txt", "嵌入"]);
    let unread: Vec<Why> = paper.unread.iter().map(|unread| unread.why).collect();
    assert_eq!(unread, [Why::Picture, Why::Macro]);
}

#[test]
fn damage_is_said() {
    assert!(matches!(
        read(&packed(&[("word/a.xml", "")]), &Limits::DEFAULT, 2),
        Err(PaperError::Broken { .. })
    ));
    let paper = document("<w:p><w:r><w:t>甲", &[]);
    assert_eq!(paper.text, "甲");
    let deep = "<w:a>".repeat(300);
    let error = read(&packed(&[("word/document.xml", &deep)]), &Limits::DEFAULT, 2).unwrap_err();
    assert_eq!(error, PaperError::Bomb(crate::error::Excess::Depth));
}
