CREATE TABLE receipts (
    id uuid PRIMARY KEY,
    policy_id uuid NOT NULL,
    revision bigint NOT NULL,
    occasion text NOT NULL,
    policy_title text NOT NULL,
    organ_code text NOT NULL,
    started_at timestamptz NOT NULL,
    completed_at timestamptz
);
CREATE UNIQUE INDEX receipts_by_policy ON receipts (policy_id, revision);
CREATE INDEX receipts_by_start ON receipts (started_at, id);
CREATE INDEX receipts_incomplete ON receipts (id) WHERE completed_at IS NULL;
CREATE TABLE receipt_steps (
    receipt_id uuid NOT NULL,
    name text NOT NULL,
    position bigint NOT NULL,
    policy_id uuid NOT NULL,
    revision bigint NOT NULL,
    state text NOT NULL,
    happened_at timestamptz,
    detail text NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (receipt_id, name)
);
CREATE INDEX receipt_steps_by_policy ON receipt_steps (policy_id, name);
CREATE INDEX receipt_steps_waiting ON receipt_steps (due_at) WHERE state = 'waiting';
CREATE INDEX receipt_steps_troubled ON receipt_steps (receipt_id) WHERE state IN ('late', 'failed');
