CREATE TABLE lifecycle_entries (
    policy_id uuid NOT NULL,
    position bigint NOT NULL,
    stage text NOT NULL,
    change text NOT NULL,
    reason text NOT NULL,
    made_by text NOT NULL,
    made_name text NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (policy_id, position)
);
