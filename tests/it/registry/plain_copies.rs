//! The file alone, without the log that SQLite keeps beside it while it is open, holds what a command reported; and a copy
//! that is put back meets no older log.

use std::fs;

use crate::harness::sqlite;
use crate::scene::Scene;

/// The events of a registry that a plain `cp` made.
fn events_of_copy(scene: &Scene) -> u64 {
    let copy = scene.sandbox.path().join("copy.db");
    fs::copy(scene.sandbox.registry(), &copy).expect("it can be copied");
    count(&copy)
}

fn count(registry: &std::path::Path) -> u64 {
    let count = sqlite::query(registry, "SELECT count(*) FROM audit_log");
    count.trim().parse().expect("a number")
}

#[test]
fn a_copy_of_the_file_alone_holds_what_was_changed() {
    let scene = Scene::new();
    let jane = scene.role("jane");
    let file = format!("file:{}", scene.sandbox.path().join("out").display());
    let database = scene.database().to_owned();
    let target = ["-e", "dev", "-d", &database];
    let mut before = events_of_copy(&scene);
    for (words, status) in [
        (vec!["user", "readonly", "-u", &jane, "--deliver", &file], 0),
        (vec!["user", "find", "-u", &jane], 0),
        (vec!["user", "reset", "-u", &jane, "--deliver", &file], 0),
        (vec!["access", "grant", &jane, "--level", "readwrite"], 0),
        (vec!["user", "list"], 0),
        (vec!["user", "lock", &jane], 0),
        (vec!["user", "unlock", &jane], 0),
        (vec!["rotate", "--any-age", "-u", &jane], 0),
        // Nothing was changed, but that was tried is on record.
        (vec!["user", "reset", "-u", "no_such_role"], 3),
        (vec!["user", "drop", &jane, "--drop-owned", "--yes"], 0),
        (vec!["registry", "update", "-H", "127.0.0.2"], 0),
        (vec!["registry", "remove"], 0),
    ] {
        let outcome = scene.sandbox.pgrole(words).args(target).run();
        outcome.expect_status(status);
        let copied = events_of_copy(&scene);
        assert!(copied > before, "{outcome}");
        before = copied;
        // A log that was left would be applied to a backup that is put in the file's place.
        for ending in ["-wal", "-shm"] {
            let beside = format!("{}{ending}", scene.sandbox.registry().display());
            assert!(
                !fs::exists(beside).expect("it can be looked for"),
                "{outcome}"
            );
        }
    }
}
