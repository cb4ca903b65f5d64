//! The order oracle: when a statement with a password leaves, nothing that the journal was told is still to be synced.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Scene;
use crate::harness::servers;

/// What strace shows: `123 pwrite64(4</path/pg_registry.db-wal>, …`.
fn trace(scene: &Scene<'_>, arguments: &[&str]) -> Option<String> {
    let file = scene.file("trace");
    let run = scene.sandbox.pgrole(arguments.iter().copied()).command();
    let mut strace = Command::new("strace");
    strace.env_clear();
    for (name, value) in run.get_envs() {
        strace.env(name, value.expect("nothing is taken away"));
    }
    strace.args(["-f", "-y", "-s", "100000", "-o"]).arg(&file);
    strace.args([
        "-e",
        "trace=pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync",
    ]);
    strace.arg(run.get_program()).args(run.get_args());
    let output = strace.stdin(Stdio::null()).output();
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
