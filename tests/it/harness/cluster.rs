//! PostgreSQL clusters for tests: one shared by a test binary, private ones with settings of their own, standbys.
//!
//! All data is copied from a template that `initdb` made once per release. Nothing is flushed to disk.

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io::{self, Seek, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};

use super::account::Account;
use super::admin::Admin;
use super::guard::{self, GuardedServer};
use super::sandbox::Outcome;
use super::servers::{self, Server};

const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Shared memory in files below the data folder, so that nothing stays in /dev/shm.
const SETTINGS: &str = "
fsync = off
full_page_writes = off
synchronous_commit = off
shared_buffers = 16MB
max_connections = 200
dynamic_shared_memory_type = mmap
log_line_prefix = '%m [%p] %q%u@%d '
";

/// A running server with its data. Dropping it stops the server; see `guard` for the end of the test process.
pub struct Cluster {
    server: &'static Server,
    bindir: PathBuf,
    folder: PathBuf,
    port: u16,
    password: String,
    admin: Admin,
    language: Option<&'static str>,
    running: Mutex<Option<GuardedServer>>,
}

/// What a private cluster has beyond the usual.
#[derive(Debug, Default)]
pub struct Configuration {
    settings: Vec<String>,
    hba: Vec<String>,
    files: Vec<(String, Vec<u8>)>,
    language: Option<&'static str>,
}

impl Configuration {
    /// Sets a parameter of postgresql.conf.
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings
            .push(format!("{name} = '{}'", value.replace('\'', "''")));
        self
    }

    /// Adds a line to `pg_hba.conf`, before those of `initdb`; of several the first given comes first.
    pub fn hba(mut self, line: &str) -> Self {
        self.hba.push(line.to_owned());
        self
    }

    /// Has the server speak this language, where its messages are there in it: they need no locale of the system's.
    pub fn language(mut self, language: &'static str) -> Self {
        self.language = Some(language);
        self.setting("lc_messages", "C.UTF-8")
    }

    /// Puts a file, such as `server.key`, into the data folder, readable to the server alone.
    pub fn file(mut self, name: &str, contents: impl Into<Vec<u8>>) -> Self {
        self.files.push((name.to_owned(), contents.into()));
        self
    }
}

impl Cluster {
    pub const HOST: &str = "127.0.0.1";
    /// The login that pgrole gets; no superuser where the run's kind of admin is another, see `admin`.
    pub const SUPERUSER: &str = "postgres";

