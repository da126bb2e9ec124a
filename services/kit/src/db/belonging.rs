//! Rows that belong to a row, read with it: one statement, and one state of both.

use sea_orm::{DbBackend, DbErr, QueryResult};
use serde::de::DeserializeOwned;

/// What belongs to a row, as one column of its `SELECT`: a JSON array with an object for each.
#[derive(Debug, Clone, Copy)]
pub struct Belonging {
    /// What each object holds.
    pub fields: &'static [Field],
    /// What follows `FROM`, with the condition that ties it to the row.
    pub from: &'static str,
    /// What follows `ORDER BY`.
    pub order: &'static str,
}

/// A field of such an object.
#[derive(Debug, Clone, Copy)]
pub enum Field {
    /// A column under its own name.
    Column(&'static str),
    /// An identity, which JSON does not hold as SQLite keeps it: its name and where it comes from.
    Id(&'static str, &'static str),
    /// Its name and the expression that it comes from.
    Named(&'static str, &'static str),
}

impl Belonging {
    /// The column.
    pub fn column(&self, backend: DbBackend) -> String {
        let fields: Vec<String> = self.fields.iter().map(|field| field.pair(backend)).collect();
        let (fields, Self { from, order, .. }) = (fields.join(", "), self);
        match backend {
            DbBackend::Postgres => format!(
                "(SELECT COALESCE(json_agg(json_build_object({fields}) ORDER BY {order}), \
                 '[]')::text FROM {from})"
            ),
            _ => format!(
                "(SELECT json_group_array(json_object({fields}) ORDER BY {order}) FROM {from})"
            ),
        }
    }
}

impl Field {
    fn pair(self, backend: DbBackend) -> String {
        match self {
            Self::Column(name) => format!("'{name}', {name}"),
            Self::Id(name, from) if backend == DbBackend::Postgres => format!("'{name}', {from}"),
            Self::Id(name, from) => format!("'{name}', nullif(hex({from}), '')"),
            Self::Named(name, from) => format!("'{name}', {from}"),
        }
    }
}

/// Reads such a column of a row; one that is null holds nothing.
pub fn belongings<T: DeserializeOwned>(row: &QueryResult, column: &str) -> Result<Vec<T>, DbErr> {
    let Some(json) = row.try_get::<Option<String>>("", column)? else { return Ok(Vec::new()) };
    serde_json::from_str(&json).map_err(|error| DbErr::Json(format!("{column}: {error}")))
}
