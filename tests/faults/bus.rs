//! The bus may be wiped or rolled back: the logs fill it again, and nobody notices.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use serde_json::{Value, json};

use crate::{
    corpora::NO_LIMITS,
    harness::{Platform, Store},
    library::Library,
    portal::Portal,
    standing::{self, Standing},
    tables,
};

/// Documents that are there before, and that come after what is rolled back was copied.
const FIRST: usize = 120;
const LATER: usize = 60;

/// Everything that readers have made of what they heard.
struct State {
    standing: Standing,
    found: BTreeMap<String, Value>,
    tables: BTreeMap<String, Vec<String>>,
    mails: BTreeSet<String>,
}

impl State {
    /// Reads it, and leaves the platform stopped.
    async fn read(platform: &mut Platform, library: &Library) -> Self {
        let portal = Portal::at(&platform.url(""));
        let standing = Standing::read(&portal, &platform.outbox()).await;
        let mut found = BTreeMap::new();
        for record in &library.taken {
            let query = [("q", record.title.as_str()), ("facets", "true")];
            found.insert(record.id.clone(), portal.get("search", &query).await);
        }
        platform.stop().await;
        let mails = standing::mails(&platform.outbox());
        Self { standing, found, tables: tables::dump(platform).await, mails }
    }

    fn equals(&self, before: &Self, library: &Library) {
        self.standing.equals(library);
        assert_eq!(self.standing, before.standing);
        assert_eq!(self.mails, before.mails, "nobody gets a second mail");
        tables::assert_equal(&before.tables, &self.tables);
        for (record, found) in &before.found {
            assert_eq!(&self.found[record], found, "what a search for {record} finds");
        }
    }
}

fn import(platform: &Platform, library: &Library, name: &str) {
    let files = library.write(&platform.data(), name, 1_000);
    let arguments = standing::import_arguments(&files, &platform.data().join("refused.jsonl"));
    let output = platform.command(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Sends everything again, as an operator asks for.
fn replay(platform: &Platform) -> Value {
    let output = platform.command(&["events", "replay", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
}

async fn the_bus_is_disposable(store: Store) {
    let Some(mut platform) = Platform::start(store, &NO_LIMITS).await else { return };
    let portal = Portal::at(&platform.url(""));
    standing::prepare(&portal).await;
    let library = Library::generated(0, FIRST);
    import(&platform, &library, "first");
    standing::settled(&portal, FIRST).await;
    let bus = platform.data().join("nats/store");
    let kept = platform.data().join("nats-before");
    let before = State::read(&mut platform, &library).await;
    copy(&bus, &kept);

    fs::remove_dir_all(&bus).unwrap();
    platform.launch().await;
    let sent = replay(&platform);
    println!("sent again: {}", json!(sent["services"]));
    standing::settled(&Portal::at(&platform.url("")), FIRST).await;
    State::read(&mut platform, &library).await.equals(&before, &library);

    platform.launch().await;
    let later = Library::generated(FIRST, LATER);
    import(&platform, &later, "later");
    let library = library.with(later);
    standing::settled(&Portal::at(&platform.url("")), FIRST + LATER).await;
    let before = State::read(&mut platform, &library).await;

    fs::remove_dir_all(&bus).unwrap();
    copy(&kept, &bus);
    platform.launch().await;
    standing::settled(&Portal::at(&platform.url("")), FIRST + LATER).await;
    State::read(&mut platform, &library).await.equals(&before, &library);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bus_is_disposable_on_sqlite() {
    the_bus_is_disposable(Store::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bus_is_disposable_on_postgres() {
    the_bus_is_disposable(Store::Postgres).await;
}
