-- Roles belong to clusters, no longer to the places where these were reached. The hook gives each place its cluster, moves
-- the placed roles over and drops their table by place.
ALTER TABLE db_registry ADD COLUMN cluster_id TEXT;
CREATE TABLE cluster (
    id TEXT PRIMARY KEY,
    created_at TEXT NOT NULL
) WITHOUT ROWID;
-- Beside each place: what answered there last.
CREATE TABLE cluster_place (
    hostname TEXT NOT NULL,
    port TEXT NOT NULL,
    cluster_id TEXT NOT NULL,
    system_identifier TEXT,
    started_at TEXT,
    PRIMARY KEY (hostname, port)
) WITHOUT ROWID;
CREATE INDEX cluster_place_cluster_id ON cluster_place (cluster_id);
-- Other deliveries of a role that was placed under two names of its cluster, until somebody picks.
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
    PRIMARY KEY (cluster_id, username, hostname, port)
) WITHOUT ROWID;
ALTER TABLE password_change ADD COLUMN cluster_id TEXT;
ALTER TABLE password_change ADD COLUMN lock TEXT;
ALTER TABLE placed_role RENAME TO placed_role_by_place;
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
    PRIMARY KEY (cluster_id, username)
);
