//! What each test starts from: a database of its own, registered as `dev`, and a sandbox with the admin credential.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::sandbox::Run;
use crate::harness::{Area, Cluster, Outcome, Sandbox};

/// Everything that pgrole may change, as far as roles of this database's name and the database itself go.
const SNAPSHOT: &str = "
    SELECT 'role', r.*::text, shobj_description(oid, 'pg_authid') FROM pg_authid r
        WHERE starts_with(rolname, current_database()) UNION ALL
    SELECT 'member', roleid::regrole || ' ' || member::regrole || ' ' || m::text, NULL FROM pg_auth_members m
        WHERE starts_with(member::regrole::text, current_database()) UNION ALL
    SELECT 'setting', s::text, NULL FROM pg_db_role_setting s
        JOIN pg_database d ON d.oid = setdatabase AND datname = current_database() UNION ALL
    SELECT 'default', a::text, NULL FROM pg_default_acl a UNION ALL
    SELECT 'database', d::text, NULL FROM pg_database d WHERE datname = current_database() UNION ALL
    SELECT 'schema', n::text, NULL FROM pg_namespace n WHERE nspname !~ '^pg_' UNION ALL
    SELECT 'relation', relname || ' ' || coalesce(relacl::text, ''), NULL FROM pg_class
        WHERE relnamespace >= 16384 OR relnamespace = 'public'::regnamespace UNION ALL
    SELECT 'function', proname || ' ' || coalesce(proacl::text, ''), NULL FROM pg_proc WHERE oid >= 16384
    ORDER BY 1, 2, 3";

/// A role and its password.
pub struct Login {
    pub name: String,
    pub password: String,
}

pub struct Scene<'a> {
    pub cluster: &'a Cluster,
    pub area: Area<'a>,
    pub sandbox: Sandbox,
}

impl Scene<'static> {
    /// On the shared cluster of the run's version.
    pub fn new() -> Self {
        Self::on(Cluster::shared())
    }
}

impl<'a> Scene<'a> {
    pub fn on(cluster: &'a Cluster) -> Self {
        Self::in_area(cluster, cluster.area())
    }

    /// In a database of another encoding than UTF8.
    pub fn in_encoding(cluster: &'a Cluster, encoding: &str) -> Self {
        Self::in_area(cluster, cluster.area_in_encoding(encoding))
    }

    fn in_area(cluster: &'a Cluster, area: Area<'a>) -> Self {
        let mut sandbox = Sandbox::new().with_admin(cluster);
        sandbox.register(cluster, "dev", area.database());
        sandbox.filter(area.database(), "[DB]");
        Self {
            cluster,
            area,
            sandbox,
        }
    }

    pub fn database(&self) -> &str {
        self.area.database()
    }

    pub fn role(&self, name: &str) -> String {
        self.area.role(name)
    }

    pub fn psql(&self, sql: &str) -> String {
        self.area.psql(sql)
    }

    /// Prepares `pgrole NOUN VERB -e dev -d DATABASE ARGUMENTS`.
    pub fn pgrole<'s>(&'s self, command: &str, arguments: &[&str]) -> Run<'s> {
        let run = self.sandbox.pgrole(command.split(' '));
        run.args(["-e", "dev", "-d", self.database()])
            .args(arguments)
    }

    /// Prepares `pgrole user VERB -e dev -d DATABASE ARGUMENTS`.
    pub fn user<'s>(&'s self, verb: &str, arguments: &[&str]) -> Run<'s> {
        self.pgrole(&format!("user {verb}"), arguments)
    }

    /// Creates the login `DATABASE_NAME` and returns it with the password that was printed.
    #[track_caller]
    pub fn create(&self, profile: &str, name: &str) -> Login {
        created(&self.user(profile, &["-u", &self.role(name)]).run())
    }

    /// Logs in, and runs statements; what is asserted is whether they may.
    pub fn psql_as(&self, login: &Login, sql: &str) -> Outcome {
        self.cluster
            .psql_as(&login.name, &login.password, self.database(), sql)
    }

    #[track_caller]
    pub fn may(&self, login: &Login, sql: &str) {
        self.psql_as(login, sql).expect_status(0);
    }

    #[track_caller]
    pub fn may_not(&self, login: &Login, sql: &str) {
        self.psql_as(login, sql)
            .expect_status(1)
            .expect_in_stderr("permission denied");
    }

    #[track_caller]
    pub fn may_log_in(&self, login: &Login) {
        let outcome = self.psql_as(login, "SELECT session_user");
        outcome
            .expect_status(0)
            .expect_stdout(&format!("{}\n", login.name));
    }

    /// The comment that the access group of a level carries.
    pub fn mark(&self, level: &str) -> String {
        self.psql(&format!(
            "SELECT format('pgrole: access={level} oid=%s cluster=%s database=%s', oid, system_identifier, datname)
             FROM pg_database, pg_control_system() WHERE datname = current_database()"
        ))
    }

    pub fn snapshot(&self) -> String {
        self.psql(SNAPSHOT)
    }

    /// Makes the server refuse writes by default, from new sessions on.
    pub fn make_read_only(&self) {
        self.psql("ALTER SYSTEM SET default_transaction_read_only = on");
        self.cluster.reload();
        wait_until("new sessions are read-only", || {
            self.psql("SHOW default_transaction_read_only") == "on"
        });
    }
}

/// Reads the role that was created, and asserts that it was.
#[track_caller]
pub fn created(outcome: &Outcome) -> Login {
    outcome.expect_status(0);
    let row = outcome.json();
    assert_eq!(row["status"], "user created", "{outcome}");
    login(outcome)
}

/// Reads role and password of a row.
#[track_caller]
pub fn login(outcome: &Outcome) -> Login {
    let row = outcome.json();
    let text = |key: &str| {
        let value = row[key].as_str();
        value
            .unwrap_or_else(|| panic!("{outcome}no text under {key:?}"))
            .to_owned()
    };
    Login {
        name: text("username"),
        password: text("password"),
    }
}

/// Reads the one error on standard error, and asserts the exit status.
#[track_caller]
pub fn error(outcome: &Outcome, status: i32) -> Value {
    outcome.expect_status(status);
    outcome.json_error()["error"].clone()
}

/// All that an error says: message, causes and hint.
pub fn whole_text(error: &Value) -> String {
    let mut lines = vec![error["message"].as_str().unwrap_or_default().to_owned()];
    let causes = error["causes"].as_array().into_iter().flatten();
    lines.extend(causes.filter_map(Value::as_str).map(str::to_owned));
    lines.push(error["hint"].as_str().unwrap_or_default().to_owned());
    lines.join("\n")
}

#[track_caller]
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until pgrole waits for a lock in the scene's database.
#[track_caller]
pub fn wait_until_pgrole_waits(scene: &Scene) {
    wait_until("pgrole waits for the lock", || {
        scene.psql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
             AND application_name LIKE 'pgrole%' AND wait_event_type = 'Lock'",
        ) == "1"
    });
}
