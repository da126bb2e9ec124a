//! What the measured processes stand on: folders, databases, nats-server, and what `/proc` tells.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use sea_orm::{ConnectionTrait as _, Database as Connect};
use tempfile::TempDir;

/// The PostgreSQL to measure on, unless this environment variable names another.
const POSTGRES: &str = "YANGGUANG_TEST_POSTGRES";
const LOCAL_POSTGRES: &str = "postgres://postgres@127.0.0.1:5432/postgres";
/// Clock ticks a second in `/proc/PID/stat`: so on every Linux that Rust runs on.
const TICKS: f64 = 100.0;

/// Which database is measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// Files.
    Sqlite,
    /// A server, in a database of our own.
    Postgres,
}

impl Database {
    /// Those that answer.
    pub async fn reachable() -> Vec<Self> {
        let mut all = vec![Self::Sqlite];
        match Connect::connect(postgres()).await {
            Ok(_) => all.push(Self::Postgres),
            Err(error) => eprintln!("bench: not on PostgreSQL: {error}"),
        }
        all
    }

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// Makes a place that is empty.
    pub async fn create(self) -> Result<Place> {
        let folder = tempfile::tempdir()?;
        if self == Self::Sqlite {
            return Ok(Place { folder, name: None, url: String::new() });
        }
        let name = format!("yangguang_bench_{}", std::process::id());
        let door = Connect::connect(postgres()).await?;
        door.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
        let server = postgres();
        let server = server.rsplit_once('/').map_or(server.as_str(), |(server, _)| server);
        Ok(Place { url: format!("{server}/{name}"), folder, name: Some(name) })
    }
}

fn postgres() -> String {
    std::env::var(POSTGRES).unwrap_or_else(|_| LOCAL_POSTGRES.to_owned())
}

/// Where product and floor keep what they are told.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
    name: Option<String>,
    /// Of the PostgreSQL database; empty: files.
    pub url: String,
}

impl Place {
    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Removes all of it.
    pub async fn drop(self) -> Result<()> {
        if let Some(name) = &self.name {
            let door = Connect::connect(postgres()).await?;
            door.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await?;
        }
        Ok(())
    }
}

/// A child process that ends with this one.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// Starts it.
    pub fn start(command: &mut Command) -> Result<Self> {
        let named = format!("{}", command.get_program().display());
        Ok(Self(command.stdin(Stdio::null()).spawn().context(named)?))
    }

    /// Its id.
    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    /// The child itself.
    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Asks it to end and waits; ends it where it does not.
    pub fn stop(mut self) {
        let _ = Command::new("kill").args(["-INT", &self.pid().to_string()]).status();
        let deadline = Instant::now() + Duration::from_secs(20);
        while matches!(self.0.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A nats-server with a store of its own, as the product configures its own.
#[derive(Debug)]
pub struct Nats {
    process: Process,
    _store: TempDir,
    /// Where it answers.
    pub url: String,
}

impl Nats {
    /// Starts one and waits until it answers.
    pub async fn start() -> Result<Self> {
        let store = tempfile::tempdir()?;
        let port = free_port()?;
        let local = Path::new(".tools/nats-server");
        let program = if local.is_file() { local } else { Path::new("nats-server") };
        let process = Process::start(
            Command::new(program)
                .args(["-a", "127.0.0.1", "-p", &port.to_string(), "-js", "-sd"])
                .arg(store.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        let address = format!("127.0.0.1:{port}");
        wait_for(&address).await?;
        Ok(Self { process, _store: store, url: format!("nats://{address}") })
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Ends it.
    pub fn stop(self) {
        self.process.stop();
    }
}

/// A port that nobody listens on.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Waits until something listens.
pub async fn wait_for(address: &str) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(20);
    while tokio::net::TcpStream::connect(address).await.is_err() {
        anyhow::ensure!(Instant::now() < deadline, "nothing listens on {address}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Processor time that processes have taken so far.
pub fn cpu(pids: &[u32]) -> Duration {
    let ticks: f64 = pids.iter().filter_map(|pid| ticks(*pid)).sum();
    Duration::from_secs_f64(ticks / TICKS)
}

fn ticks(pid: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system) = (fields.next()?, fields.next()?);
    Some(user.parse::<f64>().ok()? + system.parse::<f64>().ok()?)
}

/// A line of `/proc/PID/status`, in MiB.
pub fn mebibytes(pid: u32, line: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let found = status.lines().find_map(|it| it.strip_prefix(line)?.strip_prefix(':'));
    let kibibytes = found.and_then(|it| it.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.unwrap_or(0.0) / 1024.0
}

/// Waits until a process has done what it does behind a command's answer, half a minute at most.
pub async fn quiet(pids: &[u32]) {
    let deadline = Instant::now() + Duration::from_secs(30);
    let mut calm = 0;
    while calm < 3 && Instant::now() < deadline {
        let before = cpu(pids);
        tokio::time::sleep(Duration::from_millis(200)).await;
        let busy = cpu(pids).saturating_sub(before) > Duration::from_millis(20);
        calm = if busy { 0 } else { calm + 1 };
    }
}
