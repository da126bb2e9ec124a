//! Index numbers (索引号): the organ's code, the year, and a serial within both.

use gongwen::{IndexNumber, organ_code_is_valid};

/// The code that an organ's index numbers begin with: its own, or the city's where it has no
/// valid one.
pub fn code<'a>(organ: &'a str, city: &'a str) -> &'a str {
    if organ_code_is_valid(organ) { organ } else { city }
}

/// The index number of a serial; `None` where the year's numbers have run out.
pub fn write(code: &str, year: i32, serial: i64) -> Option<String> {
    let serial = u32::try_from(serial).ok()?;
    IndexNumber::new(code, year, serial).ok().map(|number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CITY: &str = "11370322004222241N";

    #[test]
    fn numbers_begin_with_the_organs_own_code_if_it_is_valid() {
        assert_eq!(code("000014349", CITY), "000014349");
        assert_eq!(code("000014340", CITY), CITY);
        assert_eq!(code("", CITY), CITY);
    }

    #[test]
    fn serials_have_five_digits() {
        assert_eq!(write(CITY, 2023, 12).unwrap(), "11370322004222241N/2023-00012");
        assert_eq!(write("000014349", 2017, 110).unwrap(), "000014349/2017-00110");
        assert_eq!(write("000014349", 2017, 100_000), None);
    }
}
