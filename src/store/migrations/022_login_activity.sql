-- Since when each login is known to be there, when it was last seen, and how often somebody has looked: PostgreSQL keeps no
-- such date. And the most sessions that were seen at once.
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
CREATE TABLE cluster_watch (
    cluster_id TEXT PRIMARY KEY,
    begun_at TEXT NOT NULL,
    sampled_at TEXT NOT NULL,
    samples INTEGER NOT NULL,
    peak_sessions INTEGER NOT NULL,
    peak_at TEXT NOT NULL
) WITHOUT ROWID;
