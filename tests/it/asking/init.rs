//! `pgrole init`: from nothing to the first login, stopped and gone on with.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::in_terminal;
use crate::harness::{Cluster, Sandbox, Terminal};
use crate::scene::error;

const STEPS: [&str; 5] = [
    "1/5  the registry",
    "2/5  a target",
    "3/5  the admin credential",
    "4/5  the check",
    "5/5  the first login",
];

#[test]
fn without_a_terminal_it_names_the_commands() {
    let sandbox = Sandbox::new();
    let found = error(&sandbox.pgrole(["init"]).run(), 2);
    assert_eq!(found["kind"], "usage");
    let hint = found["hint"].as_str().expect("a hint");
    for command in [
        "pgrole registry add -e ENV -d DATABASE -H HOST",
        "pgrole credential set -e ENV -U ROLE",
        "pgrole registry check",
        "pgrole user app ",
    ] {
        assert!(hint.contains(command), "{hint}");
    }
    assert!(!sandbox.registry().exists());
    let (screen, status) = in_terminal(&sandbox, &["init", "--yes"], 80).wait_status();
    assert_eq!(status, Some(2), "{screen}");
}

/// From an empty home to a login that works, with the password of the admin credential in .pgpass.
#[test]
fn it_leads_from_nothing_to_the_first_login() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let sandbox = Sandbox::new();
    for columns in [60, 80] {
        if columns == 80 {
            fs::remove_dir_all(sandbox.home().join(".local")).expect("there is a registry");
        }
        let mut terminal = in_terminal(&sandbox, &["init"], columns);
        add_target(&mut terminal, area.database(), cluster.port());
        if columns == 60 {
            keep_in_pgpass(&mut terminal, &sandbox, cluster);
        } else {
            terminal.expect("where to keep");
            terminal.send_line(".pgpass");
            terminal.expect("role to log in as");
            terminal.send_line(Cluster::SUPERUSER);
            terminal.expect("is it there? [Y/n] ");
            terminal.send_line("");
        }
        terminal.expect("found: pgpass");
        terminal.expect(STEPS[3]);
        terminal.expect("$ pgrole registry check -e dev -d ");
        terminal.expect(STEPS[4]);
        terminal.expect("profile |");
        let role = area.role(&format!("r{columns}"));
        terminal.send_line("readonly");
        terminal.expect("name of the new role: ");
        terminal.send_line(&role);
        terminal.expect("without questions: pgrole user readonly -e dev -d ");
        let (screen, status) = terminal.wait_restored();
        assert_eq!(status, Some(0), "{screen}");
        assert!(screen.contains("user created"), "{screen}");
        let count = format!("SELECT count(*) FROM pg_roles WHERE rolname = '{role}'");
        assert_eq!(area.psql(&count), "1");
    }
}

fn add_target(terminal: &mut Terminal, database: &str, port: u16) {
    terminal.expect(STEPS[0]);
    terminal.expect("made by the next step");
    terminal.expect(STEPS[1]);
    terminal.expect("environment |");
    terminal.send_line("dev");
    terminal.expect("database: ");
    terminal.send_line(database);
    terminal.expect("host of its server: ");
    // A host that is not valid is asked for again.
    terminal.send_line("127.0.0.1,,");
    terminal.expect("host of its server: ");
    terminal.send_line("127.0.0.1");
    terminal.expect("port [5432]: ");
    terminal.send_line(&port.to_string());
    terminal.expect("$ pgrole registry add -e dev -d ");
    terminal.expect("target added");
    terminal.expect(STEPS[2]);
}

fn keep_in_pgpass(terminal: &mut Terminal, sandbox: &Sandbox, cluster: &Cluster) {
    terminal.expect("where to keep");
    terminal.send_line(".pgpass");
    terminal.expect("role to log in as");
    terminal.send_line(Cluster::SUPERUSER);
    terminal.expect(&format!("127.0.0.1:{}:*:", cluster.port()));
    terminal.expect("PASSWORD");
    terminal.expect("is it there? [Y/n] ");
    terminal.send_line("y");
    terminal.expect("not found there yet");
    let path = sandbox.home().join(".pgpass");
    let line = format!("*:*:*:{}:{}\n", Cluster::SUPERUSER, cluster.password());
    fs::write(&path, line).expect("the home can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("it is ours");
    terminal.expect("is it there? [Y/n] ");
    terminal.send_line("y");
}

/// What is done stays, and the next run passes over it.
#[test]
fn it_can_be_stopped_at_each_step_and_goes_on_from_there() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let mut sandbox = Sandbox::new();
    let stop = |mut terminal: Terminal, question: &str, key: &str| {
        terminal.expect(question);
        terminal.send(key);
        let (screen, status) = terminal.wait_restored();
        assert_eq!(status, Some(130), "{question}: {screen}");
        assert!(
            screen.contains("to go on from here: pgrole init"),
            "{screen}"
        );
    };
    stop(
        in_terminal(&sandbox, &["init"], 80),
        "environment |",
        "\u{1b}",
    );
    assert!(!sandbox.registry().exists());

    let mut terminal = in_terminal(&sandbox, &["init"], 80);
    add_target(&mut terminal, area.database(), cluster.port());
    stop(terminal, "where to keep", "\u{3}");
    // A choice that pgrole can do nothing about ends the walk for now.
    let mut terminal = in_terminal(&sandbox, &["init"], 80);
    terminal.expect("has 1 target");
    terminal.expect("where to keep");
    terminal.send_line("variables");
    terminal.expect("export PG_ADMIN_USER=ROLE");
    let (screen, status) = terminal.wait_status();
    assert_eq!(status, Some(0), "{screen}");

    sandbox = sandbox.with_admin(cluster);
    let mut terminal = in_terminal(&sandbox, &["init"], 80);
    terminal.expect("found: environment");
    stop(terminal, "profile |", "\u{3}");
    let mut terminal = in_terminal(&sandbox, &["init"], 80);
    terminal.expect("profile |");
    terminal.send_line("(not");
    terminal.expect("to see where you stand: pgrole");
    assert_eq!(terminal.wait_status().1, Some(0));
}

/// A check that fails is tried again, or ends with its status.
#[test]
fn a_check_that_fails_is_offered_again() {
    let sandbox = Sandbox::new().with_admin(Cluster::shared());
    let add = [
        "registry",
        "add",
        "-e",
        "dev",
        "-d",
        "app",
        "-H",
        "127.0.0.1",
    ];
    sandbox.pgrole(add).args(["-p", "9"]).run().expect_status(0);
    let mut terminal = in_terminal(&sandbox, &["init"], 80);
    terminal.expect("try it again? [Y/n] ");
    terminal.send_line("");
    terminal.expect("try it again? [Y/n] ");
    terminal.send_line("n");
    let (screen, status) = terminal.wait_restored();
    assert_eq!(status, Some(5), "{screen}");
}
