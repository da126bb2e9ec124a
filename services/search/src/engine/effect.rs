//! Whether a policy is in force on a day: known only when it is asked, never written down.

use chrono::{Datelike as _, NaiveDate};

/// A day as a number that can be compared; 0 is before all days.
pub type Day = u64;

/// After all days: what never ends.
pub const NEVER: Day = 10_000_000;

/// The four answers of the policy library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Published, and to hold from a later day.
    NotYetInForce,
    /// It holds.
    InForce,
    /// It ended by its own terms.
    Lapsed,
    /// Another policy ended it.
    Repealed,
}

/// All of them, in the order of a policy's life.
pub const EFFECTS: [Effect; 4] =
    [Effect::NotYetInForce, Effect::InForce, Effect::Lapsed, Effect::Repealed];

/// What of a policy decides its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// The first day on which it holds; 0 where unknown.
    pub effective: Day,
    /// The last day on which it holds; [`NEVER`] where unknown, 0 where it is known to have ended.
    pub expires: Day,
    /// Whether another policy repealed it.
    pub repealed: bool,
}

impl Validity {
    /// The effect on a day.
    pub fn on(self, today: Day) -> Effect {
        if self.repealed {
            Effect::Repealed
        } else if self.expires < today {
            Effect::Lapsed
        } else if self.effective > today {
            Effect::NotYetInForce
        } else {
            Effect::InForce
        }
    }
}

/// The number of a day.
pub fn day(date: NaiveDate) -> Day {
    u64::try_from(date.num_days_from_ce()).unwrap_or(0)
}

/// Reads YYYY-MM-DD.
pub fn read_day(text: &str) -> Option<Day> {
    text.parse::<NaiveDate>().ok().map(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> Day {
        read_day(text).unwrap()
    }

    #[test]
    fn a_policy_lives_through_its_dates() {
        let validity =
            Validity { effective: on("2024-01-01"), expires: on("2025-12-31"), repealed: false };
        assert_eq!(validity.on(on("2023-12-31")), Effect::NotYetInForce);
        assert_eq!(validity.on(on("2024-01-01")), Effect::InForce);
        assert_eq!(validity.on(on("2025-12-31")), Effect::InForce);
        assert_eq!(validity.on(on("2026-01-01")), Effect::Lapsed);
        assert_eq!(Validity { repealed: true, ..validity }.on(on("2024-06-01")), Effect::Repealed);
    }

    #[test]
    fn without_dates_it_holds() {
        let validity = Validity { effective: 0, expires: NEVER, repealed: false };
        assert_eq!(validity.on(on("2026-11-22")), Effect::InForce);
    }
}
