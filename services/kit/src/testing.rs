//! Fixtures for the tests of services: real databases and a real bus, of the test's own.

use std::{future::Future, path::Path, sync::Arc, time::Duration};

use tempfile::TempDir;

use crate::{
    Error, Result,
    clock::{ManualClock, SystemClock},
    config::Settings,
    db::{Db, Migration, Place},
    process::{self, Front, Running},
    schema,
};

/// Where a PostgreSQL for tests answers, unless this environment variable names another.
pub const POSTGRES: &str = "YANGGUANG_TEST_POSTGRES";
const LOCAL_POSTGRES: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// A database of the test's own, gone when it is dropped.
pub struct TestDb {
    /// The migrated database.
    pub db: Db,
    /// Which one it is, for messages.
    pub kind: &'static str,
    keep: Keep,
}

enum Keep {
    Folder(#[expect(dead_code, reason = "it is kept so that it is there")] TempDir),
    Schema(TestSchema),
}

/// Schemas of a test in the shared PostgreSQL, dropped with it.
pub struct TestSchema {
    /// The server's address.
    pub url: String,
    /// What the names of the test's schemas begin with.
    pub prefix: String,
}

impl TestSchema {
    /// A prefix of the test's own; `None`, with a line that says so, where no server answers.
    pub async fn new() -> Option<Self> {
        let url = std::env::var(POSTGRES).unwrap_or_else(|_| LOCAL_POSTGRES.to_owned());
        let address = url.rsplit('@').next()?.split('/').next()?.to_owned();
        if tokio::net::TcpStream::connect(&address).await.is_err() {
            println!("skipped on PostgreSQL: no server answers at {address}");
            return None;
        }
        let prefix = format!("t{}_", &crate::id::secret()[..12]);
        Some(Self { url, prefix })
    }
}

impl Drop for TestSchema {
    fn drop(&mut self) {
        let (url, prefix) = (self.url.clone(), self.prefix.clone());
        // A drop cannot wait, and the test's runtime may be gone: a thread of its own does it.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime
                && let Err(error) = runtime.block_on(drop_schemas(&url, &prefix))
            {
                println!("schemas {prefix}* were left behind: {error}");
            }
        });
        let _ = thread.join();
    }
}

async fn drop_schemas(url: &str, prefix: &str) -> Result<()> {
    use sea_orm::{ConnectOptions, ConnectionTrait as _, Database};
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let door = Database::connect(options).await?;
    // A transaction that the test let go of is rolled back by the test's runtime, which waits for
    // this: whoever still holds a lock here is ended first.
    door.execute_unprepared(&format!(
        "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE starts_with(n.nspname, '{prefix}') AND l.pid <> pg_backend_pid()"
    ))
    .await?;
    door.execute_unprepared(&format!(
        "DO $$ DECLARE s text; BEGIN FOR s IN SELECT nspname FROM pg_namespace \
         WHERE starts_with(nspname, '{prefix}') LOOP \
         EXECUTE 'DROP SCHEMA \"' || s || '\" CASCADE'; END LOOP; END $$"
    ))
    .await?;
    Ok(door.close().await?)
}

impl TestDb {
    /// A SQLite file.
    pub async fn sqlite(migrations: &'static [Migration]) -> Result<Self> {
        let folder = tempfile::tempdir().map_err(|e| Error::io("a folder for the test", e))?;
        let db = Db::open(&Place::File(folder.path().join("test.sqlite"))).await?;
        db.migrate(&[schema::MIGRATIONS, migrations]).await?;
        Ok(Self { db, kind: "SQLite", keep: Keep::Folder(folder) })
    }

    /// A schema in PostgreSQL; `None` where no server answers.
    pub async fn postgres(migrations: &'static [Migration]) -> Result<Option<Self>> {
        let Some(schema) = TestSchema::new().await else { return Ok(None) };
        let place = Place::Schema {
            url: schema.url.clone(),
            schema: format!("{}test", schema.prefix),
            connections: 8,
        };
        let db = Db::open(&place).await?;
        db.migrate(&[schema::MIGRATIONS, migrations]).await?;
        Ok(Some(Self { db, kind: "PostgreSQL", keep: Keep::Schema(schema) }))
    }

    /// Every database that is here: SQLite always, PostgreSQL where a server answers.
    pub async fn each(migrations: &'static [Migration]) -> Result<Vec<Self>> {
        let mut all = vec![Self::sqlite(migrations).await?];
        all.extend(Self::postgres(migrations).await?);
        Ok(all)
    }

    /// The prefix of the schema, if it is one.
    pub fn schema(&self) -> Option<&TestSchema> {
        match &self.keep {
            Keep::Folder(_) => None,
            Keep::Schema(schema) => Some(schema),
        }
    }
}

/// A clock that stands at a Monday morning until it is moved.
pub fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::default())
}

/// Starts services in this process over a folder, on ports that the system chooses.
pub async fn start(
    fronts: &[Front],
    data: &Path,
    settings: &[(&str, &str)],
) -> anyhow::Result<Running> {
    let mut overrides: Vec<(String, String)> = vec![
        ("platform.data".to_owned(), data.display().to_string()),
        ("http.listen".to_owned(), "127.0.0.1:0".to_owned()),
        ("grpc.listen".to_owned(), "127.0.0.1:0".to_owned()),
        ("ops.listen".to_owned(), "127.0.0.1:0".to_owned()),
    ];
    overrides.extend(settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    let settings = Settings::load(&process::defaults(fronts), None, [], overrides)?;
    process::start(settings, fronts, Arc::new(SystemClock)).await
}

/// Asks again and again until something is there; gives up, with what it was told last, after a
/// minute: a wait for an event, not a limit on speed.
pub async fn eventually<T, F>(what: &str, mut ask: impl FnMut() -> F) -> T
where
    F: Future<Output = Result<T, String>>,
{
    let mut last = String::new();
    for _ in 0..2_400 {
        match ask().await {
            Ok(found) => return found,
            Err(told) => last = told,
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    #[expect(clippy::panic, reason = "a test that waits in vain has failed")]
    {
        panic!("{what} did not come to be: {last}")
    }
}
