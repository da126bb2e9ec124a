use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::bounds::Reading;
use crate::calendar::{Calendar, DayKind};
use crate::error::CalendarError;

/// The longest deadline that is computed: ten years of working days.
pub const MAX_WORKING_DAYS: u32 = 2_600;

/// The last day of a period counted in working days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The day, if the calendar knows every day up to it.
    pub day: Option<NaiveDate>,
    /// The earliest day it can be; alerts use this one.
    pub earliest: NaiveDate,
    /// The latest day it can be.
    pub latest: NaiveDate,
    /// Whether the deadline runs into a year whose arrangement is not known.
    pub provisional: bool,
    /// Which days were not counted, which weekend days were, and from where on it is unknown.
    pub reasons: Vec<Reason>,
}

/// Why a run of days did not follow the plain count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// First day of the run.
    pub from: NaiveDate,
    /// Last day of the run.
    pub to: NaiveDate,
    /// What these days are.
    pub why: Why,
}

/// What the days of a [`Reason`] are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Ordinary weekend days: not counted.
    Weekend,
    /// Days off in the named holiday: not counted.
    Holiday(String),
    /// Weekend days worked in exchange: counted.
    MakeUp,
    /// Days of a year without an arrangement: reckoned with both ways.
    Unknown,
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.from)?;
        if self.to != self.from {
            write!(out, " 至 {}", self.to)?;
        }
        match &self.why {
            Why::Weekend => out.write_str(" 周末，不计"),
            Why::Holiday(name) => write!(out, " {name}放假，不计"),
            Why::MakeUp => out.write_str(" 调休上班，计入"),
            Why::Unknown => out.write_str(" 放假安排尚未公布，期限暂定"),
        }
    }
}

impl Calendar {
    /// The day on which a period of `n` working days after `from` ends.
    ///
    /// The day `from` itself is never counted, whatever day it is; a period of no days ends
    /// on it. Where a year is unknown the deadline is provisional, and the bounds hold for
    /// any arrangement with at most 4 make-up days and at most 10 Mondays to Fridays off in
    /// 31 consecutive days (10 and 24 in a year), which is more than was ever announced for
    /// the years known here.
    pub fn add_working_days(&self, from: NaiveDate, n: u32) -> Result<Deadline, CalendarError> {
        self.check_not_before(from)?;
        if n > MAX_WORKING_DAYS {
            return Err(CalendarError::TooLong { asked: n, max: MAX_WORKING_DAYS });
        }
        let mut count = Count::new(from, n);
        let mut day = from;
        while !count.is_complete() {
            day = day.succ_opt().ok_or(CalendarError::OutOfRange { day: from })?;
            count.pass(day, self.known_kind(day));
        }
        Ok(count.into_deadline())
    }

    /// `None` for a day that no arrangement covers.
    fn known_kind(&self, day: NaiveDate) -> Option<DayKind> {
        self.kind(day).ok().or_else(|| self.named_in_unknown_year(day))
    }
}

/// A count under way: one hand for each reading of the unknown days.
struct Count {
    early: Hand,
    late: Hand,
    reasons: Vec<Reason>,
}

struct Hand {
    left: u32,
    at: NaiveDate,
    reading: Reading,
}

impl Hand {
    fn pass(&mut self, day: NaiveDate, kind: Option<&DayKind>) {
        if self.left == 0 {
            return;
        }
        if kind.map_or_else(|| self.reading.is_worked(day), DayKind::is_worked) {
            self.left -= 1;
            self.at = day;
        }
    }
}

impl Count {
    fn new(from: NaiveDate, n: u32) -> Self {
        let hand = |reading| Hand { left: n, at: from, reading };
        Self { early: hand(Reading::eager()), late: hand(Reading::idle()), reasons: Vec::new() }
    }

    fn is_complete(&self) -> bool {
        self.early.left == 0 && self.late.left == 0
    }

    fn pass(&mut self, day: NaiveDate, kind: Option<DayKind>) {
        self.early.pass(day, kind.as_ref());
        self.late.pass(day, kind.as_ref());
        match kind {
            Some(DayKind::Workday) => {}
            Some(DayKind::Weekend) => self.note(day, Why::Weekend),
            Some(DayKind::MakeUp) => self.note(day, Why::MakeUp),
            Some(DayKind::Holiday(name)) => self.note(day, Why::Holiday(name.as_ref().to_owned())),
            None => self.note(day, Why::Unknown),
        }
    }

    /// Lengthens the last run if the day continues it within its year.
    fn note(&mut self, day: NaiveDate, why: Why) {
        match self.reasons.last_mut() {
            Some(last) if last.why == why && continues(last, day) => last.to = day,
            _ => self.reasons.push(Reason { from: day, to: day, why }),
        }
    }

    fn into_deadline(self) -> Deadline {
        let provisional = self.reasons.iter().any(|reason| reason.why == Why::Unknown);
        Deadline {
            day: (!provisional).then_some(self.early.at),
            earliest: self.early.at,
            latest: self.late.at,
            provisional,
            reasons: self.reasons,
        }
    }
}

/// A holiday may run over New Year; unknown days are told year by year, as notices come.
fn continues(last: &Reason, day: NaiveDate) -> bool {
    last.to.succ_opt() == Some(day) && (last.why != Why::Unknown || last.to.year() == day.year())
}
