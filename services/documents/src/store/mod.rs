//! Tables, finders and locks: the only room that names the database.

pub mod attachments;
pub mod changes;
pub mod decisions;
pub mod delays;
pub mod drafts;
pub mod effects;
pub mod expunges;
pub mod links;
pub mod organs;
pub mod policies;
pub mod receipts;
pub mod relations;
pub mod renditions;
pub mod revisions;
pub mod stages;
mod table;
pub mod whole;
pub mod worklist;

use kit::db::Migration;
use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};

/// The schema, in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "0001_policies", sql: include_str!("migrations/0001_policies.sql") },
    Migration { name: "0002_relations", sql: include_str!("migrations/0002_relations.sql") },
    Migration { name: "0003_organs", sql: include_str!("migrations/0003_organs.sql") },
    Migration { name: "0004_receipts", sql: include_str!("migrations/0004_receipts.sql") },
    Migration { name: "0005_attachments", sql: include_str!("migrations/0005_attachments.sql") },
    Migration { name: "0006_worklist", sql: include_str!("migrations/0006_worklist.sql") },
    Migration { name: "0007_expunges", sql: include_str!("migrations/0007_expunges.sql") },
    Migration {
        name: "0008_expunge_names",
        sql: include_str!("migrations/0008_expunge_names.sql"),
    },
    Migration { name: "0009_effects", sql: include_str!("migrations/0009_effects.sql") },
    Migration { name: "0010_privacy", sql: include_str!("migrations/0010_privacy.sql") },
    Migration { name: "0011_lifecycle", sql: include_str!("migrations/0011_lifecycle.sql") },
    Migration { name: "0012_intake", sql: include_str!("migrations/0012_intake.sql") },
    Migration { name: "0013_renditions", sql: include_str!("migrations/0013_renditions.sql") },
    Migration { name: "0014_counts", sql: include_str!("migrations/0014_counts.sql") },
];

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn from_json<T: DeserializeOwned>(text: &str, place: &'static str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| Error::Inconsistent(place))
}
