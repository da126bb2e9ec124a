//! What publications set going, and how it goes on.

use std::convert::Infallible;

use axum::{
    extract::{Path, State},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use contracts::documents::{GetReceiptRequest, ListReceiptsRequest, WatchReceiptRequest};
use futures::{StreamExt as _, stream};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Route,
    extract::{Caller, Params, fresh},
    get,
    view::{Page, Receipt},
};
use crate::{app::App, problem::Problem};

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/receipts", list),
        get("/policies/{id}/receipt", get_one),
        get("/policies/{id}/receipt/live", live),
    ]
}

/// Which receipts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Those of one policy.
    policy_id: String,
    /// Only those that are not complete.
    incomplete: bool,
    /// Only those with a late or failed step.
    troubled: bool,
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// Lists receipts, newest first.
#[utoipa::path(get, path = "/receipts", tag = "receipts", params(Filter),
    responses((status = 200, body = Page<Receipt>)), security(("bearer" = [])))]
pub(crate) async fn list(
    caller: Caller,
    Params(filter): Params<Filter>,
) -> Result<Response, Problem> {
    let Filter { policy_id, incomplete, troubled, page_size, page_token } = filter;
    let request = ListReceiptsRequest {
        policy_id,
        troubled_only: troubled,
        incomplete_only: incomplete,
        page_size,
        page_token,
    };
    let answer = caller.clients.documents().list_receipts(request).await?.into_inner();
    let page: Page<Receipt> = Page::of(answer.receipts, answer.next_page_token, answer.total);
    Ok(fresh(&page, ""))
}

/// Which receipt of a policy.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Of this revision; left out: the newest.
    revision: i64,
}

/// What the newest publication of a policy set going, or that of one revision.
#[utoipa::path(get, path = "/policies/{id}/receipt", tag = "receipts",
    params(("id" = String, Path, description = "Id of the policy"), Which),
    responses((status = 200, body = Receipt)), security(("bearer" = [])))]
pub(crate) async fn get_one(
    caller: Caller,
    Path(policy_id): Path<String>,
    Params(Which { revision }): Params<Which>,
) -> Result<Response, Problem> {
    let request = GetReceiptRequest { policy_id, revision };
    let answer = caller.clients.documents().get_receipt(request).await?.into_inner();
    Ok(fresh(&Receipt::from(answer.receipt.unwrap_or_default()), ""))
}

/// The newest receipt at once and after every change: server-sent events `receipt`, then `end`.
#[utoipa::path(get, path = "/policies/{id}/receipt/live", tag = "receipts",
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Receipt, content_type = "text/event-stream")),
    security(("bearer" = [])))]
pub(crate) async fn live(
    State(app): State<App>,
    caller: Caller,
    Path(policy_id): Path<String>,
) -> Result<Response, Problem> {
    let request = WatchReceiptRequest { policy_id };
    let changes = caller.clients.documents().watch_receipt(request).await?.into_inner();
    let stop = app.stop.clone();
    let events = changes
        .map(|change| match change {
            Ok(change) => told(&Receipt::from(change.receipt.unwrap_or_default())),
            Err(status) => Event::default().event("problem").data(Problem::from(status).json()),
        })
        .chain(stream::once(async { Event::default().event("end").data("") }))
        .map(Ok::<_, Infallible>)
        .take_until(stop.cancelled_owned());
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

fn told(receipt: &Receipt) -> Event {
    let data = serde_json::to_string(receipt).unwrap_or_default();
    Event::default().event("receipt").data(data)
}
