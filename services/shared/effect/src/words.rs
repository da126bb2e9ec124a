//! How days and titles are written out.

use chrono::{Datelike, NaiveDate};

/// A day as GB/T 15835-2011 writes it in running text: `2024年7月1日`.
pub(crate) fn day(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// A title in 《》, the titles within it in 〈〉 (GB/T 15834-2011, 4.15).
pub(crate) fn title(title: &str) -> String {
    let title = title.trim();
    if let Some(bare) = title.strip_prefix('《').and_then(|rest| rest.strip_suffix('》'))
        && !bare.contains(['《', '》'])
    {
        return title.to_owned();
    }
    let inner: String = title
        .chars()
        .map(|ch| match ch {
            '《' => '〈',
            '》' => '〉',
            other => other,
        })
        .collect();
    format!("《{inner}》")
}

/// White space, and the invisible characters that copying from pages leaves behind.
pub(crate) fn is_blank(ch: char) -> bool {
    ch.is_whitespace() || matches!(ch, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_no_leading_zeros() {
        assert_eq!(day("2024-07-01".parse().unwrap()), "2024年7月1日");
    }

    #[test]
    fn titles_are_quoted_once() {
        assert_eq!(title("河道办法"), "《河道办法》");
        assert_eq!(title("《河道办法》"), "《河道办法》");
        assert_eq!(title("关于废止《河道办法》的决定"), "《关于废止〈河道办法〉的决定》");
        assert_eq!(title("《甲》和《乙》"), "《〈甲〉和〈乙〉》");
    }
}
