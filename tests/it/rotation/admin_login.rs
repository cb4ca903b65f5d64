//! `credential rotate`: the admin login itself gets a new password, which goes where the old one is kept.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::harness::sandbox::Run;
use crate::harness::{Area, Cluster, Keyring, Outcome, Sandbox, results, servers, sqlite};

pub const OLD: &str = "first-password";

/// An admin login of its own, for the target `dev` of a database of its own.
pub struct Own<'a> {
    pub cluster: &'a Cluster,
    pub area: Area<'a>,
    pub sandbox: Sandbox,
    pub role: String,
    keyring: Option<Keyring>,
}

impl<'a> Own<'a> {
    /// Kept nowhere yet.
    pub fn new(cluster: &'a Cluster, port: u16, attributes: &str) -> Self {
        let area = cluster.area();
        let role = area.create_role("dba", &format!("LOGIN {attributes} PASSWORD '{OLD}'"));
        let mut sandbox = Sandbox::new();
        sandbox.register_on_port(port, "dev", area.database());
        Self {
            cluster,
            area,
            sandbox,
            role,
            keyring: None,
        }
    }

    /// In the keyring, for the environment.
    pub fn in_keyring(cluster: &'a Cluster, port: u16, attributes: &str) -> Option<Self> {
        let mut own = Self::new(cluster, port, attributes);
        let keyring = Keyring::unlocked(&own.sandbox)?;
        own.sandbox
            .env("DBUS_SESSION_BUS_ADDRESS", keyring.address());
        own.keyring = Some(keyring);
        own.keep("-e dev");
        Some(own)
    }

    /// In a .pgpass of these lines, `{port}`, `{role}` and `{old}` filled in.
    pub fn in_pgpass(lines: &str) -> Self {
        let cluster = Cluster::shared();
        let mut own = Self::new(cluster, cluster.port(), "SUPERUSER");
        own.sandbox.env("PG_ADMIN_USER", &own.role);
        let lines = own.filled(lines, OLD);
        write_private(&own.pgpass(), &lines);
        own
    }

    fn filled(&self, lines: &str, password: &str) -> String {
        lines
            .replace("{port}", &self.cluster.port().to_string())
            .replace("{role}", &self.role)
            .replace("{password}", password)
    }

    pub fn pgpass(&self) -> PathBuf {
        self.sandbox.home().join(".pgpass")
    }

    #[track_caller]
    fn keep(&self, account: &str) {
        let set = format!("credential set {account} -U {} --password-stdin", self.role);
        let set = self.sandbox.pgrole(set.split(' ')).stdin(OLD);
        set.run().expect_status(0);
    }

    pub fn pgrole(&self, words: &str) -> Run<'_> {
        self.sandbox.pgrole(words.split(' '))
    }

    #[track_caller]
    pub fn run(&self, words: &str) -> Outcome {
        self.pgrole(words).run()
    }

    pub fn rotate(&self) -> Run<'_> {
        self.pgrole("credential rotate -e dev")
    }

    /// The login works without help from the journal, and the old password does not.
    #[track_caller]
    pub fn is_rotated(&self) {
        let check = self.run("credential check -e dev");
        check.expect_status(0).expect_stderr("");
        assert_eq!(check.json()[0]["user"], *self.role);
        assert!(!self.takes(OLD));
    }

    #[track_caller]
    pub fn is_as_before(&self) {
        let check = self.run("credential check -e dev");
        check.expect_status(0).expect_stderr("");
        assert!(self.takes(OLD));
    }

    pub fn takes(&self, password: &str) -> bool {
        let database = self.area.database();
        self.cluster
            .client_as(&self.role, password, database)
            .is_ok()
    }

    pub fn query(&self, sql: &str) -> String {
        sqlite::query(&self.sandbox.registry(), sql)
    }
}

