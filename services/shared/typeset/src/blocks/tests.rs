use super::*;
use crate::document::{Level, Paragraph};

fn levels(text: &str) -> Vec<(Level, String, String)> {
    blocks(text)
        .body
        .into_iter()
        .filter_map(|block| match block {
            Block::Paragraph(Paragraph { level, lead, text }) => Some((level, lead, text)),
            _ => None,
        })
        .collect()
}

fn one(text: &str) -> (Level, String, String) {
    levels(text).remove(0)
}

fn expect(level: Level, lead: &str, text: &str) -> (Level, String, String) {
    (level, lead.to_owned(), text.to_owned())
}

#[test]
fn the_four_levels() {
    assert_eq!(one("一、总体要求"), expect(Level::First, "一、总体要求", ""));
    assert_eq!(one("（二）加强领导"), expect(Level::Second, "（二）加强领导", ""));
    assert_eq!(one("3.完善制度。"), expect(Level::Third, "", "3.完善制度。"));
    assert_eq!(one("（4）落实责任。"), expect(Level::Fourth, "", "（4）落实责任。"));
    assert_eq!(one("3.5万元以下"), expect(Level::Plain, "", "3.5万元以下"));
}

#[test]
fn a_first_sentence_is_the_heading() {
    assert_eq!(
        one("一、加强领导。各单位要高度重视。"),
        expect(Level::First, "一、加强领导。", "各单位要高度重视。")
    );
    assert_eq!(
        one("（一）在本市行政区域内申请的，适用本办法。"),
        expect(Level::Second, "", "（一）在本市行政区域内申请的，适用本办法。")
    );
}

#[test]
fn chapters_and_articles() {
    assert_eq!(one("第一章 总 则"), expect(Level::Chapter, "第一章　总 则", ""));
    assert_eq!(
        one("第十二条  为了规范，制定本办法。"),
        expect(Level::Article, "第十二条", "　为了规范，制定本办法。")
    );
    assert_eq!(one("第三条之一 略").1, "第三条之一");
    assert_eq!(one("第一，要提高认识。").0, Level::Plain);
    assert_eq!(one("第二章规定的情形，由市局处理。").0, Level::Plain);
}

const NOTICE: &str = "各县、区人民政府，市政府各部门：\n　　现将办法印发给你们，请遵照执行。\n\n　　附件：1.目录\n　　2.清单\n\n　　市财政局\n　　市水利局\n　　2026年6月9日\n　　（此件公开发布）\n附件1\n目录\n一、甲\n附件2\n清单\n名称\t数量\n甲\t1\n";

#[test]
fn a_notice_is_taken_apart() {
    let found = blocks(NOTICE);
    assert_eq!(found.addressee.as_deref(), Some("各县、区人民政府，市政府各部门"));
    assert_eq!(found.body.len(), 1);
    assert_eq!(found.attachments_note, ["目录", "清单"]);
    assert_eq!(found.signature, ["市财政局", "市水利局"]);
    assert_eq!(found.signed_on, NaiveDate::from_ymd_opt(2026, 6, 9));
    assert_eq!(found.note.as_deref(), Some("此件公开发布"));
    assert_eq!(found.attachments.len(), 2);
    assert_eq!(found.attachments[0].title, "目录");
    assert!(matches!(&found.attachments[1].body[0], Block::Table(table) if table.rows.len() == 2));
}

#[test]
fn organ_and_chinese_date_in_one_line() {
    let found = blocks("请执行。\n淮南市人民政府　二〇一九年十二月二十三日");
    assert_eq!(found.signature, ["淮南市人民政府"]);
    assert_eq!(found.signed_on, NaiveDate::from_ymd_opt(2019, 12, 23));
}

#[test]
fn a_date_within_the_text_is_text() {
    let found = blocks("本办法自2019年5月1日起施行，有效期至2024年4月30日");
    assert_eq!(found.signed_on, None);
    assert_eq!(found.body.len(), 1);
}

#[test]
fn the_line_of_adoption_is_centred() {
    let found = blocks("（2019年5月1日市人民政府第3次常务会议通过）\n第一条 略。");
    assert!(matches!(found.body[0], Block::Centred(_)));
}

#[test]
fn nothing_is_lost() {
    let words: String = NOTICE.chars().filter(|c| "甲乙目录清单规".contains(*c)).collect();
    let found = format!("{:?}", blocks(NOTICE));
    for character in words.chars() {
        assert!(found.contains(character));
    }
    assert_eq!(blocks(""), Blocks::default());
}
