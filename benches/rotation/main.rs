//! What journal and proof cost a rotation, and how long a fleet takes beside psql: `cargo bench --bench rotation`.
//! Taken in turn in one run on loopback. Prints figures; asserts nothing.

#[allow(dead_code, unused_imports, reason = "a bench uses a part of it")]
#[path = "../../tests/it/harness/mod.rs"]
mod harness;

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use harness::{Area, Cluster, Sandbox, records, servers, sqlite};

/// Runs a measurement takes of each side.
const RUNS: usize = 21;
const ROLES: u32 = 1_000;

/// Of the password "pencil" (RFC 7677).
const VERIFIER: &str = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

/// A server that syncs as one in use does: the harness's others do not, to be quick.
fn durable_cluster() -> Cluster {
    Cluster::private(|c| {
        c.setting("fsync", "on")
            .setting("synchronous_commit", "on")
            .setting("full_page_writes", "on")
    })
}

struct Bench<'a> {
    cluster: &'a Cluster,
    area: Area<'a>,
    sandbox: Sandbox,
}

#[allow(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() {
    let cluster = durable_cluster();
    let area = cluster.area();
    let mut sandbox = Sandbox::new().with_admin(&cluster);
    sandbox.register(&cluster, "dev", area.database());
    let bench = Bench {
        cluster: &cluster,
        area,
        sandbox,
    };
    bench.make_roles();
    println!("{}", bench.one_rotation());
    println!("{}", bench.all());
}

impl Bench<'_> {
    /// Roles as pgrole would have placed them, each delivered to a file of its own.
    fn make_roles(&self) {
        let folder = self.sandbox.path().join("out");
        fs::create_dir(&folder).expect("the sandbox can be written");
        let roles = (0..ROLES).map(|number| {
            let role = self.role(number);
            format!("CREATE ROLE {role} LOGIN PASSWORD '{VERIFIER}';")
        });
        let roles = roles.collect::<String>();
        self.area
            .client()
            .batch_execute(&roles)
            .expect("a superuser may");
        let rows = format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROLES} - 1)
             INSERT INTO placed_role (hostname, port, username, env, db_name, password_changed_at, deliver, file_format)
             SELECT '127.0.0.1', {port}, printf('{database}_r%04d', n), 'dev', '{database}',
                '2025-11-01T00:00:00.000000Z', 'file:{folder}/{{username}}', 'json' FROM numbers",
            port = self.cluster.port(),
            database = self.area.database(),
            folder = folder.display()
        );
        sqlite::query(&self.sandbox.registry(), &rows);
        records::sign_deliveries(&self.sandbox);
    }

    fn role(&self, number: u32) -> String {
        self.area.role(&format!("r{number:04}"))
    }

    /// A whole process: one rotation beside one ALTER ROLE by psql. What is between them is the reading, the journal on
    /// disk, the login that proves, the delivery, and the program itself; a dry run of it is the program and the survey.
    fn one_rotation(&self) -> String {
        let role = self.role(0);
        let only = ["rotate", "-u", &role];
        let alter = format!("ALTER ROLE {role} PASSWORD '{VERIFIER}'");
        let (mut rotations, mut plain, mut alters) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..RUNS {
            rotations.push(time(self.sandbox.pgrole(only).command()));
            let find = ["user", "find", "-u", &role];
            plain.push(time(self.sandbox.pgrole(find).command()));
            alters.push(time(self.psql(&["-c", &alter])));
        }
        let [rotation, find, alter] = [rotations, plain, alters].map(median);
        format!(
            "one rotation {:.1} ms; user find (program, login, one reading) {:.1} ms; psql ALTER ROLE {:.1} ms;\n\
             a rotation beyond psql's ALTER ROLE: {:.1} ms",
            ms(rotation),
            ms(find),
            ms(alter),
            ms(rotation) - ms(alter)
        )
    }

    fn all(&self) -> String {
        let script = self.sandbox.path().join("verifiers.sql");
        let lines = (0..ROLES)
            .map(|number| format!("ALTER ROLE {} PASSWORD '{VERIFIER}';\n", self.role(number)));
        fs::write(&script, lines.collect::<String>()).expect("the sandbox can be written");
        let script = script.display().to_string();
        let mut figures = Vec::new();
        for jobs in ["1", "4", "8"] {
            let rotate = ["rotate", "--older-than", "1s", "--quiet", "--jobs", jobs];
            let mine = time(self.sandbox.pgrole(rotate).command());
            let theirs = time(self.psql(&["-f", &script]));
            figures.push(format!(
                "{ROLES} roles, --jobs {jobs}: {:.1} s, {:.1} ms a role; psql, a transaction each: {:.2} s, {:.2} ms a role",
                mine.as_secs_f64(),
                ms(mine) / f64::from(ROLES),
                theirs.as_secs_f64(),
                ms(theirs) / f64::from(ROLES)
            ));
        }
        figures.join("\n")
    }

    fn psql(&self, arguments: &[&str]) -> Command {
        let mut psql = Command::new(servers::psql());
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", Cluster::HOST])
            .args(["-p", &self.cluster.port().to_string()])
            .args(["-U", Cluster::SUPERUSER, "-d", self.area.database()])
            .args(arguments)
            .env("PGPASSWORD", self.cluster.password());
        psql
    }
}

fn time(mut command: Command) -> Duration {
    let started = Instant::now();
    let output = command.stdin(Stdio::null()).output();
    let took = started.elapsed();
    let output = output.expect("the program starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    took
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
