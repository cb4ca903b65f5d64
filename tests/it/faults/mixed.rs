//! Sixteen processes at once with operations of all kinds, on one registry and one server: each ends as if it were alone,
//! each intent has its outcome, and the passwords that were delivered are those that log in.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread;

use serde_json::Value;

use super::{OPEN_ENDS, is_long, say};
use crate::crash::dice::{self, Dice, number};
use crate::harness::sandbox::Run;
use crate::harness::{Outcome, sqlite};
use crate::scene::{Login, Scene};

const PROCESSES: usize = 16;
/// How many operations each of them does, one after the other.
const SHORT: usize = 4;
const LONG: usize = 200;
/// Roles that all of them work on.
const SHARED: u64 = 3;

/// The operations, those that change passwords more often than the others.
const OPERATIONS: [&str; 28] = [
    "create",
    "create",
    "create",
    "create",
    "reset",
    "reset",
    "reset",
    "reset to stdout",
    "rotate",
    "rotate",
    "drop",
    "lock",
    "unlock",
    "grant",
    "revoke",
    "find",
    "list",
    "show",
    "rotate status",
    "recover run",
    "recover list",
    "audit verify",
    "audit list",
    "registry add",
    "registry remove",
    "registry list",
    "access check",
    "doctor",
];

/// A race that was lost, or a lock that was not waited for.
const NEVER_CODES: [&str; 4] = ["XX000", "23505", "42710", "2BP01"];
const NEVER_WORDS: [&str; 2] = ["database is locked", "panicked"];

struct Crowd<'s> {
    scene: &'s Scene<'s>,
    folder: PathBuf,
}

impl Crowd<'_> {
    fn prepare(&self, operation: &str, role: &str, process: usize) -> Run<'_> {
        let deliver = format!("file:{}/{{username}}", self.folder.display());
        let database = self.scene.database();
        let target = ["-e", "dev", "-d", database];
        let own = format!("own{process}");
        let on_role: &[&str] = &["-u", role];
        let (command, arguments): (&str, Vec<&str>) = match operation {
            "create" => (
                "user readonly",
                [on_role, &["--deliver", &deliver]].concat(),
            ),
            "reset" => ("user reset", [on_role, &["--deliver", &deliver]].concat()),
            "reset to stdout" => ("user reset", [on_role, &["--deliver", "stdout"]].concat()),
            "drop" => ("user drop", vec![role, "--drop-owned", "--yes"]),
            "lock" | "unlock" | "find" | "show" => {
                let run = self.scene.sandbox.pgrole(["user", operation]);
                let run = run.args(target).args(on_role);
                return run.args(["--timeout", "50"]);
            }
            "grant" => ("access grant", vec![role, "--level", "readwrite"]),
            "revoke" => ("access revoke", vec![role]),
            "list" => ("user list", vec![]),
            "access check" => ("access check", vec![]),
            _ => {
                let words: Vec<&str> = match operation {
                    "rotate" => vec!["rotate", "-u", role, "--any-age", "--yes"],
                    "doctor" => vec!["doctor", "--offline"],
                    "registry add" => vec!["registry", "add", "-e", "qa", "-d", &own, "-H", "h"],
                    "registry remove" => {
                        vec!["registry", "remove", "-e", "qa", "-d", &own, "--yes"]
                    }
                    other => other.split(' ').collect(),
                };
                return self.scene.sandbox.pgrole(words).args(["--timeout", "50"]);
            }
        };
        let run = self.scene.sandbox.pgrole(command.split(' '));
        run.args(target).args(arguments).args(["--timeout", "50"])
    }

    /// One of the processes. Returns how its operations ended.
    fn play(
        &self,
        process: usize,
        count: usize,
        seed: u64,
    ) -> BTreeMap<(&'static str, i32), usize> {
        let mut dice = Dice::new(seed, process as u64);
        let mut ended = BTreeMap::new();
        for _ in 0..count {
            let drawn = dice.below(OPERATIONS.len() as u64);
            let operation = OPERATIONS[usize::try_from(drawn).expect("there are few")];
            let role = match dice.below(2) {
                0 => format!("shared{}", dice.below(SHARED)),
                _ => format!("own{process}"),
            };
            let run = self.prepare(operation, &self.scene.role(&role), process);
            let outcome = run.run();
            expect_peace(operation, &outcome, seed);
            let status = outcome.status().unwrap_or(-1);
            *ended.entry((operation, status)).or_default() += 1;
        }
        ended
    }
}

