//! Asking to be told of what is new.

use std::str::FromStr;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use contracts::{
    documents::CountPoliciesRequest,
    identity::Organ,
    notification::{CreateSubscriptionRequest, SubscriptionKind},
};
use serde::Deserialize;

use super::subscription;
use crate::{
    app::App,
    pages::{
        answer, organs,
        view::{
            facets::Parameters,
            frame::{Display, Page, Site},
            parts::{Choice, Faults, Field, FieldError},
        },
    },
    problem::Problem,
    session::{Csrf, FormToken},
};

/// Which input shows what a service says of which field.
const INPUTS: [(&str, &str); 3] = [("email", "email"), ("kind", "kind"), ("value", "kind")];

#[derive(Template)]
#[template(path = "public/subscribe.html")]
struct SubscribePage {
    site: Site,
    display: Display,
    page: Page,
    csrf: String,
    errors: Vec<FieldError>,
    email: Field,
    kinds: Vec<Choice>,
    kind_error: String,
    organs: Vec<Choice>,
    organ_error: String,
    categories: Vec<Choice>,
    category_error: String,
    keyword: Field,
    policy: Option<SubscribePolicy>,
}

/// The policy from whose page somebody came.
#[derive(Debug, Clone, Default)]
struct SubscribePolicy {
    id: String,
    title: String,
}

#[derive(Template)]
#[template(path = "public/subscribe_sent.html")]
struct SubscribeSentPage {
    site: Site,
    display: Display,
    page: Page,
    email: String,
    what: String,
}

/// What the form holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    email: String,
    kind: String,
    organ: String,
    category: String,
    keyword: String,
    policy: String,
}

/// What can be subscribed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    All,
    Organ,
    Category,
    Keyword,
    Policy,
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let known = KINDS.iter().find(|(_, known, _)| *known == word);
        known.map(|(kind, ..)| *kind).ok_or(())
    }
}

const KINDS: [(Kind, &str, &str); 5] = [
    (Kind::Policy, "policy", "这一份文件"),
    (Kind::All, "all", "全部新政策"),
    (Kind::Organ, "organ", "某个机关的政策"),
    (Kind::Category, "category", "某类文件"),
    (Kind::Keyword, "keyword", "某个关键词"),
];

/// `GET /subscribe`, filled in by the page that somebody comes from.
pub async fn form(
    State(app): State<App>,
    display: Display,
    token: FormToken,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let text = |name: &str| parameters.get(name).to_owned();
    let known = ["policy", "organ", "category", "keyword"];
    let given = known.into_iter().find(|name| !parameters.get(name).is_empty());
    let wish = Wish {
        email: String::new(),
        kind: given.unwrap_or("all").to_owned(),
        organ: text("organ"),
        category: text("category"),
        keyword: text("keyword"),
        policy: text("policy"),
    };
    let page = page(&app, display, &token.csrf, &wish, &Faults::default()).await?;
    Ok((token, answer::private(&page)?).into_response())
}

/// `POST /subscribe`
pub async fn subscribe(
    State(app): State<App>,
    display: Display,
    token: FormToken,
    Csrf { form: wish, .. }: Csrf<Wish>,
) -> Result<Response, Problem> {
    let asked = match asked(&app, &wish).await? {
        Ok(asked) => asked,
        Err(faults) => return refused(&app, display, token, &wish, &faults).await,
    };
    let what = asked.clone();
    match app.clients.notification().create_subscription(asked).await.map_err(Problem::from) {
        Ok(_) => answer::private(&SubscribeSentPage {
            site: app.site.clone(),
            display,
            page: Page::new("请确认订阅", "subscribe"),
            email: wish.email.trim().to_owned(),
            what: subscription::spoken(what.kind(), &what.label),
        }),
        Err(problem) if problem.status.is_client_error() => {
            let faults = Faults::of(&problem, &INPUTS);
            refused(&app, display, token, &wish, &faults).await
        }
        Err(problem) => Err(problem),
    }
}

