//! The signed-in person as an argument of a handler.

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use contracts::role;
use http::{Method, request::Parts};

use super::{Account, COOKIE, store::Session};
use crate::{app::App, clients::Clients, error::Error, problem::Problem};

/// A person who is signed in to the console.
///
/// As an argument it sends everybody else to the sign-in page.
#[derive(Clone)]
pub struct Staff {
    /// Who it is.
    pub account: Account,
    /// What every form of this session carries in its field `csrf`.
    pub csrf: String,
    /// Hash of the session's id.
    pub(super) session: String,
    token: String,
}

impl Staff {
    pub(super) fn of(session: Session) -> Self {
        let Session { id_sha256, account, csrf, access_token, .. } = session;
        Self { account, csrf, session: id_sha256, token: access_token }
    }

    /// The services, called as this person.
    pub fn clients(&self, app: &App) -> Clients {
        app.clients.on_behalf(&self.token)
    }

    /// Whether the person holds a role of [`contracts::role`].
    pub fn has(&self, role: &str) -> bool {
        self.account.roles.iter().any(|held| held == role)
    }

    /// Whether the person belongs to the open-government office.
    pub fn is_office(&self) -> bool {
        self.has(role::OFFICE)
    }
}

impl std::fmt::Debug for Staff {
    /// Names neither person nor token: this may end in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Staff").field("account", &self.account.id).finish_non_exhaustive()
    }
}

impl FromRequestParts<App> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        match MaybeStaff::from_request_parts(parts, app).await {
            Ok(MaybeStaff(Some(staff))) => Ok(staff),
            Ok(MaybeStaff(None)) if parts.method == Method::GET => {
                let path = parts.uri.path_and_query().map_or("/console", |p| p.as_str());
                Err(Redirect::to(&sign_in_path(path)).into_response())
            }
            Ok(MaybeStaff(None)) => Err(Problem::from(Error::SignInNeeded).into_response()),
            Err(problem) => Err(problem.into_response()),
        }
    }
}

/// The sign-in page that leads back to `path`.
pub(crate) fn sign_in_path(path: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
    format!("/console/sign-in?next={next}")
}

/// Who is signed in, if anybody is.
#[derive(Debug, Clone)]
pub struct MaybeStaff(pub Option<Staff>);

impl FromRequestParts<App> for MaybeStaff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // Several arguments of one handler ask; the session is read once.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let jar = CookieJar::from_headers(&parts.headers);
        let staff = match jar.get(COOKIE) {
            Some(cookie) => app.sessions.find(cookie.value()).await?,
            None => None,
        };
        let found = Self(staff);
        parts.extensions.insert(found.clone());
        Ok(found)
    }
}
