//! Rotations: journal, proof and delivery to a file included, on a server that syncs.

use std::fs;
use std::time::Duration;

use crate::harness::{Cluster, records, sqlite};
use crate::pairs::{FEW, Measure, PAIRS, row, run};
use crate::{Scene, VERIFIER};

/// Roles that a short rotation has, and a long one.
const SOME: u32 = 12;
const ALL: u32 = 1_000;

pub fn all() {
    let cluster = Box::leak(Box::new(Cluster::private(|it| {
        it.setting("fsync", "on")
            .setting("synchronous_commit", "on")
            .setting("full_page_writes", "on")
    })));
    for (jobs, must) in [("1", "0.90"), ("8", "0.75")] {
        let scene = placed(cluster, &format!("some{jobs}"), SOME);
        let pairs = (0..PAIRS).map(|_| {
            let mine = rotate(&scene, jobs);
            let theirs = (0..SOME).map(|n| {
                let sql = format!("ALTER ROLE some{jobs}_{n} PASSWORD '{VERIFIER}'");
                run(&mut scene.psql(&sql), Measure::Wall)
            });
            let theirs: Duration = theirs.sum();
            (mine / SOME, theirs / SOME)
        });
        let what = format!("`rotate` a role, `--jobs {jobs}`, beside a psql process each");
        row(&what, must, &pairs.collect::<Vec<_>>());
    }
    let scene = placed(cluster, "all", ALL);
    let script = scene.sandbox.path().join("verifiers.sql");
    let lines = (0..ALL).map(|n| format!("ALTER ROLE all_{n} PASSWORD '{VERIFIER}';\n"));
    fs::write(&script, lines.collect::<String>()).expect("the sandbox can be written");
    for jobs in ["1", "8"] {
        let pairs = (0..FEW).map(|_| {
            let mut psql = scene.psql_on(cluster.port(), &scene.database);
            psql.arg("-f").arg(&script);
            (rotate(&scene, jobs), run(&mut psql, Measure::Wall))
        });
        let what = format!(
            "1,000 roles of one cluster, `--jobs {jobs}`, beside one psql process with 1,000 transactions"
        );
        row(&what, "3", &pairs.collect::<Vec<_>>());
    }
}

/// Roles as pgrole would have placed them, each delivered to a file of its own.
fn placed(cluster: &'static Cluster, name: &str, count: u32) -> Scene {
    let scene = Scene::new(cluster);
    scene.make_roles(name, count);
    let folder = scene.sandbox.path().join("out");
    fs::create_dir(&folder).expect("the sandbox can be written");
    // From then on its cluster is known.
    run(
        &mut scene.on_target(&["user", "find", "-u", "postgres"]),
        Measure::Wall,
    );
    let rows = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count} - 1)
         INSERT INTO placed_role (cluster_id, hostname, port, username, env, db_name, password_changed_at, deliver, file_format)
         SELECT (SELECT id FROM cluster), '127.0.0.1', {port}, '{name}_' || n, 'dev', '{database}',
            '2025-11-01T00:00:00.000000Z', 'file:{folder}/{{username}}', 'json' FROM numbers",
        port = cluster.port(),
        database = scene.database,
        folder = folder.display()
    );
    sqlite::query(&scene.sandbox.registry(), &rows);
    records::sign_deliveries(&scene.sandbox);
    scene
}

fn rotate(scene: &Scene, jobs: &str) -> Duration {
    let rotate = ["rotate", "--any-age", "--quiet", "--jobs", jobs];
    run(&mut scene.pgrole(&rotate), Measure::Wall)
}
