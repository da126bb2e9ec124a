//! Writing: a new draft, a draft, the revision of what is public.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse as _, Redirect, Response},
};
use contracts::documents::{
    AddAttachmentRequest, CountPoliciesRequest, CreatePolicyRequest, Policy, PolicyContent,
    PolicyState, ProposePolicyResponse, RemoveAttachmentRequest, TextFormat, UpdateDraftRequest,
};
use http::StatusCode;
use tonic::Status;

use super::{
    Visit,
    draft::{Conflict, ConflictChange, DISCLOSURES, Draft, current},
    intake_view::Intake,
    policy,
    relations::{self, BadLine},
    trail,
    visit::{done, sent},
};
use crate::{
    pages::{
        answer, organs,
        view::{
            days,
            file::Attachment,
            frame::{Desk, Display, Site},
            parts::{Choice, Faults, Field, FieldError},
            standing::WRITERS,
        },
    },
    problem::Problem,
    session::{Csrf, Upload},
};

/// Which input shows what documents says of which field.
const INPUTS: [(&str, &str); 18] = [
    ("title", "title"),
    ("document_number", "document_number"),
    ("organ_code", "organ"),
    ("category", "category"),
    ("issued_on", "issued_on"),
    ("effective_on", "effective_on"),
    ("expires_on", "expires_on"),
    ("summary", "summary"),
    ("text", "body"),
    ("keywords", "keywords"),
    ("relations", "relations"),
    ("source", "source"),
    ("disclosure", "disclosure"),
    ("disclosure_ground", "disclosure_ground"),
    ("sha256", "attachments"),
    ("revision_reason", "reason"),
    ("file_name", "attachments"),
    ("content", "attachments"),
];

#[derive(Template)]
#[template(path = "console/policy_edit.html")]
struct PolicyEditPage {
    site: Site,
    display: Display,
    desk: Desk,
    heading: String,
    action_url: String,
    cancel_url: String,
    etag: String,
    errors: Vec<FieldError>,
    conflict: Option<Conflict>,
    revising: bool,
    /// Whether the body is HTML, whose marks must stay.
    html: bool,
    title: Field,
    document_number: Field,
    organs: Vec<Choice>,
    organ_error: String,
    categories: Vec<Choice>,
    category_error: String,
    issued_on: Field,
    effective_on: Field,
    expires_on: Field,
    summary: Field,
    body: Field,
    keywords: Field,
    relations: Field,
    source: Field,
    reason: Field,
    disclosures: Vec<Choice>,
    disclosure_error: String,
    disclosure_ground: Field,
    attachments: Vec<Attachment>,
    attachment_error: String,
    /// SHA-256 and name of the file that it was read from.
    original: String,
    original_name: String,
    /// What it was read from, on the way from intake to the first draft.
    intake: Option<Intake>,
}

/// `GET /console/policies/new`
pub async fn new(visit: Visit) -> Result<Response, Problem> {
    visit.only(&WRITERS)?;
    let organ = visit.staff.account.organ_code.clone();
    let typed = Draft { organ, ..Draft::default() };
    answer::private(&page(visit, None, &typed, &Faults::default(), None).await?)
}

/// `GET /console/policies/{id}/edit`
pub async fn edit(visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    visit.only(&WRITERS)?;
    let found = policy::find(&visit, &id).await?;
    let typed = Draft::of(&found);
    answer::private(&page(visit, Some(&found), &typed, &Faults::default(), None).await?)
}

/// `POST /console/policies/new`
pub async fn create(visit: Visit, Csrf { form, files }: Csrf<Draft>) -> Result<Response, Problem> {
    let mut content = match form.content(&PolicyContent::default()) {
        Ok(content) => content,
        Err(bad) => return wrong_relations(visit, None, form, bad).await,
    };
    relations::resolve(&visit, &mut content.relations).await?;
    let request = CreatePolicyRequest { content: Some(content), request_id: String::new() };
    match visit.clients.documents().create_policy(request).await {
        Ok(answer) => {
            let created = sent(answer.into_inner().policy)?;
            Box::pin(attach(visit, created, form, files, "created")).await
        }
        Err(status) => refused(visit, None, form, status).await,
    }
}

/// `POST /console/policies/{id}/edit`
pub async fn update(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, files }: Csrf<Draft>,
) -> Result<Response, Problem> {
    let before = policy::find(&visit, &id).await?;
    let mut content = match form.content(&current(&before)) {
        Ok(content) => content,
        Err(bad) => return wrong_relations(visit, Some(before), form, bad).await,
    };
    relations::resolve(&visit, &mut content.relations).await?;
    let request = UpdateDraftRequest {
        policy_id: id,
        content: Some(content),
        revision_reason: form.reason.clone(),
        etag: form.etag.clone(),
    };
    match visit.clients.documents().update_draft(request).await {
        Ok(answer) => {
            let updated = sent(answer.into_inner().policy)?;
            Box::pin(attach(visit, updated, form, files, "saved")).await
        }
        Err(status) => refused(visit, Some(before), form, status).await,
    }
}

