//! What every handler of the console has at hand: who asks, for what, and how they want to see it.

use axum::{
    extract::{FromRequestParts, OriginalUri},
    response::{IntoResponse as _, Redirect, Response},
};
use http::request::Parts;
use kit::Kind;
use tonic::Status;

use super::desk;
use crate::{
    app::App,
    clients::Clients,
    error::Error,
    pages::view::{
        facets::Parameters,
        frame::{Desk, Display, Site},
    },
    problem::Problem,
    session::Staff,
};

/// A signed-in clerk asks for a page.
pub struct Visit {
    pub app: App,
    pub staff: Staff,
    pub display: Display,
    pub parameters: Parameters,
    /// The services, called as this clerk.
    pub clients: Clients,
}

impl Visit {
    /// What every page says of the site.
    pub fn site(&self) -> Site {
        self.app.site.clone()
    }

    /// The frame of a page; `section` is the path of the place it belongs to.
    pub fn desk(&self, title: &str, section: &str) -> Desk {
        let mut desk = desk::of(&self.staff, title, section);
        desk.flash = desk::flash(&self.parameters);
        desk
    }

    /// Refuses who holds none of these roles, before anything is asked on their behalf.
    pub fn only(&self, roles: &[&str]) -> Result<(), Problem> {
        if roles.iter().any(|role| self.staff.has(role)) {
            return Ok(());
        }
        let names: Vec<&str> = roles.iter().map(|role| desk::role_name(role)).collect();
        let mut problem = Problem::of_status(http::StatusCode::FORBIDDEN);
        problem.detail = format!("这项工作由{}办理，您的账号没有相应角色。", names.join("、"));
        Err(problem)
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let staff = Staff::from_request_parts(parts, app).await?;
        let Ok(mut display) = Display::from_request_parts(parts, app).await;
        let Ok(parameters) = Parameters::from_request_parts(parts, app).await;
        if parts.method != http::Method::GET {
            // The page that answers a form has the form's address, which cannot be asked for.
            display.return_to = page_of(parts);
        }
        let clients = staff.clients(app);
        Ok(Self { app: app.clone(), staff, display, parameters, clients })
    }
}

/// The page from which a form of this address is sent.
fn page_of(parts: &Parts) -> String {
    let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
    let path = uri.path();
    match path.rsplit_once('/') {
        Some((above, "edit" | "new")) if !above.is_empty() => path.to_owned(),
        Some((above, _)) if above.len() > "/console".len() => above.to_owned(),
        _ => "/console".to_owned(),
    }
}

/// Back to a page, which then says what was done.
pub fn done(path: &str, word: &str) -> Response {
    Redirect::to(&format!("{path}?done={word}")).into_response()
}

/// An answer, or nothing where this clerk may not ask for it.
pub fn if_allowed<T: Default>(answer: Result<tonic::Response<T>, Status>) -> Result<T, Problem> {
    match answer {
        Ok(answer) => Ok(answer.into_inner()),
        Err(status) if Kind::of(status.code()) == Kind::Denied => Ok(T::default()),
        Err(status) => Err(status.into()),
    }
}

/// What a service must always send and did not.
pub fn sent<T>(part: Option<T>) -> Result<T, Problem> {
    part.ok_or_else(|| Error::NoSuchPath.into())
}
