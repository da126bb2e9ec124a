//! Document numbers: the one way to write them, and the key by which writings are compared.

use gongwen::number::{Parsed, parse};

/// What a document number was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// As it is kept: the canonical form where it was read without repair, else as typed.
    pub written: String,
    /// Equal for all writings of the same number; empty where there is none.
    pub key: String,
    /// False where a person should look at it.
    pub exact: bool,
}

/// Reads a document number; empty is none.
pub fn read(typed: &str) -> Reading {
    let typed = super::text::line(typed);
    if typed.is_empty() {
        return Reading { written: typed, key: String::new(), exact: true };
    }
    match parse(&typed) {
        Parsed::Exact(number) => {
            Reading { written: number.to_string(), key: number.key(), exact: true }
        }
        _ => {
            let key = typed.chars().filter(|ch| !ch.is_whitespace()).collect();
            Reading { written: typed, key, exact: false }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_one_number_share_a_key() {
        let canonical = read("淮府办〔2023〕12号");
        assert!(canonical.exact);
        for typed in ["淮府办[2023]12号", "淮府办（２０２３）１２号", "淮府办〔2023〕 012号"]
        {
            let reading = read(typed);
            assert_eq!(reading, canonical, "{typed}");
        }
    }

    #[test]
    fn what_is_no_number_stays_as_typed() {
        let reading = read("HFGS—2017—9");
        assert_eq!((reading.written.as_str(), reading.exact), ("HFGS—2017—9", false));
        assert!(read("").exact && read("").key.is_empty());
    }
}
