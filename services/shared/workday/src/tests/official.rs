//! The compiled-in calendar against published counts, and the laws of counting.

use chrono::{Datelike, Days};
use proptest::prelude::*;

use super::{day, days_of, deadline};
use crate::{Calendar, CalendarError, DayKind, MAX_WORKING_DAYS, Why};

const PER_MONTH: [(i32, [usize; 12], usize); 8] = [
    (2019, [22, 17, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22], 250),
    (2020, [17, 20, 22, 22, 19, 21, 23, 21, 23, 17, 21, 23], 249),
    (2021, [20, 17, 23, 22, 19, 21, 22, 22, 22, 17, 22, 23], 250),
    (2022, [21, 16, 23, 21, 20, 21, 21, 23, 21, 18, 22, 22], 249),
    (2023, [18, 20, 23, 20, 21, 21, 21, 23, 20, 19, 22, 21], 249),
    (2024, [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22], 251),
    (2025, [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23], 248),
    (2026, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23], 248),
];

#[test]
fn every_month_and_year_has_its_published_number_of_working_days() {
    let calendar = Calendar::official();
    for (year, months, total) in PER_MONTH {
        let mut counted = [0; 12];
        for day in days_of(year).filter(|day| calendar.is_working_day(*day).unwrap()) {
            counted[day.month0() as usize] += 1;
        }
        assert_eq!(counted, months, "{year}");
        assert_eq!(counted.iter().sum::<usize>(), total, "{year}");
    }
}

/// Year, days named as off, of them Monday to Friday, worked weekend days.
const BLOCKS: [(i32, usize, usize, usize); 8] = [
    (2019, 28, 17, 6),
    (2020, 30, 19, 6),
    (2021, 31, 18, 7),
    (2022, 32, 18, 7),
    (2023, 28, 18, 7),
    (2024, 28, 19, 8),
    (2025, 28, 18, 5),
    (2026, 33, 19, 6),
];

#[test]
fn every_year_has_its_published_holidays_and_make_up_days() {
    let calendar = Calendar::official();
    for (year, off, off_on_weekdays, made_up) in BLOCKS {
        let kinds = || days_of(year).map(|day| (day, calendar.kind(day).unwrap()));
        let holidays = || kinds().filter(|(_, kind)| matches!(kind, DayKind::Holiday(_)));
        assert_eq!(holidays().count(), off, "{year}");
        let on_weekdays = holidays().filter(|(day, _)| day.weekday().number_from_monday() <= 5);
        assert_eq!(on_weekdays.count(), off_on_weekdays, "{year}");
        assert_eq!(kinds().filter(|(_, kind)| *kind == DayKind::MakeUp).count(), made_up, "{year}");
    }
}

#[test]
fn the_calendar_says_what_it_knows_and_from_where() {
    let calendar = Calendar::official();
    assert_eq!(calendar.version(), "cn-2026.1");
    assert_eq!(calendar.known_years().collect::<Vec<_>>(), (2019..=2026).collect::<Vec<_>>());
    assert_eq!(calendar.notices(2026), ["国办发明电〔2025〕7号"]);
    assert!(calendar.notices(2027).is_empty());
}

#[test]
fn traps_of_the_record() {
    let calendar = Calendar::official();
    let works = |text| calendar.is_working_day(day(text)).unwrap();
    assert!(works("2024-02-09"), "new year's eve was worked in 2024");
    assert!(!works("2020-02-01"), "first a make-up day, then off");
    assert!(works("2020-02-03"));
    assert!(!works("2022-12-31"));
    assert!(works("2023-01-28") && works("2023-01-29"), "two worked weekend days in a row");
    assert_eq!(calendar.kind(day("2022-12-31")), Ok(DayKind::Holiday("元旦".into())));
}

