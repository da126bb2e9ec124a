CREATE TABLE worklist (
    id uuid PRIMARY KEY,
    policy_id uuid NOT NULL,
    organ_code text NOT NULL,
    title text NOT NULL,
    gate text NOT NULL,
    detail text NOT NULL,
    created_at timestamptz NOT NULL,
    resolved_at timestamptz,
    resolved_by text NOT NULL,
    remark text NOT NULL
);
CREATE INDEX worklist_open ON worklist (created_at, id) WHERE resolved_at IS NULL;
CREATE INDEX worklist_by_policy ON worklist (policy_id);
