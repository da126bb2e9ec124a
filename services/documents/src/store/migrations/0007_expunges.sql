CREATE TABLE expunges (
    id uuid PRIMARY KEY,
    policy_id uuid NOT NULL,
    revision bigint NOT NULL,
    ground text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    approved_by text NOT NULL,
    approved_at timestamptz
);
CREATE INDEX expunges_by_revision ON expunges (policy_id, revision);