/// The form of a new draft that a document filled, to be confirmed or corrected.
pub(super) async fn confirm(
    visit: Visit,
    read: ProposePolicyResponse,
    file_name: String,
) -> Result<Response, Problem> {
    let intake = Intake::of(&read);
    let typed = Draft {
        original_name: if read.sha256.is_empty() { String::new() } else { file_name },
        original: read.sha256,
        ..Draft::of_content(read.content.unwrap_or_default())
    };
    let mut page = page(visit, None, &typed, &Faults::default(), None).await?;
    page.heading = "核对读出的内容".to_owned();
    page.cancel_url = "/console/intake".to_owned();
    for (name, field) in [
        ("title", &mut page.title),
        ("document_number", &mut page.document_number),
        ("issued_on", &mut page.issued_on),
        ("effective_on", &mut page.effective_on),
        ("expires_on", &mut page.expires_on),
    ] {
        field.read = intake.read_of(name);
    }
    page.intake = Some(intake);
    answer::private(&page)
}

/// Removes and adds files of a draft that is saved already, and leads on.
async fn attach(
    visit: Visit,
    saved: Policy,
    form: Draft,
    files: Vec<Upload>,
    word: &str,
) -> Result<Response, Problem> {
    let (mut policy, mut form) = (saved, form);
    // What was tried is not tried again by a form that comes back.
    let original = std::mem::take(&mut form.original);
    for attachment_id in std::mem::take(&mut form.remove) {
        let (policy_id, etag) = (policy.id.clone(), policy.etag.clone());
        let request = RemoveAttachmentRequest { policy_id, attachment_id, etag };
        match visit.clients.documents().remove_attachment(request).await {
            Ok(answer) => policy = sent(answer.into_inner().policy)?,
            Err(status) => return refused(visit, Some(policy), form, status).await,
        }
    }
    let mut brought: Vec<AddAttachmentRequest> = Vec::new();
    if !original.is_empty() {
        brought.push(AddAttachmentRequest {
            file_name: std::mem::take(&mut form.original_name),
            sha256: original,
            ..AddAttachmentRequest::default()
        });
    }
    brought.extend(files.into_iter().map(|Upload { file_name, content }| AddAttachmentRequest {
        file_name,
        content,
        ..AddAttachmentRequest::default()
    }));
    for file in brought {
        let (policy_id, etag) = (policy.id.clone(), policy.etag.clone());
        let request = AddAttachmentRequest { policy_id, etag, ..file };
        match visit.clients.documents().add_attachment(request).await {
            Ok(answer) => policy = sent(answer.into_inner().policy)?,
            Err(status) => return refused(visit, Some(policy), form, status).await,
        }
    }
    let own = format!("/console/policies/{}", policy.id);
    if form.then == "preview" {
        return Ok(Redirect::to(&format!("{own}/preview")).into_response());
    }
    Ok(done(&own, word))
}

async fn wrong_relations(
    visit: Visit,
    before: Option<Policy>,
    form: Draft,
    BadLine(told): BadLine,
) -> Result<Response, Problem> {
    let faults = Faults::one("relations", told);
    let page = page(visit, before.as_ref(), &form, &faults, None).await?;
    answer::refused(StatusCode::BAD_REQUEST, &page)
}

/// The form again, with what was typed and what is wrong, or what another changed meanwhile.
async fn refused(
    visit: Visit,
    before: Option<Policy>,
    form: Draft,
    status: Status,
) -> Result<Response, Problem> {
    let problem = Problem::from(status);
    let told = [400, 409, 413].contains(&problem.status.as_u16());
    if !told {
        return Err(problem);
    }
    let mut form = form;
    if let Some(before) = before.as_ref().filter(|_| problem.is_stale()) {
        // Asked anew: what was read before the refusal may be older than what refused.
        let now = policy::find(&visit, &before.id).await?;
        let conflict = conflict(&now, &form, &problem);
        form.etag.clone_from(&now.etag);
        let page = page(visit, Some(&now), &form, &Faults::default(), Some(conflict)).await?;
        return answer::refused(problem.status, &page);
    }
    if let Some(before) = &before {
        form.etag.clone_from(&before.etag);
    }
    let faults = Faults::of(&problem, &INPUTS);
    let page = page(visit, before.as_ref(), &form, &faults, None).await?;
    answer::refused(problem.status, &page)
}

