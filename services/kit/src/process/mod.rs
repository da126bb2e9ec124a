//! One process: configuration in, services up, everything ended in order.

mod serve;

use std::{
    collections::{BTreeMap, HashMap},
    future::Future,
    net::SocketAddr,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use contracts::platform::platform_service_server;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    Kit, Service,
    bus::{Bus, BusConfig, Login, rights::Member},
    clock::Clock,
    config::{Problems, Settings, Validate},
    grpc::Peers,
    nats::{Embedded, write_private},
    platform::Operations,
    service::{DatabaseConfig, Platform},
    telemetry,
};

/// The kit's own sections, commented.
const DEFAULTS: &str = include_str!("../../default.toml");

/// Name and commented defaults of each section: the platform's, and those of `fronts`.
pub fn defaults(fronts: &[Front]) -> Vec<(&'static str, &'static str)> {
    let mut sections = Vec::new();
    let starts: Vec<usize> = DEFAULTS.match_indices("\n[").map(|(at, _)| at + 1).collect();
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(DEFAULTS.len());
        let text = DEFAULTS.get(*start..end).unwrap_or_default();
        let name = text.split(['[', ']']).nth(1).unwrap_or_default();
        sections.push((name, text));
    }
    sections.extend(fronts.iter().map(|front| (front.name, front.defaults)));
    sections
}

/// File in the data folder that says where the running process answers.
const ADDRESSES: &str = "run.json";
/// How long a start waits for a bus that is not its own, to see whether it is new enough.
const BUS_ANSWERS_WITHIN: std::time::Duration = std::time::Duration::from_secs(3);

/// A service that this program knows.
#[derive(Clone, Copy)]
pub struct Front {
    /// Its name, which is also its section.
    pub name: &'static str,
    /// Its commented defaults.
    pub defaults: &'static str,
    /// Whom it hears, for all replicas together; its rights on the bus follow from it.
    pub hears: &'static [&'static str],
    /// Of whom each of its replicas holds a copy.
    pub copies: &'static [&'static str],
    /// Says what is wrong with its section, touching nothing.
    pub check: fn(&Settings) -> Result<(), Problems>,
    /// Builds it.
    pub open: fn(Kit) -> Opening,
}

impl Front {
    /// The service as the bus sees it.
    pub fn member(&self) -> Member<'static> {
        Member { name: self.name, hears: self.hears, copies: self.copies }
    }
}

/// A service that is being built.
pub type Opening = Pin<Box<dyn Future<Output = anyhow::Result<Service>> + Send>>;

/// A process that runs.
pub struct Running {
    /// Where the portal answers, if it runs here.
    pub http: Option<SocketAddr>,
    /// Where the services answer.
    pub grpc: SocketAddr,
    /// Where health and metrics answer.
    pub ops: SocketAddr,
    /// What the services have to say to the person who started them.
    pub announcements: Vec<String>,
    stop: CancellationToken,
    tracker: TaskTracker,
    bus: Option<Embedded>,
    data: PathBuf,
    operations: Arc<Operations>,
}

/// Where a process answers, as it lies in the data folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Addresses {
    /// Process id.
    pub pid: u32,
    /// Of the portal.
    pub http: Option<SocketAddr>,
    /// Of the services.
    pub grpc: SocketAddr,
    /// Of health and metrics.
    pub ops: SocketAddr,
}

