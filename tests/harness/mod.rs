//! The real program, started over a folder and a database of the test's own.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use kit::{
    process::Addresses,
    testing::{TestSchema, eventually},
};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tonic::transport::Channel;

/// The administrator's password in tests.
pub const PASSWORD: &str = "correct-horse-battery";

/// The program under test: this build's, unless `YANGGUANG_PROGRAM` names another, a release.
pub fn program() -> PathBuf {
    let given = std::env::var_os("YANGGUANG_PROGRAM").map(PathBuf::from);
    given.unwrap_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_yangguang")))
}

/// Where a platform under test keeps its tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// SQLite files under its folder.
    Sqlite,
    /// Schemas of its own in PostgreSQL.
    Postgres,
}

/// A platform that runs as its users would run it.
pub struct Platform {
    child: Option<Child>,
    folder: TempDir,
    schema: Option<TestSchema>,
    settings: Vec<(String, String)>,
    sample: bool,
    addresses: Option<Addresses>,
    http: reqwest::Client,
}

/// What the REST interface answered.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body; null where it was no JSON.
    pub body: Value,
}

impl Answer {
    /// The body of an answer that went well.
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.body);
        self.body
    }
}

impl Platform {
    /// Starts every service over fresh data; `None` where the store is not there.
    pub async fn start(store: Store, settings: &[(&str, &str)]) -> Option<Self> {
        let mut platform = Self::prepare(store, settings).await?;
        platform.launch().await;
        Some(platform)
    }

    /// Starts every service over the sample city, and waits until all of it is public.
    pub async fn start_sample(settings: &[(&str, &str)]) -> Self {
        let mut platform = Self::prepare(Store::Sqlite, settings).await.expect("a folder is there");
        platform.sample = true;
        platform.launch().await;
        eventually("the sample library", || {
            let log = platform.log();
            async move {
                match log.contains("interpretations published") {
                    true => Ok(()),
                    false => Err("it is not whole yet".to_owned()),
                }
            }
        })
        .await;
        platform
    }

    /// Password of one of the sample city's people.
    pub fn sample_password(&self, account: &str) -> String {
        let people = std::fs::read_to_string(self.data().join("identity/sample-accounts.txt"));
        let people = people.expect("the sample city's people");
        let found = people.lines().filter_map(|line| line.split_once(' '));
        let (_, password) = found.into_iter().find(|(a, _)| *a == account).expect("one of them");
        password.to_owned()
    }

