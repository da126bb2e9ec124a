//! SQLite and PostgreSQL behind one set of queries.
//!
//! Every statement of the platform is written once, with `$1` placeholders that both databases
//! read. The few real differences (who waits for whom, where a service's tables live) stay here.

mod belonging;
mod file;
mod group;
mod insert;

use std::{net::IpAddr, path::Path, sync::Arc, time::Duration};

use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, FromQueryResult, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait, TryGetable, Value,
    sqlx::postgres::{PgConnectOptions, PgSslMode},
};
use tokio::sync::Notify;

use crate::{
    Error, Result,
    wake::{Hearing, Wake},
};
pub use belonging::{Belonging, Field, belongings};
use group::{Group, Turn};
pub use insert::{insert, insert_new};

/// Prepared statements that a connection keeps: some vary with the number of their rows.
const STATEMENTS: usize = 512;

/// Where a service keeps its tables.
#[derive(Debug, Clone)]
pub enum Place {
    /// A SQLite file of its own.
    File(std::path::PathBuf),
    /// A schema of its own in a PostgreSQL database.
    Schema {
        /// `postgres://…`
        url: String,
        /// Name of the schema, created when missing.
        schema: String,
        /// Most connections of this service.
        connections: u32,
    },
}

/// A service's database: a pool, and the wake-up of the relay that watches its log.
#[derive(Debug, Clone)]
pub struct Db {
    write: Writers,
    read: DatabaseConnection,
    appended: Arc<Notify>,
    /// Tells the relays of other replicas; SQLite has none.
    wake: Option<Arc<Wake>>,
}

/// How those who write get along.
#[derive(Debug, Clone)]
enum Writers {
    /// SQLite: one after the other, with a commit in common.
    OneByOne(Arc<Group>),
    /// PostgreSQL: beside each other.
    Beside(DatabaseConnection),
}

/// Leaves out the encryption, unless the address asks for it, where nobody is between.
///
/// A statement of more than 16 KiB goes out as several TLS records, and the driver lets Nagle's
/// algorithm hold the second of them back until the first is acknowledged: 40 ms for each.
fn unwrapped_within_the_machine(options: PgConnectOptions) -> PgConnectOptions {
    let host = options.get_host();
    let here = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    if here && matches!(options.get_ssl_mode(), PgSslMode::Prefer) {
        return options.ssl_mode(PgSslMode::Disable);
    }
    options
}

impl Db {
    /// Opens the database, creating file or schema where they are missing.
    pub async fn open(place: &Place) -> Result<Self> {
        match place {
            Place::File(path) => Self::open_file(path).await,
            Place::Schema { url, schema, connections } => {
                Self::open_schema(url, schema, *connections).await
            }
        }
    }

    /// One connection writes and waits for nobody; others read beside it (WAL).
    async fn open_file(path: &Path) -> Result<Self> {
        let write = Arc::new(Group::open(path.to_owned()).await?);
        let read = file::connect(path, 4).await?;
        Ok(Self { write: Writers::OneByOne(write), read, appended: Arc::default(), wake: None })
    }

    async fn open_schema(url: &str, schema: &str, connections: u32) -> Result<Self> {
        let mut bare = ConnectOptions::new(url);
        bare.max_connections(1).sqlx_logging(false);
        let door = Database::connect(bare).await?;
        // Two replicas that start together both find the schema missing; only one may make it.
        door.execute_unprepared(&format!(
            "DO $$ BEGIN PERFORM pg_advisory_xact_lock(4242); \
             EXECUTE 'CREATE SCHEMA IF NOT EXISTS \"{schema}\"'; END $$"
        ))
        .await?;
        door.close().await?;
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(connections)
            .min_connections(1)
            .sqlx_logging(false)
            .acquire_timeout(Duration::from_secs(30))
            .test_before_acquire_if_idle_for(Duration::from_secs(1))
            .map_sqlx_postgres_opts(|o| {
                // A replica that hangs within a transaction must not keep its locks for good.
                unwrapped_within_the_machine(o)
                    .statement_cache_capacity(STATEMENTS)
                    .options([("idle_in_transaction_session_timeout", "30s")])
            })
            .set_schema_search_path(schema.to_owned());
        let pool = Database::connect(options).await?;
        let wake = Some(Arc::new(Wake::new(url, schema, pool.clone())));
        let write = Writers::Beside(pool.clone());
        Ok(Self { write, read: pool, appended: Arc::default(), wake })
    }

