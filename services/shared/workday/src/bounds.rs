//! What can be said about a day whose year has no arrangement yet.
//!
//! Two readings frame the truth. The *eager* one finds as many working days as can be:
//! every Monday to Friday is worked, and so are as many weekend days as notices have ever
//! exchanged. The *idle* one finds as few: no weekend day is worked, and as many Mondays to
//! Fridays are off as holidays could plausibly take. Either allowance is spent as early as
//! possible, so that no arrangement within it can end a deadline outside the frame. In both
//! readings the statutory holidays with a fixed date are off, because the law and not the
//! notice says so.
//!
//! The allowances stand above everything announced for 2019 to 2026: at most 3 make-up days
//! in 31 consecutive days and 8 in a year; at most 7 Mondays to Fridays off in 31 days (that
//! includes the Spring Festival prolonged in 2020) and 19 in a year.

use chrono::{Datelike, NaiveDate};

use crate::calendar::is_weekend;

const RUN_DAYS: i64 = 31;
const MAKE_UP: Allowance = Allowance { per_run: 4, per_year: 10 };
const DAYS_OFF: Allowance = Allowance { per_run: 10, per_year: 24 };

/// How many exceptions from the weekday are reckoned with.
struct Allowance {
    per_run: u32,
    per_year: u32,
}

/// One reading of the unknown days, asked day by day in order.
pub(crate) struct Reading {
    allowance: Allowance,
    eager: bool,
    run: Option<NaiveDate>,
    spent_in_run: u32,
    year: i32,
    spent_in_year: u32,
}

impl Reading {
    /// The reading under which a deadline ends as early as can be.
    pub(crate) fn eager() -> Self {
        Self::new(MAKE_UP, true)
    }

    /// The reading under which a deadline ends as late as can be.
    pub(crate) fn idle() -> Self {
        Self::new(DAYS_OFF, false)
    }

    fn new(allowance: Allowance, eager: bool) -> Self {
        Self { allowance, eager, run: None, spent_in_run: 0, year: 0, spent_in_year: 0 }
    }

    /// Whether this reading takes the unknown day as worked.
    pub(crate) fn is_worked(&mut self, day: NaiveDate) -> bool {
        if is_fixed_holiday(day) {
            return false;
        }
        let weekend = is_weekend(day);
        let exception_wanted = weekend == self.eager;
        if exception_wanted && self.spend(day) { self.eager } else { !weekend }
    }

    fn spend(&mut self, day: NaiveDate) -> bool {
        let begun = *self.run.get_or_insert(day);
        if (day - begun).num_days() >= RUN_DAYS {
            self.run = Some(day);
            self.spent_in_run = 0;
        }
        if day.year() != self.year {
            self.year = day.year();
            self.spent_in_year = 0;
        }
        let left = self.spent_in_run < self.allowance.per_run
            && self.spent_in_year < self.allowance.per_year;
        if left {
            self.spent_in_run += 1;
            self.spent_in_year += 1;
        }
        left
    }
}

/// New Year, Labour Day (two days) and National Day (three days), as the law has them since
/// 2025. The other holidays move with the moon and the sun.
fn is_fixed_holiday(day: NaiveDate) -> bool {
    matches!((day.month(), day.day()), (1, 1) | (5, 1 | 2) | (10, 1..=3))
}
