use chrono::NaiveDate;

use super::*;

const NOTICE: &str = "淮南市人民政府办公室文件\n淮府办〔2023〕12号\n\n淮南市人民政府办公室关于印发\n《淮南市古树名木保护办法》的通知\n\n各县、区人民政府，市政府各部门（含直属机构）：\n　　《淮南市古树名木保护办法》已经市政府同意，现印发给你们，请认真贯彻执行。\n\n附件：1.古树名木登记表\n　　　2.古树名木养护责任书\n\n淮南市人民政府办公室\n2023年5月6日\n（此件公开发布）\n\n淮南市古树名木保护办法\n第一章　总则\n第一条　为了保护古树名木，根据《森林法》，制定本办法。\n第二条　本办法适用于本市行政区域。\n古树分为三级：\n（一）一级；\n（二）二级。\n第二章　附则\n第三条　本办法自2023年7月1日起施行，有效期五年。\n\n抄送：市委各部门，市人大常委会办公室。\n淮南市人民政府办公室　2023年5月8日印发\n";

fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

fn effective(text: &str) -> Option<NaiveDate> {
    analyze(None, text).fields.effective_on.map(|field| field.value)
}

fn signed(text: &str) -> Option<NaiveDate> {
    analyze(None, text).fields.signed_on.map(|field| field.value)
}

fn organs(title: &str, text: &str) -> Vec<String> {
    analyze(Some(title), text).fields.issuing_organs.into_iter().map(|field| field.value).collect()
}

fn numbers(title: Option<&str>, text: &str) -> Vec<String> {
    let fields = analyze(title, text).fields;
    fields.document_numbers.iter().map(|field| field.value.to_string()).collect()
}

#[test]
fn a_notice_gives_all_its_values() {
    let document = analyze(None, NOTICE);
    let json = serde_json::to_value(&document).unwrap();
    assert_eq!(json["title"], "淮南市人民政府办公室关于印发《淮南市古树名木保护办法》的通知");
    assert_eq!(json["document_number"], "淮府办〔2023〕12号");
    assert_eq!(json["issuing_organs"], serde_json::json!(["淮南市人民政府办公室"]));
    assert_eq!(
        json["addressees"],
        serde_json::json!(["各县", "区人民政府", "市政府各部门（含直属机构）"]),
    );
    assert_eq!(json["signed_on"], "2023-05-06");
    assert_eq!(json["effective_on"], "2023-07-01");
    assert_eq!(json["validity_years"], 5);
    assert_eq!(json["expires_on"], "2028-07-01");
    assert_eq!(json["kind"], "通知");
    assert_eq!(json["disclosure"], "public");
    assert_eq!(json["attachments"], serde_json::json!(["古树名木登记表", "古树名木养护责任书"]));
    assert_eq!(json["fields"]["signed_on"]["confidence"], 96);
    let print = document.fields.print_block.unwrap().value;
    assert_eq!(print.printed_by.as_deref(), Some("淮南市人民政府办公室"));
    assert_eq!(print.printed_on, day(2023, 5, 8));
    assert_eq!(print.copies_to.as_deref(), Some("市委各部门，市人大常委会办公室"));
}

#[test]
fn spans_count_characters_of_the_text() {
    let field = analyze(None, NOTICE).fields.signed_on.unwrap();
    let span = field.span.unwrap();
    let cut: String = NOTICE.chars().skip(span.start).take(span.end - span.start).collect();
    assert_eq!(cut, "2023年5月6日");
    assert_eq!(&NOTICE[span.bytes()], "2023年5月6日");
}

#[test]
fn an_order_is_its_bodys() {
    let text = "中华人民共和国国务院令\n第 999 号\n《修坝条例》已经2024年1月2日国务院第1次常务会议通过，现予公布，自2024年5月1日起施行。\n总理　张三\n2024年1月8日\n修坝条例\n第一条　为了修坝，制定本条例。";
    let document = analyze(Some("修坝条例"), text);
    assert_eq!(document.fields.document_numbers[0].value.to_string(), "国令第999号");
    assert_eq!(document.fields.issuing_organs[0].value, "国务院");
    assert_eq!(document.fields.signed_on.map(|field| field.value), day(2024, 1, 8));
    assert_eq!(document.fields.effective_on.map(|field| field.value), day(2024, 5, 1));
    assert!(document.relations.is_empty());
}

