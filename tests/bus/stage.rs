//! Two small services on a real bus: one that says something, one that hears it.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex},
};

use async_trait::async_trait;
use contracts::{
    documents::ReceiptCompleted,
    platform::{RedriveDeadLettersRequest, platform_service_server::PlatformService},
};
use kit::{
    Failed, Handler, Heard, Service,
    clock::SystemClock,
    db::{self, Db, Migration, Place, Tx},
    outbox::{self, Subject},
    process::{Front, Running},
    testing::{TestSchema, eventually},
};
use prost::Name as _;
use sea_orm::FromQueryResult;
use tempfile::TempDir;

/// Where a stage keeps its tables.
#[derive(Debug, Clone, Copy)]
pub enum Store {
    Sqlite,
    Postgres,
}

const MIGRATIONS: &[Migration] = &[Migration {
    name: "0001_seen",
    sql: "CREATE TABLE seen (number bigint PRIMARY KEY, aggregate text NOT NULL, revision bigint NOT NULL);\n",
}];

/// What the hearing service is told to fail at, by the folder of its stage.
static FAILURES: LazyLock<Mutex<HashMap<PathBuf, HashMap<String, Failed>>>> =
    LazyLock::new(Mutex::default);

const FRONTS: &[Front] = &[
    Front {
        name: "documents",
        defaults: "[documents]\n",
        hears: &[],
        copies: &[],
        check: |_| Ok(()),
        open: |kit| {
            Box::pin(async move {
                let db = kit.database(&[]).await?;
                Ok(Service::new(&kit, Some(db)))
            })
        },
    },
    Front {
        name: "search",
        defaults: "[search]\n",
        hears: &["documents"],
        copies: &[],
        check: |_| Ok(()),
        open: |kit| {
            Box::pin(async move {
                let db = kit.database(MIGRATIONS).await?;
                let listener = Listener { folder: kit.data_root().to_owned() };
                let types = [ReceiptCompleted::full_name()];
                Ok(Service::new(&kit, Some(db)).hears("documents", types, Arc::new(listener)))
            })
        },
    },
];

struct Listener {
    folder: PathBuf,
}

#[async_trait]
impl Handler for Listener {
    async fn handle(&self, tx: &Tx, event: &Heard) -> Result<(), Failed> {
        let failure = FAILURES
            .lock()
            .unwrap()
            .get(&self.folder)
            .and_then(|map| map.get(&event.aggregate).cloned());
        if let Some(failure) = failure {
            return Err(failure);
        }
        let said: ReceiptCompleted = event.decode()?;
        let count: Option<i64> =
            db::scalar(&**tx, "SELECT count(*) AS value FROM seen", vec![]).await?;
        let values =
            vec![count.unwrap_or(0).into(), event.aggregate.clone().into(), said.revision.into()];
        let text = "INSERT INTO seen (number, aggregate, revision) VALUES ($1, $2, $3)";
        db::run(&**tx, text, values).await?;
        Ok(())
    }
}

/// The two services and their data.
pub struct Stage {
    folder: TempDir,
    schema: Option<TestSchema>,
    says: Db,
    hears: Db,
}

impl Stage {
    pub async fn new(store: Store) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let schema = match store {
            Store::Sqlite => None,
            Store::Postgres => Some(TestSchema::new().await?),
        };
        let open = async |service: &str| {
            let place = match &schema {
                None => Place::File(folder.path().join(format!("db/{service}.sqlite"))),
                Some(schema) => Place::Schema {
                    url: schema.url.clone(),
                    schema: format!("{}{service}", schema.prefix),
                    connections: 2,
                },
            };
            Db::open(&place).await.unwrap()
        };
        let (says, hears) = (open("documents").await, open("search").await);
        Some(Self { folder, schema, says, hears })
    }

    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    pub async fn start(&self) -> Running {
        let mut settings = Vec::new();
        if let Some(schema) = &self.schema {
            settings.push(("database.url", schema.url.as_str()));
            settings.push(("database.schema_prefix", schema.prefix.as_str()));
        }
        kit::testing::start(FRONTS, self.data(), &settings).await.unwrap()
    }

    /// Appends an event to the first service's log.
    pub async fn say(&self, aggregate: &str, revision: i64) {
        let tx = self.says.begin().await.unwrap();
        let event = ReceiptCompleted { revision, ..ReceiptCompleted::default() };
        let about = Subject { aggregate, revision };
        outbox::append(&tx, &SystemClock, about, &event, "").await.unwrap();
        tx.commit().await.unwrap();
    }

    pub fn fail(&self, aggregate: &str, failure: Option<Failed>) {
        let folder = self.data().canonicalize().unwrap();
        let mut failures = FAILURES.lock().unwrap();
        let map = failures.entry(folder).or_default();
        match failure {
            Some(failure) => map.insert(aggregate.to_owned(), failure),
            None => map.remove(aggregate),
        };
    }

    /// What the second service has heard, in the order of its arrival.
    pub async fn seen(&self) -> Vec<(String, i64)> {
        #[derive(FromQueryResult)]
        struct Row {
            aggregate: String,
            revision: i64,
        }
        let text = "SELECT aggregate, revision FROM seen ORDER BY number";
        let rows: Vec<Row> = db::all(self.hears.conn(), text, vec![]).await.unwrap();
        rows.into_iter().map(|row| (row.aggregate, row.revision)).collect()
    }

    pub async fn heard(&self, count: usize) {
        self.reaches("SELECT count(*) AS value FROM seen", count).await;
    }

    pub async fn dead(&self, count: usize) {
        self.reaches("SELECT count(*) AS value FROM dead_letters", count).await;
    }

    async fn reaches(&self, text: &str, count: usize) {
        let wanted = i64::try_from(count).unwrap();
        eventually(text, async || {
            let found: Option<i64> = db::scalar(self.hears.conn(), text, vec![]).await.unwrap();
            if found == Some(wanted) { Ok(()) } else { Err(format!("{found:?}, not {wanted}")) }
        })
        .await;
    }

    pub async fn applied_above_the_floor(&self) -> i64 {
        let text = "SELECT count(*) AS value FROM reader_done";
        db::scalar(self.hears.conn(), text, vec![]).await.unwrap().unwrap_or(0)
    }

    /// What `events replay` does.
    pub async fn start_epoch(&self) {
        let tx = self.says.begin().await.unwrap();
        let text = "UPDATE event_log SET epoch = epoch + 1, epoch_start = last_position + 1";
        db::run(&*tx, text, vec![]).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What a restore of the database to an older state does.
    pub async fn forget_events_after(&self, position: i64) {
        let tx = self.says.begin().await.unwrap();
        db::run(&*tx, "DELETE FROM events WHERE position > $1", vec![position.into()])
            .await
            .unwrap();
        let text = "UPDATE event_log SET last_position = $1";
        db::run(&*tx, text, vec![position.into()]).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Redrives through the operators' service; answers with handled and failed.
    pub async fn redrive(&self, running: &Running) -> (u32, u32) {
        let request =
            RedriveDeadLettersRequest { service: "search".to_owned(), aggregate: String::new() };
        let answer = running.operations().redrive_dead_letters(tonic::Request::new(request)).await;
        let answer = answer.unwrap().into_inner();
        (answer.redriven, answer.failed_again)
    }
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
