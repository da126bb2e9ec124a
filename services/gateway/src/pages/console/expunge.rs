//! Blanking a revision by law: one person asks with a ground, a second agrees.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse as _, Redirect, Response},
};
use contracts::documents::{ApproveExpungeRequest, RequestExpungeRequest};
use http::StatusCode;
use serde::Deserialize;

use super::{Visit, policy, sign_in::Nothing, visit::done};
use crate::{
    error::Error,
    pages::{
        answer,
        view::{
            frame::{Desk, Display, Site},
            parts::{Faults, Field, FieldError},
            standing::REVIEWERS,
        },
    },
    problem::Problem,
    session::Csrf,
};

#[derive(Template)]
#[template(path = "console/expunge.html")]
struct ExpungePage {
    site: Site,
    display: Display,
    desk: Desk,
    /// What is to be blanked; empty when a second person is asked, who reads it at the policy.
    what: String,
    action_url: String,
    errors: Vec<FieldError>,
    /// `None`: a second person is asked to agree.
    ground: Option<Field>,
}

/// What the form holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    ground: String,
}

/// `GET /console/policies/{id}/revisions/{number}/expunge`
pub async fn form(
    visit: Visit,
    Path((id, number)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    visit.only(&REVIEWERS)?;
    answer::private(&asking(visit, &id, number, "", &Faults::default()).await?)
}

/// `POST /console/policies/{id}/revisions/{number}/expunge`
pub async fn request(
    visit: Visit,
    Path((id, revision)): Path<(String, i64)>,
    Csrf { form, .. }: Csrf<Wish>,
) -> Result<Response, Problem> {
    let Wish { ground } = form;
    let request = RequestExpungeRequest { policy_id: id.clone(), revision, ground: ground.clone() };
    match visit.clients.documents().request_expunge(request).await.map_err(Problem::from) {
        Ok(answer) => {
            let expunge = answer.into_inner().expunge_id;
            Ok(done(&format!("/console/expunges/{expunge}"), "expunge_requested"))
        }
        Err(problem) if told(&problem) => {
            let faults = Faults::of(&problem, &[("ground", "ground")]);
            let page = asking(visit, &id, revision, &ground, &faults).await?;
            answer::refused(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// `GET /console/expunges/{id}`
pub async fn ask_approval(visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    visit.only(&REVIEWERS)?;
    answer::private(&agreeing(visit, &id, &Faults::default()))
}

/// `POST /console/expunges/{id}`
pub async fn approve(
    visit: Visit,
    Path(id): Path<String>,
    _: Csrf<Nothing>,
) -> Result<Response, Problem> {
    let request = ApproveExpungeRequest { expunge_id: id.clone() };
    match visit.clients.documents().approve_expunge(request).await.map_err(Problem::from) {
        Ok(answer) => {
            let revision = answer.into_inner().revision.ok_or(Error::NoSuchPath)?;
            let own = format!("/console/policies/{}", revision.policy_id);
            Ok(Redirect::to(&format!("{own}?done=expunged")).into_response())
        }
        Err(problem) if told(&problem) => {
            let faults = Faults::of(&problem, &[]);
            answer::refused(problem.status, &agreeing(visit, &id, &faults))
        }
        Err(problem) => Err(problem),
    }
}

fn told(problem: &Problem) -> bool {
    [StatusCode::BAD_REQUEST, StatusCode::CONFLICT].contains(&problem.status)
}

async fn asking(
    visit: Visit,
    id: &str,
    number: i64,
    ground: &str,
    faults: &Faults,
) -> Result<ExpungePage, Problem> {
    let found = policy::find(&visit, id).await?;
    let title = found.content.unwrap_or_default().title;
    let own = format!("/console/policies/{id}");
    Ok(ExpungePage {
        site: visit.site(),
        desk: visit.desk("依法清除正文", "/console/policies").below(&title, &own),
        what: format!("《{title}》第 {number} 版"),
        action_url: format!("{own}/revisions/{number}/expunge"),
        errors: faults.list(),
        ground: Some(faults.field("ground", ground)),
        display: visit.display,
    })
}

fn agreeing(visit: Visit, id: &str, faults: &Faults) -> ExpungePage {
    ExpungePage {
        site: visit.site(),
        desk: visit.desk("确认清除正文", "/console/policies"),
        what: String::new(),
        action_url: format!("/console/expunges/{id}"),
        errors: faults.list(),
        ground: None,
        display: visit.display,
    }
}
