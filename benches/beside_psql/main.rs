//! Whole-process times of pgrole beside psql (the program itself, not Debian's wrapper), taken in turn in
//! one run: `cargo bench --bench beside_psql`. Prints medians and ratios; asserts nothing.

#[allow(dead_code, unused_imports, reason = "a bench uses a part of it")]
#[path = "../../tests/it/harness/mod.rs"]
mod harness;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use harness::{Cluster, Sandbox, servers};

/// Runs a measurement takes of each side.
const RUNS: usize = 31;

/// Of the password "pencil" (RFC 7677).
/// As in `server/catalog`.
const CLUSTER: &str = "(SELECT system_identifier::text FROM pg_catalog.pg_control_system())";
const VERIFIER: &str = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

struct Bench {
    sandbox: Sandbox,
    cluster: &'static Cluster,
    database: String,
    count: usize,
}

#[allow(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() {
    let cluster = Cluster::shared();
    let mut sandbox = Sandbox::new().with_admin(cluster);
    let area = cluster.area();
    let database = area.database().to_owned();
    area.psql("CREATE TABLE one_table (a integer)");
    sandbox.register(cluster, "dev", &database);
    let mut bench = Bench {
        sandbox,
        cluster,
        database,
        count: 0,
    };
    bench.pgrole_to_end(&["user", "readonly", "-u", "groups_in_place"]);
    println!("| what | pgrole, ms | psql, ms | ratio |\n| --- | --- | --- | --- |");
    println!("{}", bench.version());
    println!("{}", bench.find());
    println!("{}", bench.readonly("user readonly, 1 table"));
    println!(
        "{}",
        bench.readonly_unread("user readonly, beside its 3 statements alone")
    );
    println!("{}", bench.reset());
    let tables =
        "SELECT format('CREATE TABLE many_%s (a integer)', i) FROM generate_series(1, 1000) i";
    let script = bench.cluster.psql(&bench.database, tables);
    let script = script.lines().map(|line| format!("{line};\n"));
    bench
        .cluster
        .psql(&bench.database, &script.collect::<String>());
    let first = bench.time(|bench| bench.pgrole_command(&["user", "devqa", "-u", "first_devqa"]));
    println!(
        "\nfirst devqa on 1,001 tables, its group made on the way: {:.1} ms\n",
        ms(first)
    );
    println!("{}", bench.readonly("user readonly, 1,001 tables"));
}

impl Bench {
    fn version(&mut self) -> String {
        let psql = |_: &mut Self| {
            let mut psql = Command::new(servers::psql());
            psql.arg("--version");
            psql
        };
        self.compare(
            "--version",
            |bench| bench.sandbox.pgrole(["--version"]).command(),
            psql,
        )
    }

    fn find(&mut self) -> String {
        // The query that `server/catalog` sends for `user find`.
        let query = format!(
            "SELECT json_build_object('cluster', {CLUSTER}, 'found', (WITH {} SELECT json_build_object({})))::text",
            include_str!("../../src/server/sql/role.sql"),
            include_str!("../../src/server/sql/session.sql")
        );
        let query = query.replace("$1", "'groups_in_place'");
        self.compare(
            "user find",
            |bench| bench.pgrole_command(&["user", "find", "-u", "groups_in_place"]),
            |bench| bench.psql(&query),
        )
    }

    /// The same reading and the same statements, as one psql script of two messages.
    fn readonly(&mut self, what: &str) -> String {
        let group = format!("{}_readonly", self.database);
        let read = self.state_query(&group);
        self.compare(
            what,
            |bench| {
                let name = bench.next_name("mine");
                bench.pgrole_command(&["user", "readonly", "-u", &name])
            },
            |bench| {
                let name = bench.next_name("theirs");
                let mut psql = bench.psql(&read);
                psql.args(["-c", &create_statements(&name, &group)]);
                psql
            },
        )
    }

