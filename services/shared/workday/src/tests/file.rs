//! Calendar files: what they add, and how a wrong one is refused.

use super::day;
use crate::{Calendar, CalendarError, DayKind};

const NEXT_YEAR: &str = r#"{
  "version": "test-2027",
  "years": [{
    "year": 2027,
    "notices": ["国办发明电〔2026〕1号"],
    "holidays": [{ "name": "元旦", "from": "2026-12-31", "to": "2027-01-02" }],
    "workdays": ["2027-01-03"]
  }]
}"#;

fn refused(from: &str, to: &str) -> CalendarError {
    assert!(NEXT_YEAR.contains(from));
    Calendar::official().with_file(&NEXT_YEAR.replace(from, to)).unwrap_err()
}

fn refused_field(from: &str, to: &str) -> String {
    match refused(from, to) {
        CalendarError::Invalid { field, .. } => field,
        other => panic!("{other}"),
    }
}

#[test]
fn a_file_adds_a_year_and_may_touch_the_december_before() {
    let calendar = Calendar::official().with_file(NEXT_YEAR).unwrap();
    assert_eq!(calendar.version(), "cn-2026.1+test-2027");
    assert_eq!(calendar.known_years().last(), Some(2027));
    assert_eq!(calendar.kind(day("2026-12-31")), Ok(DayKind::Holiday("元旦".into())));
    let due = calendar.add_working_days(day("2026-12-30"), 1).unwrap();
    assert_eq!(due.day, Some(day("2027-01-03")));
}

#[test]
fn a_file_replaces_a_year_whole() {
    let file = NEXT_YEAR.replace("2027", "2026").replace("2026-12-31", "2025-12-31");
    let file = file.replace("2026-01-03", "2026-01-04");
    let calendar = Calendar::official().with_file(&file).unwrap();
    assert_eq!(calendar.is_working_day(day("2026-10-01")), Ok(true));
    assert_eq!(calendar.is_working_day(day("2025-12-31")), Ok(false));
    assert_eq!(calendar.is_working_day(day("2025-10-01")), Ok(false));
}

#[test]
fn a_wrong_file_is_refused_by_line() {
    let error = refused("2027-01-02", "2027-02-30");
    assert!(matches!(error, CalendarError::Unreadable { line: 6, .. }), "{error}");
    let error = refused("\"notices\"", "\"notes\"");
    assert!(matches!(error, CalendarError::Unreadable { line: 5, .. }), "{error}");
    assert!(error.to_string().contains("notes"), "{error}");
}

#[test]
fn a_wrong_value_is_refused_by_field() {
    assert_eq!(refused_field("test-2027", " "), "version");
    assert_eq!(refused_field("2027-01-02", "2026-12-30"), "years[0].holidays[0].to");
    assert_eq!(refused_field("2026-12-31", "2026-11-30"), "years[0].holidays[0].from");
    assert_eq!(refused_field("2027-01-02", "2027-03-02"), "years[0].holidays[0].to");
    assert_eq!(refused_field("元旦", ""), "years[0].holidays[0].name");
    assert_eq!(refused_field("2027-01-03", "2027-01-04"), "years[0].workdays[0]");
    assert_eq!(refused_field("2027-01-03", "2027-01-02"), "years[0].workdays[0]");
    assert_eq!(refused_field("2027-01-03", "2028-01-02"), "years[0].workdays[0]");
    assert_eq!(refused_field("\"year\": 2027", "\"year\": 27"), "years[0].year");
    let holiday = r#"{ "name": "元旦", "from": "2026-12-31", "to": "2027-01-02" }"#;
    assert_eq!(refused_field(holiday, ""), "years[0].holidays");
    assert_eq!(refused_field(holiday, &format!("{holiday}, {holiday}")), "years[0].holidays[1]");
}
