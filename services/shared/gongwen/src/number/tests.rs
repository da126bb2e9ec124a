use proptest::prelude::*;

use super::*;

fn exact(text: &str) -> String {
    match parse(text) {
        Parsed::Exact(number) => number.to_string(),
        other => panic!("{text}: {other:?}"),
    }
}

fn repaired(text: &str) -> String {
    match parse(text) {
        Parsed::Repaired(number) => number.to_string(),
        other => panic!("{text}: {other:?}"),
    }
}

fn found(text: &str) -> Vec<String> {
    find_in(text).into_iter().map(|(_, number)| number.to_string()).collect()
}

#[test]
fn canonical_numbers_read_as_themselves() {
    for head in [
        "淮府",
        "淮府办",
        "淮府秘",
        "淮府办秘",
        "皖政",
        "皖政办",
        "皖政办秘",
        "皖政务办",
        "皖政务办秘",
        "国发",
        "国函",
        "国发明电",
        "国办发",
        "国办函",
        "国办发明电",
        "国办公开办函",
        "国办秘函",
        "法",
    ] {
        let text = format!("{head}〔2023〕12号");
        assert_eq!(exact(&text), text);
        let number = parse(&text).into_number().unwrap();
        assert_eq!((number.head.as_str(), number.year, number.serial), (head, Some(2023), 12));
    }
    for text in ["国令第711号", "安徽省人民政府令第149号"] {
        assert_eq!(exact(text), text);
        assert_eq!(parse(text).number().unwrap().year, None);
    }
}

#[test]
fn every_way_to_write_a_number_is_the_same_number() {
    for text in [
        "淮府办〔2023〕12号",
        "淮府办[2023]12",
        "淮府办（2023）12号",
        "淮府办(2023)12号",
        "淮府办［２０２３］１２号",
        "淮府办【2023】12号",
        "淮府办﹝2023﹞12号",
        "淮府办〈2023〉12号",
        "淮府办《2023》12号",
        "淮府办{2023}12号",
        " 淮府办 〔 2023 〕 12 号 ",
        "淮府办〔2023〕第12号",
        "淮府办〔2023〕012号",
        "淮府办〔2023〕12號",
        "（淮府办〔2023〕12号）",
        "淮府办〔2023〕12号。",
        "“淮府办〔2023〕12号”",
        "淮府办〔2023〕12号文",
        "淮府办〔2023〕12号文件",
        "淮府办〔2023〕1 2号",
        "淮府办\u{200b}〔2023〕12号",
    ] {
        assert_eq!(exact(text), "淮府办〔2023〕12号", "{text}");
    }
    assert_eq!(exact("皖政办秘[2021]65号"), "皖政办秘〔2021〕65号");
    assert_eq!(exact("河北省人民政府令〔2023〕第8号"), "河北省人民政府令〔2023〕8号");
}

#[test]
fn lost_brackets_with_one_reading_are_repaired() {
    for (text, number) in [
        ("皖政务办秘〔202222)", "皖政务办秘〔2022〕22号"),
        ("国办公开办函〔202130号", "国办公开办函〔2021〕30号"),
        ("国办公开办函〔202130", "国办公开办函〔2021〕30号"),
        ("皖政务办〔20205号", "皖政务办〔2020〕5号"),
        ("皖政务办〔20233号", "皖政务办〔2023〕3号"),
        ("皖政办〔20205号", "皖政办〔2020〕5号"),
        ("淮府办2023〕12号", "淮府办〔2023〕12号"),
        ("淮府办202312号", "淮府办〔2023〕12号"),
        ("淮府办2023年12号", "淮府办〔2023〕12号"),
        ("淮府办2023年第12号", "淮府办〔2023〕12号"),
        ("淮府办 2023 12", "淮府办〔2023〕12号"),
        ("淮府办〔2023第12号", "淮府办〔2023〕12号"),
        ("安徽省人民政府令149号", "安徽省人民政府令第149号"),
    ] {
        assert_eq!(repaired(text), number, "{text}");
    }
    let flaw = "皖政办〔20205号".parse::<DocumentNumber>().unwrap_err();
    assert_eq!(flaw, Flaw::NeedsRepair("皖政办〔2020〕5号".to_owned()));
}

#[test]
fn what_has_two_readings_is_left_to_a_person() {
    for text in
        ["淮府办〔2023012号", "淮府办〔2023〕1 2", "国令20205号", "国令2020", "淮府办〔202 312"]
    {
        assert!(matches!(parse(text), Parsed::Ambiguous(_)), "{text}: {:?}", parse(text));
    }
}

