//! The tables that every service's database has, whatever it is about.

use crate::db::Migration;

/// Log, marks, dead letters and copies. The other rooms bring their own.
const EVENTS: &str = "
CREATE TABLE events (
    serial {serial},
    id uuid NOT NULL UNIQUE,
    position bigint UNIQUE,
    epoch bigint,
    type text NOT NULL,
    aggregate text NOT NULL,
    revision bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    actor text NOT NULL,
    trace text NOT NULL,
    payload bytea NOT NULL
);
CREATE INDEX events_unplaced ON events (serial) WHERE position IS NULL;
CREATE INDEX events_of_aggregate ON events (aggregate, serial);
CREATE TABLE event_log (
    one integer PRIMARY KEY,
    epoch bigint NOT NULL,
    epoch_start bigint NOT NULL,
    last_position bigint NOT NULL
);
INSERT INTO event_log (one, epoch, epoch_start, last_position) VALUES (1, 1, 1, 0);
CREATE TABLE reader_marks (
    producer text PRIMARY KEY,
    epoch bigint NOT NULL,
    position bigint NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE reader_done (
    producer text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (producer, position)
);
CREATE TABLE dead_letters (
    event_id uuid PRIMARY KEY,
    producer text NOT NULL,
    position bigint NOT NULL,
    epoch bigint NOT NULL,
    type text NOT NULL,
    aggregate text NOT NULL,
    revision bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    actor text NOT NULL,
    payload bytea NOT NULL,
    error text NOT NULL,
    attempts integer NOT NULL,
    failed boolean NOT NULL,
    died_at timestamptz NOT NULL
);
CREATE INDEX dead_letters_of_aggregate ON dead_letters (aggregate, position);
CREATE TABLE replicas (
    replica text NOT NULL,
    producer text NOT NULL,
    epoch bigint NOT NULL,
    position bigint NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (replica, producer)
);
CREATE TABLE copies_confirmed (
    producer text PRIMARY KEY,
    epoch bigint NOT NULL,
    position bigint NOT NULL
);
CREATE TABLE copies_pending (
    producer text NOT NULL,
    position bigint NOT NULL,
    type text NOT NULL,
    aggregate text NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (producer, position)
);
";

/// What the kit itself keeps in each service's database.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { name: "kit_0001_events", sql: EVENTS },
    Migration { name: "kit_0002_audit", sql: crate::audit::DDL },
    Migration { name: "kit_0003_answered_requests", sql: crate::idempotency::DDL },
    Migration { name: "kit_0004_leases", sql: crate::lease::DDL },
    Migration { name: "kit_0005_jobs", sql: crate::jobs::DDL },
];
