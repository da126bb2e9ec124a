//! Rows into a table, several a statement.

use std::{collections::HashSet, hash::Hash};

use sea_orm::{ConnectionTrait as _, TryGetable, Value};

use super::{Tx, rows_of, run, sql};
use crate::Result;

/// Values of one statement at most: SQLite looks for the place of each among those before it.
const MOST_VALUES: usize = 160;
/// Bytes of one statement, unless one row has more: beyond 16 KiB it is several TLS records, and the
/// later ones wait until the first is acknowledged.
const MOST_BYTES: usize = 12 * 1024;

/// Inserts rows, each with a value for every one of `columns`, which are joined by a comma.
pub async fn insert(tx: &Tx, table: &str, columns: &str, rows: Vec<Vec<Value>>) -> Result<()> {
    for some in parts(rows) {
        let (places, values) = places_and_values(some);
        let text = format!("INSERT INTO {table} ({columns}) VALUES {places}");
        run(&**tx, &text, values).await?;
    }
    Ok(())
}

/// Inserts those rows whose `id` is not there yet; answers with these ids.
pub async fn insert_new<I: TryGetable + Eq + Hash>(
    tx: &Tx,
    table: &str,
    columns: &str,
    rows: Vec<Vec<Value>>,
) -> Result<HashSet<I>> {
    let mut new = HashSet::new();
    for some in parts(rows) {
        let (places, values) = places_and_values(some);
        let text = format!(
            "INSERT INTO {table} ({columns}) VALUES {places} \
             ON CONFLICT (id) DO NOTHING RETURNING id"
        );
        for row in tx.query_all_raw(sql(&**tx, &text, values)).await? {
            new.insert(row.try_get("", "id")?);
        }
    }
    Ok(new)
}

/// As many rows at a time as go into one statement.
fn parts(rows: Vec<Vec<Value>>) -> impl Iterator<Item = Vec<Vec<Value>>> {
    let mut rows = rows.into_iter().peekable();
    std::iter::from_fn(move || {
        let first = rows.next()?;
        let most = (MOST_VALUES / first.len().max(1)).max(1);
        let mut bytes = bytes_of(&first);
        let mut part = vec![first];
        while part.len() < most
            && let Some(next) = rows.next_if(|row| bytes + bytes_of(row) <= MOST_BYTES)
        {
            bytes += bytes_of(&next);
            part.push(next);
        }
        Some(part)
    })
}

fn places_and_values(rows: Vec<Vec<Value>>) -> (String, Vec<Value>) {
    let width = rows.first().map_or(0, Vec::len);
    (rows_of(width, rows.len()), rows.into_iter().flatten().collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(rows: Vec<Vec<Value>>) -> Vec<usize> {
        parts(rows).map(|part| part.len()).collect()
    }

    #[test]
    fn a_statement_has_few_values_and_few_bytes() {
        assert_eq!(sizes(Vec::new()), Vec::<usize>::new());
        assert_eq!(sizes(vec![vec![Value::from(1_i64); 10]; 40]), [16, 16, 8]);
        assert_eq!(sizes(vec![vec![Value::from(1_i64); 200]; 2]), [1, 1]);
        let text = |bytes: usize| vec![Value::from("a".repeat(bytes))];
        assert_eq!(sizes(vec![text(5000); 5]), [2, 2, 1]);
        assert_eq!(sizes(vec![text(20), text(50_000), text(20)]), [1, 1, 1]);
    }
}
