//! What a person must look at, although an import went through.

use askama::Template;
use axum::{extract::Path, response::Response};
use contracts::documents::{ListWorklistRequest, ResolveWorklistEntryRequest, WorklistEntry};
use http::StatusCode;
use serde::Deserialize;

use super::{Visit, desk, visit::done};
use crate::{
    pages::{
        answer,
        view::{
            address::Address,
            days,
            facets::{PAGE_SIZE, Shown, pager},
            frame::{Desk, Display, Site},
            parts::{Faults, FieldError, Pager, State},
        },
    },
    problem::Problem,
    session::Csrf,
};

const PATH: &str = "/console/worklist";

#[derive(Template)]
#[template(path = "console/worklist.html")]
struct WorklistPage {
    site: Site,
    display: Display,
    desk: Desk,
    errors: Vec<FieldError>,
    rows: Vec<WorklistRow>,
    total: String,
    pager: Pager,
}

#[derive(Debug, Clone, Default)]
struct WorklistRow {
    title: String,
    url: String,
    state: State,
    when: String,
    resolve_url: String,
}

/// What was done about an entry.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Resolution {
    remark: String,
}

/// `GET /console/worklist`
pub async fn worklist(visit: Visit) -> Result<Response, Problem> {
    visit.only(&desk::CLERKS)?;
    answer::private(&page(visit, &Faults::default()).await?)
}

/// `POST /console/worklist/{id}/resolve`
pub async fn resolve(
    visit: Visit,
    Path(id): Path<String>,
    Csrf { form, .. }: Csrf<Resolution>,
) -> Result<Response, Problem> {
    let request = ResolveWorklistEntryRequest { entry_id: id, remark: form.remark };
    match visit.clients.documents().resolve_worklist_entry(request).await.map_err(Problem::from) {
        Ok(_) => Ok(done(PATH, "resolved")),
        Err(problem) if problem.status == StatusCode::BAD_REQUEST => {
            let faults = Faults::of(&problem, &[]);
            answer::refused(problem.status, &page(visit, &faults).await?)
        }
        Err(problem) => Err(problem),
    }
}

async fn page(visit: Visit, faults: &Faults) -> Result<WorklistPage, Problem> {
    let request = ListWorklistRequest {
        organ_code: visit.parameters.get("organ").to_owned(),
        page_size: PAGE_SIZE,
        page_token: visit.parameters.get("after").to_owned(),
    };
    let list = visit.clients.documents().list_worklist(request).await?.into_inner();
    let shown =
        Shown { rows: list.entries.len(), total: list.total, next_token: &list.next_page_token };
    Ok(WorklistPage {
        site: visit.site(),
        desk: visit.desk("导入待补", PATH),
        errors: faults.list(),
        rows: list.entries.iter().map(row).collect(),
        total: days::figure(list.total),
        pager: pager(&Address::new(PATH), &visit.parameters, shown, "项"),
        display: visit.display,
    })
}

fn row(entry: &WorklistEntry) -> WorklistRow {
    WorklistRow {
        title: entry.title.clone(),
        url: format!("/console/policies/{}", entry.policy_id),
        state: state(entry),
        when: days::day(entry.created_at),
        resolve_url: format!("{PATH}/{}/resolve", entry.id),
    }
}

/// What has to be looked at, and why.
pub fn state(entry: &WorklistEntry) -> State {
    let label = match entry.gate.as_str() {
        "organ_unassigned" => "机关待认定",
        "category_unknown" => "类别待核",
        "number_unread" => "文号待核",
        "privacy" => "个人信息待处理",
        "read_from_text" => "读出的内容待核",
        "not_public" => "公开属性待核",
        "future_day" => "成文日期待核",
        "text_missing" => "缺正文",
        "status_conflict" => "有效性矛盾",
        "source_url_unread" => "来源网址待核",
        "status_unclear" => "有效性待核",
        _ => "待核",
    };
    State::warn("edit", label).because(entry.detail.as_str())
}
