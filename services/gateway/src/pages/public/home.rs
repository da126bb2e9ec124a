//! The first page: what do you look for, what is new.

use askama::Template;
use axum::{extract::State, response::Response};
use contracts::{
    documents::{
        CountPoliciesRequest, CountPoliciesResponse, ListPoliciesRequest, Policy, PolicyOrder,
    },
    interpretations::{InterpretationState, ListInterpretationsRequest},
    search::{SearchOrder, SearchRequest},
};
use http::HeaderMap;

use super::search;
use crate::{
    app::App,
    config::LineConfig,
    pages::{
        answer,
        view::{
            address::Address,
            days,
            frame::{Display, Page, Site},
            interpretation::InterpretationItem,
            parts::{Count, Link},
            policy::{PolicyItem, library},
        },
    },
    problem::Problem,
};

const LATEST: u32 = 6;
const INTERPRETATIONS: u32 = 6;
const LINE_ITEMS: usize = 4;
/// Finds of a line among which the newest are chosen.
const LINE_FINDS: u32 = 40;

#[derive(Template)]
#[template(path = "public/home.html")]
struct HomePage {
    site: Site,
    display: Display,
    page: Page,
    total: String,
    hot: Vec<Link>,
    lines: Vec<HomeLine>,
    latest: Vec<PolicyItem>,
    interpretations: Vec<InterpretationItem>,
    categories: Vec<Count>,
}

/// 惠民 or 惠企: a saved search.
#[derive(Debug, Clone, Default)]
struct HomeLine {
    icon: String,
    title: String,
    lead: String,
    url: String,
    items: Vec<PolicyItem>,
}

/// `GET /`
pub async fn home(
    State(app): State<App>,
    display: Display,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let ((counts, latest), interpretations, lines) =
        tokio::join!(documents(&app), interpretations(&app), lines(&app));
    let (counts, latest) = (counts?, latest?);
    let hot = app.config.home.hot.iter();
    let page = HomePage {
        site: app.site.clone(),
        display,
        page: Page::new("首页", "home")
            .described(format!("{}主办的政策文件和政策解读检索平台", app.site.operator))
            .at(app.address("/")),
        total: days::figure(counts.total),
        hot: hot.map(|word| Link::new(word, searching(word))).collect(),
        lines,
        latest: latest.iter().map(PolicyItem::of).collect(),
        interpretations,
        categories: categories(&counts),
    };
    answer::public(&asked, &page, None)
}

type Documents = (Result<CountPoliciesResponse, Problem>, Result<Vec<Policy>, Problem>);

async fn documents(app: &App) -> Documents {
    let (mut counting, mut listing) = (app.clients.documents(), app.clients.documents());
    let wanted = ListPoliciesRequest {
        // By what it says itself: an import of old documents is no news.
        order: PolicyOrder::Issued.into(),
        page_size: LATEST,
        ..ListPoliciesRequest::default()
    };
    let (counts, latest) = tokio::join!(
        counting.count_policies(CountPoliciesRequest::default()),
        listing.list_policies(wanted)
    );
    let counts = counts.map(tonic::Response::into_inner).map_err(Problem::from);
    let latest = latest.map(|answer| answer.into_inner().policies).map_err(Problem::from);
    (counts, latest)
}

/// The newest interpretations; none while they cannot be asked for, for the page does without.
async fn interpretations(app: &App) -> Vec<InterpretationItem> {
    let wanted = ListInterpretationsRequest {
        state: InterpretationState::Published.into(),
        page_size: INTERPRETATIONS,
        ..ListInterpretationsRequest::default()
    };
    match app.clients.interpretations().list_interpretations(wanted).await {
        Ok(answer) => {
            answer.into_inner().interpretations.iter().map(InterpretationItem::of).collect()
        }
        Err(status) => {
            tracing::warn!(code = ?status.code(), "the first page lacks interpretations");
            Vec::new()
        }
    }
}

async fn lines(app: &App) -> Vec<HomeLine> {
    futures::future::join_all(app.config.home.lines.iter().map(|config| line(app, config))).await
}

/// A saved search with its newest finds; without them while the index cannot be asked.
async fn line(app: &App, config: &LineConfig) -> HomeLine {
    let LineConfig { title, lead, icon, query } = config;
    let wanted = SearchRequest {
        query: query.clone(),
        order: SearchOrder::Newest.into(),
        page_size: LINE_FINDS,
        ..SearchRequest::default()
    };
    let found = app.clients.search().search(wanted).await;
    let mut hits = found.map(|answer| answer.into_inner().hits).unwrap_or_default();
    hits.sort_by(|one, other| other.issued_on.cmp(&one.issued_on));
    hits.truncate(LINE_ITEMS);
    HomeLine {
        icon: icon.clone(),
        title: title.clone(),
        lead: lead.clone(),
        url: searching(query),
        items: hits.into_iter().map(search::item).collect(),
    }
}

fn searching(words: &str) -> String {
    Address::new("/search").with("q", words).to_string()
}

fn categories(counts: &CountPoliciesResponse) -> Vec<Count> {
    let known = counts.categories.iter().filter(|count| !count.key.is_empty());
    known
        .take(6)
        .map(|count| Count {
            label: if count.label.is_empty() { count.key.clone() } else { count.label.clone() },
            count: days::figure(count.count),
            url: library().with("category", &count.key).to_string(),
        })
        .collect()
}
