CREATE TABLE privacy_decisions (
    policy_id uuid NOT NULL,
    exposure_id text NOT NULL,
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_name text NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (policy_id, exposure_id)
);
