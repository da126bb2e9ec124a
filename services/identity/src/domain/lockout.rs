//! How long a name is locked after failed sign-ins.

use chrono::TimeDelta;

/// Failures that cost nothing.
const FREE: i64 = 5;
/// The longest lock.
const LONGEST: TimeDelta = TimeDelta::hours(1);
/// Failures older than this are forgotten.
pub const MEMORY: TimeDelta = TimeDelta::hours(24);

/// The time to wait after so many failures in a row: 30 s after the fifth, then doubling up to an
/// hour.
pub fn wait_after(failures: i64) -> Option<TimeDelta> {
    if failures < FREE {
        return None;
    }
    let doublings = u32::try_from(failures - FREE).unwrap_or(u32::MAX).min(10);
    Some(TimeDelta::seconds(30 << doublings).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_doubles_up_to_an_hour() {
        assert_eq!(wait_after(0), None);
        assert_eq!(wait_after(4), None);
        assert_eq!(wait_after(5), Some(TimeDelta::seconds(30)));
        assert_eq!(wait_after(6), Some(TimeDelta::seconds(60)));
        assert_eq!(wait_after(11), Some(TimeDelta::seconds(1_920)));
        assert_eq!(wait_after(12), Some(TimeDelta::hours(1)));
        assert_eq!(wait_after(i64::MAX), Some(TimeDelta::hours(1)));
    }
}
