//! Blanking a revision by law: one person asks with a ground, a second agrees.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse as _, Redirect, Response},
};
use contracts::documents::{
    ApproveExpungeRequest, Expunge, ListExpungesRequest, RequestExpungeRequest,
};
use http::StatusCode;
use serde::Deserialize;

use super::{Visit, policy, sign_in::Nothing, visit::done};
use crate::{
    error::Error,
    pages::{
        answer,
        view::{
            address::Address,
            days,
            facets::{PAGE_SIZE, Shown, pager},
            frame::{Desk, Display, Site},
            parts::{Faults, Field, FieldError, Pager, State},
            standing::REVIEWERS,
        },
    },
    problem::Problem,
    session::Csrf,
};

const PATH: &str = "/console/expunges";

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

#[derive(Template)]
#[template(path = "console/expunges.html")]
struct ExpungesPage {
    site: Site,
    display: Display,
    desk: Desk,
    rows: Vec<ExpungeRow>,
    total: String,
    pager: Pager,
}

/// A request that waits for a second person.
#[derive(Debug, Clone, Default)]
struct ExpungeRow {
    title: String,
    policy_url: String,
    state: State,
    when: String,
    url: String,
    /// Whether the one who looks asked for it, and so cannot agree.
    own: bool,
}

/// What the form holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    ground: String,
}

/// `GET /console/expunges`
pub async fn waiting(visit: Visit) -> Result<Response, Problem> {
    visit.only(&REVIEWERS)?;
    let request = ListExpungesRequest {
        page_size: PAGE_SIZE,
        page_token: visit.parameters.get("after").to_owned(),
    };
    let list = visit.clients.documents().list_expunges(request).await?.into_inner();
    let shown =
        Shown { rows: list.expunges.len(), total: list.total, next_token: &list.next_page_token };
    let own = visit.staff.account.id.clone();
    answer::private(&ExpungesPage {
        site: visit.site(),
        desk: visit.desk("清除申请", PATH),
        rows: list.expunges.iter().map(|request| row(request, &own)).collect(),
        total: days::figure(list.total),
        pager: pager(&Address::new(PATH), &visit.parameters, shown, "项"),
        display: visit.display,
    })
}

fn row(request: &Expunge, account_id: &str) -> ExpungeRow {
    let by = request.requested_by.as_ref();
    ExpungeRow {
        title: format!("{}（第 {} 版）", request.policy_title, request.revision),
        policy_url: format!("/console/policies/{}", request.policy_id),
        state: state(request),
        when: days::minute(request.requested_at),
        url: format!("{PATH}/{}", request.id),
        own: by.is_some_and(|person| person.account_id == account_id),
    }
}

/// That it waits, and who asked on which ground.
pub fn state(request: &Expunge) -> State {
    let by = request.requested_by.as_ref().map(|person| person.name.as_str()).unwrap_or_default();
    State::warn("clock", "待另一人确认").because(format!("{by} 申请：{}", request.ground))
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
        Ok(_) => Ok(done(PATH, "expunge_requested")),
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
        desk: visit.desk("确认清除正文", PATH).below("清除申请", PATH),
        what: String::new(),
        action_url: format!("{PATH}/{id}"),
        errors: faults.list(),
        ground: None,
        display: visit.display,
    }
}
