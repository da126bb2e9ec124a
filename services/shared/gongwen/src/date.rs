//! Dates as people and scrapers write them.
//!
//! Read are `2023年1月8日`, `二〇二三年一月八日`, full-width digits, `2023-01-08`, `2023.1.8`,
//! and what is left when a page loses 年, 月 or 日: `20221220日` has one reading, `2021118日`
//! has two and comes back with both. GB/T 9704-2012, 7.3.5.4 has the day of signing in Arabic
//! digits without leading zeros; older documents write it in Chinese ones.

mod find;
mod numeral;
mod read;

use chrono::NaiveDate;
use serde::Serialize;

pub use find::{Found, find_in};
pub(crate) use numeral::{han, is_numeral};
pub use read::parse;

/// The first year that a date is read with.
pub const FIRST_YEAR: i32 = 1900;
/// The last year that a date is read with.
pub const LAST_YEAR: i32 = 2099;

/// A date as far as it is written: the month always, year and day perhaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Partial {
    /// The year, [`FIRST_YEAR`] to [`LAST_YEAR`].
    pub year: Option<i32>,
    /// The month, 1 to 12.
    pub month: u32,
    /// The day of the month, which exists in that month.
    pub day: Option<u32>,
}

impl Partial {
    /// A date that can exist; a day without a year is measured by a leap year.
    pub(crate) fn new(year: Option<i32>, month: u32, day: Option<u32>) -> Option<Self> {
        const LEAP: i32 = 2000;
        if year.is_some_and(|year| !(FIRST_YEAR..=LAST_YEAR).contains(&year)) {
            return None;
        }
        NaiveDate::from_ymd_opt(year.unwrap_or(LEAP), month, day.unwrap_or(1))?;
        Some(Self { year, month, day })
    }

    /// The calendar day, if year and day are written.
    pub fn day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year?, self.month, self.day?)
    }
}

/// What a text that should be one date turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reading", content = "value", rename_all = "snake_case")]
pub enum Reading {
    /// A date with its marks or separators.
    Exact(Partial),
    /// A date that lost a mark and has one reading only; a person should confirm it.
    Repaired(Partial),
    /// More than one reading, in ascending order: a person has to say.
    Ambiguous(Vec<Partial>),
    /// Not a date.
    None,
}

impl Reading {
    /// The date, exact or repaired.
    pub fn date(&self) -> Option<Partial> {
        match self {
            Self::Exact(date) | Self::Repaired(date) => Some(*date),
            Self::Ambiguous(_) | Self::None => None,
        }
    }

    /// The calendar day, exact or repaired.
    pub fn day(&self) -> Option<NaiveDate> {
        self.date().and_then(Partial::day)
    }
}

/// A number below a hundred in Arabic or Chinese digits.
pub(crate) fn number(written: &[char]) -> Option<u32> {
    numeral::value(written).map(|(value, _)| value)
}

#[cfg(test)]
mod tests;
