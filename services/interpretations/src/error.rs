//! What can go wrong in interpretations.

use kit::{Fault, FieldFault, Kind};
use workday::CalendarError;

use crate::domain::PolicyId;
use crate::domain::interpretation::ContentFault;

/// Every way in which a call to interpretations, or an event, fails.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The content breaks a rule.
    #[error(transparent)]
    Content(#[from] ContentFault),
    /// The text is longer than is taken.
    #[error("正文太长：最多 {0} 字节")]
    TextTooLarge(usize),
    /// A withdrawal without a reason.
    #[error("请填写撤回理由，1 到 500 个字")]
    NoReason,
    /// No such policy was heard of, or the caller may not act for its organ.
    #[error("没有已公开的文件 {0}；若刚刚公开，请稍等几秒再试")]
    UnknownPolicy(PolicyId),
    /// No such interpretation, or the caller may not know of it.
    #[error("没有这篇解读")]
    UnknownInterpretation,
    /// The policy has no task, or the caller may not know of it.
    #[error("没有这个文件的解读任务")]
    UnknownTask,
    /// The interpretation changed after the caller read it.
    #[error("这篇解读已被他人修改，请重新打开后再改")]
    Stale,
    /// Only drafts can be changed or published.
    #[error("这篇解读已公开或已撤回，不能再改；如需更正，请撤回并说明理由，再新建一篇")]
    NotADraft,
    /// Only what is public can be withdrawn.
    #[error("这篇解读不在公开状态，无需撤回")]
    NotPublic,
    /// The policy is no longer public.
    #[error("文件已撤回，不能再公开它的解读")]
    PolicyWithdrawn,
    /// The source id belongs to the interpretation of another policy.
    #[error("来源编号“{0}”已用于另一个文件的解读")]
    SourceIdTaken(String),
    /// An event or row that cannot be read.
    #[error("unreadable: {0}")]
    Unreadable(String),
    /// The calendar cannot answer.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The platform failed underneath.
    #[error(transparent)]
    Kit(#[from] kit::Error),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Content(_) | Self::NoReason => Kind::Invalid,
            Self::TextTooLarge(_) => Kind::TooLarge,
            Self::UnknownPolicy(_) | Self::UnknownInterpretation | Self::UnknownTask => {
                Kind::NotFound
            }
            Self::Stale => Kind::Conflict,
            Self::NotADraft | Self::NotPublic | Self::PolicyWithdrawn => Kind::Precondition,
            Self::SourceIdTaken(_) => Kind::Exists,
            Self::Unreadable(_) | Self::Calendar(_) => Kind::Internal,
            Self::Kit(inner) => inner.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Content(_) => "INTERPRETATION_INVALID",
            Self::TextTooLarge(_) => "TEXT_TOO_LARGE",
            Self::NoReason => "REASON_MISSING",
            Self::UnknownPolicy(_) => "POLICY_UNKNOWN",
            Self::UnknownInterpretation => "INTERPRETATION_UNKNOWN",
            Self::UnknownTask => "TASK_UNKNOWN",
            Self::Stale => "ETAG_STALE",
            Self::NotADraft => "NOT_A_DRAFT",
            Self::NotPublic => "NOT_PUBLIC",
            Self::PolicyWithdrawn => "POLICY_WITHDRAWN",
            Self::SourceIdTaken(_) => "SOURCE_ID_TAKEN",
            Self::Unreadable(_) => "UNREADABLE",
            Self::Calendar(_) => "CALENDAR_FAILED",
            Self::Kit(inner) => inner.reason(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        let field = match self {
            Self::Content(fault) => fault.field(),
            Self::TextTooLarge(_) => "interpretation.text".to_owned(),
            Self::NoReason => "reason".to_owned(),
            Self::SourceIdTaken(_) => "interpretation.source_id".to_owned(),
            Self::Kit(inner) => return inner.fields(),
            _ => return Vec::new(),
        };
        vec![FieldFault { field, description: self.to_string() }]
    }

    fn metadata(&self) -> Vec<(String, String)> {
        match self {
            Self::Kit(inner) => inner.metadata(),
            _ => Vec::new(),
        }
    }
}

kit::fault!(Error);
