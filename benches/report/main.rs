//! How long the reports take for 200 targets: `cargo bench --bench report`. Prints figures; asserts only that all are read.
//!
//! Four clusters with 50 databases each, on this machine: 100 logins a cluster, 200 tables a database, in five schemas.

#[allow(dead_code, unused_imports, reason = "a bench uses a part of it")]
#[path = "../../tests/it/harness/mod.rs"]
mod harness;

use std::time::Instant;

use harness::{Cluster, Sandbox, sqlite, variable};

const CLUSTERS: usize = 4;
const LOGINS: usize = 100;

/// How many databases each cluster has; fewer than the 50 of the goal for a quick look.
fn databases() -> usize {
    let wanted = variable("PGROLE_BENCH_DATABASES").and_then(|text| text.parse().ok());
    wanted.unwrap_or(50)
}

/// The objects of a database, which the others are copies of.
const OBJECTS: &str = "
    DO $$ BEGIN
        FOR s IN 1..5 LOOP
            EXECUTE format('CREATE SCHEMA s%s; GRANT USAGE ON SCHEMA s%s TO readers, writers', s, s);
            FOR t IN 1..40 LOOP
                EXECUTE format('CREATE TABLE s%s.t%s (id int, note text)', s, t);
            END LOOP;
            EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA s%s TO readers, writers', s);
            EXECUTE format('GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA s%s TO writers', s);
        END LOOP;
    END $$";

fn main() {
    let clusters: Vec<Cluster> = (0..CLUSTERS).map(|_| Cluster::private(|c| c)).collect();
    for cluster in &clusters {
        let mut client = cluster.superuser_client("postgres");
        let mut run = |sql: &str| client.batch_execute(sql).expect("a superuser may");
        run("CREATE ROLE readers; CREATE ROLE writers");
        run("CREATE DATABASE pattern");
        for number in 0..LOGINS {
            let group = if number % 3 == 0 {
                "writers"
            } else {
                "readers"
            };
            run(&format!(
                "CREATE ROLE login{number:03} LOGIN PASSWORD 'x' IN ROLE {group}"
            ));
        }
        cluster.superuser_psql("pattern", OBJECTS);
        for number in 0..databases() {
            run(&format!("CREATE DATABASE app{number:03} TEMPLATE pattern"));
        }
    }
    let sandbox = registered(&clusters);
    for arguments in [
        &["access", "--format", "csv"] as &[&str],
        &["access", "--html", "access.html", "--format", "csv"],
        &["access", "--format", "json"],
        &["passwords"],
        &["connections"],
    ] {
        measure(&sandbox, arguments);
    }
}

fn registered(clusters: &[Cluster]) -> Sandbox {
    let sandbox = Sandbox::new().with_admin(&clusters[0]);
    sandbox.pgrole(["registry", "list"]).run();
    for (number, cluster) in clusters.iter().enumerate() {
        let (port, last) = (cluster.port(), databases() - 1);
        let env = ["dev", "qa", "uat", "prod"][number];
        let entries = format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})
             INSERT INTO db_registry (env, db_name, hostname, port, active, sslmode)
             SELECT '{env}', printf('app%03d', n), '127.0.0.1', {port}, 1, 'disable' FROM numbers"
        );
        sqlite::query(&sandbox.registry(), &entries);
    }
    sandbox
}

#[allow(clippy::print_stdout, reason = "a bench prints its figures")]
fn measure(sandbox: &Sandbox, arguments: &[&str]) {
    let run = sandbox.pgrole(["report"]).args(arguments.iter().copied());
    // Not as a test runs it: a test compares each row with the schema, which takes longer than the report.
    let mut command = run.command();
    let started = Instant::now();
    let output = command.output().expect("pgrole runs");
    let took = started.elapsed();
    assert!(output.status.success(), "{output:?}");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(stdout.contains("login099"), "all are read");
    let targets = CLUSTERS * databases();
    println!(
        "report {}: {targets} targets on {CLUSTERS} clusters, {LOGINS} logins each: {:.1} s, {} kB on stdout",
        arguments.join(" "),
        took.as_secs_f64(),
        stdout.len() / 1024
    );
}
