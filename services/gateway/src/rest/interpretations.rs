//! Interpretations and the tasks to write them.

use axum::{
    extract::Path,
    response::{IntoResponse as _, Response},
};
use contracts::interpretations as wire;
use contracts::interpretations::{
    CreateInterpretationRequest, GetInterpretationRequest, GetTaskRequest, InterpretationState,
    ListInterpretationsRequest, ListTasksRequest, PublishInterpretationRequest, TaskState,
    UpdateInterpretationRequest, WithdrawInterpretationRequest,
};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    Route,
    extract::{Body, Caller, Conditions, Params, fresh, shared},
    get, post, put,
    view::{Interpretation, InterpretationDraft, Page, Task, number},
};
use crate::problem::Problem;

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/interpretations", list),
        post("/interpretations", create),
        get("/interpretations/{id}", get_one),
        put("/interpretations/{id}", update),
        post("/interpretations/{id}/publish", publish),
        post("/interpretations/{id}/withdraw", withdraw),
        get("/policies/{id}/interpretations", of_policy),
        get("/policies/{id}/task", task_of_policy),
        get("/tasks", tasks),
    ]
}

/// Which interpretations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Those of one policy.
    policy_id: String,
    /// Code of an organ.
    organ: String,
    /// Staff only: draft, published or withdrawn.
    state: String,
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// Lists interpretations, without their text.
#[utoipa::path(get, path = "/interpretations", tag = "interpretations", params(Filter),
    responses((status = 200, body = Page<Interpretation>)))]
pub(crate) async fn list(
    caller: Caller,
    Params(filter): Params<Filter>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let Filter { policy_id, organ, state, page_size, page_token } = filter;
    let read = InterpretationState::from_str_name;
    let state = number("state", &state, "INTERPRETATION_STATE_", read)?;
    let request =
        ListInterpretationsRequest { policy_id, state, organ_code: organ, page_size, page_token };
    found(&caller, &asked, request).await
}

/// Lists the interpretations of one policy, without their text.
#[utoipa::path(get, path = "/policies/{id}/interpretations", tag = "interpretations",
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Page<Interpretation>)))]
pub(crate) async fn of_policy(
    caller: Caller,
    Path(policy_id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = ListInterpretationsRequest { policy_id, ..Default::default() };
    found(&caller, &asked, request).await
}

async fn found(
    caller: &Caller,
    asked: &HeaderMap,
    request: ListInterpretationsRequest,
) -> Result<Response, Problem> {
    let mut client = caller.clients.interpretations();
    let answer = client.list_interpretations(request).await?.into_inner();
    let page: Page<Interpretation> =
        Page::of(answer.interpretations, answer.next_page_token, answer.total);
    Ok(shared(caller, asked, &page))
}

/// One interpretation.
#[utoipa::path(get, path = "/interpretations/{id}", tag = "interpretations",
    params(("id" = String, Path, description = "Id of the interpretation")),
    responses((status = 200, body = Interpretation)))]
pub(crate) async fn get_one(
    caller: Caller,
    Path(interpretation_id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = GetInterpretationRequest { interpretation_id };
    let answer = caller.clients.interpretations().get_interpretation(request).await?.into_inner();
    let interpretation = Interpretation::from(answer.interpretation.unwrap_or_default());
    if caller.known {
        return Ok(fresh(&interpretation, &interpretation.etag));
    }
    Ok(shared(&caller, &asked, &interpretation))
}

/// Starts an interpretation as a draft.
#[utoipa::path(post, path = "/interpretations", tag = "interpretations",
    request_body = InterpretationDraft,
    responses((status = 201, body = Interpretation)), security(("bearer" = [])))]
pub(crate) async fn create(
    caller: Caller,
    conditions: Conditions,
    Body(draft): Body<InterpretationDraft>,
) -> Result<Response, Problem> {
    let request = CreateInterpretationRequest {
        interpretation: Some(draft.into()),
        request_id: conditions.request_id,
    };
    let mut client = caller.clients.interpretations();
    let made = client.create_interpretation(request).await?.into_inner();
    Ok((StatusCode::CREATED, answer(made.interpretation)).into_response())
}

