-- The access reports that were written down, what each login could do then, so that the next one can say what changed, and
-- what reviewers decided.
CREATE TABLE access_report (
    id INTEGER PRIMARY KEY,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    sha256 TEXT NOT NULL
);
CREATE TABLE access_snapshot (
    env TEXT NOT NULL,
    db_name TEXT NOT NULL,
    report_id INTEGER NOT NULL,
    cluster_id TEXT NOT NULL,
    made_at TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    PRIMARY KEY (env, db_name, report_id)
) WITHOUT ROWID;
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