pub fn write_private(path: &std::path::Path, text: &str) {
    fs::write(path, text).expect("the sandbox can be written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("the file is ours");
}

#[test]
fn a_login_of_the_keyring_is_rotated_there() {
    let cluster = Cluster::shared();
    for attributes in ["SUPERUSER", "CREATEROLE"] {
        let Some(own) = Own::in_keyring(cluster, cluster.port(), attributes) else {
            return;
        };
        let row = own.rotate().run().expect_status(0).json()[0].clone();
        let name = format!("dev/{}", own.area.database());
        assert_eq!(row["username"], *own.role);
        assert_eq!(row["status"], "password reset");
        assert_eq!(row["password"], Value::Null);
        assert_eq!(row["delivered_to"], "credential:keyring:dev");
        assert_eq!(row["targets"], serde_json::json!([name]));
        assert_eq!(row["warnings"], Value::Null, "{row}");
        own.is_rotated();
        let outcome = "SELECT status FROM audit_log WHERE operation = 'credential rotate' AND stage = 'outcome'";
        assert_eq!(own.query(outcome), "password reset");
        // It is none of the roles that `pgrole rotate` looks after.
        assert_eq!(own.query("SELECT count(*) FROM placed_role"), "0");
        // And once more, from what the first one left.
        own.rotate().run().expect_status(0);
        own.is_rotated();
        let Some(stored) = own.look_up("dev") else {
            return;
        };
        assert!(own.takes(stored["password"].as_str().expect("a password")));
    }
}

impl Own<'_> {
    /// What another program finds in the keyring.
    fn look_up(&self, account: &str) -> Option<Value> {
        if !std::path::Path::new("/usr/bin/secret-tool").exists() {
            servers::skip("no secret-tool here: scripts/test installs it");
            return None;
        }
        let mut tool = Command::new("secret-tool");
        tool.args(["lookup", "service", "pgrole", "username", account]);
        let keyring = self.keyring.as_ref().expect("there is one");
        tool.env("DBUS_SESSION_BUS_ADDRESS", keyring.address())
            .env("HOME", self.sandbox.home());
        let found = self.sandbox.outcome_of(tool);
        Some(found.expect_status(0).json())
    }
}

#[test]
fn a_dry_run_shows_what_would_be_done_and_does_nothing() {
    let cluster = Cluster::shared();
    let Some(own) = Own::in_keyring(cluster, cluster.port(), "CREATEROLE") else {
        return;
    };
    let row = own.rotate().args(["-n"]).run().expect_status(0).json()[0].clone();
    assert_eq!(row["status"], "unchanged");
    assert_eq!(row["delivered_to"], "credential:keyring:dev");
    let statement = row["statements"][0].as_str().expect("a statement");
    assert!(statement.starts_with("ALTER ROLE"), "{statement}");
    own.is_as_before();
    assert_eq!(own.query("SELECT count(*) FROM password_change"), "0");
}

#[test]
fn targets_of_one_cluster_share_the_entry_and_go_on_to() {
    let cluster = Cluster::shared();
    let Some(mut own) = Own::in_keyring(cluster, cluster.port(), "CREATEROLE") else {
        return;
    };
    own.sandbox.register(cluster, "dev", "postgres");
    // The same server by another name, in another environment, kept by itself.
    let port = cluster.port().to_string();
    let add = ["registry", "add", "-e", "qa", "-d", "postgres"];
    let add = own
        .sandbox
        .pgrole(add)
        .args(["-H", "localhost", "-p", &port]);
    add.run().expect_status(0);
    own.keep("-e qa -d postgres");
    let only = ["-d", own.area.database()];
    let row = own.rotate().args(only).run().expect_status(0).json()[0].clone();
    assert_eq!(
        row["delivered_to"],
        "credential:keyring:dev keyring:qa/postgres"
    );
    assert_eq!(row["targets"].as_array().expect("names").len(), 3);
    own.is_rotated();
    let check = own.run("credential check -e qa");
    check.expect_status(0).expect_stderr("");
}

