//! `user compare`: what is shown, and what it exits with.

use super::{at, compare, differences};
use crate::scene::{Scene, error, whole_text};

#[test]
fn two_roles_are_compared_by_what_defines_them() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane");
    let joe = scene.create("devqa", "joe");
    scene.psql(&format!(
        "ALTER ROLE {} IN DATABASE {} SET work_mem = '7MB'",
        joe.name,
        scene.database()
    ));
    let outcome = compare(&scene, &at(&scene, &jane.name), &at(&scene, &joe.name));
    assert_eq!(
        differences(&outcome),
        [
            "comment | - | - | pgrole: profile=readonly | pgrole: profile=devqa",
            "membership | {database}_readonly | - | INHERIT, SET | -",
            "membership | {database}_readwrite | - | - | INHERIT, SET",
            "setting | work_mem | {database} | - | 7MB",
        ]
    );
    outcome.expect_status(7);
    let failure = &outcome.json_error()["error"];
    assert_eq!(failure["kind"], "differences", "{outcome}");
    let row = outcome.json();
    assert_eq!(row["left"]["username"], jane.name.as_str(), "{outcome}");
    assert_eq!(row["right"]["env"], "dev", "{outcome}");
    let major = scene.cluster.server_version_major();
    assert_eq!(row["right"]["server_version"], major, "{outcome}");
}

#[test]
fn in_a_table_the_sides_are_named_and_what_is_alike_is_not_shown() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane");
    let joe = scene.create("readonly", "joe");
    let arguments = ["--format", "table", &jane.name, &joe.name];
    let alike = scene.pgrole("user compare", &arguments).run();
    let sides = "left: [DB]_jane@dev/[DB]; right: [DB]_joe@dev/[DB]\n";
    alike
        .filtered()
        .expect_status(0)
        .expect_stdout("")
        .expect_stderr(sides);
    scene.psql(&format!("ALTER ROLE {} CONNECTION LIMIT 3", joe.name));
    let outcome = scene.pgrole("user compare", &arguments).run();
    outcome.expect_status(7);
    let filtered = outcome.filtered();
    let lines: Vec<Vec<&str>> = filtered
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines,
        [
            vec!["WHAT", "NAME", "DATABASE", "LEFT", "RIGHT"],
            vec!["connection_limit", "20", "3"]
        ]
    );
    assert!(
        filtered
            .stderr
            .contains("1 difference between [DB]_jane@dev/[DB] and [DB]_joe@dev/[DB]"),
        "{filtered}"
    );
}

#[test]
fn a_role_needs_a_target_and_must_be_there() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane");
    let named = at(&scene, &jane.name);
    let without = error(&compare(&scene, &named, &jane.name), 2);
    assert!(
        whole_text(&without).contains("NAME@ENV/DATABASE"),
        "{without}"
    );
    let missing = error(&compare(&scene, &named, &at(&scene, "nobody")), 3);
    assert!(
        whole_text(&missing).contains("no role \"nobody\""),
        "{missing}"
    );
    let listed = scene
        .sandbox
        .pgrole(["audit", "list", "--operation", "user compare"])
        .run();
    assert_eq!(listed.json().as_array().map(Vec::len), Some(2), "{listed}");
}
