//! The embedded bus: a nats-server as a child process, under the data folder.
//!
//! It listens on a port that the system chooses and asks for a token that lies in the data folder.
//! A process that was killed leaves its server behind; the next start finds it by its pid file,
//! makes sure that it is the one, and ends it before it opens the store.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde::Deserialize;
use tokio::{process::Child, time::Instant};

use crate::{Error, Result};

/// Where the embedded server is looked for when the configuration names none.
const PLACES: [&str; 3] = [".tools/nats-server", "/usr/local/bin/nats-server", "nats-server"];

/// A running server that ends with its parent.
#[derive(Debug)]
pub struct Embedded {
    child: Child,
    /// Where it listens.
    pub url: String,
    /// What it asks for.
    pub token: String,
}

impl Embedded {
    /// Starts the server over the store in `folder` and waits until it listens.
    pub async fn start(folder: &Path, program: &str) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
        end_left_behind(folder).await?;
        let token = token(folder)?;
        let config = folder.join("server.conf");
        let store = folder.join("store");
        let text = format!(
            "listen: \"127.0.0.1:-1\"\nauthorization {{ token: \"{token}\" }}\n\
             ports_file_dir: {folder:?}\npid_file: {pid:?}\nlog_file: {log:?}\n\
             log_size_limit: 10485760\nmax_payload: 1048576\n\
             jetstream {{ store_dir: {store:?} }}\n",
            pid = folder.join(PID_FILE),
            log = folder.join("server.log"),
        );
        write_private(&config, &text)?;
        clear_ports_files(folder)?;
        let program = find(program)?;
        let child = spawn(&program, &config)?;
        let mut server = Self { child, url: String::new(), token };
        server.url = server.wait_for_port(folder).await?;
        Ok(server)
    }

    async fn wait_for_port(&mut self, folder: &Path) -> Result<String> {
        #[derive(Deserialize)]
        struct Ports {
            nats: Vec<String>,
        }
        let file = folder.join(format!("nats-server_{}.ports", self.child.id().unwrap_or(0)));
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            if let Ok(text) = tokio::fs::read_to_string(&file).await
                && let Ok(ports) = serde_json::from_str::<Ports>(&text)
                && let Some(url) = ports.nats.into_iter().next()
            {
                return Ok(url);
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                let log = std::fs::read_to_string(folder.join("server.log")).unwrap_or_default();
                let log = log.lines().rev().take(5).collect::<Vec<_>>().join(" | ");
                return Err(Error::ServerDied { status: status.to_string(), log });
            }
            if Instant::now() > deadline {
                return Err(Error::ServerSilent);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Process id of the server, for tests that end it.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether the server still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks the server to end and waits for it.
    pub async fn stop(mut self) {
        if let Some(pid) = self.child.id() {
            signal(pid, "-TERM").await;
        }
        if tokio::time::timeout(Duration::from_secs(10), self.child.wait()).await.is_err() {
            let _ = self.child.kill().await;
        }
    }
}

const PID_FILE: &str = "nats-server.pid";
const SETPRIV: &str = "/usr/bin/setpriv";

/// Where `setpriv` is at hand, the kernel ends the server with the thread that started it, so that
/// a parent that was killed leaves none behind.
fn spawn(program: &Path, config: &Path) -> Result<Child> {
    let mut command = if Path::new(SETPRIV).is_file() {
        let mut command = tokio::process::Command::new(SETPRIV);
        command.args(["--pdeathsig", "TERM", "--"]).arg(program);
        command
    } else {
        tokio::process::Command::new(program)
    };
    command
        .arg("-c")
        .arg(config)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|e| Error::io(program, e))
}

/// Ends the server that a killed process left over this store.
async fn end_left_behind(folder: &Path) -> Result<()> {
    let Ok(text) = std::fs::read_to_string(folder.join(PID_FILE)) else { return Ok(()) };
    let Ok(pid) = text.trim().parse::<u32>() else { return Ok(()) };
    let ours = || {
        std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| {
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            line.contains("nats-server") && line.contains(&*folder.to_string_lossy())
        })
    };
    if !ours() {
        return Ok(());
    }
    tracing::warn!(pid, "a nats-server of an earlier, killed run is ended first");
    signal(pid, "-TERM").await;
    let deadline = Instant::now() + Duration::from_secs(10);
    while ours() {
        if Instant::now() > deadline {
            signal(pid, "-KILL").await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

async fn signal(pid: u32, signal: &str) {
    let _ = tokio::process::Command::new("kill").arg(signal).arg(pid.to_string()).status().await;
}

fn token(folder: &Path) -> Result<String> {
    let file = folder.join("token");
    if let Ok(token) = std::fs::read_to_string(&file)
        && token.trim().len() >= 32
    {
        return Ok(token.trim().to_owned());
    }
    let token = crate::id::secret();
    write_private(&file, &token)?;
    Ok(token)
}

/// Writes a file that only its owner can read.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|e| Error::io(path, e))
}

fn clear_ports_files(folder: &Path) -> Result<()> {
    let entries = std::fs::read_dir(folder).map_err(|e| Error::io(folder, e))?;
    for entry in entries.flatten() {
        if entry.path().extension().is_some_and(|e| e == "ports") {
            std::fs::remove_file(entry.path()).map_err(|e| Error::io(entry.path(), e))?;
        }
    }
    Ok(())
}

fn find(configured: &str) -> Result<PathBuf> {
    if !configured.is_empty() {
        return Ok(PathBuf::from(configured));
    }
    let beside = std::env::current_exe().ok().and_then(|exe| {
        exe.ancestors().map(|folder| folder.join(".tools/nats-server")).find(|path| path.is_file())
    });
    if let Some(found) = beside {
        return Ok(found);
    }
    PLACES
        .iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
        .or_else(|| {
            let path = std::env::var_os("PATH")?;
            std::env::split_paths(&path).map(|d| d.join("nats-server")).find(|p| p.is_file())
        })
        .ok_or(Error::NoServer)
}