    /// Beside the statements alone, without the reading that makes them safe.
    fn readonly_unread(&mut self, what: &str) -> String {
        let group = format!("{}_readonly", self.database);
        self.compare(
            what,
            |bench| {
                let name = bench.next_name("mine");
                bench.pgrole_command(&["user", "readonly", "-u", &name])
            },
            |bench| {
                let name = bench.next_name("theirs");
                bench.psql(&create_statements(&name, &group))
            },
        )
    }

    /// The query that `server/catalog` sends before a login with access is created.
    fn state_query(&self, group: &str) -> String {
        let database = &self.database;
        let query = format!(
            "SELECT json_build_object('cluster', {CLUSTER}, 'found',
             (WITH RECURSIVE {} SELECT json_build_object({}, {}, 'access', json_build_object({}))))::text",
            include_str!("../../src/server/sql/access_tables.sql"),
            include_str!("../../src/server/sql/access_session.sql"),
            include_str!("../../src/server/sql/timeline.sql"),
            include_str!("../../src/server/sql/access.sql")
        );
        let groups = format!("'{{{group},{database}_readwrite,{database}_ddl}}'");
        let parameters = [
            "'nobody'",
            &groups,
            &format!("'{group}'"),
            "'{SELECT}'",
            "'{SELECT}'",
            "'{EXECUTE}'",
            "'{USAGE}'",
            "'pgrole:bench'",
            "pg_backend_pid()",
        ];
        let parameters = parameters.iter().enumerate();
        parameters.fold(query, |query, (place, value)| {
            query.replace(&format!("${}::", place + 1), &format!("{value}::"))
        })
    }

    fn reset(&mut self) -> String {
        self.compare(
            "user reset",
            |bench| bench.pgrole_command(&["user", "reset", "-u", "groups_in_place"]),
            |bench| bench.psql(&format!("ALTER ROLE groups_in_place PASSWORD '{VERIFIER}'")),
        )
    }

    fn next_name(&mut self, prefix: &str) -> String {
        self.count += 1;
        format!("{prefix}_{}", self.count)
    }

    fn pgrole_command(&self, arguments: &[&str]) -> Command {
        let run = self.sandbox.pgrole(arguments);
        run.args(["-e", "dev", "-d", &self.database]).command()
    }

    fn pgrole_to_end(&self, arguments: &[&str]) {
        run(&mut self.pgrole_command(arguments));
    }

    fn psql(&self, sql: &str) -> Command {
        let mut psql = Command::new(servers::psql());
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", Cluster::HOST])
            .args(["-p", &self.cluster.port().to_string()])
            .args(["-U", Cluster::SUPERUSER, "-d", &self.database, "-c", sql])
            .env("PGPASSWORD", self.cluster.password());
        psql
    }

    fn time(&mut self, command: impl Fn(&mut Self) -> Command) -> Duration {
        let mut command = command(self);
        let started = Instant::now();
        run(&mut command);
        started.elapsed()
    }

    fn compare(
        &mut self,
        what: &str,
        mine: impl Fn(&mut Self) -> Command,
        theirs: impl Fn(&mut Self) -> Command,
    ) -> String {
        let mut times = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            times.0.push(self.time(&mine));
            times.1.push(self.time(&theirs));
        }
        let (mine, theirs) = (median(times.0), median(times.1));
        let ratio = mine.as_secs_f64() / theirs.as_secs_f64();
        format!(
            "| {what} | {:.1} | {:.1} | {ratio:.2} |",
            ms(mine),
            ms(theirs)
        )
    }
}

fn create_statements(name: &str, group: &str) -> String {
    format!(
        "SET LOCAL lock_timeout = 10000; SET LOCAL statement_timeout = 10000;
         CREATE ROLE {name} LOGIN CONNECTION LIMIT 20 PASSWORD '{VERIFIER}';
         COMMENT ON ROLE {name} IS 'pgrole: profile=readonly';
         GRANT \"{group}\" TO {name};"
    )
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output();
    let output = output.expect("the program starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
