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

impl Effect {
    fn code(self) -> u64 {
        match self {
            Self::InForce => 0,
            Self::NotYetInForce => 1,
            Self::Lapsed => 2,
            Self::Repealed => 3,
        }
    }

    fn of(code: u64) -> Self {
        match code {
            1 => Self::NotYetInForce,
            2 => Self::Lapsed,
            3 => Self::Repealed,
            _ => Self::InForce,
        }
    }
}

/// So many effects fit into a span.
const CODES: u64 = 4;

/// An effect from a day on, as one number: spans of one policy are in the order of their days.
pub fn span(from: Day, effect: Effect) -> u64 {
    from * CODES + effect.code()
}

/// The effect on a day by the spans of a policy: that of the last one begun, or of the first.
pub fn effect_on(spans: impl IntoIterator<Item = u64>, today: Day) -> Effect {
    let mut effect = None;
    for span in spans {
        if effect.is_some() && span / CODES > today {
            break;
        }
        effect = Some(Effect::of(span % CODES));
    }
    effect.unwrap_or(Effect::InForce)
}

/// What of a policy decides its effect, where its spans are not known.
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
    /// The effect on every day, as [`span`]s.
    pub fn spans(self) -> Vec<u64> {
        if self.repealed {
            return vec![span(0, Effect::Repealed)];
        }
        let mut spans = Vec::new();
        if self.effective > 0 {
            spans.push(span(0, Effect::NotYetInForce));
        }
        if self.expires >= self.effective {
            spans.push(span(self.effective, Effect::InForce));
        }
        if self.expires < NEVER {
            let ended = if self.expires == 0 { 0 } else { self.expires.max(self.effective) + 1 };
            spans.retain(|it| it / CODES < ended);
            spans.push(span(ended, Effect::Lapsed));
        }
        spans
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

    impl Validity {
        fn on(self, today: Day) -> Effect {
            effect_on(self.spans(), today)
        }
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
        let ended = Validity { expires: 0, ..validity };
        assert_eq!(ended.on(on("2026-11-22")), Effect::Lapsed);
        assert_eq!(ended.on(1), Effect::Lapsed);
    }

    #[test]
    fn a_span_lasts_until_the_next_begins() {
        let spans =
            [span(0, Effect::NotYetInForce), span(5, Effect::InForce), span(9, Effect::Repealed)];
        for (day, effect) in [
            (1, Effect::NotYetInForce),
            (5, Effect::InForce),
            (8, Effect::InForce),
            (9, Effect::Repealed),
        ] {
            assert_eq!(effect_on(spans, day), effect, "{day}");
        }
        assert_eq!(effect_on([span(5, Effect::InForce)], 1), Effect::InForce);
        assert_eq!(effect_on([], 1), Effect::InForce);
    }
}
