//! Whole-process times of pgrole beside psql (the program itself, not Debian's wrapper), taken in turn in one run:
//! `cargo bench --bench beside_psql [-- FILTER]`. The peer types the shortest SQL that does the job. Prints a table of
//! medians, and the median of the ratios of the pairs; asserts nothing. `benches/README.md` has the figures.

#[allow(dead_code, unused_imports, reason = "a bench uses a part of it")]
#[path = "../../tests/it/harness/mod.rs"]
mod harness;

mod distance;
mod fleet;
mod offline;
mod pairs;
mod rotation;
mod user;

use std::process::Command;

use harness::{Area, Cluster, Sandbox, servers};

/// Of the password "pencil" (RFC 7677).
const VERIFIER: &str = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

/// How many targets a large registry has.
const MANY_TARGETS: u32 = 10_000;
/// How many roles a large cluster has.
const MANY_ROLES: u32 = 10_000;
/// How many roles the ordinary cluster has.
const ROLES: u32 = 120;

#[allow(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() {
    let filter = std::env::args().skip(1).find(|it| !it.starts_with('-'));
    println!("| command | pgrole, ms | psql, ms | ratio | must |\n| --- | --- | --- | --- | --- |");
    for (group, measure) in [
        ("version", offline::version as fn()),
        ("user", user::all),
        ("many", user::with_many_roles),
        ("fleet", fleet::all),
        ("rotate", rotation::all),
        ("registry", offline::registry),
    ] {
        if filter.as_deref().is_none_or(|wanted| wanted == group) {
            measure();
        }
    }
}

/// A cluster and a sandbox with one target on it.
struct Scene {
    cluster: &'static Cluster,
    sandbox: Sandbox,
    database: String,
    /// Drops the database in the end.
    _area: Area<'static>,
}

impl Scene {
    fn new(cluster: &'static Cluster) -> Self {
        let mut sandbox = Sandbox::new().with_admin(cluster);
        let area = cluster.area();
        let database = area.database().to_owned();
        sandbox.register(cluster, "dev", &database);
        Self {
            cluster,
            sandbox,
            database,
            _area: area,
        }
    }

    fn pgrole(&self, arguments: &[&str]) -> Command {
        self.sandbox.pgrole(arguments).command()
    }

    fn on_target(&self, arguments: &[&str]) -> Command {
        let run = self.sandbox.pgrole(arguments);
        run.args(["-e", "dev", "-d", &self.database]).command()
    }

    /// Creates roles `ROLE_n`, all at once.
    fn make_roles(&self, name: &str, count: u32) {
        let roles = (0..count).map(|n| format!("CREATE ROLE {name}_{n} LOGIN;"));
        self.cluster
            .client(&self.database)
            .batch_execute(&roles.collect::<String>())
            .expect("a superuser may");
    }

    fn psql(&self, sql: &str) -> Command {
        let mut psql = self.psql_on(self.cluster.port(), &self.database);
        psql.args(["-c", sql]);
        psql
    }

    fn psql_on(&self, port: u16, database: &str) -> Command {
        let mut psql = Command::new(servers::psql());
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", Cluster::HOST])
            .args(["-p", &port.to_string()])
            .args(["-U", Cluster::SUPERUSER, "-d", database])
            .env("PGPASSWORD", self.cluster.password());
        psql
    }
}
