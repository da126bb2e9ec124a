//! The time, always asked of somebody: tests and simulations own it.

use std::{
    fmt::Debug,
    sync::atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, FixedOffset, NaiveDate, Offset as _, SubsecRound as _, TimeDelta, Utc};
use prost_types::Timestamp;

/// Seconds that the time of day in China is ahead of UTC.
const CHINA: i32 = 8 * 3600;

/// Tells the time.
pub trait Clock: Debug + Send + Sync + 'static {
    /// This instant, to the microsecond: finer than that, databases differ.
    fn now(&self) -> DateTime<Utc>;

    /// Today in China.
    fn today(&self) -> NaiveDate {
        day_of(self.now())
    }
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where time comes in")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at `at`.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(AtomicI64::new(at.timestamp_micros()))
    }

    /// Moves the clock by `by`.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap_or_default(), Ordering::SeqCst);
    }

    /// Puts the clock to `at`.
    pub fn set(&self, at: DateTime<Utc>) {
        self.0.store(at.timestamp_micros(), Ordering::SeqCst);
    }
}

impl Default for ManualClock {
    /// A Monday morning: 5 January 2026, nine o'clock in China.
    fn default() -> Self {
        Self(AtomicI64::new(1_767_574_800_000_000))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

/// The instant as the clocks of China show it.
pub fn in_china(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.with_timezone(&FixedOffset::east_opt(CHINA).unwrap_or_else(|| Utc.fix()))
}

/// The day in China that an instant falls on.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    in_china(at).date_naive()
}

/// The instant at which a day begins in China.
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::seconds(CHINA.into())
}

/// An instant as messages carry it.
pub fn to_wire(at: DateTime<Utc>) -> Timestamp {
    Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or_default(),
    }
}

/// An instant from a message; `None` for one that cannot be.
pub fn from_wire(at: Timestamp) -> Option<DateTime<Utc>> {
    let nanos = u32::try_from(at.nanos).ok()?;
    DateTime::from_timestamp(at.seconds, nanos).map(|at| at.trunc_subsecs(6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_china() {
        let clock = ManualClock::default();
        assert_eq!(clock.today(), NaiveDate::from_ymd_opt(2026, 1, 5).unwrap());
        clock.advance(TimeDelta::hours(15));
        assert_eq!(clock.today(), NaiveDate::from_ymd_opt(2026, 1, 6).unwrap());
        assert_eq!(start_of(clock.today()), clock.now());
    }

    #[test]
    fn instants_survive_the_wire() {
        let at = SystemClock.now();
        assert_eq!(from_wire(to_wire(at)), Some(at));
        assert_eq!(from_wire(Timestamp { seconds: 0, nanos: -1 }), None);
    }
}
