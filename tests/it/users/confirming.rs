//! Looking before leaping: dry runs, and the question in a protected environment.

use serde_json::Value;

use super::access::make_role;
use crate::harness::Cluster;
use crate::harness::terminal::without_escapes;
use crate::scene::{Scene, created, error, whole_text};

fn statements(row: &Value) -> Vec<String> {
    serde_json::from_value(row["statements"].clone())
        .unwrap_or_else(|error| panic!("{error}: {row}"))
}

#[test]
fn a_dry_run_shows_the_statements_that_the_run_then_executes() {
    let cluster = Cluster::private(|c| c.setting("log_statement", "all"));
    let scene = Scene::on(&cluster);
    // Up to 14 it belongs to who made the cluster, which is not each run's admin login.
    scene.cluster.superuser_psql(
        scene.database(),
        "ALTER SCHEMA public OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    );
    scene.psql("CREATE TABLE t (id int)");
    let arguments = ["-u", "analyst01"];
    let dry_run = scene.user("readonly", &arguments).args(["--dry-run"]).run();
    dry_run.expect_status(0).expect_stderr("");
    let row = dry_run.json();
    assert_eq!(row["status"], "unchanged");
    assert_eq!(row["password"], Value::Null);
    let shown = statements(&row);
    let database = scene.database();
    let options = if scene.cluster.server_version_major() >= 16 {
        " WITH INHERIT TRUE"
    } else {
        ""
    };
    assert_eq!(
        shown,
        [
            format!("CREATE ROLE \"{database}_readonly\" NOLOGIN"),
            format!(
                "COMMENT ON ROLE \"{database}_readonly\" IS '{}'",
                scene.mark("readonly")
            ),
            format!("GRANT CONNECT ON DATABASE \"{database}\" TO \"{database}_readonly\""),
            format!("GRANT USAGE ON SCHEMA \"public\" TO \"{database}_readonly\""),
            format!("GRANT SELECT ON ALL TABLES IN SCHEMA \"public\" TO \"{database}_readonly\""),
            format!(
                "ALTER DEFAULT PRIVILEGES FOR ROLE \"postgres\" GRANT SELECT ON TABLES TO \"{database}_readonly\""
            ),
            format!(
                "ALTER DEFAULT PRIVILEGES FOR ROLE \"postgres\" GRANT SELECT ON SEQUENCES TO \"{database}_readonly\""
            ),
            format!(
                "ALTER DEFAULT PRIVILEGES FOR ROLE \"postgres\" GRANT USAGE ON SCHEMAS TO \"{database}_readonly\""
            ),
            "CREATE ROLE \"analyst01\" LOGIN CONNECTION LIMIT 20 PASSWORD '<scram verifier>'"
                .to_owned(),
            "COMMENT ON ROLE \"analyst01\" IS 'pgrole: profile=readonly'".to_owned(),
            format!("GRANT \"{database}_readonly\" TO \"analyst01\"{options}"),
        ]
    );
    created(&scene.user("readonly", &arguments).run());
    let log = cluster.log();
    for statement in shown {
        let (before, after) = statement
            .split_once("<scram verifier>")
            .unwrap_or((&statement, ""));
        let ran = log
            .lines()
            .any(|line| line.contains(before) && line.contains(after));
        assert!(ran, "not executed: {statement}\n{log}");
    }
}

#[test]
fn a_dry_run_changes_nothing() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    scene.psql("CREATE SCHEMA app");
    let before = scene.snapshot();
    let commands: [(&str, &[&str]); 7] = [
        ("user readonly", &["-u", &scene.role("x")]),
        ("user devlead", &["-u", &scene.role("x")]),
        ("user dba", &["-u", &scene.role("x")]),
        ("user devqa", &["-u", &jane.name]),
        ("user reset", &["-u", &jane.name]),
        ("user search-path", &["-u", &jane.name, "--schema", "app"]),
        ("access prepare", &[]),
    ];
    for (command, arguments) in commands {
        for flag in ["--dry-run", "-n"] {
            let outcome = scene.pgrole(command, arguments).args([flag]).run();
            outcome.expect_status(0);
            assert!(!outcome.stdout.contains("SCRAM-SHA-256"), "{outcome}");
        }
    }
    assert_eq!(scene.snapshot(), before);
    scene.may_log_in(&jane);
}

#[test]
fn dry_runs_of_a_reset_and_of_a_search_path_show_their_statement() {
    let scene = Scene::new();
    let role = make_role(&scene, "it", "").name;
    let reset = scene
        .user("reset", &["-u", &role, "-n", "--format", "table"])
        .run();
    reset.expect_status(0).expect_stdout(&format!(
        "ALTER ROLE \"{role}\" PASSWORD '<scram verifier>';\n"
    ));
    let path = scene
        .user(
            "search-path",
            &["-u", &role, "-n", "--schema", "$user", "--schema", "public"],
        )
        .run();
    let wanted = format!(
        "ALTER ROLE \"{role}\" IN DATABASE \"{}\" SET search_path = \"$user\", \"public\"",
        scene.database()
    );
    assert_eq!(statements(&path.json()), [wanted]);
}

