//! Intake: a document or many, read and proposed before anything is kept.

use askama::Template;
use axum::response::Response;
use contracts::documents::{
    ImportOutcome, ImportPoliciesRequest, ImportRecord, ImportResult, ProposePolicyRequest,
    ReadRecordsRequest,
};
use http::StatusCode;
use serde::Deserialize;

use super::{Visit, edit};
use crate::{
    pages::{
        answer,
        view::{
            frame::{Desk, Display, Site},
            parts::{Choice, Faults, Field, FieldError, State},
            standing::WRITERS,
        },
    },
    problem::Problem,
    session::{Csrf, Upload},
};

const PATH: &str = "/console/intake";
/// Records that are imported at once.
const MOST_AT_ONCE: usize = 100;

/// Which input shows what documents says of which field.
const INPUTS: [(&str, &str); 4] =
    [("text", "text"), ("content", "file"), ("file_name", "file"), ("records", "files")];

#[derive(Template)]
#[template(path = "console/intake.html")]
struct IntakePage {
    site: Site,
    display: Display,
    desk: Desk,
    errors: Vec<FieldError>,
    organs: Vec<Choice>,
    text: Field,
    file_error: String,
    files_error: String,
}

#[derive(Template)]
#[template(path = "console/intake_batch.html")]
struct BatchPage {
    site: Site,
    display: Display,
    desk: Desk,
    rows: Vec<BatchRow>,
    created: usize,
    unchanged: usize,
    refused: usize,
}

/// What became of a record of a batch.
#[derive(Debug, Clone, Default)]
struct BatchRow {
    title: String,
    /// The draft that it became.
    url: Option<String>,
    state: State,
    file: String,
}

/// What was brought.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Brought {
    organ: String,
    text: String,
}

/// `GET /console/intake`
pub async fn intake(visit: Visit) -> Result<Response, Problem> {
    visit.only(&WRITERS)?;
    answer::private(&page(visit, &Brought::default(), &Faults::default()).await?)
}

/// `POST /console/intake`
pub async fn read(visit: Visit, Csrf { form, files }: Csrf<Brought>) -> Result<Response, Problem> {
    visit.only(&WRITERS)?;
    let mut request = ProposePolicyRequest {
        text: form.text.clone(),
        organ_code: form.organ.clone(),
        ..ProposePolicyRequest::default()
    };
    let mut file_name = String::new();
    if let Some(Upload { file_name: name, content }) = files.into_iter().next() {
        file_name.clone_from(&name);
        request.file_name = name;
        request.content = content;
    }
    match visit.clients.intake().propose_policy(request).await.map_err(Problem::from) {
        Ok(answer) => edit::confirm(visit, answer.into_inner(), file_name).await,
        Err(problem) => refused(visit, &form, &problem).await,
    }
}

/// `POST /console/intake/batch`
pub async fn batch(visit: Visit, Csrf { form, files }: Csrf<Brought>) -> Result<Response, Problem> {
    visit.only(&WRITERS)?;
    if files.is_empty() {
        let faults = Faults::one("files", "请选择要录入的文件");
        let page = page(visit, &form, &faults).await?;
        return answer::refused(StatusCode::BAD_REQUEST, &page);
    }
    let mut rows = Vec::new();
    let mut records: Vec<(String, ImportRecord)> = Vec::new();
    for Upload { file_name, content } in files {
        let request = ReadRecordsRequest { file_name: file_name.clone(), content };
        match visit.clients.intake().read_records(request).await.map_err(Problem::from) {
            Ok(read) => {
                let read = read.into_inner();
                let refusal = |refusal: contracts::documents::RecordRefusal| BatchRow {
                    title: refusal.place,
                    state: State::bad("stop", "没有录入").because(refusal.reason),
                    file: file_name.clone(),
                    url: None,
                };
                rows.extend(read.refusals.into_iter().map(refusal));
                records.extend(read.records.into_iter().map(|record| (file_name.clone(), record)));
            }
            Err(problem) if problem.status.is_client_error() => {
                let why = problem.errors.first().map_or(&problem.detail, |fault| &fault.detail);
                rows.push(BatchRow {
                    title: file_name.clone(),
                    state: State::bad("stop", "没有录入").because(why),
                    file: file_name,
                    url: None,
                });
            }
            Err(problem) => return Err(problem),
        }
    }
    for some in records.chunks(MOST_AT_ONCE) {
        let request = ImportPoliciesRequest {
            records: some.iter().map(|(_, record)| record.clone()).collect(),
            organ_code: form.organ.clone(),
            ..ImportPoliciesRequest::default()
        };
        let answer = visit.clients.documents().import_policies(request).await?.into_inner();
        rows.extend(some.iter().zip(answer.results).map(|((file, record), result)| {
            let (state, url) = outcome(result);
            BatchRow { title: record.title.clone(), url, state, file: file.clone() }
        }));
    }
    let count = |tone: &str| rows.iter().filter(|row| row.state.tone == tone).count();
    let (created, unchanged, refused) = (count("ok"), count("off"), count("bad"));
    answer::private(&BatchPage {
        site: visit.site(),
        desk: visit.desk("批量录入结果", PATH).below("录入文件", PATH),
        created,
        unchanged,
        refused,
        rows,
        display: visit.display,
    })
}

fn outcome(result: ImportResult) -> (State, Option<String>) {
    let url =
        (!result.policy_id.is_empty()).then(|| format!("/console/policies/{}", result.policy_id));
    let state = match result.outcome() {
        ImportOutcome::Created => State::ok("已存为草稿"),
        ImportOutcome::Unchanged => State::off("以前录入过"),
        ImportOutcome::Refused | ImportOutcome::Unspecified => {
            State::bad("stop", "没有录入").because(result.reason)
        }
    };
    (state, url)
}

async fn refused(visit: Visit, form: &Brought, problem: &Problem) -> Result<Response, Problem> {
    if ![400, 413].contains(&problem.status.as_u16()) {
        return Err(problem.clone());
    }
    let faults = Faults::of(problem, &INPUTS);
    answer::refused(problem.status, &page(visit, form, &faults).await?)
}

async fn page(visit: Visit, typed: &Brought, faults: &Faults) -> Result<IntakePage, Problem> {
    let own = visit.staff.account.organ_code.clone();
    let chosen = if typed.organ.is_empty() { &own } else { &typed.organ };
    Ok(IntakePage {
        site: visit.site(),
        desk: visit.desk("录入文件", PATH),
        errors: faults.list(),
        organs: edit::own_organs(&visit, chosen).await?,
        text: faults.field("text", &typed.text),
        file_error: faults.at("file"),
        files_error: faults.at("files"),
        display: visit.display,
    })
}
