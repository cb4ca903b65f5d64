PRAGMA foreign_keys=OFF;
-- A registry of schema 8, as `pgrole` wrote it (dumped by sqlite3): one server under two names, a role placed under both,
-- and a change that is not delivered yet.
BEGIN TRANSACTION;
CREATE TABLE db_registry (
                env TEXT NOT NULL,
                db_name TEXT NOT NULL,
                hostname TEXT NOT NULL,
                port INTEGER NOT NULL DEFAULT 5432,
                active INTEGER NOT NULL DEFAULT 1,
                notes TEXT
            , sslmode TEXT, sslrootcert TEXT, created_at TEXT, updated_at TEXT, ports TEXT, sslcert TEXT, sslkey TEXT, sslnegotiation TEXT, channel_binding TEXT, admin_user TEXT, system_identifier TEXT);
INSERT INTO db_registry VALUES('dev','app','127.0.0.1',54871,1,NULL,'disable',NULL,'2026-11-26T01:09:13.682325Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'7712280895436607679');
INSERT INTO db_registry VALUES('qa','app','localhost',54871,1,NULL,'disable',NULL,'2026-11-26T01:09:13.735526Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'7712280895436607679');
INSERT INTO db_registry VALUES('prod','app','127.0.0.1',54872,1,NULL,'disable',NULL,'2026-11-26T01:09:13.782912Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
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
INSERT INTO audit_log VALUES(1,'2026-11-26T01:09:13.593120Z','b0ffa886f9d62f59','event','registry open',NULL,NULL,NULL,NULL,NULL,NULL,'file created',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20524,NULL,'0.1.0','0000000000000000000000000000000000000000000000000000000000000000','bd8d08a5c44fe467d1f56f427aea7c22ef8d08ba2e20633d2e632b086e620f4d');
INSERT INTO audit_log VALUES(2,'2026-11-26T01:09:13.682325Z','8669ab7fdadf46cc','event','registry add','dev','app','127.0.0.1',54871,NULL,NULL,'target added',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20524,NULL,'0.1.0','bd8d08a5c44fe467d1f56f427aea7c22ef8d08ba2e20633d2e632b086e620f4d','c9c58f52bc25eaa653066c0b962ab53ae0ba880c61dd6944ddfa829dae42bd9e');
INSERT INTO audit_log VALUES(3,'2026-11-26T01:09:13.735526Z','b7686c555264e623','event','registry add','qa','app','localhost',54871,NULL,NULL,'target added',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20543,NULL,'0.1.0','c9c58f52bc25eaa653066c0b962ab53ae0ba880c61dd6944ddfa829dae42bd9e','416969beae27bda7e053aa1d7d2ab1b664070930abba5a758e3faf9de9ca93f6');
INSERT INTO audit_log VALUES(4,'2026-11-26T01:09:13.782912Z','1dc863a0c5f14ab6','event','registry add','prod','app','127.0.0.1',54872,NULL,NULL,'target added',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20545,NULL,'0.1.0','416969beae27bda7e053aa1d7d2ab1b664070930abba5a758e3faf9de9ca93f6','21c5345a74c5c2b7c99d71615c19b01a990096e1f64e85be56e8546897d070b6');
INSERT INTO audit_log VALUES(5,'2026-11-26T01:09:13.858189Z','554bd8478323a434','intent','user readonly','dev','app','127.0.0.1',54871,'jane','readonly','intended',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20558,NULL,'0.1.0','21c5345a74c5c2b7c99d71615c19b01a990096e1f64e85be56e8546897d070b6','ea6d5fdab563827499dd553581864c93fa41e1085899a5d8be74fd2a4ddffa05');
INSERT INTO audit_log VALUES(6,'2026-11-26T01:09:13.940249Z','a215ac87ae4d9937','event','registry contact','dev','app','127.0.0.1',54871,NULL,NULL,'cluster 7712280895436607679 remembered',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20558,NULL,'0.1.0','ea6d5fdab563827499dd553581864c93fa41e1085899a5d8be74fd2a4ddffa05','8398e14952cf011b49b6610ac58a6e6205b495625ad7b23e12abc0cc7ac868f1');
INSERT INTO audit_log VALUES(7,'2026-11-26T01:09:13.983793Z','554bd8478323a434','outcome','user readonly','dev','app','127.0.0.1',54871,'jane','readonly','user created',NULL,NULL,replace('CREATE ROLE "jane" LOGIN CONNECTION LIMIT 20 PASSWORD ''<scram verifier>'';\nCOMMENT ON ROLE "jane" IS ''pgrole: profile=readonly'';\nGRANT "app_readonly" TO "jane"','\n',char(10)),124.16712100000000873,'postgres','root',0,NULL,'admin-1',20558,NULL,'0.1.0','8398e14952cf011b49b6610ac58a6e6205b495625ad7b23e12abc0cc7ac868f1','f555a3667ae704482a49b4f5071be6a9b40fea8ad20387ebc358234a9ad28744');
INSERT INTO audit_log VALUES(8,'2026-11-26T01:09:14.084363Z','a8f2566180ae8094','intent','user reset','qa','app','localhost',54871,'jane',NULL,'intended',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20597,NULL,'0.1.0','f555a3667ae704482a49b4f5071be6a9b40fea8ad20387ebc358234a9ad28744','c049f95b67083ebed3fff8276589090bc140a05a04c64f4df6470456d515dffa');
INSERT INTO audit_log VALUES(9,'2026-11-26T01:09:14.128792Z','64f2c05776d0b4a5','event','registry contact','qa','app','localhost',54871,NULL,NULL,'cluster 7712280895436607679 remembered',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20597,NULL,'0.1.0','c049f95b67083ebed3fff8276589090bc140a05a04c64f4df6470456d515dffa','ec5660a3922d84e45b7a572b2f0726c54a0f5af2912f63b9f0f6ddfb55e75fc0');
INSERT INTO audit_log VALUES(10,'2026-11-26T01:09:14.172945Z','a8f2566180ae8094','outcome','user reset','qa','app','localhost',54871,'jane',NULL,'password reset',NULL,NULL,'ALTER ROLE "jane" PASSWORD ''<scram verifier>''',73.446308999999999401,'postgres','root',0,NULL,'admin-1',20597,NULL,'0.1.0','ec5660a3922d84e45b7a572b2f0726c54a0f5af2912f63b9f0f6ddfb55e75fc0','b596427d4a74048d6e6bc838414c60318884afe592bfd780931a1da341bfd05f');
INSERT INTO audit_log VALUES(11,'2026-11-26T01:09:14.253004Z','3004b150c60121dc','intent','user readonly','dev','app','127.0.0.1',54871,'ben','readonly','intended',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20621,NULL,'0.1.0','b596427d4a74048d6e6bc838414c60318884afe592bfd780931a1da341bfd05f','ded596be5283aba6aecfca18f7ebfd9ecb4f9fa0475e21fc8d229a8e6bb720b9');
INSERT INTO audit_log VALUES(12,'2026-11-26T01:09:14.398249Z','3004b150c60121dc','outcome','user readonly','dev','app','127.0.0.1',54871,'ben','readonly','user created',NULL,NULL,replace('CREATE ROLE "ben" LOGIN CONNECTION LIMIT 20 PASSWORD ''<scram verifier>'';\nCOMMENT ON ROLE "ben" IS ''pgrole: profile=readonly'';\nGRANT "app_readonly" TO "ben"','\n',char(10)),122.67682700000000295,'postgres','root',0,NULL,'admin-1',20621,NULL,'0.1.0','ded596be5283aba6aecfca18f7ebfd9ecb4f9fa0475e21fc8d229a8e6bb720b9','f43fc5182ae322b101313af3b2ef5a67443c575e8405c456f728321be9434ed7');
INSERT INTO audit_log VALUES(13,'2026-11-26T01:09:14.463393Z','c48101cb4ab572ad','intent','user reset','dev','app','127.0.0.1',54871,'ben',NULL,'intended',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20669,NULL,'0.1.0','f43fc5182ae322b101313af3b2ef5a67443c575e8405c456f728321be9434ed7','d2015b3868484c58172c305c7aa3dc89336966c6285d362abca298183d583204');
INSERT INTO audit_log VALUES(14,'2026-11-26T01:09:14.531830Z','c48101cb4ab572ad','outcome','user reset','dev','app','127.0.0.1',54871,'ben',NULL,'failed',NULL,'the password of "ben" was changed, but not delivered to exec:false: "false" ended with exit status: 1',NULL,48.041040999999999883,'postgres','root',0,NULL,'admin-1',20669,NULL,'0.1.0','d2015b3868484c58172c305c7aa3dc89336966c6285d362abca298183d583204','5178152294328355ee31915d4b007168c446beee7f7a8549565ffc43ebabb53e');
INSERT INTO audit_log VALUES(15,'2026-11-26T01:09:14.568711Z','fa1836c89f0c96f1','intent','rotate survey','dev','app','127.0.0.1',54871,NULL,NULL,'intended',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20682,NULL,'0.1.0','5178152294328355ee31915d4b007168c446beee7f7a8549565ffc43ebabb53e','0c56ef6408c60d7310353845a79794c6e7c2da4ec1cb6c5873ce64bd05f2ec26');
INSERT INTO audit_log VALUES(16,'2026-11-26T01:09:14.599373Z','465d1d2079a4bb5f','intent','rotate survey','qa','app','localhost',54871,NULL,NULL,'intended',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20682,NULL,'0.1.0','0c56ef6408c60d7310353845a79794c6e7c2da4ec1cb6c5873ce64bd05f2ec26','0785affd5aa49648c44f59e1539e0f5de7a96f0ff69d6d8d7b6ce2e68071644c');
INSERT INTO audit_log VALUES(17,'2026-11-26T01:09:14.610065Z','54f43226436c2a88','intent','rotate survey','prod','app','127.0.0.1',54872,NULL,NULL,'intended',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20682,NULL,'0.1.0','0785affd5aa49648c44f59e1539e0f5de7a96f0ff69d6d8d7b6ce2e68071644c','b601988beca36503b7c6a799102ea8397c1b90fe15c6b2a9e9566d87c4f1e02e');
INSERT INTO audit_log VALUES(18,'2026-11-26T01:09:14.625914Z','54f43226436c2a88','outcome','rotate survey','prod','app','127.0.0.1',54872,NULL,NULL,'failed',NULL,'cannot log in to prod/app at 127.0.0.1:54872: cannot reach 127.0.0.1:54872, in phase TCP: Connection refused (os error 111)',NULL,12.698078999999999894,'postgres','root',0,NULL,'admin-1',20682,NULL,'0.1.0','b601988beca36503b7c6a799102ea8397c1b90fe15c6b2a9e9566d87c4f1e02e','49c5eae1dcac06077e67f440d9f44c161a464d06c02e2667824f56ebbb741060');
INSERT INTO audit_log VALUES(19,'2026-11-26T01:09:14.660837Z','465d1d2079a4bb5f','outcome','rotate survey','qa','app','localhost',54871,NULL,NULL,'3 users seen',NULL,NULL,NULL,50.795633000000002255,'postgres','root',0,NULL,'admin-1',20682,NULL,'0.1.0','49c5eae1dcac06077e67f440d9f44c161a464d06c02e2667824f56ebbb741060','0c7fb621de51be155789cb982c4f2c735992842c3ffe76c8b699f535463b07f6');
INSERT INTO audit_log VALUES(20,'2026-11-26T01:09:14.679841Z','fa1836c89f0c96f1','outcome','rotate survey','dev','app','127.0.0.1',54871,NULL,NULL,'3 users seen',NULL,NULL,NULL,82.223866000000001008,'postgres','root',0,NULL,'admin-1',20682,NULL,'0.1.0','0c7fb621de51be155789cb982c4f2c735992842c3ffe76c8b699f535463b07f6','b2589954edc27cdc9722ab2391ab811e508104684f48f2250a562b1a8550895c');
INSERT INTO audit_log VALUES(21,'2026-11-26T01:09:14.680557Z','9117be4c774338da','intent','rotate run',NULL,NULL,NULL,NULL,NULL,NULL,'intended',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20682,NULL,'0.1.0','b2589954edc27cdc9722ab2391ab811e508104684f48f2250a562b1a8550895c','ee93d94db33fdb61cafee63064d4bfebd3dea75d6b8b420b1f0732c4cdb307cd');
INSERT INTO audit_log VALUES(22,'2026-11-26T01:09:14.823859Z','05bd1f94c5279645','intent','rotate','qa','app','localhost',54871,'jane',NULL,'intended',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20682,NULL,'0.1.0','ee93d94db33fdb61cafee63064d4bfebd3dea75d6b8b420b1f0732c4cdb307cd','e56063ff7ac3bde86f2ffeaccdabdcec53af8a7378e98ff766ea2ac8b0a7e95d');
INSERT INTO audit_log VALUES(23,'2026-11-26T01:09:14.836499Z','6d91eef052a05d73','intent','recover','dev','app','127.0.0.1',54871,'ben',NULL,'intended',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20682,NULL,'0.1.0','e56063ff7ac3bde86f2ffeaccdabdcec53af8a7378e98ff766ea2ac8b0a7e95d','ae450cd8988c3f7fe55b334ef2dd4d8ee0ce83f99b1589a592202e11fbfc3d9f');
INSERT INTO audit_log VALUES(24,'2026-11-26T01:09:14.947843Z','6d91eef052a05d73','outcome','recover','dev','app','127.0.0.1',54871,'ben',NULL,'failed',NULL,'the password of "ben" was changed, but not delivered to exec:false: "false" ended with exit status: 1',NULL,100.60232400000001007,'postgres','root',0,NULL,'admin-1',20682,NULL,'0.1.0','ae450cd8988c3f7fe55b334ef2dd4d8ee0ce83f99b1589a592202e11fbfc3d9f','472b8bdd8a697f02299a6c5d6d9571d7b58e45adcc3f75db351b81c7d92d61fa');
INSERT INTO audit_log VALUES(25,'2026-11-26T01:09:14.948398Z','3b37506997c70dcd','intent','rotate','dev','app','127.0.0.1',54871,'jane',NULL,'intended',NULL,NULL,NULL,NULL,NULL,'root',0,NULL,'admin-1',20682,NULL,'0.1.0','472b8bdd8a697f02299a6c5d6d9571d7b58e45adcc3f75db351b81c7d92d61fa','c8034f18dda114c93909f205ddb04dde0ad54d126d4dab07e17a6d68d6998eef');
INSERT INTO audit_log VALUES(26,'2026-11-26T01:09:14.999808Z','05bd1f94c5279645','outcome','rotate','qa','app','localhost',54871,'jane',NULL,'password reset',NULL,NULL,'ALTER ROLE "jane" PASSWORD ''<scram verifier>''',160.37972800000000006,'postgres','root',0,NULL,'admin-1',20682,NULL,'0.1.0','c8034f18dda114c93909f205ddb04dde0ad54d126d4dab07e17a6d68d6998eef','fe6520fc3fa23353db98e2f0789630114a0ad9eadd226b3b41f26836f64f7436');
INSERT INTO audit_log VALUES(27,'2026-11-26T01:09:15.100110Z','3b37506997c70dcd','outcome','rotate','dev','app','127.0.0.1',54871,'jane',NULL,'password reset',NULL,NULL,'ALTER ROLE "jane" PASSWORD ''<scram verifier>''',132.34659700000000271,'postgres','root',0,NULL,'admin-1',20682,NULL,'0.1.0','fe6520fc3fa23353db98e2f0789630114a0ad9eadd226b3b41f26836f64f7436','b120551fd8528b0274f644ab3b3adb81829201df320658c530b3d0d4dbb60a9b');
INSERT INTO audit_log VALUES(28,'2026-11-26T01:09:15.119983Z','9117be4c774338da','outcome','rotate run',NULL,NULL,NULL,NULL,NULL,NULL,'rotation finished: 2 due, 2 rotated, 0 failed, 0 left',NULL,NULL,NULL,425.78485599999999068,NULL,'root',0,NULL,'admin-1',20682,NULL,'0.1.0','b120551fd8528b0274f644ab3b3adb81829201df320658c530b3d0d4dbb60a9b','fb4bd95e741109db90971b277cb9947e5a48554a40754cea1ce75379ff18031d');
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
INSERT INTO placed_role VALUES('127.0.0.1',54871,'jane','dev','app','readonly','2026-11-26T01:09:15.051581Z','file:/srv/pgrole/out/dev.json','json');
INSERT INTO placed_role VALUES('localhost',54871,'jane','qa','app',NULL,'2026-11-26T01:09:14.947444Z','file:/srv/pgrole/out/qa.json','json');
INSERT INTO placed_role VALUES('127.0.0.1',54871,'ben','dev','app','readonly','2026-11-26T01:09:14.527403Z','exec:false','json');
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
INSERT INTO password_change VALUES('05bd1f94c5279645','reset','qa','app','localhost','54871','jane',NULL,'file:/srv/pgrole/out/qa.json','file:/srv/pgrole/out/qa.json','json','CLOSED','d5b05cc8f9815c7b',NULL,'7712280895436607679',NULL,NULL,'2026-11-26T01:09:14.896188Z','2026-11-26T01:09:14.971664Z',1,NULL,NULL);
INSERT INTO password_change VALUES('3004b150c60121dc','create','dev','app','127.0.0.1','54871','ben','readonly','file:/srv/pgrole/out/ben.json','file:/srv/pgrole/out/ben.json','json','CLOSED','d5b05cc8f9815c7b',NULL,'7712280895436607679',NULL,NULL,'2026-11-26T01:09:14.354129Z','2026-11-26T01:09:14.390305Z',1,NULL,NULL);
INSERT INTO password_change VALUES('3b37506997c70dcd','reset','dev','app','127.0.0.1','54871','jane',NULL,'file:/srv/pgrole/out/dev.json','file:/srv/pgrole/out/dev.json','json','CLOSED','d5b05cc8f9815c7b',NULL,'7712280895436607679',NULL,NULL,'2026-11-26T01:09:15.016664Z','2026-11-26T01:09:15.083467Z',1,NULL,NULL);
INSERT INTO password_change VALUES('554bd8478323a434','create','dev','app','127.0.0.1','54871','jane','readonly','file:/srv/pgrole/out/dev.json','file:/srv/pgrole/out/dev.json','json','CLOSED','d5b05cc8f9815c7b',NULL,'7712280895436607679',NULL,NULL,'2026-11-26T01:09:13.941830Z','2026-11-26T01:09:13.973270Z',1,NULL,NULL);
INSERT INTO password_change VALUES('a8f2566180ae8094','reset','qa','app','localhost','54871','jane',NULL,'file:/srv/pgrole/out/qa.json','file:/srv/pgrole/out/qa.json','json','CLOSED','d5b05cc8f9815c7b',NULL,'7712280895436607679',NULL,NULL,'2026-11-26T01:09:14.135892Z','2026-11-26T01:09:14.165143Z',1,NULL,NULL);
INSERT INTO password_change VALUES('c48101cb4ab572ad','reset','dev','app','127.0.0.1','54871','ben',NULL,'exec:false','exec:false','json','UNDELIVERED','d5b05cc8f9815c7b',X'9a424358563061dd230f1b745303a437ceb85e8db1aaa768821da3445e704cc3f420bb198018799848a810928b70f29b965f09b6b9420442eef2b97b1890cdd5f6efc71a3db770b2cedb3851f4e4d0f00d293c84f9bf792efb84cb612a235776ed4ad2b3c080d154093ffa258afb68bff43e5ecbb6a20f42d921cb9e6dc58705bb9703595eed1b795945a1620b4de3c5d198f9f182c58af3bb855b46ff2e05092808cdab2a6909dd7a86fe1c50e571fa5a28901a1882820fd1f58309ba940227980ff88d56bfef63722159f69086c928f9568429fb8759b0f7ac3cd540347b608b15071485cd196ffbdeaf82447cbfbabf21cb2854817e85b45dc3f40045747c037663331b20daae7215871060fda50d45385adb7c4a34d6ee895a02f8ac92b449ba205110c0a92f6ba1fa24adbae22c1c54930372c27165c6583adf0a3db31213193319de08626ba80a5e44d6742f75f3ba8547','7712280895436607679',NULL,'"false" ended with exit status: 1','2026-11-26T01:09:14.508533Z','2026-11-26T01:09:14.926228Z',1,NULL,'6d91eef052a05d73');
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
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('audit_log',28);
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
