//! What operators do: look into logs, hand back dead letters, refill streams.

use axum::{
    body::Body as HttpBody,
    extract::State,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use contracts::platform::{
    ListAuditEntriesRequest, ListDeadLettersRequest, ListServicesRequest,
    RedriveDeadLettersRequest, RedriveDeadLettersResponse, ReplayEventsRequest, TailEventsRequest,
    platform_service_client::PlatformServiceClient,
};
use futures::{StreamExt as _, future::join_all};
use http::{HeaderValue, header};
use kit::grpc::Peer;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Route,
    extract::{Body, Caller, Params, fresh},
    get, post,
    view::{
        AuditEntry, DeadLetter, Items, LoggedEvent, Page, Redrive, Redriven, Replay, Replayed,
        ServiceState,
    },
};
use crate::{app::App, error::Error, problem::Problem};

const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");

/// The methods of this room.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/events/services", services),
        get("/events/tail", tail),
        get("/events/dead-letters", dead_letters),
        post("/events/redrive", redrive),
        post("/events/replay", replay),
        get("/audit", audit),
    ]
}

fn platform(caller: &Caller, service: &str) -> Result<PlatformServiceClient<Peer>, Error> {
    caller.clients.platform(service).ok_or_else(|| {
        let names: Vec<&str> = caller.clients.services().collect();
        let detail = format!("没有“{service}”这个服务，可选：{}", names.join("、"));
        Error::Parameter { field: "service".to_owned(), detail }
    })
}

/// How all services are; one that cannot be asked is left out of the list.
#[utoipa::path(get, path = "/events/services", tag = "operations",
    responses((status = 200, body = Items<ServiceState>)), security(("bearer" = [])))]
pub(crate) async fn services(caller: Caller) -> Result<Response, Problem> {
    let names: Vec<String> = caller.clients.services().map(str::to_owned).collect();
    let answers = join_all(names.iter().map(|name| async {
        let answer = platform(&caller, name)?.list_services(ListServicesRequest {}).await?;
        // Several services may answer at one address: each is taken once, where it was asked for.
        Ok(answer.into_inner().services.into_iter().find(|state| state.service == *name))
    }))
    .await;
    let mut states = Vec::new();
    let mut failure: Option<Problem> = None;
    for answer in answers {
        match answer {
            Ok(state) => states.extend(state),
            Err(problem) => failure = Some(problem),
        }
    }
    match failure {
        Some(problem) if states.is_empty() => Err(problem),
        _ => Ok(fresh(&Items::<ServiceState>::of(states), "")),
    }
}

/// Which events.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Tail {
    /// Whose log.
    service: String,
    /// After this position.
    after: u64,
    /// Only about this aggregate, `policies/…`.
    aggregate: String,
    /// Whether to go on as they happen.
    follow: bool,
    /// Most events; 0: all there are.
    limit: u32,
}

/// Events of a service's log, one JSON object a line.
#[utoipa::path(get, path = "/events/tail", tag = "operations", params(Tail),
    responses((status = 200, body = LoggedEvent, content_type = "application/x-ndjson")),
    security(("bearer" = [])))]
pub(crate) async fn tail(
    State(app): State<App>,
    caller: Caller,
    Params(Tail { service, after, aggregate, follow, limit }): Params<Tail>,
) -> Result<Response, Problem> {
    let mut client = platform(&caller, &service)?;
    let request = TailEventsRequest { service, after_position: after, follow, aggregate, limit };
    let events = client.tail_events(request).await?.into_inner();
    let lines = events
        .map(|event| {
            let mut line = match event {
                Ok(event) => serde_json::to_vec(&LoggedEvent::from(event))?,
                Err(status) => Problem::from(status).json().into_bytes(),
            };
            line.push(b'\n');
            Ok::<_, serde_json::Error>(Bytes::from(line))
        })
        .take_until(app.stop.clone().cancelled_owned());
    Ok(([(header::CONTENT_TYPE, NDJSON)], HttpBody::from_stream(lines)).into_response())
}

/// Which page of a service's dead letters.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeadFilter {
    /// The service that could not handle them.
    service: String,
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// Lists what a service could not handle.
#[utoipa::path(get, path = "/events/dead-letters", tag = "operations", params(DeadFilter),
    responses((status = 200, body = Page<DeadLetter>)), security(("bearer" = [])))]
pub(crate) async fn dead_letters(
    caller: Caller,
    Params(DeadFilter { service, page_size, page_token }): Params<DeadFilter>,
) -> Result<Response, Problem> {
    let mut client = platform(&caller, &service)?;
    let request = ListDeadLettersRequest { service, page_size, page_token };
    let answer = client.list_dead_letters(request).await?.into_inner();
    let page: Page<DeadLetter> = Page::uncounted(answer.dead_letters, answer.next_page_token);
    Ok(fresh(&page, ""))
}

/// Hands dead letters back to their reader, in order.
#[utoipa::path(post, path = "/events/redrive", tag = "operations", request_body = Redrive,
    responses((status = 200, body = Redriven)), security(("bearer" = [])))]
pub(crate) async fn redrive(
    caller: Caller,
    Body(Redrive { service, aggregate }): Body<Redrive>,
) -> Result<Response, Problem> {
    let mut client = platform(&caller, &service)?;
    let request = RedriveDeadLettersRequest { service, aggregate };
    let answer = client.redrive_dead_letters(request).await?.into_inner();
    let RedriveDeadLettersResponse { redriven, failed_again, first_error } = answer;
    Ok(fresh(&Redriven { redriven, failed_again, first_error }, ""))
}

/// Refills a service's stream from its event table.
#[utoipa::path(post, path = "/events/replay", tag = "operations", request_body = Replay,
    responses((status = 200, body = Replayed)), security(("bearer" = [])))]
pub(crate) async fn replay(
    caller: Caller,
    Body(Replay { service }): Body<Replay>,
) -> Result<Response, Problem> {
    let mut client = platform(&caller, &service)?;
    let answer = client.replay_events(ReplayEventsRequest { service }).await?.into_inner();
    Ok(fresh(&Replayed { events: answer.events }, ""))
}

/// Which entries of the audit trail.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditFilter {
    /// Of which service.
    service: String,
    /// Only about this resource, `policies/…`.
    resource: String,
    /// Most items of the page.
    page_size: u32,
    /// From the page before.
    page_token: String,
}

/// Lists who did what to which resource.
#[utoipa::path(get, path = "/audit", tag = "operations", params(AuditFilter),
    responses((status = 200, body = Page<AuditEntry>)), security(("bearer" = [])))]
pub(crate) async fn audit(
    caller: Caller,
    Params(AuditFilter { service, resource, page_size, page_token }): Params<AuditFilter>,
) -> Result<Response, Problem> {
    let mut client = platform(&caller, &service)?;
    let request = ListAuditEntriesRequest { service, resource, page_size, page_token };
    let answer = client.list_audit_entries(request).await?.into_inner();
    let page: Page<AuditEntry> = Page::uncounted(answer.entries, answer.next_page_token);
    Ok(fresh(&page, ""))
}
