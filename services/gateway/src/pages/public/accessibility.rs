//! What the site does for those who see, hear or move otherwise.

use askama::Template;
use axum::{extract::State, response::Response};
use http::HeaderMap;

use crate::{
    app::App,
    pages::{
        answer,
        view::frame::{Display, Page, Site},
    },
    problem::Problem,
};

#[derive(Template)]
#[template(path = "public/accessibility.html")]
struct AccessibilityPage {
    site: Site,
    display: Display,
    page: Page,
}

/// `GET /accessibility`
pub async fn accessibility(
    State(app): State<App>,
    display: Display,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let page = Page::new("无障碍声明", "").at(app.address("/accessibility"));
    answer::public(&asked, &AccessibilityPage { site: app.site.clone(), display, page }, None)
}
