//! What can go wrong, and how it is said.

use kit::{Fault, FieldFault, Kind};

use crate::domain::interest::BadInterest;

/// Why a call was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is none.
    #[error("电子邮箱地址不正确，请填写如 name@example.org 的地址")]
    Email,
    /// The subscription names nothing that can be subscribed to.
    #[error("{}", interest_in_words(*.0))]
    Interest(BadInterest),
    /// The kind of subscription is missing or unknown.
    #[error("请选择订阅的内容：全部、机关、类别、关键词或某一政策文件")]
    Kind,
    /// The token is not ours, or not for this.
    #[error("链接无效或已过期，请重新订阅，或使用邮件中的完整链接")]
    Token,
    /// The subscription was ended.
    #[error("该订阅已退订；如需继续接收，请重新订阅")]
    Ended,
    /// Only operators and the office vouch for an address.
    #[error("只有政务公开办和运维人员可以登记已取得同意的邮箱")]
    MayNotVouch,
    /// No such delivery.
    #[error("没有编号为 {0} 的投递记录")]
    NoDelivery(String),
    /// The message was not kept.
    #[error("投递 {0} 的邮件没有留存：尚未发出，或者经由邮件服务器发出")]
    NoMessage(String),
    /// An event that says of no policy what happened to it.
    #[error("the event names no policy")]
    NamesNoPolicy,
    /// A secret that cannot be read, or data that it does not open.
    #[error("sealed data: {0}")]
    Sealed(&'static str),
    /// A message that cannot be built.
    #[error("message cannot be built")]
    Letter(#[source] anyhow::Error),
    /// A file that cannot be read.
    #[error("cannot read a kept message")]
    File(#[from] std::io::Error),
    /// Anything below.
    #[error(transparent)]
    Kit(#[from] kit::Error),
}

fn interest_in_words(bad: BadInterest) -> &'static str {
    match bad {
        BadInterest::Missing => "请填写要订阅的机关、类别、关键词或政策文件",
        BadInterest::TooLong => "订阅的内容过长，请不超过 60 个字",
        BadInterest::ShortKeyword => "关键词过短，请至少填写两个字",
        BadInterest::NotAPolicy => "没有这样的政策文件，请从政策页面上订阅",
    }
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Email | Self::Interest(_) | Self::Kind | Self::Token | Self::NamesNoPolicy => {
                Kind::Invalid
            }
            Self::Ended => Kind::Precondition,
            Self::MayNotVouch => Kind::Denied,
            Self::NoDelivery(_) | Self::NoMessage(_) => Kind::NotFound,
            Self::Sealed(_) | Self::Letter(_) | Self::File(_) => Kind::Internal,
            Self::Kit(inner) => inner.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Email => "EMAIL_INVALID",
            Self::Interest(_) | Self::Kind => "SUBSCRIPTION_INVALID",
            Self::Token => "TOKEN_INVALID",
            Self::NamesNoPolicy => "NAMES_NO_POLICY",
            Self::Ended => "SUBSCRIPTION_ENDED",
            Self::MayNotVouch => "MAY_NOT_VOUCH",
            Self::NoDelivery(_) => "DELIVERY_NOT_FOUND",
            Self::NoMessage(_) => "MESSAGE_NOT_KEPT",
            Self::Sealed(_) | Self::Letter(_) | Self::File(_) => "INTERNAL",
            Self::Kit(inner) => inner.reason(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        let field = match self {
            Self::Email => "email",
            Self::Interest(_) => "value",
            Self::Kind => "kind",
            Self::Token => "token",
            Self::Kit(inner) => return inner.fields(),
            _ => return Vec::new(),
        };
        vec![FieldFault { field: field.to_owned(), description: self.to_string() }]
    }
}

kit::fault!(Error);
