//! Writing, publishing and withdrawing interpretations.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse as _, Redirect, Response},
};
use contracts::interpretations::{
    CreateInterpretationRequest, GetInterpretationRequest, GetTaskRequest, Interpretation,
    InterpretationState, PublishInterpretationRequest, UpdateInterpretationRequest,
    WithdrawInterpretationRequest,
};
use serde::Deserialize;
use tonic::Status;

use super::{
    Visit, desk,
    draft::{Conflict, ConflictChange},
    policy,
    visit::{done, if_allowed, sent},
};
use crate::{
    pages::{
        answer,
        view::{
            frame::{Desk, Display, Site},
            interpretation::{self, KINDS},
            parts::{Choice, Faults, Field, FieldError, Link, State},
            policy::{MetaRow, PolicyItem},
            prose, task,
        },
    },
    problem::Problem,
    session::Csrf,
};

const SECTION: &str = "/console/interpretation-tasks";
/// Which input shows what the service says of which field.
const INPUTS: [(&str, &str); 6] = [
    ("title", "title"),
    ("kind", "kind"),
    ("form", "kind"),
    ("interpreter", "author"),
    ("contact_phone", "phone"),
    ("text", "body"),
];

#[derive(Template)]
#[template(path = "console/interpretation_edit.html")]
struct InterpretationEditPage {
    site: Site,
    display: Display,
    desk: Desk,
    heading: String,
    action_url: String,
    cancel_url: String,
    etag: String,
    errors: Vec<FieldError>,
    conflict: Option<Conflict>,
    policy: PolicyItem,
    deadline: Option<State>,
    title: Field,
    kinds: Vec<Choice>,
    kind_error: String,
    author: Field,
    phone: Field,
    body: Field,
    can_publish: bool,
}

#[derive(Template)]
#[template(path = "console/interpretation_show.html")]
struct InterpretationShowPage {
    site: Site,
    display: Display,
    desk: Desk,
    title: String,
    base: String,
    etag: String,
    state: State,
    meta: Vec<MetaRow>,
    policy: Link,
    body_html: String,
    errors: Vec<FieldError>,
    withdraw_reason: Field,
    is_draft: bool,
    public_url: Option<String>,
}

/// What the form holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Draft {
    etag: String,
    title: String,
    kind: String,
    author: String,
    phone: String,
    body: String,
    /// save or publish.
    then: String,
}

/// What the forms of an interpretation's page hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Step {
    etag: String,
    withdraw_reason: String,
}

impl Draft {
    fn of(found: &Interpretation) -> Self {
        Self {
            etag: found.etag.clone(),
            title: found.title.clone(),
            kind: found.kind.clone(),
            author: found.interpreter.clone(),
            phone: found.contact_phone.clone(),
            body: found.text.clone(),
            then: String::new(),
        }
    }

    /// What is to be kept; `before` gives what the form does not show.
    fn applied(&self, before: Interpretation) -> Interpretation {
        Interpretation {
            title: self.title.trim().to_owned(),
            kind: self.kind.clone(),
            interpreter: self.author.trim().to_owned(),
            contact_phone: self.phone.trim().to_owned(),
            text: self.body.replace("\r\n", "\n"),
            form: interpretation::kind(&self.kind).to_owned(),
            etag: self.etag.clone(),
            ..before
        }
    }

    fn against(&self, theirs: &Self) -> Vec<ConflictChange> {
        let fields = [
            ("标题", &theirs.title, &self.title),
            ("解读人", &theirs.author, &self.author),
            ("咨询电话", &theirs.phone, &self.phone),
            ("解读正文", &theirs.body, &self.body),
        ];
        let change = |(label, theirs, yours): (&str, &String, &String)| {
            let (theirs, yours) = (theirs.clone(), yours.replace("\r\n", "\n"));
            let label = label.to_owned();
            (theirs != yours).then_some(ConflictChange { label, theirs, yours })
        };
        fields.into_iter().filter_map(change).collect()
    }
}

/// What the page of the form is about.
#[derive(Clone, Copy)]
struct About<'a> {
    policy_id: &'a str,
    /// `None`: a new one.
    id: Option<&'a str>,
}

