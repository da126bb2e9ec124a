//! The tables: who subscribed, what was announced, what became of each message.

use kit::db::Migration;

pub mod announcements;
pub mod deliveries;
pub mod digests;
pub mod ledger;
pub mod subscriptions;

/// The schema, in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "0001_ledger", sql: include_str!("../../migrations/0001_ledger.sql") },
    Migration { name: "0002_delays", sql: include_str!("../../migrations/0002_delays.sql") },
];
