//! How a call can fail, and whether waiting helps.

use std::{fmt, time::Duration};

use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};
use serde::Deserialize;
use serde_json::Value;

/// Why a call brought no answer.
#[derive(Debug)]
pub enum Failure {
    /// Nobody answered, or the connection broke.
    Unreachable(String),
    /// The platform answered that it will not.
    Refused(Box<Problem>),
    /// The sign-in itself was refused.
    SignIn(Box<Problem>),
    /// The answer is not what this program knows.
    Misread(String),
}

/// A problem after RFC 9457.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// Status of the answer.
    #[serde(skip)]
    pub status: StatusCode,
    #[serde(skip)]
    retry_after: Option<Duration>,
    title: String,
    detail: String,
    errors: Vec<FieldProblem>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FieldProblem {
    field: String,
    detail: String,
}

impl Problem {
    /// Reads a problem; what is none is quoted.
    pub fn read(status: StatusCode, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let read = serde_json::from_slice::<Value>(body).ok().filter(Value::is_object);
        let problem = read.and_then(|value| serde_json::from_value::<Self>(value).ok());
        let problem = problem.unwrap_or_else(|| Self {
            detail: String::from_utf8_lossy(body).trim().chars().take(300).collect(),
            ..Self::default()
        });
        Self { status, retry_after, ..problem }
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> String {
        let fields: Vec<String> =
            self.errors.iter().map(|e| format!("{}: {}", e.field, e.detail)).collect();
        let said = if self.detail.is_empty() { &self.title } else { &self.detail };
        match (said.is_empty(), fields.is_empty()) {
            (true, true) => self.status.to_string(),
            (false, true) => said.clone(),
            (true, false) => fields.join("; "),
            (false, false) => format!("{said} ({})", fields.join("; ")),
        }
    }
}

impl Failure {
    /// A request that got no answer.
    pub fn unreachable(error: &reqwest::Error) -> Self {
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            text = format!("{text}: {inner}");
            cause = inner.source();
        }
        Self::Unreachable(text)
    }

    /// Status of the answer, if there was one to this call.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused(problem) => Some(problem.status),
            Self::Unreachable(_) | Self::SignIn(_) | Self::Misread(_) => None,
        }
    }

    /// Whether the same call may succeed a little later.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Refused(problem) => matches!(
                problem.status,
                StatusCode::TOO_MANY_REQUESTS
                    | StatusCode::INTERNAL_SERVER_ERROR
                    | StatusCode::BAD_GATEWAY
                    | StatusCode::SERVICE_UNAVAILABLE
                    | StatusCode::GATEWAY_TIMEOUT
            ),
            Self::SignIn(_) | Self::Misread(_) => false,
        }
    }

    /// How long one must wait who asked too often; who was not served may ask again any time.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(problem) if problem.status == StatusCode::TOO_MANY_REQUESTS => {
                problem.retry_after
            }
            _ => None,
        }
    }
}

/// What an answer says on when to come again.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "the platform does not answer: {why}"),
            Self::Refused(problem) if problem.status == StatusCode::UNAUTHORIZED => write!(
                f,
                "{}; sign in by --account and --password, by YANGGUANG_TOKEN, or by --data on \
                 the platform's own machine",
                problem.message()
            ),
            Self::Refused(problem) => f.write_str(&problem.message()),
            Self::SignIn(problem) => write!(f, "signing in: {}", problem.message()),
            Self::Misread(why) => write!(f, "the answer cannot be read: {why}"),
        }
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(status: u16, body: &str) -> Failure {
        let status = StatusCode::from_u16(status).unwrap();
        Failure::Refused(Box::new(Problem::read(status, None, body.as_bytes())))
    }

    #[test]
    fn a_problem_names_its_fields() {
        let body = r#"{"title":"Bad","detail":"内容有误","errors":[{"field":"title","detail":"不能为空"}]}"#;
        assert_eq!(problem(400, body).to_string(), "内容有误 (title: 不能为空)");
    }

    #[test]
    fn what_is_no_problem_is_quoted() {
        assert_eq!(problem(502, "upstream gone").to_string(), "upstream gone");
        assert_eq!(problem(500, "").to_string(), "500 Internal Server Error");
    }

    #[test]
    fn only_what_passes_is_waited_for() {
        assert!(problem(503, "").may_pass() && problem(429, "").may_pass());
        assert!(!problem(400, "").may_pass() && !problem(403, "").may_pass());
    }
}
