//! Pages that say what went wrong and what to do next.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use super::{
    Asked, answer,
    console::desk,
    view::{
        frame::{self, Display, Page, Site},
        parts::Link,
    },
};
use crate::{app::App, problem::Problem, session::Staff};

#[derive(Template)]
#[template(path = "public/error.html")]
struct ErrorPage {
    site: Site,
    display: Display,
    page: Page,
    heading: String,
    what: String,
    next: Vec<Link>,
    reference: String,
}

#[derive(Template)]
#[template(path = "console/error.html")]
struct ConsoleErrorPage {
    site: Site,
    display: Display,
    desk: frame::Desk,
    heading: String,
    what: String,
    next: Vec<Link>,
    reference: String,
}

/// The page of a problem, within the portal or, for who is signed in there, the console.
pub fn failure(app: &App, asked: &Asked, problem: &Problem) -> Response {
    let no_such_page = Problem::of_status(StatusCode::NOT_FOUND);
    let problem = if is_wrong_address(problem) { &no_such_page } else { problem };
    let page = match &asked.staff {
        Some(staff) => console(app, asked, staff, problem),
        None => public(app, asked, problem),
    };
    // Where even this page cannot be made, the bare words must do.
    page.unwrap_or_else(|_| (problem.status, problem.detail.clone()).into_response())
}

/// Whether it is the address that is wrong: a person who mistypes one has lost a page and does not
/// want to read of the shape of identifiers.
fn is_wrong_address(problem: &Problem) -> bool {
    let is_id = |field: &str| field == "id" || field.ends_with("_id");
    problem.status == StatusCode::BAD_REQUEST
        && !problem.errors.is_empty()
        && problem.errors.iter().all(|error| is_id(&error.field))
}

fn public(app: &App, asked: &Asked, problem: &Problem) -> Result<Response, Problem> {
    let heading = heading(problem);
    let page = ErrorPage {
        site: app.site.clone(),
        display: asked.display.clone(),
        page: Page::new(heading, ""),
        heading: heading.to_owned(),
        what: problem.detail.clone(),
        next: vec![Link::new("返回首页", "/"), Link::new("查看政策文件库", "/policies")],
        reference: reference(asked, problem),
    };
    answer::refused(problem.status, &page)
}

fn console(
    app: &App,
    asked: &Asked,
    staff: &Staff,
    problem: &Problem,
) -> Result<Response, Problem> {
    let heading = heading(problem);
    let page = ConsoleErrorPage {
        site: app.site.clone(),
        display: asked.display.clone(),
        desk: desk::of(staff, heading, ""),
        heading: heading.to_owned(),
        what: problem.detail.clone(),
        next: next_of_clerk(asked, problem),
        reference: reference(asked, problem),
    };
    answer::refused(problem.status, &page)
}

fn heading(problem: &Problem) -> &'static str {
    match problem.status {
        _ if problem.reason == "FORM_EXPIRED" => "页面已过期",
        StatusCode::NOT_FOUND => "没有找到这一页",
        StatusCode::FORBIDDEN => "您的账号不能办理这件事",
        StatusCode::CONFLICT => "现在不能办理",
        _ => problem.title(),
    }
}

fn next_of_clerk(asked: &Asked, problem: &Problem) -> Vec<Link> {
    let mut next = match problem.status {
        StatusCode::FORBIDDEN => {
            vec![Link::new("需要权限时，请联系本单位管理员", "/console/organs")]
        }
        StatusCode::CONFLICT | StatusCode::BAD_REQUEST => own_page(asked).into_iter().collect(),
        _ => Vec::new(),
    };
    next.push(Link::new("返回我的任务", "/console"));
    next
}

/// The page of the thing that a command was about, `/console/policies/0198…`.
fn own_page(asked: &Asked) -> Option<Link> {
    let (own, _) = asked.uri.path().rsplit_once('/')?;
    (own.matches('/').count() >= 3).then(|| Link::new("重新打开，查看最新状态", own))
}

/// Only what may be our fault is worth a number to report.
fn reference(asked: &Asked, problem: &Problem) -> String {
    if problem.status.is_server_error() { asked.reference.clone() } else { String::new() }
}
