//! What went wrong, as `application/problem+json` (RFC 9457) or as a page.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kit::Kind;
use serde::Serialize;
use tonic_types::StatusExt as _;
use utoipa::ToSchema;

use crate::error::Error;

/// Media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request was not answered as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable name for programs.
    pub reason: String,
    /// What is wrong and what to do, in Chinese.
    pub detail: String,
    /// The fields that are wrong.
    pub errors: Vec<FieldProblem>,
    /// Further facts, such as who changed a thing meanwhile.
    pub facts: BTreeMap<String, String>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Path of the field.
    pub field: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

/// A problem as it goes over the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument<'a> {
    /// Always `about:blank`: the reason tells the kinds apart.
    #[serde(rename = "type")]
    kind: &'static str,
    /// What the status means.
    title: &'static str,
    /// HTTP status.
    status: u16,
    /// What is wrong and what to do, in Chinese.
    detail: &'a str,
    /// Stable name for programs, `ETAG_STALE`.
    reason: &'a str,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldProblem],
    /// Further facts, such as who changed a thing meanwhile.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    facts: &'a BTreeMap<String, String>,
}

impl Problem {
    /// The problem that a bare status stands for.
    pub fn of_status(status: StatusCode) -> Self {
        let (reason, detail) = match status {
            StatusCode::METHOD_NOT_ALLOWED => ("METHOD_NOT_ALLOWED", "这个地址不支持此操作"),
            StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
                ("TIMEOUT", "处理时间过长，请稍后重试")
            }
            StatusCode::NOT_FOUND => ("NO_SUCH_PATH", "没有这个地址，请检查网址"),
            StatusCode::PAYLOAD_TOO_LARGE => ("BODY_TOO_LARGE", "提交的内容超过上限"),
            _ if status.is_server_error() => ("INTERNAL", "系统出错，请稍后重试"),
            _ => ("REQUEST_REFUSED", "请求无法处理，请检查后重试"),
        };
        Self {
            status,
            reason: reason.to_owned(),
            detail: detail.to_owned(),
            errors: Vec::new(),
            facts: BTreeMap::new(),
        }
    }

    /// What the status means, in a few words.
    pub fn title(&self) -> &'static str {
        title(self.status)
    }

    /// Whether somebody changed the thing since the caller read it.
    pub fn is_stale(&self) -> bool {
        self.reason.contains("ETAG") || self.reason.contains("STALE")
    }

    /// The problem as JSON.
    pub fn json(&self) -> String {
        let document = ProblemDocument {
            kind: "about:blank",
            title: self.title(),
            status: self.status.as_u16(),
            detail: &self.detail,
            reason: &self.reason,
            errors: &self.errors,
            facts: &self.facts,
        };
        serde_json::to_string(&document).unwrap_or_default()
    }
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "请求有误",
        StatusCode::UNAUTHORIZED => "需要登录",
        StatusCode::FORBIDDEN => "没有权限",
        StatusCode::NOT_FOUND => "没有找到",
        StatusCode::METHOD_NOT_ALLOWED => "不支持此操作",
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => "处理超时",
        StatusCode::CONFLICT => "与当前状态冲突",
        StatusCode::PAYLOAD_TOO_LARGE => "内容过大",
        StatusCode::TOO_MANY_REQUESTS => "访问过于频繁",
        StatusCode::SERVICE_UNAVAILABLE => "暂时无法使用",
        _ if status.is_server_error() => "系统出错",
        _ => "请求无法处理",
    }
}