#[test]
fn an_entry_that_serves_another_cluster_stays_and_gets_one_beside_it() {
    let cluster = Cluster::shared();
    let Some(mut own) = Own::in_keyring(cluster, cluster.port(), "SUPERUSER") else {
        return;
    };
    // Its files are a copy, so that it has the same system_identifier.
    let other = Cluster::private(|c| c);
    let create = format!("CREATE ROLE {} SUPERUSER LOGIN PASSWORD '{OLD}'", own.role);
    other.psql("postgres", &create);
    own.sandbox.register(&other, "dev", "postgres");
    let only = ["-d", own.area.database()];
    let row = own.rotate().args(only).run().expect_status(0).json()[0].clone();
    let exact = format!("dev/{}", own.area.database());
    assert_eq!(row["delivered_to"], format!("credential:keyring:{exact}"));
    own.is_rotated();
    assert!(other.client_as(&own.role, OLD, "postgres").is_ok());

    // The rest of the environment: now the entry is the other cluster's alone.
    let rows = own.rotate().run();
    rows.expect_status(0);
    let delivered = |row: &Value| row["delivered_to"].as_str().expect("a place").to_owned();
    let delivered: Vec<_> = rows.json_lines().iter().map(delivered).collect();
    assert_eq!(delivered.len(), 2, "{rows}");
    assert!(delivered.contains(&"credential:keyring:dev".to_owned()));
    own.is_rotated();
    assert!(other.client_as(&own.role, OLD, "postgres").is_err());
}

#[test]
fn where_every_cluster_gets_its_own_entry_the_shared_one_is_named() {
    let cluster = Cluster::shared();
    let Some(mut own) = Own::in_keyring(cluster, cluster.port(), "SUPERUSER") else {
        return;
    };
    let other = Cluster::private(|c| c);
    let create = format!("CREATE ROLE {} SUPERUSER LOGIN PASSWORD '{OLD}'", own.role);
    other.psql("postgres", &create);
    own.sandbox.register(&other, "dev", "postgres");
    let rotate = own.rotate().args(["--format", "table"]).run();
    rotate.expect_status(0).expect_in_stderr(
        "no target uses the keyring's entry dev any more; to remove it: pgrole credential delete -e dev\n",
    );
    own.run("credential delete -e dev").expect_status(0);
    own.is_rotated();
}

#[test]
fn a_target_on_a_standby_has_its_primarys_logins() {
    let primary = Cluster::private(|c| c);
    let standby = Cluster::standby_of(&primary);
    let Some(mut own) = Own::in_keyring(&primary, primary.port(), "SUPERUSER") else {
        return;
    };
    wait_for(&standby, &own.role);
    own.sandbox.register(&standby, "qa", "postgres");
    own.keep("-e qa");
    let row = own.rotate().run().expect_status(0).json()[0].clone();
    assert_eq!(row["delivered_to"], "credential:keyring:dev keyring:qa");
    own.is_rotated();
    // Where the standby alone is named, nothing is changed behind its back on another server.
    let refused = own.run("credential rotate -e qa");
    refused.expect_status(6).expect_in_stderr("is a standby");
}

