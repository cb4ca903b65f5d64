//! The order oracle: when a statement with a password leaves, nothing that the journal was told is still to be synced.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Scene;
use crate::harness::servers;

/// A run under strace, which writes to the file `trace`.
fn under_strace(scene: &Scene<'_>, arguments: &[&str], options: &[&str]) -> Command {
    let run = scene.sandbox.pgrole(arguments.iter().copied()).command();
    let mut strace = Command::new("strace");
    strace.env_clear();
    for (name, value) in run.get_envs() {
        strace.env(name, value.expect("nothing is taken away"));
    }
    strace.args(["-f", "-o"]).arg(scene.file("trace"));
    strace.args(options);
    strace.arg(run.get_program()).args(run.get_args());
    strace.stdin(Stdio::null());
    strace
}

/// What strace shows: `123 pwrite64(4</path/pg_registry.db-wal>, …`.
fn trace(scene: &Scene<'_>, arguments: &[&str]) -> Option<String> {
    let file = scene.file("trace");
    let mut strace = under_strace(
        scene,
        arguments,
        &[
            "-y",
            "-s",
            "100000",
            "-e",
            "trace=pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync,fcntl",
        ],
    );
    let output = strace.output();
    let traced = output.is_ok_and(|output| {
        assert!(
            output.status.success() || output.stderr.starts_with(b"strace"),
            "{output:?}"
        );
        output.status.success()
    });
    traced.then(|| std::fs::read_to_string(file).expect("strace wrote it"))
}

/// How many statements with a password left; fails where one left before the journal was on disk.
#[track_caller]
fn check(trace: &str, registry: &Path) -> usize {
    let journal = format!("<{}-wal>", registry.display());
    let (mut unsynced, mut statements) = (true, 0);
    for line in trace.lines() {
        let call = line.split_whitespace().nth(1).unwrap_or_default();
        if line.contains(&journal) {
            if call.starts_with("pwrite64(") || call.starts_with("write(") {
                unsynced = true;
            } else if call.starts_with("fdatasync(") || call.starts_with("fsync(") {
                assert!(
                    line.ends_with("= 0") || line.contains("<unfinished"),
                    "{line}"
                );
                unsynced = false;
            }
        } else if line.contains("PASSWORD \\'SCRAM-SHA-256$")
            || line.contains("PASSWORD 'SCRAM-SHA-256$")
        {
            assert!(!unsynced, "left before the journal was on disk: {line}");
            statements += 1;
        }
    }
    statements
}

#[test]
fn the_journal_is_on_disk_before_the_first_byte_of_the_statement_leaves() {
    let scene = Scene::new();
    let role = scene.create("first");
    let new = scene.area.role("new");
    let deliver = format!("file:{}", scene.file("{username}").display());
    let target = ["-e", "dev", "-d", scene.area.database()];
    let runs: [Vec<&str>; 4] = [
        [
            &["user", "readonly", "-u", &new, "--deliver", &deliver],
            &target[..],
        ]
        .concat(),
        [
            &["user", "reset", "-u", &role, "--deliver", &deliver],
            &target[..],
        ]
        .concat(),
        [&["user", "reset", "-u", &role], &target[..]].concat(),
        vec!["rotate", "--jobs", "1", "-u", &role],
    ];
    for run in runs {
        let Some(trace) = trace(&scene, &run) else {
            servers::skip("no strace here, or no right to trace: scripts/test installs it");
            return;
        };
        assert_eq!(check(&trace, &scene.sandbox.registry()), 1, "{run:?}");
    }
}

/// The rehearsal of a delivery writes as much as the delivery will, where the delivery will, before the change is sealed;
/// and nothing of the new password.
#[test]
fn what_is_written_before_the_password_is_sealed_is_not_the_password() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let Some(trace) = trace(&scene, &["rotate", "--jobs", "1", "-u", &role]) else {
        servers::skip("no strace here, or no right to trace: scripts/test installs it");
        return;
    };
    let password = scene.delivered_password(&role);
    let folder = format!("<{}/", scene.file("").display()).replace("//", "/");
    let writes: Vec<_> = trace
        .lines()
        .filter(|line| line.contains(" write(") && line.contains(&folder))
        .collect();
    let [rehearsed, delivered] = writes[..] else {
        panic!("not two writes: {writes:#?}");
    };
    let text = |line: &str| line.split('"').nth(1).expect("a text").to_owned();
    assert!(text(rehearsed).bytes().all(|byte| byte == b'x'));
    assert!(text(rehearsed).len() >= scene.read(&role).len());
    assert!(delivered.contains(&password));
    let journal = format!("<{}-wal>", scene.sandbox.registry().display());
    let at = |wanted: &str| trace.find(wanted).expect("was written");
    let statement = trace
        .find("PASSWORD 'SCRAM")
        .or(trace.find("PASSWORD \\'SCRAM"));
    let statement = statement.expect("a statement was sent");
    assert!(at(rehearsed) < statement && statement < at(delivered));
    assert!(trace[at(rehearsed)..statement].contains(&journal));
}