#[test]
fn what_is_no_document_number_says_why() {
    for (text, flaw) in [
        ("", Flaw::Empty),
        (" （） ", Flaw::Empty),
        ("〔2023〕12号", Flaw::NoHead),
        ("HFGS—2017—9", Flaw::OtherIdentifier),
        ("淮府办第12号", Flaw::NoYear),
        ("淮府办12号", Flaw::NoYear),
        ("淮府办", Flaw::NoSerial),
        ("淮府办〔2023〕", Flaw::NoSerial),
        ("淮府办〔2023〕号", Flaw::NoSerial),
        ("淮府办〔1923〕12号", Flaw::BadYear("1923".to_owned())),
        ("淮府办〔20221〕5号", Flaw::BadYear("20221".to_owned())),
        ("淮府办〔2023〕0号", Flaw::BadSerial("0".to_owned())),
        ("淮府办〔2023〕123456号", Flaw::BadSerial("123456".to_owned())),
        ("淮府办〔2023〕12号通知", Flaw::Trailing("通知".to_owned())),
        ("办〔2023〕12号", Flaw::BadHead("办".to_owned())),
        ("淮-府〔2023〕12号", Flaw::BadHead("淮-府".to_owned())),
    ] {
        assert_eq!(parse(text), Parsed::None(flaw), "{text}");
    }
    assert!(matches!(parse(&"淮".repeat(100_000)), Parsed::None(_)));
}

#[test]
fn keys_compare_what_is_the_same_document() {
    let key = |text: &str| parse(text).into_number().unwrap().key();
    assert_eq!(key("呼政辦發[2008]68號"), key("呼政办发〔2008〕68号"));
    assert_eq!(key("国令第711号"), key("中华人民共和国国务院令第711号"));
    assert_eq!(key("淮府办〔2023〕12号"), "淮府办/2023/12");
    assert_eq!(key("国令第711号"), "国令//711");
    assert_ne!(key("淮府办〔2023〕12号"), key("淮府〔2023〕12号"));
}

#[test]
fn numbers_are_made_from_parts_only_if_they_are_right() {
    assert_eq!(DocumentNumber::new("淮府", None, 3), Err(Flaw::NoYear));
    assert_eq!(DocumentNumber::new("淮府", Some(23), 3), Err(Flaw::BadYear("23".to_owned())));
    assert_eq!(DocumentNumber::new("淮府", Some(2023), 0), Err(Flaw::BadSerial("0".to_owned())));
    assert!(DocumentNumber::new("安徽省人民政府令", None, 149).is_ok());
}

#[test]
fn numbers_are_found_in_running_text() {
    for (text, numbers) in [
        ("根据国办发〔2018〕20号精神", vec!["国办发〔2018〕20号"]),
        (
            "《意见》（国发〔2016〕76号）和《通知》（国发[2019]25号），",
            vec!["国发〔2016〕76号", "国发〔2019〕25号"],
        ),
        ("国发〔2020〕1号和国办发〔2020〕2号", vec!["国发〔2020〕1号", "国办发〔2020〕2号"]),
        ("文号：国科发奖字[1998]033号　　发布", vec!["国科发奖字〔1998〕33号"]),
        ("2011年10月31日河北省人民政府令〔2020〕第2号第三次", vec!["河北省人民政府令〔2020〕2号"]),
        ("《风景名胜区条例》（国务院令第474号）", vec!["国务院令第474号"]),
        ("（2002年农业部令第167号）", vec!["农业部令第167号"]),
        ("淮府办[2023]12 什么时候施行", vec!["淮府办〔2023〕12号"]),
        ("查询淮府办（2023）12", vec!["淮府办〔2023〕12号"]),
        ("见国办公开办函〔202130号", vec!["国办公开办函〔2021〕30号"]),
        ("穗残联规字〔2019〕2 号", vec!["穗残联规字〔2019〕2号"]),
        ("日政办〔2020〕5号", vec!["日政办〔2020〕5号"]),
        ("和政办〔2020〕5号", vec!["和政办〔2020〕5号"]),
        ("我院的法〔1998〕86号", vec!["法〔1998〕86号"]),
        ("关于公布的通知(漳公积金〔2023]10号)", vec!["漳公积金〔2023〕10号"]),
    ] {
        assert_eq!(found(text), numbers, "{text}");
    }
}