#[test]
fn the_mark_of_disclosure_has_several_forms() {
    let mark = |text: &str| analyze(None, text).fields.disclosure.map(|field| field.value);
    assert_eq!(mark("（此件公开发布）"), Some(Disclosure::Public));
    assert_eq!(mark("（此件依申请公开）"), Some(Disclosure::OnRequest));
    assert_eq!(mark("应当标注“此件不公开”等字样。"), None);
    assert_eq!(mark("（此件不予公开）"), Some(Disclosure::Withheld));
    assert_eq!(mark("公开方式：主动公开"), Some(Disclosure::Public));
    assert_eq!(mark("此件办理完毕"), None);
}

#[test]
fn a_joint_document_has_all_its_organs() {
    let text = "各县区财政局、教育局：\n现将有关事项通知如下。\n\n淮南市财政局　淮南市教育局\n2022年3月4日";
    assert_eq!(
        organs("淮南市财政局 淮南市教育局关于拨付资金的通知", text),
        ["淮南市财政局", "淮南市教育局"]
    );
    assert_eq!(
        organs("淮南市财政局等两部门关于拨付资金的通知", text),
        ["淮南市财政局", "淮南市教育局"]
    );
    assert_eq!(organs("关于拨付资金的通知", text), ["淮南市财政局", "淮南市教育局"]);
}

#[test]
fn an_organ_that_disagrees_is_doubted() {
    let text = "各单位：\n请执行。\n淮南市水利局\n2022年3月4日";
    let fields = analyze(Some("淮南市财政局关于拨付资金的通知"), text).fields;
    let organ = &fields.issuing_organs[0];
    assert_eq!(organ.value, "淮南市财政局");
    assert!(organ.confidence < 80 && !organ.doubts.is_empty());
}

#[test]
fn numbers_are_the_documents_own() {
    assert_eq!(
        numbers(
            None,
            "淮府〔2020〕3号\n淮南市人民政府关于修路的通知\n各县区人民政府：\n根据《公路办法》（皖政〔2019〕5号）"
        ),
        ["淮府〔2020〕3号"]
    );
    assert_eq!(
        numbers(Some("关于修路的复函"), "市交通局：\n淮交〔2020〕3号文收悉。同意修路。"),
        [""; 0]
    );
    assert_eq!(
        numbers(Some("关于修路的通知"), "关于修路的通知淮交〔2020〕3号各县区交通局：请修路。"),
        ["淮交〔2020〕3号"]
    );
    assert_eq!(
        numbers(
            None,
            "修路条例\n2017年1月2日中华人民共和国国务院令第999号公布\n第一条 为了修路，制定本条例。"
        ),
        ["国令第999号"]
    );
}

#[test]
fn a_table_at_the_head_is_read() {
    let text = "索 引 号:1主题分类:综合\n发文机关:淮南市水利局成文日期:2024-01-02 00:01\n文 号:淮水〔2024〕1号发布日期:2024-01-05\n关于修坝的通知\n各单位：\n请修坝。";
    let fields = analyze(None, text).fields;
    assert_eq!(numbers(None, text), ["淮水〔2024〕1号"]);
    assert_eq!(fields.signed_on.map(|field| field.value), day(2024, 1, 2));
    assert_eq!(fields.published_on.map(|field| field.value), day(2024, 1, 5));
    assert_eq!(fields.issuing_organs[0].value, "淮南市水利局");
}

