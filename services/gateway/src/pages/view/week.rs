//! Weeks as ISO 8601 numbers them: `2026-W05`, from Monday to Sunday.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};

/// A week, by its Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week(NaiveDate);

impl Week {
    /// The week of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.week(Weekday::Mon).first_day())
    }

    /// Reads `2026-W05`.
    pub fn read(text: &str) -> Option<Self> {
        let (year, week) = text.split_once("-W")?;
        let shaped = year.len() == 4 && week.len() == 2;
        let (year, week) = (year.parse().ok()?, week.parse().ok()?);
        let monday = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon)?;
        (shaped && (1949..=2999).contains(&year)).then_some(Self(monday))
    }

    /// Its Monday.
    pub fn first(self) -> NaiveDate {
        self.0
    }

    /// Its Sunday.
    pub fn last(self) -> NaiveDate {
        self.0.checked_add_days(Days::new(6)).unwrap_or(self.0)
    }

    /// The week before.
    pub fn before(self) -> Self {
        Self(self.0.checked_sub_days(Days::new(7)).unwrap_or(self.0))
    }

    /// The week behind.
    pub fn after(self) -> Self {
        Self(self.0.checked_add_days(Days::new(7)).unwrap_or(self.0))
    }
}

impl std::fmt::Display for Week {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let week = self.0.iso_week();
        write!(f, "{:04}-W{:02}", week.year(), week.week())
    }
}

/// 星期一 to 星期日.
pub fn weekday(day: NaiveDate) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "星期一",
        Weekday::Tue => "星期二",
        Weekday::Wed => "星期三",
        Weekday::Thu => "星期四",
        Weekday::Fri => "星期五",
        Weekday::Sat => "星期六",
        Weekday::Sun => "星期日",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_read_and_written_alike_over_the_turn_of_years() {
        for text in ["2026-W01", "2020-W53", "2024-W52"] {
            assert_eq!(Week::read(text).unwrap().to_string(), text);
        }
        let first = Week::read("2026-W01").unwrap();
        assert_eq!(first.first().to_string(), "2025-12-29");
        assert_eq!(first.last().to_string(), "2026-01-04");
        assert_eq!(first.before().to_string(), "2025-W52");
        assert_eq!(first.after().to_string(), "2026-W02");
        assert_eq!(Week::of(first.last()), first);
        assert_eq!(weekday(first.first()), "星期一");
    }

    #[test]
    fn what_is_no_week_is_none() {
        for text in ["", "2026-W54", "2026-W00", "2026-5", "26-W05", "2026-W5", "9999-W01"] {
            assert_eq!(Week::read(text), None, "{text}");
        }
    }
}
