//! Numbers of one or two places, in Arabic or Chinese digits.

use crate::glyph::halfwidth;

/// A digit, Arabic or Chinese.
pub(crate) fn digit(ch: char) -> Option<u32> {
    Some(match ch {
        '〇' | '○' | '零' | '◯' | 'Ｏ' | 'О' => 0,
        '一' | '元' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return halfwidth(ch).to_digit(10),
    })
}

/// Whether the character can be part of a number in a date.
pub(crate) fn is_numeral(ch: char) -> bool {
    digit(ch).is_some() || ch == '十'
}

/// The value of a month or day as it is properly written: 8, 08, 八, 十, 十八, 二十, 二十八.
/// The second value says whether a leading zero was written.
pub(crate) fn value(written: &[char]) -> Option<(u32, bool)> {
    let han = written.iter().any(|ch| !halfwidth(*ch).is_ascii_digit());
    match (han, written) {
        (_, ['十']) => Some((10, false)),
        (_, [one]) => positive(digit(*one)?, false),
        (true, ['十', ones]) => positive(digit(*ones)?, false).map(|(ones, _)| (10 + ones, false)),
        (true, [tens, '十']) => {
            let tens = digit(*tens)?;
            (1..=3).contains(&tens).then_some((tens * 10, false))
        }
        (true, [tens, '十', ones]) => {
            let (tens, ones) = (digit(*tens)?, digit(*ones)?);
            ((1..=3).contains(&tens) && ones > 0).then_some((tens * 10 + ones, false))
        }
        (false, [tens, ones]) => {
            let (tens, ones) = (digit(*tens)?, digit(*ones)?);
            positive(tens * 10 + ones, tens == 0)
        }
        _ => None,
    }
}

fn positive(value: u32, zero: bool) -> Option<(u32, bool)> {
    (value > 0).then_some((value, zero))
}

/// A number below a hundred in Chinese digits.
pub(crate) fn han(value: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |value: usize| DIGITS.get(value).copied().unwrap_or_default();
    match value / 10 {
        0 => digit(value).to_owned(),
        1 => format!("十{}", digit(value % 10)),
        tens => format!("{}十{}", digit(tens % 10), digit(value % 10)),
    }
}
