CREATE TABLE relations (
    policy_id uuid NOT NULL,
    position bigint NOT NULL,
    kind text NOT NULL,
    target_policy_id uuid,
    target_title text NOT NULL,
    target_number text NOT NULL,
    target_number_key text NOT NULL,
    target_source_id text NOT NULL,
    starts_on text NOT NULL,
    PRIMARY KEY (policy_id, position)
);
CREATE INDEX relations_by_target ON relations (target_policy_id);
CREATE INDEX relations_waiting_source ON relations (target_source_id) WHERE target_policy_id IS NULL;
CREATE INDEX relations_waiting_number ON relations (target_number_key) WHERE target_policy_id IS NULL;
CREATE INDEX relations_waiting_title ON relations (target_title) WHERE target_policy_id IS NULL;
CREATE TABLE interpretation_links (
    interpretation_id text PRIMARY KEY,
    policy_id uuid NOT NULL,
    revision bigint NOT NULL,
    title text NOT NULL,
    kind text NOT NULL,
    gone boolean NOT NULL
);
CREATE INDEX interpretation_links_by_policy ON interpretation_links (policy_id);
