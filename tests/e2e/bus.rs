//! A bus that is away, and an event that nobody can read.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use kit::{
    db::{self, Db, Place},
    testing::eventually,
};
use serde_json::Value;

use crate::{
    desk::{
        Desk, LONG_TOKENS, completed_receipt, desk, found, publish, receipt, step, step_becomes,
        text,
    },
    harness::{Platform, Store},
};

/// A nats-server of the test's own.
struct Nats {
    program: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    /// While it is away somebody else may listen there, who then does not know this.
    token: String,
    child: Option<Child>,
}

impl Nats {
    /// Starts one; `None`, with a line that says so, where there is none.
    fn start() -> Option<Self> {
        let Some(program) = programs().next() else {
            println!("skipped: there is no nats-server");
            return None;
        };
        Some(Self::of(program))
    }

    fn of(program: PathBuf) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (port, token) = (free_port(), kit::id::secret());
        let mut nats = Self { program, folder, port, token, child: None };
        nats.launch();
        nats
    }

    fn launch(&mut self) {
        let log = std::fs::File::create(self.folder.path().join("nats.log")).unwrap();
        let child = Command::new(&self.program)
            .args([
                "-a",
                "127.0.0.1",
                "-p",
                &self.port.to_string(),
                "-js",
                "--auth",
                &self.token,
                "-sd",
            ])
            .arg(self.folder.path().join("store"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn();
        self.child = Some(child.expect("nats-server starts"));
    }

    /// Ends it as `kill -9` does.
    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Below the ports from which the system takes those of outgoing connections.
fn free_port() -> u16 {
    loop {
        let port = rand::random_range(14_000..31_000);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

/// Every nats-server of this machine, the one of `make tools` first.
fn programs() -> impl Iterator<Item = PathBuf> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let folders = std::iter::once(tools).chain(folders);
    folders.map(|folder| folder.join("nats-server")).filter(|file| file.is_file())
}

/// Whether a server is of before 2.12, the oldest that the platform works with.
fn is_too_old(program: &Path) -> bool {
    let said = Command::new(program).arg("--version").output().unwrap().stdout;
    let said = String::from_utf8(said).unwrap();
    let version = said.rsplit('v').next().unwrap();
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < (2, 12)
}

async fn platform(nats: &Nats, store: Store) -> Option<Platform> {
    let url = nats.url();
    let late = ["interpretation", "index", "notification", "page"]
        .map(|step| format!("documents.late_after_seconds.{step}"));
    let mut settings = vec![
        ("bus.url", url.as_str()),
        ("bus.token", nats.token.as_str()),
        LONG_TOKENS,
        ("documents.receipts_every_seconds", "1"),
    ];
    settings.extend(late.iter().map(|key| (key.as_str(), "2")));
    Platform::start(store, &settings).await
}

/// Publishes while the bus is away, and waits until the platform knows that it is.
async fn publish_without_bus(platform: &Platform, desk: &Desk, nats: &mut Nats) -> String {
    nats.kill();
    eventually("a bus that is missed", async || {
        let (ready, lines) = platform.readiness().await;
        if !ready && lines.contains("failed bus") { Ok(()) } else { Err(lines) }
    })
    .await;
    let policy = publish(platform, desk, "晴川市停车管理办法", "晴府办〔2026〕7号").await;
    assert_eq!(policy["state"], "published", "answered OK without the bus");
    text(&policy, "id").to_owned()
}

async fn publishing_does_without_the_bus(store: Store) {
    let Some(mut nats) = Nats::start() else { return };
    let Some(platform) = platform(&nats, store).await else { return };
    let desk = desk(&platform).await;
    let before = publish(&platform, &desk, "晴川市公园管理办法", "晴府办〔2026〕6号").await;
    completed_receipt(&platform, &desk.editor, text(&before, "id"), 1).await;

    let id = publish_without_bus(&platform, &desk, &mut nats).await;
    let open = receipt(&platform, &desk.editor, &id, 1).await;
    assert!(open["completed_at"].is_null(), "{open}");
    for name in ["interpretation", "index", "notification", "page"] {
        let late = |step: &Value| step["state"] == "late";
        step_becomes(&platform, &desk.editor, &id, name, late).await;
    }
    assert_eq!(
        platform.get(&format!("/api/v1/policies/{id}"), "").await.ok()["state"],
        "published"
    );

    nats.launch();
    completed_receipt(&platform, &desk.editor, &id, 1).await;
    assert_eq!(found(&platform, "晴府办〔2026〕7号").await, [id.as_str()]);
    let (ready, lines) = platform.readiness().await;
    assert!(ready, "{lines}");
    let task = platform.get(&format!("/api/v1/policies/{id}/task"), &desk.editor).await.ok();
    assert_eq!(task["state"], "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_does_without_the_bus_on_sqlite() {
    publishing_does_without_the_bus(Store::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_does_without_the_bus_on_postgres() {
    publishing_does_without_the_bus(Store::Postgres).await;
}

async fn database(platform: &Platform, service: &str) -> Db {
    let file = platform.data().join(format!("db/{service}.sqlite"));
    Db::open(&Place::File(file)).await.unwrap()
}

async fn run(database: &Db, text: &str, payload: Vec<u8>) -> u64 {
    let tx = database.begin().await.unwrap();
    let rows = db::run(&*tx, text, vec![payload.into()]).await.unwrap();
    tx.commit().await.unwrap();
    rows
}

/// What `yangguang events …` prints as JSON.
fn events(platform: &Platform, arguments: &[&str]) -> (Option<i32>, Value) {
    let output = platform.command(&[&["events"], arguments, &["--json"]].concat());
    let said = serde_json::from_slice(&output.stdout);
    let said = said.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_nobody_can_read_is_a_dead_letter_until_it_is_redriven() {
    let Some(mut nats) = Nats::start() else { return };
    let Some(mut platform) = platform(&nats, Store::Sqlite).await else { return };
    let desk = desk(&platform).await;
    let id = publish_without_bus(&platform, &desk, &mut nats).await;
    // The disk spoils the event before it is sent, and before the relay has it at hand.
    platform.kill();
    let documents = database(&platform, "documents").await;
    let of_policy = format!("aggregate = 'policies/{id}'");
    let text_of = format!("SELECT payload AS value FROM events WHERE {of_policy}");
    let sound: Vec<u8> = db::scalar(documents.conn(), &text_of, vec![]).await.unwrap().unwrap();
    let spoil = format!("UPDATE events SET payload = $1 WHERE {of_policy}");
    assert_eq!(run(&documents, &spoil, Vec::new()).await, 1);
    nats.launch();
    platform.launch().await;

    let failed = |step: &Value| step["state"] == "failed";
    let step_of = step_becomes(&platform, &desk.editor, &id, "interpretation", failed).await;
    assert!(text(&step_of, "detail").starts_with("处理失败："), "{step_of}");
    let done = |step: &Value| step["state"] == "done";
    step_becomes(&platform, &desk.editor, &id, "index", done).await;
    let other = publish(&platform, &desk, "晴川市公园管理办法", "晴府办〔2026〕8号").await;
    completed_receipt(&platform, &desk.editor, text(&other, "id"), 1).await;

    let (code, said) = events(&platform, &["dead"]);
    assert_eq!(code, Some(0));
    let dead = said["dead_letters"].as_array().unwrap_or_else(|| panic!("{said}"));
    let of = |service: &str| dead.iter().find(|letter| letter["service"] == service);
    let letter = of("interpretations").unwrap_or_else(|| panic!("{said}"));
    assert_eq!(text(letter, "aggregate"), format!("policies/{id}"));
    assert!(!text(letter, "error").is_empty(), "{letter}");

    let (code, said) = events(&platform, &["redrive"]);
    assert_eq!(code, Some(3), "as long as it cannot be read, a redrive fails: {said}");
    for letter in dead {
        let database = database(&platform, text(letter, "service")).await;
        let mend = format!("UPDATE dead_letters SET payload = $1 WHERE {of_policy}");
        assert_eq!(run(&database, &mend, sound.clone()).await, 1, "{letter}");
    }
    let (code, said) = events(&platform, &["redrive"]);
    assert_eq!(code, Some(0), "{said}");
    let receipt = completed_receipt(&platform, &desk.editor, &id, 1).await;
    assert!(text(step(&receipt, "interpretation"), "detail").contains("解读任务"), "{receipt}");
    let (_, said) = events(&platform, &["dead"]);
    assert_eq!(said["dead_letters"].as_array().map(Vec::len), Some(0), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_too_old_is_refused_at_the_start() {
    let Some(program) = programs().find(|program| is_too_old(program)) else {
        println!("skipped: there is no nats-server of before 2.12");
        return;
    };
    let nats = Nats::of(program);
    eventually("a nats-server that answers", async || {
        let there = std::net::TcpStream::connect(("127.0.0.1", nats.port));
        there.map(drop).map_err(|error| error.to_string())
    })
    .await;
    let url = nats.url();
    let settings = [("bus.url", url.as_str()), ("bus.token", nats.token.as_str())];
    let Some(platform) = Platform::prepare(Store::Sqlite, &settings).await else { return };
    let output = platform.attempt();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("is too old; 2.12 or newer is needed"), "{said}");
}
