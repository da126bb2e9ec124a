//! The calendar file: its shape, and the checks that a value of it must pass.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

use crate::CalendarError;

/// A block of days off cannot plausibly be longer; a longer one is a slip of the pen.
const LONGEST_BLOCK: i64 = 31;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CalendarFile {
    pub(crate) version: String,
    pub(crate) years: Vec<Arrangement>,
}

/// What the notices for one year say; its days may begin in December of the year before.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arrangement {
    pub(crate) year: i32,
    pub(crate) notices: Vec<String>,
    pub(crate) holidays: Vec<Holiday>,
    pub(crate) workdays: Vec<NaiveDate>,
}

/// A run of days off, both ends included.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Holiday {
    pub(crate) name: String,
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

impl Holiday {
    pub(crate) fn days(&self) -> impl Iterator<Item = NaiveDate> {
        let last = self.to;
        self.from.iter_days().take_while(move |day| *day <= last)
    }
}

impl CalendarFile {
    /// The file that is compiled in.
    #[expect(clippy::expect_used, reason = "the file is compiled in and read by every test")]
    pub(crate) fn official() -> Self {
        Self::read(include_str!("../calendar.json")).expect("the compiled-in calendar is valid")
    }

    pub(crate) fn read(json: &str) -> Result<Self, CalendarError> {
        let file: Self = serde_json::from_str(json).map_err(|error| CalendarError::Unreadable {
            line: error.line(),
            column: error.column(),
            reason: error.to_string(),
        })?;
        file.check()?;
        Ok(file)
    }

    fn check(&self) -> Result<(), CalendarError> {
        if self.version.trim().is_empty() {
            return Err(invalid("version", "不能为空"));
        }
        if self.years.is_empty() {
            return Err(invalid("years", "至少要有一年"));
        }
        let mut seen = BTreeSet::new();
        for (index, year) in self.years.iter().enumerate() {
            let field = format!("years[{index}]");
            if !seen.insert(year.year) {
                return Err(invalid(format!("{field}.year"), format!("{} 年重复", year.year)));
            }
            year.check(&field)?;
        }
        Ok(())
    }
}

impl Arrangement {
    fn check(&self, field: &str) -> Result<(), CalendarError> {
        if !(1949..=2999).contains(&self.year) {
            return Err(invalid(format!("{field}.year"), format!("{} 不是合理的年份", self.year)));
        }
        // A year without any holiday would quietly be Monday to Friday: the announced years
        // all have seven, so an empty list is a stub and not an arrangement.
        if self.holidays.is_empty() {
            return Err(invalid(format!("{field}.holidays"), "没有任何放假安排"));
        }
        let mut off = BTreeSet::new();
        for (index, holiday) in self.holidays.iter().enumerate() {
            let field = format!("{field}.holidays[{index}]");
            self.check_holiday(&field, holiday)?;
            if let Some(twice) = holiday.days().find(|day| !off.insert(*day)) {
                return Err(invalid(field, format!("{twice} 已在另一假期中")));
            }
        }
        let mut worked = BTreeSet::new();
        for (index, day) in self.workdays.iter().enumerate() {
            let field = format!("{field}.workdays[{index}]");
            self.check_belongs(&field, *day)?;
            if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
                return Err(invalid(field, format!("{day} 不是周末，无需调休上班")));
            }
            if off.contains(day) {
                return Err(invalid(field, format!("{day} 同时列为放假")));
            }
            if !worked.insert(*day) {
                return Err(invalid(field, format!("{day} 重复")));
            }
        }
        Ok(())
    }

    fn check_holiday(&self, field: &str, holiday: &Holiday) -> Result<(), CalendarError> {
        if holiday.name.trim().is_empty() {
            return Err(invalid(format!("{field}.name"), "不能为空"));
        }
        self.check_belongs(&format!("{field}.from"), holiday.from)?;
        self.check_belongs(&format!("{field}.to"), holiday.to)?;
        let length = (holiday.to - holiday.from).num_days() + 1;
        if length < 1 {
            return Err(invalid(format!("{field}.to"), "早于 from"));
        }
        if length > LONGEST_BLOCK {
            return Err(invalid(format!("{field}.to"), format!("假期长达 {length} 天")));
        }
        Ok(())
    }

    fn check_belongs(&self, field: &str, day: NaiveDate) -> Result<(), CalendarError> {
        let eve = day.year() == self.year - 1 && day.month() == 12;
        if day.year() == self.year || eve {
            return Ok(());
        }
        let year = self.year;
        Err(invalid(field, format!("{day} 不在 {year} 年，也不在上一年十二月")))
    }
}

fn invalid(field: impl Into<String>, reason: impl Into<String>) -> CalendarError {
    CalendarError::Invalid { field: field.into(), reason: reason.into() }
}