fn conflict(now: &Policy, typed: &Draft, problem: &Problem) -> Conflict {
    let fact = |name: &str| problem.facts.get(name).cloned().unwrap_or_default();
    let at = chrono::DateTime::parse_from_rfc3339(&fact("changed_at")).ok();
    let at = at.map(|at| kit::clock::to_wire(at.to_utc()));
    let who = fact("changed_by");
    let mut changes = typed.against(&Draft::of(now));
    if changes.is_empty() {
        changes.push(ConflictChange {
            label: "对方改动".to_owned(),
            theirs: trail::fields(&fact("changed_fields")),
            yours: "与对方保存的内容相同".to_owned(),
        });
    }
    Conflict {
        who: if who.is_empty() { "另一位同事".to_owned() } else { who },
        when: days::spoken_minute(at),
        changes,
    }
}

async fn page(
    visit: Visit,
    policy: Option<&Policy>,
    typed: &Draft,
    faults: &Faults,
    conflict: Option<Conflict>,
) -> Result<PolicyEditPage, Problem> {
    let (organs, categories) =
        tokio::try_join!(own_organs(&visit, &typed.organ), categories(&visit, &typed.category))?;
    let revising = policy.is_some_and(|policy| policy.state() != PolicyState::Unpublished);
    let heading = match (policy, revising) {
        (None, _) => "起草文件",
        (Some(_), false) => "修改草稿",
        (Some(_), true) => "修订文件",
    };
    let own = policy.map(|policy| format!("/console/policies/{}", policy.id));
    let files = policy.and_then(|policy| {
        let draft = policy.draft.as_ref().map(|draft| draft.attachments.as_slice());
        draft.or(Some(policy.attachments.as_slice()))
    });
    Ok(PolicyEditPage {
        site: visit.site(),
        desk: visit.desk(heading, "/console/policies").below("政策文件", "/console/policies"),
        heading: heading.to_owned(),
        action_url: own
            .as_ref()
            .map_or("/console/policies/new".to_owned(), |own| format!("{own}/edit")),
        cancel_url: own.unwrap_or_else(|| "/console/policies".to_owned()),
        etag: typed.etag.clone(),
        errors: faults.list(),
        conflict,
        revising,
        html: policy.is_some_and(|policy| current(policy).text_format() == TextFormat::Html),
        title: faults.field("title", &typed.title),
        document_number: faults.field("document_number", &typed.document_number),
        organs,
        organ_error: faults.at("organ"),
        categories,
        category_error: faults.at("category"),
        issued_on: faults.field("issued_on", &typed.issued_on),
        effective_on: faults.field("effective_on", &typed.effective_on),
        expires_on: faults.field("expires_on", &typed.expires_on),
        summary: faults.field("summary", &typed.summary),
        body: faults.field("body", &typed.body),
        keywords: faults.field("keywords", &typed.keywords),
        relations: faults.field("relations", &typed.relations),
        source: faults.field("source", &typed.source),
        reason: faults.field("reason", &typed.reason),
        disclosures: Choice::all(DISCLOSURES, &typed.disclosure),
        disclosure_error: faults.at("disclosure"),
        disclosure_ground: faults.field("disclosure_ground", &typed.disclosure_ground),
        attachments: files.unwrap_or_default().iter().map(Attachment::of).collect(),
        attachment_error: faults.at("attachments"),
        original: typed.original.clone(),
        original_name: typed.original_name.clone(),
        intake: None,
        display: visit.display,
    })
}

/// The organs that this clerk may write for.
pub(super) async fn own_organs(visit: &Visit, chosen: &str) -> Result<Vec<Choice>, Problem> {
    let all = organs::all(&visit.app.clients).await?;
    let own = &visit.staff.account.organ_code;
    if visit.staff.is_office() || own.is_empty() {
        return Ok(organs::choices(&all, chosen));
    }
    Ok(organs::choices(organs::below(&all, own), chosen))
}

/// The classes of the city, those of what is in the library, and the one that is chosen.
async fn categories(visit: &Visit, chosen: &str) -> Result<Vec<Choice>, Problem> {
    let mut documents = visit.clients.documents();
    let counts = documents.count_policies(CountPoliciesRequest::default()).await?.into_inner();
    let mut names = visit.app.config.categories.clone();
    let used = counts.categories.into_iter().map(|count| count.key);
    for name in used.chain([chosen.to_owned()]) {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(Choice::all(names.iter().map(|name| (&**name, &**name)), chosen))
}
