//! What an account may look like, and what it may become.

use contracts::role;

kit::id!(AccountId);

/// Sign-in name of the first administrator.
pub const ADMINISTRATOR: &str = "admin";

/// Why an account's data was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountFault {
    /// The sign-in name is not of the allowed form.
    #[error("账号名应为 2 到 32 个小写字母、数字、点、横线或下划线，并以字母开头")]
    Account,
    /// The person's name is missing or too long.
    #[error("姓名应为 1 到 50 个字")]
    Name,
    /// No role at all.
    #[error("请至少选择一个角色")]
    NoRole,
    /// A role that people cannot have.
    #[error("没有“{0}”这个角色；可选：office、editor、reviewer、handler、hotline、evaluator、ops")]
    Role(String),
    /// Only city-wide roles work without an organ.
    #[error("请填写所属机关；只有“政务公开办”和“运维”可以不属于某个机关")]
    NoOrgan,
    /// The organ is not in the tree.
    #[error("机关“{0}”不在机关名录中，请先导入该机关")]
    Organ(String),
}

impl AccountFault {
    /// The field of the request that is wrong.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Account => "account.account",
            Self::Name => "account.name",
            Self::NoRole | Self::Role(_) => "account.roles",
            Self::NoOrgan | Self::Organ(_) => "account.organ_code",
        }
    }
}

/// What an administrator decides about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The person's name.
    pub name: String,
    /// Code of the organ; empty for city-wide roles.
    pub organ_code: String,
    /// Roles, sorted and without repetition.
    pub roles: Vec<String>,
}

impl Profile {
    /// A profile that keeps the rules; whether the organ exists is for the caller to check.
    pub fn new(name: &str, organ_code: &str, roles: &[String]) -> Result<Self, AccountFault> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 50 {
            return Err(AccountFault::Name);
        }
        let mut roles = roles.to_vec();
        roles.sort();
        roles.dedup();
        if roles.is_empty() {
            return Err(AccountFault::NoRole);
        }
        if let Some(odd) = roles.iter().find(|role| !role::OF_PEOPLE.contains(&role.as_str())) {
            return Err(AccountFault::Role(odd.clone()));
        }
        let organ_code = organ_code.trim();
        if organ_code.is_empty() && !roles.iter().all(|role| is_city_wide(role)) {
            return Err(AccountFault::NoOrgan);
        }
        Ok(Self { name: name.to_owned(), organ_code: organ_code.to_owned(), roles })
    }

    /// Whether the role is held.
    pub fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }
}

/// The sign-in name as it is kept: trimmed and in lower case.
pub fn sign_in_name(typed: &str) -> String {
    typed.trim().to_lowercase()
}

/// Checks a sign-in name for a new account.
pub fn check_sign_in_name(name: &str) -> Result<(), AccountFault> {
    let allowed =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    if (2..=32).contains(&name.len()) && starts_well && name.chars().all(allowed) {
        return Ok(());
    }
    Err(AccountFault::Account)
}

/// The roles that only operations staff hand out or take away: they reach over every organ.
pub fn is_city_wide(role: &str) -> bool {
    role == role::OPS || role == role::OFFICE
}

/// Whether going from the old roles to the new ones touches a city-wide role.
pub fn touches_city_wide(old: &[String], new: &[String]) -> bool {
    [role::OPS, role::OFFICE].iter().any(|wide| {
        let holds = |roles: &[String]| roles.iter().any(|role| role == wide);
        holds(old) != holds(new)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn an_editor_needs_an_organ_and_the_office_does_not() {
        assert_eq!(Profile::new("王敏", "", &roles(&["editor"])), Err(AccountFault::NoOrgan));
        assert_eq!(
            Profile::new("王敏", "", &roles(&["ops", "editor"])),
            Err(AccountFault::NoOrgan)
        );
        assert!(Profile::new("王敏", "", &roles(&["ops", "office"])).is_ok());
    }

    #[test]
    fn roles_are_known_sorted_and_single() {
        let profile = Profile::new(" 王敏 ", "a", &roles(&["reviewer", "editor", "editor"]));
        assert_eq!(profile.unwrap().roles, roles(&["editor", "reviewer"]));
        assert_eq!(
            Profile::new("王敏", "a", &roles(&["service"])),
            Err(AccountFault::Role("service".to_owned()))
        );
        assert_eq!(Profile::new("王敏", "a", &[]), Err(AccountFault::NoRole));
    }

    #[test]
    fn sign_in_names_are_plain() {
        assert_eq!(sign_in_name(" Wang.Min "), "wang.min");
        assert!(check_sign_in_name("wang.min").is_ok());
        for odd in ["w", "1wang", "wang min", "王敏", ""] {
            assert_eq!(check_sign_in_name(odd), Err(AccountFault::Account), "{odd}");
        }
    }

    #[test]
    fn only_changes_of_city_wide_roles_are_guarded() {
        assert!(touches_city_wide(&roles(&["editor"]), &roles(&["editor", "ops"])));
        assert!(touches_city_wide(&roles(&["office"]), &roles(&["editor"])));
        assert!(!touches_city_wide(&roles(&["ops"]), &roles(&["ops", "editor"])));
    }
}
