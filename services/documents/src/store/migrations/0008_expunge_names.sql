ALTER TABLE expunges ADD COLUMN requested_name text NOT NULL DEFAULT '';
