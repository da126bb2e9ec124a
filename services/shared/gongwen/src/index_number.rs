//! Index numbers (索引号): the unique number of an item of disclosed information.
//!
//! An index number is the code of the organ, the year, and a serial within the year. Seen in
//! use and read here are `000014349/2017-00110`, the older form with a month
//! (`003110926/201510-00216`), the form with a unified social credit code
//! (`11370322004222241N/2021-5135380`) and the form with hyphens (`01527918X-2020-153077`).
//! New numbers are made in the form code, slash, year, hyphen, serial of at least five digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::glyph::{halfwidth, is_blank};
use crate::organ_code::{self, OrganCodeError};

const CREDIT_CODE_LENGTH: usize = 18;
const SERIAL_WIDTH: usize = 5;
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2099;

/// A valid index number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IndexNumber {
    code: String,
    year: i32,
    month: Option<u32>,
    serial: u32,
    serial_width: usize,
    separator: char,
}

/// The rule that an index number breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexNumberError {
    /// The three parts cannot be told apart.
    #[error("索引号应写作“机构代码/年份-流水号”")]
    Shape,
    /// The organ's code is wrong.
    #[error("索引号中的{0}")]
    Code(#[from] OrganCodeError),
    /// The year is not one of 1900 to 2099.
    #[error("索引号的年份“{0}”应为 1900 至 2099 的四位数字")]
    Year(String),
    /// The two digits behind the year are not a month.
    #[error("索引号的月份“{0}”应为 01 至 12")]
    Month(String),
    /// The serial has the wrong length, or is nought.
    #[error("索引号的流水号“{serial}”应为 {least} 至 {most} 位数字，从 1 开始")]
    Serial {
        /// The serial as written.
        serial: String,
        /// The least number of digits in this form.
        least: usize,
        /// The greatest number of digits in this form.
        most: usize,
    },
}

impl IndexNumber {
    /// A new index number of an organ; its code may be of either standard.
    pub fn new(code: &str, year: i32, serial: u32) -> Result<Self, IndexNumberError> {
        organ_code::check(code)?;
        if !YEARS.contains(&year) {
            return Err(IndexNumberError::Year(year.to_string()));
        }
        let written = format!("{serial:0SERIAL_WIDTH$}");
        check_serial(&written, most_digits(code, '/'))?;
        let serial_width = written.len();
        Ok(Self { code: code.to_owned(), year, month: None, serial, serial_width, separator: '/' })
    }

    /// The code of the organ.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The year.
    pub fn year(&self) -> i32 {
        self.year
    }

    /// The month, which only the older form has.
    pub fn month(&self) -> Option<u32> {
        self.month
    }

    /// The serial within the organ's year or month.
    pub fn serial(&self) -> u32 {
        self.serial
    }
}

impl fmt::Display for IndexNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}{:04}", self.code, self.separator, self.year)?;
        if let Some(month) = self.month {
            write!(out, "{month:02}")?;
        }
        write!(out, "-{:0width$}", self.serial, width = self.serial_width)
    }
}

/// Reads an index number; full-width characters, small letters and spaces are forgiven.
impl FromStr for IndexNumber {
    type Err = IndexNumberError;

    fn from_str(text: &str) -> Result<Self, IndexNumberError> {
        let text: String = text.chars().filter(|ch| !is_blank(*ch)).map(unified).collect();
        let (front, serial) = text.rsplit_once('-').ok_or(IndexNumberError::Shape)?;
        let at = front.find(['/', '-']).ok_or(IndexNumberError::Shape)?;
        let (code, period) = front.split_at(at);
        let mut period = period.chars();
        let separator = period.next().ok_or(IndexNumberError::Shape)?;
        organ_code::check(code)?;
        let (year, month) = read_period(period.as_str(), code, separator)?;
        let value = check_serial(serial, most_digits(code, separator))?;
        Ok(Self {
            code: code.to_owned(),
            year,
            month,
            serial: value,
            serial_width: serial.len(),
            separator,
        })
    }
}

impl TryFrom<String> for IndexNumber {
    type Error = IndexNumberError;

    fn try_from(text: String) -> Result<Self, IndexNumberError> {
        text.parse()
    }
}

impl From<IndexNumber> for String {
    fn from(number: IndexNumber) -> Self {
        number.to_string()
    }
}

fn unified(ch: char) -> char {
    match ch {
        '／' => '/',
        '－' | '—' | '–' | '‐' | '‑' | '−' => '-',
        _ => halfwidth(ch).to_ascii_uppercase(),
    }
}

