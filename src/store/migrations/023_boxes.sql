-- Grants with an end: what this file granted, and what of it is not known to have ended.
CREATE TABLE access_box (
    id TEXT PRIMARY KEY,
    env TEXT NOT NULL,
    db_name TEXT NOT NULL,
    hostname TEXT NOT NULL,
    port TEXT NOT NULL,
    username TEXT NOT NULL,
    level TEXT,
    reason TEXT,
    ends_at TEXT,
    state TEXT NOT NULL CHECK (state IN ('intended', 'open', 'ended', 'closed')),
    strangers TEXT,
    granted_at TEXT NOT NULL,
    noticed_at TEXT
) WITHOUT ROWID;
CREATE INDEX access_box_state ON access_box (state) WHERE state <> 'closed';
CREATE INDEX audit_log_boxes ON audit_log (operation_id) WHERE operation = 'access grant --for' AND stage = 'intent';
