//! Every sslmode against servers good and bad, with and without trusted certificates: pgrole decides as psql does
//! in the same cell, and says why.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use super::impostor::Impostor;
use super::rows::{Row, Server, rows};
use super::tls_cluster;
use crate::harness::cluster::Configuration;
use crate::harness::servers;
use crate::harness::{Cluster, Outcome, Sandbox};

const MODES: [&str; 6] = [
    "disable",
    "allow",
    "prefer",
    "require",
    "verify-ca",
    "verify-full",
];

/// What became of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Encrypted,
    Plain,
    Refused,
}

impl fmt::Display for Decision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Encrypted => "TLS",
            Self::Plain => "plain",
            Self::Refused => "no",
        })
    }
}

/// A server that runs, and its port.
enum Running {
    Cluster(Box<Cluster>),
    Impostor(Impostor),
}

impl Running {
    fn start(server: &Server) -> Self {
        match server {
            Server::Tls(signed) => Self::Cluster(Box::new(tls_cluster(signed, |c| c))),
            Server::TlsAlone(signed) => Self::Cluster(Box::new(tls_cluster(signed, |c| {
                c.hba("hostnossl all all all reject")
            }))),
            Server::PlainAlone(signed) => Self::Cluster(Box::new(tls_cluster(signed, |c| {
                c.hba("hostssl all all all reject")
            }))),
            Server::WithoutTls => {
                let logged = |c: Configuration| c.setting("log_connections", "on");
                Self::Cluster(Box::new(Cluster::private(logged)))
            }
            Server::Impostor(answer) => Self::Impostor(Impostor::answering(answer)),
        }
    }

    fn port(&self) -> u16 {
        match self {
            Self::Cluster(cluster) => cluster.port(),
            Self::Impostor(impostor) => impostor.port(),
        }
    }

    fn password(&self) -> &str {
        match self {
            Self::Cluster(cluster) => cluster.password(),
            Self::Impostor(_) => "secret",
        }
    }

    fn log(&self) -> String {
        match self {
            Self::Cluster(cluster) => cluster.log(),
            Self::Impostor(_) => String::new(),
        }
    }

    /// Runs a client, and looks in the server's log for how it came in.
    fn decision_of(&self, client: &str, run: impl FnOnce() -> Outcome) -> (Decision, Outcome) {
        let before = self.log().len();
        let outcome = run();
        if outcome.status() != Some(0) {
            return (Decision::Refused, outcome);
        }
        let log = self.log();
        let came_in = |line: &&str| {
            line.contains("connection authorized: user=postgres")
                && line.contains(&format!("application_name={client}"))
        };
        let line = log[before..].lines().rfind(came_in);
        let line = line.unwrap_or_else(|| panic!("{outcome}not in the log:\n{}", &log[before..]));
        let decision = if line.contains("SSL enabled") {
            Decision::Encrypted
        } else {
            Decision::Plain
        };
        (decision, outcome)
    }
}

/// One mode against one server.
struct Cell<'a> {
    row: &'a Row,
    running: &'a Running,
    mode: &'a str,
    root: Option<&'a Path>,
}

impl Cell<'_> {
    fn environment(&self) -> String {
        let trust = if self.root.is_some() { "root" } else { "none" };
        format!("{}-{trust}", self.mode)
    }

    fn psql(&self, home: &Path) -> Outcome {
        let mut command = Command::new(servers::psql());
        command.env_clear().env("PATH", "/usr/bin:/bin");
        command
            .env("HOME", home)
            .env("PGPASSWORD", self.running.password())
            .env("PGCONNECT_TIMEOUT", "10")
            .env("PGSSLMODE", self.mode);
        if let Some(root) = self.root {
            command.env("PGSSLROOTCERT", root);
        }
        let port = self.running.port().to_string();
        command.args(["-XAtq", "-h", self.row.host, "-p", &port]);
        command.args(["-U", "postgres", "-d", "postgres", "-c", "SELECT 1"]);
        Outcome::of(command)
    }

    fn pgrole(&self, sandbox: &Sandbox) -> Outcome {
        let env = self.environment();
        let find = [
            "user", "find", "-u", "postgres", "-d", "postgres", "-e", &env,
        ];
        sandbox.pgrole(find).run()
    }

    /// Runs both clients, compares them, and gives what stands in the table.
    fn run(&self, sandbox: &Sandbox) -> Decision {
        let Self { row, running, .. } = self;
        let (wanted, psql) = running.decision_of("psql", || self.psql(&sandbox.home()));
        let (found, pgrole) = running.decision_of("pgrole", || self.pgrole(sandbox));
        let cell = format!("{}, {}", row.what, self.environment());
        assert!(
            found == wanted,
            "{cell}: {found}, psql: {wanted}{psql}{pgrole}"
        );
        if found == Decision::Refused {
            self.check_reason(&psql, &pgrole);
        }
        let needs_tls = ["require", "verify-ca", "verify-full"].contains(&self.mode);
        assert!(
            !needs_tls || found != Decision::Plain,
            "{cell}: in plain text"
        );
        found
    }

    fn check_reason(&self, psql: &Outcome, pgrole: &Outcome) {
        pgrole.expect_status(5);
        let error = &pgrole.json_error()["error"];
        let by_hba = error["sqlstate"] == "28000";
        let kind = if by_hba {
            "login_refused"
        } else {
            "unreachable"
        };
        assert_eq!(error["kind"], kind, "{pgrole}");
        assert!(error["hint"].is_string(), "{pgrole}");
        let psqls = psql.stderr.contains("root certificate file");
        let ours = pgrole
            .stderr
            .contains("sslmode verify-ca needs the CA's certificate");
        // We say so before we connect, psql only once the server has offered TLS.
        assert!(
            ours == (self.root.is_none() && self.mode == "verify-ca"),
            "{pgrole}"
        );
        let without_file = psqls || ours;
        let plain = self.mode == "disable" || (self.mode == "allow" && self.row.takes_plain());
        // Without a file of roots nobody looks further; without TLS there is nothing to say of certificates.
        if without_file || plain {
            return;
        }
        assert!(pgrole.stderr.contains(self.row.reason), "{psql}{pgrole}");
    }
}

