//! The tables of a platform that stands still, as text that can be compared.

use std::collections::BTreeMap;

use kit::db::{self, Db, Place};
use sea_orm::{DbBackend, FromQueryResult};

use crate::harness::Platform;

const SERVICES: [&str; 5] = ["documents", "interpretations", "search", "notification", "gateway"];
/// Where a process notes how far it has come on the bus and when it looked: no fact of anybody's.
const BOOKKEEPING: [&str; 7] =
    ["event_log", "reader_marks", "copies_confirmed", "replicas", "leases", "jobs", "migrations"];

#[derive(FromQueryResult)]
struct Text {
    value: String,
}

async fn texts(db: &Db, query: &str) -> Vec<String> {
    let rows: Vec<Text> = db::all(db.conn(), query, vec![]).await.unwrap();
    rows.into_iter().map(|row| row.value).collect()
}

/// Every row of every table that is not bookkeeping, by service and table.
pub async fn dump(platform: &Platform) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::new();
    for service in SERVICES {
        let place = match platform.schema() {
            None => Place::File(platform.data().join(format!("db/{service}.sqlite"))),
            Some(schema) => Place::Schema {
                url: schema.url.clone(),
                schema: format!("{}{service}", schema.prefix),
                connections: 1,
            },
        };
        let db = Db::open(&place).await.unwrap();
        for (table, rows) in rows(&db).await {
            tables.insert(format!("{service}.{table}"), rows);
        }
        db.close().await.unwrap();
    }
    tables
}

async fn rows(db: &Db) -> Vec<(String, Vec<String>)> {
    let postgres = db.backend() == DbBackend::Postgres;
    let tables = if postgres {
        "SELECT tablename::text AS value FROM pg_tables WHERE schemaname = current_schema()"
    } else {
        "SELECT name AS value FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    };
    let mut found = Vec::new();
    for table in texts(db, tables).await {
        if BOOKKEEPING.contains(&table.as_str()) {
            continue;
        }
        let row = if postgres { format!("\"{table}\"::text") } else { columns(db, &table).await };
        let query = format!("SELECT {row} AS value FROM \"{table}\" ORDER BY 1");
        found.push((table, texts(db, &query).await));
    }
    found
}

/// SQLite has no word for a whole row.
async fn columns(db: &Db, table: &str) -> String {
    let names = texts(db, &format!("SELECT name AS value FROM pragma_table_info('{table}')")).await;
    names.iter().map(|name| format!("quote(\"{name}\")")).collect::<Vec<_>>().join(" || ',' || ")
}

/// Compares two dumps and says in which table they part.
pub fn assert_equal(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>) {
    assert!(before.keys().eq(after.keys()), "the same tables");
    for (table, rows) in before {
        let now = &after[table];
        if rows == now {
            continue;
        }
        let gone: Vec<_> = rows.iter().filter(|row| !now.contains(row)).take(3).collect();
        let new: Vec<_> = now.iter().filter(|row| !rows.contains(row)).take(3).collect();
        panic!("{table}: gone {gone:#?}, new {new:#?}");
    }
}