/// `GET /console/policies/{id}/interpretations/new`
pub async fn new(visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    visit.only(&desk::CLERKS)?;
    let policy = policy::find(&visit, &id).await?;
    let content = policy.content.unwrap_or_default();
    let typed = Draft {
        title: format!("《{}》政策解读", content.title),
        kind: "text".to_owned(),
        author: visit.staff.account.organ_name.clone(),
        ..Draft::default()
    };
    let about = About { policy_id: &id, id: None };
    answer::private(&page(visit, about, &typed, &Faults::default(), None).await?)
}

/// `GET /console/interpretations/{id}/edit`
pub async fn edit(visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    visit.only(&desk::CLERKS)?;
    let found = find(&visit, &id).await?;
    if found.state() != InterpretationState::Draft {
        return Ok(Redirect::to(&own(&id)).into_response());
    }
    let about = About { policy_id: &found.policy_id, id: Some(&id) };
    answer::private(&page(visit, about, &Draft::of(&found), &Faults::default(), None).await?)
}

/// `POST /console/policies/{id}/interpretations/new`
pub async fn create(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Draft>,
) -> Result<Response, Problem> {
    let about = About { policy_id: &id, id: None };
    let bare = Interpretation { policy_id: id.clone(), ..Interpretation::default() };
    let interpretation = Some(form.applied(bare));
    let request = CreateInterpretationRequest { interpretation, request_id: String::new() };
    match visit.clients.interpretations().create_interpretation(request).await {
        Ok(answer) => after_saving(visit, form, sent(answer.into_inner().interpretation)?).await,
        Err(status) => refused(visit, about, form, status).await,
    }
}

/// `POST /console/interpretations/{id}/edit`
pub async fn update(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Draft>,
) -> Result<Response, Problem> {
    let before = find(&visit, &id).await?;
    let policy_id = before.policy_id.clone();
    let about = About { policy_id: &policy_id, id: Some(&id) };
    let request = UpdateInterpretationRequest { interpretation: Some(form.applied(before)) };
    match visit.clients.interpretations().update_interpretation(request).await {
        Ok(answer) => after_saving(visit, form, sent(answer.into_inner().interpretation)?).await,
        Err(status) => refused(visit, about, form, status).await,
    }
}

/// Publishes what was just saved, where that was asked for.
async fn after_saving(
    visit: Visit,
    mut form: Draft,
    saved: Interpretation,
) -> Result<Response, Problem> {
    if form.then != "publish" {
        return Ok(done(&own(&saved.id), "interpretation_saved"));
    }
    let Interpretation { id, policy_id, etag, .. } = saved;
    let request =
        PublishInterpretationRequest { interpretation_id: id.clone(), etag: etag.clone() };
    match visit.clients.interpretations().publish_interpretation(request).await {
        Ok(_) => Ok(done(&own(&id), "interpretation_published")),
        Err(status) => {
            form.etag = etag;
            refused(visit, About { policy_id: &policy_id, id: Some(&id) }, form, status).await
        }
    }
}

async fn refused(
    visit: Visit,
    about: About<'_>,
    mut form: Draft,
    status: Status,
) -> Result<Response, Problem> {
    let problem = Problem::from(status);
    if ![400, 409, 413].contains(&problem.status.as_u16()) {
        return Err(problem);
    }
    let mut conflict = None;
    let mut faults = Faults::default();
    match about.id.filter(|_| problem.is_stale()) {
        Some(id) => {
            let now = find(&visit, id).await?;
            form.etag.clone_from(&now.etag);
            conflict = Some(Conflict {
                who: "另一位同事".to_owned(),
                when: "您打开之后".to_owned(),
                changes: form.against(&Draft::of(&now)),
            });
        }
        None => faults = Faults::of(&problem, &INPUTS),
    }
    answer::refused(problem.status, &page(visit, about, &form, &faults, conflict).await?)
}

/// `GET /console/interpretations/{id}`
pub async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    answer::private(&shown(visit, &id, "", &Faults::default()).await?)
}

/// `POST /console/interpretations/{id}/publish`
pub async fn publish(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Step>,
) -> Result<Response, Problem> {
    let request = PublishInterpretationRequest { interpretation_id: id.clone(), etag: form.etag };
    let answer = visit.clients.interpretations().publish_interpretation(request).await.map(drop);
    answered(visit, &id, "", answer, "interpretation_published").await
}

