//! Databases of other encodings than UTF8, and names that are not UTF-8: names of roles belong to the cluster, as bytes.

use serde_json::Value;

use crate::harness::{Cluster, Outcome};
use crate::scene::{Login, Scene, created, error, login, whole_text};

/// With a name of a schema that each can hold.
const ENCODINGS: [(&str, &str); 4] = [
    ("LATIN1", "gr\u{f6}\u{df}e"),
    ("KOI8R", "\u{441}\u{445}\u{435}\u{43c}\u{430}"),
    ("SQL_ASCII", "gr\u{f6}\u{df}e"),
    ("EUC_JP", "\u{8868}"),
];

/// Makes two logins, as an old database of a neighbour would: one whose name is not UTF-8, one whose name is, and is
/// none in EUC_JP.
fn make_odd_roles(cluster: &Cluster) {
    let latin = cluster.area_in_encoding("LATIN1");
    latin.superuser_psql(
        "DO $$ BEGIN
            EXECUTE format('CREATE ROLE %I LOGIN VALID UNTIL %L', 'j' || chr(228) || 'n', now() + interval '2 days 1 hour');
            EXECUTE format('COMMENT ON ROLE %I IS %L', 'j' || chr(228) || 'n', 'pgrole: profile=devqa');
        END $$",
    );
    cluster.superuser_psql(
        "postgres",
        "DO $$ BEGIN EXECUTE format('CREATE ROLE %I LOGIN', chr(129408)); END $$",
    );
}

/// Everything that pgrole does there, for logins of names in ASCII.
fn do_everything(scene: &Scene, schema: &str) {
    // As a client of UTF-8, which psql without a terminal is not.
    let made = scene.area.client().batch_execute(&format!(
        "CREATE SCHEMA \"{schema}\"; CREATE TABLE \"{schema}\".t AS SELECT 1 AS one"
    ));
    made.expect("the admin login may make schemas");
    let may = |login: &Login, sql: &str| {
        let client = scene
            .cluster
            .client_as(&login.name, &login.password, scene.database());
        client.expect("logs in").batch_execute(sql).expect(sql);
    };
    for profile in ["readonly", "devqa", "devlead"] {
        let jane = scene.create(profile, &format!("a_{profile}"));
        may(&jane, &format!("SELECT one FROM \"{schema}\".t"));
    }
    scene.create("dba", "dba");
    let name = scene.role("a_devqa");
    let person: [&str; 2] = ["-u", &name];
    let row = scene.user("find", &person).run().expect_status(0).json();
    assert_eq!(row["profile"], "devqa");
    assert!(listed(scene).contains(&name));
    let jane = login(&scene.user("reset", &person).run());
    scene.may_log_in(&jane);
    let path = ["-u", &name, "--schema", schema];
    scene.user("search-path", &path).run().expect_status(0);
    may(&jane, "SELECT one FROM t");
    scene.pgrole("access prepare", &[]).run().expect_status(0);
    expect_healthy(scene);
}

fn expect_healthy(scene: &Scene) {
    let check = scene.pgrole("registry check", &[]).run();
    assert_eq!(check.expect_status(0).json()[0]["status"], "ok", "{check}");
    let expiring = scene.sandbox.pgrole(["notify", "expiring"]).run();
    expiring.expect_status(0);
    let doctor = scene.sandbox.pgrole(["doctor"]).run();
    let rows = doctor.json();
    let rows = rows.as_array().expect("rows");
    for check in ["server", "server log", "clock"] {
        let row = rows.iter().find(|row| row["check"] == check);
        assert_eq!(row.expect("a row")["status"], "ok", "{doctor}");
    }
}

#[track_caller]
fn listed(scene: &Scene) -> Vec<String> {
    let outcome = scene.user("list", &[]).run();
    outcome.expect_status(0);
    names(&outcome)
}

fn names(outcome: &Outcome) -> Vec<String> {
    let rows = outcome.json();
    let name = |row: &Value| row["username"].as_str().expect("a name").to_owned();
    rows.as_array().expect("rows").iter().map(name).collect()
}

#[test]
fn a_database_of_another_encoding_is_one_like_others() {
    let cluster = Cluster::private(|c| c);
    for (encoding, schema) in ENCODINGS {
        do_everything(&Scene::in_encoding(&cluster, encoding), schema);
    }
}

#[test]
fn names_that_are_not_utf8_are_in_the_way_of_nothing() {
    let cluster = Cluster::private(|c| c);
    make_odd_roles(&cluster);
    do_everything(&Scene::on(&cluster), "gr\u{f6}\u{df}e");
    for (encoding, _) in ENCODINGS {
        do_everything(&Scene::in_encoding(&cluster, encoding), "own");
    }
}