fn sandbox_of(row: &Row, running: &Running) -> (Sandbox, PathBuf) {
    let mut sandbox = Sandbox::new();
    sandbox.env("PG_ADMIN_USER", "postgres");
    sandbox.env("PG_ADMIN_PASS", running.password());
    let root = sandbox.path().join("root.pem");
    fs::write(&root, &row.root).expect("the sandbox can be written");
    let environments: Vec<_> = MODES
        .iter()
        .flat_map(|mode| [format!("{mode}-root"), format!("{mode}-none")])
        .collect();
    sandbox.write_config(&format!(
        "environments = {environments:?}\nprotected = []\n"
    ));
    // The first use makes the file; rows are written by hand, as people do.
    sandbox.pgrole(["registry", "list"]).run().expect_status(0);
    let registry = rusqlite::Connection::open(sandbox.registry()).expect("the registry is there");
    for mode in MODES {
        for (trust, root) in [("root", root.to_str()), ("none", None)] {
            let insert =
                "INSERT INTO db_registry (env, db_name, hostname, port, sslmode, sslrootcert)
                VALUES (?1, 'postgres', ?2, ?3, ?4, ?5)";
            let env = format!("{mode}-{trust}");
            let values = rusqlite::params![env, row.host, running.port(), mode, root];
            registry
                .execute(insert, values)
                .expect("a row can be written by hand");
        }
    }
    (sandbox, root)
}

/// One line of the table.
fn line_of(row: &Row) -> Vec<String> {
    let running = Running::start(&row.server);
    let (sandbox, root) = sandbox_of(row, &running);
    let mut line = vec![row.what.to_owned()];
    for root in [Some(root.as_path()), None] {
        for mode in MODES {
            let cell = Cell {
                row,
                running: &running,
                mode,
                root,
            };
            line.push(cell.run(&sandbox).to_string());
        }
    }
    line
}

#[test]
fn every_mode_decides_as_psql_does() {
    let rows = rows();
    let waiting: Mutex<Vec<_>> = Mutex::new(rows.iter().enumerate().rev().collect());
    let lines = Mutex::new(Vec::new());
    let work = || {
        loop {
            let next = waiting.lock().expect("no test holds it").pop();
            let Some((number, row)) = next else { return };
            let line = line_of(row);
            lines.lock().expect("no test holds it").push((number, line));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(work);
        }
    });
    let mut lines = lines.into_inner().expect("no test holds it");
    lines.sort();
    write_table(lines.into_iter().map(|(_, line)| line));
}

/// In Markdown, into `tls-matrix.md` of the target folder's `tmp`.
fn write_table(lines: impl Iterator<Item = Vec<String>>) {
    let with = |trust: &'static str| MODES.iter().map(move |mode| format!("{mode}{trust}"));
    let head: Vec<_> = ["server".to_owned()]
        .into_iter()
        .chain(with(", root"))
        .chain(with(""))
        .collect();
    let rule = vec!["---".to_owned(); head.len()];
    let lines = [head, rule].into_iter().chain(lines);
    let lines: Vec<_> = lines
        .map(|line| format!("| {} |\n", line.join(" | ")))
        .collect();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tls-matrix.md");
    fs::write(file, lines.concat()).expect("the target folder can be written");
}