#[test]
fn outside_the_known_years_there_is_an_error_and_no_guess() {
    let calendar = Calendar::official();
    let before = CalendarError::BeforeFirstYear { day: day("2018-12-31"), first: 2019 };
    assert_eq!(calendar.is_working_day(day("2018-12-31")), Err(before.clone()));
    assert_eq!(calendar.add_working_days(day("2018-12-31"), 1), Err(before));
    let unknown = CalendarError::UnknownYear { year: 2027 };
    assert_eq!(calendar.is_working_day(day("2027-03-01")), Err(unknown));
    let asked = MAX_WORKING_DAYS + 1;
    let too_long = CalendarError::TooLong { asked, max: MAX_WORKING_DAYS };
    assert_eq!(calendar.add_working_days(day("2023-01-01"), asked), Err(too_long));
}

#[test]
fn three_working_days_after_publication() {
    for (published, due) in [
        ("2023-09-28", "2023-10-09"),
        ("2023-12-29", "2024-01-04"),
        ("2024-02-08", "2024-02-19"),
        ("2024-04-30", "2024-05-08"),
        ("2025-01-27", "2025-02-07"),
        ("2025-09-30", "2025-10-11"),
        ("2026-02-13", "2026-02-25"),
    ] {
        assert_eq!(deadline(published, 3).day, Some(day(due)), "{published}");
    }
    assert_eq!(deadline("2023-09-28", 20).day, Some(day("2023-11-01")));
    assert_eq!(deadline("2023-12-29", 20).day, Some(day("2024-01-29")));
}

#[test]
fn seven_fifteen_twenty_and_forty_working_days() {
    let vectors = [
        ("2019-05-15", "2019-05-24", "2019-06-05", "2019-06-13", "2019-07-11"),
        ("2020-01-23", "2020-02-11", "2020-02-21", "2020-02-28", "2020-03-27"),
        ("2021-09-18", "2021-09-29", "2021-10-15", "2021-10-22", "2021-11-19"),
        ("2022-01-30", "2022-02-15", "2022-02-25", "2022-03-04", "2022-04-01"),
        ("2023-01-13", "2023-01-29", "2023-02-08", "2023-02-15", "2023-03-15"),
        ("2023-01-20", "2023-02-03", "2023-02-15", "2023-02-22", "2023-03-22"),
        ("2023-04-04", "2023-04-14", "2023-04-25", "2023-05-05", "2023-06-01"),
        ("2023-04-21", "2023-05-04", "2023-05-15", "2023-05-22", "2023-06-19"),
        ("2023-04-23", "2023-05-05", "2023-05-16", "2023-05-23", "2023-06-20"),
        ("2023-06-16", "2023-06-28", "2023-07-10", "2023-07-17", "2023-08-14"),
        ("2023-07-08", "2023-07-18", "2023-07-28", "2023-08-04", "2023-09-01"),
        ("2023-09-15", "2023-09-26", "2023-10-12", "2023-10-19", "2023-11-16"),
        ("2023-09-28", "2023-10-13", "2023-10-25", "2023-11-01", "2023-11-29"),
        ("2023-11-20", "2023-11-29", "2023-12-11", "2023-12-18", "2024-01-16"),
        ("2023-11-21", "2023-11-30", "2023-12-12", "2023-12-19", "2024-01-17"),
        ("2023-12-15", "2023-12-26", "2024-01-08", "2024-01-15", "2024-02-09"),
        ("2023-12-18", "2023-12-27", "2024-01-09", "2024-01-16", "2024-02-18"),
        ("2024-01-05", "2024-01-16", "2024-01-26", "2024-02-02", "2024-03-06"),
        ("2024-01-31", "2024-02-08", "2024-02-26", "2024-03-04", "2024-04-01"),
        ("2024-04-03", "2024-04-15", "2024-04-25", "2024-05-06", "2024-05-31"),
        ("2024-09-10", "2024-09-20", "2024-10-08", "2024-10-14", "2024-11-11"),
        ("2024-09-13", "2024-09-25", "2024-10-11", "2024-10-17", "2024-11-14"),
        ("2024-12-31", "2025-01-10", "2025-01-22", "2025-02-05", "2025-03-04"),
        ("2025-01-10", "2025-01-21", "2025-02-07", "2025-02-13", "2025-03-13"),
        ("2025-01-26", "2025-02-11", "2025-02-21", "2025-02-28", "2025-03-28"),
        ("2025-04-25", "2025-05-08", "2025-05-20", "2025-05-27", "2025-06-25"),
        ("2025-05-30", "2025-06-11", "2025-06-23", "2025-06-30", "2025-07-28"),
        ("2025-09-12", "2025-09-23", "2025-10-10", "2025-10-16", "2025-11-13"),
        ("2025-09-28", "2025-10-14", "2025-10-24", "2025-10-31", "2025-11-28"),
        ("2025-12-31", "2026-01-12", "2026-01-22", "2026-01-29", "2026-03-04"),
        ("2026-01-16", "2026-01-27", "2026-02-06", "2026-02-13", "2026-03-19"),
        ("2026-02-13", "2026-03-02", "2026-03-12", "2026-03-19", "2026-04-17"),
        ("2026-02-14", "2026-03-03", "2026-03-13", "2026-03-20", "2026-04-20"),
        ("2026-04-24", "2026-05-08", "2026-05-19", "2026-05-26", "2026-06-24"),
        ("2026-09-11", "2026-09-21", "2026-10-09", "2026-10-15", "2026-11-12"),
        ("2026-09-20", "2026-09-30", "2026-10-16", "2026-10-23", "2026-11-20"),
    ];
    for (received, seven, fifteen, twenty, forty) in vectors {
        for (n, due) in [(7, seven), (15, fifteen), (20, twenty), (40, forty)] {
            assert_eq!(deadline(received, n).day, Some(day(due)), "{received} + {n}");
        }
    }
}

