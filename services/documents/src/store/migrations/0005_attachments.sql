CREATE TABLE attachments (
    id uuid PRIMARY KEY,
    policy_id uuid NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    added_by text NOT NULL,
    added_at timestamptz NOT NULL
);
CREATE INDEX attachments_by_content ON attachments (sha256);
CREATE TABLE attachment_places (
    policy_id uuid NOT NULL,
    revision bigint NOT NULL,
    attachment_id uuid NOT NULL,
    PRIMARY KEY (policy_id, revision, attachment_id)
);
CREATE INDEX attachment_places_by_attachment ON attachment_places (attachment_id);
