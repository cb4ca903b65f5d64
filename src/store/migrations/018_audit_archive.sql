-- The event of an archive says, in JSON, what was moved where, and who signed it. The logins that archived events name as
-- admin credentials stay known.
ALTER TABLE audit_log ADD COLUMN archive TEXT;
CREATE TABLE known_admin (
    name TEXT PRIMARY KEY
) WITHOUT ROWID;
