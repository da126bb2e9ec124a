//! The unified social credit code of GB 32100.

/// The characters of the code in the order of their values; I, O, S, V and Z are not used.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Whether the code is well formed and its last character checks the others.
pub fn is_valid(code: &str) -> bool {
    let values: Option<Vec<u32>> = code.chars().map(value).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else { return false };
    let mut weight = 1;
    let mut sum = 0;
    for value in values.iter().take(17) {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    values.last() == Some(&((31 - sum % 31) % 31))
}

fn value(c: char) -> Option<u32> {
    ALPHABET.chars().position(|known| known == c).and_then(|at| u32::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_decides() {
        assert!(is_valid("91350100M000100Y43"));
        assert!(!is_valid("91350100M000100Y44"));
        assert!(!is_valid("91350100M000100Y4"));
        assert!(!is_valid("91350100I000100Y43"));
        assert!(!is_valid(""));
    }
}
