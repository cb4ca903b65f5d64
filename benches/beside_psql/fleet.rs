//! Many targets, 20 ms away.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::harness::{Cluster, Sandbox, servers};
use crate::pairs::{FEW, Measure, compare};
use crate::{ROLES, Scene, distance};

const TARGETS: usize = 48;
/// In each direction.
const DELAY: Duration = Duration::from_millis(10);

pub fn all() {
    let cluster = Box::leak(Box::new(Cluster::private(|it| {
        it.setting("max_connections", "200")
    })));
    let scene = Scene::new(cluster);
    scene.make_roles("other", ROLES);
    let databases: Vec<_> = (0..TARGETS)
        .map(|n| format!("{}_{n}", scene.database))
        .collect();
    for database in &databases {
        let client = &mut scene.cluster.client(&scene.database);
        client
            .batch_execute(&format!("CREATE DATABASE {database}"))
            .expect("a superuser may");
    }
    let one = distance::before(cluster.port(), DELAY);
    let targets: Vec<_> = databases
        .iter()
        .map(|database| (one, database.as_str()))
        .collect();
    list(
        "`user list`, 48 databases of one cluster at 20 ms, beside `xargs -P16 psql`",
        "0.35",
        &scene,
        &targets,
    );
    let targets: Vec<_> = databases
        .iter()
        .map(|it| (distance::before(cluster.port(), DELAY), it.as_str()))
        .collect();
    list("the same on 48 clusters", "0.75", &scene, &targets);
}

fn list(what: &str, must: &str, scene: &Scene, targets: &[(u16, &str)]) {
    let mut sandbox = Sandbox::new().with_admin(scene.cluster);
    let mut lines = String::new();
    for (port, database) in targets {
        sandbox.register_on_port(*port, "dev", database);
        writeln!(lines, "{port} {database}").expect("a String takes it");
    }
    let file = sandbox.path().join("targets");
    fs::write(&file, lines).expect("the sandbox can be written");
    let xargs = |_| {
        let mut xargs = Command::new("xargs");
        xargs
            .args(["-P16", "-L1", "-a"])
            .arg(&file)
            .args(["sh", "-c"]);
        xargs.arg("exec \"$PSQL\" -X -q -h 127.0.0.1 -U \"$PGROLE_BENCH_USER\" -p $0 -d $1 -c 'SELECT * FROM pg_roles'");
        xargs
            .env("PSQL", servers::psql())
            .env("PGROLE_BENCH_USER", Cluster::SUPERUSER);
        xargs.env("PGPASSWORD", scene.cluster.password());
        xargs
    };
    let mine = |_| sandbox.pgrole(["user", "list"]).command();
    compare(what, must, (FEW, Measure::Wall), mine, xargs);
}
