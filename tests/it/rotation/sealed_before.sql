PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
-- A registry as the release before left it, killed while it delivered a new password: APPLIED, and sealed without where
-- it is delivered. The audit log is left out. A socket's folder is its host, so that a test can answer there.
CREATE TABLE db_registry (
                env TEXT NOT NULL,
                db_name TEXT NOT NULL,
                hostname TEXT NOT NULL,
                port INTEGER NOT NULL DEFAULT 5432,
                active INTEGER NOT NULL DEFAULT 1,
                notes TEXT
            , sslmode TEXT, sslrootcert TEXT, created_at TEXT, updated_at TEXT, ports TEXT, sslcert TEXT, sslkey TEXT, sslnegotiation TEXT, channel_binding TEXT, admin_user TEXT, system_identifier TEXT);
INSERT INTO db_registry VALUES('dev','postgres','/proc/self/cwd/sockets',5432,1,NULL,NULL,NULL,'2026-11-26T01:55:01.291132Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
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
        version TEXT NOT NULL
    , prev_hash TEXT, hash TEXT);
CREATE TABLE placed_role (
        hostname TEXT NOT NULL,
        port INTEGER NOT NULL,
        username TEXT NOT NULL,
        env TEXT NOT NULL,
        db_name TEXT NOT NULL,
        profile TEXT,
        password_changed_at TEXT NOT NULL, deliver TEXT, file_format TEXT,
        PRIMARY KEY (hostname, port, username)
    );
INSERT INTO placed_role VALUES('/proc/self/cwd/sockets',5432,'sealed_before','dev','postgres','readonly','2026-11-26T01:55:01.548135Z','exec:/proc/self/cwd/deliver','json');
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
    , timeline INTEGER, valid_until TEXT, recovered_by TEXT) WITHOUT ROWID;
INSERT INTO password_change VALUES('2ee0de80223190d3','create','dev','postgres','/proc/self/cwd/sockets','5432','sealed_before','readonly','exec:/proc/self/cwd/deliver','exec:/proc/self/cwd/deliver','json','APPLIED','198c358cd73f6212',X'da5bb6c0e9992e46c15c13d6e73b0e0e798558ac5aa82400dae8949e60f9e9b599049e568f36b72d0ae07e2e64c2fd61e4f979e43e9fb59da6742b978b0203bba2f6eaa96f806792ee91235a1c4e2bd508ed3fec1d3b1da26302522735b123793374bbf2123af845d37f4a12a4a78fc09c3935554a6ba0b89e5c6f7e8994d73d4f7c6f8a09c9e23945bc3d550db8a06d11521de9f9c9183abadacf707985d73cef65b6fcefded547a96a9d15a99ac0dfdb3aec678d3a4de4f863e7d51f5ed438b276a185f6f9b123efd1813350fc44',NULL,NULL,NULL,'2026-11-26T01:55:01.497432Z','2026-11-26T01:55:01.548135Z',NULL,NULL,NULL);
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
CREATE UNIQUE INDEX db_registry_target ON db_registry (env, db_name);
CREATE INDEX audit_log_performed_at ON audit_log (performed_at);
CREATE INDEX audit_log_operation_id ON audit_log (operation_id);
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
        WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE INDEX password_change_state ON password_change (state);
CREATE INDEX outbox_pending ON outbox (channel, next_attempt_at) WHERE state = 'pending';
CREATE INDEX outbox_sent ON outbox (ended_at) WHERE state = 'sent';
CREATE INDEX audit_log_env ON audit_log (env, performed_at) WHERE stage <> 'outcome';
CREATE INDEX audit_log_database ON audit_log (db_name, performed_at) WHERE stage <> 'outcome';
CREATE INDEX audit_log_username ON audit_log (username, performed_at) WHERE stage <> 'outcome';
CREATE INDEX audit_log_operator ON audit_log (os_user, performed_at) WHERE stage <> 'outcome';
CREATE INDEX audit_log_operation ON audit_log (operation, performed_at) WHERE stage <> 'outcome';
CREATE INDEX audit_log_failed ON audit_log (performed_at) WHERE stage = 'outcome' AND error IS NOT NULL;
COMMIT;
PRAGMA user_version = 8;
