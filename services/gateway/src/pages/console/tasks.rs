//! What is due: the first page of a clerk's day.

use askama::Template;
use axum::response::Response;
use contracts::{
    documents::{
        DraftState, Expunge, ListExpungesRequest, ListExpungesResponse, ListPoliciesRequest,
        ListPoliciesResponse, ListReceiptsRequest, ListReceiptsResponse, ListWorklistRequest,
        ListWorklistResponse, Policy, Receipt, WorklistEntry,
    },
    interpretations::{ListTasksRequest, ListTasksResponse, Task, TaskState},
};

use super::{Visit, expunge, visit::if_allowed, worklist};
use crate::{
    pages::{
        answer,
        view::{
            days,
            frame::{Desk, Display, Flash, Site},
            parts::State,
            receipt,
            standing::{self, REVIEWERS, WRITERS, holds},
            task,
        },
    },
    problem::Problem,
};

/// Rows of each group; the heading leads to all of them.
const ROWS: u32 = 6;
const IN_REVIEW: &str = "/console/policies?state=in_review";
const APPROVED: &str = "/console/policies?state=approved";
const RETURNED: &str = "/console/policies?state=returned";
const SCHEDULED: &str = "/console/policies?state=scheduled";
const ALL_DUTIES: &str = "/console/interpretation-tasks";
const LATE_DUTIES: &str = "/console/interpretation-tasks?state=overdue";

#[derive(Template)]
#[template(path = "console/tasks.html")]
struct TasksPage {
    site: Site,
    display: Display,
    desk: Desk,
    due: Vec<DueTile>,
    groups: Vec<TaskGroup>,
    new_url: Option<String>,
}

/// A figure at the top, which opens what it counts.
#[derive(Debug, Clone, Default)]
struct DueTile {
    label: String,
    count: String,
    url: String,
    tone: String,
}

/// Tasks of one kind.
#[derive(Debug, Clone, Default)]
struct TaskGroup {
    id: String,
    title: String,
    all_url: String,
    total: String,
    rows: Vec<TaskRow>,
}

#[derive(Debug, Clone, Default)]
struct TaskRow {
    title: String,
    url: String,
    organ: String,
    state: State,
    when: String,
    /// The verb of its link.
    act: String,
}

/// One kind of task: how many there are, and the first of them.
struct Kind {
    /// Whether it waits for this clerk; what waits for others comes last.
    own: bool,
    id: &'static str,
    title: &'static str,
    tone: &'static str,
    all_url: &'static str,
    total: u64,
    rows: Vec<TaskRow>,
}

/// `GET /console`
pub async fn tasks(visit: Visit) -> Result<Response, Problem> {
    let (late, receipts, drafts, expunges, duties, entries) = tokio::join!(
        duties(&visit, TaskState::Overdue),
        receipts(&visit),
        drafts(&visit),
        expunges(&visit),
        duties(&visit, TaskState::Open),
        entries(&visit)
    );
    let mut desk = visit.desk("我的任务", "/console");
    // One service that is away must not hide what the others have for the clerk.
    let kinds = [late, receipts, drafts, expunges, duties, entries];
    if kinds.iter().any(Result::is_err) {
        let text = "有的服务暂时无法使用，下面的任务可能不全，请几分钟后刷新。".to_owned();
        desk.flash = Some(Flash { tone: "warn".to_owned(), text });
    }
    let kinds = kinds.into_iter().flat_map(Result::unwrap_or_default);
    let mut kinds: Vec<Kind> = kinds.filter(|kind| kind.total > 0).collect();
    kinds.sort_by_key(|kind| !kind.own);
    let page = TasksPage {
        site: visit.site(),
        desk,
        due: kinds.iter().map(tile).collect(),
        groups: kinds.into_iter().map(group).collect(),
        new_url: new_url(&visit),
        display: visit.display,
    };
    answer::private(&page)
}

/// Where a clerk who writes starts a draft.
pub fn new_url(visit: &Visit) -> Option<String> {
    let writes = WRITERS.iter().any(|role| visit.staff.has(role));
    writes.then(|| "/console/policies/new".to_owned())
}

fn tile(kind: &Kind) -> DueTile {
    DueTile {
        label: kind.title.to_owned(),
        count: days::figure(kind.total),
        url: kind.all_url.to_owned(),
        tone: kind.tone.to_owned(),
    }
}

fn group(kind: Kind) -> TaskGroup {
    TaskGroup {
        id: kind.id.to_owned(),
        title: kind.title.to_owned(),
        all_url: kind.all_url.to_owned(),
        total: days::figure(kind.total),
        rows: kind.rows,
    }
}