#[test]
fn the_signature_may_be_anywhere_a_page_puts_it() {
    assert_eq!(
        signed("关于修坝的通知\n各单位：\n请修坝。\n淮南市水利局\n二〇二四年一月二日"),
        day(2024, 1, 2)
    );
    assert_eq!(signed("请修坝。淮南市水利局2024年1月2日（此件公开发布）更多信息"), day(2024, 1, 2));
    assert_eq!(signed("请修坝。\n淮南市水利局\n2024-01-02"), day(2024, 1, 2));
    assert_eq!(signed("现公布本令。\n市长　张三\n2024年1月2日"), day(2024, 1, 2));
    let run_in = "请修坝。淮南市水利局2024年1月2日修坝方案一、总则";
    let fields = analyze(Some("淮南市水利局关于印发修坝方案的通知"), run_in).fields;
    assert_eq!(fields.signed_on.map(|field| field.value), day(2024, 1, 2));
}

#[test]
fn the_title_of_the_annex_does_not_hide_the_signature() {
    let text = "关于印发《修坝办法》的通知\n各单位：\n请执行。\n淮南市水利局\n2024年1月2日\n修坝办法\n第一条 为了修坝，制定本办法。";
    let fields = analyze(Some("修坝办法"), text).fields;
    assert_eq!(fields.signed_on.map(|field| field.value), day(2024, 1, 2));
    assert_eq!(fields.issuing_organs[0].value, "淮南市水利局");
}

#[test]
fn a_day_that_cannot_be_counted_is_a_doubt() {
    let fields = analyze(None, "第二条 本办法自发布之日起施行。").fields;
    assert_eq!(fields.effective_on, None);
    assert_eq!(fields.doubts.len(), 1);
}

#[test]
fn a_date_of_signing_with_two_readings_has_none() {
    let fields =
        analyze(None, "关于修坝的通知\n各单位：\n请修坝。\n淮南市水利局\n2021118日").fields;
    assert_eq!(fields.signed_on, None);
    assert_eq!(fields.doubts.len(), 1);
}

#[test]
fn the_day_of_effect_is_what_the_document_says_of_itself() {
    assert_eq!(effective("第九条 本办法自2020年5月1日起施行。"), day(2020, 5, 1));
    assert_eq!(effective("六、本通知自2020年5月1日起执行，有效期两年。"), day(2020, 5, 1));
    assert_eq!(
        effective("《水法》自2016年7月2日起施行。本办法自2020年5月1日起施行。"),
        day(2020, 5, 1)
    );
    assert_eq!(effective("本办法自2020929日起施行。"), day(2020, 9, 29));
    assert_eq!(effective("本办法自2021118日起施行。"), None);
}

#[test]
fn a_relative_day_of_effect_is_counted() {
    let text = "关于修坝的通知\n本通知自印发之日起施行。\n淮南市水利局\n2024年1月2日";
    assert_eq!(effective(text), day(2024, 1, 2));
    let text = "修坝条例\n2024年1月2日淮南市人民政府令第9号公布\n第一条 为了修坝，制定本条例。\n第二条 本条例自公布之日起30日后施行。";
    assert_eq!(effective(text), day(2024, 2, 1));
}

#[test]
fn the_period_is_the_documents_and_not_a_licences() {
    let fields =
        analyze(None, "采砂许可证有效期为3年。本办法自2020年5月1日起施行，有效期至2025年4月30日。")
            .fields;
    assert_eq!(fields.validity_years, None);
    assert_eq!(fields.expires_on.map(|field| field.value), day(2025, 4, 30));
    let fields = analyze(None, "本办法自2020年5月1日起施行，试行两年。").fields;
    assert_eq!(fields.validity_years.map(|field| field.value), Some(2));
    let fields = analyze(None, "本办法自2020年5月1日起施行，至2022年4月30日止。").fields;
    assert_eq!(fields.expires_on.map(|field| field.value), day(2022, 4, 30));
}

