//! All interpretations.

use askama::Template;
use axum::{extract::State, response::Response};
use contracts::interpretations::{InterpretationState, ListInterpretationsRequest};
use http::HeaderMap;

use crate::{
    app::App,
    pages::{
        answer,
        view::{
            days,
            facets::{Listing, PAGE_SIZE, Parameters},
            frame::{Display, Page, Site},
            interpretation::InterpretationItem,
            parts::Pager,
        },
    },
    problem::Problem,
};

#[derive(Template)]
#[template(path = "public/interpretations.html")]
struct InterpretationsPage {
    site: Site,
    display: Display,
    page: Page,
    items: Vec<InterpretationItem>,
    filtered: bool,
    clear_url: String,
    total: String,
    pager: Pager,
}

/// `GET /interpretations`
pub async fn interpretations(
    State(app): State<App>,
    display: Display,
    parameters: Parameters,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let listing = Listing::new("/interpretations", parameters);
    let request = ListInterpretationsRequest {
        policy_id: String::new(),
        state: InterpretationState::Published.into(),
        organ_code: listing.get("organ").to_owned(),
        page_size: PAGE_SIZE,
        page_token: listing.get("after").to_owned(),
    };
    let list = app.clients.interpretations().list_interpretations(request).await?.into_inner();
    let page = InterpretationsPage {
        site: app.site.clone(),
        display,
        page: Page::new("政策解读", "interpretations")
            .described("由起草部门说明政策为什么出台、给谁用、怎么办")
            .at(app.address("/interpretations")),
        items: list.interpretations.iter().map(InterpretationItem::of).collect(),
        filtered: listing.filtered(),
        clear_url: listing.clear().to_string(),
        total: days::figure(list.total),
        pager: listing.pager(list.interpretations.len(), list.total, &list.next_page_token, "篇"),
    };
    answer::public(&asked, &page, None)
}
