//! The platform in several processes, over a PostgreSQL schema and a nats-server of the test's own.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use kit::{
    db::{Db, Place},
    process::Addresses,
    testing::{TestSchema, eventually},
};
use tempfile::TempDir;

/// The administrator's password in tests.
pub const PASSWORD: &str = "correct-horse-battery";
/// Every service.
pub const ALL: &[&str] = &["all"];
const TOKEN: &str = "a-token-of-the-test-that-is-long-enough";

/// The program under test: this build's, unless `YANGGUANG_PROGRAM` names another, a release.
pub fn program() -> PathBuf {
    let given = std::env::var_os("YANGGUANG_PROGRAM").map(PathBuf::from);
    given.unwrap_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_yangguang")))
}

fn nats_server() -> Option<PathBuf> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(tools).chain(std::env::split_paths(&path));
    let found = folders.map(|folder| folder.join("nats-server")).find(|file| file.is_file());
    if found.is_none() {
        println!("skipped: there is no nats-server");
    }
    found
}

/// Sends a signal to a process.
fn signal(signal: &str, pid: u32) {
    let done = Command::new("kill").args([signal, &pid.to_string()]).status();
    assert!(done.is_ok_and(|status| status.success()), "kill {signal} {pid}");
}

/// One process of the platform.
struct Process {
    child: Child,
    addresses: Addresses,
}

/// Processes, and what they stand on.
pub struct Site {
    folder: TempDir,
    schema: TestSchema,
    settings: Vec<(String, String)>,
    bus: Child,
    /// Where the nats-server listens.
    pub bus_url: String,
    running: BTreeMap<String, Process>,
}

impl Site {
    /// A bus that knows one token; `None`, with a line that says so, where something is missing.
    pub async fn new() -> Option<Self> {
        let authorization = format!("authorization {{ token: {TOKEN:?} }}\n");
        let mut site = Self::with_bus(&authorization, &[]).await?;
        site.settings.push(("bus.token".to_owned(), TOKEN.to_owned()));
        Some(site)
    }

    /// A bus that knows whom this block of its configuration names.
    pub async fn with_bus(authorization: &str, variables: &[(String, String)]) -> Option<Self> {
        let schema = TestSchema::new().await?;
        let program = nats_server()?;
        // Fails only where a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("nats.conf");
        let text = format!(
            "listen: \"127.0.0.1:-1\"\nports_file_dir: {here:?}\njetstream {{ store_dir: {store:?} }}\n\
             {authorization}",
            here = folder.path(),
            store = folder.path().join("nats"),
        );
        fs::write(&config, text).unwrap();
        let log = File::create(folder.path().join("nats.log")).unwrap();
        let bus = Command::new(program)
            .arg("-c")
            .arg(&config)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let ports = folder.path().join(format!("nats-server_{}.ports", bus.id()));
        let secret = "5e".repeat(32);
        // A replica that hangs in the midst of a transaction must not keep its locks for ever.
        let database = format!("{}?options[idle_in_transaction_session_timeout]=10s", schema.url);
        let settings = [
            ("database.url", database.as_str()),
            ("database.schema_prefix", schema.prefix.as_str()),
            ("database.connections", "4"),
            ("auth.service_secret", secret.as_str()),
            ("notification.secret", secret.as_str()),
            ("identity.admin_password", PASSWORD),
        ];
        let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
        let running = BTreeMap::new();
        let mut site = Self { folder, schema, settings, bus, bus_url: String::new(), running };
        site.bus_url = eventually("a nats-server", async || {
            let text = fs::read_to_string(&ports).map_err(|e| e.to_string())?;
            let ports: serde_json::Value =
                serde_json::from_str(&text).map_err(|e| e.to_string())?;
            ports["nats"][0].as_str().map(str::to_owned).ok_or(text)
        })
        .await;
        Some(site)
    }

