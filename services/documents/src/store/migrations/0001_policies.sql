CREATE TABLE policies (
    id uuid PRIMARY KEY,
    state text NOT NULL,
    version bigint NOT NULL,
    revision bigint NOT NULL,
    public_revision bigint NOT NULL,
    organ_code text NOT NULL,
    organ_name text NOT NULL,
    organ_unassigned boolean NOT NULL,
    title text NOT NULL,
    document_number text NOT NULL,
    number_key text NOT NULL,
    category text NOT NULL,
    issued_on text NOT NULL,
    effective_on text NOT NULL,
    expires_on text NOT NULL,
    issued_year bigint NOT NULL,
    source_status text NOT NULL,
    repealed_on text NOT NULL,
    amended_on text NOT NULL,
    index_number text,
    content text NOT NULL,
    listed_at timestamptz NOT NULL,
    published_at timestamptz,
    revised_at timestamptz,
    withdrawn_at timestamptz,
    withdrawal_reason text NOT NULL,
    source_id text,
    source_hash text NOT NULL,
    backfill boolean NOT NULL,
    expunged boolean NOT NULL,
    draft_state text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX policies_by_source ON policies (source_id);
CREATE UNIQUE INDEX policies_by_index_number ON policies (index_number);
CREATE INDEX policies_listed ON policies (state, listed_at, id);
CREATE INDEX policies_issued ON policies (state, issued_on, id);
CREATE INDEX policies_by_organ ON policies (organ_code, state);
CREATE INDEX policies_by_number ON policies (number_key);
CREATE INDEX policies_by_title ON policies (title);
CREATE INDEX policies_in_draft ON policies (draft_state, listed_at) WHERE draft_state <> '';
CREATE TABLE drafts (
    policy_id uuid PRIMARY KEY,
    state text NOT NULL,
    content text NOT NULL,
    body text NOT NULL,
    author_id text NOT NULL,
    author_name text NOT NULL,
    editor_id text NOT NULL,
    editor_name text NOT NULL,
    reviewer_id text NOT NULL,
    reviewer_name text NOT NULL,
    publisher_id text NOT NULL,
    publisher_name text NOT NULL,
    revision_reason text NOT NULL,
    return_reason text NOT NULL,
    publish_at timestamptz,
    updated_at timestamptz NOT NULL
);
CREATE INDEX drafts_due ON drafts (publish_at) WHERE state = 'scheduled';
CREATE TABLE revisions (
    policy_id uuid NOT NULL,
    revision bigint NOT NULL,
    occasion text NOT NULL,
    content text NOT NULL,
    body text NOT NULL,
    organ_name text NOT NULL,
    published_at timestamptz NOT NULL,
    author_id text NOT NULL,
    author_name text NOT NULL,
    reviewer_id text NOT NULL,
    reviewer_name text NOT NULL,
    reason text NOT NULL,
    sha256 text NOT NULL,
    announcement bigint NOT NULL,
    expunged_ground text NOT NULL,
    expunged_at timestamptz,
    PRIMARY KEY (policy_id, revision)
);
CREATE TABLE changes (
    policy_id uuid NOT NULL,
    version bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    account_id text NOT NULL,
    name text NOT NULL,
    fields text NOT NULL,
    PRIMARY KEY (policy_id, version)
);
CREATE TABLE index_counters (
    organ_credit_code text NOT NULL,
    year bigint NOT NULL,
    last_serial bigint NOT NULL,
    PRIMARY KEY (organ_credit_code, year)
);