#[test]
fn a_laws_header_gives_dates_and_body() {
    let text = "# 修坝条例\n\n2015年6月1日 淮南市第十五届人民代表大会常务委员会第二十次会议通过\n\n2015年7月17日 安徽省第十二届人民代表大会常务委员会第二十二次会议批准\n\n2015年10月1日 施行\n\n第一条 为了修坝，制定本条例。\n第二条 本条例自2015年10月1日起施行。";
    let fields = analyze(None, text).fields;
    assert_eq!(fields.title.map(|field| field.value).as_deref(), Some("修坝条例"));
    assert_eq!(fields.issuing_organs[0].value, "淮南市人民代表大会常务委员会");
    assert_eq!(fields.signed_on.map(|field| field.value), day(2015, 7, 17));
    assert_eq!(fields.effective_on.map(|field| field.value), day(2015, 10, 1));
    assert_eq!(fields.kind.map(|field| field.value), Some("条例"));
}

#[test]
fn the_outline_is_a_tree() {
    let outline = analyze(None, NOTICE).outline;
    let seen: Vec<(Level, &str, Option<usize>)> =
        outline.iter().map(|node| (node.level, node.label.as_str(), node.parent)).collect();
    let from = seen.iter().position(|node| node.0 == Level::Chapter).unwrap();
    let expected = [
        (Level::Chapter, "第一章", None),
        (Level::Article, "第一条", Some(from)),
        (Level::Article, "第二条", Some(from)),
        (Level::Paragraph, "第二款", Some(from + 2)),
        (Level::Second, "（一）", Some(from + 3)),
        (Level::Second, "（二）", Some(from + 3)),
        (Level::Chapter, "第二章", None),
        (Level::Article, "第三条", Some(from + 6)),
    ];
    assert_eq!(&seen[from..from + expected.len()], expected);
    assert_eq!(outline[from].heading, "总则");
}

#[test]
fn numbered_headings_nest() {
    let text = "关于修坝的意见\n一、总体要求\n（一）目标。修好坝。\n1.修大坝。投资1.5亿元。\n（1）选址\n二、组织实施";
    let outline = analyze(None, text).outline;
    let seen: Vec<(&str, &str, Option<usize>)> = outline
        .iter()
        .map(|node| (node.label.as_str(), node.heading.as_str(), node.parent))
        .collect();
    assert_eq!(
        seen,
        [
            ("一", "总体要求", None),
            ("（一）", "目标", Some(0)),
            ("1", "修大坝", Some(1)),
            ("（1）", "选址", Some(2)),
            ("二", "组织实施", None),
        ],
    );
}

#[test]
fn nothing_comes_from_nothing() {
    let document = analyze(None, "");
    assert_eq!(document.fields, Fields::default());
    assert!(document.relations.is_empty() && document.outline.is_empty());
}

#[test]
fn a_last_day_that_is_counted_is_a_proposal() {
    let fields = analyze(None, "第九条 本办法自2020年5月1日起施行，有效期五年。").fields;
    let field = fields.expires_on.unwrap();
    assert_eq!(Some(field.value), day(2025, 5, 1));
    assert!(field.confidence < 60 && field.doubts[0].contains("2025-04-30"));
}

#[test]
fn the_category_follows_from_organ_number_and_form() {
    let category = |title: &str, text: &str| {
        analyze(Some(title), text).fields.category.map(|field| field.value)
    };
    let order =
        "安徽省人民政府令\n第 9 号\n《修坝办法》已经通过，现予公布。\n省长　张三\n2024年1月8日";
    assert_eq!(category("修坝办法", order), Some(Category::GovernmentRule));
    let law = "2015年6月1日 淮南市第十五届人民代表大会常务委员会第二十次会议通过\n第一条 为了修坝，制定本条例。";
    assert_eq!(category("淮南市修坝条例", law), Some(Category::LocalRegulation));
    let notice = "淮财规〔2024〕1号\n各单位：\n请执行。\n淮南市财政局\n2024年1月2日";
    assert_eq!(
        category("淮南市财政局关于印发修坝补贴办法的通知", notice),
        Some(Category::DepartmentNormative)
    );
    assert_eq!(
        category("淮南市人民政府办公室关于召开修坝会议的通知", "各县区：\n请参加。"),
        Some(Category::GovernmentOther)
    );
    assert_eq!(category("修坝办法（征求意见稿）", "第一条 为了修坝，制定本办法。"), None);
}