    /// Starts services in a process, and waits until it is ready.
    pub async fn start(&mut self, name: &str, services: &[&str], settings: &[(&str, &str)]) {
        let log = File::options().create(true).append(true).open(self.log(name)).unwrap();
        let any = "127.0.0.1:0".to_owned();
        // Who was here before comes back to the same address.
        let before = self.running.get(name).map_or(any.clone(), |p| p.addresses.grpc.to_string());
        let mut command = Command::new(program());
        command.arg("serve").args(services).arg("--data").arg(self.data(name));
        command.args(["--http", &any, "--grpc", &before, "--ops", &any]);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let own = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let bus = ("bus.url".to_owned(), self.bus_url.clone());
        for (key, value) in self.settings.iter().cloned().chain([bus]).chain(own) {
            command.env(format!("YANGGUANG__{}", key.to_uppercase().replace('.', "__")), value);
        }
        let mut child = command.spawn().unwrap();
        let (pid, data) = (child.id(), self.data(name));
        let http = reqwest::Client::builder().timeout(Duration::from_secs(2)).build().unwrap();
        let addresses = eventually("a process that is ready", async || {
            let addresses = Addresses::read(&data).map_err(|e| e.to_string())?;
            if addresses.pid != pid {
                return Err("it is the file of an earlier run".to_owned());
            }
            let ready = http.get(format!("http://{}/readyz", addresses.ops)).send().await;
            let ready = ready.map_err(|e| e.to_string())?;
            match ready.status().is_success() {
                true => Ok(addresses),
                false => Err(ready.text().await.unwrap_or_default()),
            }
        });
        let addresses = tokio::select! {
            addresses = addresses => addresses,
            status = ended(&mut child) => panic!("{name} ended: {status}"),
        };
        self.running.insert(name.to_owned(), Process { child, addresses });
    }

    fn process(&self, name: &str) -> &Process {
        self.running.get(name).unwrap_or_else(|| panic!("{name} was never started"))
    }

    /// Ends a process as `kill -9` does.
    pub fn kill(&mut self, name: &str) {
        if let Some(process) = self.running.get_mut(name) {
            let _ = process.child.kill();
            let _ = process.child.wait();
        }
    }

    /// Ends a process as Kubernetes does, and waits for it.
    pub async fn stop(&mut self, name: &str) {
        signal("-TERM", self.process(name).child.id());
        let process = self.running.get_mut(name).unwrap();
        ended(&mut process.child).await;
    }

    /// Stops a process in its tracks, as a machine does that hangs.
    pub fn freeze(&self, name: &str) {
        signal("-STOP", self.process(name).child.id());
    }

    /// Lets it go on.
    pub fn thaw(&self, name: &str) {
        signal("-CONT", self.process(name).child.id());
    }

    /// Address of a process's portal.
    pub fn portal(&self, name: &str) -> String {
        format!("http://{}", self.process(name).addresses.http.expect("a portal runs here"))
    }

    /// Where a process's services answer.
    pub fn grpc(&self, name: &str) -> SocketAddr {
        self.process(name).addresses.grpc
    }

    /// What a process tells Prometheus.
    pub async fn metrics(&self, name: &str) -> String {
        let url = format!("http://{}/metrics", self.process(name).addresses.ops);
        reqwest::get(url).await.unwrap().text().await.unwrap()
    }

    /// Name of a process in leases and registers.
    pub fn replica(&self, name: &str) -> uuid::Uuid {
        let text = fs::read_to_string(self.data(name).join("replica.id")).unwrap();
        text.trim().parse().unwrap()
    }

    /// The tables of a service.
    pub async fn tables(&self, service: &str) -> Db {
        let place = Place::Schema {
            url: self.schema.url.clone(),
            schema: format!("{}{service}", self.schema.prefix),
            connections: 1,
        };
        Db::open(&place).await.unwrap()
    }

    /// A process's data folder.
    pub fn data(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }
}

/// Waits for the end of a process.
async fn ended(child: &mut Child) -> std::process::ExitStatus {
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for (name, process) in &mut self.running {
            let _ = process.child.kill();
            let _ = process.child.wait();
            if std::thread::panicking() {
                let log = self.folder.path().join(format!("{name}.log"));
                let log = fs::read_to_string(log).unwrap_or_default();
                let tail: Vec<&str> = log.lines().rev().take(30).collect();
                eprintln!("--- the end of {name}'s log ---");
                tail.iter().rev().for_each(|line| eprintln!("{line}"));
            }
        }
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}
