-- What recovery needs to know beside: which history of the cluster took the change, and the new VALID UNTIL.
ALTER TABLE password_change ADD COLUMN timeline INTEGER;
ALTER TABLE password_change ADD COLUMN valid_until TEXT;
