//! Importing a library, against writing the same rows and the same index without the product.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};
use search::engine::{Change, Entry, Index, Record, Words};

use crate::{
    corpus::{self, Document, MARK},
    figures::{Goal, Table, rate, ratio},
    machine::{Place, quiet},
    product::{self, ORGAN, Product},
};

const MEMORY: usize = 30_000_000;
const BATCH: usize = 512;
const PATIENCE: Duration = Duration::from_secs(120);

/// Imports, then writes the same without us.
pub async fn measure(
    product: &Product,
    place: &Place,
    documents: &[Document],
    table: &mut Table,
) -> Result<()> {
    let file = place.path("bench.jsonl");
    corpus::write(&file, documents)?;
    quiet(&product.pids()).await;
    let started = Instant::now();
    import(product, &[&file], &["--organ", ORGAN]).await?;
    while product.count(MARK).await? < documents.len() as u64 {
        anyhow::ensure!(started.elapsed() < PATIENCE, "not all that was imported is found");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = started.elapsed();
    quiet(&product.pids()).await;

    let folder = place.path("same-index");
    let entries = documents.iter().map(entry).collect();
    let words = Words::load()?;
    let started = Instant::now();
    let index = tokio::task::spawn_blocking(move || index(&folder, &words, entries));
    let rows = copy_rows(place, product.data()).await?;
    index.await??;
    let floor = started.elapsed();
    let (our, their) = (rate(documents.len(), took), rate(documents.len(), floor));
    let name = if place.url.is_empty() { "SQLite" } else { "PostgreSQL" };
    let figure = format!("{name}: import of {} documents ({rows} rows)", documents.len());
    let (shown, floor) = (format!("{our:.0}/s"), format!("{their:.0}/s"));
    table.add(&figure, &shown, &floor, ratio(our, their), Goal::AtLeast(0.5));
    Ok(())
}

/// Runs the command that imports.
pub async fn import(product: &Product, files: &[&Path], options: &[&str]) -> Result<()> {
    let mut command = Command::new(product::program()?);
    let report = product.data().join("refused.jsonl");
    command.args(["import", "documents"]).args(files).args(["--publish", "--data"]);
    command.arg(product.data()).args(options).arg("--report").arg(&report);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let ended = tokio::task::spawn_blocking(move || command.output()).await??;
    // 3: some records were refused, which corpora from outside may well deserve.
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    anyhow::ensure!(matches!(ended.status.code(), Some(0 | 3)), "import: {said}");
    Ok(())
}

fn entry(document: &Document) -> Change {
    let text = document.text();
    let record = Record {
        id: document.id.clone(),
        revision: 1,
        title: document.title.clone(),
        category: document.category.clone().unwrap_or_default(),
        issued_on: document.issued_on.clone().unwrap_or_default(),
        organ_code: ORGAN.to_owned(),
        source_id: document.id.clone(),
        excerpt: text.chars().take(300).collect(),
        ..Record::default()
    };
    let text = text.to_owned();
    Change::Put(Box::new(Entry { record, text, year: 2024, ..Entry::default() }))
}

fn index(folder: &Path, words: &Words, entries: Vec<Change>) -> Result<()> {
    let index = Index::open(folder, words, MEMORY)?;
    for some in entries.chunks(BATCH) {
        index.apply(some, None)?;
    }
    anyhow::ensure!(index.policies()? == entries.len() as u64, "the index is not whole");
    Ok(())
}

/// Writes every row of the policy library once more, in bulk, with its indexes.
async fn copy_rows(place: &Place, data: &Path) -> Result<u64> {
    if place.url.is_empty() { copy_file(place, data).await } else { copy_schema(place).await }
}

async fn copy_file(place: &Place, data: &Path) -> Result<u64> {
    let url = format!("sqlite://{}?mode=rwc", place.path("copy.db").display());
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await?;
    let library = data.join("db/documents.sqlite");
    for pragma in ["journal_mode = WAL", "synchronous = FULL"] {
        db.execute_unprepared(&format!("PRAGMA {pragma}")).await?;
    }
    db.execute_unprepared(&format!("ATTACH '{}' AS library", library.display())).await?;
    let made = strings(
        &db,
        "SELECT sql AS value FROM library.sqlite_master WHERE sql IS NOT NULL \
         AND name NOT LIKE 'sqlite_%' ORDER BY type DESC",
    )
    .await?;
    for statement in made {
        db.execute_unprepared(&statement).await?;
    }
    let tables = "SELECT name AS value FROM library.sqlite_master WHERE type = 'table' \
                  AND name NOT LIKE 'sqlite_%'";
    let mut rows = 0;
    for table in strings(&db, tables).await? {
        let text = format!("INSERT INTO main.\"{table}\" SELECT * FROM library.\"{table}\"");
        rows += db.execute_unprepared(&text).await?.rows_affected();
    }
    Ok(rows)
}

async fn copy_schema(place: &Place) -> Result<u64> {
    let mut options = sea_orm::ConnectOptions::new(&place.url);
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await?;
    db.execute_unprepared("CREATE SCHEMA same").await?;
    let tables = "SELECT table_name AS value FROM information_schema.tables \
                  WHERE table_schema = 'documents' AND table_type = 'BASE TABLE'";
    let mut rows = 0;
    for table in strings(&db, tables).await? {
        let text = format!("CREATE TABLE same.{table} (LIKE documents.{table} INCLUDING ALL)");
        db.execute_unprepared(&text).await?;
        let text = format!("INSERT INTO same.{table} SELECT * FROM documents.{table}");
        rows += db.execute_unprepared(&text).await?.rows_affected();
    }
    db.execute_unprepared("DROP SCHEMA same CASCADE").await?;
    Ok(rows)
}

async fn strings(db: &DatabaseConnection, text: &str) -> Result<Vec<String>> {
    let statement = Statement::from_string(db.get_database_backend(), text);
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| row.try_get("", "value").context("a name")).collect()
}
