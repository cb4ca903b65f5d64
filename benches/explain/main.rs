//! Whole-process times of `pgrole explain`, in a small database and in one of 20,000 tables:
//! `cargo bench --bench explain`. Prints a table of medians, and the means of the CPU time of program and server, which other
//! work disturbs less; asserts nothing.

#[allow(dead_code, unused_imports, reason = "a bench uses a part of it")]
#[path = "../../tests/it/harness/mod.rs"]
mod harness;

use std::fs;
use std::time::{Duration, Instant};

use harness::{Area, Cluster, Sandbox};

const RUNS: u16 = 15;
const TABLES: u32 = 20_000;
/// Tables are made by so many at once: each takes a lock until the end.
const AT_ONCE: u32 = 500;

#[allow(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() {
    let cluster = Cluster::shared();
    println!(
        "| question | median, ms | fastest | program's CPU | server's CPU |\n| --- | --- | --- | --- | --- |"
    );
    let pid_file = cluster.data().join("postmaster.pid");
    let server = fs::read_to_string(pid_file).expect("the server runs");
    let server = server.lines().next().expect("a process").to_owned();
    for tables in [10, TABLES] {
        let area = cluster.area();
        let jane = fill(&area, tables);
        let mut sandbox = Sandbox::new().with_admin(cluster);
        sandbox.register(cluster, "dev", area.database());
        let view = "SELECT * FROM app.v JOIN app.t1 USING (id) WHERE t1.a = 1";
        let questions: [(&str, &[&str]); 6] = [
            ("login", &[]),
            ("--on a table", &["--on", "app.t1"]),
            ("--on its bare name", &["--on", "t1", "--action", "insert"]),
            ("--on a view", &["--on", "app.v"]),
            ("--on what is not there", &["--on", "app.Nothing"]),
            ("--sql", &["--sql", view]),
        ];
        for (name, arguments) in questions {
            let before = (cpu_of_children("self"), cpu_of_children(&server));
            let mut times: Vec<_> = (0..RUNS)
                .map(|_| {
                    let run =
                        sandbox.pgrole(["explain", &jane, "-e", "dev", "-d", area.database()]);
                    timed(&run.args(arguments.iter().copied()))
                })
                .collect();
            times.sort();
            let after = (cpu_of_children("self"), cpu_of_children(&server));
            println!(
                "| {name}, {tables} tables | {:.1} | {:.1} | {:.1} | {:.1} |",
                ms(times[times.len() / 2]),
                ms(times[0]),
                (after.0 - before.0) / f64::from(RUNS),
                (after.1 - before.1) / f64::from(RUNS)
            );
        }
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The CPU time of a process's children that have ended, in ms: of the server, its sessions (proc(5), `cutime` and `cstime`,
/// in hundredths of a second).
fn cpu_of_children(process: &str) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("Linux has it");
    let (_, fields) = stat.rsplit_once(')').expect("the name is in parentheses");
    let fields: Vec<_> = fields.split_whitespace().collect();
    let ticks = [13, 14].map(|place| fields[place].parse::<f64>().expect("a number"));
    ticks.iter().sum::<f64>() * 10.0
}

fn timed(run: &harness::sandbox::Run<'_>) -> Duration {
    let mut command = run.command();
    let begun = Instant::now();
    let output = command.output().expect("pgrole runs");
    let took = begun.elapsed();
    assert!(
        [Some(0), Some(1), Some(7)].contains(&output.status.code()),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    took
}

/// Makes the tables, and a role that may read all but the last.
fn fill(area: &Area<'_>, tables: u32) -> String {
    let jane = area.create_role("jane", "LOGIN PASSWORD 'secret'");
    let mut client = area.client();
    let mut run = |sql: &str| client.batch_execute(sql).expect("the admin may");
    run("CREATE SCHEMA app");
    for first in (0..tables).step_by(AT_ONCE as usize) {
        let last = (first + AT_ONCE).min(tables);
        let made = (first..last).map(|n| format!("CREATE TABLE app.t{n} (id int, a int);"));
        run(&made.collect::<String>());
    }
    run(&format!(
        "CREATE VIEW app.v AS SELECT t2.id FROM app.t2 JOIN app.t3 USING (id); GRANT USAGE ON SCHEMA app TO {jane};
         GRANT SELECT ON app.t1, app.v TO {jane}; ALTER TABLE app.t2 ENABLE ROW LEVEL SECURITY"
    ));
    jane
}