/// Year, or year and month, which only the older form with a nine-character code has.
fn read_period(
    text: &str,
    code: &str,
    separator: char,
) -> Result<(i32, Option<u32>), IndexNumberError> {
    let bad_year = || IndexNumberError::Year(text.to_owned());
    let is_number = text.chars().all(|ch| ch.is_ascii_digit());
    let (year, month) = text.split_at_checked(4).filter(|_| is_number).ok_or_else(bad_year)?;
    let year = year.parse().ok().filter(|year| YEARS.contains(year)).ok_or_else(bad_year)?;
    if month.is_empty() {
        return Ok((year, None));
    }
    if code.len() == CREDIT_CODE_LENGTH || separator != '/' {
        return Err(bad_year());
    }
    let value = month.parse().ok().filter(|value| month.len() == 2 && (1..=12).contains(value));
    Ok((year, Some(value.ok_or_else(|| IndexNumberError::Month(month.to_owned()))?)))
}

fn most_digits(code: &str, separator: char) -> usize {
    if code.len() == CREDIT_CODE_LENGTH || separator != '/' { 7 } else { SERIAL_WIDTH }
}

fn check_serial(digits: &str, most: usize) -> Result<u32, IndexNumberError> {
    let fits = (SERIAL_WIDTH..=most).contains(&digits.len());
    let is_number = digits.chars().all(|ch| ch.is_ascii_digit());
    let value = digits.parse().ok().filter(|value| fits && is_number && *value > 0);
    value.ok_or_else(|| IndexNumberError::Serial {
        serial: digits.to_owned(),
        least: SERIAL_WIDTH,
        most,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> IndexNumberError {
        text.parse::<IndexNumber>().unwrap_err()
    }

    #[test]
    fn real_index_numbers_are_read_and_written_alike() {
        for (text, code, year, month, serial) in [
            ("000014349/2017-00110", "000014349", 2017, None, 110),
            ("003110926/201510-00216", "003110926", 2015, Some(10), 216),
            ("003159383/201807-56138", "003159383", 2018, Some(7), 56138),
            ("12620600MB0523338C/2025-04735", "12620600MB0523338C", 2025, None, 4735),
            ("11370322004222241N/2021-5135380", "11370322004222241N", 2021, None, 5_135_380),
            ("01527918X-2020-153077", "01527918X", 2020, None, 153_077),
        ] {
            let number: IndexNumber = text.parse().unwrap();
            assert_eq!(number.to_string(), text);
            assert_eq!((number.code(), number.year()), (code, year));
            assert_eq!((number.month(), number.serial()), (month, serial));
        }
    }

    #[test]
    fn new_numbers_have_the_one_form() {
        let number = IndexNumber::new("000014349", 2017, 110).unwrap();
        assert_eq!(number.to_string(), "000014349/2017-00110");
        let number = IndexNumber::new("11370322004222241N", 2021, 5_135_380).unwrap();
        assert_eq!(number.to_string(), "11370322004222241N/2021-5135380");
    }

    #[test]
    fn the_error_names_the_rule() {
        assert_eq!(refused("000014349"), IndexNumberError::Shape);
        assert_eq!(refused(""), IndexNumberError::Shape);
        assert!(matches!(refused("000014348/2017-00110"), IndexNumberError::Code(_)));
        assert_eq!(refused("000014349/3017-00110"), IndexNumberError::Year("3017".to_owned()));
        assert_eq!(refused("003110926/201513-00216"), IndexNumberError::Month("13".to_owned()));
        for serial in ["0110", "000110", "00000", "+0110"] {
            let error = refused(&format!("000014349/2017-{serial}"));
            assert!(matches!(error, IndexNumberError::Serial { most: 5, .. }), "{serial}");
        }
        assert!(IndexNumber::new("000014349", 2017, 0).is_err());
        assert!(IndexNumber::new("000014349", 2017, 100_000).is_err());
        assert!(IndexNumber::new("000014349", 20_177, 1).is_err());
    }

    #[test]
    fn what_typing_does_to_it_is_forgiven() {
        let number: IndexNumber = " ０1527918x/2020—00077 ".parse().unwrap();
        assert_eq!(number.to_string(), "01527918X/2020-00077");
    }

    proptest! {
        #[test]
        fn what_is_made_is_read_again(year in 1900_i32..=2099, serial in 1_u32..=9_999_999) {
            let number = IndexNumber::new("12620600MB0523338C", year, serial).unwrap();
            prop_assert_eq!(number.to_string().parse::<IndexNumber>(), Ok(number));
        }

        #[test]
        fn no_text_panics(text in "[0-9X/\\-年〔]{0,24}|.{0,24}") {
            if let Ok(number) = text.parse::<IndexNumber>() {
                prop_assert_eq!(number.to_string().parse::<IndexNumber>(), Ok(number));
            }
        }
    }
}
