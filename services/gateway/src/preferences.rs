//! Text size, background and elderly mode: a visitor's own, kept in cookies.

use std::convert::Infallible;

use axum::{
    Router,
    extract::{FromRequestParts, State},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use http::request::Parts;
use serde::Deserialize;

use crate::{app::App, cookies::SetCookie, session::Form};

/// Seconds that a choice is remembered.
const A_YEAR: u32 = 31_536_000;
const SIZES: [&str; 3] = ["m", "l", "xl"];
const BACKGROUNDS: [&str; 3] = ["white", "warm", "dark"];

/// How a visitor wants pages to look; the templates read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Display {
    /// Text size: m, l or xl.
    pub size: String,
    /// Background: white, warm or dark.
    pub bg: String,
    /// Whether pages are larger, fewer and simpler.
    pub elder: bool,
    /// Path and query of the page, to come back to.
    pub return_to: String,
}

impl Display {
    /// What the cookies say; whatever they cannot say counts as not said.
    fn read(jar: &CookieJar, return_to: String) -> Self {
        let one_of = |name: &str, allowed: [&str; 3]| {
            let value = jar.get(name).map(Cookie::value);
            let known = allowed.into_iter().find(|allowed| value == Some(*allowed));
            known.or(allowed.first().copied()).unwrap_or_default().to_owned()
        };
        Self {
            size: one_of("yg_size", SIZES),
            bg: one_of("yg_bg", BACKGROUNDS),
            elder: jar.get("yg_elder").is_some_and(|cookie| cookie.value() == "1"),
            return_to,
        }
    }

    /// One of 18 numbers, the same for everybody who sees the same.
    pub fn variant(&self) -> u8 {
        let place = |of: [&str; 3], value: &str| of.iter().position(|v| *v == value).unwrap_or(0);
        let number = place(SIZES, &self.size) * 6 + place(BACKGROUNDS, &self.bg) * 2;
        u8::try_from(number).unwrap_or(0) + u8::from(self.elder)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Display {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let path = parts.uri.path_and_query().map_or("/", |p| p.as_str());
        Ok(Self::read(&CookieJar::from_headers(&parts.headers), path.to_owned()))
    }
}

/// What a press on a switch sends.
#[derive(Debug, Deserialize)]
struct Choice {
    size: Option<String>,
    bg: Option<String>,
    elder: Option<String>,
    #[serde(default)]
    return_to: String,
}

/// `POST /preferences`, for browsers without script.
pub fn router() -> Router<App> {
    Router::new().route("/preferences", post(choose))
}

/// Carries no form token on purpose: it changes nothing but the visitor's own display, and public
/// pages stay the same for everybody. The router has checked where the form comes from.
async fn choose(State(app): State<App>, Form(choice): Form<Choice>) -> Response {
    let Choice { size, bg, elder, return_to } = choice;
    let chosen = [
        ("yg_size", size.filter(|v| SIZES.contains(&v.as_str()))),
        ("yg_bg", bg.filter(|v| BACKGROUNDS.contains(&v.as_str()))),
        ("yg_elder", elder.filter(|v| v == "0" || v == "1")),
    ];
    let cookie = |(name, value): (&'static str, Option<String>)| {
        Some(SetCookie::new(name, value?).lasting(A_YEAR).secure(app.secure()).for_scripts())
    };
    let [size, bg, elder] = chosen.map(cookie);
    (size, bg, elder, Redirect::to(&local_path(&return_to))).into_response()
}

/// A path of this site, or the first page: what a form says is no place to send people blindly.
pub fn local_path(wanted: &str) -> String {
    let local = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && !wanted.contains('\\')
        && wanted.chars().all(|c| !c.is_control());
    if local { wanted.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cookies: &str) -> Display {
        let mut headers = http::HeaderMap::new();
        headers.insert(http::header::COOKIE, cookies.parse().unwrap());
        Display::read(&CookieJar::from_headers(&headers), "/".to_owned())
    }

    #[test]
    fn cookies_choose_among_what_exists() {
        let display = read("yg_size=xl; yg_bg=dark; yg_elder=1");
        assert_eq!((&*display.size, &*display.bg, display.elder), ("xl", "dark", true));
        let display = read("yg_size=huge; yg_bg=\"><script>");
        assert_eq!((&*display.size, &*display.bg, display.elder), ("m", "white", false));
    }

    #[test]
    fn every_look_has_a_number_of_its_own() {
        let mut seen = std::collections::BTreeSet::new();
        for size in SIZES {
            for bg in BACKGROUNDS {
                for elder in ["0", "1"] {
                    let look = format!("yg_size={size}; yg_bg={bg}; yg_elder={elder}");
                    seen.insert(read(&look).variant());
                }
            }
        }
        assert_eq!(seen.len(), 18);
    }

    #[test]
    fn one_is_only_sent_back_to_a_path_of_this_site() {
        assert_eq!(local_path("/search?q=1"), "/search?q=1");
        for foreign in ["//evil.example", "https://evil.example", "/\\evil", "", "/a\nb"] {
            assert_eq!(local_path(foreign), "/", "{foreign}");
        }
    }
}
