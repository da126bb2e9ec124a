//! What can go wrong in the policy library; the kind alone decides what the caller gets.

use chrono::{DateTime, Utc};
use kit::{FieldFault, Kind};

use crate::domain::{Violation, exposure::Exposure, intake, policy::Refusal};

/// An error of the policy library.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fields break rules.
    #[error("{}", first(.0))]
    Invalid(Vec<Violation>),
    /// A body is too large.
    #[error("{}", intake::too_large(*.bytes))]
    BodyTooLarge {
        /// Its size.
        bytes: usize,
    },
    /// An attachment is too large.
    #[error("附件最大 {most} 字节，现有 {bytes} 字节")]
    AttachmentTooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// Not there, or not to be known by who asks.
    #[error("{0}不存在，或者您无权查看")]
    Unknown(&'static str),
    /// The caller may know it, but not do this.
    #[error("您的账号不能办理机构“{0}”的文件")]
    NotOwnOrgan(String),
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It would expose what nobody has justified.
    #[error("{}", exposed(.0))]
    Exposes(Vec<Exposure>),
    /// An expunge needs two people, one ground, and something to blank.
    #[error("{message}")]
    Expunge {
        /// Stable reason.
        reason: &'static str,
        /// What is wrong, in Chinese.
        message: &'static str,
    },
    /// The caller's copy is old.
    #[error("您打开之后，{by}已修改过这份文件，请刷新后再办理")]
    Stale {
        /// Names of the fields that changed.
        fields: Vec<String>,
        /// Who changed it last.
        by: String,
        /// When.
        at: Option<DateTime<Utc>>,
    },
    /// There is nothing to lay out, or it may not be had.
    #[error("{0}")]
    NoRendition(&'static str),
    /// No font is there to lay a PDF out with.
    #[error("服务器没有可用的中文字体，暂时不能生成 PDF，请下载 WORD 版")]
    NoFont,
    /// The year's index numbers have run out.
    #[error("{0} 年的索引号已用完")]
    NoIndexNumber(i32),
    /// A table holds what no code writes.
    #[error("inconsistent data in {0}")]
    Inconsistent(&'static str),
    /// Identity could not be asked.
    #[error("identity could not be asked: {0}")]
    Identity(#[source] Box<tonic::Status>),
    /// The platform failed.
    #[error(transparent)]
    Kit(#[from] kit::Error),
}

/// What the policy library's functions return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// One field that breaks a rule.
    pub fn invalid(field: &'static str, description: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation::new(field, description)])
    }
}

fn first(violations: &[Violation]) -> &str {
    violations.first().map_or("内容不符合要求", |violation| &violation.description)
}

fn exposed(exposures: &[Exposure]) -> String {
    const TOLD: usize = 5;
    let told: Vec<String> = exposures.iter().take(TOLD).map(ToString::to_string).collect();
    let more = if exposures.len() > TOLD { "等" } else { "" };
    format!(
        "有 {} 处个人信息尚未处理：{}{more}。请先遮盖，或写明可以公开的依据",
        exposures.len(),
        told.join("；")
    )
}

fn field(name: &str, description: String) -> Vec<FieldFault> {
    vec![FieldFault { field: name.to_owned(), description }]
}

impl kit::Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Invalid(_) | Self::Refused(Refusal::ReasonMissing(..) | Refusal::BadMinute) => {
                Kind::Invalid
            }
            Self::BodyTooLarge { .. } | Self::AttachmentTooLarge { .. } => Kind::TooLarge,
            Self::Unknown(_) | Self::NoRendition(_) => Kind::NotFound,
            Self::NotOwnOrgan(_) => Kind::Denied,
            Self::Refused(_)
            | Self::Exposes(_)
            | Self::Expunge { .. }
            | Self::NoFont
            | Self::NoIndexNumber(_) => Kind::Precondition,
            Self::Stale { .. } => Kind::Conflict,
            Self::Inconsistent(_) => Kind::Internal,
            Self::Identity(_) => Kind::Unavailable,
            Self::Kit(error) => error.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "INVALID_CONTENT",
            Self::BodyTooLarge { .. } => "BODY_TOO_LARGE",
            Self::AttachmentTooLarge { .. } => "ATTACHMENT_TOO_LARGE",
            Self::Unknown(_) => "NOT_FOUND",
            Self::NotOwnOrgan(_) => "NOT_OWN_ORGAN",
            Self::Refused(Refusal::SelfReview) => "SELF_REVIEW",
            Self::Refused(Refusal::NoDraft) => "NO_DRAFT",
            Self::Refused(Refusal::DraftState { .. }) => "DRAFT_STATE",
            Self::Refused(Refusal::NotPublished) => "NOT_PUBLISHED",
            Self::Refused(Refusal::ReasonMissing(..)) => "REASON_MISSING",
            Self::Refused(Refusal::BadMinute) => "BAD_MINUTE",
            Self::Exposes(_) => "PRIVACY",
            Self::Expunge { reason, .. } => reason,
            Self::Stale { .. } => "STALE_ETAG",
            Self::NoRendition(_) => "NO_RENDITION",
            Self::NoFont => "NO_FONT",
            Self::NoIndexNumber(_) => "NO_INDEX_NUMBER",
            Self::Inconsistent(_) => "INCONSISTENT",
            Self::Identity(_) => "IDENTITY_UNAVAILABLE",
            Self::Kit(error) => error.reason(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Invalid(violations) => violations
                .iter()
                .map(|v| FieldFault {
                    field: v.field.to_owned(),
                    description: v.description.clone(),
                })
                .collect(),
            Self::BodyTooLarge { .. } => field("text", self.to_string()),
            Self::AttachmentTooLarge { .. } => field("content", self.to_string()),
            Self::Refused(Refusal::ReasonMissing(name, why)) => field(name, (*why).to_owned()),
            Self::Refused(Refusal::BadMinute) => field("publish_at", self.to_string()),
            Self::Kit(error) => error.fields(),
            _ => Vec::new(),
        }
    }

    fn metadata(&self) -> Vec<(String, String)> {
        match self {
            Self::Stale { fields, by, at } => vec![
                ("changed_fields".to_owned(), fields.join(",")),
                ("changed_by".to_owned(), by.clone()),
                ("changed_at".to_owned(), at.map(|at| at.to_rfc3339()).unwrap_or_default()),
            ],
            Self::Kit(error) => error.metadata(),
            _ => Vec::new(),
        }
    }
}

kit::fault!(Error);
