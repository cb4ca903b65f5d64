-- How a server may have the login proved. Targets from before accept what they accepted; those that are added from now on,
-- by hand too, have the default.
ALTER TABLE db_registry ADD COLUMN require_auth TEXT;
UPDATE db_registry SET require_auth = 'password,md5,scram-sha-256,none' WHERE require_auth IS NULL;
