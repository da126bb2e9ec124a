//! Documents and an outbox, with the settings that the product uses: every commit is synced.

use std::time::Duration;

use anyhow::{Context as _, Result};
use contracts::documents::CreatePolicyRequest;
use prost::Message as _;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, FromQueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _, Value,
};

const CONNECTIONS: u32 = 12;
const SQLITE_READERS: u32 = 4;

/// The floor's tables.
pub struct Store {
    write: DatabaseConnection,
    read: DatabaseConnection,
}

/// An event that was not sent yet.
#[derive(FromQueryResult)]
pub struct Waiting {
    /// Order of sending.
    pub serial: i64,
    /// Id of the message.
    pub id: String,
    /// The document.
    pub payload: Vec<u8>,
}

/// What a page shows.
#[derive(FromQueryResult)]
pub struct Shown {
    /// Title.
    pub title: String,
    /// Text, a paragraph a line.
    pub body: String,
}

impl Store {
    /// Opens the database and makes the tables.
    pub async fn open(url: &str) -> Result<Self> {
        let sqlite = url.starts_with("sqlite:");
        let store = if sqlite {
            let write = Database::connect(file(url, 1)).await?;
            Self { write, read: Database::connect(file(url, SQLITE_READERS)).await? }
        } else {
            let mut options = ConnectOptions::new(url);
            options.max_connections(CONNECTIONS).min_connections(CONNECTIONS).sqlx_logging(false);
            let pool = Database::connect(options).await?;
            Self { write: pool.clone(), read: pool }
        };
        let serial =
            if sqlite { "integer PRIMARY KEY AUTOINCREMENT" } else { "bigserial PRIMARY KEY" };
        let bytes = if sqlite { "blob" } else { "bytea" };
        for table in [
            "floor_documents (id text PRIMARY KEY, title text NOT NULL, body text NOT NULL)",
            &format!(
                "floor_outbox (serial {serial}, id text NOT NULL, payload {bytes} NOT NULL, \
                      sent boolean NOT NULL)"
            ),
        ] {
            store.write.execute_unprepared(&format!("CREATE TABLE {table}")).await?;
        }
        let waiting = "CREATE INDEX floor_waiting ON floor_outbox (serial) WHERE sent = false";
        store.write.execute_unprepared(waiting).await?;
        Ok(store)
    }

    /// The document and its event, in one transaction.
    pub async fn publish(&self, request: &CreatePolicyRequest) -> Result<()> {
        let content = request.content.clone().context("a document")?;
        let id = &request.request_id;
        let tx = self.write.begin_with_options(writing()).await?;
        let text = "INSERT INTO floor_documents (id, title, body) VALUES ($1, $2, $3)";
        run(&tx, text, vec![id.into(), content.title.into(), content.text.into()]).await?;
        let text = "INSERT INTO floor_outbox (id, payload, sent) VALUES ($1, $2, false)";
        run(&tx, text, vec![id.into(), request.encode_to_vec().into()]).await?;
        Ok(tx.commit().await?)
    }

    /// What is to be sent.
    pub async fn waiting(&self, most: u64) -> Result<Vec<Waiting>> {
        let text = "SELECT serial, id, payload FROM floor_outbox WHERE sent = false \
                    ORDER BY serial LIMIT $1";
        let rows = self.read.query_all_raw(sql(&self.read, text, vec![most.into()])).await?;
        Ok(rows.iter().map(|row| Waiting::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// Marks events as sent.
    pub async fn mark(&self, waiting: &[Waiting]) -> Result<()> {
        let last = waiting.last().map_or(0, |last| last.serial);
        let first = waiting.first().map_or(0, |first| first.serial);
        let ids: Vec<String> = waiting.iter().map(|it| it.serial.to_string()).collect();
        // The numbers are our own; a list keeps what was committed in between out of it.
        let text = format!(
            "UPDATE floor_outbox SET sent = true WHERE serial BETWEEN {first} AND {last} \
             AND serial IN ({})",
            ids.join(", ")
        );
        run(&self.write, &text, vec![]).await
    }

    /// One document.
    pub async fn shown(&self, id: &str) -> Result<Option<Shown>> {
        let text = "SELECT title, body FROM floor_documents WHERE id = $1";
        let row = self.read.query_one_raw(sql(&self.read, text, vec![id.into()])).await?;
        Ok(row.map(|row| Shown::from_query_result(&row, "")).transpose()?)
    }
}

fn file(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).min_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|options| {
        use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
        options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(30))
    });
    options
}

fn writing() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    }
}

fn sql(conn: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Statement {
    let backend: DbBackend = conn.get_database_backend();
    Statement::from_sql_and_values(backend, text, values)
}

async fn run(conn: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<()> {
    conn.execute_raw(sql(conn, text, values)).await?;
    Ok(())
}
