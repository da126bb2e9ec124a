//! What can go wrong in identity.

use chrono::TimeDelta;
use kit::{Fault, FieldFault, Kind};

use crate::domain::account::AccountFault;
use crate::domain::password::PasswordFault;

/// Every way in which a call to identity fails.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The account's data breaks a rule.
    #[error(transparent)]
    Account(#[from] AccountFault),
    /// The new password breaks a rule.
    #[error(transparent)]
    Password(#[from] PasswordFault),
    /// Name and password do not go together, or the account is disabled.
    #[error("账号或密码不正确；如确认无误，账号可能已停用，请联系管理员")]
    WrongCredentials,
    /// Too many failures under this name.
    #[error("连续输错次数过多，请在 {} 后再试", spell(*.0))]
    LockedOut(TimeDelta),
    /// The old password, asked for when one changes one's own, is wrong.
    #[error("原密码不正确")]
    WrongOldPassword,
    /// The refresh token is unknown, revoked or has run out.
    #[error("登录已失效，请重新登录")]
    SignInEnded,
    /// The secret that a service showed is not the platform's.
    #[error("平台密钥不正确，请检查配置 auth.service_secret 在各服务是否一致")]
    WrongServiceSecret,
    /// A service token was asked for without a proper service name.
    #[error("服务名“{0}”不正确，应为小写字母")]
    BadServiceName(String),
    /// There is no such account, or the caller may not know of it.
    #[error("没有这个账号")]
    UnknownAccount,
    /// There is no such organ.
    #[error("没有这个机关：{0}")]
    UnknownOrgan(String),
    /// The sign-in name is taken.
    #[error("账号名“{0}”已被使用，请换一个")]
    AccountExists(String),
    /// The account changed after the caller read it.
    #[error("账号已被他人修改，请重新打开后再改")]
    StaleAccount,
    /// Only operations staff hand out or take away these roles.
    #[error("授予或收回“运维”“政务公开办”角色，须由运维人员操作")]
    MayNotGrant,
    /// Nobody locks themselves out.
    #[error("不能停用自己的账号或收回自己的运维角色，请由另一名运维人员操作")]
    OwnAccount,
    /// The last one who can manage accounts must stay.
    #[error("这是最后一个可用的运维账号，不能停用或收回其运维角色")]
    LastAdministrator,
    /// The import holds too many organs for one call.
    #[error("一次最多导入 {0} 个机关，请分批导入")]
    TooManyOrgans(usize),
    /// A signing key could not be made or read.
    #[error("signing failed: {0}")]
    Signing(String),
    /// A password could not be hashed or its hash not read.
    #[error("password hashing failed: {0}")]
    Hashing(String),
    /// The platform failed underneath.
    #[error(transparent)]
    Kit(#[from] kit::Error),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Account(_)
            | Self::Password(_)
            | Self::BadServiceName(_)
            | Self::WrongOldPassword => Kind::Invalid,
            Self::WrongCredentials | Self::SignInEnded | Self::WrongServiceSecret => {
                Kind::Unauthenticated
            }
            Self::LockedOut(_) => Kind::Exhausted,
            Self::UnknownAccount | Self::UnknownOrgan(_) => Kind::NotFound,
            Self::AccountExists(_) => Kind::Exists,
            Self::StaleAccount => Kind::Conflict,
            Self::MayNotGrant => Kind::Denied,
            Self::OwnAccount | Self::LastAdministrator => Kind::Precondition,
            Self::TooManyOrgans(_) => Kind::TooLarge,
            Self::Signing(_) | Self::Hashing(_) => Kind::Internal,
            Self::Kit(inner) => inner.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Account(_) => "ACCOUNT_INVALID",
            Self::Password(_) => "PASSWORD_TOO_WEAK",
            Self::WrongCredentials => "WRONG_CREDENTIALS",
            Self::LockedOut(_) => "SIGN_IN_LOCKED",
            Self::WrongOldPassword => "WRONG_OLD_PASSWORD",
            Self::SignInEnded => "SIGN_IN_ENDED",
            Self::WrongServiceSecret => "WRONG_SERVICE_SECRET",
            Self::BadServiceName(_) => "SERVICE_NAME_INVALID",
            Self::UnknownAccount => "ACCOUNT_UNKNOWN",
            Self::UnknownOrgan(_) => "ORGAN_UNKNOWN",
            Self::AccountExists(_) => "ACCOUNT_EXISTS",
            Self::StaleAccount => "ETAG_STALE",
            Self::MayNotGrant => "ROLE_NOT_GRANTABLE",
            Self::OwnAccount => "OWN_ACCOUNT",
            Self::LastAdministrator => "LAST_ADMINISTRATOR",
            Self::TooManyOrgans(_) => "TOO_MANY_ORGANS",
            Self::Signing(_) => "SIGNING_FAILED",
            Self::Hashing(_) => "HASHING_FAILED",
            Self::Kit(inner) => inner.reason(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        let field = match self {
            Self::Account(fault) => fault.field(),
            Self::Password(_) => "password",
            Self::WrongOldPassword => "old_password",
            Self::BadServiceName(_) => "service",
            Self::AccountExists(_) => "account.account",
            Self::Kit(inner) => return inner.fields(),
            _ => return Vec::new(),
        };
        vec![FieldFault { field: field.to_owned(), description: self.to_string() }]
    }

    fn metadata(&self) -> Vec<(String, String)> {
        match self {
            Self::LockedOut(wait) => {
                vec![("retry_after_seconds".to_owned(), wait.num_seconds().max(1).to_string())]
            }
            Self::Kit(inner) => inner.metadata(),
            _ => Vec::new(),
        }
    }
}

kit::fault!(Error);

fn spell(wait: TimeDelta) -> String {
    let seconds = wait.num_seconds().max(1);
    if seconds < 60 { format!("{seconds} 秒") } else { format!("{} 分钟", (seconds + 59) / 60) }
}
