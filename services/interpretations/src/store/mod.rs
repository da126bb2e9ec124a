//! The tables of interpretations: the only room that names the database.

pub mod interpretations;
pub mod policies;
pub mod tasks;

use kit::db::Migration;

/// The schema, step by step.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "0001_policies_and_tasks", sql: TASKS },
    Migration { name: "0002_interpretations", sql: INTERPRETATIONS },
    Migration { name: "0003_reopened_tasks", sql: REOPENED },
];

const TASKS: &str = "
CREATE TABLE policies (
  id uuid PRIMARY KEY,
  revision bigint NOT NULL,
  withdrawn boolean NOT NULL,
  title text NOT NULL,
  organ_code text NOT NULL
);
CREATE INDEX policies_by_organ ON policies (organ_code);
CREATE TABLE tasks (
  id uuid PRIMARY KEY,
  policy_id uuid NOT NULL UNIQUE,
  state text NOT NULL,
  opened_at timestamptz NOT NULL,
  start_day text NOT NULL,
  working_days bigint NOT NULL,
  rule_version text NOT NULL,
  calendar_version text NOT NULL,
  backfill boolean NOT NULL,
  outcome text NOT NULL,
  closed_at timestamptz,
  overdue_told_at timestamptz,
  revision bigint NOT NULL
);
CREATE INDEX tasks_by_term ON tasks (state, start_day, id);
";

const INTERPRETATIONS: &str = "
CREATE TABLE interpretations (
  id uuid PRIMARY KEY,
  policy_id uuid NOT NULL,
  state text NOT NULL,
  title text NOT NULL,
  kind text NOT NULL,
  form text NOT NULL,
  interpreter text NOT NULL,
  contact_phone text NOT NULL,
  body text NOT NULL,
  source_id text,
  published_at timestamptz,
  withdrawn_at timestamptz,
  withdrawal_reason text NOT NULL,
  revision bigint NOT NULL
);
CREATE INDEX interpretations_by_policy ON interpretations (policy_id, id);
CREATE INDEX interpretations_by_state ON interpretations (state, id);
CREATE UNIQUE INDEX interpretations_by_source ON interpretations (source_id);
";

/// What a duty is judged by again, and what the term begins with.
const REOPENED: &str = "
ALTER TABLE policies ADD COLUMN category text NOT NULL DEFAULT '';
ALTER TABLE policies ADD COLUMN issued_on text NOT NULL DEFAULT '';
ALTER TABLE tasks ADD COLUMN beginning text NOT NULL DEFAULT 'publication';
UPDATE tasks SET beginning = 'import' WHERE backfill;
";
