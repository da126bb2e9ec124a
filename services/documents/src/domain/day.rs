//! Days as documents bear them: `2023-06-30`, or unknown.

use chrono::{Datelike as _, NaiveDate};

/// Reads a day written `YYYY-MM-DD`; empty is unknown, anything else is impossible.
///
/// # Errors
/// Says in Chinese what a day should look like.
pub fn read(text: &str) -> Result<Option<NaiveDate>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let shaped = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|day| shaped && (1000..=9999).contains(&day.year()))
        .map(Some)
        .ok_or_else(|| {
            format!("日期“{}”不存在或写法不对，应写作 2023-06-30", super::text::excerpt(text, 20))
        })
}

/// Writes a day as `YYYY-MM-DD`; unknown is empty.
pub fn write(day: Option<NaiveDate>) -> String {
    day.map(|day| day.format("%Y-%m-%d").to_string()).unwrap_or_default()
}

/// Writes a day as a Chinese reader expects it, `2023年6月30日`.
pub fn chinese(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_days_are_read_and_written_alike() {
        for text in ["2023-06-30", "2024-02-29", "1949-10-01", ""] {
            assert_eq!(write(read(text).unwrap()), text);
        }
        assert_eq!(chinese(read("2023-06-03").unwrap().unwrap()), "2023年6月3日");
    }

    #[test]
    fn impossible_days_are_refused_with_an_example() {
        for text in
            ["2023-02-30", "2023-13-01", "2023-6-1", "20230630", "2023/06/30", "+023-06-30", "今天"]
        {
            assert!(read(text).unwrap_err().contains("2023-06-30"), "{text}");
        }
    }
}
