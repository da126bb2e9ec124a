//! Document numbers (发文字号): organ code, year in 〔〕, serial; or an order with a serial
//! of its own, as in `国令第711号`.
//!
//! The canonical form follows GB/T 9704-2012, 7.2.5: a four-digit year in hexagonal brackets,
//! the serial without leading zeros and without 第, closed by 号.

mod find;
mod flaw;
mod reader;

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::glyph::is_han;

pub use find::find_in;
pub use flaw::Flaw;
pub use reader::parse;

/// The first year that a document number can carry.
pub const FIRST_YEAR: u16 = 1949;
/// The last year that a document number can carry.
pub const LAST_YEAR: u16 = 2099;
/// The greatest serial within a year.
pub const MAX_SERIAL: u32 = 99_999;

const MAX_HEAD: usize = 20;
/// Organ codes of a single character that really exist: the Supreme People's Court.
const SHORT_HEADS: [&str; 1] = ["法"];
/// Names under which the orders of the State Council are cited.
const STATE_COUNCIL_ORDERS: [&str; 2] = ["国务院令", "中华人民共和国国务院令"];

/// A document number taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentNumber {
    /// The organ code (机关代字), as in `淮府办`; for an order the name with 令.
    pub head: String,
    /// The year; orders may have none.
    pub year: Option<u16>,
    /// The serial within the year, or within all orders of the body.
    pub serial: u32,
}

impl DocumentNumber {
    /// A document number from its parts; only an order may lack the year.
    pub fn new(head: impl Into<String>, year: Option<u16>, serial: u32) -> Result<Self, Flaw> {
        let head = head.into();
        check_head(&head)?;
        match year {
            Some(year) if !(FIRST_YEAR..=LAST_YEAR).contains(&year) => {
                return Err(Flaw::BadYear(year.to_string()));
            }
            None if !is_order(&head) => return Err(Flaw::NoYear),
            _ => {}
        }
        if !(1..=MAX_SERIAL).contains(&serial) {
            return Err(Flaw::BadSerial(serial.to_string()));
        }
        Ok(Self { head, year, serial })
    }

    /// What two writings of the same number have in common: head, year and serial, with the
    /// head in simplified characters and State Council orders under their one code 国令.
    pub fn key(&self) -> String {
        let head: String = self.head.chars().map(simplified).collect();
        let head = if STATE_COUNCIL_ORDERS.contains(&head.as_str()) { "国令" } else { &head };
        match self.year {
            Some(year) => format!("{head}/{year}/{}", self.serial),
            None => format!("{head}//{}", self.serial),
        }
    }
}

/// The canonical form.
impl fmt::Display for DocumentNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(out, "{}〔{year}〕{}号", self.head, self.serial),
            None => write!(out, "{}第{}号", self.head, self.serial),
        }
    }
}

/// As the canonical form.
impl Serialize for DocumentNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads what needs no repair; everything else is an error.
impl FromStr for DocumentNumber {
    type Err = Flaw;

    fn from_str(text: &str) -> Result<Self, Flaw> {
        match parse(text) {
            Parsed::Exact(number) => Ok(number),
            Parsed::Repaired(number) => Err(Flaw::NeedsRepair(number.to_string())),
            Parsed::Ambiguous(flaw) | Parsed::None(flaw) => Err(flaw),
        }
    }
}

/// What a text that should be one document number turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// A number, at most with other brackets, widths, spaces, 第, zeros, or without 号.
    Exact(DocumentNumber),
    /// A number that lost a bracket and has one reading only; a person should confirm it.
    Repaired(DocumentNumber),
    /// More than one reading: a person has to say.
    Ambiguous(Flaw),
    /// Not a document number.
    None(Flaw),
}

impl Parsed {
    /// The number, exact or repaired.
    pub fn number(&self) -> Option<&DocumentNumber> {
        match self {
            Self::Exact(number) | Self::Repaired(number) => Some(number),
            Self::Ambiguous(_) | Self::None(_) => None,
        }
    }

    /// The number, exact or repaired, taken out.
    pub fn into_number(self) -> Option<DocumentNumber> {
        match self {
            Self::Exact(number) | Self::Repaired(number) => Some(number),
            Self::Ambiguous(_) | Self::None(_) => None,
        }
    }
}

/// Whether a head names announcements, which organs number `公告2023年第5号`. The canonical form
/// is that of all other numbers, 公告〔2023〕5号, so that both writings are one number.
fn is_announcement(head: &str) -> bool {
    head.ends_with("公告") || head.ends_with("通告")
}

/// Whether a head names orders, which are numbered through without a year.
fn is_order(head: &str) -> bool {
    head.ends_with('令')
}

fn check_head(head: &str) -> Result<(), Flaw> {
    let length = head.chars().count();
    if length == 0 {
        return Err(Flaw::NoHead);
    }
    if head.chars().any(|ch| ch.is_ascii_alphanumeric()) {
        return Err(Flaw::OtherIdentifier);
    }
    let fits = (2..=MAX_HEAD).contains(&length) || SHORT_HEADS.contains(&head);
    if fits && head.chars().all(is_han) { Ok(()) } else { Err(Flaw::BadHead(head.to_owned())) }
}

/// The traditional characters that occur in organ codes; the way back is not unique, this is.
fn simplified(ch: char) -> char {
    match ch {
        '辦' => '办',
        '發' => '发',
        '國' => '国',
        '務' => '务',
        '會' => '会',
        '廳' => '厅',
        '縣' => '县',
        '區' => '区',
        '財' => '财',
        '規' => '规',
        '衛' => '卫',
        '農' => '农',
        '環' => '环',
        '電' => '电',
        '資' => '资',
        '監' => '监',
        '審' => '审',
        '稅' => '税',
        '號' => '号',
        other => other,
    }
}

#[cfg(test)]
mod tests;
