-- The notifications that are to be sent.
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
