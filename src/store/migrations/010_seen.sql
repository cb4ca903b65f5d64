-- What rotation knows of roles beside those that pgrole placed.
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