#[track_caller]
fn expect_peace(operation: &str, outcome: &Outcome, seed: u64) {
    for never in NEVER_CODES {
        assert!(
            !outcome.says_sqlstate(never),
            "seed {seed}, {operation}, SQLSTATE {never}: {outcome}"
        );
    }
    for never in NEVER_WORDS {
        let is_said = outcome.stdout.contains(never) || outcome.stderr.contains(never);
        assert!(!is_said, "seed {seed}, {operation}, {never}: {outcome}");
    }
    let expected: &[i32] = match operation {
        // One at a time on a registry.
        "rotate" => &[0, 1, 3, 4, 6, 75],
        "access check" => &[0, 7],
        "recover run" => &[0, 4],
        "doctor" => &[0, 1],
        "list" | "rotate status" | "recover list" | "audit verify" | "audit list"
        | "registry list" => &[0],
        _ => &[0, 3, 6],
    };
    let status = outcome.status().unwrap_or(-1);
    assert!(
        expected.contains(&status),
        "seed {seed}, {operation}: {outcome}"
    );
}

#[test]
fn sixteen_processes_with_mixed_operations_lose_no_password_and_no_outcome() {
    let scene = Scene::new();
    let folder = scene.sandbox.path().join("out");
    std::fs::create_dir(&folder).expect("the sandbox can be written");
    let crowd = Crowd {
        scene: &scene,
        folder,
    };
    let seed = number("PGROLE_FAULTS_SEED");
    let seed = seed.unwrap_or_else(|| if is_long() { dice::fresh_seed() } else { 14 });
    let count = if is_long() { LONG } else { SHORT };
    let started = std::time::Instant::now();
    let mut ended: BTreeMap<(&str, i32), usize> = BTreeMap::new();
    thread::scope(|scope| {
        let crowd = &crowd;
        let processes: Vec<_> = (0..PROCESSES)
            .map(|process| scope.spawn(move || crowd.play(process, count, seed)))
            .collect();
        for process in processes {
            let played = match process.join() {
                Ok(played) => played,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            for (key, count) in played {
                *ended.entry(key).or_default() += count;
            }
        }
    });
    let took = started.elapsed().as_secs();
    // What one cut across another left open is ended by recovery, as ever.
    let run = |words: &str| scene.sandbox.pgrole(words.split(' ')).run();
    run("recover run").expect_status(0);
    run("audit verify").expect_status(0);
    let registry = scene.sandbox.registry();
    assert_eq!(sqlite::query(&registry, OPEN_ENDS), "0", "seed {seed}");
    let sealed = "SELECT count(*) FROM password_change WHERE state NOT IN ('CLOSED', 'ABORTED', 'SUPERSEDED', 'DELIVERED')";
    assert_eq!(sqlite::query(&registry, sealed), "0", "seed {seed}");
    let checked = check_passwords(&crowd, seed);
    let total: usize = ended.values().sum();
    say(&format!(
        "mixed: {total} operations of {PROCESSES} processes in {took} s, {checked} passwords checked, 0 lost: {ended:?} \
         (seed {seed})"
    ));
}

/// Logs in with what was delivered last to each role that is there. Returns how many there are.
fn check_passwords(crowd: &Crowd<'_>, seed: u64) -> usize {
    let scene = crowd.scene;
    let roles = scene.psql(
        "SELECT rolname FROM pg_authid WHERE starts_with(rolname, current_database() || '_') AND rolpassword IS NOT NULL",
    );
    for role in roles.lines() {
        // Who is locked has a password all the same.
        scene.psql(&format!("ALTER ROLE {role} LOGIN"));
        let newest = format!(
            "SELECT deliver || ' ' || operation_id FROM password_change WHERE username = '{role}'
             AND state IN ('CLOSED', 'DELIVERED') ORDER BY created_at DESC LIMIT 1"
        );
        let newest = sqlite::query(&scene.sandbox.registry(), &newest);
        let placed = format!("SELECT count(*) FROM placed_role WHERE username = '{role}'");
        let placed = sqlite::query(&scene.sandbox.registry(), &placed);
        assert_eq!(placed, "1", "seed {seed}: {role} is not under rotation");
        let (deliver, id) = newest.rsplit_once(' ').expect("two words");
        let object: Value = if deliver == "stdout" {
            // It was printed to a process that is gone; its sealed copy is kept.
            let again = scene.sandbox.pgrole(["recover", "run", id]).run();
            again.expect_status(0).json()
        } else {
            let text = std::fs::read_to_string(crowd.folder.join(role));
            serde_json::from_str(&text.expect("was delivered")).expect("a whole object")
        };
        let password = object["password"].as_str().map(str::to_owned);
        let password = password.unwrap_or_else(|| panic!("seed {seed}, {role}: {object}"));
        let login = Login {
            name: role.to_owned(),
            password,
        };
        let tried = scene.psql_as(&login, "SELECT 1");
        assert_eq!(
            tried.status(),
            Some(0),
            "seed {seed}, lost: {tried}{newest}"
        );
    }
    roles.lines().count()
}