    /// Returns the cluster of this test binary, of the run's version.
    pub fn shared() -> &'static Cluster {
        Self::shared_of(servers::of_this_run())
    }

    /// Returns this test binary's cluster of the major version, or writes down that the calling test was skipped.
    #[track_caller]
    pub fn of_major(major: u32) -> Option<&'static Cluster> {
        servers::of_major_or_skip(major).map(Self::shared_of)
    }

    fn shared_of(server: &'static Server) -> &'static Cluster {
        static CLUSTERS: Mutex<BTreeMap<u32, &'static OnceLock<Cluster>>> =
            Mutex::new(BTreeMap::new());
        let cell = *lock(&CLUSTERS)
            .entry(server.major)
            .or_insert_with(|| Box::leak(Box::new(OnceLock::new())));
        cell.get_or_init(|| Self::start_new(server, &Configuration::default()))
    }

    /// Starts a cluster of the run's version for one test.
    ///
    ///     let cluster = Cluster::private(|c| c.setting("default_transaction_read_only", "on"));
    pub fn private(configure: impl FnOnce(Configuration) -> Configuration) -> Cluster {
        Self::start_new(servers::of_this_run(), &configure(Configuration::default()))
    }

    /// Like `private`, of the major version; or writes down that the calling test was skipped.
    #[track_caller]
    pub fn private_of_major(
        major: u32,
        configure: impl FnOnce(Configuration) -> Configuration,
    ) -> Option<Cluster> {
        let server = servers::of_major_or_skip(major)?;
        Some(Self::start_new(
            server,
            &configure(Configuration::default()),
        ))
    }

    /// Starts a stand-in for a managed service, of the major version; or writes down that the calling test was skipped.
    #[track_caller]
    pub fn managed_of_major(major: u32) -> Option<Cluster> {
        let server = servers::of_major_or_skip(major)?;
        Some(Self::start_with(
            server,
            Admin::Managed,
            &Configuration::default(),
        ))
    }

    /// Starts a hot standby of the cluster, which streams from it.
    ///
    /// Copies the files between the server's own calls for that, as `pg_basebackup` is not everywhere where a server is.
    pub fn standby_of(primary: &Cluster) -> Cluster {
        let mut cluster = Self::new_folder(primary.server, primary.password.clone());
        let mut client = primary.superuser_client("postgres");
        let (start, stop) = match primary.server.major {
            ..15 => (
                "pg_start_backup('standby', true, false)",
                "pg_stop_backup(false, false)",
            ),
            15.. => ("pg_backup_start('standby', true)", "pg_backup_stop(false)"),
        };
        client
            .batch_execute(&format!("SELECT {start}"))
            .expect("a superuser can start a backup");
        // Files that vanish while they are copied are the replay's business, as with tar in PostgreSQL's manual.
        copy_folder(&primary.data(), &cluster.data()).ok();
        let label: String = client
            .query_one(&format!("SELECT labelfile FROM {stop}"), &[])
            .expect("a backup that was started can be stopped")
            .get(0);
        fs::remove_file(cluster.data().join("postmaster.pid"))
            .expect("the primary's pid file was copied");
        cluster.write("backup_label", label.as_bytes());
        cluster.write("standby.signal", b"");
        let address = format!("host={} port={}", Self::HOST, primary.port);
        let login = format!("user={} password={}", primary.superuser(), primary.password);
        let primary_conninfo = format!("{address} {login}");
        cluster.configure(&Configuration::default().setting("primary_conninfo", &primary_conninfo));
        cluster.start_on_a_free_port();
        cluster
    }

    /// Starts a cluster of the run's version with an identity of its own: all others of a version are copies of one.
    /// Its superuser has the same password.
    pub fn stranger() -> Cluster {
        let server = servers::of_this_run();
        let admin = Admin::of_this_run();
        let password = Template::of(server, admin).password();
        let mut cluster = Self::new_folder(server, password);
        let password_file = cluster.folder.join("password");
        fs::write(&password_file, &cluster.password).expect("our own folder can be written");
        if let Some(account) = Account::of_servers() {
            account.own(&password_file);
        }
        initdb(server, cluster.admin, &cluster.data(), &password_file);
        cluster.settle(&Configuration::default());
        cluster
    }

    fn start_new(server: &'static Server, configuration: &Configuration) -> Cluster {
        Self::start_with(server, Admin::of_this_run(), configuration)
    }

    fn start_with(server: &'static Server, admin: Admin, configuration: &Configuration) -> Cluster {
        let template = Template::of(server, admin);
        let mut cluster = Self::new_folder(server, template.password());
        cluster.admin = admin;
        copy_folder(&template.data(), &cluster.data()).expect("the template can be copied");
        // The target folder may come from another machine, where the account had another number.
        if let Some(account) = Account::of_servers() {
            account.own(&cluster.data());
        }
        cluster.settle(configuration);
        cluster
    }

    /// Configures a new data folder, and starts the server.
    fn settle(&mut self, configuration: &Configuration) {
        let own_settings = format!(
            "{SETTINGS}unix_socket_directories = '{}'\n",
            self.folder.display()
        );
        append(&self.data().join("postgresql.conf"), &own_settings);
        self.language = configuration.language;
        self.configure(configuration);
        self.start_on_a_free_port();
    }

    fn new_folder(server: &'static Server, password: String) -> Cluster {
        static COUNTER: AtomicU32 = AtomicU32::new(1);
        let folder = guard::folder().join(COUNTER.fetch_add(1, Ordering::Relaxed).to_string());
        make_folder_of_server(&folder);
        Cluster {
            server,
            bindir: programs_of(server),
            folder,
            port: 0,
            password,
            admin: Admin::of_this_run(),
            language: None,
            running: Mutex::new(None),
        }
    }

    fn configure(&self, configuration: &Configuration) {
        let data = self.data();
        append(
            &data.join("postgresql.conf"),
            &(configuration.settings.join("\n") + "\n"),
        );
        let hba = fs::read_to_string(data.join("pg_hba.conf")).expect("initdb wrote pg_hba.conf");
        fs::write(
            data.join("pg_hba.conf"),
            configuration.hba.join("\n") + "\n" + &hba,
        )
        .expect("pg_hba.conf can be written");
        for (name, contents) in &configuration.files {
            self.write(name, contents);
        }
    }

    /// Writes a file of the data folder, readable to the server alone.
    pub fn write(&self, name: &str, contents: &[u8]) {
        let path = self.data().join(name);
        fs::write(&path, contents).expect("the data folder can be written");
        fs::set_permissions(&path, Permissions::from_mode(0o600))
            .expect("our own file can be made private");
        if let Some(account) = Account::of_servers() {
            account.own(&path);
        }
    }

    /// Between our choice of a port and the server's use of it another process may take it.
    fn start_on_a_free_port(&mut self) {
        for _ in 0..10 {
            self.port = free_port();
            if self.try_start() {
                return;
            }
        }
        panic!(
            "cannot start PostgreSQL {}, no port is left to it:\n{}",
            self.server.version,
            self.log()
        );
    }

    /// Starts the server and waits until it is ready; false where its port was taken.
    fn try_start(&self) -> bool {
        let log = self.folder.join("log");
        let log_before = self.log().len();
        fs::remove_file(self.data().join("postmaster.pid")).ok();
        let language = self.language.unwrap_or("C");
        let arguments = [
            format!("LANGUAGE={language}"),
            self.bindir.join("postgres").display().to_string(),
            "-D".to_owned(),
            self.data().display().to_string(),
            "-p".to_owned(),
            self.port.to_string(),
            "-c".to_owned(),
            format!("listen_addresses={}", listen_addresses()),
        ];
        let mut server = GuardedServer::start(Path::new("/usr/bin/env"), &arguments, &log);
        let deadline = Instant::now() + START_TIMEOUT;
        while !self.is_ready() {
            let log = self.log();
            if server.has_ended() || log[log_before..].contains("could not bind") {
                assert!(
                    log[log_before..].contains("could not bind"),
                    "PostgreSQL does not start:\n{log}"
                );
                return false;
            }
            assert!(
                Instant::now() < deadline,
                "PostgreSQL is not ready after {START_TIMEOUT:?}:\n{log}"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
        // It also gets ready when it could bind one of two addresses only.
        if self.log()[log_before..].contains("could not bind") {
            return false;
        }
        *lock(&self.running) = Some(server);
        true
    }

    /// The server itself says so in its pid file, which is where `pg_ctl` looks too.
    fn is_ready(&self) -> bool {
        let pid_file = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        pid_file
            .lines()
            .nth(7)
            .is_some_and(|status| status.trim() == "ready")
    }

    /// Starts the server, on the port that it had, after one of the stops.
    pub fn start(&self) {
        assert!(
            self.try_start(),
            "another process took port {} meanwhile:\n{}",
            self.port,
            self.log()
        );
    }

    /// Stops the server in an orderly way; sessions are ended.
    pub fn stop(&self) {
        let server = lock(&self.running).take().expect("the server runs");
        self.pg_ctl(&["stop", "-m", "fast", "-w"]);
        server.wait();
    }

    /// Stops the server as a crash would.
    pub fn stop_immediate(&self) {
        drop(lock(&self.running).take());
    }

    pub fn restart(&self) {
        self.stop();
        self.start();
    }

    /// Makes a standby the primary of a timeline of its own, and waits until it is.
    pub fn promote(&self) {
        self.pg_ctl(&["promote", "-w"]);
    }

    /// Makes the server read its configuration files again, which takes it a moment.
    pub fn reload(&self) {
        self.pg_ctl(&["reload"]);
    }

    fn pg_ctl(&self, arguments: &[&str]) {
        let mut command = Command::new(self.bindir.join("pg_ctl"));
        command.arg("-D").arg(self.data()).args(arguments);
        run_as_server(&mut command);
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of the Unix socket; clients give it as the host.
    pub fn socket_dir(&self) -> &Path {
        &self.folder
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub fn password(&self) -> &str {
        &self.password
    }

    /// The login that may all. Its password is that of `SUPERUSER`.
    pub fn superuser(&self) -> &str {
        self.admin.superuser()
    }

    pub fn server_version_major(&self) -> u32 {
        self.server.major
    }

    /// Reads what the server has logged up to now.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.folder.join("log")).unwrap_or_default()).into_owned()
    }

    /// Connects as the admin login.
    pub fn client(&self, database: &str) -> Client {
        self.expect_client(Self::SUPERUSER, database)
    }

    /// Connects as the login that may all.
    pub fn superuser_client(&self, database: &str) -> Client {
        self.expect_client(self.superuser(), database)
    }

    fn expect_client(&self, user: &str, database: &str) -> Client {
        self.client_as(user, &self.password, database)
            .unwrap_or_else(|error| {
                panic!(
                    "cannot connect to \"{database}\": {error:?}\n{}",
                    self.log()
                )
            })
    }

    /// Logs in over TCP, for tests of who may.
    pub fn client_as(
        &self,
        user: &str,
        password: &str,
        database: &str,
    ) -> Result<Client, postgres::Error> {
        postgres::Config::new()
            .host(Self::HOST)
            .port(self.port)
            .user(user)
            .password(password)
            .dbname(database)
            .connect(NoTls)
    }

    /// Runs statements by psql and returns its unaligned output without the last line end: as the admin login, so
    /// that it owns what a test makes, or as the superuser where they are beyond it.
    #[track_caller]
    pub fn psql(&self, database: &str, sql: &str) -> String {
        let mut outcome = self.psql_as(Self::SUPERUSER, &self.password, database, sql);
        if self.admin != Admin::Superuser && outcome.status() != Some(0) {
            outcome = self.psql_as(self.superuser(), &self.password, database, sql);
        }
        outcome.expect_status(0);
        outcome.stdout.trim_end_matches('\n').to_owned()
    }

    /// Runs statements by psql as the login that may all.
    #[track_caller]
    pub fn superuser_psql(&self, database: &str, sql: &str) -> String {
        let outcome = self.psql_as(self.superuser(), &self.password, database, sql);
        outcome.expect_status(0);
        outcome.stdout.trim_end_matches('\n').to_owned()
    }

    /// Runs statements by psql, over TCP, as a user of it would; for tests of who may what.
    pub fn psql_as(&self, user: &str, password: &str, database: &str, sql: &str) -> Outcome {
        let login = Login {
            user,
            password,
            database,
        };
        login.psql(self.port, sql)
    }

    /// Runs a file with psql as the superuser, which goes on after an error unless the file says otherwise.
    pub fn psql_file(&self, database: &str, file: &Path) -> Outcome {
        let mut command = Command::new(servers::psql());
        command.env_clear().env("PATH", "/usr/bin:/bin");
        command.env("PGPASSWORD", self.password());
        command.env("PGSSLMODE", "disable");
        command.args(["-Xq", "-h", Self::HOST, "-p", &self.port().to_string()]);
        command.args(["-U", Self::SUPERUSER, "-d", database, "-f"]);
        command.arg(file);
        Outcome::of(command)
    }

    /// Makes a database and a prefix for role names that belong to the calling test alone.
    pub fn area(&self) -> Area<'_> {
        self.area_with("")
    }

    /// Makes the same, the database in another encoding than UTF8.
    pub fn area_in_encoding(&self, encoding: &str) -> Area<'_> {
        self.area_with(&format!(
            "ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        ))
    }

    fn area_with(&self, options: &str) -> Area<'_> {
        static COUNTER: AtomicU32 = AtomicU32::new(1);
        let name = area_name(COUNTER.fetch_add(1, Ordering::Relaxed));
        let sql = format!("CREATE DATABASE {name} {options}");
        self.client("postgres")
            .batch_execute(&sql)
            .expect("a superuser can create a database");
        Area {
            cluster: self,
            database: name,
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop_immediate();
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// What a session of psql starts with.
pub struct Login<'a> {
    pub user: &'a str,
    pub password: &'a str,
    pub database: &'a str,
}

impl Login<'_> {
    /// Runs statements on the port of a cluster, or of a proxy before it; unaligned output, stops at an error.
    pub fn psql(&self, port: u16, sql: &str) -> Outcome {
        let mut command = Command::new(servers::psql());
        command.env_clear().env("PATH", "/usr/bin:/bin");
        command
            .env("LC_ALL", "C.UTF-8")
            .env("PGPASSWORD", self.password);
        command
            .env("PGSSLMODE", "disable")
            .env("PGCONNECT_TIMEOUT", "10");
        command.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-h", Cluster::HOST]);
        command.args(["-p", &port.to_string(), "-U", self.user]);
        command.args(["-d", self.database, "-c", sql]);
        Outcome::of(command)
    }
}

/// Names an area: `t001`, …, `tzzz`. All are of one width, so that tables look the same whichever test comes first.
fn area_name(mut number: u32) -> String {
    let mut name = [b't'; 4];
    for sign in name[1..].iter_mut().rev() {
        *sign = b"0123456789abcdefghijklmnopqrstuvwxyz"[(number % 36) as usize];
        number /= 36;
    }
    assert_eq!(number, 0, "there are 46,656 areas");
    name.map(char::from).into_iter().collect()
}

/// A test's own database, and names for its roles. The roles go when the cluster is thrown away.
pub struct Area<'a> {
    cluster: &'a Cluster,
    database: String,
}

impl Area<'_> {
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Names a role that no other test uses: `t001_web`.
    pub fn role(&self, name: &str) -> String {
        format!("{}_{name}", self.database)
    }

    /// Connects to the database as the admin login.
    pub fn client(&self) -> Client {
        self.cluster.client(&self.database)
    }

    /// Runs statements in the database as the admin login, or as the superuser where they are beyond it.
    pub fn psql(&self, sql: &str) -> String {
        self.cluster.psql(&self.database, sql)
    }

    /// Connects to the database as the login that may all.
    pub fn superuser_client(&self) -> Client {
        self.cluster.superuser_client(&self.database)
    }

    /// Runs statements in the database as the login that may all.
    #[track_caller]
    pub fn superuser_psql(&self, sql: &str) -> String {
        self.cluster.superuser_psql(&self.database, sql)
    }

    /// Creates a role of the admin login's making, or of the superuser's where it may not, `attributes` as in CREATE ROLE, and returns its name.
    pub fn create_role(&self, name: &str, attributes: &str) -> String {
        let role = self.role(name);
        self.psql(&format!("CREATE ROLE {role} {attributes}"));
        role
    }
}

impl Drop for Area<'_> {
    /// One process makes a thousand databases of some megabytes each, in memory where possible.
    fn drop(&mut self) {
        let (user, password) = (self.cluster.superuser(), self.cluster.password());
        if let Ok(mut client) = self.cluster.client_as(user, password, "postgres") {
            let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.database);
            client.batch_execute(&drop).ok();
        }
    }
}

