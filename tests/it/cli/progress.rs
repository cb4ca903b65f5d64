//! What a fleet command shows while it waits: which targets have not answered. Only on a terminal, and gone at the end.

use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

use super::words;
use crate::harness::terminal::CLEARED;
use crate::harness::{Area, Cluster, FakeServer, Sandbox, sqlite};

const WAITING: &str = "waiting for";

/// Many targets on one server, and among the first of them one that never answers.
struct Fleet {
    sandbox: Sandbox,
    _area: Area<'static>,
    silent: FakeServer,
}

fn fleet_of(count: usize) -> Fleet {
    let cluster = Cluster::shared();
    let (area, silent) = (cluster.area(), FakeServer::silent());
    let sandbox = Sandbox::new().with_admin(cluster);
    let mut environments = Vec::new();
    let mut rows = String::from("env,database,hostname,port,sslmode\n");
    for number in 0..count {
        let (port, database) = if number == 2 {
            (silent.port, "silent")
        } else {
            (cluster.port(), area.database())
        };
        writeln!(rows, "e{number:03},{database},127.0.0.1,{port},disable")
            .expect("a string can be written");
        environments.push(format!("\"e{number:03}\""));
    }
    sandbox.write_config(&format!(
        "environments = [{}]\nprotected = []\n",
        environments.join(", ")
    ));
    let import = sandbox.pgrole(words("registry import -")).stdin(rows);
    import.run().expect_status(0);
    Fleet {
        sandbox,
        _area: area,
        silent,
    }
}

/// Whatever is written while progress is shown begins on a line of its own.
#[track_caller]
fn is_never_garbled(screen: &str) {
    for after in screen.split(WAITING).skip(1) {
        let line = after.split('\n').next().unwrap_or_default();
        let ends_with_it = !after.contains('\n');
        assert!(ends_with_it || line.contains(CLEARED), "{line:?}\n{screen}");
    }
}

/// Commands that ask every target of a selection.
const COMMANDS: [&str; 10] = [
    "registry check",
    "user list",
    "user find -u nobody_of_that_name",
    "user show nobody_of_that_name",
    "credential check -e *",
    "access check",
    "access prepare -n -d *",
    "doctor",
    "export",
    "rotate --include-unknown --any-age -n",
];

#[test]
fn a_fleet_command_names_who_has_not_answered_and_leaves_no_trace() {
    let fleet = fleet_of(4);
    for command in COMMANDS {
        let run = fleet.sandbox.pgrole(words(command));
        let mut terminal = run.args(words("--timeout 2")).in_terminal(80);
        // Its databases are asked through one of them where the question is about the server.
        terminal.expect(" done, 1 left; waiting for e002/silent");
        let (screen, status) = terminal.wait_status();
        assert_ne!(status, Some(0), "{command}: {screen}");
        let (_, after) = screen.rsplit_once(WAITING).unwrap_or_default();
        let after = if after.is_empty() { &screen } else { after };
        let (rest_of_line, written) = after.split_once(CLEARED).expect(&screen);
        assert!(!rest_of_line.contains('\n'), "{command}: {screen}");
        assert!(written.contains("e002/silent"), "{command}: {screen}");
        is_never_garbled(&screen);
    }
}

#[test]
fn progress_is_shown_on_a_terminal_only_and_never_if_quiet() {
    let fleet = fleet_of(4);
    let check = || {
        let run = fleet.sandbox.pgrole(words("registry check"));
        run.args(words("--timeout 1"))
    };
    let piped = check().run();
    assert!(!piped.stderr.contains(WAITING), "{piped}");
    assert!(!piped.stdout.contains('\u{1b}'), "{piped}");
    let (screen, _) = check().args(["--quiet"]).in_terminal(80).wait_status();
    assert!(!screen.contains(WAITING), "{screen}");
}

#[test]
fn ctrl_c_takes_the_line_away_and_leaves_the_cursor() {
    let fleet = fleet_of(4);
    for columns in [60, 80, 200] {
        let run = fleet.sandbox.pgrole(words("registry check --timeout 50"));
        let mut terminal = run.in_terminal(columns);
        terminal.expect("3 done, 1 left; waiting for e002/silent");
        terminal.send_control('C');
        let (screen, status) = terminal.wait_status();
        assert_eq!(status, Some(130), "{screen}");
        assert!(screen.contains(CLEARED), "{screen}");
        let (_, after) = screen.rsplit_once(CLEARED).expect("it is there");
        assert!(!after.contains(WAITING), "{screen}");
        assert!(!screen.contains("\u{1b}[?25l"), "{screen}");
        assert!(after.contains("interrupted: 3 of 4"), "{screen}");
    }
}

