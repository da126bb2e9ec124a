//! One interpretation, beside the policy that it explains.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use contracts::interpretations::{GetInterpretationRequest, Interpretation, InterpretationState};
use http::HeaderMap;
use kit::clock;

use super::tombstone;
use crate::{
    app::App,
    pages::{
        answer,
        view::{
            frame::{Display, Page, Site},
            interpretation,
            policy::{self, MetaRow, PolicyItem},
            prose,
        },
    },
    problem::Problem,
};

#[derive(Template)]
#[template(path = "public/interpretation.html")]
struct InterpretationPage {
    site: Site,
    display: Display,
    page: Page,
    title: String,
    meta: Vec<MetaRow>,
    policy: PolicyItem,
    body_html: String,
    permanent_url: String,
}

/// `GET /interpretations/{id}`
pub async fn interpretation(
    State(app): State<App>,
    Path(id): Path<String>,
    display: Display,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = GetInterpretationRequest { interpretation_id: id };
    let answered = app.clients.interpretations().get_interpretation(request).await?.into_inner();
    let found = answered.interpretation.unwrap_or_default();
    let policy = match app.policies.get(&found.policy_id).await {
        Ok(public) => PolicyItem::of(&public.policy),
        Err(_) => unread(&found),
    };
    let permanent_url = app.address(&interpretation::url(&found.id));
    let page = Page::new(&found.title, "interpretations")
        .below("政策解读", "/interpretations")
        .at(&permanent_url);
    if found.state() == InterpretationState::Withdrawn {
        return tombstone::of_interpretation(&app, display, page, &found, &policy);
    }
    let page = InterpretationPage {
        site: app.site.clone(),
        display,
        page: page.described(format!("对《{}》的解读", policy.title)),
        title: found.title.clone(),
        meta: interpretation::meta(&found, &policy.organ),
        body_html: prose::paragraphs(&found.text),
        policy,
        permanent_url,
    };
    let modified = found.published_at.and_then(clock::from_wire);
    answer::public(&asked, &page, modified)
}

/// What is known of the policy while the library cannot be asked.
fn unread(interpretation: &Interpretation) -> PolicyItem {
    PolicyItem {
        title: interpretation.policy_title.clone(),
        url: policy::url(&interpretation.policy_id),
        organ: interpretation.interpreter.clone(),
        ..PolicyItem::default()
    }
}
