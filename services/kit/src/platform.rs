//! The gRPC service by which operators look into every service of this process.

use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};

use contracts::platform::{
    ListAuditEntriesRequest, ListAuditEntriesResponse, ListDeadLettersRequest,
    ListDeadLettersResponse, ListServicesRequest, ListServicesResponse, LoggedEvent, ReaderState,
    RedriveDeadLettersRequest, RedriveDeadLettersResponse, ReplayEventsRequest,
    ReplayEventsResponse, ServiceState, TailEventsRequest,
    platform_service_server::PlatformService,
};
use futures::{Stream, TryStreamExt as _};
use tonic::{Request, Response, Status};

use crate::{
    Handler, audit,
    auth::Access,
    bus::{self, Bus},
    clock,
    db::{Db, signed, unsigned},
    dead,
    outbox::{self, LoggedRow},
    page::Page,
    service::Gauges,
};

/// Who may use it.
pub(crate) const ACCESS: &[Access] = &[
    Access::roles("ListServices", OPERATORS),
    Access::roles("TailEvents", OPERATORS),
    Access::roles("ListDeadLetters", OPERATORS),
    Access::roles("RedriveDeadLetters", OPERATORS),
    Access::roles("ReplayEvents", OPERATORS),
    Access::roles("ListAuditEntries", AUDITORS),
];
const OPERATORS: &[&str] = &[contracts::role::OPS, contracts::role::SERVICE];
const AUDITORS: &[&str] = &[
    contracts::role::OPS,
    contracts::role::OFFICE,
    contracts::role::EDITOR,
    contracts::role::REVIEWER,
    contracts::role::SERVICE,
];

/// One service of this process, as its operator reaches it.
pub(crate) struct Operated {
    pub name: &'static str,
    pub db: Db,
    pub handlers: Vec<(&'static str, Arc<dyn Handler>)>,
    pub gauges: Arc<Gauges>,
}

/// Answers for all services of this process.
pub(crate) struct Operations {
    services: HashMap<&'static str, Operated>,
    bus: Bus,
}

impl Operations {
    pub fn new(services: Vec<Operated>, bus: Bus) -> Self {
        Self { services: services.into_iter().map(|s| (s.name, s)).collect(), bus }
    }

    fn find(&self, name: &str) -> Result<&Operated, Status> {
        self.services
            .get(name)
            .ok_or_else(|| Status::not_found(format!("service: no service {name:?} answers here")))
    }

    async fn state(&self, service: &Operated) -> Result<ServiceState, Status> {
        let log = outbox::state(service.db.conn()).await?;
        let stream = self.bus.stream(service.name).await.ok().flatten();
        let mut readers = Vec::new();
        for (producer, position, waiting) in service.gauges.all() {
            let stream = self.bus.stream(producer).await.ok().flatten();
            readers.push(ReaderState {
                producer: producer.to_owned(),
                position,
                waiting: u64::try_from(waiting).unwrap_or(u64::MAX),
                stream_position: stream.map_or(0, |info| info.state.last_sequence),
            });
        }
        Ok(ServiceState {
            service: service.name.to_owned(),
            log_position: unsigned(log.last_position),
            stream_position: stream.map_or(0, |info| info.state.last_sequence),
            epoch: unsigned(log.epoch),
            readers,
            dead_letters: dead::count(&service.db).await?,
        })
    }
}

#[tonic::async_trait]
impl PlatformService for Operations {
    async fn list_services(
        &self,
        _request: Request<ListServicesRequest>,
    ) -> Result<Response<ListServicesResponse>, Status> {
        let mut services = Vec::new();
        for service in self.services.values() {
            services.push(self.state(service).await?);
        }
        services.sort_by(|a, b| a.service.cmp(&b.service));
        Ok(Response::new(ListServicesResponse { services }))
    }

    type TailEventsStream = Pin<Box<dyn Stream<Item = Result<LoggedEvent, Status>> + Send>>;

