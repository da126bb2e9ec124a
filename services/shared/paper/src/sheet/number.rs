//! Numbers as cells show them, as far as that changes what they say: dates and percentages.

use calamine::{ExcelDateTime, ExcelDateTimeType};

/// What a format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Format {
    #[default]
    General,
    Date,
    Time,
    Percent,
}

impl Format {
    /// A built-in format (ECMA-376 Part 1 §18.8.30, with those of Chinese editions).
    pub(super) fn built_in(id: u32) -> Self {
        match id {
            9 | 10 => Self::Percent,
            14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Self::Date,
            18..=21 | 32..=35 | 45..=47 | 55 | 56 => Self::Time,
            _ => Self::General,
        }
    }

    /// A format by its code (§18.8.31).
    pub(super) fn of(code: &str) -> Self {
        let mut bare = String::new();
        let mut bracket = String::new();
        let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
        // Only the first section: that of positive numbers.
        for ch in code.chars() {
            match ch {
                _ if escaped => escaped = false,
                '\\' | '_' | '*' => escaped = true,
                '"' => quoted = !quoted,
                '[' if !quoted => bracketed = true,
                ']' if !quoted => {
                    bracketed = false;
                    // `[h]` counts hours past 24; all else in brackets is colour or language.
                    let bracket = std::mem::take(&mut bracket);
                    if bracket.chars().all(|ch| matches!(ch, 'h' | 'm' | 's')) {
                        bare.push_str(&bracket);
                    }
                }
                ch if bracketed => bracket.push(ch.to_ascii_lowercase()),
                ';' if !quoted => break,
                ch if !quoted => bare.push(ch.to_ascii_lowercase()),
                _ => {}
            }
        }
        if bare.contains('y')
            || (bare.contains('d') && !bare.contains("general"))
            || bare == "m"
            || bare.contains("mmm")
        {
            Self::Date
        } else if bare.contains('h') || bare.contains("ss") {
            Self::Time
        } else if bare.contains('%') {
            Self::Percent
        } else if bare.contains('m') && !bare.contains(['0', '#']) && !bare.contains("general") {
            Self::Date
        } else {
            Self::General
        }
    }

    /// A number as a reader sees it: dates as `2023-01-05`, with the time where there is one.
    pub(super) fn show(self, number: f64, epoch_1904: bool) -> String {
        match self {
            Self::General => plain(number),
            Self::Percent => format!("{}%", plain(number * 100.0)),
            Self::Date | Self::Time => {
                date(self, number, epoch_1904).unwrap_or_else(|| plain(number))
            }
        }
    }
}

/// The last day that dates are computed for: 9999-12-31.
const LAST: f64 = 2_958_466.0;

fn date(format: Format, number: f64, epoch_1904: bool) -> Option<String> {
    if !(0.0..LAST).contains(&number) {
        return None;
    }
    let date = ExcelDateTime::new(number, ExcelDateTimeType::DateTime, epoch_1904);
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    let time = time.strip_suffix(":00").unwrap_or(&time);
    Some(match format {
        Format::Time if number < 1.0 => time.to_owned(),
        _ if number.fract() == 0.0 => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {time}"),
    })
}

/// A number with the fifteen digits that Excel keeps, without an exponent, so that the
/// number of an identity card stays one.
pub(super) fn plain(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    if number.fract() == 0.0 && number.abs() < 1e18 {
        return format!("{number:.0}");
    }
    if number.abs() >= 1e18 || number.abs() < 1e-9 {
        return number.to_string();
    }
    let text = format!("{number:.10}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    // 0.1 + 0.2 is shown as 0.3.
    let whole = text.split('.').next().map_or(0, str::len);
    if whole + 10 > 15 {
        let places = 15_usize.saturating_sub(whole);
        let text = format!("{number:.places$}");
        return if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        };
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_numbers_are() {
        for (code, format) in [
            ("General", Format::General),
            ("0.00", Format::General),
            ("#,##0.00_);[Red]\\(#,##0.00\\)", Format::General),
            ("yyyy\"年\"m\"月\"d\"日\"", Format::Date),
            ("[$-804]yyyy-mm-dd", Format::Date),
            ("m/d", Format::Date),
            ("h:mm:ss", Format::Time),
            ("[h]:mm", Format::Time),
            ("0.0%", Format::Percent),
            ("0\"ydh\"", Format::General),
            ("@", Format::General),
        ] {
            assert_eq!(Format::of(code), format, "{code}");
        }
    }

    #[test]
    fn numbers_are_shown_as_sheets_show_them() {
        for (format, number, text) in [
            (Format::General, 13_812_345_678.0, "13812345678"),
            (Format::General, 0.1 + 0.2, "0.3"),
            (Format::General, 110_105_194_912_310_000.0, "110105194912310000"),
            (Format::General, 1234.5, "1234.5"),
            (Format::Date, 44_931.0, "2023-01-05"),
            (Format::Date, 44_931.5, "2023-01-05 12:00"),
            (Format::Time, 0.5, "12:00"),
            (Format::Percent, 0.985, "98.5%"),
            (Format::Date, -1.0, "-1"),
            (Format::Date, f64::NAN, ""),
        ] {
            assert_eq!(format.show(number, false), text);
        }
    }
}
