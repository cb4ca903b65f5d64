-- The login of two that gets the password, and for how long the other one stays valid then, in seconds.
ALTER TABLE password_change ADD COLUMN incoming TEXT;
ALTER TABLE password_change ADD COLUMN grace INTEGER;

-- The dual logins of owners, as their servers said last: what is decided, their comments decide.
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