/// What a run asks of the registry file.
#[derive(Debug)]
struct Cost {
    /// How often the lock of the one writer was taken (`WAL_WRITE_LOCK` in wal.c): transactions, and each checkpoint.
    writes: usize,
    /// How often the file, or the log beside it, was synced.
    syncs: usize,
}

impl Cost {
    fn of(trace: &str, registry: &Path) -> Self {
        let registry = registry.display();
        let index = format!("<{registry}-shm>");
        let (file, journal) = (format!("<{registry}>"), format!("<{registry}-wal>"));
        let takes_lock = |line: &&str| {
            line.contains(&index) && line.contains("F_WRLCK") && line.contains("l_start=120, ")
        };
        let is_sync = |line: &&str| {
            let call = line.split_whitespace().nth(1).unwrap_or_default();
            (call.starts_with("fdatasync(") || call.starts_with("fsync("))
                && (line.contains(&file) || line.contains(&journal))
        };
        Self {
            writes: trace.lines().filter(takes_lock).count(),
            syncs: trace.lines().filter(is_sync).count(),
        }
    }
}

/// Intent, sealed row, acknowledgement (not synced), end, checkpoint. Those who rotate a fleet wait for each.
#[test]
fn a_change_costs_no_more_than_this() {
    let scene = Scene::new();
    let role = scene.create("first");
    let new = scene.area.role("new");
    let deliver = format!("file:{}", scene.file("{username}").display());
    let target = ["-e", "dev", "-d", scene.area.database()];
    let runs: [(Vec<&str>, Cost); 4] = [
        (
            [
                &["user", "readonly", "-u", &new, "--deliver", &deliver],
                &target[..],
            ]
            .concat(),
            Cost {
                writes: 6,
                syncs: 6,
            },
        ),
        (
            [
                &["user", "reset", "-u", &role, "--deliver", &deliver],
                &target[..],
            ]
            .concat(),
            Cost {
                writes: 6,
                syncs: 6,
            },
        ),
        (
            [
                &["user", "reset", "-u", &role, "--deliver", "stdout"],
                &target[..],
            ]
            .concat(),
            Cost {
                writes: 5,
                syncs: 7,
            },
        ),
        (
            vec!["rotate", "--jobs", "1", "-u", &role],
            Cost {
                writes: 11,
                syncs: 12,
            },
        ),
    ];
    for (run, cost) in runs {
        let Some(trace) = trace(&scene, &run) else {
            servers::skip("no strace here, or no right to trace: scripts/test installs it");
            return;
        };
        let found = Cost::of(&trace, &scene.sandbox.registry());
        assert!(
            found.writes <= cost.writes && found.syncs <= cost.syncs,
            "{found:?} {run:?}"
        );
    }
}

/// Whatever was two steps once is one: no kill comes between the end of a change and its outcome in the log.
#[test]
fn a_kill_at_any_sync_loses_nothing_and_leaves_no_end_without_its_outcome() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let deliver = format!("file:{}", scene.file("{username}").display());
    let database = scene.area.database();
    let reset = [
        "user",
        "reset",
        "-e",
        "dev",
        "-d",
        database,
        "-u",
        &role,
        "--deliver",
        &deliver,
    ];
    let unsaid = "SELECT count(*) FROM password_change c WHERE state IN ('CLOSED', 'ABORTED', 'SUPERSEDED')
        AND NOT EXISTS (SELECT 1 FROM audit_log o WHERE o.stage = 'outcome' AND o.operation_id = c.operation_id)";
    let mut kills = 0;
    loop {
        let kill = format!("inject=fsync,fdatasync:signal=KILL:when={}", kills + 1);
        let options = ["-e", "trace=fsync,fdatasync", "-e", &kill];
        let output = under_strace(&scene, &reset, &options).output();
        match output {
            // Nothing was left to be killed at.
            Ok(output) if output.status.success() => break,
            Ok(output) if output.status.signal() == Some(9) => kills += 1,
            _ => {
                servers::skip("no strace here, or no right to trace: scripts/test installs it");
                return;
            }
        }
        assert_eq!(scene.query(unsaid), "0", "killed at sync {kills}");
        scene.recover().expect_status(0);
        scene.delivered_password_is_good(&role);
        assert_eq!(scene.query(unsaid), "0", "recovered after sync {kills}");
    }
    assert!(kills >= 4, "{kills}");
}