async fn drafts(visit: &Visit) -> Result<Vec<Kind>, Problem> {
    let ask = async |state: DraftState| {
        let request = ListPoliciesRequest {
            draft_state: state.into(),
            page_size: ROWS,
            ..ListPoliciesRequest::default()
        };
        if_allowed(visit.clients.documents().list_policies(request).await)
    };
    let (waiting, returned, approved, scheduled) = tokio::try_join!(
        ask(DraftState::InReview),
        ask(DraftState::Returned),
        ask(DraftState::Approved),
        ask(DraftState::Scheduled)
    )?;
    let roles = &visit.staff.account.roles;
    let (reviews, writes) = (holds(roles, &REVIEWERS), holds(roles, &WRITERS));
    let kind = |id, title, tone, all_url, own, act, list: ListPoliciesResponse| Kind {
        own,
        id,
        title,
        tone,
        all_url,
        total: list.total,
        rows: list
            .policies
            .iter()
            .map(|policy| draft_row(policy, if own { act } else { "查看" }))
            .collect(),
    };
    Ok(vec![
        kind("review", "待审核", "wait", IN_REVIEW, reviews, "审核", waiting),
        kind("approved", "待发布", "ok", APPROVED, reviews, "发布", approved),
        kind("returned", "退回修改", "warn", RETURNED, writes, "修改", returned),
        kind("scheduled", "定时发布", "off", SCHEDULED, false, "查看", scheduled),
    ])
}

fn draft_row(policy: &Policy, act: &str) -> TaskRow {
    let draft = policy.draft.clone().unwrap_or_default();
    let title = draft.content.as_ref().or(policy.content.as_ref()).map(|c| c.title.clone());
    TaskRow {
        title: title.unwrap_or_default(),
        url: format!("/console/policies/{}", policy.id),
        organ: policy.organ_name.clone(),
        state: standing::draft_state(&draft),
        when: days::day(draft.updated_at),
        act: act.to_owned(),
    }
}

async fn duties(visit: &Visit, state: TaskState) -> Result<Vec<Kind>, Problem> {
    let request =
        ListTasksRequest { state: state.into(), page_size: ROWS, ..ListTasksRequest::default() };
    let list: ListTasksResponse =
        if_allowed(visit.clients.interpretations().list_tasks(request).await)?;
    let (id, title, tone, all_url) = match state {
        TaskState::Overdue => ("overdue", "解读已逾期", "bad", LATE_DUTIES),
        _ => ("duties", "解读任务", "warn", ALL_DUTIES),
    };
    let rows = list.tasks.iter().map(duty_row).collect();
    Ok(vec![Kind { own: true, id, title, tone, all_url, total: list.total, rows }])
}

fn duty_row(duty: &Task) -> TaskRow {
    TaskRow {
        title: duty.policy_title.clone(),
        url: format!("/console/policies/{}/interpretations/new", duty.policy_id),
        organ: String::new(),
        state: task::state(duty),
        when: task::due(duty),
        act: "撰写解读".to_owned(),
    }
}

async fn receipts(visit: &Visit) -> Result<Vec<Kind>, Problem> {
    let request = ListReceiptsRequest {
        troubled_only: true,
        page_size: ROWS,
        ..ListReceiptsRequest::default()
    };
    let list: ListReceiptsResponse =
        if_allowed(visit.clients.documents().list_receipts(request).await)?;
    Ok(vec![Kind {
        own: true,
        id: "receipts",
        title: "回执异常",
        tone: "bad",
        all_url: "/console#receipts",
        total: list.total,
        rows: list.receipts.iter().map(receipt_row).collect(),
    }])
}

fn receipt_row(receipt: &Receipt) -> TaskRow {
    TaskRow {
        title: receipt.policy_title.clone(),
        url: format!(
            "/console/policies/{}/receipt?revision={}",
            receipt.policy_id, receipt.revision
        ),
        organ: String::new(),
        state: receipt::trouble(receipt),
        when: days::day(receipt.started_at),
        act: "查看".to_owned(),
    }
}

/// Requests to blank a revision, for those who may agree.
async fn expunges(visit: &Visit) -> Result<Vec<Kind>, Problem> {
    if visit.only(&REVIEWERS).is_err() {
        return Ok(Vec::new());
    }
    let request = ListExpungesRequest { page_size: ROWS, ..ListExpungesRequest::default() };
    let list: ListExpungesResponse =
        if_allowed(visit.clients.documents().list_expunges(request).await)?;
    Ok(vec![Kind {
        own: true,
        id: "expunges",
        title: "待确认清除",
        tone: "warn",
        all_url: "/console/expunges",
        total: list.total,
        rows: list.expunges.iter().map(expunge_row).collect(),
    }])
}

fn expunge_row(request: &Expunge) -> TaskRow {
    TaskRow {
        title: format!("{}（第 {} 版）", request.policy_title, request.revision),
        url: format!("/console/expunges/{}", request.id),
        organ: String::new(),
        state: expunge::state(request),
        when: days::day(request.requested_at),
        act: "核对".to_owned(),
    }
}

async fn entries(visit: &Visit) -> Result<Vec<Kind>, Problem> {
    let request = ListWorklistRequest { page_size: ROWS, ..ListWorklistRequest::default() };
    let list: ListWorklistResponse =
        if_allowed(visit.clients.documents().list_worklist(request).await)?;
    Ok(vec![Kind {
        own: true,
        id: "worklist",
        title: "历史导入待补",
        tone: "warn",
        all_url: "/console/worklist",
        total: list.total,
        rows: list.entries.iter().map(entry_row).collect(),
    }])
}

fn entry_row(entry: &WorklistEntry) -> TaskRow {
    TaskRow {
        title: entry.title.clone(),
        url: format!("/console/policies/{}", entry.policy_id),
        organ: String::new(),
        state: worklist::state(entry),
        when: days::day(entry.created_at),
        act: "补录".to_owned(),
    }
}