    /// Starts a transaction that may write.
    pub async fn begin(&self) -> Result<Tx> {
        let (inner, turn) = match &self.write {
            Writers::OneByOne(group) => {
                let (inner, turn) = group.begin().await?;
                (inner, Some(turn))
            }
            Writers::Beside(pool) => (pool.begin().await?, None),
        };
        let (appended, wake) = (Arc::clone(&self.appended), self.wake.clone());
        Ok(Tx { inner, turn, appended, wake, backend: self.backend() })
    }

    /// Starts a transaction that only reads, and sees one state throughout.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction> {
        let postgres = self.backend() == DbBackend::Postgres;
        Ok(self
            .read
            .begin_with_options(TransactionOptions {
                isolation_level: postgres.then_some(sea_orm::IsolationLevel::RepeatableRead),
                access_mode: postgres.then_some(AccessMode::ReadOnly),
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
            })
            .await?)
    }

    /// The pool for single reads.
    pub fn conn(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Which database this is.
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// Whether writers write beside each other, so that they need not commit in the order in which
    /// they wrote.
    pub(crate) fn writes_beside_others(&self) -> bool {
        matches!(self.write, Writers::Beside(_))
    }

    /// Waits until a transaction of this process has appended an event.
    pub(crate) async fn appended(&self) {
        self.appended.notified().await;
    }

    /// Hears, until the answer is dropped, what other replicas append.
    pub(crate) fn hear(&self) -> Option<Hearing> {
        self.wake.as_ref().map(|wake| wake.hear(Arc::clone(&self.appended)))
    }

    /// Applies the migrations that are not applied yet, in order.
    ///
    /// Replicas may start together: a lock makes one wait for the other.
    pub async fn migrate(&self, migrations: &[&[Migration]]) -> Result<()> {
        let tx = self.begin().await?;
        if self.backend() == DbBackend::Postgres {
            tx.execute_unprepared("SELECT pg_advisory_xact_lock(4243)").await?;
        }
        tx.execute_unprepared(
            "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, sha256 text NOT NULL)",
        )
        .await?;
        for migration in migrations.iter().flat_map(|set| set.iter()) {
            migration.apply(&tx).await?;
        }
        tx.commit().await
    }

    /// Closes the pool after everything that was begun has ended.
    pub async fn close(self) -> Result<()> {
        if let Writers::OneByOne(group) = &self.write {
            group.close().await?;
        }
        Ok(self.read.close().await?)
    }
}

/// One step of a service's schema: forward only, applied once.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Named by the change: `0001_policies`.
    pub name: &'static str,
    /// DDL that both databases read; statements end with `;` at the end of a line.
    pub sql: &'static str,
}

impl Migration {
    async fn apply(&self, tx: &Tx) -> Result<()> {
        let sha256 = crate::hash::sha256_hex(self.sql.as_bytes());
        let applied: Option<String> = scalar(
            &**tx,
            "SELECT sha256 AS value FROM migrations WHERE name = $1",
            vec![self.name.into()],
        )
        .await?;
        match applied {
            Some(known) if known == sha256 => return Ok(()),
            Some(_) => return Err(Error::MigrationChanged(self.name.to_owned())),
            None => {}
        }
        let serial = match tx.backend {
            DbBackend::Postgres => "bigserial PRIMARY KEY",
            _ => "integer PRIMARY KEY AUTOINCREMENT",
        };
        for statement in self.sql.split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
            tx.execute_unprepared(&statement.replace("{serial}", serial)).await?;
        }
        let values = vec![self.name.into(), sha256.into()];
        run(&**tx, "INSERT INTO migrations (name, sha256) VALUES ($1, $2)", values).await?;
        Ok(())
    }
}