/// `POST /console/interpretations/{id}/withdraw`
pub async fn withdraw(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Step>,
) -> Result<Response, Problem> {
    let Step { etag, withdraw_reason } = form;
    let request = WithdrawInterpretationRequest {
        interpretation_id: id.clone(),
        reason: withdraw_reason.clone(),
        etag,
    };
    let answer = visit.clients.interpretations().withdraw_interpretation(request).await.map(drop);
    answered(visit, &id, &withdraw_reason, answer, "interpretation_withdrawn").await
}

async fn answered(
    visit: Visit,
    id: &str,
    reason: &str,
    answer: Result<(), Status>,
    word: &str,
) -> Result<Response, Problem> {
    let problem = match answer {
        Ok(()) => return Ok(done(&own(id), word)),
        Err(status) => Problem::from(status),
    };
    if ![400, 409].contains(&problem.status.as_u16()) {
        return Err(problem);
    }
    let faults = Faults::of(&problem, &[("reason", "withdraw_reason")]);
    answer::refused(problem.status, &shown(visit, id, reason, &faults).await?)
}

fn own(id: &str) -> String {
    format!("/console/interpretations/{id}")
}

async fn find(visit: &Visit, id: &str) -> Result<Interpretation, Problem> {
    let request = GetInterpretationRequest { interpretation_id: id.to_owned() };
    let answered = visit.clients.interpretations().get_interpretation(request).await?;
    sent(answered.into_inner().interpretation)
}

async fn shown(
    visit: Visit,
    id: &str,
    reason: &str,
    faults: &Faults,
) -> Result<InterpretationShowPage, Problem> {
    let found = find(&visit, id).await?;
    let policy_url = format!("/console/policies/{}", found.policy_id);
    let public = found.state() != InterpretationState::Draft;
    Ok(InterpretationShowPage {
        site: visit.site(),
        desk: visit.desk(&found.title, SECTION).below("解读任务", SECTION),
        title: found.title.clone(),
        base: own(id),
        etag: found.etag.clone(),
        state: interpretation::state(&found),
        meta: interpretation::meta(&found, &found.interpreter),
        policy: Link::new(&found.policy_title, policy_url),
        body_html: prose::paragraphs(&found.text),
        errors: faults.list(),
        withdraw_reason: faults.field("withdraw_reason", reason),
        is_draft: !public,
        public_url: public.then(|| interpretation::url(id)),
        display: visit.display,
    })
}

async fn page(
    visit: Visit,
    about: About<'_>,
    typed: &Draft,
    faults: &Faults,
    conflict: Option<Conflict>,
) -> Result<InterpretationEditPage, Problem> {
    let found = policy::find(&visit, about.policy_id).await?;
    let policy_url = format!("/console/policies/{}", about.policy_id);
    let heading = if about.id.is_some() { "修改解读" } else { "撰写解读" };
    Ok(InterpretationEditPage {
        site: visit.site(),
        desk: visit.desk(heading, SECTION).below("解读任务", SECTION),
        heading: heading.to_owned(),
        action_url: match about.id {
            Some(id) => format!("{}/edit", own(id)),
            None => format!("{policy_url}/interpretations/new"),
        },
        cancel_url: about.id.map_or(policy_url, own),
        etag: typed.etag.clone(),
        errors: faults.list(),
        conflict,
        policy: PolicyItem::of(&found),
        deadline: deadline(&visit, about.policy_id).await?,
        title: faults.field("title", &typed.title),
        kinds: Choice::all(KINDS, &typed.kind),
        kind_error: faults.at("kind"),
        author: faults.field("author", &typed.author),
        phone: faults.field("phone", &typed.phone),
        body: faults.field("body", &typed.body),
        can_publish: true,
        display: visit.display,
    })
}

/// How the duty stands; an interpretation can also be written where there is none.
async fn deadline(visit: &Visit, policy_id: &str) -> Result<Option<State>, Problem> {
    let request = GetTaskRequest { policy_id: policy_id.to_owned() };
    match visit.clients.interpretations().get_task(request).await {
        Err(status) if status.code() == tonic::Code::NotFound => Ok(None),
        answer => Ok(if_allowed(answer)?.task.as_ref().map(task::state)),
    }
}
