//! Duties to interpret, with their deadlines.

use askama::Template;
use axum::response::Response;
use contracts::interpretations::{
    GetTaskRequest, ListTasksRequest, ListTasksResponse, Task, TaskState,
};

use super::Visit;
use crate::{
    pages::{
        answer,
        view::{
            address::Address,
            days,
            facets::{PAGE_SIZE, Shown, pager},
            frame::{Desk, Display, Site},
            parts::{FacetOption, Link, Pager, State},
            task,
        },
    },
    problem::Problem,
};

const PATH: &str = "/console/interpretation-tasks";
const STATES: [(&str, TaskState, &str); 4] = [
    ("", TaskState::Open, "待办"),
    ("overdue", TaskState::Overdue, "已逾期"),
    ("closed", TaskState::Closed, "已完成"),
    ("waived", TaskState::Waived, "无需解读"),
];

#[derive(Template)]
#[template(path = "console/interpretation_tasks.html")]
struct InterpretationTasksPage {
    site: Site,
    display: Display,
    desk: Desk,
    states: Vec<FacetOption>,
    rows: Vec<InterpretationTask>,
    pager: Pager,
}

#[derive(Debug, Clone, Default)]
struct InterpretationTask {
    policy_title: String,
    policy_url: String,
    organ: String,
    due: String,
    state: State,
    act: Option<Link>,
}

/// `GET /console/interpretation-tasks?state=…`, or the one of a policy: `?policy=…`
pub async fn tasks(visit: Visit) -> Result<Response, Problem> {
    let word = visit.parameters.get("state");
    let policy = visit.parameters.get("policy");
    let (list, totals) = tokio::try_join!(list(&visit, word, policy), totals(&visit))?;
    let first = Address::new(PATH).with("state", word);
    let shown =
        Shown { rows: list.tasks.len(), total: list.total, next_token: &list.next_page_token };
    let option = |((value, _, label), total): (&(&str, TaskState, &str), u64)| FacetOption {
        label: (*label).to_owned(),
        count: days::figure(total),
        url: Address::new(PATH).with("state", *value).to_string(),
        current: policy.is_empty() && *value == word,
    };
    let page = InterpretationTasksPage {
        site: visit.site(),
        desk: visit.desk("解读任务", PATH),
        states: STATES.iter().zip(totals).map(option).collect(),
        rows: list.tasks.iter().map(row).collect(),
        pager: pager(&first, &visit.parameters, shown, "项"),
        display: visit.display,
    };
    answer::private(&page)
}

async fn list(visit: &Visit, word: &str, policy: &str) -> Result<ListTasksResponse, Problem> {
    let mut interpretations = visit.clients.interpretations();
    if !policy.is_empty() {
        let request = GetTaskRequest { policy_id: policy.to_owned() };
        let task = interpretations.get_task(request).await?.into_inner().task;
        let tasks: Vec<Task> = task.into_iter().collect();
        return Ok(ListTasksResponse { total: 1, tasks, ..ListTasksResponse::default() });
    }
    let state = STATES.iter().find(|(known, ..)| *known == word).map(|(_, state, _)| *state);
    let request = ListTasksRequest {
        organ_code: visit.parameters.get("organ").to_owned(),
        state: state.unwrap_or(TaskState::Open).into(),
        page_size: PAGE_SIZE,
        page_token: visit.parameters.get("after").to_owned(),
    };
    Ok(interpretations.list_tasks(request).await?.into_inner())
}

/// How many there are in each of [`STATES`].
async fn totals(visit: &Visit) -> Result<Vec<u64>, Problem> {
    let total = async |state: TaskState| {
        let request =
            ListTasksRequest { state: state.into(), page_size: 1, ..ListTasksRequest::default() };
        let answered = visit.clients.interpretations().list_tasks(request).await?;
        Ok::<u64, Problem>(answered.into_inner().total)
    };
    futures::future::try_join_all(STATES.map(|(_, state, _)| total(state))).await
}

fn row(duty: &Task) -> InterpretationTask {
    let open = matches!(duty.state(), TaskState::Open | TaskState::Overdue);
    let write = format!("/console/policies/{}/interpretations/new", duty.policy_id);
    InterpretationTask {
        policy_title: duty.policy_title.clone(),
        policy_url: format!("/console/policies/{}", duty.policy_id),
        organ: String::new(),
        due: task::due(duty),
        state: task::state(duty),
        act: open.then(|| Link::new("撰写解读", write)),
    }
}
