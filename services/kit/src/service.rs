//! A service is a value: what it answers, hears, holds and does by the clock.
//!
//! The front door of each service crate builds it from a [`Kit`]; [`crate::process`] runs it. In
//! one process or in nine, the code is the same: services meet over gRPC and on the bus.

use std::{
    collections::BTreeMap,
    future::Future,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;
use tonic::server::NamedService;
use uuid::Uuid;

use crate::{
    Copy, Handler, Result,
    auth::Access,
    bus::Bus,
    clock::Clock,
    config::{Settings, Validate},
    db::{Db, Migration, Place},
    files::Files,
    grpc::{Peer, Peers},
    jobs::Job,
    schema,
};

/// What one process shares between its services.
pub(crate) struct Platform {
    pub settings: Settings,
    pub data: PathBuf,
    pub clock: Arc<dyn Clock>,
    pub bus: Bus,
    pub peers: Peers,
    pub stop: CancellationToken,
    pub announce: Mutex<Vec<String>>,
    pub service_secret: String,
    pub replica: Uuid,
}

/// What a service gets from the platform to build itself.
#[derive(Clone)]
pub struct Kit {
    name: &'static str,
    platform: Arc<Platform>,
}

impl Kit {
    pub(crate) fn new(name: &'static str, platform: Arc<Platform>) -> Self {
        Self { name, platform }
    }

    /// Name of the service that is being built.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The service's section of the configuration, checked.
    pub fn config<C: DeserializeOwned + Validate>(&self) -> anyhow::Result<C> {
        Ok(self.platform.settings.section(self.name)?)
    }

    /// A section that belongs to the platform and not to one service.
    pub fn platform_config<C: DeserializeOwned + Validate>(
        &self,
        section: &str,
    ) -> anyhow::Result<C> {
        Ok(self.platform.settings.section(section)?)
    }

    /// Opens the service's own database and brings its tables up to date.
    pub async fn database(&self, migrations: &'static [Migration]) -> anyhow::Result<Db> {
        let config: DatabaseConfig = self.platform.settings.section("database")?;
        let place = if config.url.is_empty() {
            Place::File(self.platform.data.join("db").join(format!("{}.sqlite", self.name)))
        } else {
            Place::Schema {
                url: config.url,
                schema: format!("{}{}", config.schema_prefix, self.name),
                connections: config.connections,
            }
        };
        let db = Db::open(&place).await?;
        db.migrate(&[schema::MIGRATIONS, migrations]).await?;
        Ok(db)
    }

    /// The injected clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.platform.clock)
    }

    /// A folder of the service's own, under the platform's data folder.
    pub fn data(&self) -> PathBuf {
        self.platform.data.join(self.name)
    }

    /// The platform's data folder.
    pub fn data_root(&self) -> &Path {
        &self.platform.data
    }

    /// The content-addressed files of this service.
    pub fn files(&self) -> anyhow::Result<Files> {
        Ok(Files::open(self.data().join("files"))?)
    }

    /// A channel to another service, with this service's own token.
    pub fn peer(&self, service: &str) -> Peer {
        self.platform.peers.to(service, self.name)
    }

    /// Names of all services that this platform knows, here or elsewhere.
    pub fn known_services(&self) -> Vec<String> {
        self.platform.peers.names()
    }

    /// Fires when the process is asked to end.
    pub fn shutdown(&self) -> CancellationToken {
        self.platform.stop.clone()
    }

    /// The secret by which services prove to identity that they are services.
    pub fn service_secret(&self) -> String {
        self.platform.service_secret.clone()
    }

    /// Name of this replica, stable over restarts where the data folder is kept.
    pub fn replica(&self) -> Uuid {
        self.platform.replica
    }

    /// Says something to the person who started the process, once everything runs.
    pub fn announce(&self, line: String) {
        self.platform.announce.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

/// Where services keep their tables.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DatabaseConfig {
    url: String,
    schema_prefix: String,
    connections: u32,
}

impl Validate for DatabaseConfig {
    fn validate(&self) -> Result<(), String> {
        if !self.url.is_empty() && !self.url.starts_with("postgres") {
            return Err("url: must begin with postgres:// or be empty for SQLite files".to_owned());
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !self.schema_prefix.chars().all(plain) {
            return Err("schema_prefix: only a-z, 0-9 and _".to_owned());
        }
        if self.connections == 0 {
            return Err("connections: at least 1".to_owned());
        }
        Ok(())
    }
}

type Boxed = Pin<Box<dyn Future<Output = ()> + Send>>;
type Check =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

/// Adds one gRPC service to those of the process.
pub(crate) type Route = Box<dyn FnOnce(&mut tonic::service::RoutesBuilder) + Send>;

/// A background loop of a service.
pub(crate) struct Task {
    pub name: &'static str,
    pub start: Box<dyn FnOnce(CancellationToken) -> Boxed + Send>,
}

/// Something that is heard from one producer.
pub(crate) struct Hears<H: ?Sized> {
    pub producer: &'static str,
    pub types: Vec<String>,
    pub handler: Arc<H>,
}

/// How far the readers of a service have come, for metrics and operators.
#[derive(Debug, Default)]
pub(crate) struct Gauges(Mutex<BTreeMap<&'static str, (u64, usize)>>);

impl Gauges {
    pub fn reader(&self, producer: &'static str, position: u64, waiting: usize) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.insert(producer, (position, waiting));
    }

    /// Another replica reads on from here: nothing waits in this one.
    pub fn left(&self, producer: &'static str) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, waiting)) = map.get_mut(producer) {
            *waiting = 0;
        }
    }

    pub fn all(&self) -> Vec<(&'static str, u64, usize)> {
        let map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.iter().map(|(producer, (position, waiting))| (*producer, *position, *waiting)).collect()
    }
}

/// A service that the kit can run.
pub struct Service {
    pub(crate) name: &'static str,
    pub(crate) db: Option<Db>,
    pub(crate) routes: Vec<Route>,
    pub(crate) access: Vec<(&'static str, &'static [Access])>,
    pub(crate) http: Option<axum::Router>,
    pub(crate) handlers: Vec<Hears<dyn Handler>>,
    pub(crate) copies: Vec<Hears<dyn Copy>>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) checks: Vec<(&'static str, Check)>,
    pub(crate) gauges: Arc<Gauges>,
}

impl Service {
    /// A service that so far does nothing but keep its log.
    pub fn new(kit: &Kit, db: Option<Db>) -> Self {
        Self {
            name: kit.name,
            db,
            routes: Vec::new(),
            access: Vec::new(),
            http: None,
            handlers: Vec::new(),
            copies: Vec::new(),
            jobs: Vec::new(),
            tasks: Vec::new(),
            checks: Vec::new(),
            gauges: Arc::default(),
        }
    }

    /// Answers gRPC; a method that `access` does not name is refused.
    #[must_use]
    pub fn grpc<S>(mut self, server: S, access: &'static [Access]) -> Self
    where
        S: tower::Service<
                http::Request<tonic::body::Body>,
                Error = std::convert::Infallible,
                Response = http::Response<tonic::body::Body>,
            > + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        self.access.push((S::NAME, access));
        self.routes.push(Box::new(move |routes| {
            routes.add_service(server);
        }));
        self
    }

    /// Answers HTTP for the public.
    #[must_use]
    pub fn http(mut self, router: axum::Router) -> Self {
        self.http = Some(router);
        self
    }

    /// Hears events of a producer, for all replicas together.
    #[must_use]
    pub fn hears(
        mut self,
        producer: &'static str,
        types: impl IntoIterator<Item = String>,
        handler: Arc<dyn Handler>,
    ) -> Self {
        self.handlers.push(Hears { producer, types: types.into_iter().collect(), handler });
        self
    }

    /// Holds a copy, in each replica, of what a producer says.
    #[must_use]
    pub fn copies(
        mut self,
        producer: &'static str,
        types: impl IntoIterator<Item = String>,
        copy: Arc<dyn Copy>,
    ) -> Self {
        self.copies.push(Hears { producer, types: types.into_iter().collect(), handler: copy });
        self
    }

    /// Does something by the clock, once in a cluster.
    #[must_use]
    pub fn job(mut self, job: Job) -> Self {
        self.jobs.push(job);
        self
    }

    /// Runs a loop in the background until the token fires.
    #[must_use]
    pub fn task<F>(
        mut self,
        name: &'static str,
        start: impl FnOnce(CancellationToken) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tasks.push(Task { name, start: Box::new(move |stop| Box::pin(start(stop))) });
        self
    }

    /// Is ready only while this check passes; the error says what is wrong.
    #[must_use]
    pub fn readiness<F>(
        mut self,
        name: &'static str,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.checks.push((name, Arc::new(move || Box::pin(check()))));
        self
    }
}
