//! Where a line may end: the Chinese rules (禁则) and those for Latin words and numbers.

/// What a character is to line breaking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    /// A character that breaks before and behind: ideographs, kana, symbols.
    Ideograph,
    /// An opening bracket or sign: never last in a line.
    Open,
    /// Closing punctuation: never first in a line.
    Close,
    /// A mark of two characters (—— ……) that is not divided.
    Pair,
    /// Part of a Latin word or number.
    Word,
    /// ASCII punctuation within and behind words: never first in a line.
    WordEnd,
    /// A space: a line ends behind it.
    Space,
}

const OPEN: &str = "（《〈「『【〔〖［｛“‘([{￥¥$＄£￡№";
const CLOSE: &str = "）》〉」』】〕〗］｝”’)]}，。、；：？！．,·・‧％‰℃°′″々ー～";
const WORD_END: &str = ".,;:!?%";

/// The class of a character.
pub(crate) fn class(character: char) -> Class {
    match character {
        ' ' | '\u{3000}' | '\t' => Class::Space,
        '—' | '…' | '⋯' | '―' => Class::Pair,
        c if WORD_END.contains(c) => Class::WordEnd,
        c if OPEN.contains(c) => Class::Open,
        c if CLOSE.contains(c) => Class::Close,
        c if c.is_ascii_graphic() => Class::Word,
        '\u{a0}'..='\u{24f}' | '\u{370}'..='\u{52f}' | '\u{1e00}'..='\u{1eff}' => Class::Word,
        _ => Class::Ideograph,
    }
}

/// Whether a line may end between two characters of these classes.
pub(crate) fn may_break(before: Class, after: Class, same: bool) -> bool {
    match (before, after) {
        (_, Class::Close | Class::WordEnd | Class::Space)
        | (Class::Open, _)
        | (Class::Word | Class::WordEnd, Class::Word) => false,
        (Class::Pair, Class::Pair) => !same,
        _ => true,
    }
}

/// How much of a full-width mark's width may be taken when a line is too long, as a part of
/// it; and whether it is taken on its left.
pub(crate) fn slack(character: char) -> (f32, bool) {
    match character {
        '，' | '。' | '、' | '）' | '》' | '〉' | '」' | '』' | '】' | '〕' | '〗' | '”' | '’'
        | '．' => (0.45, false),
        '；' | '：' | '？' | '！' => (0.25, false),
        '（' | '《' | '〈' | '「' | '『' | '【' | '〔' | '〖' | '“' | '‘' => {
            (0.45, true)
        }
        _ => (0.0, false),
    }
}

/// Characters that are not painted and take no room: controls, joiners, variation selectors.
pub(crate) fn invisible(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaks(pair: &str) -> bool {
        let mut characters = pair.chars();
        let (a, b) = (characters.next().unwrap(), characters.next().unwrap());
        may_break(class(a), class(b), a == b)
    }

    #[test]
    fn closing_marks_stay_with_what_they_close() {
        for pair in ["人。", "人，", "人》", "人”", "》。", "5%", "人.", "人　"] {
            assert!(!breaks(pair), "{pair}");
        }
    }

    #[test]
    fn opening_marks_stay_with_what_they_open() {
        for pair in ["《关", "（一", "“人", "〔2", "￥5"] {
            assert!(!breaks(pair), "{pair}");
        }
    }

    #[test]
    fn words_and_numbers_are_whole() {
        for pair in ["ab", "12", ".5", "3.", "-1", "——", "……"] {
            assert!(!breaks(pair), "{pair}");
        }
    }

    #[test]
    fn ideographs_break() {
        for pair in ["人民", "2年", "第2", "。人", "》的", " a", "人—", "—人", "人（"]
        {
            assert!(breaks(pair), "{pair}");
        }
    }

    #[test]
    fn the_invisible() {
        assert!(invisible('\u{0}') && invisible('\u{200b}') && invisible('\u{e0100}'));
        assert!(!invisible('\n') && !invisible('\t') && !invisible('人'));
    }
}
