//! A policy: its text, whether it is in force and why, its history and what explains it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse as _, Response},
};
use contracts::{
    documents::{
        GetLifecycleRequest, GetPolicyRequest, ListRenditionsRequest, ListRevisionsRequest, Policy,
        PolicyState, Rendition, Revision,
    },
    interpretations::{InterpretationState, ListInterpretationsRequest},
    search::ListRelatedRequest,
};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;

use super::{compare, forms, tombstone};
use crate::{
    app::App,
    cache::{self, Public, Rendered},
    http_cache::Validators,
    legislation,
    pages::{
        answer,
        view::{
            address::Address,
            effect::Timeline,
            file::{FormItem, rendition},
            frame::{Display, Page, Site},
            interpretation::{self, InterpretationItem},
            lifecycle::LifecycleView,
            parts::Link,
            policy::{self, PolicyView, RelationItem, RevisionItem},
        },
    },
    problem::Problem,
};

/// Interpretations of one policy that its page names.
const INTERPRETATIONS: u32 = 20;
/// Policies about the same matter that the page names.
const RELATED: u32 = 5;
/// Characters of the description that search engines show.
const DESCRIPTION: usize = 120;

#[derive(Template)]
#[template(path = "public/policy.html")]
struct PolicyPage {
    site: Site,
    display: Display,
    page: Page,
    policy: PolicyView,
    json_ld: String,
    files: Vec<FormItem>,
    machine: Vec<Link>,
    relations: Vec<RelationItem>,
    interpretations: Vec<InterpretationItem>,
    revisions: Vec<RevisionItem>,
    permanent_url: String,
    revision_url: String,
    citation: String,
    subscribe_url: String,
    timeline: Timeline,
    lifecycle: LifecycleView,
    /// About the same matter, by their words.
    related: Vec<Link>,
    /// Search within this policy.
    within_url: String,
}

/// Which day's page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    as_of: String,
}

/// What stands beside a policy on its page.
struct Beside {
    revisions: Vec<Revision>,
    interpretations: Vec<InterpretationItem>,
    lifecycle: LifecycleView,
    renditions: Vec<Rendition>,
    related: Vec<Link>,
}

/// `GET /policies/{id}`, and its other forms by their endings.
pub async fn policy(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(Asked { as_of }): Query<Asked>,
    display: Display,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    if let Some((id, form)) = forms::of(&id) {
        return forms::answer(&app, id, 0, form, &asked).await;
    }
    if !as_of.is_empty() {
        return on_a_day(&app, id, as_of, display).await;
    }
    let public = app.policies.get(&id).await?;
    // The page is kept for everybody, so it leads back to itself without anybody's query.
    let display = Display { return_to: policy::url(&id), ..display };
    let page = kept(&app, &public, display).await?;
    let validators = Validators { modified: cache::modified(&public.policy), ..page.validators };
    let mut response = validators.answer(&asked, "text/html; charset=utf-8", page.content);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Cookie"));
    Ok(response)
}

/// The page with the effect on a day of the reader's choice; kept for nobody.
async fn on_a_day(
    app: &App,
    id: String,
    as_of: String,
    display: Display,
) -> Result<Response, Problem> {
    let request = GetPolicyRequest { policy_id: id, as_of, ..GetPolicyRequest::default() };
    let policy = app.clients.documents().get_policy(request).await?.into_inner().policy;
    let policy = policy.unwrap_or_default();
    let address = Address::new(policy::url(&policy.id)).with("as_of", &policy.as_of);
    let display = Display { return_to: address.to_string(), ..display };
    let beside = beside(app, &policy).await?;
    if policy.state() == PolicyState::Withdrawn || policy.expunged {
        let html = tombstone::of_policy(app, display, &policy, &beside.revisions)?;
        return Ok(Html(html).into_response());
    }
    let mut page = page(app, display, &policy, beside);
    page.timeline.chosen = true;
    answer::private(&page)
}

/// The page as it was made before, or made now.
async fn kept(app: &App, public: &Public, display: Display) -> Result<Rendered, Problem> {
    let form = display.variant();
    if let Ok(page) = public.rendered(form, |_| Err(NotMade)) {
        return Ok(page);
    }
    let beside = beside(app, &public.policy).await?;
    public.rendered(form, |policy| {
        if policy.state() == PolicyState::Withdrawn || policy.expunged {
            return tombstone::of_policy(app, display, policy, &beside.revisions);
        }
        answer::render(&page(app, display, policy, beside))
    })
}

/// Nobody has asked for this form of the page yet.
struct NotMade;

async fn beside(app: &App, policy: &Policy) -> Result<Beside, Problem> {
    let (revisions, interpretations, lifecycle, renditions, related) = tokio::join!(
        revisions(app, policy),
        interpretations(app, policy),
        lifecycle(app, policy),
        renditions(app, policy),
        related(app, policy)
    );
    let (revisions, lifecycle) = (revisions?, lifecycle?);
    Ok(Beside { revisions, interpretations, lifecycle, renditions, related })
}

