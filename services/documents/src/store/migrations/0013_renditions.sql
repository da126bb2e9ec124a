CREATE TABLE renditions (
    policy_id uuid NOT NULL,
    revision bigint NOT NULL,
    format text NOT NULL,
    sha256 text NOT NULL,
    size bigint NOT NULL,
    maker text NOT NULL,
    made_at timestamptz NOT NULL,
    used_on text NOT NULL,
    PRIMARY KEY (policy_id, revision, format)
);
CREATE INDEX renditions_by_content ON renditions (sha256);
CREATE INDEX revisions_by_publication ON revisions (published_at);
CREATE INDEX policies_revised ON policies (revised_at) WHERE state = 'published';
CREATE INDEX policies_effective ON policies (effective_on) WHERE effective_on <> '';
CREATE INDEX policies_overruled ON policies (overruled_from) WHERE overruled_from <> '';
CREATE INDEX relations_starting ON relations (starts_on) WHERE starts_on <> '';
