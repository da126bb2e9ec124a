//! The last day of a period of validity.
//!
//! A document that states a period but no last day has two readings of one day's difference:
//! 《民法典》 articles 201 and 202 do not count the first day, so that five years from
//! 2018-07-01 end with 2023-07-01; many documents count it and print 2023-06-30. Both are
//! proposals: what is stored is the last day that a person confirmed, and until then the reading
//! used is shown with it.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::words;

/// How a period in years is counted.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// The first day is not counted, and the last one is the corresponding day, or the last day
    /// of its month where there is none (《民法典》 articles 201 and 202).
    #[default]
    CorrespondingDay,
    /// The first day is counted, and the last one is the day before the corresponding day.
    DayBefore,
}

impl Reading {
    /// What a reader is shown.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::CorrespondingDay => "按对应日",
            Self::DayBefore => "按对应日前一日",
        }
    }
}

/// The last day of a period that begins with a day; a proposal, see the module.
///
/// None for a period of no year, or one that ends behind the calendar.
pub fn proposed_expiry(effective_on: NaiveDate, years: u32, reading: Reading) -> Option<NaiveDate> {
    let months = years.checked_mul(12).filter(|months| *months > 0)?;
    let end = effective_on.checked_add_months(Months::new(months))?;
    match reading {
        Reading::CorrespondingDay => Some(end),
        // From 29 February there is no corresponding day, and the month's last is the day before.
        Reading::DayBefore if end.day() != effective_on.day() => Some(end),
        Reading::DayBefore => end.pred_opt(),
    }
}

/// A period of validity and the last day computed from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// The day it begins with.
    pub from: NaiveDate,
    /// How long, in years.
    pub years: u32,
    /// How it was counted.
    pub reading: Reading,
    /// The last day in force.
    pub last_day: NaiveDate,
    /// The rule that sets the period, where the document states none.
    pub rule: Option<String>,
}

impl Period {
    /// A period that the document states; none as for [`proposed_expiry`].
    pub fn stated(from: NaiveDate, years: u32, reading: Reading) -> Option<Self> {
        let last_day = proposed_expiry(from, years, reading)?;
        Some(Self { from, years, reading, last_day, rule: None })
    }
}

/// The last day in force, and whence it is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LastDay {
    /// It is stated.
    Stated(NaiveDate),
    /// It was computed.
    Computed(Period),
}

impl LastDay {
    /// The day, which still counts.
    pub const fn day(&self) -> NaiveDate {
        match self {
            Self::Stated(day) => *day,
            Self::Computed(period) => period.last_day,
        }
    }
}

impl fmt::Display for LastDay {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = words::day(self.day());
        match self {
            Self::Stated(_) => write!(out, "有效期至{last}"),
            Self::Computed(Period { years, reading, rule, .. }) => {
                if let Some(rule) = rule {
                    write!(out, "依{rule}")?;
                }
                write!(out, "有效期{years}年，{}推算至{last}", reading.chinese())
            }
        }
    }
}

/// A rule that gives documents which state no period one, as
/// 《安徽省行政机关规范性文件制定程序规定》 article 7 did with five years. Data, not law: which rule
/// holds where is for the city to set, and without one no document lapses unsaid.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultValidity {
    /// The rule, as a reason names it: `《…规定》第七条`.
    pub rule: String,
    /// How long documents are valid from the day they take effect, in years.
    pub years: u32,
    /// How the years are counted.
    #[serde(default)]
    pub reading: Reading,
    /// It holds for documents that take effect on this day or later.
    pub holds_from: NaiveDate,
    /// It holds for these categories, as the caller calls them; empty: for none.
    pub categories: Vec<String>,
    /// It holds for organs whose name begins with one of these; empty: for all.
    #[serde(default)]
    pub organs: Vec<String>,
}

impl DefaultValidity {
    /// The period of a document that states none, if the rule holds for it.
    pub fn period<T: AsRef<str>>(
        &self,
        category: &str,
        organs: &[T],
        effective_on: NaiveDate,
    ) -> Option<Period> {
        let begins = |organ: &T| self.organs.iter().any(|name| organ.as_ref().starts_with(name));
        let holds = effective_on >= self.holds_from
            && self.categories.iter().any(|name| name == category)
            && (self.organs.is_empty() || organs.iter().any(begins));
        let period = Period::stated(effective_on, self.years, self.reading).filter(|_| holds)?;
        Some(Period { rule: Some(self.rule.clone()), ..period })
    }
}

#[cfg(test)]
mod tests;
