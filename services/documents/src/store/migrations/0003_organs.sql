CREATE TABLE organs (
    code text PRIMARY KEY,
    name text NOT NULL,
    parent_code text NOT NULL,
    credit_code text,
    revision bigint NOT NULL
);
CREATE INDEX organs_by_name ON organs (name);
