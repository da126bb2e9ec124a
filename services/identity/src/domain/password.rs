//! What a password must be like.

/// Why a password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than [`SHORTEST`] characters.
    #[error("密码太短：至少 {SHORTEST} 个字符")]
    TooShort,
    /// More than [`LONGEST`] bytes, which would only burden the server.
    #[error("密码太长：最多 {LONGEST} 个字节")]
    TooLong,
    /// It contains the account's own name.
    #[error("密码不能包含账号名")]
    ContainsAccount,
    /// Only letters, or only digits.
    #[error("密码太简单：请至少混用字母、数字、符号中的两类")]
    OneKind,
    /// Too few different characters.
    #[error("密码太简单：不同的字符至少要有 {FEWEST_DIFFERENT} 个")]
    Monotonous,
}

const SHORTEST: usize = 10;
const LONGEST: usize = 256;
const FEWEST_DIFFERENT: usize = 5;

/// Checks a new password of the account with that name.
pub fn check(password: &str, account: &str) -> Result<(), PasswordFault> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordFault::TooShort);
    }
    if password.len() > LONGEST {
        return Err(PasswordFault::TooLong);
    }
    if !account.is_empty() && password.to_lowercase().contains(&account.to_lowercase()) {
        return Err(PasswordFault::ContainsAccount);
    }
    let different: std::collections::BTreeSet<char> = password.chars().collect();
    if different.len() < FEWEST_DIFFERENT {
        return Err(PasswordFault::Monotonous);
    }
    if kinds(password) < 2 {
        return Err(PasswordFault::OneKind);
    }
    Ok(())
}

/// Counts letters, digits and symbols; writing outside ASCII is varied enough to count twice.
fn kinds(password: &str) -> usize {
    let has = |kind: fn(&char) -> bool| usize::from(password.chars().any(|c| kind(&c)));
    has(char::is_ascii_alphabetic)
        + has(char::is_ascii_digit)
        + has(|c| c.is_ascii_punctuation() || *c == ' ')
        + 2 * has(|c| !c.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        assert_eq!(check("Ab3456789", "wang"), Err(PasswordFault::TooShort));
        assert_eq!(check("1234567890", "wang"), Err(PasswordFault::OneKind));
        assert_eq!(check("qwertyuiop", "wang"), Err(PasswordFault::OneKind));
        assert_eq!(check("a1a1a1a1a1a1", "wang"), Err(PasswordFault::Monotonous));
        assert_eq!(check("Wang-20260101", "wang"), Err(PasswordFault::ContainsAccount));
        assert_eq!(check(&"a1b2c3d4".repeat(40), "wang"), Err(PasswordFault::TooLong));
    }

    #[test]
    fn good_passwords_pass_in_any_writing() {
        assert_eq!(check("correct horse battery", "wang"), Ok(()));
        assert_eq!(check("春风又绿江南岸明月何时照", "wang"), Ok(()));
        assert_eq!(check("k7mPq2xW9d", "wang"), Ok(()));
    }

    #[test]
    fn nine_characters_are_too_few_even_when_their_bytes_are_many() {
        assert_eq!(check("一二三四五六七八九", "wang"), Err(PasswordFault::TooShort));
    }
}
