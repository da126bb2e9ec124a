CREATE TABLE subscribers (
  id text PRIMARY KEY,
  sealed_email bytea NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE subscriptions (
  id uuid PRIMARY KEY,
  subscriber_id text NOT NULL,
  kind text NOT NULL,
  value text NOT NULL,
  label text NOT NULL,
  state text NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  UNIQUE (subscriber_id, kind, value)
);
CREATE INDEX subscriptions_by_interest ON subscriptions (kind, value);
CREATE INDEX subscriptions_by_time ON subscriptions (created_at, id);
CREATE TABLE announcements (
  id uuid PRIMARY KEY,
  policy_id text NOT NULL,
  revision bigint NOT NULL,
  occasion text NOT NULL,
  title text NOT NULL,
  document_number text NOT NULL,
  organ_name text NOT NULL,
  summary text NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL,
  completed_at timestamptz
);
CREATE INDEX announcements_by_policy ON announcements (policy_id);
CREATE TABLE deliveries (
  id text PRIMARY KEY,
  purpose text NOT NULL,
  announcement_id uuid,
  subscriber_id text NOT NULL,
  subscription_id uuid NOT NULL,
  digest_id text,
  state text NOT NULL,
  attempts bigint NOT NULL,
  was_in_doubt boolean NOT NULL,
  error text NOT NULL,
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  sent_at timestamptz
);
CREATE INDEX deliveries_by_state ON deliveries (state, due_at);
CREATE INDEX deliveries_by_announcement ON deliveries (announcement_id, state);
CREATE INDEX deliveries_by_digest ON deliveries (digest_id);
CREATE INDEX deliveries_by_subscription ON deliveries (subscription_id, state);
CREATE INDEX deliveries_by_time ON deliveries (created_at, id);
