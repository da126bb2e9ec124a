//! The grammar of document numbers.

use super::{
    DocumentNumber, FIRST_YEAR, Flaw, LAST_YEAR, MAX_SERIAL, Parsed, is_announcement, is_order,
};
use crate::glyph::{CLOSE, Glyph, OPEN, glyphs};

/// No text that is one number is longer; more is refused before it is taken apart.
const LONGEST: usize = 400;
const YEAR_DIGITS: usize = 4;
/// Digits of a year and a serial run together.
const MOST_DIGITS: usize = 9;

/// Reads a text that should be one document number, such as a form field or a whole query.
pub fn parse(text: &str) -> Parsed {
    match read(text) {
        Ok((number, Certainty::Exact)) => Parsed::Exact(number),
        Ok((number, Certainty::Repaired)) => Parsed::Repaired(number),
        Err(flaw @ (Flaw::UnclearSplit(_) | Flaw::SpacedSerial(_))) => Parsed::Ambiguous(flaw),
        Err(flaw) => Parsed::None(flaw),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    Exact,
    Repaired,
}

/// What follows the head.
#[derive(Debug)]
pub(super) struct Tail {
    pub(super) year: Option<u16>,
    pub(super) serial: u32,
    pub(super) certainty: Certainty,
    /// Whether 号 closes it.
    pub(super) closed: bool,
}

fn read(text: &str) -> Result<(DocumentNumber, Certainty), Flaw> {
    let all: Vec<Glyph> = glyphs(text, 0).take(LONGEST + 1).collect();
    if all.len() > LONGEST {
        return Err(Flaw::Trailing("…".to_owned()));
    }
    let glyphs = unwrapped(&all);
    if glyphs.is_empty() {
        return Err(Flaw::Empty);
    }
    let head_length = glyphs.iter().take_while(|glyph| !begins_tail(glyph.ch)).count();
    let (head, rest) = glyphs.split_at(head_length);
    let head: String = head.iter().map(|glyph| glyph.ch).collect();
    super::check_head(&head)?;
    let mut reader = Reader::new(rest);
    let mut tail = reader.tail(is_order(&head))?;
    reader.end()?;
    if is_announcement(&head) && rest.iter().any(|glyph| glyph.ch == '年') {
        tail.certainty = Certainty::Exact;
    }
    Ok((DocumentNumber::new(head, tail.year, tail.serial)?, tail.certainty))
}

/// Without the brackets, quotes and stops of the sentence around it.
fn unwrapped(glyphs: &[Glyph]) -> &[Glyph] {
    let is_before = |glyph: &Glyph| matches!(glyph.ch, OPEN | '“' | '"' | '‘' | '\'' | '「');
    let is_behind = |glyph: &Glyph| {
        let stop = matches!(glyph.ch, '”' | '"' | '’' | '\'' | '」' | '，' | ',' | '。' | '.');
        stop || matches!(glyph.ch, CLOSE | '；' | ';' | '、' | '：' | ':' | '？' | '?')
    };
    let from = glyphs.iter().take_while(|glyph| is_before(glyph)).count();
    let inner = glyphs.get(from..).unwrap_or_default();
    let behind = inner.iter().rev().take_while(|glyph| is_behind(glyph)).count();
    inner.get(..inner.len() - behind).unwrap_or_default()
}

fn begins_tail(ch: char) -> bool {
    ch == OPEN || ch == '第' || ch.is_ascii_digit()
}

/// A run of digits, with the places where white space stood between two of them.
#[derive(Debug)]
struct Digits {
    text: String,
    gaps: Vec<usize>,
}

/// A place in the characters behind a head.
pub(super) struct Reader<'a> {
    glyphs: &'a [Glyph],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(glyphs: &'a [Glyph]) -> Self {
        Self { glyphs, at: 0 }
    }

    /// How many characters have been read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn tail(&mut self, order: bool) -> Result<Tail, Flaw> {
        if self.eat(OPEN) {
            return self.after_open();
        }
        if self.eat('第') {
            let serial = self.serial()?;
            return Ok(self.close(None, serial, Certainty::Exact));
        }
        let first = self.digits();
        if first.text.is_empty() {
            return Err(Flaw::NoSerial);
        }
        if self.eat(CLOSE) || self.peek() == Some('第') || self.eat('年') {
            let year = year(&first.text)?;
            let serial = self.serial()?;
            return Ok(self.close(Some(year), serial, Certainty::Repaired));
        }
        if order { self.bare_order(&first) } else { self.split(&first) }
    }

    fn after_open(&mut self) -> Result<Tail, Flaw> {
        let first = self.digits();
        if first.text.len() == YEAR_DIGITS {
            let certainty = if self.eat(CLOSE) { Certainty::Exact } else { Certainty::Repaired };
            let year = year(&first.text)?;
            let serial = self.serial()?;
            return Ok(self.close(Some(year), serial, certainty));
        }
        let tail = self.split(&first)?;
        // `〔20221〕5号` did not lose its bracket: something else is wrong with it.
        let goes_on = |ch: char| ch == '号' || ch == '第' || ch.is_ascii_digit();
        if self.peek() == Some(CLOSE) && self.peek_second().is_some_and(goes_on) {
            return Err(Flaw::BadYear(first.text));
        }
        Ok(tail)
    }

    /// Year and serial run together, as scraping leaves them: `〔20205号`.
    fn split(&mut self, run: &Digits) -> Result<Tail, Flaw> {
        let Some((year_digits, serial)) = run.text.split_at_checked(YEAR_DIGITS) else {
            return Err(Flaw::NoYear);
        };
        let year = year(year_digits)?;
        if serial.is_empty() {
            return Err(Flaw::NoSerial);
        }
        let apart = match run.gaps.as_slice() {
            [] => !serial.starts_with('0'),
            gaps => gaps == [YEAR_DIGITS],
        };
        if !apart || run.text.len() > MOST_DIGITS {
            return Err(Flaw::UnclearSplit(run.text.clone()));
        }
        let serial = serial_value(serial)?;
        Ok(self.close(Some(year), serial, Certainty::Repaired))
    }

    /// An order without 第: digits that begin like a year could be year and serial as well.
    fn bare_order(&mut self, run: &Digits) -> Result<Tail, Flaw> {
        let like_year = run.text.get(..YEAR_DIGITS).is_some_and(|digits| year(digits).is_ok());
        if like_year || !run.gaps.is_empty() {
            return Err(Flaw::UnclearSplit(run.text.clone()));
        }
        let serial = serial_value(&run.text)?;
        Ok(self.close(None, serial, Certainty::Repaired))
    }

    /// A serial that stands apart from the year, with or without 第.
    fn serial(&mut self) -> Result<u32, Flaw> {
        self.eat('第');
        let before = self.at.checked_sub(1).and_then(|at| self.glyphs.get(at));
        let marked = before.is_some_and(|glyph| glyph.ch == '第');
        let digits = self.digits();
        if digits.text.is_empty() {
            return marked.then(|| self.han_serial()).flatten().ok_or(Flaw::NoSerial);
        }
        if !digits.gaps.is_empty() && self.peek() != Some('号') {
            return Err(Flaw::SpacedSerial(digits.text));
        }
        serial_value(&digits.text)
    }

    /// A serial below a thousand in Chinese digits, as in 第七十三号; 号 must close it.
    fn han_serial(&mut self) -> Option<u32> {
        let mut total = 0;
        let mut digit: Option<u32> = None;
        let from = self.at;
        while let Some(ch) = self.peek() {
            match ch {
                '百' => total += digit.take()? * 100,
                '十' => total += digit.take().unwrap_or(1) * 10,
                '零' | '〇' if digit.is_none() && total > 0 => {}
                _ => {
                    let Some(value) = "一二三四五六七八九".chars().position(|one| one == ch)
                    else {
                        break;
                    };
                    if digit.is_some() {
                        return None;
                    }
                    digit = u32::try_from(value + 1).ok();
                }
            }
            self.at += 1;
        }
        total += digit.unwrap_or_default();
        let closed = self.peek() == Some('号') && self.at > from;
        (closed && (1..1000).contains(&total)).then_some(total)
    }

    fn close(&mut self, year: Option<u16>, serial: u32, certainty: Certainty) -> Tail {
        let closed = self.eat('号');
        Tail { year, serial, certainty, closed }
    }

    /// Accepts the end, and 文 or 文件 before it.
    fn end(&mut self) -> Result<(), Flaw> {
        if self.eat('文') {
            self.eat('件');
        }
        let rest: String = self.glyphs.iter().skip(self.at).map(|glyph| glyph.ch).collect();
        if rest.is_empty() { Ok(()) } else { Err(Flaw::Trailing(rest)) }
    }

    fn digits(&mut self) -> Digits {
        let mut digits = Digits { text: String::new(), gaps: Vec::new() };
        while let Some(glyph) = self.glyphs.get(self.at).filter(|glyph| glyph.ch.is_ascii_digit()) {
            if glyph.spaced && !digits.text.is_empty() {
                digits.gaps.push(digits.text.len());
            }
            digits.text.push(glyph.ch);
            self.at += 1;
        }
        digits
    }

    fn peek(&self) -> Option<char> {
        self.glyphs.get(self.at).map(|glyph| glyph.ch)
    }

    fn peek_second(&self) -> Option<char> {
        self.glyphs.get(self.at + 1).map(|glyph| glyph.ch)
    }

    fn eat(&mut self, ch: char) -> bool {
        let found = self.peek() == Some(ch);
        self.at += usize::from(found);
        found
    }
}

fn year(digits: &str) -> Result<u16, Flaw> {
    let value = digits.parse().ok().filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year));
    value.filter(|_| digits.len() == YEAR_DIGITS).ok_or_else(|| Flaw::BadYear(digits.to_owned()))
}

fn serial_value(digits: &str) -> Result<u32, Flaw> {
    let value = digits.parse().ok().filter(|serial| (1..=MAX_SERIAL).contains(serial));
    value.ok_or_else(|| Flaw::BadSerial(digits.to_owned()))
}
