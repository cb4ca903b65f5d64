-- The targets of an act on several, as a JSON list of ENV/DATABASE, once for all events that name the same: each of these
-- has the SHA-256 of the text, and is hashed with that. Lists leave with the last event that names them, and never change.
CREATE TABLE target_list (
    hash TEXT PRIMARY KEY,
    targets TEXT NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER target_list_no_update BEFORE UPDATE ON target_list
BEGIN SELECT RAISE(ABORT, 'target_list is append-only'); END;
CREATE TRIGGER target_list_no_delete BEFORE DELETE ON target_list
BEGIN SELECT RAISE(ABORT, 'target_list is append-only'); END;
CREATE TRIGGER target_list_no_replace BEFORE INSERT ON target_list
WHEN EXISTS (SELECT 1 FROM target_list WHERE hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'target_list is append-only'); END;
ALTER TABLE audit_log ADD COLUMN targets_hash TEXT;
CREATE INDEX audit_log_target_list ON audit_log (targets_hash) WHERE targets_hash IS NOT NULL;
-- From one day to the next the events of a period are found, however many there are, and whatever the clocks did.
DROP INDEX audit_log_performed_at;
CREATE INDEX audit_log_day ON audit_log (substr(performed_at, 1, 10));
-- A change that has ended finds those of the same role that ended before.
CREATE INDEX password_change_role ON password_change (username, hostname, port);
