-- The registry, the audit log, and which logins pgrole placed where. An adopted file has a db_registry of its own.
CREATE TABLE IF NOT EXISTS db_registry (
    env TEXT NOT NULL,
    db_name TEXT NOT NULL,
    hostname TEXT NOT NULL,
    port INTEGER NOT NULL DEFAULT 5432,
    active INTEGER NOT NULL DEFAULT 1,
    notes TEXT
);
ALTER TABLE db_registry ADD COLUMN sslmode TEXT;
ALTER TABLE db_registry ADD COLUMN sslrootcert TEXT;
ALTER TABLE db_registry ADD COLUMN created_at TEXT;
ALTER TABLE db_registry ADD COLUMN updated_at TEXT;
CREATE UNIQUE INDEX IF NOT EXISTS db_registry_target ON db_registry (env, db_name);
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    performed_at TEXT NOT NULL,
    operation_id TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('intent', 'outcome', 'event')),
    operation TEXT NOT NULL,
    env TEXT,
    db_name TEXT,
    hostname TEXT,
    port INTEGER,
    username TEXT,
    profile TEXT,
    status TEXT NOT NULL,
    sqlstate TEXT,
    error TEXT,
    statements TEXT,
    duration_ms REAL,
    admin_user TEXT,
    os_user TEXT NOT NULL,
    uid INTEGER NOT NULL,
    sudo_user TEXT,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    tty TEXT,
    version TEXT NOT NULL
);
CREATE INDEX audit_log_performed_at ON audit_log (performed_at);
CREATE INDEX audit_log_operation_id ON audit_log (operation_id);
-- Append-only: rows are neither changed, nor removed, nor replaced by INSERT OR REPLACE.
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
-- A role belongs to a cluster: its key is where it listens, not the target.
CREATE TABLE placed_role (
    hostname TEXT NOT NULL,
    port INTEGER NOT NULL,
    username TEXT NOT NULL,
    env TEXT NOT NULL,
    db_name TEXT NOT NULL,
    profile TEXT,
    password_changed_at TEXT NOT NULL,
    PRIMARY KEY (hostname, port, username)
);