/// The rows of a table, of which the silent target is one of the first to be asked.
#[test]
fn rows_are_shown_while_a_silent_target_is_waited_for_and_stay_when_stopped() {
    let fleet = fleet_of(300);
    // Longer than the test may take: what is seen is seen before the silent one is given up.
    for (command, row) in [
        ("registry check -v --timeout 100", "e000 "),
        ("access check --timeout 100", "e000 "),
        ("credential check -e * --timeout 100", "e000 "),
    ] {
        let mut terminal = fleet.sandbox.pgrole(words(command)).in_terminal(160);
        terminal.expect(row);
        terminal.expect("e002/silent");
        terminal.send_control('C');
        let (screen, status) = terminal.wait_status();
        assert_eq!(status, Some(130), "{screen}");
        let (_, after) = screen.rsplit_once(CLEARED).expect("progress was shown");
        assert!(!after.contains(WAITING), "{screen}");
        assert!(after.contains(" of 300 targets had answered"), "{screen}");
        is_never_garbled(&screen);
    }
}

#[test]
fn the_logins_of_a_cluster_are_shown_while_another_is_waited_for() {
    let fleet = fleet_of(4);
    let mut terminal = fleet
        .sandbox
        .pgrole(words("user list --timeout 100"))
        .in_terminal(160);
    terminal.expect(Cluster::SUPERUSER);
    terminal.expect("1 done, 1 left; waiting for e002/silent");
    terminal.send_control('C');
    let (screen, status) = terminal.wait_status();
    assert_eq!(status, Some(130), "{screen}");
}

/// The environments of a screen's rows, in their order.
fn environments(screen: &str) -> Vec<usize> {
    let numbers = screen.lines().filter_map(|line| {
        // What stands before is the line of progress.
        let row = line.rsplit(CLEARED).next()?;
        let (env, rest) = row.trim_start_matches('\r').split_once(' ')?;
        let is_row = rest.trim_start().contains(" ok ") || rest.contains("unreachable");
        env.strip_prefix('e')?.parse().ok().filter(|_| is_row)
    });
    numbers.collect()
}

#[test]
fn rows_are_shown_in_rollout_order_while_a_silent_target_is_waited_for() {
    let fleet = fleet_of(300);
    let check = fleet.sandbox.pgrole(words("registry check -v --timeout 3"));
    let (screen, _) = check.env("NO_COLOR", "1").in_terminal(160).wait_status();
    let shown = environments(&screen);
    assert_eq!(shown.len(), 300, "{screen}");
    let others: Vec<_> = shown.iter().copied().filter(|env| *env != 2).collect();
    // On a busy machine others take too long to be waited for, too. As they come, every second pair would be out of order.
    let late = others.windows(2).filter(|pair| pair[0] > pair[1]).count();
    assert!(late <= others.len() / 4, "{shown:?}");
}

/// One name of the cluster has become silent.
#[test]
fn a_login_is_shown_while_another_name_of_its_cluster_is_waited_for() {
    let fleet = fleet_of(300);
    let first = fleet.sandbox.pgrole(words("registry check -e e000"));
    first.run().expect_status(0);
    let silent = fleet.silent.port;
    let place = format!(
        "INSERT INTO cluster_place (hostname, port, cluster_id)
            SELECT '127.0.0.1', {silent}, cluster_id FROM cluster_place LIMIT 1"
    );
    sqlite::query(&fleet.sandbox.registry(), &place);
    for command in ["user list", "user find -u"] {
        let run = fleet.sandbox.pgrole(words(command));
        let run = if command.ends_with("-u") {
            run.args([Cluster::SUPERUSER])
        } else {
            run
        };
        let mut terminal = run.args(words("--timeout 100")).in_terminal(160);
        terminal.expect(Cluster::SUPERUSER);
        terminal.expect("e000/");
        terminal.expect("1 done, 1 left; waiting for e002/silent");
        terminal.send_control('C');
        let (screen, status) = terminal.wait_status();
        assert_eq!(status, Some(130), "{screen}");
        // The row is not repeated; other tests have other logins.
        let rows = screen
            .lines()
            .filter_map(|line| line.rsplit(CLEARED).next());
        let is_row = |row: &&str| row.starts_with(Cluster::SUPERUSER);
        assert_eq!(rows.filter(is_row).count(), 0, "{screen}");
    }
}

/// What only reads has nothing left to do once nobody reads its results, even if the last target is silent.
#[test]
fn a_reader_that_goes_away_ends_a_reading_at_once() {
    let fleet = fleet_of(4);
    for command in [
        "user list --format jsonl --timeout 100",
        "registry check --format jsonl --timeout 100",
        "access check --format jsonl --timeout 100",
    ] {
        let pgrole = fleet.sandbox.pgrole(words(command)).command();
        let mut bash = Command::new("bash");
        let script = r#""$@" | head -1; echo "${PIPESTATUS[0]}""#;
        bash.args(["-c", script, "bash"])
            .arg(pgrole.get_program())
            .args(pgrole.get_args())
            .env_clear();
        for (name, value) in pgrole.get_envs() {
            if let Some(value) = value {
                bash.env(name, value);
            }
        }
        bash.env("PATH", "/usr/bin:/bin");
        let begun = Instant::now();
        let outcome = fleet.sandbox.outcome_of(bash);
        assert!(begun.elapsed().as_secs() < 60, "{command}: {outcome}");
        let lines: Vec<_> = outcome.stdout.lines().collect();
        assert_eq!(lines.len(), 2, "{outcome}");
        assert_eq!(lines[1], "0", "{outcome}");
        assert_eq!(outcome.stderr, "", "{outcome}");
    }
}
