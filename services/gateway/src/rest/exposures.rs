//! What a draft would expose of persons, and what is decided about it.

use axum::{extract::Path, response::Response};
use contracts::documents::{
    self as wire, JustifyExposuresRequest, ListExposuresRequest, MaskExposuresRequest,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Route,
    extract::{Body, Caller, Conditions, fresh},
    get, post,
    view::Policy,
};
use crate::problem::Problem;

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/policies/{id}/exposures", list),
        post("/policies/{id}/exposures/mask", mask),
        post("/policies/{id}/exposures/justify", justify),
    ]
}

/// Something personal that publication would expose; never the value itself.
#[derive(Serialize, ToSchema)]
pub(crate) struct Exposure {
    /// The same for the same value in the same place.
    id: String,
    /// Where it stands, in Chinese.
    place: String,
    /// What it is, in Chinese.
    kind: String,
    /// Whether a check digit or a word beside it confirms it.
    certain: bool,
    /// The value masked, between the words around it.
    excerpt: String,
    /// False in files, which are masked by who made them.
    maskable: bool,
}

impl From<wire::Exposure> for Exposure {
    fn from(exposure: wire::Exposure) -> Self {
        let wire::Exposure { id, place, kind, certain, excerpt, maskable } = exposure;
        Self { id, place, kind, certain, excerpt, maskable }
    }
}

/// What nobody has decided on yet.
#[derive(Serialize, ToSchema)]
pub(crate) struct Exposures {
    /// What would be exposed.
    exposures: Vec<Exposure>,
    /// What could not be looked into and a person has to, in Chinese.
    notes: Vec<String>,
}

/// Which exposures.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Chosen {
    /// Their ids.
    exposure_ids: Vec<String>,
    /// Why they may be published.
    reason: String,
    /// What was read; or in `If-Match`.
    etag: String,
}

/// What the draft would expose of persons, its files included, and nobody has justified yet.
#[utoipa::path(get, path = "/policies/{id}/exposures", tag = "publishing",
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Exposures)), security(("bearer" = [])))]
pub(crate) async fn list(
    caller: Caller,
    Path(policy_id): Path<String>,
) -> Result<Response, Problem> {
    let request = ListExposuresRequest { policy_id };
    let found = caller.clients.documents().list_exposures(request).await?.into_inner();
    let exposures = found.exposures.into_iter().map(Into::into).collect();
    Ok(fresh(&Exposures { exposures, notes: found.notes }, ""))
}

/// Masks exposures in the draft's text by the convention of their kind.
#[utoipa::path(post, path = "/policies/{id}/exposures/mask", tag = "publishing",
    request_body = Chosen,
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn mask(
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    Body(Chosen { exposure_ids, reason: _, etag }): Body<Chosen>,
) -> Result<Response, Problem> {
    let request = MaskExposuresRequest { policy_id, exposure_ids, etag: conditions.etag(etag) };
    let done = caller.clients.documents().mask_exposures(request).await?.into_inner();
    let policy = Policy::from(done.policy.unwrap_or_default());
    Ok(fresh(&policy, &policy.etag))
}

/// Notes why exposures may be published.
#[utoipa::path(post, path = "/policies/{id}/exposures/justify", tag = "publishing",
    request_body = Chosen,
    params(("id" = String, Path, description = "Id of the policy")),
    responses((status = 200, body = Policy)), security(("bearer" = [])))]
pub(crate) async fn justify(
    caller: Caller,
    Path(policy_id): Path<String>,
    conditions: Conditions,
    Body(Chosen { exposure_ids, reason, etag }): Body<Chosen>,
) -> Result<Response, Problem> {
    let etag = conditions.etag(etag);
    let request = JustifyExposuresRequest { policy_id, exposure_ids, reason, etag };
    let done = caller.clients.documents().justify_exposures(request).await?.into_inner();
    let policy = Policy::from(done.policy.unwrap_or_default());
    Ok(fresh(&policy, &policy.etag))
}
