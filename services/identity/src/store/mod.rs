//! The tables of identity: the only room that names the database.

pub mod accounts;
pub mod failures;
pub mod keys;
pub mod organs;
pub mod sign_ins;

use kit::db::Migration;

/// The schema, step by step.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "0001_organs", sql: ORGANS },
    Migration { name: "0002_accounts", sql: ACCOUNTS },
    Migration { name: "0003_signing_keys", sql: SIGNING_KEYS },
];

/// The one row of `organ_tree` is locked by whoever changes the tree: cycles and names are
/// checked against all of it.
const ORGANS: &str = "
CREATE TABLE organs (
  code text PRIMARY KEY,
  name text NOT NULL,
  short_name text NOT NULL,
  parent_code text NOT NULL,
  kind text NOT NULL,
  credit_code text NOT NULL,
  number_heads text NOT NULL,
  phone text NOT NULL,
  revision bigint NOT NULL
);
CREATE INDEX organs_by_parent ON organs (parent_code);
CREATE INDEX organs_by_name ON organs (name);
CREATE TABLE organ_tree (id integer PRIMARY KEY);
INSERT INTO organ_tree (id) VALUES (1);
";

const ACCOUNTS: &str = "
CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  account text NOT NULL UNIQUE,
  name text NOT NULL,
  organ_code text NOT NULL,
  roles text NOT NULL,
  disabled boolean NOT NULL,
  password_hash text NOT NULL,
  revision bigint NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE sign_ins (
  token_hash text PRIMARY KEY,
  account_id uuid NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sign_ins_by_account ON sign_ins (account_id);
CREATE INDEX sign_ins_by_end ON sign_ins (expires_at);
CREATE TABLE sign_in_failures (
  name_hash text PRIMARY KEY,
  failures bigint NOT NULL,
  last_at timestamptz NOT NULL
);
";

const SIGNING_KEYS: &str = "
CREATE TABLE signing_keys (
  id text PRIMARY KEY,
  private_pem text NOT NULL,
  public_jwk text NOT NULL,
  created_at timestamptz NOT NULL,
  retired_at timestamptz
);
";
