-- What the servers answered last, so that it can be read again without a network: the logins of a cluster, as a JSON
-- list, and each role that was looked for, as JSON, NULL if there was none of that name. And which logins pgrole locked.
CREATE TABLE listed_logins (
    cluster_id TEXT PRIMARY KEY,
    answered_at TEXT NOT NULL,
    logins TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE found_login (
    cluster_id TEXT NOT NULL,
    username TEXT NOT NULL,
    answered_at TEXT NOT NULL,
    login TEXT,
    PRIMARY KEY (cluster_id, username)
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
-- A reading of many targets is one act, which is found by the list of its targets.
CREATE INDEX audit_log_targets ON audit_log (id) WHERE targets IS NOT NULL;
