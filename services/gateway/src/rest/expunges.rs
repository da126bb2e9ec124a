//! Blanking a revision by law: one person asks with a ground, a second agrees.

use axum::{
    extract::Path,
    response::{IntoResponse as _, Response},
};
use contracts::documents::{ApproveExpungeRequest, ListExpungesRequest, RequestExpungeRequest};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Route,
    extract::{Body, Caller, Params, fresh},
    get,
    policies::parse_revision,
    post,
    view::{Expunge, Page, Revision},
};
use crate::problem::Problem;

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/policies/{id}/revisions/{revision}/expunge", request),
        get("/expunges", list),
        post("/expunges/{id}/approve", approve),
    ]
}

/// On what ground.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ground {
    /// What the law demands, in Chinese.
    ground: String,
}

/// An expunge that waits for a second person.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExpungeRequested {
    /// Its id.
    expunge_id: String,
}

/// Asks, with a ground, that a revision be blanked everywhere.
#[utoipa::path(post, path = "/policies/{id}/revisions/{revision}/expunge", tag = "publishing",
    request_body = Ground,
    params(("id" = String, Path, description = "Id of the policy"),
        ("revision" = i64, Path, description = "Number of the revision")),
    responses((status = 201, body = ExpungeRequested)), security(("bearer" = [])))]
pub(crate) async fn request(
    caller: Caller,
    Path((policy_id, revision)): Path<(String, String)>,
    Body(Ground { ground }): Body<Ground>,
) -> Result<Response, Problem> {
    let revision = parse_revision(&revision)?;
    let request = RequestExpungeRequest { policy_id, revision, ground };
    let made = caller.clients.documents().request_expunge(request).await?.into_inner();
    let expunge = ExpungeRequested { expunge_id: made.expunge_id };
    Ok((StatusCode::CREATED, fresh(&expunge, "")).into_response())
}

/// Which requests.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExpungeFilter {
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// Lists the requests to blank a revision that wait for a second person, oldest first.
#[utoipa::path(get, path = "/expunges", tag = "publishing", params(ExpungeFilter),
    responses((status = 200, body = Page<Expunge>)), security(("bearer" = [])))]
pub(crate) async fn list(
    caller: Caller,
    Params(filter): Params<ExpungeFilter>,
) -> Result<Response, Problem> {
    let ExpungeFilter { page_size, page_token } = filter;
    let request = ListExpungesRequest { page_size, page_token };
    let answer = caller.clients.documents().list_expunges(request).await?.into_inner();
    let page: Page<Expunge> = Page::of(answer.expunges, answer.next_page_token, answer.total);
    Ok(fresh(&page, ""))
}

/// A second person agrees: the revision is blanked.
#[utoipa::path(post, path = "/expunges/{id}/approve", tag = "publishing",
    params(("id" = String, Path, description = "Id of the expunge")),
    responses((status = 200, body = Revision)), security(("bearer" = [])))]
pub(crate) async fn approve(
    caller: Caller,
    Path(expunge_id): Path<String>,
) -> Result<Response, Problem> {
    let request = ApproveExpungeRequest { expunge_id };
    let done = caller.clients.documents().approve_expunge(request).await?.into_inner();
    Ok(fresh(&Revision::from(done.revision.unwrap_or_default()), ""))
}
