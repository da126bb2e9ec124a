//! Builds the services of a process and starts everything that they consist of.

use std::{collections::BTreeSet, net::SocketAddr, sync::Arc, time::Duration};

use contracts::platform::platform_service_server::{self, PlatformServiceServer};
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;
use tonic::transport::server::TcpIncoming;
use uuid::Uuid;

use super::{Front, GrpcConfig, Ports};
use crate::{
    Kit, Service,
    auth::Guard,
    bus::{self, Declared},
    copies::CopyReader,
    http::{Health, ops_router},
    jobs,
    platform::{self, Operated, Operations},
    reader::Reader,
    relay::Relay,
    service::{Hears, Platform, Task},
    telemetry::{Calls, Traced},
    watch::{self, Consumer, Watched},
};

/// How long the server keeps the consumer of a replica that is gone.
const REPLICA_CONSUMER: Duration = Duration::from_secs(3_600);

/// Builds every service and starts it.
pub(super) async fn all(
    platform: &Arc<Platform>,
    fronts: &[Front],
    ports: Ports,
    tracker: &TaskTracker,
) -> anyhow::Result<Arc<Operations>> {
    let mut services = Vec::new();
    for front in fronts {
        let kit = Kit::new(front.name, Arc::clone(platform));
        let service = (front.open)(kit).await.map_err(|e| e.context(front.name))?;
        as_declared(front, &service)?;
        services.push(service);
    }
    let health = Health::new();
    health.add("bus", {
        let bus = platform.bus.clone();
        move || {
            let connected = bus.is_connected();
            async move { connected.then_some(()).ok_or("NATS does not answer".to_owned()) }
        }
    });
    let mut routes = tonic::service::RoutesBuilder::default();
    let mut guard = Guard::new(platform.peers.verifier())
        .with(platform_service_server::SERVICE_NAME, platform::ACCESS);
    let mut calls = Calls::new().with(platform_service_server::SERVICE_NAME, platform::ACCESS);
    let (mut operated, mut watched) = (Vec::new(), Vec::new());
    let mut portal = None;
    for mut service in services {
        for (name, access) in std::mem::take(&mut service.access) {
            guard = guard.with(name, access);
            calls = calls.with(name, access);
        }
        for route in std::mem::take(&mut service.routes) {
            route(&mut routes);
        }
        portal = portal.or(service.http.take());
        for (name, check) in std::mem::take(&mut service.checks) {
            health.add(name, move || check());
        }
        watched.extend(watch_over(&service, platform));
        if let Some(entry) = run_events(&service, platform, tracker) {
            operated.push(entry);
        }
        run_background(service, platform, tracker);
    }
    let operations = Arc::new(Operations::new(operated, platform.bus.clone()));
    routes.add_service(PlatformServiceServer::from_arc(Arc::clone(&operations)));
    let (bus, clock) = (platform.bus.clone(), Arc::clone(&platform.clock));
    tracker.spawn(watch::run(watched, bus, clock, platform.stop.clone()));
    run_grpc(platform, routes, (calls, guard), ports.grpc, tracker).await?;
    run_http(platform, ops_router(health), ports.ops, tracker);
    if let (Some(router), Some(listener)) = (portal, ports.http) {
        run_http(platform, router, listener, tracker);
    }
    Ok(operations)
}

/// Whom a service hears stands in its front, too, because its rights on the bus follow from that.
fn as_declared(front: &Front, service: &Service) -> anyhow::Result<()> {
    let hears: BTreeSet<&str> = service.handlers.iter().map(|heard| heard.producer).collect();
    let copies: BTreeSet<&str> = service.copies.iter().map(|held| held.producer).collect();
    anyhow::ensure!(
        hears == front.hears.iter().copied().collect()
            && copies == front.copies.iter().copied().collect(),
        "{}: its front must name whom it hears ({hears:?}) and copies ({copies:?})",
        front.name
    );
    Ok(())
}

