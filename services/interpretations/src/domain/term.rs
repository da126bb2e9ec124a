//! The term for an interpretation, from which its deadline is derived whenever it is asked for.

use chrono::{Days, NaiveDate};
use workday::{Calendar, CalendarError, Deadline};

/// Working days counted from a day that is not counted itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Term {
    /// The day of its [`Beginning`].
    pub start: NaiveDate,
    /// How many working days follow.
    pub working_days: u32,
}

/// What a term begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// The policy became public.
    Publication,
    /// A policy from before the platform was taken in.
    Import,
    /// A correction made an interpretation due.
    Correction,
    /// The only public interpretation was withdrawn.
    Withdrawal,
    /// A policy that had been withdrawn is public again.
    Return,
}

impl Beginning {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Publication, Self::Import, Self::Correction, Self::Withdrawal, Self::Return];

    /// The word in the table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Publication => "publication",
            Self::Import => "import",
            Self::Correction => "correction",
            Self::Withdrawal => "withdrawal",
            Self::Return => "return",
        }
    }

    /// Reads the word in the table.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|beginning| beginning.word() == word)
    }

    /// From which day it is, for clerks.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Publication => "自公开之日",
            Self::Import => "历史文件，自导入之日",
            Self::Correction => "更正后须解读，自更正之日",
            Self::Withdrawal => "原解读已撤回，自撤回之日",
            Self::Return => "文件重新公开，自重新公开之日",
        }
    }
}

/// How a term looks on some day.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The deadline by the calendar as it is known now.
    pub deadline: Deadline,
    /// Whether the earliest possible deadline has passed.
    pub overdue: bool,
    /// Working days left to the earliest deadline; negative when it has passed.
    pub left: i32,
}

impl Term {
    /// The term for a policy that was published on `published` and heard of on `heard`.
    ///
    /// For what was taken in from before the platform it starts on the day of the import, and so
    /// it does for a day that lies before the calendar.
    pub fn starting(
        calendar: &Calendar,
        published: Option<NaiveDate>,
        heard: NaiveDate,
        backfill: bool,
        working_days: u32,
    ) -> Self {
        let from = published.filter(|_| !backfill).map(|start| Self { start, working_days });
        from.filter(|term| term.deadline(calendar).is_ok())
            .unwrap_or(Self { start: heard, working_days })
    }

    /// The deadline by this calendar.
    pub fn deadline(&self, calendar: &Calendar) -> Result<Deadline, CalendarError> {
        calendar.add_working_days(self.start, self.working_days)
    }

    /// How the term looks on a day.
    pub fn standing(
        &self,
        calendar: &Calendar,
        today: NaiveDate,
    ) -> Result<Standing, CalendarError> {
        let deadline = self.deadline(calendar)?;
        let due = deadline.earliest;
        let overdue = today > due;
        let left =
            if overdue { -passed(calendar, due, today) } else { left(calendar, today, due)? };
        Ok(Standing { deadline, overdue, left })
    }
}

/// The latest start with which a term of so many working days is overdue today.
///
/// A later start never has an earlier deadline, so that this one day tells all overdue terms.
pub fn latest_overdue_start(
    calendar: &Calendar,
    working_days: u32,
    today: NaiveDate,
) -> Result<NaiveDate, CalendarError> {
    let mut start = today;
    loop {
        start =
            start.checked_sub_days(Days::new(1)).ok_or(CalendarError::OutOfRange { day: today })?;
        if calendar.add_working_days(start, working_days)?.earliest < today {
            return Ok(start);
        }
    }
}

fn left(calendar: &Calendar, today: NaiveDate, due: NaiveDate) -> Result<i32, CalendarError> {
    let mut days = 0;
    while calendar.add_working_days(today, days)?.earliest < due {
        days += 1;
    }
    Ok(i32::try_from(days).unwrap_or(i32::MAX))
}

/// At least 1: a deadline that has passed is never shown as "0 days left".
fn passed(calendar: &Calendar, due: NaiveDate, today: NaiveDate) -> i32 {
    let worked = due
        .iter_days()
        .skip(1)
        .take_while(|day| *day <= today)
        .filter(|day| calendar.is_working_day(*day).unwrap_or(false))
        .count();
    i32::try_from(worked).unwrap_or(i32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn term(start: &str) -> Term {
        Term { start: day(start), working_days: 3 }
    }

    #[test]
    fn three_working_days_after_publication_over_holidays_and_make_up_days() {
        let calendar = Calendar::official();
        for (published, due) in [
            ("2023-09-28", "2023-10-09"),
            ("2023-12-29", "2024-01-04"),
            ("2024-02-08", "2024-02-19"),
            ("2024-04-30", "2024-05-08"),
            ("2025-01-27", "2025-02-07"),
            ("2025-09-30", "2025-10-11"),
            ("2026-02-13", "2026-02-25"),
        ] {
            let deadline = term(published).deadline(&calendar).unwrap();
            assert_eq!(deadline.day, Some(day(due)), "{published}");
            assert!(!deadline.provisional);
        }
    }

    #[test]
    fn beginnings_have_words() {
        for beginning in Beginning::ALL {
            assert_eq!(Beginning::read(beginning.word()), Some(beginning));
        }
        assert_eq!(Beginning::read("whim"), None);
    }

    #[test]
    fn overdue_begins_the_day_after_the_deadline() {
        let calendar = Calendar::official();
        let standing = |today| term("2025-09-30").standing(&calendar, day(today)).unwrap();
        assert_eq!((standing("2025-09-30").overdue, standing("2025-09-30").left), (false, 3));
        assert_eq!((standing("2025-10-09").overdue, standing("2025-10-09").left), (false, 2));
        assert_eq!((standing("2025-10-11").overdue, standing("2025-10-11").left), (false, 0));
        assert_eq!((standing("2025-10-12").overdue, standing("2025-10-12").left), (true, -1));
        assert_eq!((standing("2025-10-14").overdue, standing("2025-10-14").left), (true, -2));
    }

    #[test]
    fn one_day_separates_the_overdue_from_the_others() {
        let calendar = Calendar::official();
        for today in day("2025-09-20").iter_days().take(40) {
            let latest = latest_overdue_start(&calendar, 3, today).unwrap();
            for start in day("2025-09-01").iter_days().take_while(|start| *start <= today) {
                let term = Term { start, working_days: 3 };
                let overdue = term.standing(&calendar, today).unwrap().overdue;
                assert_eq!(overdue, start <= latest, "start {start}, today {today}");
            }
        }
    }

    #[test]
    fn an_unknown_year_makes_the_deadline_provisional_and_alerts_early() {
        let calendar = Calendar::official();
        let last = calendar.known_years().last().unwrap();
        let start = NaiveDate::from_ymd_opt(last, 12, 31).unwrap();
        let standing = Term { start, working_days: 3 }.standing(&calendar, start).unwrap();
        assert!(standing.deadline.provisional);
        assert_eq!(standing.deadline.day, None);
        assert!(standing.deadline.earliest < standing.deadline.latest);
        assert_eq!(standing.left, 3);
    }

    #[test]
    fn back_fill_and_days_before_the_calendar_count_from_the_day_heard() {
        let calendar = Calendar::official();
        let heard = day("2025-09-30");
        let start = |published, backfill| {
            Term::starting(&calendar, Some(day(published)), heard, backfill, 3).start
        };
        assert_eq!(start("2025-09-29", false), day("2025-09-29"));
        assert_eq!(start("2025-09-29", true), heard);
        assert_eq!(start("2011-05-04", false), heard);
        assert_eq!(Term::starting(&calendar, None, heard, false, 3).start, heard);
    }
}
