use proptest::prelude::*;

use super::*;

fn day(year: i32, month: u32, day: u32) -> Partial {
    Partial { year: Some(year), month, day: Some(day) }
}

#[test]
fn dates_with_their_marks_are_exact() {
    for written in [
        "2023年1月8日",
        "２０２３年１月８日",
        "二〇二三年一月八日",
        "二○二三年一月八日",
        "二零二三年一月八日",
        " 2023 年 1 月 8 日 ",
        "2023-01-08",
        "2023-01-08 09:30",
        "2023.1.8",
        "2023/1/8",
        "2023年1月8",
    ] {
        assert_eq!(parse(written), Reading::Exact(day(2023, 1, 8)), "{written}");
    }
    assert_eq!(parse("一九九六年十一月二十五日"), Reading::Exact(day(1996, 11, 25)));
    assert_eq!(parse("二〇〇四年十月三十日"), Reading::Exact(day(2004, 10, 30)));
}

#[test]
fn dates_that_lost_marks_are_repaired_if_one_reading_is_left() {
    assert_eq!(parse("20221220日"), Reading::Repaired(day(2022, 12, 20)));
    assert_eq!(parse("2020929"), Reading::Repaired(day(2020, 9, 29)));
    assert_eq!(parse("201941"), Reading::Repaired(day(2019, 4, 1)));
    assert_eq!(parse("201911日"), Reading::Repaired(day(2019, 1, 1)));
    let december = Partial { year: None, month: 12, day: Some(18) };
    assert_eq!(parse("1218日"), Reading::Repaired(december));
    let june = Partial { year: Some(2021), month: 6, day: None };
    assert_eq!(parse("20216"), Reading::Repaired(june));
}

#[test]
fn dates_with_two_readings_come_back_with_both() {
    let both = vec![day(2021, 1, 18), day(2021, 11, 8)];
    assert_eq!(parse("2021118日"), Reading::Ambiguous(both));
    let both = vec![day(2023, 10, 20), day(2023, 12, 10)];
    assert_eq!(parse("二〇二三年十二十日"), Reading::Ambiguous(both));
}

#[test]
fn what_is_no_date_is_none() {
    for written in
        ["", "年", "2023", "2023年", "2023年13月1日", "2023年2月30日", "3日", "1234567890"]
    {
        assert_eq!(parse(written), Reading::None, "{written}");
    }
}

#[test]
fn dates_are_found_in_a_text() {
    let text = "自 2020年5月1日 起施行，至二〇二五年四月三十日止，2019年底、2018年3月另行安排。";
    let found = find_in(text);
    let dates: Vec<Partial> = found.iter().map(|found| found.date).collect();
    let march = Partial { year: Some(2018), month: 3, day: None };
    assert_eq!(dates, [day(2020, 5, 1), day(2025, 4, 30), march]);
    assert_eq!(&text[found[0].range.clone()], "2020年5月1日");
}

fn han(value: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let tens = match value / 10 {
        0 => String::new(),
        1 => "十".to_owned(),
        tens => format!("{}十", DIGITS[tens as usize]),
    };
    format!("{tens}{}", DIGITS[(value % 10) as usize])
}

proptest! {
    /// Take a correct date and delete marks: the result is the date, or it is ambiguous.
    #[test]
    fn a_date_that_lost_marks_is_never_another(
        year in FIRST_YEAR..=LAST_YEAR, month in 1u32..=12, number in 1u32..=31,
        chinese: bool, lost in 0u8..8,
    ) {
        let Some(date) = Partial::new(Some(year), month, Some(number)) else { return Ok(()) };
        let digits = year.to_string();
        let (year, month, number) = if chinese {
            let year: String = digits.bytes().map(|digit| {
                ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'][(digit - b'0') as usize]
            }).collect();
            (year, han(month), han(number))
        } else {
            (digits, month.to_string(), number.to_string())
        };
        let keep = |mark: &'static str, bit: u8| if lost & bit == 0 { mark } else { "" };
        let written =
            format!("{year}{}{month}{}{number}{}", keep("年", 1), keep("月", 2), keep("日", 4));
        match parse(&written) {
            Reading::Exact(read) | Reading::Repaired(read) => prop_assert_eq!(read, date, "{}", written),
            Reading::Ambiguous(readings) => prop_assert!(readings.contains(&date), "{}", written),
            Reading::None => prop_assert!(false, "{} is read as no date", written),
        }
    }

    #[test]
    fn any_text_can_be_read(text in "\\PC{0,60}") {
        let _ = parse(&text);
        let _ = find_in(&text);
    }
}
