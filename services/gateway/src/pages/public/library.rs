//! The library as a list that can be narrowed.

use askama::Template;
use axum::{extract::State, response::Response};
use contracts::documents::{Count, CountPoliciesRequest, ListPoliciesRequest, PolicyOrder};
use http::HeaderMap;

use crate::{
    app::App,
    pages::{
        answer,
        view::{
            days, effect,
            facets::{Counts, Listing, PAGE_SIZE, Parameters},
            frame::{Display, Page, Site},
            parts::{Facet, FacetOption, Link, Pager, State as Shown},
            policy::{PolicyItem, organ_url},
        },
    },
    problem::Problem,
};

const ORDERS: [(&str, &str); 2] = [("published", "最新发布"), ("issued", "成文日期")];

#[derive(Template)]
#[template(path = "public/library.html")]
struct LibraryPage {
    site: Site,
    display: Display,
    page: Page,
    items: Vec<PolicyItem>,
    facets: Vec<Facet>,
    filters: Vec<Link>,
    clear_url: String,
    filtered: bool,
    effects: Vec<EffectChoice>,
    organ: Option<Link>,
    sorts: Vec<FacetOption>,
    total: String,
    pager: Pager,
}

/// An effect that the list can be narrowed to; the one in force takes its filter away.
#[derive(Debug, Clone, Default)]
struct EffectChoice {
    state: Shown,
    count: String,
    url: String,
    current: bool,
}

/// `GET /policies`
pub async fn library(
    State(app): State<App>,
    display: Display,
    parameters: Parameters,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let listing = Listing::new("/policies", parameters);
    let (mut counting, mut reading) = (app.clients.documents(), app.clients.documents());
    let (counts, list) = tokio::try_join!(
        counting.count_policies(counted(&listing)),
        reading.list_policies(listed(&listing))
    )?;
    let (answered, list) = (counts.into_inner(), list.into_inner());
    let counts = Counts {
        organs: &answered.organs,
        categories: &answered.categories,
        years: &answered.years,
        effects: &answered.effects,
    };
    let page = LibraryPage {
        site: app.site.clone(),
        display,
        page: Page::new("政策文件库", "policies")
            .described(format!(
                "{}公开的全部政策文件，可按机关、类别、年份和有效性筛选",
                app.site.operator
            ))
            .at(app.address(&listing.address().to_string())),
        items: list.policies.iter().map(PolicyItem::of).collect(),
        facets: listing.facets(counts),
        filters: listing.filters(counts),
        clear_url: listing.clear().to_string(),
        filtered: listing.filtered(),
        effects: effects(&listing, counts),
        organ: organ(&listing, counts),
        sorts: listing.sorts(&ORDERS),
        total: days::figure(list.total),
        pager: listing.pager(list.policies.len(), list.total, &list.next_page_token, "件"),
    };
    answer::public(&asked, &page, None)
}

fn effects(listing: &Listing, counts: Counts<'_>) -> Vec<EffectChoice> {
    let chosen = listing.get("effect");
    let one = |count: &Count| {
        let current = count.key == chosen;
        let wanted = if current { "" } else { count.key.as_str() };
        EffectChoice {
            state: effect::plain(effect::read(&count.key)),
            count: days::figure(count.count),
            url: listing.address().with("effect", wanted).to_string(),
            current,
        }
    };
    counts.effects.iter().map(one).collect()
}

/// The page of the organ that the list is narrowed to.
fn organ(listing: &Listing, counts: Counts<'_>) -> Option<Link> {
    let chosen = listing.get("organ");
    let count = counts.organs.iter().find(|count| count.key == chosen)?;
    Some(Link::new(format!("{}的主页", count.label), organ_url(chosen)))
}

fn counted(listing: &Listing) -> CountPoliciesRequest {
    CountPoliciesRequest {
        organ_code: listing.get("organ").to_owned(),
        category: listing.get("category").to_owned(),
        year: listing.year(),
        effect: effect::read(listing.get("effect")).into(),
    }
}

fn listed(listing: &Listing) -> ListPoliciesRequest {
    let order = match listing.get("sort") {
        "issued" => PolicyOrder::Issued,
        _ => PolicyOrder::Published,
    };
    ListPoliciesRequest {
        organ_code: listing.get("organ").to_owned(),
        category: listing.get("category").to_owned(),
        year: listing.year(),
        effect: effect::read(listing.get("effect")).into(),
        order: order.into(),
        page_size: PAGE_SIZE,
        page_token: listing.get("after").to_owned(),
        ..ListPoliciesRequest::default()
    }
}