/// Waits until the standby has the role.
fn wait_for(standby: &Cluster, role: &str) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while standby.client_as(role, OLD, "postgres").is_err() {
        assert!(std::time::Instant::now() < deadline, "the standby lags");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

#[test]
fn the_lines_of_a_pgpass_file_are_replaced_and_those_of_others_stay() {
    let lines = "# mine\n127.0.0.1:{port}:*:other:x\n127.0.0.1:{port}:postgres:{role}:{password}\n\
                 127.0.0.1:{port}:*:{role}:{password}\n*:*:*:*:last\n";
    let own = Own::in_pgpass(lines);
    // A link to the file stays one.
    let file = own.sandbox.home().join("kept-elsewhere");
    fs::rename(own.pgpass(), &file).expect("both are in the home");
    std::os::unix::fs::symlink(&file, own.pgpass()).expect("the home can be written");
    own.rotate().run().expect_status(0);
    own.is_rotated();
    let after = fs::read_to_string(&file).expect("the file is there");
    let new = after.lines().nth(3).expect("a line").rsplit(':').next();
    assert_eq!(after, own.filled(lines, new.expect("a password")));
    let mode = fs::metadata(&file).expect("is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(own.pgpass().is_symlink());
    assert_eq!(own.query("SELECT state FROM password_change"), "CLOSED");
}

#[test]
fn a_pgpass_line_of_stars_stays_and_gets_one_in_front_of_it() {
    let own = Own::in_pgpass("a:1:b:c:d\n*:*:*:{role}:{password}\n");
    for _ in 0..2 {
        own.rotate().run().expect_status(0);
        own.is_rotated();
        let after = fs::read_to_string(own.pgpass()).expect("the file is there");
        let new = after.lines().nth(1).expect("a line").rsplit(':').next();
        let inserted = own.filled("127.0.0.1:{port}:*:{role}:", "") + new.expect("a password");
        let stars = own.filled("*:*:*:{role}:{password}", OLD);
        assert_eq!(after, format!("a:1:b:c:d\n{inserted}\n{stars}\n"));
    }
}

/// A command that gives a login from a file, and one that stores it there.
const VAULT: &str = "[credential]\ncommand = [\"cat\", \"vault-{env}\"]\n\
    store_command = [\"sh\", \"-c\", \"cat > vault-$1\", \"sh\", \"{env}\"]\n";

fn in_vault(attributes: &str) -> Own<'static> {
    let cluster = Cluster::shared();
    let own = Own::new(cluster, cluster.port(), attributes);
    let login = format!("{{\"user\":\"{}\",\"password\":\"{OLD}\"}}", own.role);
    write_private(&own.sandbox.path().join("vault-dev"), &login);
    own
}

#[test]
fn a_store_command_takes_what_the_command_gives_back() {
    for attributes in ["SUPERUSER", "CREATEROLE"] {
        let own = in_vault(attributes);
        own.sandbox.write_config(VAULT);
        let row = own.rotate().run().expect_status(0).json()[0].clone();
        let place = format!("credential:command:dev/{}", own.area.database());
        assert_eq!(row["delivered_to"], place);
        own.is_rotated();
        let stored = fs::read_to_string(own.sandbox.path().join("vault-dev")).expect("is there");
        let stored: Value = serde_json::from_str(&stored).expect("an object");
        assert_eq!(results::check_as("delivery", &stored), Ok(()));
        assert_eq!(stored["user"], *own.role);
        assert_eq!(stored["env"], "dev");
        assert_eq!(own.query("SELECT state FROM password_change"), "CLOSED");
    }
}

#[test]
fn a_store_command_that_does_not_store_is_status_8_and_nothing_is_lost() {
    let own = in_vault("CREATEROLE");
    own.sandbox
        .write_config(&VAULT.replace("cat > vault-$1", "cat >/dev/null"));
    let rotate = own.rotate().run();
    let error = &rotate.expect_status(8).json_error()["error"];
    let said = error["causes"].to_string();
    assert!(said.contains("does not print what"), "{rotate}");
    assert_eq!(
        own.query("SELECT state FROM password_change"),
        "UNDELIVERED"
    );
    // Any command logs in all the same, and says what is to be done.
    let find = own.run(&format!("user find -e dev -u {}", own.role));
    find.expect_status(0).expect_in_stderr("pgrole recover run");
    let again = own.rotate().run();
    again
        .expect_status(8)
        .expect_in_stderr("is not yet delivered");
    own.sandbox.write_config(VAULT);
    own.run("recover run").expect_status(0);
    own.is_rotated();
}

#[test]
fn a_command_that_does_not_tell_clusters_apart_is_refused() {
    let mut own = in_vault("CREATEROLE");
    own.sandbox.write_config(VAULT);
    let other = Cluster::private(|c| c);
    let create = format!("CREATE ROLE {} LOGIN PASSWORD '{OLD}'", own.role);
    other.psql("postgres", &create);
    own.sandbox.register(&other, "dev", "postgres");
    let only = ["-d", own.area.database()];
    let refused = own.rotate().args(only).run();
    refused
        .expect_status(6)
        .expect_in_stderr("with {env} and {database} in their arguments");
    own.is_as_before();
}

#[test]
fn where_pgrole_cannot_write_it_asks_where_to_and_touches_nothing() {
    let cluster = Cluster::shared();
    let mut own = Own::new(cluster, cluster.port(), "CREATEROLE");
    own.sandbox.env("PG_ADMIN_USER", &own.role);
    own.sandbox.env("PG_ADMIN_PASS", OLD);
    let refused = own.rotate().args(["--format", "table"]).run();
    refused.expect_status(6).expect_stderr(&format!(
        "error: cannot rotate the admin credential of dev/{}: it comes from environment (PG_ADMIN_USER, PG_ADMIN_PASS), which pgrole cannot write to\n\
         hint: choose where the new password goes: --deliver file:PATH, exec:COMMAND or stdout\n",
        own.area.database()
    ));
    let begun = "SELECT count(*) FROM audit_log WHERE operation LIKE 'credential rotate%'";
    assert_eq!(own.query(begun), "0");
    own.is_as_before();

    let file = own.sandbox.path().join("dba");
    let deliver = format!("file:{}", file.display());
    let rotate = own.rotate().args(["--deliver", &deliver]).run();
    assert_eq!(rotate.expect_status(0).json()[0]["delivered_to"], deliver);
    let object = fs::read_to_string(file).expect("it was delivered");
    let object: Value = serde_json::from_str(&object).expect("an object");
    let password = object["password"].as_str().expect("a password");
    assert!(own.takes(password) && !own.takes(OLD));
    own.sandbox.env("PG_ADMIN_PASS", password);

    let rotate = own.rotate().args(["--deliver", "stdout"]).run();
    let row = rotate.expect_status(0).json()[0].clone();
    own.sandbox
        .env("PG_ADMIN_PASS", row["password"].as_str().expect("printed"));
    own.run("credential check").expect_status(0);
}

#[test]
fn systemds_credentials_and_a_command_alone_cannot_be_written() {
    let own = in_vault("CREATEROLE");
    own.sandbox
        .write_config("[credential]\ncommand = [\"cat\", \"vault-dev\"]\n");
    own.rotate()
        .run()
        .expect_status(6)
        .expect_in_stderr("set credential.store_command in the config file");
    let folder = own.sandbox.path().join("credentials");
    fs::create_dir(&folder).expect("the sandbox can be written");
    let login = fs::read_to_string(own.sandbox.path().join("vault-dev")).expect("is there");
    write_private(&folder.join("pgrole.dev"), &login);
    let rotate = own.rotate().env("CREDENTIALS_DIRECTORY", &folder).run();
    rotate
        .expect_status(6)
        .expect_in_stderr("it comes from systemd (pgrole.dev), which pgrole cannot write to");
    own.is_as_before();
}

#[test]
fn a_delivery_is_refused_where_the_login_goes_back_by_itself() {
    let own = Own::in_pgpass("*:*:*:*:{password}\n");
    let rotate = own.rotate().args(["--deliver", "stdout"]).run();
    rotate.expect_status(6).expect_in_stderr("omit --deliver");
    // Nobody gives the journal's own word for it.
    let rotate = own.rotate().args(["--deliver", "credential:keyring:dev"]);
    rotate.run().expect_status(2);
    own.is_as_before();
}

#[test]
fn a_protected_environment_is_asked_about_even_where_another_is_named() {
    let cluster = Cluster::shared();
    let Some(mut own) = Own::in_keyring(cluster, cluster.port(), "CREATEROLE") else {
        return;
    };
    own.sandbox.register(cluster, "prod", "postgres");
    own.keep("-e prod");
    let refused = own.rotate().run();
    refused
        .expect_status(6)
        .expect_in_stderr("environment \\\"prod\\\" is protected");
    own.is_as_before();
    own.rotate().args(["--yes"]).run().expect_status(0);
    own.is_rotated();
    own.run("credential check -e prod").expect_status(0);
}

#[test]
fn a_reset_of_the_admin_login_points_here() {
    let cluster = Cluster::shared();
    let Some(own) = Own::in_keyring(cluster, cluster.port(), "CREATEROLE") else {
        return;
    };
    let reset = ["user", "reset", "-e", "dev", "-u", &own.role];
    let database = own.area.database();
    let reset = own.sandbox.pgrole(reset).args(["-d", database]).run();
    let error = &reset.expect_status(6).json_error()["error"];
    assert_eq!(
        error["hint"],
        format!("to rotate it: pgrole credential rotate -e dev -d {database}")
    );
}

#[test]
fn two_at_once_do_not_change_one_login_twice() {
    let own = in_vault("CREATEROLE");
    let gate = own.sandbox.path().join("gate");
    let slow = VAULT.replace("cat > vault-$1", "touch gate; cat > vault-$1; sleep 1");
    own.sandbox.write_config(&slow);
    let first = own.rotate().spawn();
    super::wait_until(|| gate.exists());
    own.rotate().run().expect_status(75);
    first.wait().expect_status(0);
    own.is_rotated();
}
