-- The schema of a new registry, as all the migrations come to it; a test compares the two. What is to change here is a
-- migration.

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

CREATE TABLE access_report (
    id INTEGER PRIMARY KEY,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    sha256 TEXT NOT NULL
);

CREATE TABLE access_review (
    cluster_id TEXT NOT NULL,
    username TEXT NOT NULL,
    env TEXT NOT NULL,
    db_name TEXT NOT NULL,
    accepted_at TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT,
    owner TEXT,
    reviewed_by TEXT NOT NULL,
    reviewed_at TEXT NOT NULL,
    PRIMARY KEY (cluster_id, username, env, db_name, accepted_at)
) WITHOUT ROWID;

CREATE TABLE access_snapshot (
    env TEXT NOT NULL,
    db_name TEXT NOT NULL,
    report_id INTEGER NOT NULL,
    cluster_id TEXT NOT NULL,
    made_at TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    PRIMARY KEY (env, db_name, report_id)
) WITHOUT ROWID;

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
    version TEXT NOT NULL,
    prev_hash TEXT,
    hash TEXT,
    undo TEXT,
    reason TEXT,
    targets TEXT,
    db_user TEXT,
    archive TEXT,
    targets_hash TEXT
);
CREATE INDEX audit_log_boxes ON audit_log (operation_id) WHERE operation = 'access grant --for' AND stage = 'intent';
CREATE INDEX audit_log_database ON audit_log (db_name) WHERE stage <> 'outcome';
CREATE INDEX audit_log_day ON audit_log (substr(performed_at, 1, 10));
CREATE INDEX audit_log_env ON audit_log (env) WHERE stage <> 'outcome';
CREATE INDEX audit_log_failed ON audit_log (performed_at) WHERE stage = 'outcome' AND error IS NOT NULL;
CREATE INDEX audit_log_operation ON audit_log (operation) WHERE stage <> 'outcome';
CREATE INDEX audit_log_operation_id ON audit_log (operation_id);
CREATE INDEX audit_log_operator ON audit_log (os_user) WHERE stage <> 'outcome';
CREATE INDEX audit_log_target_list ON audit_log (targets_hash) WHERE targets_hash IS NOT NULL;
CREATE INDEX audit_log_targets ON audit_log (id) WHERE targets IS NOT NULL;
CREATE INDEX audit_log_username ON audit_log (username) WHERE stage <> 'outcome';
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;