/// A data folder fresh from `initdb`, kept in the target folder for later runs.
struct Template {
    folder: PathBuf,
}

impl Template {
    fn of(server: &Server, admin: Admin) -> Self {
        let account = Account::of_servers().map_or("self", |account| &account.name);
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let superuser = admin.superuser();
        let name = format!("template-{}-{account}-{superuser}", server.version);
        let folder = kept.join(name);
        // Test binaries may run at the same time; the lock goes with the process that holds it.
        let lock =
            File::create(kept.join("template.lock")).expect("the target folder can be written");
        lock.lock().expect("the target folder knows locks");
        let template = Self { folder };
        if !template.folder.exists() {
            template.make(server, admin).unwrap_or_else(|error| {
                panic!("cannot make {}: {error}", template.folder.display())
            });
        }
        template
    }

    /// Makes it elsewhere and then renames it: what has the name is complete.
    fn make(&self, server: &Server, admin: Admin) -> io::Result<()> {
        let work = guard::folder().join("template");
        make_folder_of_server(&work);
        fs::write(work.join("password"), random_password()?)?;
        if let Some(account) = Account::of_servers() {
            account.own(&work);
        }
        initdb(server, admin, &work.join("data"), &work.join("password"));
        fs::set_permissions(work.join("password"), Permissions::from_mode(0o600))?;

        let part = self.folder.with_extension("part");
        fs::remove_dir_all(&part).or_else(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                Ok(())
            } else {
                Err(error)
            }
        })?;
        copy_folder(&work, &part)?;
        fs::rename(&part, &self.folder)?;
        fs::remove_dir_all(&work)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn password(&self) -> String {
        fs::read_to_string(self.folder.join("password")).expect("the template has a password")
    }
}