#[test]
fn what_only_looks_like_a_number_is_not_found() {
    for text in [
        "安全生产法(2021-06-10)",
        "发展规划（2016—2020年）",
        "（2000年6月2日",
        "统计条例(2023)10月",
        "责令改正，处50万元以下",
        "责令第三方",
        "纲要(2022-2035年)",
        "〔2023〕12号",
        "国发〔2020〕1-3号",
        "工作计划（20221号",
        "国发〔2020〕12\n3月",
        "平均增长(2023) 5%",
        "法律、法规〔",
        "令第",
        "令第711",
    ] {
        assert_eq!(found(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_hostile_text_costs_linear_time() {
    for piece in ["〔2", "令第1", "淮府〔20231", "淮", "根据的", "〔2023〕", " ", "国令第1号"]
    {
        let text = piece.repeat(20_000);
        let _ = find_in(&text);
    }
}

const HEADS: [&str; 8] = [
    "淮府",
    "淮府办",
    "皖政务办秘",
    "国办公开办函",
    "呼政辦發",
    "和政办",
    "河北省人民政府令",
    "国令",
];

fn any_number() -> impl Strategy<Value = DocumentNumber> {
    let dated = (0..HEADS.len(), FIRST_YEAR..=LAST_YEAR, 1..=MAX_SERIAL)
        .prop_map(|(head, year, serial)| (HEADS[head], Some(year), serial));
    let orders =
        (6..HEADS.len(), 1..=MAX_SERIAL).prop_map(|(head, serial)| (HEADS[head], None, serial));
    prop_oneof![3 => dated, 1 => orders]
        .prop_map(|(head, year, serial)| DocumentNumber::new(head, year, serial).unwrap())
}

proptest! {
    #[test]
    fn a_canonical_number_is_exact(number in any_number()) {
        prop_assert_eq!(parse(&number.to_string()), Parsed::Exact(number));
    }

    #[test]
    fn lost_characters_never_make_another_number(number in any_number(), lost in 0_u8..16) {
        let marks = ['〔', '〕', '号', '第'];
        let text: String = number.to_string().chars()
            .filter(|ch| !marks.iter().enumerate().any(|(at, mark)| mark == ch && lost >> at & 1 == 1))
            .collect();
        match parse(&text) {
            Parsed::Exact(read) | Parsed::Repaired(read) => prop_assert_eq!(&read, &number),
            Parsed::Ambiguous(_) => {}
            Parsed::None(flaw) => prop_assert!(false, "{}: {:?}", text, flaw),
        }
        if let [(_, read)] = find_in(&text).as_slice() {
            prop_assert_eq!(read, &number);
        }
    }

    #[test]
    fn a_number_is_found_where_it_stands(
        before in "[，。；（《 a-z]{0,8}", number in any_number(), after in "[，。；）》 a-z]{0,8}",
    ) {
        let text = format!("{before}{number}{after}");
        let written = number.to_string();
        let range = before.len()..before.len() + written.len();
        prop_assert_eq!(find_in(&text), vec![(range, number)]);
    }

    #[test]
    fn no_text_panics_and_what_is_found_can_be_read(
        text in "[淮府办国令第号〔〕\\[\\]（）0-9０-９ 年月日和的\n]{0,40}|.{0,60}",
    ) {
        let _ = parse(&text);
        let mut floor = 0;
        for (range, number) in find_in(&text) {
            prop_assert!(range.start >= floor);
            floor = range.end;
            prop_assert_eq!(parse(&text[range]).into_number(), Some(number));
        }
    }
}

#[test]
fn a_head_that_would_hold_the_beginning_of_a_tail_is_cut_there() {
    for (range, number) in find_in("第令第1号") {
        assert_eq!(parse(&"第令第1号"[range]).into_number(), Some(number));
    }
}

#[test]
fn orders_in_chinese_digits_and_announcements_are_numbers() {
    assert_eq!(exact("中华人民共和国主席令第七十三号"), "中华人民共和国主席令第73号");
    assert_eq!(exact("国家税务总局公告2023年第5号"), "国家税务总局公告〔2023〕5号");
    assert_eq!(found("按国家税务总局公告2023年第5号执行"), ["国家税务总局公告〔2023〕5号"]);
    assert_eq!(found("主席令第一百零二号公布"), ["主席令第102号"]);
    assert_eq!(found("责令第三方处理"), Vec::<String>::new());
}
