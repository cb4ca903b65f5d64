//! Passwords on their way: every delivery, what is cut off and recovered, and the rotation of many.

mod acting;
mod admin_login;
mod admin_login_names;
mod admin_login_recovery;
mod arranged;
mod asking;
mod bytes;
pub mod clocks;
mod cluster_names;
mod clusters;
mod cut_off;
mod delivery;
mod ended_changes;
mod failover;
mod files;
mod fleet;
mod interrupted;
mod iterations;
mod languages;
mod leaks;
mod loud;
mod mail;
mod mounts;
mod narrow;
mod order;
mod outputs;
mod overtaken;
mod policy;
mod records;
mod recovery;
mod remembered;
mod rotate;
mod sealing_key;
mod sessions;
mod sole_holder;
mod status;
mod stopped;
mod terms;
mod transaction;
mod unattended;

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::sandbox::Run;
use crate::harness::{Area, Cluster, Outcome, Sandbox, sqlite};

/// Triggers that refuse to take a change that has come so far.
fn broken_at(state: &str) -> String {
    let trigger = |event: &str| {
        format!(
            "CREATE TRIGGER broken_{event} BEFORE {event} ON password_change WHEN NEW.state = '{state}'
             BEGIN SELECT RAISE(ABORT, 'broken for a test'); END;"
        )
    };
    ["INSERT", "UPDATE"].map(trigger).concat()
}

const MEND_JOURNAL: &str = "DROP TRIGGER broken_INSERT; DROP TRIGGER broken_UPDATE";

/// A database of its own, registered as `dev`, and a folder for deliveries.
struct Scene<'a> {
    cluster: &'a Cluster,
    area: Area<'a>,
    sandbox: Sandbox,
}

impl Scene<'static> {
    fn new() -> Self {
        Self::on_port(Cluster::shared().port())
    }

    /// Behind a proxy, where the port is that of one.
    fn on_port(port: u16) -> Self {
        Self::on(Cluster::shared(), port)
    }
}

impl<'a> Scene<'a> {
    fn on(cluster: &'a Cluster, port: u16) -> Self {
        let area = cluster.area();
        let mut sandbox = Sandbox::new().with_admin(cluster);
        sandbox.register_on_port(port, "dev", area.database());
        fs::create_dir(sandbox.path().join("out")).expect("the sandbox can be written");
        Self {
            cluster,
            area,
            sandbox,
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.sandbox.path().join("out").join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn user(&self, verb: &str, role: &str, arguments: &[&str]) -> Run<'_> {
        let target = ["-e", "dev", "-d", self.area.database(), "-u", role];
        self.sandbox
            .pgrole(["user", verb])
            .args(target)
            .args(arguments)
    }

    /// Creates a login whose password goes to the file of its name.
    fn create(&self, name: &str) -> String {
        let role = self.area.role(name);
        let deliver = format!("file:{}", self.file("{username}").display());
        let created = self.user("readonly", &role, &["--deliver", &deliver]).run();
        created.expect_status(0);
        role
    }

    /// Makes the admin credential a login that may not read which verifiers the server stores.
    fn with_plain_admin(mut self) -> Self {
        let admin = self
            .area
            .create_role("admin", "LOGIN CREATEROLE PASSWORD 'admin'");
        self.sandbox.env("PG_ADMIN_USER", &admin);
        self.sandbox.env("PG_ADMIN_PASS", "admin");
        self.sandbox
            .write_config("[profiles.readonly]\naccess = \"none\"\n");
        self
    }

    /// Resets a role's password, to the file of its name.
    fn reset_to_file(&self, role: &str) -> Run<'_> {
        self.to_file("reset", role)
    }

    /// Prepares `pgrole user VERB` with a delivery to the file of the role's name.
    fn to_file(&self, verb: &str, role: &str) -> Run<'_> {
        let deliver = format!("file:{}", self.file("{username}").display());
        self.user(verb, role, &["--deliver", &deliver])
    }

    /// Lets the registry file refuse to note that a change has come so far, until the trigger is dropped.
    fn break_journal_at(&self, state: &str) {
        self.query(&broken_at(state));
    }

    fn mend_journal(&self) {
        self.query(MEND_JOURNAL);
    }

    /// The id of the newest change.
    fn newest_id(&self) -> String {
        self.query("SELECT operation_id FROM password_change ORDER BY created_at DESC LIMIT 1")
    }

    /// How many passwords are sealed.
    fn sealed(&self) -> String {
        self.query("SELECT count(*) FROM password_change WHERE sealed IS NOT NULL")
    }

    #[track_caller]
    fn delivered_password_is_good(&self, role: &str) {
        let password = self.delivered_password(role);
        assert!(self.logs_in(role, &password), "{}", self.states());
        assert_eq!(self.sealed(), "0");
    }

    fn delivered_password(&self, role: &str) -> String {
        let object: serde_json::Value =
            serde_json::from_str(&self.read(role)).expect("the file holds the object");
        object["password"].as_str().expect("a password").to_owned()
    }

    fn logs_in(&self, role: &str, password: &str) -> bool {
        let database = self.area.database();
        self.cluster.client_as(role, password, database).is_ok()
    }

    fn query(&self, sql: &str) -> String {
        sqlite::query(&self.sandbox.registry(), sql)
    }

    fn states(&self) -> String {
        self.query("SELECT state FROM password_change ORDER BY created_at")
    }

    fn recover(&self) -> Outcome {
        self.sandbox.pgrole(["recover", "run"]).run()
    }
}

/// Another session that holds a role's row: a change waits for it, sealed and not yet made.
struct Blocker<'a> {
    scene: &'a Scene<'a>,
    client: postgres::Client,
}

impl<'a> Blocker<'a> {
    fn of(scene: &'a Scene<'a>, role: &str) -> Self {
        let mut client = scene.area.client();
        let lock = format!("BEGIN; ALTER ROLE {role} CONNECTION LIMIT 5");
        client.batch_execute(&lock).expect("a superuser may");
        Self { scene, client }
    }

    fn wait_for_pgrole(&self) {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'
            AND datname = current_database() AND application_name LIKE 'pgrole:%'";
        wait_until(|| self.scene.area.psql(waiting) == "1");
    }

    fn let_go(&mut self) {
        self.client.batch_execute("ROLLBACK").expect("is open");
    }
}

#[track_caller]
fn wait_until(mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < deadline, "not in time");
        thread::sleep(Duration::from_millis(5));
    }
}
