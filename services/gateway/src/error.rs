//! What the gateway itself refuses; what the services refuse passes through.

use kit::{Fault, FieldFault, Kind};

/// Why a request got no further than the gateway.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The gateway's own database or the kit.
    #[error(transparent)]
    Kit(#[from] kit::Error),
    /// No page or method has this path.
    #[error("没有这个地址，请检查网址")]
    NoSuchPath,
    /// A query parameter that nobody knows.
    #[error("不支持参数“{0}”，请检查拼写")]
    UnknownParameter(String),
    /// A query or form value that cannot be read.
    #[error("参数“{field}”无效：{detail}")]
    Parameter {
        /// Which one.
        field: String,
        /// What is wrong.
        detail: String,
    },
    /// The body is not JSON.
    #[error("请求正文不是有效的 JSON：第 {line} 行第 {column} 列，{detail}")]
    JsonSyntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the reader met there.
        detail: String,
    },
    /// The body is JSON, but not what is asked for.
    #[error("字段“{field}”无效（第 {line} 行）：{detail}")]
    JsonField {
        /// Path of the field.
        field: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        detail: String,
    },
    /// The body has another form than the method takes.
    #[error("请求正文的类型应为 {0}")]
    MediaType(&'static str),
    /// The body broke off or its parts do not fit together.
    #[error("请求正文不完整或格式有误，请重新提交")]
    BodyBroken,
    /// The body is larger than allowed.
    #[error("提交的内容超过上限 {}（正文不超过 5 MiB）", mebibytes(*.0))]
    BodyTooLarge(usize),
    /// The form was not made for this visitor, or too long ago.
    #[error("页面已过期，请返回上一页，刷新后重新提交")]
    FormExpired,
    /// Another site sent the form.
    #[error("请求来自其他网站，已拒绝")]
    ForeignOrigin,
    /// The header is no bearer token.
    #[error("Authorization 请求头应为“Bearer 令牌”")]
    TokenMalformed,
    /// Nobody is signed in.
    #[error("请先登录")]
    SignInNeeded,
    /// One address asks too often.
    #[error("访问过于频繁，请稍后再试")]
    TooManyRequests,
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Kit(error) => error.kind(),
            Self::NoSuchPath => Kind::NotFound,
            Self::UnknownParameter(_)
            | Self::Parameter { .. }
            | Self::JsonSyntax { .. }
            | Self::JsonField { .. }
            | Self::MediaType(_)
            | Self::BodyBroken => Kind::Invalid,
            Self::BodyTooLarge(_) => Kind::TooLarge,
            Self::FormExpired | Self::ForeignOrigin => Kind::Denied,
            Self::TokenMalformed | Self::SignInNeeded => Kind::Unauthenticated,
            Self::TooManyRequests => Kind::Exhausted,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Kit(error) => error.reason(),
            Self::NoSuchPath => "NO_SUCH_PATH",
            Self::UnknownParameter(_) => "PARAMETER_UNKNOWN",
            Self::Parameter { .. } => "PARAMETER_INVALID",
            Self::JsonSyntax { .. } => "JSON_MALFORMED",
            Self::JsonField { .. } => "JSON_FIELD_INVALID",
            Self::MediaType(_) => "MEDIA_TYPE_UNSUPPORTED",
            Self::BodyBroken => "BODY_BROKEN",
            Self::BodyTooLarge(_) => "BODY_TOO_LARGE",
            Self::FormExpired => "FORM_EXPIRED",
            Self::ForeignOrigin => "ORIGIN_FOREIGN",
            Self::TokenMalformed => "TOKEN_MALFORMED",
            Self::SignInNeeded => "TOKEN_MISSING",
            Self::TooManyRequests => "TOO_MANY_REQUESTS",
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Kit(error) => error.fields(),
            Self::UnknownParameter(name) => vec![FieldFault::new(name, "不支持的参数")],
            Self::Parameter { field, detail } | Self::JsonField { field, detail, .. } => {
                vec![FieldFault::new(field, detail)]
            }
            _ => Vec::new(),
        }
    }

    fn metadata(&self) -> Vec<(String, String)> {
        match self {
            Self::JsonSyntax { line, .. } | Self::JsonField { line, .. } => {
                vec![("line".to_owned(), line.to_string())]
            }
            Self::BodyTooLarge(limit) => vec![("limit_bytes".to_owned(), limit.to_string())],
            _ => Vec::new(),
        }
    }
}

fn mebibytes(bytes: usize) -> String {
    const MIB: usize = 1 << 20;
    if bytes.is_multiple_of(MIB) {
        format!("{} MiB", bytes / MIB)
    } else {
        format!("{bytes} 字节")
    }
}
