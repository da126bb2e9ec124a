//! Tables whose rows are written whole: the columns are named once.

use kit::db::{self, Tx};
use sea_orm::Value;

use crate::error::Result;

/// A table, its key column first.
pub struct Table {
    name: &'static str,
    columns: &'static str,
}

/// Values of one statement at most: SQLite looks for the place of each among those before it.
const MOST_VALUES: usize = 128;

/// Bytes of one statement, unless one row has more: beyond 16 KiB it is several TLS records, and the
/// later ones wait until the first is acknowledged.
const MOST_BYTES: usize = 12 * 1024;

impl Table {
    /// Names a table and its columns, joined by a comma and a space, the key first.
    pub const fn new(name: &'static str, columns: &'static str) -> Self {
        Self { name, columns }
    }

    /// `SELECT` of all columns, without a condition.
    pub fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.columns, self.name)
    }

    /// The columns, as a list in SQL.
    pub const fn columns(&self) -> &'static str {
        self.columns
    }

    /// Inserts rows, several a statement.
    pub async fn insert(&self, tx: &Tx, rows: Vec<Vec<Value>>) -> Result<()> {
        let names = self.columns;
        let width = names.split(", ").count();
        let per_statement = (MOST_VALUES / width).max(1);
        let mut rows = rows.into_iter().peekable();
        while let Some(first) = rows.next() {
            let mut bytes = bytes_of(&first);
            let mut values = first;
            while values.len() < per_statement * width
                && let Some(next) = rows.next_if(|row| bytes + bytes_of(row) <= MOST_BYTES)
            {
                bytes += bytes_of(&next);
                values.extend(next);
            }
            let places = db::rows_of(width, values.len() / width);
            let text = format!("INSERT INTO {} ({names}) VALUES {places}", self.name);
            db::run(&**tx, &text, values).await?;
        }
        Ok(())
    }

    /// Writes a whole row over the one with the same key.
    pub async fn update(&self, tx: &Tx, row: Vec<Value>) -> Result<()> {
        let mut names = self.columns.split(", ").enumerate();
        let key = names.next().map_or("id", |(_, name)| name);
        let sets: Vec<_> = names.map(|(at, name)| format!("{name} = ${}", at + 1)).collect();
        let text = format!("UPDATE {} SET {} WHERE {key} = $1", self.name, sets.join(", "));
        db::run(&**tx, &text, row).await?;
        Ok(())
    }
}

/// Bytes that a row takes on its way, about.
fn bytes_of(row: &[Value]) -> usize {
    let of = |value: &Value| match value {
        Value::String(Some(text)) => text.len(),
        Value::Bytes(Some(bytes)) => bytes.len(),
        _ => 16,
    };
    row.iter().map(of).sum()
}