/// Registers the database as a target of `prod` too.
fn with_prod() -> Scene<'static> {
    let mut scene = Scene::new();
    let database = scene.database().to_owned();
    scene.sandbox.register(scene.cluster, "prod", &database);
    scene
}

#[test]
fn a_protected_environment_needs_yes_where_nobody_can_be_asked() {
    let scene = with_prod();
    let jane = scene.create("devqa", "jane");
    let role = scene.role("x");
    let on_prod = |command: &str, arguments: &[&str]| {
        let run = scene.sandbox.pgrole(command.split(' '));
        run.args(["-e", "prod", "-d", scene.database()])
            .args(arguments)
    };
    let before = scene.snapshot();
    let commands: [(&str, &[&str]); 7] = [
        ("user readonly", &["-u", &role]),
        ("user dba", &["-u", &role]),
        ("user app", &["--servername", "s", "--port", "1"]),
        ("user create", &["--profile", "devqa", "-u", &role]),
        ("user reset", &["-u", &jane.name]),
        ("user search-path", &["-u", &jane.name]),
        ("access prepare", &[]),
    ];
    for (command, arguments) in commands {
        let outcome = on_prod(command, arguments).run();
        let error = error(&outcome, 6);
        let said = whole_text(&error);
        assert!(
            said.contains("environment \"prod\" is protected"),
            "{outcome}"
        );
        assert!(
            said.contains(&format!(
                "prod/{} (127.0.0.1:{})",
                scene.database(),
                scene.cluster.port()
            )),
            "{outcome}"
        );
        assert!(said.contains("--yes"), "{outcome}");
        // Looking is free.
        on_prod(command, arguments)
            .args(["--dry-run"])
            .run()
            .expect_status(0);
    }
    on_prod("user find", &["-u", &jane.name])
        .run()
        .expect_status(0);
    assert_eq!(scene.snapshot(), before);
    for yes in ["--yes", "-y"] {
        let outcome = on_prod("user reset", &["-u", &jane.name, yes]).run();
        assert_eq!(outcome.json()["status"], "password reset");
    }
}

#[test]
fn which_environments_are_protected_is_configured() {
    let scene = with_prod();
    scene.sandbox.write_config("protected = [\"dev\"]\n");
    let role = scene.role("x");
    error(&scene.user("devqa", &["-u", &role]).run(), 6);
    let run = scene.sandbox.pgrole([
        "user",
        "devqa",
        "-e",
        "prod",
        "-d",
        scene.database(),
        "-u",
        &role,
    ]);
    created(&run.run());
}

/// What cannot be delivered need not be confirmed.
#[test]
fn a_delivery_that_cannot_be_made_is_refused_before_the_question() {
    let scene = with_prod();
    let jane = scene.create("devqa", "jane").name;
    let to = scene.role("joe");
    let nowhere = format!("file:{}/no/folder/x", scene.sandbox.path().display());
    let deliver = ["--deliver", &nowhere];
    let commands: [&[&str]; 4] = [
        &["user", "rename", &jane, "--to", &to],
        &["user", "reset", &jane],
        &["user", "devqa", &to],
        &["rotate", "adopt", "-u", &jane],
    ];
    for command in commands {
        let place = ["-e", "prod", "-d", scene.database()];
        let words = [command, &place, &deliver].concat();
        let terminal = scene.sandbox.pgrole(words).in_terminal(200);
        let (screen, status) = terminal.wait_status();
        assert_eq!(status, Some(2), "{command:?}: {screen}");
        assert!(
            screen.contains("cannot deliver to"),
            "{command:?}: {screen}"
        );
        assert!(!screen.contains("[y/N]"), "{command:?}: {screen}");
    }
}

#[test]
fn in_a_terminal_the_question_names_the_target_and_only_yes_goes_on() {
    let scene = with_prod();
    let role = scene.role("jane");
    let ask = || {
        let run = scene.sandbox.pgrole([
            "user",
            "devqa",
            "-e",
            "prod",
            "-d",
            scene.database(),
            "-u",
            &role,
        ]);
        run.in_terminal(200)
    };
    let question = format!(
        "create role \"{role}\" (devqa) on prod/{} (127.0.0.1:{})? [y/N] ",
        scene.database(),
        scene.cluster.port()
    );
    let exists = || {
        scene.psql(&format!(
            "SELECT count(*) FROM pg_roles WHERE rolname = '{role}'"
        ))
    };
    for answer in ["n", "", "yesterday"] {
        let mut terminal = ask();
        terminal.expect(&question);
        terminal.send_line(answer);
        let (screen, status) = terminal.wait_status();
        assert_eq!(status, Some(6), "{screen}");
        assert!(screen.contains("not confirmed"), "{screen}");
        assert_eq!(exists(), "0");
    }
    let mut terminal = ask();
    terminal.expect(&question);
    terminal.send_line("y");
    let (screen, status) = terminal.wait_status();
    assert_eq!(status, Some(0), "{screen}");
    assert!(
        without_escapes(&screen).contains("user created"),
        "{screen}"
    );
    assert_eq!(exists(), "1");
}
