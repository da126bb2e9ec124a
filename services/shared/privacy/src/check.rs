//! Check digits and the plausibility of what they protect.

/// The last year that a birth date may show. The crate asks no clock: a bound some years
/// ahead costs nothing, because a date is only one of several tests.
const LATEST_BIRTH: u32 = 2039;
const EARLIEST_BIRTH: u32 = 1900;
/// Before this year a date is no birth date at all; between the two it is that of a person
/// who is no longer alive, or of a sample number of the standard.
const EARLIEST_DATE: u32 = 1800;

/// How much of an identity number (公民身份号码, GB 11643-1999) 18 characters have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Area, birth date and check character.
    Valid,
    /// Area and check character, with a birth date before 1900.
    Historic,
    /// Area and birth date, but another check character.
    Plausible,
    /// Less than that.
    Not,
}

/// Reads 18 characters, or 17 before an X, as an identity number.
pub(crate) fn identity(digits: &[u8], ends_in_x: bool) -> Identity {
    let length = if ends_in_x { 17 } else { 18 };
    if digits.len() != length || !area_is_plausible(digits) {
        return Identity::Not;
    }
    let birth = digits.get(6..14).map_or(0, value);
    if !date_is_plausible(birth / 10_000, birth / 100 % 100, birth % 100) {
        return Identity::Not;
    }
    match (identity_check_fits(digits, ends_in_x), birth / 10_000 >= EARLIEST_BIRTH) {
        (true, true) => Identity::Valid,
        (true, false) => Identity::Historic,
        (false, true) => Identity::Plausible,
        (false, false) => Identity::Not,
    }
}

/// Whether 15 digits have the area and the birth date of the old 身份证号, which has no check.
pub(crate) fn old_identity_is_plausible(digits: &[u8]) -> bool {
    digits.len() == 15
        && area_is_plausible(digits)
        && digits.get(6..12).is_some_and(|birth| {
            let number = value(birth);
            // Nobody born after 1999 was given the old number.
            date_is_plausible(1900 + number / 10_000, number / 100 % 100, number % 100)
        })
}

/// ISO 7064 MOD 11-2 over 17 digits and a last digit or X.
fn identity_check_fits(digits: &[u8], ends_in_x: bool) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [u32; 11] = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2];
    let sum: u32 =
        digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    let found = if ends_in_x { Some(10) } else { digits.get(17).map(|digit| u32::from(*digit)) };
    digits.len() == if ends_in_x { 17 } else { 18 }
        && CHECKS.iter().zip(0..).any(|(check, rest)| rest == sum % 11 && found == Some(*check))
}

/// Whether the first six digits can be an area of GB/T 2260.
///
/// Areas that have been dissolved stay in the numbers of those born there, so only the
/// provinces are a closed list; cities and counties are bounded.
fn area_is_plausible(digits: &[u8]) -> bool {
    let Some(area) = digits.get(..6).map(value) else { return false };
    let (province, city, county) = (area / 10_000, area / 100 % 100, area % 100);
    match province {
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 => {
            (matches!(city, 1..=70 | 90)) && county > 0
        }
        // 71: Taiwan; 81 to 83: residence permits of Hong Kong, Macao and Taiwan residents.
        71 | 81..=83 => city == 0 && county == 0,
        _ => false,
    }
}

fn date_is_plausible(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (EARLIEST_DATE..=LATEST_BIRTH).contains(&year) && (1..=days).contains(&day)
}

/// Whether 18 characters are a 统一社会信用代码 (GB 32100-2015): alphabet and check character.
pub(crate) fn credit_code_is_valid(code: &[u8]) -> bool {
    code.len() == 18 && str::from_utf8(code).is_ok_and(gongwen::organ_code_is_valid)
}

/// Luhn's rule, ISO/IEC 7812-1 annex B.
pub(crate) fn luhn_fits(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (1, digit) if digit > 4 => digit * 2 - 9,
            (1, digit) => digit * 2,
            (_, digit) => digit,
        })
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}

/// The number that a few digits write.
pub(crate) fn value(digits: &[u8]) -> u32 {
    digits.iter().fold(0_u32, |sum, digit| sum.wrapping_mul(10).wrapping_add(u32::from(*digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect()
    }

    #[test]
    fn the_samples_of_the_standards_are_valid() {
        assert_eq!(identity(&digits("11010519491231002"), true), Identity::Valid);
        assert_eq!(identity(&digits("440524188001010014"), false), Identity::Historic);
        assert!(credit_code_is_valid(b"91350100M000100Y43"));
        assert!(credit_code_is_valid(b"91110000600037341L"));
        assert!(luhn_fits(&digits("6228480012345678903")));
    }

    #[test]
    fn a_wrong_digit_is_noticed() {
        assert!(!identity_check_fits(&digits("11010519491231003"), true));
        assert!(!credit_code_is_valid(b"91350100M000100Y44"));
        assert!(!luhn_fits(&digits("6228480012345678904")));
        assert!(!luhn_fits(&[]));
    }

    #[test]
    fn area_and_birth_must_be_possible() {
        assert_eq!(identity(&digits("340402199001011234"), false), Identity::Plausible);
        for wrong in [
            "990402199001011234",
            "340002199001011234",
            "340402189001011234",
            "340402199013011234",
            "340402199002301234",
            "34040219900101123",
        ] {
            assert_eq!(identity(&digits(wrong), false), Identity::Not, "{wrong}");
        }
        assert!(old_identity_is_plausible(&digits("340402900101123")));
        assert!(!old_identity_is_plausible(&digits("340402901301123")));
    }
}
