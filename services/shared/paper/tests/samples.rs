//! Files as programs write them: what is read of each, and what is found behind it.

#![expect(clippy::unwrap_used, reason = "a test proves by panicking")]

use paper::{How, Kind, Paper, read};

fn sample(name: &str) -> Paper {
    read(&bytes(name), Some(name)).unwrap()
}

fn bytes(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

fn hidden(paper: &Paper, how: How) -> Vec<&str> {
    let found = paper.hidden.iter().filter(|hidden| hidden.how == how);
    found.map(|hidden| hidden.text.as_str()).collect()
}

#[test]
fn a_document() {
    let paper = sample("notice.docx");
    assert_eq!((paper.kind, paper.title.as_deref()), (Kind::Docx, Some("关于开展检查的通知")));
    assert_eq!(
        paper.main_text(),
        "关于开展检查的通知\n各县、区人民政府：\n一、总体要求\n二、工作安排\n联系人\n单位\t时间\n财政局\t3月"
    );
    assert!(paper.text.ends_with("内部资料"));
    assert_eq!(hidden(&paper, How::Deleted), ["张三"]);
    assert!(hidden(&paper, How::Comment)[0].ends_with("待核"));
    assert!(paper.unread.is_empty(), "{:?}", paper.unread);
}

#[test]
fn a_pdf_with_a_predefined_encoding_and_no_map() {
    let paper = sample("predefined.pdf");
    assert_eq!(paper.title.as_deref(), Some("关于印发管理办法的通知"));
    let lines: Vec<&str> = paper.text.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "淮南市人民政府关于印发",
            "《管理办法》的通知",
            "各县、区人民政府，市政府各部门、各直属机构："
        ]
    );
    assert!(lines[3].starts_with("为贯彻落实") && lines[3].ends_with("制定本办法。"));
    assert!(lines[4].starts_with("第二条 为贯彻落实") && lines[4].ends_with("制定本办法。"));
    assert_eq!(lines[5..], ["第三条 本办法自公布之日起施行。"]);
    assert!(hidden(&paper, How::Property).contains(&"张三"));
}

#[test]
fn a_pdf_printed_from_a_browser() {
    let paper = sample("browser.pdf");
    assert_eq!(
        paper.text,
        "各县、区人民政府，推进依法行政，制定行政规范性文件，由政府制定和印发。"
    );
    assert!(hidden(&paper, How::AltText).is_empty());
}

#[test]
fn workbooks_of_both_formats() {
    for (name, kind) in [("list.xlsx", Kind::Xlsx), ("list.xls", Kind::Xls)] {
        let paper = sample(name);
        assert_eq!(paper.kind, kind);
        assert!(paper.text.starts_with("姓名\t日期\n张三\t2023-01-05"), "{}", paper.text);
        assert_eq!(hidden(&paper, How::Row), ["王五"]);
        assert_eq!(hidden(&paper, How::Column), ["密"]);
        assert_eq!(hidden(&paper, How::Sheet), ["x"]);
    }
}

#[test]
fn a_page() {
    let paper = sample("page.html");
    assert_eq!(paper.text, "各县、区人民政府：\n现将有关事项通知如下。\n单位\t时间\n财政局\t3月");
    assert_eq!(hidden(&paper, How::Element), ["联系人：李四"]);
    assert_eq!(hidden(&paper, How::Remark), ["拟稿：张三"]);
}
