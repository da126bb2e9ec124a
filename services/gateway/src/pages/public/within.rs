//! Search within one policy.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use contracts::search::{Passage, SearchPolicyRequest, SearchPolicyResponse};
use http::HeaderMap;

use super::search::marked;
use crate::{
    app::App,
    pages::{
        answer,
        view::{
            address::Address,
            days,
            facets::Parameters,
            frame::{Display, Page, Site},
            policy,
        },
    },
    problem::Problem,
};

/// Places that are shown.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "public/within.html")]
struct WithinPage {
    site: Site,
    display: Display,
    page: Page,
    title: String,
    policy_url: String,
    action: String,
    query: String,
    /// The same words in all policies.
    search_url: String,
    total: String,
    /// Whether there are more than are shown.
    more: bool,
    places: Vec<Place>,
}

/// A paragraph that answers; the HTML is escaped, with what was looked for marked.
struct Place {
    /// Its article or heading; may be empty.
    label: String,
    url: String,
    html: String,
}

/// `GET /policies/{id}/search?q=`
pub async fn within(
    State(app): State<App>,
    Path(id): Path<String>,
    display: Display,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let query = parameters.get("q").to_owned();
    let request = SearchPolicyRequest { policy_id: id.clone(), query: query.clone(), limit: SHOWN };
    let found = app.clients.search().search_policy(request).await?.into_inner();
    answer::public(&headers, &page(&app, display, &id, query, found), None)
}

fn page(
    app: &App,
    display: Display,
    id: &str,
    query: String,
    found: SearchPolicyResponse,
) -> WithinPage {
    let policy_url = policy::url(id);
    let place = |Passage { anchor, anchor_label, pieces }: Passage| Place {
        label: anchor_label,
        url: if anchor.is_empty() { policy_url.clone() } else { format!("{policy_url}#{anchor}") },
        html: marked(&pieces),
    };
    let places: Vec<Place> = found.passages.into_iter().map(place).collect();
    let action = format!("{policy_url}/search");
    WithinPage {
        site: app.site.clone(),
        display,
        page: Page::new(format!("在“{}”中查找", found.title), "policies")
            .below("政策文件库", "/policies")
            .at(app.address(&action)),
        title: found.title,
        policy_url,
        action,
        search_url: Address::new("/search").with("q", &query).to_string(),
        query,
        total: days::figure(found.total),
        more: found.total > places.len() as u64,
        places,
    }
}
