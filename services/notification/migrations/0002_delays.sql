ALTER TABLE announcements ADD COLUMN delay text NOT NULL DEFAULT '';
