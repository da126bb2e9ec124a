use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::error::CalendarError;
use crate::file::{Arrangement, CalendarFile};

/// What one day is under the official arrangement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// An ordinary Monday to Friday.
    Workday,
    /// A weekend day that is worked in exchange for a day off (调休).
    MakeUp,
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// A day off in the named holiday, weekend days of the block included.
    Holiday(Arc<str>),
}

impl DayKind {
    /// Whether offices work on such a day.
    pub fn is_worked(&self) -> bool {
        matches!(self, Self::Workday | Self::MakeUp)
    }
}

/// The working calendar of the years whose arrangement is known.
#[derive(Debug, Clone)]
pub struct Calendar {
    version: String,
    years: BTreeMap<i32, Arrangement>,
    /// Every day that a notice names; all others follow their weekday.
    named: BTreeMap<NaiveDate, DayKind>,
}

impl Calendar {
    /// The calendar that is compiled in: the arrangements of 2019 to 2026.
    pub fn official() -> Self {
        Self::from_file(CalendarFile::official())
    }

    pub(crate) fn from_file(file: CalendarFile) -> Self {
        Self::build(file.version, by_year(file.years))
    }

    /// This calendar with the years of a calendar file added, or put in place of its own.
    ///
    /// The file has the shape of the compiled-in one: `version`, and `years` with `year`,
    /// `notices`, `holidays` (`name`, `from`, `to`) and `workdays`. Its version is appended
    /// to ours. An error names the line, or the field, that is wrong.
    pub fn with_file(&self, json: &str) -> Result<Self, CalendarError> {
        let file = CalendarFile::read(json)?;
        let mut years = self.years.clone();
        years.extend(by_year(file.years));
        Ok(Self::build(format!("{}+{}", self.version, file.version.trim()), years))
    }

    fn build(version: String, years: BTreeMap<i32, Arrangement>) -> Self {
        let mut named = BTreeMap::new();
        // In the order of the years: where two speak of the same December day, the later
        // notice is the newer word.
        for arrangement in years.values() {
            for holiday in &arrangement.holidays {
                let name: Arc<str> = holiday.name.as_str().into();
                named.extend(holiday.days().map(|day| (day, DayKind::Holiday(name.clone()))));
            }
            named.extend(arrangement.workdays.iter().map(|day| (*day, DayKind::MakeUp)));
        }
        Self { version, years, named }
    }

    /// The version of the data, to be kept beside every date computed from it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The years whose arrangement is known, in order.
    pub fn known_years(&self) -> impl Iterator<Item = i32> {
        self.years.keys().copied()
    }

    /// The numbers of the notices that arranged the year; empty for an unknown year.
    pub fn notices(&self, year: i32) -> &[String] {
        self.years.get(&year).map_or(&[], |arrangement| &arrangement.notices)
    }

    /// Whether the day is worked.
    pub fn is_working_day(&self, day: NaiveDate) -> Result<bool, CalendarError> {
        self.kind(day).map(|kind| kind.is_worked())
    }

    /// What the day is, and in which holiday it lies.
    pub fn kind(&self, day: NaiveDate) -> Result<DayKind, CalendarError> {
        self.check_not_before(day)?;
        if !self.years.contains_key(&day.year()) {
            return Err(CalendarError::UnknownYear { year: day.year() });
        }
        Ok(self.named.get(&day).cloned().unwrap_or_else(|| by_weekday(day)))
    }

    /// A day of an unknown year that a neighbouring notice names, as 31 December may be.
    pub(crate) fn named_in_unknown_year(&self, day: NaiveDate) -> Option<DayKind> {
        self.named.get(&day).cloned()
    }

    pub(crate) fn check_not_before(&self, day: NaiveDate) -> Result<(), CalendarError> {
        match self.years.keys().next() {
            Some(&first) if day.year() < first => {
                Err(CalendarError::BeforeFirstYear { day, first })
            }
            _ => Ok(()),
        }
    }
}

fn by_year(years: Vec<Arrangement>) -> BTreeMap<i32, Arrangement> {
    years.into_iter().map(|arrangement| (arrangement.year, arrangement)).collect()
}

fn by_weekday(day: NaiveDate) -> DayKind {
    if is_weekend(day) { DayKind::Weekend } else { DayKind::Workday }
}

pub(crate) fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}
