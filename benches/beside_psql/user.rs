//! One role on one target.

use std::cell::Cell;

use crate::harness::Cluster;
use crate::pairs::{FEW, Measure, PAIRS, compare};
use crate::{MANY_ROLES, ROLES, Scene, VERIFIER};

const ONE: (usize, Measure) = (PAIRS, Measure::Wall);

pub fn all() {
    let scene = Scene::new(Cluster::shared());
    scene.make_roles("other", ROLES);
    scene
        .cluster
        .psql(&scene.database, "CREATE TABLE one_table (a integer)");
    find(&scene, "`user find`", "0.75");
    list(&scene, "`user list`, one target", "1.10", PAIRS);
    readonly(&scene);
    reset(&scene);
}

pub fn with_many_roles() {
    let cluster = Box::leak(Box::new(Cluster::private(|it| it)));
    let scene = Scene::new(cluster);
    scene.make_roles("other", MANY_ROLES);
    scene.cluster.psql(&scene.database, "ANALYZE");
    find(&scene, "`user find`, 10,000 roles", "0.80");
    list(&scene, "`user list`, 10,000 roles", "5", FEW);
}

fn find(scene: &Scene, what: &str, must: &str) {
    let sql = "SELECT * FROM pg_roles WHERE rolname = 'other_77'";
    let mine = |_| scene.on_target(&["user", "find", "-u", "other_77"]);
    compare(what, must, ONE, mine, |_| scene.psql(sql));
}

fn list(scene: &Scene, what: &str, must: &str, pairs: usize) {
    let mine = |_| scene.on_target(&["user", "list"]);
    compare(what, must, (pairs, Measure::Wall), mine, |_| {
        scene.psql("SELECT * FROM pg_roles")
    });
}

fn readonly(scene: &Scene) {
    let made = Cell::new(0);
    let name = || {
        made.set(made.get() + 1);
        format!("reader_{}", made.get())
    };
    let group = format!("{}_readonly", scene.database);
    let mine = |_| scene.on_target(&["user", "readonly", "-u", &name()]);
    // The first one makes the groups.
    crate::pairs::run(&mut mine(0), Measure::Wall);
    let theirs = |_| {
        let name = name();
        scene.psql(&format!(
            "CREATE ROLE {name} LOGIN CONNECTION LIMIT 20 PASSWORD '{VERIFIER}';
             COMMENT ON ROLE {name} IS 'pgrole: profile=readonly'; GRANT \"{group}\" TO {name}"
        ))
    };
    let what = "`user readonly`, groups in place, beside CREATE, COMMENT, GRANT";
    compare(what, "1.15", ONE, mine, theirs);
}

fn reset(scene: &Scene) {
    let mine = |_| scene.on_target(&["user", "reset", "-u", "reader_1"]);
    let theirs = |_| scene.psql(&format!("ALTER ROLE reader_1 PASSWORD '{VERIFIER}'"));
    compare("`user reset`, beside ALTER ROLE", "1.10", ONE, mine, theirs);
}
