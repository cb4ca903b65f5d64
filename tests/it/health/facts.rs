//! What is the same for many targets is said once, with the targets; the problems first, what is well in a line.

use crate::harness::{ClosedPort, Sandbox};
use crate::scene::Scene;

/// Targets whose server does not answer.
fn add_unreachable(sandbox: &Sandbox, closed: &ClosedPort, count: usize) {
    for number in 1..=count {
        let database = format!("down_{number}");
        let port = closed.port.to_string();
        let add = [
            "registry",
            "add",
            "-e",
            "qa",
            "-d",
            &database,
            "-H",
            "127.0.0.1",
            "-p",
            &port,
        ];
        sandbox.pgrole(add).run().expect_status(0);
    }
}

#[test]
fn doctor_says_a_fact_once_problems_first() {
    let scene = Scene::new();
    let closed = ClosedPort::new();
    add_unreachable(&scene.sandbox, &closed, 12);
    let doctor = |more: &[&str]| {
        let run = scene.sandbox.pgrole(["doctor"]);
        run.args(more.iter().copied()).run()
    };
    let table = doctor(&["--format", "table"]);
    table.expect_status(1);
    let lines: Vec<_> = table.stdout.lines().collect();
    assert!(
        lines[1].contains(" error ") && lines[1].contains("qa/down_1"),
        "{table}"
    );
    assert!(lines[1].contains("and 8 more"), "{table}");
    let about = |text: &str, word: &str| text.lines().filter(|line| line.contains(word)).count();
    assert_eq!(about(&table.stdout, "cannot reach"), 1, "{table}");
    assert_eq!(
        about(&table.stderr, "check that the server is up"),
        1,
        "{table}"
    );
    assert!(
        table
            .stderr
            .contains("12 targets: qa/down_1, qa/down_10, qa/down_11 and 9 more"),
        "{table}"
    );
    // What is well is summed up.
    assert!(!table.stdout.contains("audit log"), "{table}");
    table.expect_in_stderr(" ok; to see all: -v");
    let all = doctor(&["--format", "table", "-v"]);
    assert!(
        all.stdout.contains("audit log") && all.stdout.contains("intact"),
        "{all}"
    );
    // Scripts get a row for each.
    let json = doctor(&[]).json();
    let servers = json.as_array().expect("rows").iter();
    let servers = servers.filter(|row| row["check"] == "server" && row["status"] == "error");
    assert_eq!(servers.count(), 12);
}

#[test]
fn errors_of_many_targets_are_one() {
    let mut sandbox = Sandbox::new();
    sandbox.env("PG_ADMIN_USER", "dba");
    sandbox.env("PG_ADMIN_PASS", "x");
    let closed = ClosedPort::new();
    add_unreachable(&sandbox, &closed, 5);
    let port = closed.port;
    let table = sandbox
        .pgrole(["registry", "check", "--format", "table"])
        .run();
    table.expect_status(1).expect_stderr(&format!(
        "error: the check failed on 5 targets: qa/down_1, qa/down_2, qa/down_3 and 2 more\n\
         caused by: cannot log in to ENV/DATABASE at 127.0.0.1:{port}\n\
         caused by: cannot reach 127.0.0.1:{port}, in phase TCP\n\
         caused by: Connection refused (os error 111)\n\
         hint: check that the server is up and that no firewall is in between; to correct the entry: pgrole registry update -e ENV -d DATABASE --hostname HOST --port PORT\n\
         error: 5 of 5 targets failed\n"
    ));
    let json = sandbox.pgrole(["registry", "check"]).run();
    assert_eq!(json.stderr.lines().count(), 6, "{json}");
}

#[test]
fn a_person_sees_which_targets_have_problems_before_those_that_have_none() {
    let mut scene = Scene::new();
    let database = scene.database().to_owned();
    scene.sandbox.register(scene.cluster, "dev", "postgres");
    scene.sandbox.register(scene.cluster, "uat", &database);
    let closed = ClosedPort::new();
    add_unreachable(&scene.sandbox, &closed, 1);
    let screen = |arguments: &[&str]| {
        let run = scene.sandbox.pgrole(["registry", "check"]);
        let run = run.args(arguments.iter().copied()).env("NO_COLOR", "1");
        run.in_terminal(200).wait_status().0
    };
    // Few are all shown.
    let few = screen(&[]);
    let rows: Vec<_> = few.lines().skip(2).take(4).collect();
    assert!(
        rows[0].starts_with("qa ") && rows[0].contains("unreachable: TCP"),
        "{few}"
    );
    assert!(
        rows[1].starts_with("dev ") && rows[3].starts_with("uat "),
        "{few}"
    );
    // Of many, those that are well are counted.
    add_unreachable(&scene.sandbox, &closed, 12);
    let many = screen(&[]);
    assert_eq!(many.matches("unreachable: TCP").count(), 12, "{many}");
    assert!(!many.contains("primary"), "{many}");
    assert!(
        many.contains("3 of 15 targets are ok; to see them: -v"),
        "{many}"
    );
    assert_eq!(screen(&["-v"]).matches("primary").count(), 3);
}

#[test]
fn databases_that_do_not_exist_are_one_error() {
    let mut scene = Scene::new();
    for database in ["gone_a", "gone_b", "gone_c", "gone_d"] {
        scene.sandbox.register(scene.cluster, "qa", database);
    }
    let check = scene.sandbox.pgrole(["registry", "check", "-e", "qa"]);
    let table = check.args(["--format", "table"]).run();
    let errors = table.stderr.matches("does not exist").count();
    assert_eq!(errors, 1, "{table}");
    table.expect_in_stderr("4 targets: qa/gone_a, qa/gone_b, qa/gone_c and 1 more");
    table.expect_in_stderr("\"DATABASE\" does not exist");
}

#[test]
fn a_rotation_says_at_its_end_once_why_its_roles_failed() {
    let scene = Scene::new();
    let deliver = format!("file:{}/{{username}}", scene.sandbox.path().display());
    let roles = ["one", "two", "three"].map(|name| scene.role(name));
    for role in &roles {
        let create = scene.user("readonly", &["-u", role, "--deliver", &deliver]);
        create.run().expect_status(0);
    }
    let fails = ["--any-age", "--yes", "--format", "table"];
    let gone = "file:/nowhere-at-all/secret";
    let rotate = scene.sandbox.pgrole(["rotate"]).args(fails);
    let outcome = rotate.args(["--deliver", gone]).run();
    assert_eq!(outcome.stderr.matches("error:").count(), 2, "{outcome}");
    outcome.expect_in_stderr("error: 3 roles: ");
    outcome.expect_in_stderr("3 of 3 roles failed");
}