impl From<tonic::Status> for Problem {
    fn from(status: tonic::Status) -> Self {
        let kind = Kind::of(status.code());
        let errors = kit::error::fields_of(&status)
            .into_iter()
            .map(|f| FieldProblem { field: f.field, detail: f.description })
            .collect();
        let info = status.get_details_error_info();
        let (reason, facts) = info.map(|info| (info.reason, info.metadata)).unwrap_or_default();
        let told = !reason.is_empty();
        let bare = Self::of_status(kind.http_status());
        // A status without our details comes from the transport; its text is not for people.
        let detail = match kind {
            _ if told => status.message().to_owned(),
            Kind::Unavailable => "服务暂时无法使用，请稍后重试".to_owned(),
            Kind::TooLarge => "提交的内容超过上限".to_owned(),
            Kind::Unauthenticated => "请先登录".to_owned(),
            Kind::Denied => "当前账号没有执行此操作的权限".to_owned(),
            Kind::NotFound => "没有找到，可能已被移除".to_owned(),
            _ => bare.detail.clone(),
        };
        if !told {
            tracing::warn!(code = ?status.code(), error = status.message(), "a peer call failed");
        }
        let reason = if told { reason } else { reason_of(kind).to_owned() };
        Self { status: bare.status, reason, detail, errors, facts: facts.into_iter().collect() }
    }
}

fn reason_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Unavailable => "UNAVAILABLE",
        Kind::TooLarge => "BODY_TOO_LARGE",
        Kind::Unauthenticated => "TOKEN_MISSING",
        Kind::Denied => "ROLE_MISSING",
        Kind::NotFound => "NOT_FOUND",
        Kind::Exhausted => "TOO_MANY_REQUESTS",
        Kind::Invalid => "REQUEST_INVALID",
        Kind::Conflict | Kind::Exists | Kind::Precondition => "CONFLICT",
        Kind::Internal => "INTERNAL",
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        // By way of the wire, so that what is ours is logged and told in one way everywhere.
        kit::error::status(&error).into()
    }
}

impl From<kit::Error> for Problem {
    fn from(error: kit::Error) -> Self {
        kit::error::status(&error).into()
    }
}

impl IntoResponse for Problem {
    /// As JSON; the router makes a page of it where a person asked.
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self.status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
            }
            _ => {}
        }
        let mut response = (self.status, headers, self.json()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use kit::Fault;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("文件已被王芳修改")]
    struct Stale;

    impl Fault for Stale {
        fn kind(&self) -> Kind {
            Kind::Conflict
        }
        fn reason(&self) -> &'static str {
            "ETAG_STALE"
        }
        fn metadata(&self) -> Vec<(String, String)> {
            vec![("changed_by".to_owned(), "王芳".to_owned())]
        }
    }

    #[test]
    fn a_stale_etag_says_what_changed_meanwhile() {
        let problem = Problem::from(kit::error::status(&Stale));
        assert_eq!(problem.status, StatusCode::CONFLICT);
        assert!(problem.is_stale());
        let json: serde_json::Value = serde_json::from_str(&problem.json()).unwrap();
        assert_eq!(json["facts"]["changed_by"], "王芳");
        assert_eq!(json["detail"], "文件已被王芳修改");
        assert_eq!(json["type"], "about:blank");
    }

    #[test]
    fn a_wrong_field_is_named() {
        let error = kit::Error::field("content.title", "请填写标题");
        let problem = Problem::from(error);
        assert_eq!(problem.status, StatusCode::BAD_REQUEST);
        assert_eq!(
            (&*problem.errors[0].field, &*problem.errors[0].detail),
            ("content.title", "请填写标题")
        );
    }

    #[test]
    fn text_of_the_transport_is_not_shown() {
        let problem = Problem::from(tonic::Status::unavailable("tcp connect error 10.0.0.7"));
        assert_eq!(problem.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!problem.json().contains("10.0.0.7"));
    }

    #[test]
    fn a_body_that_is_too_large_names_the_limit() {
        let problem = Problem::from(Error::BodyTooLarge(6 << 20));
        assert_eq!(problem.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(problem.detail.contains("6 MiB"));
        assert_eq!(problem.facts["limit_bytes"], "6291456");
    }

    #[test]
    fn a_problem_asks_for_a_token_or_to_wait() {
        let response = Problem::from(Error::SignInNeeded).into_response();
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
        let response = Problem::from(Error::TooManyRequests).into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(response.headers().contains_key(header::RETRY_AFTER));
    }
}