/// Changes an interpretation.
#[utoipa::path(put, path = "/interpretations/{id}", tag = "interpretations",
    request_body = InterpretationDraft,
    params(("id" = String, Path, description = "Id of the interpretation")),
    responses((status = 200, body = Interpretation)), security(("bearer" = [])))]
pub(crate) async fn update(
    caller: Caller,
    Path(id): Path<String>,
    conditions: Conditions,
    Body(draft): Body<InterpretationDraft>,
) -> Result<Response, Problem> {
    let draft = wire::Interpretation::from(draft);
    let etag = conditions.etag(draft.etag.clone());
    let interpretation = Some(wire::Interpretation { id, etag, ..draft });
    let request = UpdateInterpretationRequest { interpretation };
    let mut client = caller.clients.interpretations();
    Ok(answer(client.update_interpretation(request).await?.into_inner().interpretation))
}

/// What a command works on, and why.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct InterpretationCommand {
    /// Why it is withdrawn, in Chinese.
    reason: String,
    /// What was read; or in `If-Match`.
    etag: String,
}

/// Makes an interpretation public; closes the task of its policy.
#[utoipa::path(post, path = "/interpretations/{id}/publish", tag = "interpretations",
    request_body = InterpretationCommand,
    params(("id" = String, Path, description = "Id of the interpretation")),
    responses((status = 200, body = Interpretation)), security(("bearer" = [])))]
pub(crate) async fn publish(
    caller: Caller,
    Path(interpretation_id): Path<String>,
    conditions: Conditions,
    Body(command): Body<InterpretationCommand>,
) -> Result<Response, Problem> {
    let etag = conditions.etag(command.etag);
    let request = PublishInterpretationRequest { interpretation_id, etag };
    let mut client = caller.clients.interpretations();
    Ok(answer(client.publish_interpretation(request).await?.into_inner().interpretation))
}

/// Takes an interpretation from the public.
#[utoipa::path(post, path = "/interpretations/{id}/withdraw", tag = "interpretations",
    request_body = InterpretationCommand,
    params(("id" = String, Path, description = "Id of the interpretation")),
    responses((status = 200, body = Interpretation)), security(("bearer" = [])))]
pub(crate) async fn withdraw(
    caller: Caller,
    Path(interpretation_id): Path<String>,
    conditions: Conditions,
    Body(InterpretationCommand { reason, etag }): Body<InterpretationCommand>,
) -> Result<Response, Problem> {
    let etag = conditions.etag(etag);
    let request = WithdrawInterpretationRequest { interpretation_id, reason, etag };
    let mut client = caller.clients.interpretations();
    Ok(answer(client.withdraw_interpretation(request).await?.into_inner().interpretation))
}

fn answer(interpretation: Option<wire::Interpretation>) -> Response {
    let interpretation = Interpretation::from(interpretation.unwrap_or_default());
    fresh(&interpretation, &interpretation.etag)
}

/// Which tasks.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TaskFilter {
    /// Code of an organ.
    organ: String,
    /// open, overdue, closed or waived.
    state: String,
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// Lists the tasks to interpret policies.
#[utoipa::path(get, path = "/tasks", tag = "interpretations", params(TaskFilter),
    responses((status = 200, body = Page<Task>)), security(("bearer" = [])))]
pub(crate) async fn tasks(
    caller: Caller,
    Params(filter): Params<TaskFilter>,
) -> Result<Response, Problem> {
    let TaskFilter { organ, state, page_size, page_token } = filter;
    let state = number("state", &state, "TASK_STATE_", TaskState::from_str_name)?;
    let request = ListTasksRequest { organ_code: organ, state, page_size, page_token };
    let answer = caller.clients.interpretations().list_tasks(request).await?.into_inner();
    let page: Page<Task> = Page::of(answer.tasks, answer.next_page_token, answer.total);
    Ok(fresh(&page, ""))
}

/// The task of one policy, with its deadline and the reasons of it.
#[utoipa::path(get, path = "/policies/{id}/task", tag = "interpretations",
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Task)), security(("bearer" = [])))]
pub(crate) async fn task_of_policy(
    caller: Caller,
    Path(policy_id): Path<String>,
) -> Result<Response, Problem> {
    let request = GetTaskRequest { policy_id };
    let answer = caller.clients.interpretations().get_task(request).await?.into_inner();
    Ok(fresh(&Task::from(answer.task.unwrap_or_default()), ""))
}