#[test]
fn a_name_that_is_not_utf8_is_shown_by_its_bytes_and_never_acted_on() {
    let cluster = Cluster::private(|c| c);
    make_odd_roles(&cluster);
    // Its name in ASCII is what is shown of the other's.
    cluster.superuser_psql("postgres", r#"CREATE ROLE "j\xE4n" LOGIN"#);
    cluster.superuser_psql(
        "postgres",
        r#"COMMENT ON ROLE "j\xE4n" IS 'pgrole: profile=devqa'"#,
    );
    let scenes = ENCODINGS.map(|(encoding, _)| Scene::in_encoding(&cluster, encoding));
    for scene in scenes.iter().chain([&Scene::on(&cluster)]) {
        let all = listed(scene);
        for name in [r"j\xE4n", "\u{1f980}"] {
            assert!(all.iter().any(|listed| listed == name), "{all:?}");
        }
        let outcome = scene.sandbox.pgrole(["notify", "expiring"]).run();
        outcome.expect_status(0);
        assert_eq!(names(&outcome), [r"j\xE4n"], "{outcome}");
        let passwords = "SELECT count(*) FROM pg_authid WHERE rolpassword IS NOT NULL";
        let before = cluster.superuser_psql("postgres", passwords);
        let args = ["--yes", "--any-age", "--include-unknown"];
        let rotate = scene.sandbox.pgrole(["rotate"]).args(args).run();
        assert!(
            rotate.stderr.contains("is left out: its name is not UTF-8"),
            "{rotate}"
        );
        assert_eq!(before, cluster.superuser_psql("postgres", passwords));
        for verb in ["reset", "find", "devqa", "search-path"] {
            let refused = scene.user(verb, &["-u", r"j\xE4n"]).run();
            assert_eq!(error(&refused, 2)["kind"], "usage", "{refused}");
        }
    }
}

#[test]
fn what_no_statement_can_name_is_refused_before_anything_is_sealed() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::in_encoding(&cluster, "SQL_ASCII");
    // As a client of another encoding left it there.
    scene.psql("DO $$ BEGIN EXECUTE format('CREATE SCHEMA %I', 's' || chr(228)); END $$");
    // The name in ASCII that would be named instead.
    scene.psql(r#"CREATE SCHEMA "s\xE4""#);
    let before = scene.snapshot();
    let name = scene.role("jane");
    for (command, arguments) in [
        ("user readonly", ["-u", &name] as [&str; 2]),
        ("user readonly", ["--dry-run", "--username=jane"]),
        ("access prepare", ["--access", "readonly"]),
    ] {
        let outcome = scene.pgrole(command, &arguments).run();
        let text = whole_text(&error(&outcome, 6));
        assert!(
            text.contains(r#"GRANT USAGE ON SCHEMA "s\xE4""#),
            "{outcome}"
        );
    }
    assert_eq!(scene.snapshot(), before);
    let recover = scene.sandbox.pgrole(["recover", "list"]).run();
    assert_eq!(
        recover.json().as_array().map(Vec::len),
        Some(0),
        "{recover}"
    );
    created(&scene.user("dba", &["-u", &name]).run());
}

#[test]
fn letters_beyond_ascii_are_refused_where_a_login_would_send_other_bytes() {
    let cluster = Cluster::private(|c| c);
    let name = "j\u{fc}rg";
    let is_there = || {
        cluster.superuser_psql(
            "postgres",
            "SELECT count(*) FROM pg_roles WHERE rolname ~ '^j'",
        )
    };
    for encoding in ["LATIN1", "KOI8R", "EUC_JP"] {
        let scene = Scene::in_encoding(&cluster, encoding);
        for (command, arguments) in [
            ("user readonly", ["-u", name]),
            ("user dba", ["-u", name]),
            ("user reset", ["-u", name]),
            ("user search-path", ["-u", name]),
            ("access prepare", ["--admin", name]),
        ] {
            let outcome = scene.pgrole(command, &arguments).run();
            let error = error(&outcome, 6);
            assert_eq!(error["kind"], "refused", "{outcome}");
            let text = whole_text(&error);
            assert!(text.contains(encoding) && text.contains(name), "{outcome}");
        }
        assert_eq!(is_there(), "0");
    }
    // Where the bytes are kept, all is as in UTF8; and the others see the same name.
    let scene = Scene::in_encoding(&cluster, "SQL_ASCII");
    let jane = created(&scene.user("readonly", &["-u", name]).run());
    scene.may_log_in(&jane);
    for (encoding, _) in ENCODINGS {
        let scene = Scene::in_encoding(&cluster, encoding);
        assert!(listed(&scene).iter().any(|listed| listed == name));
        scene.user("find", &["-u", name]).run().expect_status(0);
    }
}

#[test]
fn the_name_of_a_database_is_one_that_a_login_sends() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster);
    let database = "gr\u{f6}\u{df}e";
    scene.psql(&format!(
        "CREATE DATABASE \"{database}\" ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    ));
    let port = cluster.port().to_string();
    let place = ["-e", "qa", "-d", database];
    let add = scene.sandbox.pgrole(["registry", "add"]).args(place);
    add.args(["-H", Cluster::HOST, "-p", &port])
        .run()
        .expect_status(0);
    let run = |command: &[&str]| {
        scene
            .sandbox
            .pgrole(command.iter().copied())
            .args(place)
            .run()
    };
    for command in [
        &["user", "readonly", "-u", "jane"] as &[&str],
        &["access", "prepare"],
    ] {
        let outcome = run(command);
        assert!(
            whole_text(&error(&outcome, 6)).contains("database name"),
            "{outcome}"
        );
    }
    let check = run(&["registry", "check"]);
    let warnings = &check.expect_status(0).json()[0]["warnings"];
    assert!(warnings.to_string().contains("database name"), "{check}");
    // Nothing of that writes the database's name.
    created(&run(&["user", "dba", "-u", "jane"]));
    run(&["user", "reset", "-u", "jane"]).expect_status(0);
}
