//! Which moment a day's digest reaches up to.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use kit::clock;

/// The newest digest that is due: its day, and the instant up to which it gathers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    pub day: NaiveDate,
    pub until: DateTime<Utc>,
}

/// Finds the newest digest that is due at `now`, where one goes out every day at `at`.
pub fn newest(now: DateTime<Utc>, at: NaiveTime) -> Option<Digest> {
    let local = clock::in_china(now);
    let today = local.date_naive();
    let day = if local.time() >= at { today } else { today.checked_sub_days(Days::new(1))? };
    let until = clock::start_of(day) + (at - NaiveTime::MIN);
    Some(Digest { day, until })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_due_from_its_minute_on() {
        let at = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
        let newest = |now: &str| newest(now.parse().unwrap(), at).unwrap();
        let early = newest("2026-03-01T23:59:59Z");
        assert_eq!(early.day.to_string(), "2026-03-01");
        let due = newest("2026-03-02T00:00:00Z");
        assert_eq!(due.day.to_string(), "2026-03-02");
        assert_eq!(due.until.to_rfc3339(), "2026-03-02T00:00:00+00:00");
    }
}
