//! Deadlines that run into years without an arrangement.

use chrono::{Datelike, Days};
use proptest::prelude::*;

use super::{day, deadline};
use crate::file::CalendarFile;
use crate::{Calendar, Why};

/// The official calendar as it was known before the notice for the year after `last`.
fn known_until(last: i32) -> Calendar {
    let mut file = CalendarFile::official();
    file.years.retain(|arrangement| arrangement.year <= last);
    Calendar::from_file(file)
}

#[test]
fn a_deadline_into_an_unknown_year_has_bounds_and_no_day() {
    let due = deadline("2026-12-30", 3);
    assert!(due.provisional);
    assert_eq!(due.day, None);
    assert_eq!(due.earliest, day("2027-01-03"), "31 December, then a make-up weekend");
    assert!(due.latest >= day("2027-01-05"), "without any exception it would be 5 January");
    assert!(due.latest <= day("2027-01-20"));
    let unknown = due.reasons.last().unwrap();
    assert_eq!((unknown.from, &unknown.why), (day("2027-01-01"), &Why::Unknown));
    assert!(unknown.to_string().contains("尚未公布"));
}

#[test]
fn a_deadline_that_ends_on_the_last_known_day_is_certain() {
    assert_eq!(deadline("2026-12-30", 1).day, Some(day("2026-12-31")));
}

#[test]
fn a_start_in_an_unknown_year_is_provisional_at_once() {
    let due = deadline("2028-06-01", 20);
    assert!(due.provisional && due.earliest > day("2028-06-01") && due.earliest < due.latest);
}

#[test]
fn fixed_statutory_holidays_are_off_in_every_reading() {
    let due = deadline("2027-09-30", 1);
    assert!(due.earliest > day("2027-10-03"));
}

proptest! {
    /// History as the judge: what was later announced lies within what was promised.
    #[test]
    fn the_bounds_hold_for_every_year_announced_since(
        last in 2019_i32..2026, back in 0_u64..60, n in 0_u32..260,
    ) {
        let from = day(&format!("{last}-12-31")) - Days::new(back);
        let promised = known_until(last).add_working_days(from, n).unwrap();
        let actual = Calendar::official().add_working_days(from, n).unwrap();
        let Some(actual) = actual.day else { return Ok(()) };
        prop_assert!(promised.earliest <= actual && actual <= promised.latest);
        prop_assert_eq!(promised.provisional, promised.latest.year() > last);
    }

    #[test]
    fn bounds_are_ordered_and_provisional_means_no_day(start in 0_u64..20_000, n in 0_u32..2_600) {
        let due = Calendar::official().add_working_days(day("2019-01-01") + Days::new(start), n);
        let due = due.unwrap();
        prop_assert!(due.earliest <= due.latest);
        prop_assert_eq!(due.provisional, due.day.is_none());
    }
}
