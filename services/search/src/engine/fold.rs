//! Writing variants made one: width and case, one character for one character.

/// The form under which a character is indexed, asked for and compared.
pub fn fold(ch: char) -> char {
    let narrow = match ch {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(ch as u32 - 0xfee0).unwrap_or(ch),
        '\u{3000}' => ' ',
        _ => ch,
    };
    let mut lower = narrow.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => narrow,
    }
}

/// Whether a character stands for a word or a part of one without spaces around it.
pub fn is_han(ch: char) -> bool {
    matches!(ch,
        '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// Only letters, digits and Han characters, folded: what is left of a name in any punctuation.
pub fn bare(text: &str) -> String {
    text.chars().map(fold).filter(|ch| ch.is_alphanumeric() || is_han(*ch)).collect()
}

/// What a title and a query for just that title have in common: the bare text, or all of it where
/// there is nothing but punctuation.
pub fn whole(text: &str) -> String {
    let bare = bare(text);
    if bare.is_empty() { text.trim().chars().map(fold).collect() } else { bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_case_make_no_difference() {
        let folded: String = "ＡbC１２（　".chars().map(fold).collect();
        assert_eq!(folded, "abc12( ");
    }

    #[test]
    fn bare_text_has_neither_brackets_nor_spaces() {
        assert_eq!(bare("淮府办〔２０２３〕 12号"), "淮府办202312号");
    }
}