/// What is about the same matter, unless the policy says itself what it has to do with it; none while
/// the index cannot be asked.
async fn related(app: &App, policy: &Policy) -> Vec<Link> {
    if policy.state() != PolicyState::Published || policy.expunged {
        return Vec::new();
    }
    let request = ListRelatedRequest { policy_id: policy.id.clone(), limit: RELATED };
    let Ok(answer) = app.clients.search().list_related(request).await else { return Vec::new() };
    let content = policy.content.clone().unwrap_or_default();
    let named = |id: &str| {
        content.relations.iter().any(|relation| relation.target_policy_id == id)
            || policy.inbound_relations.iter().any(|relation| relation.policy_id == id)
    };
    let found = answer.into_inner().policies.into_iter();
    found
        .filter(|hit| !named(&hit.policy_id))
        .map(|hit| Link::new(hit.title, policy::url(&hit.policy_id)))
        .collect()
}

/// The stages of what is public; a tombstone shows none.
async fn lifecycle(app: &App, policy: &Policy) -> Result<LifecycleView, Problem> {
    if policy.state() != PolicyState::Published || policy.expunged {
        return Ok(LifecycleView::default());
    }
    let request = GetLifecycleRequest { policy_id: policy.id.clone() };
    let lifecycle = app.clients.lifecycles().get_lifecycle(request).await?.into_inner().lifecycle;
    Ok(LifecycleView::of(&lifecycle.unwrap_or_default()))
}

async fn revisions(app: &App, policy: &Policy) -> Result<Vec<Revision>, Problem> {
    let request = ListRevisionsRequest { policy_id: policy.id.clone() };
    Ok(app.clients.documents().list_revisions(request).await?.into_inner().revisions)
}

/// The files that the public revision can be had as; none while they cannot be asked for.
pub async fn renditions(app: &App, policy: &Policy) -> Vec<Rendition> {
    let request = ListRenditionsRequest { policy_id: policy.id.clone(), revision: 0 };
    match app.clients.library().list_renditions(request).await {
        Ok(answer) => answer.into_inner().renditions,
        Err(status) => {
            tracing::warn!(code = ?status.code(), "the page of a policy lacks its files");
            Vec::new()
        }
    }
}

/// The published interpretations; while they cannot be asked for, what documents heard of them.
async fn interpretations(app: &App, policy: &Policy) -> Vec<InterpretationItem> {
    if policy.interpretations.is_empty() {
        return Vec::new();
    }
    let request = ListInterpretationsRequest {
        policy_id: policy.id.clone(),
        state: InterpretationState::Published.into(),
        page_size: INTERPRETATIONS,
        ..ListInterpretationsRequest::default()
    };
    match app.clients.interpretations().list_interpretations(request).await {
        Ok(answer) => {
            answer.into_inner().interpretations.iter().map(InterpretationItem::of).collect()
        }
        Err(_) => policy.interpretations.iter().map(heard_of).collect(),
    }
}

fn heard_of(link: &contracts::documents::InterpretationLink) -> InterpretationItem {
    InterpretationItem {
        title: link.title.clone(),
        url: interpretation::url(&link.interpretation_id),
        kind: interpretation::kind(&link.kind).to_owned(),
        ..InterpretationItem::default()
    }
}

fn page(app: &App, display: Display, policy: &Policy, beside: Beside) -> PolicyPage {
    let content = policy.content.clone().unwrap_or_default();
    let permanent_url = app.address(&policy::url(&policy.id));
    let view = PolicyView::of(policy, &content, &policy.attachments);
    let about = if content.summary.is_empty() { &content.title } else { &content.summary };
    PolicyPage {
        site: app.site.clone(),
        display,
        page: Page::new(&content.title, "policies")
            .below("政策文件库", "/policies")
            .described(about.chars().take(DESCRIPTION).collect::<String>())
            .at(&permanent_url),
        json_ld: legislation::json_ld(app, policy, &beside.renditions),
        files: beside.renditions.iter().map(rendition).collect(),
        machine: machine(policy, !beside.renditions.is_empty()),
        policy: view,
        relations: policy::relations(policy, &content),
        interpretations: beside.interpretations,
        revisions: beside.revisions.iter().map(|revision| history(policy, revision)).collect(),
        citation: policy::citation(policy, &content, &permanent_url),
        revision_url: format!("{permanent_url}/revisions/{}", policy.revision),
        timeline: Timeline::of(policy),
        lifecycle: beside.lifecycle,
        related: beside.related,
        within_url: format!("{}/search", policy::url(&policy.id)),
        subscribe_url: Address::new("/subscribe").with("policy", &policy.id).to_string(),
        permanent_url,
    }
}

/// A revision, and where it is compared with the public one.
fn history(policy: &Policy, revision: &Revision) -> RevisionItem {
    RevisionItem {
        compare: compare::link(policy, revision),
        ..RevisionItem::of(revision, policy.revision)
    }
}

/// The policy for programs; only what has a text is a document to them.
fn machine(policy: &Policy, has_text: bool) -> Vec<Link> {
    let url = policy::url(&policy.id);
    let akn = has_text.then(|| Link::new("Akoma Ntoso（XML）", format!("{url}.akn.xml")));
    akn.into_iter().chain(Some(Link::new("元数据（JSON-LD）", format!("{url}.jsonld")))).collect()
}
