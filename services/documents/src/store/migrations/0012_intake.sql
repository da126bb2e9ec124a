ALTER TABLE policies ADD COLUMN last_day text NOT NULL DEFAULT '';
ALTER TABLE policies ADD COLUMN period text NOT NULL DEFAULT '';
ALTER TABLE policies ADD COLUMN title_key text NOT NULL DEFAULT '';
ALTER TABLE policies ADD COLUMN title_alias text NOT NULL DEFAULT '';
ALTER TABLE policies ADD COLUMN likeness bigint NOT NULL DEFAULT 0;
ALTER TABLE relations ADD COLUMN target_title_key text NOT NULL DEFAULT '';
UPDATE policies SET last_day = expires_on, title_key = title;
UPDATE relations SET target_title_key = target_title;
DROP INDEX policies_expiring;
CREATE INDEX policies_ending ON policies (last_day) WHERE last_day <> '';
DROP INDEX policies_by_title;
CREATE INDEX policies_by_title_key ON policies (title_key);
CREATE INDEX policies_by_title_alias ON policies (title_alias) WHERE title_alias <> '';
DROP INDEX relations_waiting_title;
CREATE INDEX relations_waiting_title_key ON relations (target_title_key)
    WHERE target_policy_id IS NULL;
CREATE INDEX policies_by_likeness ON policies (likeness, id) WHERE likeness <> 0;
