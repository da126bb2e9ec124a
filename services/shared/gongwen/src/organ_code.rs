//! The codes of organs: nine characters after GB 11714, or eighteen after GB 32100.
//!
//! - GB 11714-1997 《全国组织机构代码编制规则》: eight digits or capitals and a check
//!   character, modulo 11 with the weights 3 7 9 10 5 8 4 2 (10 is written X).
//! - GB 32100-2015 《法人和其他组织统一社会信用代码编码规则》: seventeen digits or capitals
//!   without I O S V Z and a check character, modulo 31 with the weights 3^i mod 31.

const ORGAN_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const CREDIT_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_MODULUS: u32 = 31;

/// The rule that a code breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrganCodeError {
    /// Neither nine nor eighteen characters.
    #[error("机构代码应为 9 位组织机构代码或 18 位统一社会信用代码，现为 {0} 位")]
    Length(usize),
    /// A character that the standard does not have at this place.
    #[error("机构代码第 {position} 位“{found}”不是 {standard} 允许的字符")]
    Character {
        /// The standard that applies to a code of this length.
        standard: &'static str,
        /// Place in the code, from 1.
        position: usize,
        /// What stands there.
        found: char,
    },
    /// The last character does not follow from the others.
    #[error("机构代码的校验码“{found}”不符合 {standard}，应为“{expected}”")]
    Check {
        /// The standard that applies to a code of this length.
        standard: &'static str,
        /// The check character that the others give.
        expected: char,
        /// What stands there.
        found: char,
    },
}

/// Whether a code of nine or eighteen characters is written right and bears the right check.
pub fn organ_code_is_valid(code: &str) -> bool {
    check(code).is_ok()
}

/// Says which rule a code of nine or eighteen characters breaks, if any.
pub fn check(code: &str) -> Result<(), OrganCodeError> {
    let length = code.chars().count();
    let (standard, expected) = match length {
        9 => ("GB 11714", organ_check(code)?),
        18 => ("GB 32100", credit_check(code)?),
        _ => return Err(OrganCodeError::Length(length)),
    };
    match code.chars().last() {
        Some(found) if found == expected => Ok(()),
        Some(found) => Err(OrganCodeError::Check { standard, expected, found }),
        None => Err(OrganCodeError::Length(length)),
    }
}

fn organ_check(code: &str) -> Result<char, OrganCodeError> {
    let mut sum = 0;
    for ((index, ch), weight) in code.chars().enumerate().zip(ORGAN_WEIGHTS) {
        let value = ch.to_digit(36).filter(|_| !ch.is_ascii_lowercase());
        sum += weight * value.ok_or_else(|| wrong("GB 11714", index, ch))?;
    }
    Ok(match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    })
}

fn credit_check(code: &str) -> Result<char, OrganCodeError> {
    let mut sum = 0;
    let mut weight = 1;
    for (index, ch) in code.chars().take(17).enumerate() {
        let value = (0_u32..).zip(CREDIT_ALPHABET.chars()).find(|(_, letter)| *letter == ch);
        let (value, _) = value.ok_or_else(|| wrong("GB 32100", index, ch))?;
        sum += weight * value;
        weight = weight * 3 % CREDIT_MODULUS;
    }
    let check = (CREDIT_MODULUS - sum % CREDIT_MODULUS) % CREDIT_MODULUS;
    Ok((0_u32..)
        .zip(CREDIT_ALPHABET.chars())
        .find(|(at, _)| *at == check)
        .map_or('0', |(_, ch)| ch))
}

fn wrong(standard: &'static str, index: usize, found: char) -> OrganCodeError {
    OrganCodeError::Character { standard, position: index + 1, found }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALID: [&str; 6] = [
        "000014349",
        "003110926",
        "003159383",
        "01527918X",
        "12620600MB0523338C",
        "11370322004222241N",
    ];

    #[test]
    fn codes_of_real_index_numbers_are_valid() {
        for code in VALID {
            assert_eq!(check(code), Ok(()), "{code}");
        }
    }

    #[test]
    fn the_error_names_the_rule() {
        let expected = OrganCodeError::Check { standard: "GB 11714", expected: '9', found: '8' };
        assert_eq!(check("000014348"), Err(expected));
        let lower = OrganCodeError::Character { standard: "GB 11714", position: 1, found: 'a' };
        assert_eq!(check("a00014349"), Err(lower));
        let letter = OrganCodeError::Character { standard: "GB 32100", position: 9, found: 'O' };
        assert_eq!(check("12620600OB0523338C"), Err(letter));
        assert_eq!(check("12345"), Err(OrganCodeError::Length(5)));
        assert_eq!(check(""), Err(OrganCodeError::Length(0)));
        assert!(!organ_code_is_valid("淮南市人民政府办公室"));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_noticed(which in 0..VALID.len(), at in 0_usize..8, digit in 0_u32..10) {
            let mut code: Vec<char> = VALID[which].chars().collect();
            let wrong = char::from_digit(digit, 10).unwrap();
            prop_assume!(code[at] != wrong);
            code[at] = wrong;
            prop_assert!(!organ_code_is_valid(&code.iter().collect::<String>()));
        }

        #[test]
        fn no_text_panics(text in ".{0,24}") {
            let _ = check(&text);
        }
    }
}
