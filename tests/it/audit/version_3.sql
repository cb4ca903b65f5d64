BEGIN TRANSACTION; -- A registry as pgrole left it before events had hashes: schema 3.
CREATE TABLE db_registry (
                env TEXT NOT NULL,
                db_name TEXT NOT NULL,
                hostname TEXT NOT NULL,
                port INTEGER NOT NULL DEFAULT 5432,
                active INTEGER NOT NULL DEFAULT 1,
                notes TEXT
            , sslmode TEXT, sslrootcert TEXT, created_at TEXT, updated_at TEXT, ports TEXT, sslcert TEXT, sslkey TEXT, sslnegotiation TEXT, channel_binding TEXT, admin_user TEXT, system_identifier TEXT);
INSERT INTO db_registry VALUES('dev','a1','h',5432,1,NULL,NULL,NULL,'2026-11-24T06:27:43.014679Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO db_registry VALUES('dev','a2','h',5432,1,NULL,NULL,NULL,'2026-11-24T06:27:43.063650Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO db_registry VALUES('dev','a3','h',5432,1,NULL,NULL,NULL,'2026-11-24T06:27:43.098138Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
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
    );
INSERT INTO audit_log VALUES(1,'2026-11-24T06:27:42.938203Z','4823a46a4900968b','event','registry open',NULL,NULL,NULL,NULL,NULL,NULL,'file created',NULL,NULL,NULL,NULL,NULL,'ann',1000,NULL,'desk',17100,NULL,'0.1.0');
INSERT INTO audit_log VALUES(2,'2026-11-24T06:27:43.014679Z','7de8ed5b6925038a','event','registry add','dev','a1','h',5432,NULL,NULL,'target added',NULL,NULL,NULL,NULL,NULL,'ann',1000,NULL,'desk',17100,NULL,'0.1.0');
INSERT INTO audit_log VALUES(3,'2026-11-24T06:27:43.063650Z','3975625d51c26552','event','registry add','dev','a2','h',5432,NULL,NULL,'target added',NULL,NULL,NULL,NULL,NULL,'ann',1000,NULL,'desk',17175,NULL,'0.1.0');
INSERT INTO audit_log VALUES(4,'2026-11-24T06:27:43.098138Z','ecc9082fe672dedf','event','registry add','dev','a3','h',5432,NULL,NULL,'target added',NULL,NULL,NULL,NULL,NULL,'ann',1000,NULL,'desk',17178,NULL,'0.1.0');
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
    ) WITHOUT ROWID;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('audit_log',4);
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
COMMIT;
PRAGMA user_version = 3;
