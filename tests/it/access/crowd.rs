//! Sixteen processes at once on the same few roles of one server: what they do to each other stays between them and the
//! server. `scripts/crowd N` plays N rounds.

use std::collections::BTreeMap;
use std::io::Write;

use crate::harness::sandbox::{Run, Running};
use crate::harness::{Outcome, variable};
use crate::scene::Scene;

use super::second_database;

const ROUNDS: usize = 10;
const PROCESSES: usize = 16;
const ROLES: usize = 3;

/// What no user may read: a race that was lost, or a lock that was not waited for.
const NEVER: [&str; 4] = ["XX000", "23505", "42710", "2BP01"];

/// Done, not there (not yet, or no longer), or refused for what the role has by now.
const EXPECTED: [i32; 3] = [0, 3, 6];

/// What a process does, beside the others.
const ACTS: [&str; 7] = [
    "create", "grant", "reset", "revoke", "raise", "create", "prepare",
];

/// The same while roles come and go.
const WHOLE_LIVES: [&str; 11] = [
    "create", "grant", "reset", "lock", "create", "drop", "raise", "unlock", "create", "revoke",
    "reset",
];

/// Prepares what one process of a round does.
fn act<'s>(scene: &'s Scene, second: &str, act: &str, role: &str) -> Run<'s> {
    let (noun, verb, database, more): (_, _, _, &[&str]) = match act {
        "create" => ("user", "devqa", scene.database(), &["-u", role]),
        "reset" => ("user", "reset", scene.database(), &["-u", role]),
        "grant" => ("access", "grant", second, &[role]),
        "raise" => ("access", "grant", second, &[role, "--level", "ddl"]),
        "revoke" => ("access", "revoke", second, &[role]),
        "prepare" => ("access", "prepare", second, &[]),
        "lock" => ("user", "lock", scene.database(), &[role]),
        "unlock" => ("user", "unlock", scene.database(), &[role]),
        "drop" => (
            "user",
            "drop",
            scene.database(),
            &[role, "--drop-owned", "--yes"],
        ),
        other => panic!("no act {other}"),
    };
    let run = scene
        .sandbox
        .pgrole([noun, verb, "-e", "dev", "-d", database]);
    run.args(more.iter().copied()).args(["--timeout", "50"])
}

#[track_caller]
fn expect_peace(outcome: &Outcome) {
    for never in NEVER {
        assert!(!outcome.says_sqlstate(never), "SQLSTATE {never}: {outcome}");
    }
    let locked = "database is locked";
    let is_locked = outcome.stdout.contains(locked) || outcome.stderr.contains(locked);
    assert!(!is_locked, "{locked}: {outcome}");
    let status = outcome.status().unwrap_or(-1);
    assert!(EXPECTED.contains(&status), "{outcome}");
}

#[test]
fn sixteen_processes_do_not_read_of_each_other() {
    let mut scene = Scene::new();
    let second = second_database(&mut scene);
    play(&scene, second.database(), &ACTS);
}

#[test]
fn sixteen_processes_do_not_read_of_each_other_while_roles_come_and_go() {
    let mut scene = Scene::new();
    let second = second_database(&mut scene);
    play(&scene, second.database(), &WHOLE_LIVES);
}

/// Plays rounds of sixteen processes, each of which does one of the acts on one of the roles.
fn play(scene: &Scene, second: &str, acts: &[&'static str]) {
    let rounds = variable("PGROLE_CROWD_ROUNDS").and_then(|text| text.parse().ok());
    let rounds: usize = rounds.unwrap_or(ROUNDS);
    for database in [scene.database(), second] {
        let sql = "CREATE SCHEMA IF NOT EXISTS app; CREATE TABLE IF NOT EXISTS app.t (id int)";
        scene.cluster.psql(database, sql);
    }
    let mut ended: BTreeMap<(&str, i32), usize> = BTreeMap::new();
    for round in 0..rounds {
        let running: Vec<(&str, Running)> = (0..PROCESSES)
            .map(|process| {
                // Each round mixes them anew: 5 and 3 have no divisor in common with the numbers of acts and roles.
                let name = acts[(process * 5 + round) % acts.len()];
                let role = scene.role(&format!("r{}", (process + round * 5) % ROLES));
                (name, act(scene, second, name, &role).spawn())
            })
            .collect();
        for (name, running) in running {
            let outcome = running.wait();
            expect_peace(&outcome);
            *ended
                .entry((name, outcome.status().unwrap_or(-1)))
                .or_default() += 1;
        }
    }
    writeln!(std::io::stderr(), "crowd: {ended:?}").ok();
    // All of them came to something.
    for name in acts {
        assert!(
            ended.contains_key(&(*name, 0)),
            "no {name} succeeded: {ended:?}"
        );
    }
    // A group that was made beside a grant may lack its defaults: that is seen, and mended.
    let run = |arguments: &[&str]| scene.sandbox.pgrole(arguments.iter().copied()).run();
    run(&["access", "prepare", "-d", "*"]).expect_status(0);
    run(&["access", "check"]).expect_status(0);
    run(&["audit", "verify"]).expect_status(0);
}