CREATE TABLE cluster (
    id TEXT PRIMARY KEY,
    created_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE cluster_place (
    hostname TEXT NOT NULL,
    port TEXT NOT NULL,
    cluster_id TEXT NOT NULL,
    system_identifier TEXT,
    started_at TEXT,
    PRIMARY KEY (hostname, port)
) WITHOUT ROWID;
CREATE INDEX cluster_place_cluster_id ON cluster_place (cluster_id);

CREATE TABLE cluster_watch (
    cluster_id TEXT PRIMARY KEY,
    begun_at TEXT NOT NULL,
    sampled_at TEXT NOT NULL,
    samples INTEGER NOT NULL,
    peak_sessions INTEGER NOT NULL,
    peak_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE db_registry (
    env TEXT NOT NULL,
    db_name TEXT NOT NULL,
    hostname TEXT NOT NULL,
    port INTEGER NOT NULL DEFAULT 5432,
    active INTEGER NOT NULL DEFAULT 1,
    notes TEXT,
    sslmode TEXT,
    sslrootcert TEXT,
    created_at TEXT,
    updated_at TEXT,
    ports TEXT,
    sslcert TEXT,
    sslkey TEXT,
    sslnegotiation TEXT,
    channel_binding TEXT,
    admin_user TEXT,
    system_identifier TEXT,
    cluster_id TEXT,
    direct TEXT,
    require_auth TEXT,
    record_code TEXT
);
CREATE UNIQUE INDEX db_registry_target ON db_registry (env, db_name);

CREATE TABLE dual_login (
    cluster_id TEXT NOT NULL,
    username TEXT NOT NULL,
    current TEXT,
    incoming TEXT,
    outgoing TEXT,
    retire_at TEXT,
    held_back TEXT,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (cluster_id, username)
) WITHOUT ROWID;

CREATE TABLE expiry_notice (
    channel TEXT NOT NULL,
    hostname TEXT NOT NULL,
    port TEXT NOT NULL,
    username TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    status TEXT NOT NULL,
    noticed_at TEXT NOT NULL,
    PRIMARY KEY (channel, hostname, port, username, valid_until, status)
) WITHOUT ROWID;

CREATE TABLE found_login (
    cluster_id TEXT NOT NULL,
    username TEXT NOT NULL,
    answered_at TEXT NOT NULL,
    login TEXT,
    PRIMARY KEY (cluster_id, username)
) WITHOUT ROWID;

CREATE TABLE known_admin (
    name TEXT PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE listed_logins (
    cluster_id TEXT PRIMARY KEY,
    answered_at TEXT NOT NULL,
    logins TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE locked_role (
    cluster_id TEXT NOT NULL,
    username TEXT NOT NULL,
    oid INTEGER NOT NULL,
    could_login INTEGER NOT NULL,
    locked_at TEXT NOT NULL,
    operation_id TEXT NOT NULL,
    PRIMARY KEY (cluster_id, username)
) WITHOUT ROWID;

CREATE TABLE login_activity (
    cluster_id TEXT NOT NULL,
    username TEXT NOT NULL,
    known_at TEXT NOT NULL,
    seen_at TEXT,
    seen_by TEXT,
    peak_sessions INTEGER NOT NULL,
    peak_at TEXT,
    PRIMARY KEY (cluster_id, username)
) WITHOUT ROWID;

CREATE TABLE met_delivery (
    cluster_id TEXT NOT NULL,
    username TEXT NOT NULL,
    hostname TEXT NOT NULL,
    port TEXT NOT NULL,
    env TEXT NOT NULL,
    db_name TEXT NOT NULL,
    profile TEXT,
    password_changed_at TEXT NOT NULL,
    deliver TEXT,
    file_format TEXT,
    term TEXT,
    end_named TEXT,
    record_code TEXT,
    PRIMARY KEY (cluster_id, username, hostname, port)
) WITHOUT ROWID;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'given up')),
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    next_attempt_at TEXT NOT NULL,
    attempted_at TEXT,
    claimed_until TEXT,
    claimed_by TEXT,
    error TEXT,
    ended_at TEXT
);
CREATE INDEX outbox_pending ON outbox (channel, next_attempt_at) WHERE state = 'pending';
CREATE INDEX outbox_sent ON outbox (ended_at) WHERE state = 'sent';

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
    updated_at TEXT NOT NULL,
    timeline INTEGER,
    valid_until TEXT,
    recovered_by TEXT,
    cluster_id TEXT,
    lock TEXT,
    term TEXT,
    record_code TEXT,
    incoming TEXT,
    grace INTEGER
) WITHOUT ROWID;
CREATE INDEX password_change_role ON password_change (username, hostname, port);
CREATE INDEX password_change_state ON password_change (state);

CREATE TABLE placed_role (
    cluster_id TEXT NOT NULL,
    username TEXT NOT NULL,
    hostname TEXT NOT NULL,
    port TEXT NOT NULL,
    env TEXT NOT NULL,
    db_name TEXT NOT NULL,
    profile TEXT,
    password_changed_at TEXT NOT NULL,
    deliver TEXT,
    file_format TEXT,
    term TEXT,
    end_named TEXT,
    record_code TEXT,
    PRIMARY KEY (cluster_id, username)
);

CREATE TABLE seen_role (
    cluster_id TEXT NOT NULL,
    username TEXT NOT NULL,
    hostname TEXT NOT NULL,
    port TEXT NOT NULL,
    env TEXT NOT NULL,
    db_name TEXT NOT NULL,
    profile TEXT,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (cluster_id, username)
) WITHOUT ROWID;

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

CREATE VIEW audit_summary (id, time, who, what, "where", status) AS
SELECT id, performed_at, coalesce(sudo_user, os_user),
    operation || coalesce(' ' || username, ''),
    CASE WHEN env IS NULL THEN NULL ELSE env || '/' || coalesce(db_name, '*') END,
    CASE stage WHEN 'intent' THEN 'begun, no end on record' ELSE status END
FROM audit_log a
WHERE stage <> 'intent' OR NOT EXISTS (
    SELECT 1 FROM audit_log o WHERE o.operation_id = a.operation_id AND o.stage = 'outcome');