async fn refused(
    app: &App,
    display: Display,
    token: FormToken,
    wish: &Wish,
    faults: &Faults,
) -> Result<Response, Problem> {
    let page = page(app, display, &token.csrf, wish, faults).await?;
    Ok((token, answer::refused(http::StatusCode::BAD_REQUEST, &page)?).into_response())
}

/// What is asked of the service, or what is missing.
async fn asked(
    app: &App,
    wish: &Wish,
) -> Result<Result<CreateSubscriptionRequest, Faults>, Problem> {
    let mut faults = Faults::default();
    if wish.email.trim().is_empty() {
        faults.push("email", "请填写电子邮箱，例如 wangfang@example.com");
    }
    let Ok(kind) = wish.kind.parse::<Kind>() else {
        faults.push("kind", "请选择订阅什么");
        return Ok(Err(faults));
    };
    let (kind, value, label) = match kind {
        Kind::All => (SubscriptionKind::All, String::new(), String::new()),
        Kind::Organ => {
            let name = organ_name(&organs::all(&app.clients).await?, &wish.organ);
            if name.is_empty() {
                faults.push("organ", "请选择一个机关");
            }
            (SubscriptionKind::Organ, wish.organ.clone(), name)
        }
        Kind::Category => {
            if wish.category.is_empty() {
                faults.push("category", "请选择一个文件类别");
            }
            (SubscriptionKind::Category, wish.category.clone(), wish.category.clone())
        }
        Kind::Keyword => {
            let keyword = wish.keyword.trim().to_owned();
            if keyword.is_empty() {
                faults.push("keyword", "请填写关键词，例如：公积金");
            }
            (SubscriptionKind::Keyword, keyword.clone(), keyword)
        }
        Kind::Policy => {
            let title = policy(app, &wish.policy).await.map(|policy| policy.title);
            if title.is_none() {
                faults.push("kind", "没有找到这份文件，请从文件页面上的“订阅本文件”进入");
            }
            (SubscriptionKind::Policy, wish.policy.clone(), title.unwrap_or_default())
        }
    };
    if faults.any() {
        return Ok(Err(faults));
    }
    let email = wish.email.trim().to_owned();
    let kind = kind.into();
    Ok(Ok(CreateSubscriptionRequest { email, kind, value, label, confirmed: false }))
}

fn organ_name(organs: &[Organ], code: &str) -> String {
    let found = organs.iter().find(|organ| organ.code == code);
    found.map(|organ| organ.name.clone()).unwrap_or_default()
}

async fn policy(app: &App, id: &str) -> Option<SubscribePolicy> {
    if id.is_empty() {
        return None;
    }
    let public = app.policies.get(id).await.ok()?;
    let title = public.policy.content.as_ref().map(|content| content.title.clone())?;
    Some(SubscribePolicy { id: id.to_owned(), title })
}

async fn page(
    app: &App,
    display: Display,
    csrf: &str,
    wish: &Wish,
    faults: &Faults,
) -> Result<SubscribePage, Problem> {
    let mut documents = app.clients.documents();
    let (organs, counts, policy) = tokio::join!(
        organs::all(&app.clients),
        documents.count_policies(CountPoliciesRequest::default()),
        policy(app, &wish.policy)
    );
    let counts = counts?.into_inner();
    let categories = counts.categories.iter().filter(|count| !count.key.is_empty());
    let kinds = KINDS.iter().filter(|(kind, ..)| *kind != Kind::Policy || policy.is_some());
    Ok(SubscribePage {
        site: app.site.clone(),
        display,
        page: Page::new("订阅政策", "subscribe").at(app.address("/subscribe")),
        csrf: csrf.to_owned(),
        errors: faults.list(),
        email: faults.field("email", &wish.email),
        kinds: Choice::all(kinds.map(|(_, word, label)| (*word, *label)), &wish.kind),
        kind_error: faults.at("kind"),
        organs: organs::choices(&organs?, &wish.organ),
        organ_error: faults.at("organ"),
        categories: Choice::all(categories.map(|c| (&*c.key, &*c.key)), &wish.category),
        category_error: faults.at("category"),
        keyword: faults.field("keyword", &wish.keyword),
        policy,
    })
}
