//! Number plates: province, letter, and five or six characters (GA 36-2018).

use super::{Number, Reading};
use crate::draft::Draft;
use crate::finding::{Certainty, Kind};
use crate::glyph::{after, before, halfwidth, is_alphanumeric};

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

impl Number<'_> {
    /// A plate that ends with, or holds, the first run.
    pub(super) fn plate(self) -> Reading {
        if self.runs.first()?.length() > 6 || !self.touches_letter() {
            return None;
        }
        let text = self.context.text;
        let mut at = self.start();
        for _ in 0..7 {
            let ch = before(text, at)?;
            if PROVINCES.contains(ch) {
                let end = plate_end(text, at)?;
                let start = at - ch.len_utf8();
                let taken = self.runs.iter().take_while(|run| run.start < end).count();
                let draft = Draft::new(start..end, Kind::LicencePlate, Certainty::Certain);
                return Some((taken, draft));
            }
            if !is_alphanumeric(ch) && !is_point(ch) {
                return None;
            }
            at -= ch.len_utf8();
        }
        None
    }
}

fn is_point(ch: char) -> bool {
    matches!(ch, '·' | '•' | '・' | '.' | '．' | ' ' | '-' | '●')
}

/// Where a plate ends whose letter stands at `at`.
fn plate_end(text: &str, at: usize) -> Option<usize> {
    let letter = after(text, at)?;
    if !matches!(halfwidth(letter).to_ascii_uppercase(), 'A'..='H' | 'J'..='Z') {
        return None;
    }
    let mut end = at + letter.len_utf8();
    if let Some(point) = after(text, end).filter(|ch| is_point(*ch)) {
        end += point.len_utf8();
    }
    let (mut length, mut digits) = (0, 0);
    while let Some(ch) = after(text, end).filter(|ch| is_alphanumeric(*ch)) {
        match halfwidth(ch).to_ascii_uppercase() {
            '0'..='9' => digits += 1,
            'A'..='H' | 'J'..='N' | 'P'..='Z' => {}
            _ => return None,
        }
        length += 1;
        end += ch.len_utf8();
    }
    let next = after(text, end);
    let goes_on = next.is_some_and(|ch| {
        crate::glyph::is_hyphen(ch) && after(text, end + ch.len_utf8()).is_some_and(is_alphanumeric)
    });
    // Trailers and cars of driving schools have four characters and a word.
    if let Some(last) = next.filter(|ch| length == 4 && digits >= 3 && matches!(ch, '挂' | '学'))
    {
        return Some(end + last.len_utf8());
    }
    (matches!(length, 5 | 6) && digits >= 3 && !goes_on).then_some(end)
}