impl Addresses {
    /// Reads where the process over a data folder answers.
    pub fn read(data: &Path) -> anyhow::Result<Self> {
        let file = data.join(ADDRESSES);
        let text = std::fs::read_to_string(&file).map_err(|e| {
            anyhow::anyhow!("no running platform is known in {}: {e}", data.display())
        })?;
        Ok(serde_json::from_str(&text)?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlatformConfig {
    data: PathBuf,
    public_url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listen {
    listen: SocketAddr,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrpcConfig {
    listen: SocketAddr,
    max_connection_age_seconds: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthConfig {
    service_secret: String,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct PeersConfig(HashMap<String, String>);

impl Validate for PlatformConfig {
    fn validate(&self) -> Result<(), String> {
        if self.public_url.starts_with("http://") || self.public_url.starts_with("https://") {
            return Ok(());
        }
        Err("public_url: must begin with http:// or https://".to_owned())
    }
}
impl Validate for Listen {
    fn validate(&self) -> Result<(), String> {
        Ok(())
    }
}
impl Validate for GrpcConfig {
    fn validate(&self) -> Result<(), String> {
        Ok(())
    }
}
impl Validate for AuthConfig {
    fn validate(&self) -> Result<(), String> {
        if !self.service_secret.is_empty() && self.service_secret.len() < 32 {
            return Err("service_secret: at least 32 characters".to_owned());
        }
        Ok(())
    }
}
impl Validate for PeersConfig {
    fn validate(&self) -> Result<(), String> {
        let wrong = |url: &str| url.split(',').any(|one| !one.trim().starts_with("http://"));
        match self.0.iter().find(|(_, url)| !url.is_empty() && wrong(url)) {
            Some((name, url)) => Err(format!("{name}: each of {url:?} must begin with http://")),
            None => Ok(()),
        }
    }
}
impl Validate for BusConfig {
    fn validate(&self) -> Result<(), String> {
        for server in self.url.split(',').filter(|_| !self.url.is_empty()) {
            if let Err(error) = server.parse::<async_nats::ServerAddr>() {
                return Err(format!("url: each must be like nats://host:4222: {error}"));
            }
        }
        if self.replicas == 0 || self.replicas > 5 {
            return Err("replicas: from 1 to 5".to_owned());
        }
        if self.user.is_empty() != self.password.is_empty() {
            return Err("user, password: both or none".to_owned());
        }
        if !self.user.is_empty() && !self.token.is_empty() {
            return Err("token, user: one of them".to_owned());
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !self.user.chars().all(plain) {
            return Err("user: only letters, digits, _ and -".to_owned());
        }
        Ok(())
    }
}

/// Checks every section that the platform itself or one of `fronts` reads, and tells all that is
/// wrong at once; no database, port or bus is touched.
pub fn check(settings: &Settings, fronts: &[Front]) -> Result<(), Problems> {
    let platform = [
        settings.check::<PlatformConfig>("platform"),
        settings.check::<Listen>("http"),
        settings.check::<GrpcConfig>("grpc"),
        settings.check::<Listen>("ops"),
        settings.check::<DatabaseConfig>("database"),
        settings.check::<BusConfig>("bus"),
        settings.check::<AuthConfig>("auth"),
        settings.check::<PeersConfig>("peers"),
        settings.check::<telemetry::Config>("telemetry"),
    ];
    Problems::all(platform.into_iter().chain(fronts.iter().map(|front| (front.check)(settings))))
}

/// Starts the named services of `fronts` and answers when they do.
pub async fn start(
    settings: Settings,
    fronts: &[Front],
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Running> {
    check(&settings, fronts)?;
    let config: PlatformConfig = settings.section("platform")?;
    std::fs::create_dir_all(&config.data)?;
    let data = config.data.canonicalize()?;
    let ports = Ports::open(&settings, fronts).await?;
    let bus_config: BusConfig = settings.section("bus")?;
    let (bus, embedded) = open_bus(&bus_config, &data, fronts).await?;
    let stop = CancellationToken::new();
    let platform = Arc::new(Platform {
        peers: peers(&settings, fronts, &ports, &data, &clock)?,
        service_secret: secret(&settings, &data)?,
        replica: replica(&data, &*clock)?,
        settings,
        data: data.clone(),
        clock,
        bus,
        stop: stop.clone(),
        announce: Mutex::default(),
    });
    let tracker = TaskTracker::new();
    let addresses = ports.addresses()?;
    let operations = serve::all(&platform, fronts, ports, &tracker).await?;
    write_private(&data.join(ADDRESSES), &serde_json::to_string(&addresses)?)?;
    let announcements =
        std::mem::take(&mut *platform.announce.lock().unwrap_or_else(PoisonError::into_inner));
    let Addresses { http, grpc, ops, .. } = addresses;
    Ok(Running { http, grpc, ops, announcements, stop, tracker, bus: embedded, data, operations })
}

/// The ports of a process, opened before anything that needs to know them.
struct Ports {
    http: Option<TcpListener>,
    grpc: TcpListener,
    ops: TcpListener,
}

impl Ports {
    async fn open(settings: &Settings, fronts: &[Front]) -> anyhow::Result<Self> {
        let bind = async |section: &str, address: SocketAddr| {
            TcpListener::bind(address)
                .await
                .map_err(|e| anyhow::anyhow!("{section}.listen: {address} cannot be opened: {e}"))
        };
        let portal = fronts.iter().any(|front| front.name == "gateway");
        let http = settings.section::<Listen>("http")?.listen;
        let http = if portal { Some(bind("http", http).await?) } else { None };
        let grpc = bind("grpc", settings.section::<GrpcConfig>("grpc")?.listen).await?;
        let ops = bind("ops", settings.section::<Listen>("ops")?.listen).await?;
        Ok(Self { http, grpc, ops })
    }

    fn addresses(&self) -> anyhow::Result<Addresses> {
        Ok(Addresses {
            pid: std::process::id(),
            http: self.http.as_ref().map(TcpListener::local_addr).transpose()?,
            grpc: self.grpc.local_addr()?,
            ops: self.ops.local_addr()?,
        })
    }
}

async fn open_bus(
    config: &BusConfig,
    data: &Path,
    fronts: &[Front],
) -> anyhow::Result<(Bus, Option<Embedded>)> {
    let name = fronts.iter().map(|front| front.name).collect::<Vec<_>>().join(",");
    if !config.url.is_empty() {
        let bus = Bus::connect(&config.url, config.login(), config.replicas, &name).await?;
        // One that is away now is looked at when it comes back.
        if let Ok(answered) = tokio::time::timeout(BUS_ANSWERS_WITHIN, bus.verify()).await {
            answered?;
        }
        return Ok((bus, None));
    }
    let server = Embedded::start(&data.join("nats"), &config.server).await?;
    let bus = Bus::connect(&server.url, Login::Token(&server.token), 1, &name).await?;
    bus.verify().await?;
    Ok((bus, Some(server)))
}

fn peers(
    settings: &Settings,
    fronts: &[Front],
    ports: &Ports,
    data: &Path,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<Peers> {
    let here = reachable(ports.grpc.local_addr()?);
    let configured = settings.section::<PeersConfig>("peers")?.0;
    let mut places = BTreeMap::new();
    for (name, url) in configured {
        let local = fronts.iter().any(|front| front.name == name);
        let url = if url.is_empty() || local { format!("http://{here}") } else { url };
        places.insert(name, url);
    }
    Ok(Peers::new(places, secret(settings, data)?, Arc::clone(clock))?)
}

/// `0.0.0.0` is where one listens, not where one calls.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        return SocketAddr::new(std::net::Ipv4Addr::LOCALHOST.into(), address.port());
    }
    address
}

fn secret(settings: &Settings, data: &Path) -> anyhow::Result<String> {
    let configured = settings.section::<AuthConfig>("auth")?.service_secret;
    if !configured.is_empty() {
        return Ok(configured);
    }
    kept(&data.join("service.secret"), crate::id::secret)
}

fn replica(data: &Path, clock: &dyn Clock) -> anyhow::Result<Uuid> {
    Ok(kept(&data.join("replica.id"), || crate::id::new(clock).to_string())?.parse()?)
}

/// A word that is made once and then kept in a private file.
fn kept(file: &Path, make: impl FnOnce() -> String) -> anyhow::Result<String> {
    if let Ok(text) = std::fs::read_to_string(file)
        && !text.trim().is_empty()
    {
        return Ok(text.trim().to_owned());
    }
    let word = make();
    write_private(file, &word)?;
    Ok(word)
}

impl Running {
    /// Fires when something asks the process to end.
    pub fn stopping(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// What operators ask of this process, for those who are in it.
    pub fn operations(&self) -> &impl platform_service_server::PlatformService {
        &*self.operations
    }

    /// Process id of the embedded bus, for tests that end it.
    pub fn bus_pid(&self) -> Option<u32> {
        self.bus.as_ref().and_then(Embedded::pid)
    }

    /// Runs until the token fires; an embedded bus that dies is an end, too.
    pub async fn wait(&mut self) {
        let stop = self.stop.clone();
        let Some(bus) = self.bus.as_mut() else { return stop.cancelled().await };
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(Duration::from_millis(500)) => {}
            }
            if !bus.is_alive() {
                tracing::error!("the embedded nats-server has ended; the process ends, too");
                stop.cancel();
            }
        }
    }

    /// Ends what runs: no new work, what was begun is finished, the bus last.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tracker.close();
        if tokio::time::timeout(Duration::from_secs(25), self.tracker.wait()).await.is_err() {
            tracing::warn!("something did not end in time and is cut off");
        }
        if let Some(bus) = self.bus {
            bus.stop().await;
        }
        let _ = std::fs::remove_file(self.data.join(ADDRESSES));
    }
}