/// Starts relay and readers of a service that has a log.
fn run_events(
    service: &Service,
    platform: &Arc<Platform>,
    tracker: &TaskTracker,
) -> Option<Operated> {
    let db = service.db.clone()?;
    let relay = Relay {
        service: service.name,
        db: db.clone(),
        bus: platform.bus.clone(),
        clock: Arc::clone(&platform.clock),
        holder: platform.replica,
    };
    tracker.spawn(relay.run(platform.stop.clone()));
    for heard in &service.handlers {
        let reader = Reader {
            service: service.name,
            declared: declared(service.name, heard, None),
            db: db.clone(),
            bus: platform.bus.clone(),
            clock: Arc::clone(&platform.clock),
            holder: platform.replica,
            handler: Arc::clone(&heard.handler),
            gauges: Arc::clone(&service.gauges),
        };
        tracker.spawn(reader.run(platform.stop.clone()));
    }
    for held in &service.copies {
        let reader = CopyReader {
            service: service.name,
            replica: platform.replica.to_string(),
            declared: declared(service.name, held, Some(platform.replica)),
            db: db.clone(),
            bus: platform.bus.clone(),
            clock: Arc::clone(&platform.clock),
            copy: Traced::around(service.name, Arc::clone(&held.handler)),
            gauges: Arc::clone(&service.gauges),
        };
        tracker.spawn(reader.run(platform.stop.clone()));
    }
    let handlers = service.handlers.iter().map(|h| (h.producer, Arc::clone(&h.handler))).collect();
    let gauges = Arc::clone(&service.gauges);
    Some(Operated { name: service.name, db, handlers, gauges })
}

/// What of a service the metrics tell.
fn watch_over(service: &Service, platform: &Platform) -> Option<Watched> {
    let replica = Some(platform.replica);
    Some(Watched {
        name: service.name,
        db: service.db.clone()?,
        gauges: Arc::clone(&service.gauges),
        readers: service.handlers.iter().map(|h| consumer(service.name, h, None)).collect(),
        copies: service.copies.iter().map(|h| consumer(service.name, h, replica)).collect(),
        jobs: service.jobs.iter().map(jobs::Job::name).collect(),
    })
}

fn consumer<H: ?Sized>(service: &str, hears: &Hears<H>, replica: Option<Uuid>) -> Consumer {
    let Declared { producer, name, .. } = declared(service, hears, replica);
    Consumer { producer, name }
}

fn declared<H: ?Sized>(service: &str, hears: &Hears<H>, replica: Option<Uuid>) -> Declared {
    let subjects = hears.types.iter().map(|ty| bus::subject(hears.producer, ty)).collect();
    match replica {
        None => Declared {
            producer: hears.producer,
            name: service.to_owned(),
            subjects,
            gather: true,
            inactive: Duration::ZERO,
        },
        Some(replica) => Declared {
            producer: hears.producer,
            name: format!("{service}-{replica}"),
            subjects,
            gather: false,
            inactive: REPLICA_CONSUMER,
        },
    }
}

fn run_background(service: Service, platform: &Arc<Platform>, tracker: &TaskTracker) {
    if let Some(db) = service.db
        && !service.jobs.is_empty()
    {
        let clock = Arc::clone(&platform.clock);
        tracker.spawn(jobs::run(db, clock, service.name, service.jobs, platform.stop.clone()));
    }
    for Task { name, start } in service.tasks {
        let work = start(platform.stop.clone());
        tracker.spawn(async move {
            work.await;
            tracing::debug!(task = name, "background task ended");
        });
    }
}

async fn run_grpc(
    platform: &Arc<Platform>,
    mut routes: tonic::service::RoutesBuilder,
    (calls, guard): (Calls, Guard),
    listener: TcpListener,
    tracker: &TaskTracker,
) -> anyhow::Result<()> {
    let config: GrpcConfig = platform.settings.section("grpc")?;
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_service_status("", tonic_health::ServingStatus::Serving).await;
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(contracts::DESCRIPTORS)
        .build_v1()?;
    routes.add_service(health).add_service(reflection);
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let stop = platform.stop.clone();
    let server = tonic::transport::Server::builder()
        .http2_keepalive_interval(Some(Duration::from_secs(20)))
        .max_connection_age(Duration::from_secs(config.max_connection_age_seconds))
        .layer(calls)
        .layer(guard)
        .add_routes(routes.routes())
        .serve_with_incoming_shutdown(incoming, async move { stop.cancelled().await });
    tracker.spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the gRPC server ended");
        }
    });
    Ok(())
}

fn run_http(
    platform: &Arc<Platform>,
    router: axum::Router,
    listener: TcpListener,
    tracker: &TaskTracker,
) {
    let stop = platform.stop.clone();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tracker.spawn(async move {
        let served = axum::serve(listener, service)
            .with_graceful_shutdown(async move { stop.cancelled().await })
            .await;
        if let Err(error) = served {
            tracing::error!(%error, "the HTTP server ended");
        }
    });
}
