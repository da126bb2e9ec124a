use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn both(from: &str, years: u32) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let expiry = |reading| proposed_expiry(day(from), years, reading);
    (expiry(Reading::CorrespondingDay), expiry(Reading::DayBefore))
}

#[test]
fn five_years_have_two_readings() {
    let found = both("2018-07-01", 5);
    assert_eq!(found, (Some(day("2023-07-01")), Some(day("2023-06-30"))));
}

#[test]
fn the_new_year_is_crossed() {
    assert_eq!(both("2019-01-01", 1), (Some(day("2020-01-01")), Some(day("2019-12-31"))));
}

#[test]
fn a_leap_day_ends_with_february() {
    assert_eq!(both("2020-02-29", 5), (Some(day("2025-02-28")), Some(day("2025-02-28"))));
    assert_eq!(both("2020-02-29", 4), (Some(day("2024-02-29")), Some(day("2024-02-28"))));
    assert_eq!(both("2019-03-01", 1), (Some(day("2020-03-01")), Some(day("2020-02-29"))));
}

#[test]
fn impossible_periods_have_no_end() {
    assert_eq!(both("2020-01-01", 0), (None, None));
    assert_eq!(both("2020-01-01", u32::MAX), (None, None));
    assert_eq!(both("2020-01-01", 300_000), (None, None));
}

#[test]
fn the_law_is_the_default_reading() {
    assert_eq!(Reading::default(), Reading::CorrespondingDay);
}

fn rule() -> DefaultValidity {
    serde_json::from_str(
        r#"{"rule": "《规定》第七条", "years": 5, "holds_from": "2003-03-01",
            "categories": ["市政府行政规范性文件"], "organs": ["某市"]}"#,
    )
    .unwrap()
}

#[test]
fn a_default_period_names_its_rule() {
    let period =
        rule().period("市政府行政规范性文件", &["某市人民政府"], day("2018-07-01")).unwrap();
    assert_eq!(period.last_day, day("2023-07-01"));
    assert_eq!(
        LastDay::Computed(period).to_string(),
        "依《规定》第七条有效期5年，按对应日推算至2023年7月1日"
    );
}

#[test]
fn a_default_period_holds_only_where_it_is_set() {
    let holds = |category, organ, from| rule().period(category, &[organ], day(from)).is_some();
    assert!(holds("市政府行政规范性文件", "某市人民政府", "2003-03-01"));
    assert!(!holds("市政府行政规范性文件", "某市人民政府", "2003-02-28"), "before the rule");
    assert!(!holds("市政府其他文件", "某市人民政府", "2018-07-01"), "another category");
    assert!(!holds("市政府行政规范性文件", "邻市人民政府", "2018-07-01"), "another city");
}

#[test]
fn a_rule_with_a_slip_is_refused() {
    let slip =
        r#"{"rule": "甲", "years": 5, "holds_from": "2003-03-01", "categories": [], "kind": "乙"}"#;
    assert!(serde_json::from_str::<DefaultValidity>(slip).is_err());
}
