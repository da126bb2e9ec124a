//! Cookies that the gateway sets.

use std::convert::Infallible;

use axum::response::{IntoResponseParts, ResponseParts};
use http::{HeaderValue, header};

/// One cookie to set, for the whole site and no other (`SameSite=Lax`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetCookie {
    name: &'static str,
    value: String,
    seconds: Option<u32>,
    secure: bool,
    http_only: bool,
}

impl SetCookie {
    /// A cookie that no script sees and that ends with the browser.
    pub fn new(name: &'static str, value: String) -> Self {
        Self { name, value, seconds: None, secure: false, http_only: true }
    }

    /// Takes a cookie from the browser.
    pub fn remove(name: &'static str) -> Self {
        Self::new(name, String::new()).lasting(0)
    }

    /// Keeps it for so many seconds.
    #[must_use]
    pub fn lasting(self, seconds: u32) -> Self {
        Self { seconds: Some(seconds), ..self }
    }

    /// Sends it only over TLS.
    #[must_use]
    pub fn secure(self, secure: bool) -> Self {
        Self { secure, ..self }
    }

    /// Lets the page's script read and write it.
    #[must_use]
    pub fn for_scripts(self) -> Self {
        Self { http_only: false, ..self }
    }

    fn header(&self) -> String {
        let Self { name, value, seconds, secure, http_only } = self;
        let mut text = format!("{name}={value}; Path=/; SameSite=Lax");
        if let Some(seconds) = seconds {
            text.push_str(&format!("; Max-Age={seconds}"));
        }
        if *secure {
            text.push_str("; Secure");
        }
        if *http_only {
            text.push_str("; HttpOnly");
        }
        text
    }
}

impl IntoResponseParts for SetCookie {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Ok(value) = HeaderValue::try_from(self.header()) {
            parts.headers_mut().append(header::SET_COOKIE, value);
        }
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_cookie_is_closed_to_scripts_and_other_sites() {
        let cookie = SetCookie::new("yg_session", "abc".to_owned()).lasting(60).secure(true);
        assert_eq!(
            cookie.header(),
            "yg_session=abc; Path=/; SameSite=Lax; Max-Age=60; Secure; HttpOnly"
        );
    }
}