#[test]
fn the_reasons_tell_the_count() {
    let due = deadline("2023-09-28", 3);
    let told: Vec<String> = due.reasons.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "2023-09-29 至 2023-10-06 中秋节、国庆节放假，不计",
            "2023-10-07 至 2023-10-08 调休上班，计入"
        ]
    );
    let plain = deadline("2023-07-05", 3);
    assert_eq!(plain.reasons.len(), 1);
    assert_eq!(plain.reasons[0].why, Why::Weekend);
    assert_eq!(
        (plain.reasons[0].from, plain.reasons[0].to),
        (day("2023-07-08"), day("2023-07-09"))
    );
}

#[test]
fn a_period_of_no_days_ends_where_it_begins() {
    assert_eq!(deadline("2023-10-01", 0).day, Some(day("2023-10-01")));
}

proptest! {
    #[test]
    fn a_certain_deadline_is_the_nth_working_day(start in 0_u64..2_500, n in 1_u32..60) {
        let calendar = Calendar::official();
        let from = day("2019-01-01") + Days::new(start);
        let due = calendar.add_working_days(from, n).unwrap();
        let last = due.day.unwrap();
        prop_assert!(calendar.is_working_day(last).unwrap());
        prop_assert!(!due.provisional);
        prop_assert_eq!((due.earliest, due.latest), (last, last));
        let counted = from.iter_days().skip(1).take_while(|day| *day <= last)
            .filter(|day| calendar.is_working_day(*day).unwrap()).count();
        prop_assert_eq!(counted, n as usize);
    }

    #[test]
    fn a_longer_period_ends_later(start in 0_u64..4_000, n in 0_u32..300) {
        let calendar = Calendar::official();
        let from = day("2019-01-01") + Days::new(start);
        let shorter = calendar.add_working_days(from, n).unwrap();
        let longer = calendar.add_working_days(from, n + 1).unwrap();
        prop_assert!(shorter.earliest < longer.earliest && shorter.latest < longer.latest);
    }

    #[test]
    fn a_later_start_never_ends_earlier(start in 0_u64..2_500, n in 1_u32..60) {
        let calendar = Calendar::official();
        let from = day("2019-01-01") + Days::new(start);
        let one = calendar.add_working_days(from, n).unwrap();
        let next = calendar.add_working_days(from + Days::new(1), n).unwrap();
        prop_assert!(one.day <= next.day);
    }
}
