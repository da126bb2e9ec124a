//! Chains: runs of digits that are joined by single spaces, hyphens or a closing bracket, as
//! numbers are written in groups.

use crate::glyph::{after, before, digit, is_alphanumeric, is_blank, is_hyphen, is_letter};

/// A longer chain is read in parts; nothing that is looked for has more groups.
const MOST_RUNS: usize = 24;

/// What joins a run to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joint {
    /// Nothing does: the run is the first.
    None,
    /// One or two spaces.
    Space,
    /// A hyphen or dash.
    Hyphen,
    /// The bracket behind an area code: `(0554)6641234`.
    Bracket,
}

/// Consecutive digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    /// Byte offset of the first digit.
    pub(crate) start: usize,
    /// Byte offset behind the last digit.
    pub(crate) end: usize,
    /// Byte offset behind an X that follows the last digit.
    pub(crate) x_end: Option<usize>,
    /// What joins it to the run before.
    pub(crate) joint: Joint,
    /// Place of the first digit among the chain's digits.
    from: usize,
    /// Place behind the last digit among the chain's digits.
    to: usize,
}

impl Run {
    /// How many digits it has.
    pub(crate) fn length(&self) -> usize {
        self.to - self.from
    }
}

/// Runs of digits that may belong together.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    digits: Vec<u8>,
    runs: Vec<Run>,
}

impl Chain {
    /// Reads the chain whose first digit is at `start` into this buffer; says where to go on.
    pub(crate) fn read(&mut self, text: &str, start: usize) -> usize {
        self.digits.clear();
        self.runs.clear();
        let mut at = start;
        let mut joint = Joint::None;
        loop {
            at = self.read_run(text, at, joint);
            if self.runs.len() == MOST_RUNS {
                return at;
            }
            match self.joint_at(text, at) {
                Some((next, found)) => (at, joint) = (next, found),
                None => return at,
            }
        }
    }

    fn read_run(&mut self, text: &str, start: usize, joint: Joint) -> usize {
        let from = self.digits.len();
        let mut end = start;
        while let Some((ch, value)) = after(text, end).and_then(|ch| Some((ch, digit(ch)?))) {
            self.digits.push(value);
            end += ch.len_utf8();
        }
        let x_end = x_end(text, end);
        self.runs.push(Run { start, end, x_end, joint, from, to: self.digits.len() });
        end
    }

    /// The joint at `at`, if digits follow it, and where they begin.
    fn joint_at(&self, text: &str, at: usize) -> Option<(usize, Joint)> {
        let ch = after(text, at)?;
        let joint = if is_blank(ch) {
            Joint::Space
        } else if is_hyphen(ch) {
            Joint::Hyphen
        } else if matches!(ch, ')' | '）') && self.runs.last().is_some_and(|run| run.length() <= 4)
        {
            Joint::Bracket
        } else {
            return None;
        };
        let mut next = at + ch.len_utf8();
        if let Some(second) = after(text, next).filter(|second| is_blank(*second)) {
            next += second.len_utf8();
        }
        after(text, next).and_then(digit).map(|_| (next, joint))
    }

