//! Proof that an anonymous form is ours: a signed double-submit cookie.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    response::{IntoResponseParts, ResponseParts},
};
use axum_extra::extract::CookieJar;
use hmac::{Hmac, Mac as _};
use http::request::Parts;
use sha2::Sha256;

use super::MaybeStaff;
use crate::{app::App, cookies::SetCookie, problem::Problem};

/// The cookie with a number that only this browser has.
pub(super) const COOKIE: &str = "yg_form";

/// Signs the numbers of browsers; the same in all replicas.
#[derive(Clone)]
pub struct FormKey(Hmac<Sha256>);

impl FormKey {
    /// A key of its own, derived from the platform's secret.
    pub fn new(secret: &str) -> Self {
        let mut mac = mac_of(secret.as_bytes());
        mac.update(b"gateway anonymous forms");
        Self(mac_of(&mac.finalize().into_bytes()))
    }

    /// What the forms of the browser with this number carry.
    pub fn sign(&self, number: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(number.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// Whether a form came from the browser with this number.
    pub fn verify(&self, number: &str, signature: &str) -> bool {
        let mut mac = self.0.clone();
        mac.update(number.as_bytes());
        hex::decode(signature).is_ok_and(|signature| mac.verify_slice(&signature).is_ok())
    }
}

impl std::fmt::Debug for FormKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FormKey")
    }
}

/// HMAC takes keys of every length, so there is always one.
fn mac_of(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key)
        .unwrap_or_else(|_| Hmac::new(&hmac::digest::Key::<Hmac<Sha256>>::default()))
}

/// What the forms of this visitor carry in their field `csrf`.
///
/// Put it before the body of the answer, `(token, Html(page))`, so that its cookie is set.
#[derive(Debug, Clone)]
pub struct FormToken {
    /// The value of the field.
    pub csrf: String,
    set: Option<SetCookie>,
}

impl FromRequestParts<App> for FormToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let MaybeStaff(Some(staff)) = MaybeStaff::from_request_parts(parts, app).await? {
            return Ok(Self { csrf: staff.csrf, set: None });
        }
        let jar = CookieJar::from_headers(&parts.headers);
        if let Some(cookie) = jar.get(COOKIE) {
            return Ok(Self { csrf: app.forms.sign(cookie.value()), set: None });
        }
        let number = kit::id::secret();
        let csrf = app.forms.sign(&number);
        Ok(Self { csrf, set: Some(SetCookie::new(COOKIE, number).secure(app.secure())) })
    }
}

impl IntoResponseParts for FormToken {
    type Error = Infallible;

    fn into_response_parts(self, parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        self.set.into_response_parts(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_another_browser_is_refused() {
        let key = FormKey::new("a secret of the platform");
        let token = key.sign("number of this browser");
        assert!(key.verify("number of this browser", &token));
        assert!(!key.verify("number of another", &token));
        assert!(!key.verify("number of this browser", "00"));
        assert!(!key.verify("number of this browser", "not hexadecimal"));
    }

    #[test]
    fn another_platform_signs_otherwise() {
        assert_ne!(FormKey::new("one").sign("n"), FormKey::new("other").sign("n"));
    }
}
