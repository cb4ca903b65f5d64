//! Odd names reach the server exactly as they were given; impossible ones are refused before anything connects.

use super::searching::closed_port;
use crate::harness::Sandbox;
use crate::scene::{Scene, created, error, login};

const ODD: [&str; 13] = [
    "it's",
    "\"quoted\"",
    "'; DROP ROLE x; --",
    "back\\slash\\",
    "%s%d%n",
    "tab\there",
    "🦀🔑",
    "-x",
    "--help",
    " spaces ",
    "$user",
    "UPPER lower",
    "\u{202e}gnp.exe",
];

#[test]
fn odd_names_become_exactly_that_role() {
    let scene = Scene::new();
    let mut client = scene.area.client();
    let prefix = scene.database();
    let longest = format!("{prefix}{}", "é".repeat((63 - prefix.len()) / 2));
    // Whole names are odd in themselves; the prefix keeps tests apart, and stands behind where the beginning counts.
    let names = ODD
        .iter()
        .map(|name| format!("{name}{prefix}"))
        .chain([longest]);
    for name in names {
        let username = format!("--username={name}");
        let jane = created(&scene.user("readonly", &[&username]).run());
        assert_eq!(jane.name, name);
        let found: i64 = client
            .query_one(
                "SELECT count(*) FROM pg_roles WHERE rolname::text = $1",
                &[&name],
            )
            .expect("a query")
            .get(0);
        assert_eq!(found, 1, "{name:?}");
        scene
            .cluster
            .client_as(&name, &jane.password, prefix)
            .expect("logs in");
        let again = scene.user("readonly", &[&username]).run();
        assert_eq!(again.json()["status"], "user already exists", "{again}");
        assert_eq!(
            scene.user("find", &[&username]).run().json()["username"],
            name.as_str()
        );
        let reset = login(&scene.user("reset", &[&username]).run());
        scene
            .cluster
            .client_as(&name, &reset.password, prefix)
            .expect("logs in");
        scene
            .user("search-path", &[&username])
            .run()
            .expect_status(0);
    }
}

#[test]
fn impossible_names_are_refused_before_anything_connects() {
    let mut sandbox = Sandbox::new();
    sandbox.env("PG_ADMIN_USER", "nobody");
    sandbox.env("PG_ADMIN_PASS", "nothing");
    sandbox.register_on_port(closed_port(), "dev", "nowhere");
    let too_long = "x".repeat(64);
    let too_long_in_bytes = "é".repeat(32);
    let verbs: [&[&str]; 8] = [
        &["devqa"],
        &["devlead"],
        &["readonly"],
        &["dba"],
        &["create", "--profile", "app"],
        &["reset"],
        &["search-path"],
        &["find"],
    ];
    for verb in verbs {
        for name in [
            "",
            "pg_x",
            "pg_",
            "public",
            "none",
            "two\nlines",
            "carriage\rreturn",
            r"j\xE4",
            &too_long,
            &too_long_in_bytes,
        ] {
            let run = sandbox.pgrole(["user"]).args(verb);
            let run = run.args(["-e", "dev", "-d", "nowhere", &format!("--username={name}")]);
            let outcome = run.run();
            assert_eq!(error(&outcome, 2)["kind"], "usage", "{outcome}");
            outcome.expect_stdout("");
        }
    }
    for (servername, port) in [
        ("", "8080"),
        ("web\n01", "8080"),
        ("pg_app", "8080"),
        (too_long.as_str(), "8080"),
        ("web01", "0"),
        ("web01", "65536"),
        ("web01", "x"),
    ] {
        let arguments = [
            "user",
            "app",
            "-e",
            "dev",
            "-d",
            "nowhere",
            "--servername",
            servername,
            "--port",
            port,
        ];
        sandbox.pgrole(arguments).run().expect_status(2);
    }
    for (prefix, farm) in [("", "gearservice"), ("dv", ""), ("pg", "gearservice")] {
        let arguments = [
            "user",
            "k8s",
            "-e",
            "dev",
            "-d",
            "nowhere",
            "--env-prefix",
            prefix,
            "--farmname",
            farm,
        ];
        sandbox.pgrole(arguments).run().expect_status(2);
    }
    // And a possible one does connect.
    let arguments = ["user", "devqa", "-e", "dev", "-d", "nowhere", "-u", "jane"];
    sandbox.pgrole(arguments).run().expect_status(5);
}

#[test]
fn what_a_server_holds_cannot_drive_the_terminal() {
    let scene = Scene::new();
    let name = format!("\u{1b}[31mred\n\u{9b}{}", scene.database());
    scene.psql(&format!("CREATE ROLE \"{name}\" LOGIN"));
    for format in ["table", "json", "jsonl"] {
        let outcome = scene.user("list", &["--format", format]).run();
        outcome.expect_status(0);
        assert!(outcome.stdout.contains(scene.database()), "{outcome}");
        assert!(
            !outcome.stdout.contains(['\u{1b}', '\u{9b}']),
            "{}",
            outcome.stdout.escape_debug()
        );
    }
}
