//! Days, instants and figures as people in China read them.

use chrono::{
    DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _, Utc,
};
use kit::clock;
use prost_types::Timestamp;

/// The shape of a `datetime-local` input.
const LOCAL: &str = "%Y-%m-%dT%H:%M";

/// Something that messages carry as an instant.
fn local(at: Option<Timestamp>) -> Option<DateTime<FixedOffset>> {
    at.and_then(clock::from_wire).map(clock::in_china)
}

fn written(at: Option<Timestamp>, shape: &str) -> String {
    local(at).map(|at| at.format(shape).to_string()).unwrap_or_default()
}

/// `2023-12-18`, for lists and tables.
pub fn day(at: Option<Timestamp>) -> String {
    written(at, "%Y-%m-%d")
}

/// `2023-12-18 09:30`, for tables.
pub fn minute(at: Option<Timestamp>) -> String {
    written(at, "%Y-%m-%d %H:%M")
}

/// `2023-12-18 09:30:01`, for receipts.
pub fn second(at: Option<Timestamp>) -> String {
    written(at, "%Y-%m-%d %H:%M:%S")
}

/// `2023年12月18日`, within text; what is no day stays empty.
pub fn spoken_day(day: &str) -> String {
    day.parse::<NaiveDate>().map(chinese).unwrap_or_default()
}

/// `2023年12月18日 09:30`, within text.
pub fn spoken_minute(at: Option<Timestamp>) -> String {
    local(at)
        .map(|at| format!("{} {:02}:{:02}", chinese(at.date_naive()), at.hour(), at.minute()))
        .unwrap_or_default()
}

/// `2023年12月18日`.
pub fn chinese(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// An instant as a `datetime-local` input holds it.
pub fn to_input(at: Option<Timestamp>) -> String {
    written(at, LOCAL)
}

/// Reads a `datetime-local` input, which means China's time.
pub fn from_input(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let read = |shape| NaiveDateTime::parse_from_str(text, shape);
    let at = read(LOCAL).or_else(|_| read("%Y-%m-%dT%H:%M:%S")).ok()?;
    let at: DateTime<Utc> = at.and_utc() - TimeDelta::hours(8);
    Some(clock::to_wire(at))
}

/// `5,704`.
pub fn figure(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `32 KB`, rounded up.
pub fn size(bytes: u64) -> String {
    const KB: u64 = 1024;
    const MB: u64 = KB * KB;
    match bytes {
        0..KB => format!("{bytes} 字节"),
        KB..MB => format!("{} KB", bytes.div_ceil(KB)),
        _ => {
            let tenths = bytes.saturating_mul(10).div_ceil(MB);
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_shown_in_china_s_time() {
        let at = from_input("2024-03-12T10:05");
        assert_eq!(minute(at), "2024-03-12 10:05");
        assert_eq!(second(at), "2024-03-12 10:05:00");
        assert_eq!(spoken_minute(at), "2024年3月12日 10:05");
        assert_eq!(to_input(at), "2024-03-12T10:05");
        let midnight = from_input("2024-01-01T00:30:00");
        assert_eq!(day(midnight), "2024-01-01");
        assert_eq!(from_input("明天"), None);
    }

    #[test]
    fn what_is_not_known_stays_empty() {
        assert_eq!(day(None) + &minute(None) + &spoken_day("") + &spoken_day("2023"), "");
        assert_eq!(spoken_day("2023-02-08"), "2023年2月8日");
    }

    #[test]
    fn figures_have_groups() {
        assert_eq!([0, 999, 5704, 1_234_567].map(figure), ["0", "999", "5,704", "1,234,567"]);
        assert_eq!([12, 32_000, 5_300_000].map(size), ["12 字节", "32 KB", "5.1 MB"]);
    }
}
