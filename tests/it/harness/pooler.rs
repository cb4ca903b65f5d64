//! A real pgbouncer on loopback, in front of a cluster.

use std::fs::{self, Permissions};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::account::Account;
use super::cluster::{Cluster, Login, free_port};
use super::guard::{self, GuardedServer};
use super::sandbox::Outcome;
use super::servers;

const START_TIMEOUT: Duration = Duration::from_secs(20);

/// When a session of the server goes back to the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolMode {
    Session,
    Transaction,
}

/// Where the pooler knows verifiers from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knowledge {
    /// It asks the server at each login.
    Query,
    /// Its own file, which nobody tells of changes.
    File,
}

/// A running pgbouncer with one connection to the server for each login and database. Dropping it stops it.
pub struct Pooler {
    folder: PathBuf,
    port: u16,
    superuser_password: String,
    _running: GuardedServer,
}

impl Pooler {
    /// Starts one, or writes down that the calling test was skipped.
    #[track_caller]
    pub fn before(cluster: &Cluster, mode: PoolMode, knowledge: Knowledge) -> Option<Self> {
        if program().is_none() {
            servers::skip("no pgbouncer here: scripts/test brings it");
            return None;
        }
        for _ in 0..10 {
            if let Some(pooler) = Self::on_port(free_port(), cluster, mode, knowledge) {
                return Some(pooler);
            }
        }
        panic!("no port is left to pgbouncer");
    }

    /// Starts one on a port; None where that was taken.
    pub fn on_port(
        port: u16,
        cluster: &Cluster,
        mode: PoolMode,
        knowledge: Knowledge,
    ) -> Option<Self> {
        static COUNTER: AtomicU32 = AtomicU32::new(1);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let folder = guard::folder().join(format!("pgbouncer-{number}"));
        fs::create_dir(&folder).expect("our own folder can be written");
        let file = folder.join("pgbouncer.ini");
        fs::write(
            &file,
            configuration(port, cluster, mode, knowledge, &folder),
        )
        .expect("our own folder can be written");
        let administrator = user_line(cluster.superuser(), cluster.password());
        write_userlist(&folder, &administrator);
        own(&folder);
        let program = program().expect("who asks for a port has looked");
        let arguments = [file.display().to_string()];
        let mut running =
            GuardedServer::start_ended_by("TERM", &program, &arguments, &folder.join("log"));
        let deadline = Instant::now() + START_TIMEOUT;
        while TcpStream::connect((Cluster::HOST, port)).is_err() {
            if running.has_ended() {
                return None;
            }
            assert!(Instant::now() < deadline, "pgbouncer does not answer");
            std::thread::sleep(Duration::from_millis(5));
        }
        Some(Self {
            folder,
            port,
            superuser_password: cluster.password().to_owned(),
            _running: running,
        })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The file of its own, which it reads again when told to.
    pub fn userlist(&self) -> PathBuf {
        self.folder.join("userlist.txt")
    }

    /// Lets it read its own file again.
    pub fn reload(&self, cluster: &Cluster) {
        let reloaded = self.psql_as(
            cluster.superuser(),
            &self.superuser_password,
            "pgbouncer",
            "RELOAD",
        );
        reloaded.expect_status(0);
    }

    /// Takes over a file that pgrole delivered, and lets the pooler read it.
    pub fn take_users(&self, delivered: &Path, cluster: &Cluster) {
        let lines = fs::read_to_string(delivered).expect("the delivery is there");
        self.take_lines(&lines, cluster);
    }

    /// Lets the pooler know the roles' verifiers as they are now.
    pub fn take_users_of(&self, cluster: &Cluster, roles: &[&str]) {
        let verifier = |role: &&str| {
            let sql = format!("SELECT passwd FROM pg_shadow WHERE usename = '{role}'");
            user_line(role, &cluster.psql("postgres", &sql))
        };
        let lines: String = roles.iter().map(verifier).collect();
        self.take_lines(&lines, cluster);
    }

    fn take_lines(&self, lines: &str, cluster: &Cluster) {
        let administrator = user_line(cluster.superuser(), cluster.password());
        write_userlist(&self.folder, &(administrator + lines));
        self.reload(cluster);
    }

    /// Runs statements by psql, through the pooler.
    pub fn psql_as(&self, user: &str, password: &str, database: &str, sql: &str) -> Outcome {
        let login = Login {
            user,
            password,
            database,
        };
        login.psql(self.port, sql)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).ok();
    }
}

fn configuration(
    port: u16,
    cluster: &Cluster,
    mode: PoolMode,
    knowledge: Knowledge,
    folder: &Path,
) -> String {
    let mode = match mode {
        PoolMode::Session => "session",
        PoolMode::Transaction => "transaction",
    };
    let superuser = cluster.superuser();
    let query = match knowledge {
        Knowledge::Query => format!("auth_user = {superuser}\n"),
        Knowledge::File => String::new(),
    };
    format!(
        "[databases]
* = host={host} port={server_port}
[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/userlist.txt
{query}admin_users = {superuser}
pool_mode = {mode}
default_pool_size = 1
server_tls_sslmode = disable
",
        host = Cluster::HOST,
        server_port = cluster.port(),
        folder = folder.display(),
    )
}

fn user_line(user: &str, password: &str) -> String {
    format!("\"{user}\" \"{password}\"\n")
}

fn write_userlist(folder: &Path, lines: &str) {
    // Another file under the name, as pgrole makes it: pgbouncer does not look into one of the same size and second.
    let part = folder.join("userlist.part");
    fs::write(&part, lines).expect("our own folder can be written");
    fs::set_permissions(&part, Permissions::from_mode(0o600))
        .expect("our own file can be made private");
    own(&part);
    fs::rename(&part, folder.join("userlist.txt")).expect("our own folder can be written");
}

/// It refuses to run as root.
fn own(path: &Path) {
    if let Some(account) = Account::of_servers() {
        account.own(path);
    }
}

/// Debian keeps it where only root looks.
fn program() -> Option<PathBuf> {
    let path = super::variable("PATH").unwrap_or_default();
    let on_path: Vec<_> = std::env::split_paths(&path).collect();
    let usual = ["/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from);
    let mut folders = on_path.into_iter().chain(usual);
    folders.find_map(|folder| Some(folder.join("pgbouncer")).filter(|program| program.is_file()))
}
