//! The file alone, without the log that SQLite keeps beside it, holds what a command reported, unless it only read.

use std::fs;

use crate::harness::sqlite;
use crate::scene::Scene;

/// The events of a registry that a plain `cp` made; what stands in the log beside the file is not in it.
fn events_of_copy(scene: &Scene) -> u64 {
    let copy = scene.sandbox.path().join("copy.db");
    fs::copy(scene.sandbox.registry(), &copy).expect("it can be copied");
    count(&copy)
}

/// The events with the log.
fn events(scene: &Scene) -> u64 {
    let folder = scene.sandbox.path().join("both");
    fs::create_dir_all(&folder).expect("the sandbox can be written");
    let registry = scene.sandbox.registry();
    for ending in ["", "-wal"] {
        let from = format!("{}{ending}", registry.display());
        let to = folder.join(format!("copy.db{ending}"));
        fs::remove_file(&to).ok();
        if fs::exists(&from).expect("it can be looked for") {
            fs::copy(&from, &to).expect("it can be copied");
        }
    }
    count(&folder.join("copy.db"))
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
    for (words, status) in [
        (vec!["user", "readonly", "-u", &jane, "--deliver", &file], 0),
        // A reading in between leaves events in the log.
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
        let before = events(&scene);
        let run = scene.sandbox.pgrole(words.iter().copied()).args(target);
        let outcome = run.run();
        outcome.expect_status(status);
        let copied = events_of_copy(&scene);
        let all = events(&scene);
        assert!(all > before, "{outcome}");
        if words.contains(&"find") || words.contains(&"list") {
            assert!(copied >= before, "{outcome}");
        } else {
            assert_eq!(copied, all, "{outcome}");
        }
    }
}

#[test]
fn what_readings_leave_in_the_log_stays_small() {
    let scene = Scene::new();
    for _ in 0..60 {
        scene.user("find", &["-u", "postgres"]).run();
    }
    let log = format!("{}-wal", scene.sandbox.registry().display());
    let size = fs::metadata(&log).map_or(0, |it| it.len());
    // 100 pages of 4 KiB, and what the last one of them wrote beyond.
    assert!(size < 600_000, "{size}");
    let verified = scene.sandbox.pgrole(["audit", "verify"]).run();
    verified.expect_status(0);
    assert!(events(&scene) >= 120);
}
