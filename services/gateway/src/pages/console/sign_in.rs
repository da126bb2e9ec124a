//! Signing in and out.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app::App,
    pages::{
        answer,
        view::{
            facets::Parameters,
            frame::{Display, Page, Site},
            parts::{Faults, Field, FieldError},
        },
    },
    preferences::local_path,
    problem::Problem,
    session::{Csrf, FormToken, MaybeStaff, Staff},
};

const START: &str = "/console";
const INPUTS: [(&str, &str); 2] = [("account", "account"), ("password", "password")];

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct SignInPage {
    site: Site,
    display: Display,
    page: Page,
    csrf: String,
    errors: Vec<FieldError>,
    account: Field,
    /// Its value is always empty.
    password: Field,
    return_to: String,
    notice: Option<String>,
}

/// What the form holds.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Credentials {
    account: String,
    password: String,
    return_to: String,
}

/// A form without fields of its own.
#[derive(Debug, Clone, Deserialize)]
pub struct Nothing {}

/// `GET /console/sign-in`
pub async fn form(
    State(app): State<App>,
    display: Display,
    parameters: Parameters,
    MaybeStaff(staff): MaybeStaff,
    token: FormToken,
) -> Result<Response, Problem> {
    let next = parameters.get("next");
    if staff.is_some() {
        return Ok(Redirect::to(&console_path(next)).into_response());
    }
    let notice = match parameters.get("done") {
        "signed_out" => Some("您已退出。".to_owned()),
        _ if next.is_empty() => None,
        _ => Some("请先登录；登录后会回到您要打开的页面。".to_owned()),
    };
    let typed = Credentials { return_to: next.to_owned(), ..Credentials::default() };
    let page =
        SignInPage { notice, ..page(&app, display, &token.csrf, &typed, &Faults::default()) };
    Ok((token, answer::private(&page)?).into_response())
}

/// `POST /console/sign-in`
pub async fn sign_in(
    State(app): State<App>,
    display: Display,
    token: FormToken,
    Csrf { form: typed, .. }: Csrf<Credentials>,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    if typed.account.trim().is_empty() {
        faults.push("account", "请填写账号");
    }
    if typed.password.is_empty() {
        faults.push("password", "请填写密码");
    }
    let mut status = http::StatusCode::BAD_REQUEST;
    if !faults.any() {
        match app.sessions.sign_in(typed.account.trim(), &typed.password).await {
            Ok((cookie, _)) => {
                return Ok((cookie, Redirect::to(&console_path(&typed.return_to))).into_response());
            }
            Err(problem) if problem.status.is_client_error() => {
                status = problem.status;
                faults = Faults::of(&problem, &INPUTS);
            }
            Err(problem) => return Err(problem),
        }
    }
    let display = Display { return_to: "/console/sign-in".to_owned(), ..display };
    let page = page(&app, display, &token.csrf, &typed, &faults);
    Ok((token, answer::refused(status, &page)?).into_response())
}

/// `POST /console/sign-out`
pub async fn sign_out(
    State(app): State<App>,
    staff: Staff,
    _: Csrf<Nothing>,
) -> Result<Response, Problem> {
    let cookie = app.sessions.sign_out(&staff).await?;
    Ok((cookie, Redirect::to("/console/sign-in?done=signed_out")).into_response())
}

/// A path of the console; elsewhere nobody is sent after signing in.
fn console_path(wanted: &str) -> String {
    let path = local_path(wanted);
    let inside =
        path == START || ["/", "?"].iter().any(|next| path.starts_with(&format!("{START}{next}")));
    if inside && !path.starts_with("/console/sign-") { path } else { START.to_owned() }
}

fn page(
    app: &App,
    display: Display,
    csrf: &str,
    typed: &Credentials,
    faults: &Faults,
) -> SignInPage {
    SignInPage {
        site: app.site.clone(),
        display,
        page: Page::new("登录工作台", ""),
        csrf: csrf.to_owned(),
        errors: faults.list(),
        account: faults.field("account", &typed.account),
        password: faults.field("password", ""),
        return_to: typed.return_to.clone(),
        notice: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_stays_in_the_console() {
        assert_eq!(
            console_path("/console/policies?state=editing"),
            "/console/policies?state=editing"
        );
        for elsewhere in ["", "/", "//evil.example", "/consolex", "/console/sign-out"] {
            assert_eq!(console_path(elsewhere), START, "{elsewhere}");
        }
    }
}