    /// Everything but the start.
    pub async fn prepare(store: Store, settings: &[(&str, &str)]) -> Option<Self> {
        let schema = match store {
            Store::Sqlite => None,
            Store::Postgres => Some(TestSchema::new().await?),
        };
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut all: Vec<(String, String)> =
            settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        all.push(("identity.admin_password".to_owned(), PASSWORD.to_owned()));
        if let Some(schema) = &schema {
            all.push(("database.url".to_owned(), schema.url.clone()));
            all.push(("database.schema_prefix".to_owned(), schema.prefix.clone()));
            all.push(("database.connections".to_owned(), "5".to_owned()));
        }
        Some(Self {
            child: None,
            folder: tempfile::tempdir().expect("a folder for the test"),
            schema,
            settings: all,
            sample: false,
            addresses: None,
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .expect("an HTTP client"),
        })
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Folder of the messages that were sent.
    pub fn outbox(&self) -> PathBuf {
        self.data().join("notification/outbox")
    }

    /// The schemas in PostgreSQL, if it is one.
    pub fn schema(&self) -> Option<&TestSchema> {
        self.schema.as_ref()
    }

    /// Changes a setting, for the next start.
    pub fn set(&mut self, key: &str, value: &str) {
        self.settings.retain(|(known, _)| known != key);
        self.settings.push((key.to_owned(), value.to_owned()));
    }

    /// Starts the program and waits until it is ready.
    pub async fn launch(&mut self) {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("serve.log"))
            .expect("a log file");
        let mut command = self.serve();
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("one log for both")).stderr(log);
        let child = command.spawn().expect("the program starts");
        let pid = child.id();
        self.child = Some(child);
        let data = self.data();
        let http = self.http.clone();
        let addresses = eventually("a running platform", || {
            let (data, http) = (data.clone(), http.clone());
            async move { ready(&data, pid, &http).await }
        })
        .await;
        self.addresses = Some(addresses);
    }

    /// Starts the program where it cannot run, and waits for its end.
    pub fn attempt(&self) -> std::process::Output {
        self.serve().stdin(Stdio::null()).output().expect("the program starts")
    }

    fn serve(&self) -> Command {
        let mut command = Command::new(program());
        command
            .args(["serve", "all", "--data"])
            .arg(self.data())
            .args(["--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--ops", "127.0.0.1:0"])
            .args(self.sample.then_some("--sample"))
            .env("YANGGUANG__TELEMETRY__FORMAT", "pretty");
        for (key, value) in &self.settings {
            let name = format!("YANGGUANG__{}", key.to_uppercase().replace('.', "__"));
            command.env(name, value);
        }
        command
    }

    /// Where a path of the portal is.
    pub fn url(&self, path: &str) -> String {
        let http = self.addresses.as_ref().and_then(|a| a.http).expect("the portal runs");
        format!("http://{http}{path}")
    }

    /// Where its parts answer.
    pub fn addresses(&self) -> &Addresses {
        self.addresses.as_ref().expect("the program runs")
    }

    /// A channel to its services.
    pub fn channel(&self) -> Channel {
        let url = format!("http://{}", self.addresses().grpc);
        tonic::transport::Channel::from_shared(url).expect("an address").connect_lazy()
    }

    /// What it says of its readiness: whether it is ready, and a line on each check.
    pub async fn readiness(&self) -> (bool, String) {
        let url = format!("http://{}/readyz", self.addresses().ops);
        let answer = self.http.get(url).send().await.expect("the ops port answers");
        (answer.status().is_success(), answer.text().await.unwrap_or_default())
    }

    /// Process id of the program.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("the program runs").id()
    }

    /// What the program has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("serve.log")).unwrap_or_default()
    }

    /// Ends the program as `kill -9` does.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Ends the program as Ctrl-C does, and waits for it.
    pub async fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        eventually("the end of the program", || {
            let ended = child.try_wait().map(|status| status.is_some());
            async move {
                match ended {
                    Ok(true) => Ok(()),
                    other => Err(format!("{other:?}")),
                }
            }
        })
        .await;
    }

    /// Runs a command of the program against this platform.
    pub fn command(&self, arguments: &[&str]) -> std::process::Output {
        Command::new(program())
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .env_remove("YANGGUANG_TOKEN")
            .output()
            .expect("the program runs")
    }

    /// Calls the REST interface.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> Answer {
        let mut request = self.http.request(method, self.url(path));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("the portal answers");
        let status = response.status().as_u16();
        let text = response.text().await.unwrap_or_default();
        Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::Null) }
    }

    /// Reads something.
    pub async fn get(&self, path: &str, token: &str) -> Answer {
        self.call(Method::GET, path, token, None).await
    }

    /// Does something.
    pub async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        self.call(Method::POST, path, token, Some(body)).await
    }

    /// Signs in; answers with an access token, which lives for a minute.
    pub async fn token(&self, account: &str, password: &str) -> String {
        let body = json!({ "account": account, "password": password });
        let answer = self.post("/api/v1/tokens", "", body).await.ok();
        answer["access_token"].as_str().expect("a token").to_owned()
    }

    /// The administrator's token.
    pub async fn admin(&self) -> String {
        self.token("admin", PASSWORD).await
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<&str> = log.lines().rev().take(60).collect();
            eprintln!("--- the end of the program's log ---");
            tail.iter().rev().for_each(|line| eprintln!("{line}"));
        }
        self.kill();
        // A killed parent leaves the bus to the kernel or to the next start; a test waits for
        // neither.
        let pid = std::fs::read_to_string(self.data().join("nats/nats-server.pid"));
        if let Ok(pid) = pid {
            let _ = Command::new("kill").args(["-TERM", pid.trim()]).stderr(Stdio::null()).status();
        }
    }
}

async fn ready(data: &Path, pid: u32, http: &reqwest::Client) -> Result<Addresses, String> {
    let addresses = Addresses::read(data).map_err(|e| e.to_string())?;
    if addresses.pid != pid {
        return Err("it is the file of an earlier run".to_owned());
    }
    let url = format!("http://{}/readyz", addresses.ops);
    let answer = http.get(url).timeout(Duration::from_secs(2)).send().await;
    match answer.map_err(|e| e.to_string())?.error_for_status() {
        Ok(_) => Ok(addresses),
        Err(error) => Err(error.to_string()),
    }
}
