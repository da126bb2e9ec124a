mod file;
mod official;
mod provisional;

use chrono::NaiveDate;

use crate::{Calendar, Deadline};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn days_of(year: i32) -> impl Iterator<Item = NaiveDate> {
    let end = NaiveDate::from_ymd_opt(year, 12, 31).expect("a date");
    NaiveDate::from_ymd_opt(year, 1, 1)
        .expect("a date")
        .iter_days()
        .take_while(move |day| *day <= end)
}

fn deadline(from: &str, n: u32) -> Deadline {
    Calendar::official().add_working_days(day(from), n).expect("a deadline")
}
