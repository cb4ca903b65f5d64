-- Whether a target is known to be the server itself.
ALTER TABLE db_registry ADD COLUMN direct TEXT;