    async fn tail_events(
        &self,
        request: Request<TailEventsRequest>,
    ) -> Result<Response<Self::TailEventsStream>, Status> {
        let request = request.into_inner();
        let db = self.find(&request.service)?.db.clone();
        let start = (signed(request.after_position), 0_u32);
        let pages = futures::stream::try_unfold(start, move |(position, sent)| {
            let (db, request) = (db.clone(), request.clone());
            async move {
                loop {
                    if request.limit > 0 && sent >= request.limit {
                        return Ok::<_, Status>(None);
                    }
                    let rows = outbox::after(&db, position, 200).await?;
                    let Some(last) = rows.last().and_then(|row| row.position) else {
                        if !request.follow {
                            return Ok(None);
                        }
                        tokio::time::sleep(Duration::from_millis(200)).await;
                        continue;
                    };
                    let events: Vec<LoggedEvent> = rows
                        .into_iter()
                        .filter(|r| {
                            request.aggregate.is_empty() || r.aggregate == request.aggregate
                        })
                        .map(wire)
                        .collect();
                    let count = sent + u32::try_from(events.len()).unwrap_or(0);
                    return Ok(Some((
                        futures::stream::iter(events.into_iter().map(Ok)),
                        (last, count),
                    )));
                }
            }
        });
        Ok(Response::new(Box::pin(pages.try_flatten())))
    }

    async fn list_dead_letters(
        &self,
        request: Request<ListDeadLettersRequest>,
    ) -> Result<Response<ListDeadLettersResponse>, Status> {
        let ListDeadLettersRequest { service, page_size, page_token } = request.into_inner();
        let found = self.find(&service)?;
        let page = Page::parse(page_size, &page_token, 500)?;
        let after = match page.after::<1>()? {
            Some([id]) => crate::id::parse(id, "PageToken")?,
            None => uuid::Uuid::nil(),
        };
        let mut letters = dead::list(&found.db, &service, after, page.fetch()).await?;
        let next_page_token = page.cut(&mut letters, |last| vec![last.event_id.clone()]);
        Ok(Response::new(ListDeadLettersResponse { dead_letters: letters, next_page_token }))
    }

    async fn redrive_dead_letters(
        &self,
        request: Request<RedriveDeadLettersRequest>,
    ) -> Result<Response<RedriveDeadLettersResponse>, Status> {
        let RedriveDeadLettersRequest { service, aggregate } = request.into_inner();
        let found = self.find(&service)?;
        let mut response = RedriveDeadLettersResponse::default();
        for (producer, handler) in &found.handlers {
            let result = dead::redrive(&found.db, producer, &aggregate, handler).await?;
            response.redriven += result.handled;
            response.failed_again += result.failed;
            if response.first_error.is_empty() {
                response.first_error = result.first_error;
            }
        }
        Ok(Response::new(response))
    }

    async fn replay_events(
        &self,
        request: Request<ReplayEventsRequest>,
    ) -> Result<Response<ReplayEventsResponse>, Status> {
        let found = self.find(&request.into_inner().service)?;
        // A new epoch that begins behind the log's end makes the relay, on whichever replica it
        // runs, refill the stream, and no reader forget anything.
        let log = outbox::start_epoch(&found.db, None).await?;
        let target = unsigned(log.last_position);
        for _ in 0..1_200 {
            if let Ok(Some(info)) = self.bus.stream(found.name).await
                && bus::epoch_of(&info).is_some_and(|epoch| epoch.number == unsigned(log.epoch))
                && info.state.last_sequence >= target
            {
                return Ok(Response::new(ReplayEventsResponse { events: target }));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(Status::unavailable(
            "the bus does not answer; the stream is refilled as soon as it does",
        ))
    }

    async fn list_audit_entries(
        &self,
        request: Request<ListAuditEntriesRequest>,
    ) -> Result<Response<ListAuditEntriesResponse>, Status> {
        let ListAuditEntriesRequest { service, resource, page_size, page_token } =
            request.into_inner();
        let found = self.find(&service)?;
        let page = Page::parse(page_size, &page_token, 500)?;
        let (entries, next_page_token) = audit::list(&found.db, &service, &resource, &page).await?;
        Ok(Response::new(ListAuditEntriesResponse { entries, next_page_token }))
    }
}

fn wire(row: LoggedRow) -> LoggedEvent {
    LoggedEvent {
        id: row.id.to_string(),
        position: unsigned(row.position.unwrap_or(0)),
        r#type: row.kind,
        aggregate: row.aggregate,
        revision: row.revision,
        occurred_at: Some(clock::to_wire(row.occurred_at)),
        actor: row.actor,
        epoch: unsigned(row.epoch.unwrap_or(0)),
        payload_bytes: u32::try_from(row.payload.len()).unwrap_or(u32::MAX),
    }
}
