//! Finding policies.

use axum::{extract::Path, response::Response};
use contracts::{
    documents::Effect,
    search::{
        GetIndexStateRequest, ListRelatedRequest, RebuildIndexRequest, SearchOrder,
        SearchPolicyRequest, SearchRequest, SuggestRequest,
    },
};
use http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Route,
    extract::{Caller, Params, fresh, shared},
    get, post,
    view::{Found, FoundWithin, IndexState, Rebuilt, Related, Suggestions, number},
};
use crate::problem::Problem;

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/search", search),
        get("/search/suggest", suggest),
        get("/suggestions", suggestions),
        get("/policies/{id}/search", within),
        get("/policies/{id}/related", related),
        get("/search/state", state),
        post("/search/rebuild", rebuild),
    ]
}

/// What is sought.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Words, or a document number however it is written.
    q: String,
    /// Code of an organ.
    organ: String,
    /// 文件类别.
    category: String,
    /// Year of issue.
    year: i32,
    /// not_yet_in_force, in_force, lapsed or repealed.
    effect: String,
    /// relevance (the default) or newest.
    order: String,
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
    /// Whether to count the finds by organ, category, year and effect.
    facets: bool,
    /// Day on which effects are told and asked for, YYYY-MM-DD; empty: today.
    as_of: String,
}

/// Finds policies.
#[utoipa::path(get, path = "/search", tag = "search", params(Query),
    responses((status = 200, body = Found)))]
pub(crate) async fn search(
    caller: Caller,
    Params(query): Params<Query>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let Query { q, organ, category, year, effect, order, page_size, page_token, facets, as_of } =
        query;
    let request = SearchRequest {
        query: q,
        organ_code: organ,
        category,
        year,
        effect: number("effect", &effect, "EFFECT_", Effect::from_str_name)?,
        order: number("order", &order, "SEARCH_ORDER_", SearchOrder::from_str_name)?,
        page_size,
        page_token,
        facets,
        as_of,
    };
    let answer = caller.clients.search().search(request).await?.into_inner();
    Ok(shared(&caller, &asked, &Found::of(answer, facets)))
}

/// What is sought within one policy.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sought {
    /// Words.
    q: String,
    /// Most passages.
    limit: u32,
}

/// Finds the places of one policy that answer.
#[utoipa::path(get, path = "/policies/{id}/search", tag = "search",
    params(("id" = String, Path, description = "The policy."), Sought),
    responses((status = 200, body = FoundWithin)))]
pub(crate) async fn within(
    caller: Caller,
    Path(id): Path<String>,
    Params(sought): Params<Sought>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let Sought { q, limit } = sought;
    let request = SearchPolicyRequest { policy_id: id.clone(), query: q, limit };
    let answer = caller.clients.search().search_policy(request).await?.into_inner();
    Ok(shared(&caller, &asked, &FoundWithin::of(&id, answer)))
}

/// How many are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Most policies.
    limit: u32,
}

/// Policies about the same matter, nearest first.
#[utoipa::path(get, path = "/policies/{id}/related", tag = "search",
    params(("id" = String, Path, description = "The policy."), Wanted),
    responses((status = 200, body = Related)))]
pub(crate) async fn related(
    caller: Caller,
    Path(id): Path<String>,
    Params(wanted): Params<Wanted>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let request = ListRelatedRequest { policy_id: id, limit: wanted.limit };
    let answer = caller.clients.search().list_related(request).await?.into_inner();
    let items = answer.policies.into_iter().map(Into::into).collect();
    Ok(shared(&caller, &asked, &Related { items }))
}

/// What one has begun to type.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Begun {
    /// The text so far.
    q: String,
    /// Most suggestions.
    limit: u32,
}

/// Completes what a person has begun to type.
#[utoipa::path(get, path = "/search/suggest", tag = "search", params(Begun),
    responses((status = 200, body = Suggestions)))]
pub(crate) async fn suggest(
    caller: Caller,
    Params(begun): Params<Begun>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    complete(&caller, &asked, begun).await
}

/// The same under the address that the search boxes of the pages name.
#[utoipa::path(get, path = "/suggestions", tag = "search", params(Begun),
    responses((status = 200, body = Suggestions)))]
pub(crate) async fn suggestions(
    caller: Caller,
    Params(begun): Params<Begun>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    complete(&caller, &asked, begun).await
}

async fn complete(caller: &Caller, asked: &HeaderMap, begun: Begun) -> Result<Response, Problem> {
    let Begun { q, limit } = begun;
    let request = SuggestRequest { prefix: q, limit };
    let answer = caller.clients.search().suggest(request).await?.into_inner();
    Ok(shared(caller, asked, &Suggestions { items: answer.suggestions }))
}

/// How the index of the replica that answers is.
#[utoipa::path(get, path = "/search/state", tag = "search",
    responses((status = 200, body = IndexState)), security(("bearer" = [])))]
pub(crate) async fn state(caller: Caller) -> Result<Response, Problem> {
    let request = GetIndexStateRequest {};
    let answer = caller.clients.search().get_index_state(request).await?.into_inner();
    Ok(fresh(&IndexState::from(answer), ""))
}

/// Builds a new index beside the living one and swaps when it has caught up.
#[utoipa::path(post, path = "/search/rebuild", tag = "search",
    responses((status = 200, body = Rebuilt)), security(("bearer" = [])))]
pub(crate) async fn rebuild(caller: Caller) -> Result<Response, Problem> {
    let request = RebuildIndexRequest {};
    let answer = caller.clients.search().rebuild_index(request).await?.into_inner();
    Ok(fresh(&Rebuilt { policies: answer.policies }, ""))
}