/// Returns the folder with the server's programs, copied to where the account of servers can reach them if need be.
fn programs_of(server: &Server) -> PathBuf {
    static COPIES: Mutex<BTreeMap<PathBuf, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut copies = lock(&COPIES);
    copies
        .entry(server.bindir.clone())
        .or_insert_with(|| reachable_programs(server))
        .clone()
}

fn reachable_programs(server: &Server) -> PathBuf {
    let Some(account) = Account::of_servers() else {
        return server.bindir.clone();
    };
    let mut probe = Command::new(server.bindir.join("postgres"));
    probe
        .arg("--version")
        .current_dir("/")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if account
        .run_as(&mut probe)
        .status()
        .is_ok_and(|status| status.success())
    {
        return server.bindir.clone();
    }
    let installation = server
        .bindir
        .parent()
        .expect("programs are in a bin folder");
    let copy = guard::folder().join(format!("postgres-{}", server.version));
    copy_folder(installation, &copy).expect("the server's programs can be copied");
    copy.join("bin")
}

/// Makes a data folder whose logins have the password in the file.
fn initdb(server: &Server, admin: Admin, data: &Path, password_file: &Path) {
    let mut initdb = Command::new(programs_of(server).join("initdb"));
    initdb.args([
        "-N",
        "-U",
        admin.superuser(),
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--wal-segsize=1",
    ]);
    initdb
        .arg("--pwfile")
        .arg(password_file)
        .arg("-D")
        .arg(data);
    run_as_server(&mut initdb);
    let password = fs::read_to_string(password_file).expect("the password was written");
    if let Some(statements) = admin.statements(&password) {
        let mut file = tempfile::tempfile().expect("a temporary file can be made");
        file.write_all(statements.as_bytes())
            .and_then(|()| file.rewind())
            .expect("a temporary file can be written");
        let mut postgres = Command::new(programs_of(server).join("postgres"));
        postgres.args(["--single", "-c", "exit_on_error=on", "-D"]);
        run_as_server(postgres.arg(data).arg("postgres").stdin(file));
    }
}

