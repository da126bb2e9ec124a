//! What is compared as one: a character of Chinese, a figure, a word of another script, the number
//! of an article.

/// Numerals of numbered divisions.
const NUMERALS: &str = "零〇一二三四五六七八九十百千";
/// Divisions of laws and rules (《立法法》 article 65).
const UNITS: &str = "编章节条款项目";

/// The text in the pieces that are compared; joined, they are the text.
pub(crate) fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::with_capacity(text.len() / 3);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length =
            division(rest).or_else(|| run(rest, first)).unwrap_or_else(|| first.len_utf8());
        let (word, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        words.push(word);
        rest = behind;
    }
    words
}

/// Bytes of 第十二条, 第三章 at the beginning.
fn division(text: &str) -> Option<usize> {
    let behind = text.strip_prefix('第')?;
    let after = behind.trim_start_matches(|c: char| NUMERALS.contains(c) || c.is_ascii_digit());
    let unit = after.chars().next().filter(|c| UNITS.contains(*c))?;
    (after.len() < behind.len()).then(|| text.len() - after.len() + unit.len_utf8())
}

/// Bytes of a figure, in Chinese or other digits, or of a word that is written with letters.
fn run(text: &str, first: char) -> Option<usize> {
    if NUMERALS.contains(first) {
        let after = text.trim_start_matches(|c: char| NUMERALS.contains(c) || "万亿".contains(c));
        return Some(text.len() - after.len());
    }
    if first.is_numeric() {
        let digits = |c: char| c.is_numeric() && !NUMERALS.contains(c);
        let after = text.trim_start_matches(|c: char| digits(c) || matches!(c, '.' | ','));
        let figure = text.get(..text.len() - after.len())?;
        // What ends a sentence is no part of the figure.
        return Some(figure.trim_end_matches(['.', ',']).len());
    }
    if first.is_alphabetic() && !is_han(first) {
        let after = text.trim_start_matches(|c: char| c.is_alphanumeric() && !is_han(c));
        return Some(text.len() - after.len());
    }
    None
}

/// Whether a character is written without spaces to its neighbours: Han and kana.
fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x2FDF | 0x3005..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_words_and_divisions_stay_whole() {
        assert_eq!(
            words("第十二条　自2026年6月起"),
            ["第十二条", "　", "自", "2026", "年", "6", "月", "起"]
        );
        assert_eq!(
            words("增长3.5%，达1,200 GB。"),
            ["增", "长", "3.5", "%", "，", "达", "1,200", " ", "GB", "。"]
        );
        assert_eq!(words("共3."), ["共", "3", "."]);
        assert_eq!(words("补助二十元"), ["补", "助", "二十", "元"]);
        assert_eq!(words("第三方"), ["第", "三", "方"]);
    }

    #[test]
    fn no_text_has_no_words() {
        assert!(words("").is_empty());
    }
}
