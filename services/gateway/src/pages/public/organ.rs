//! An organ: what it has issued, what of it is in force, what ends soon.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use contracts::{
    documents::{
        Count as Counted, CountPoliciesRequest, Effect, ListExpiringPoliciesRequest,
        ListPoliciesRequest, Policy, PolicyOrder,
    },
    identity::Organ,
};
use http::HeaderMap;

use crate::{
    app::App,
    error::Error,
    pages::{
        answer, organs,
        view::{
            address::Address,
            days, effect,
            frame::{Display, Page, Site},
            parts::{Count, Link, State as Shown},
            policy::{self, PolicyItem, library},
        },
    },
    problem::Problem,
};

const LATEST: u32 = 10;
const ENDING: u32 = 10;

#[derive(Template)]
#[template(path = "public/organ.html")]
struct OrganPage {
    site: Site,
    display: Display,
    page: Page,
    name: String,
    total: String,
    all_url: String,
    changes_url: String,
    subscribe_url: String,
    parent: Option<Link>,
    below: Vec<Link>,
    categories: Vec<Count>,
    effects: Vec<EffectCount>,
    years: Vec<Count>,
    latest: Vec<PolicyItem>,
    ending: Vec<EndingItem>,
    ending_total: String,
}

/// How many policies have an effect.
#[derive(Debug, Clone, Default)]
struct EffectCount {
    state: Shown,
    count: String,
    url: String,
}

/// A policy whose time is over soon.
#[derive(Debug, Clone, Default)]
struct EndingItem {
    title: String,
    url: String,
    ends: String,
}

/// `GET /organs/{code}`
pub async fn organ(
    State(app): State<App>,
    Path(code): Path<String>,
    display: Display,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let (mut counting, mut listing) = (app.clients.documents(), app.clients.documents());
    let mut ending = app.clients.library();
    let all = organs::all(&app.clients);
    let counts =
        CountPoliciesRequest { organ_code: code.clone(), ..CountPoliciesRequest::default() };
    let latest = ListPoliciesRequest {
        organ_code: code.clone(),
        order: PolicyOrder::Issued.into(),
        page_size: LATEST,
        ..ListPoliciesRequest::default()
    };
    let soon = ListExpiringPoliciesRequest {
        organ_code: code.clone(),
        page_size: ENDING,
        ..ListExpiringPoliciesRequest::default()
    };
    let (counts, latest, soon, all) = tokio::join!(
        counting.count_policies(counts),
        listing.list_policies(latest),
        ending.list_expiring_policies(soon),
        all
    );
    let (counts, latest, soon) = (counts?.into_inner(), latest?.into_inner(), soon?.into_inner());
    // Without identity the page does with the name that policies bear.
    let all = all.unwrap_or_default();
    let known = all.iter().find(|organ| organ.code == code);
    let named = counts.organs.iter().find(|count| count.key == code);
    let name = known.map(|organ| organ.name.clone()).or(named.map(|count| count.label.clone()));
    let name = name.ok_or(Error::NoSuchPath)?;
    let list = || library().with("organ", &code);
    let page = OrganPage {
        site: app.site.clone(),
        display,
        page: Page::new(&name, "policies")
            .below("政策文件库", "/policies")
            .described(format!(
                "{name}公开的政策文件：按类别和有效性统计、最新文件、即将到期的文件"
            ))
            .at(app.address(&policy::organ_url(&code))),
        total: days::figure(counts.total),
        all_url: list().to_string(),
        changes_url: Address::new("/changes").with("organ", &code).to_string(),
        subscribe_url: Address::new("/subscribe").with("organ", &code).to_string(),
        parent: parent(&all, known),
        below: below(&all, &code),
        categories: counted(&counts.categories, |key| list().with("category", key)),
        years: counted(&counts.years, |key| list().with("year", key)),
        effects: counts.effects.iter().map(|count| effect_count(count, list())).collect(),
        latest: latest.policies.iter().map(PolicyItem::of).collect(),
        ending: soon.policies.iter().map(ending_item).collect(),
        ending_total: days::figure(soon.total),
        name,
    };
    answer::public(&asked, &page, None)
}

fn parent(all: &[Organ], known: Option<&Organ>) -> Option<Link> {
    let parent = known?.parent_code.as_str();
    let found = all.iter().find(|organ| organ.code == parent)?;
    Some(Link::new(&found.name, policy::organ_url(&found.code)))
}

fn below(all: &[Organ], code: &str) -> Vec<Link> {
    let own = all.iter().filter(|organ| organ.parent_code == code);
    own.map(|organ| Link::new(&organ.name, policy::organ_url(&organ.code))).collect()
}

fn counted(counts: &[Counted], url: impl Fn(&str) -> Address) -> Vec<Count> {
    let known = counts.iter().filter(|count| !count.key.is_empty());
    let one = |count: &Counted| Count {
        label: if count.label.is_empty() { count.key.clone() } else { count.label.clone() },
        count: days::figure(count.count),
        url: url(&count.key).to_string(),
    };
    known.map(one).collect()
}

fn effect_count(count: &Counted, list: Address) -> EffectCount {
    EffectCount {
        state: effect::plain(effect::read(&count.key)),
        count: days::figure(count.count),
        url: list.with("effect", &count.key).to_string(),
    }
}

fn ending_item(policy: &Policy) -> EndingItem {
    let content = policy.content.clone().unwrap_or_default();
    EndingItem { title: content.title, url: policy::url(&policy.id), ends: last_day(policy) }
}

/// The last day in force: as stated, else the one before the day from which the policy has lapsed.
fn last_day(policy: &Policy) -> String {
    let stated = policy.content.as_ref().map(|content| content.expires_on.clone());
    if let Some(stated) = stated.filter(|stated| !stated.is_empty()) {
        return stated;
    }
    let lapsed = policy.effect_spans.iter().find(|span| span.effect() == Effect::Lapsed);
    let from = lapsed.and_then(|span| span.from.parse::<chrono::NaiveDate>().ok());
    from.and_then(|from| from.pred_opt()).map(|day| day.to_string()).unwrap_or_default()
}
