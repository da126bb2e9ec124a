CREATE TABLE sessions (
    id_sha256 text PRIMARY KEY,
    account text NOT NULL,
    csrf text NOT NULL,
    refresh_token text NOT NULL,
    access_token text NOT NULL,
    access_expires_at timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_end ON sessions (expires_at);
