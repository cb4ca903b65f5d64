-- The journal of password changes, and where the passwords of placed roles are delivered.
CREATE TABLE password_change (
    operation_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    env TEXT NOT NULL,
    db_name TEXT NOT NULL,
    hostname TEXT NOT NULL,
    port TEXT NOT NULL,
    username TEXT NOT NULL,
    profile TEXT,
    deliver TEXT NOT NULL,
    deliver_template TEXT NOT NULL,
    file_format TEXT NOT NULL,
    state TEXT NOT NULL,
    key_id TEXT NOT NULL,
    sealed BLOB,
    cluster TEXT,
    keep_until TEXT,
    error TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX password_change_state ON password_change (state);
ALTER TABLE placed_role ADD COLUMN deliver TEXT;
ALTER TABLE placed_role ADD COLUMN file_format TEXT;