/// A transaction that may write and append events.
#[derive(Debug)]
pub struct Tx {
    // Rolled back, where it is dropped, before the turn passes on.
    inner: DatabaseTransaction,
    turn: Option<Turn>,
    appended: Arc<Notify>,
    wake: Option<Arc<Wake>>,
    backend: DbBackend,
}

impl Tx {
    /// Makes everything in it true, and wakes the relay.
    pub async fn commit(self) -> Result<()> {
        let (appended, wake) = (Arc::clone(&self.appended), self.wake.clone());
        self.inner_commit().await?;
        appended.notify_one();
        if let Some(wake) = wake {
            wake.say();
        }
        Ok(())
    }

    /// Commits without waking the relay, which is the caller.
    pub(crate) async fn inner_commit(self) -> Result<()> {
        let Self { inner, turn, .. } = self;
        match turn {
            Some(turn) => turn.end(inner).await,
            None => Ok(inner.commit().await?),
        }
    }

    /// Gives up everything in it.
    pub async fn rollback(self) -> Result<()> {
        Ok(self.inner.rollback().await?)
    }

    /// Whether others write at the same time, and may commit before this one does.
    pub(crate) fn is_beside_others(&self) -> bool {
        self.turn.is_none()
    }

    /// The clause that locks the rows of a `SELECT`; SQLite's writer is alone and needs none.
    pub fn for_update(&self) -> &'static str {
        match self.backend {
            DbBackend::Postgres => " FOR UPDATE",
            _ => "",
        }
    }

    /// Which database this is.
    pub fn backend(&self) -> DbBackend {
        self.backend
    }
}

impl std::ops::Deref for Tx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

/// One statement for whichever database `conn` is.
pub fn sql(
    conn: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), text, values)
}

/// All rows of a query.
pub async fn all<R: FromQueryResult>(
    conn: &impl ConnectionTrait,
    text: &str,
    values: Vec<Value>,
) -> Result<Vec<R>> {
    let rows = conn.query_all_raw(sql(conn, text, values)).await?;
    rows.iter().map(|row| R::from_query_result(row, "").map_err(Error::from)).collect()
}

/// The first row of a query.
pub async fn one<R: FromQueryResult>(
    conn: &impl ConnectionTrait,
    text: &str,
    values: Vec<Value>,
) -> Result<Option<R>> {
    let row = conn.query_one_raw(sql(conn, text, values)).await?;
    row.map(|row| R::from_query_result(&row, "").map_err(Error::from)).transpose()
}

/// Runs a statement and counts the rows that it touched.
pub async fn run(conn: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<u64> {
    Ok(conn.execute_raw(sql(conn, text, values)).await?.rows_affected())
}

/// The column `value` of a query's first row.
pub async fn scalar<T: TryGetable>(
    conn: &impl ConnectionTrait,
    text: &str,
    values: Vec<Value>,
) -> Result<Option<T>> {
    let row = conn.query_one_raw(sql(conn, text, values)).await?;
    row.map(|row| row.try_get("", "value").map_err(Error::from)).transpose()
}

/// A position or epoch as databases count, which know no unsigned numbers.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A position or epoch as the bus counts.
pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Placeholders of a multi-row statement, `($1, $2), ($3, $4)`.
pub fn rows_of(columns: usize, rows: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            if column > 0 {
                text.push_str(", ");
            }
            text.push('$');
            text.push_str(&(row * columns + column + 1).to_string());
        }
        text.push(')');
    }
    text
}

/// Placeholders of a list, `$3, $4, $5` for three values after the first two.
pub fn list_of(after: usize, count: usize) -> String {
    (after + 1..=after + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}
