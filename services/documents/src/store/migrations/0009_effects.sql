ALTER TABLE relations ADD COLUMN articles text NOT NULL DEFAULT '[]';
ALTER TABLE relations ADD COLUMN effective_on text NOT NULL DEFAULT '';
ALTER TABLE policies ADD COLUMN overruled_effect text NOT NULL DEFAULT '';
ALTER TABLE policies ADD COLUMN overruled_from text NOT NULL DEFAULT '';
ALTER TABLE policies ADD COLUMN overrule text NOT NULL DEFAULT '';
ALTER TABLE policies ADD COLUMN told_effect text NOT NULL DEFAULT '';
ALTER TABLE policies ADD COLUMN effect_due_on text NOT NULL DEFAULT '';
CREATE INDEX policies_effect_due ON policies (effect_due_on) WHERE effect_due_on <> '';
CREATE INDEX policies_expiring ON policies (expires_on) WHERE expires_on <> '';
CREATE TABLE lapse_notices (
    policy_id uuid NOT NULL,
    expires_on text NOT NULL,
    months_before bigint NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (policy_id, expires_on, months_before)
);
