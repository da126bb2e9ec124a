//! Tables whose rows are written whole: the columns are named once.

use kit::db::{self, Tx};
use sea_orm::Value;

use crate::error::Result;

/// A table, its key column first.
pub struct Table {
    name: &'static str,
    columns: &'static str,
}

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

    /// Inserts rows.
    pub async fn insert(&self, tx: &Tx, rows: Vec<Vec<Value>>) -> Result<()> {
        Ok(db::insert(tx, self.name, self.columns, rows).await?)
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