    /// The runs.
    pub(crate) fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The digits of some consecutive runs.
    pub(crate) fn digits(&self, runs: &[Run]) -> &[u8] {
        match (runs.first(), runs.last()) {
            (Some(first), Some(last)) => self.digits.get(first.from..last.to).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// Where an X ends that stands at `at` by itself, perhaps behind a space or a hyphen.
fn x_end(text: &str, at: usize) -> Option<usize> {
    let first = after(text, at)?;
    let gap = if is_blank(first) || is_hyphen(first) { first.len_utf8() } else { 0 };
    let ch = after(text, at + gap)?;
    let end = at + gap + ch.len_utf8();
    let is_x = matches!(ch, 'X' | 'x' | 'Ｘ' | 'ｘ' | '×');
    (is_x && after(text, end).is_none_or(|next| !is_alphanumeric(next))).then_some(end)
}

/// Whether what stands before `at` makes digits there the rest of something longer: a letter
/// that is not a label's, a decimal point, a currency sign, a hyphen.
pub(crate) fn continues_before(text: &str, at: usize) -> bool {
    let Some(ch) = before(text, at) else { return false };
    let two = at - ch.len_utf8();
    match ch {
        '.' | '．' => before(text, two).is_some_and(|ch| digit(ch).is_some()),
        '"' | '\'' => before(text, two) == Some('='),
        // 第…号 is the serial of a document.
        '第' | '¥' | '￥' | '$' | '＄' | '€' | '%' | '=' | '&' | '_' | '\\' => true,
        '/' => before(text, two).is_some_and(|ch| ch == '/' || is_letter(ch)),
        _ if is_hyphen(ch) => before(text, two)
            .is_some_and(|ch| is_alphanumeric(ch) || matches!(ch, '）' | ')' | ']' | '〕')),
        _ if is_letter(ch) => !is_label(text, at),
        _ => digit(ch).is_some(),
    }
}

/// Whether what follows `at` makes digits before it the beginning of something longer.
pub(crate) fn continues_behind(text: &str, at: usize) -> bool {
    let Some(ch) = after(text, at) else { return false };
    let next = after(text, at + ch.len_utf8());
    let digits_follow = next.is_some_and(|ch| digit(ch).is_some());
    match ch {
        '.' | '．' => digits_follow,
        '/' => next.is_some_and(|ch| digit(ch).is_some()) && !phone_follows(text, at + 1),
        '%' | '％' | '‰' | '_' | '=' | '&' => true,
        _ if is_hyphen(ch) => next.is_some_and(is_alphanumeric),
        _ => is_alphanumeric(ch),
    }
}

/// Whether seven or more digits follow: one of several numbers, parted by strokes.
fn phone_follows(text: &str, at: usize) -> bool {
    text.get(at..)
        .is_some_and(|rest| rest.chars().take(7).all(|ch| digit(ch).is_some() || is_hyphen(ch)))
}

/// Whether the Latin letters before `at` are a label of their own (`Tel13800000000`).
fn is_label(text: &str, at: usize) -> bool {
    // G and L begin the numbers of pupils (学籍号), which go on with the identity number.
    const LABELS: &str = "G、L、TEL、MOBILE、PHONE、MOB、ID、IDNO、NO、CARD、QQ、VX、V、M、T、SFZ、WECHAT、DH、\
PASSPORT、BR";
    let head = text.get(..at).unwrap_or_default();
    let count = head.chars().rev().take(12).take_while(|ch| is_letter(*ch)).count();
    let word: String = head
        .chars()
        .rev()
        .take(count)
        .map(|ch| crate::glyph::halfwidth(ch).to_ascii_uppercase())
        .collect();
    LABELS.split('、').any(|label| label.chars().rev().eq(word.chars()))
}

/// Whether an amount's unit follows `at`.
pub(crate) fn unit_follows(text: &str, at: usize) -> bool {
    const UNITS: &str = "元、万、亿、千、百、美元、平方、㎡、立方、吨、公斤、人次、人、户、株、公里、米、亩、\
公顷、度、升、件、册、台、套、字节、次、个、股、瓦";
    let rest = text.get(at..).unwrap_or_default();
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    // A person may follow a number too: 人 of 人民 and 户 of 户主 are no units.
    UNITS.split('、').any(|unit| {
        rest.strip_prefix(unit).is_some_and(|tail| {
            !(matches!(unit, "人" | "户" | "个" | "万")
                && tail.starts_with(['民', '主', '籍', '口', '人', '某', '员', '名', '社', '工']))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(text: &str) -> Vec<usize> {
        let mut chain = Chain::default();
        let start = text.find(|ch| digit(ch).is_some()).unwrap();
        chain.read(text, start);
        chain.runs().iter().map(Run::length).collect()
    }

    #[test]
    fn groups_are_joined() {
        assert_eq!(lengths("号340402 1990-0101 1234。"), [6, 4, 4, 4]);
        assert_eq!(lengths("（0554）6641234"), [4, 7]);
        assert_eq!(lengths("１３８　１２３４　５６７８"), [3, 4, 4]);
        assert_eq!(lengths("138\t1234"), [3]);
        assert_eq!(lengths("1 2\n3"), [1, 1]);
    }

    #[test]
    fn an_x_is_kept_apart() {
        let mut chain = Chain::default();
        chain.read("123X", 0);
        assert_eq!(chain.runs()[0].x_end, Some(4));
        chain.read("123XY", 0);
        assert_eq!(chain.runs()[0].x_end, None);
    }

    #[test]
    fn neighbours_tell_a_part_from_a_whole() {
        assert!(continues_before("HT13", 2));
        assert!(!continues_before("tel13", 3));
        assert!(continues_before("1.13", 2));
        assert!(!continues_before("电话：13", "电话：".len()));
        assert!(continues_behind("13.5", 2));
        assert!(!continues_behind("13。", 2));
        assert!(unit_follows("13万元", 2));
        assert!(!unit_follows("13人民", 2));
    }
}