fn run_as_server(command: &mut Command) {
    command.current_dir("/").env("LC_ALL", "C");
    if let Some(account) = Account::of_servers() {
        account.run_as(command);
    }
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Open to others for the socket in it; the data folder inside is the server's alone.
fn make_folder_of_server(folder: &Path) {
    fs::create_dir(folder).expect("our own folder can be written");
    fs::set_permissions(folder, Permissions::from_mode(0o755))
        .expect("our own folder can be opened to others");
    if let Some(account) = Account::of_servers() {
        account.own(folder);
    }
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    let output = Command::new("cp").arg("-Rp").arg(from).arg(to).output()?;
    if output.status.success() {
        Ok(())
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr)))
    }
}

fn append(path: &Path, text: &str) {
    let mut file = File::options()
        .append(true)
        .open(path)
        .expect("initdb wrote its configuration files");
    file.write_all(text.as_bytes())
        .expect("a configuration file can be written");
}

pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener
        .local_addr()
        .expect("a bound socket has an address")
        .port()
}

fn listen_addresses() -> &'static str {
    if TcpListener::bind("[::1]:0").is_ok() {
        "127.0.0.1,::1"
    } else {
        "127.0.0.1"
    }
}

fn random_password() -> io::Result<String> {
    let mut bytes = [0; 16];
    io::Read::read_exact(&mut File::open("/dev/urandom")?, &mut bytes)?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

/// A test that failed elsewhere does not fail this one.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
