//! Targets that name a service of `pg_service.conf`: found as libpq finds it, at each use.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::words;
use crate::harness::sandbox::Run;
use crate::harness::{ClosedPort, Cluster, Outcome, Sandbox, servers, sqlite};

/// The target dev/postgres by the service `shop`, with the superuser as the admin login.
struct Shop {
    cluster: &'static Cluster,
    sandbox: Sandbox,
}

/// A file with that service, and another one.
fn at(port: u16, more: &str) -> String {
    format!("[other]\nhost=nowhere.invalid\n[shop]\nhost=127.0.0.1\nport={port}\n{more}")
}

impl Shop {
    fn new() -> Self {
        let cluster = Cluster::shared();
        let sandbox = Sandbox::new().with_admin(cluster);
        let add = words("registry add -e dev -d postgres --service shop");
        sandbox.pgrole(add).run().expect_status(0);
        Self { cluster, sandbox }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.sandbox.path().join(name);
        let folder = path.parent().expect("it is in a folder");
        fs::create_dir_all(folder).expect("the sandbox can be written");
        fs::write(&path, text).expect("the sandbox can be written");
        path
    }

    fn own_file(&self, text: &str) -> PathBuf {
        self.file("home/.pg_service.conf", text)
    }

    fn check(&self) -> Run<'_> {
        self.sandbox.pgrole(words("credential check"))
    }

    fn run(&self, text: &str) -> Outcome {
        self.sandbox.pgrole(words(text)).run()
    }
}

#[test]
fn a_service_is_looked_up_at_each_use() {
    let shop = Shop::new();
    let refused = shop.check().args(["--format", "table"]).run();
    refused
        .expect_status(2)
        .expect_in_stderr("unknown service \"shop\"\nhint: there is no pg_service.conf");
    shop.own_file(&at(shop.cluster.port(), ""));
    shop.check().run().expect_status(0);
    let closed = ClosedPort::new();
    shop.own_file(&at(closed.port, ""));
    let refused = shop.check().run();
    refused
        .expect_status(5)
        .expect_in_stderr(&format!("127.0.0.1:{}", closed.port));
}

#[test]
fn what_others_wrote_in_another_encoding_stops_nothing() {
    let shop = Shop::new();
    let file = shop.own_file("");
    let mut text = b"# caf\xe9\n[caf\xe9]\nhost=\xe9\n".to_vec();
    text.extend(at(shop.cluster.port(), "").bytes());
    fs::write(file, text).expect("the home can be written");
    shop.check().run().expect_status(0);
}

#[test]
fn the_files_are_those_of_libpq_in_its_order() {
    let shop = Shop::new();
    let right = at(shop.cluster.port(), "");
    let closed = ClosedPort::new();
    let wrong = at(closed.port, "");
    let given = shop.file("given", &right);
    let system = shop.file("etc/pg_service.conf", &right);
    let folder = system.parent().expect("a folder").to_owned();
    let psql = |variables: &[(&str, &PathBuf)]| {
        let mut psql = Command::new(servers::psql());
        psql.env_clear().env("PATH", "/usr/bin:/bin");
        psql.env("HOME", shop.sandbox.home());
        psql.env("PGPASSWORD", shop.cluster.password());
        psql.envs(variables.iter().copied());
        psql.args(["-XAtqc", "SELECT 1"]);
        psql.arg("service=shop dbname=postgres user=postgres");
        Outcome::of(psql).status() == Some(0)
    };
    let pgrole = |variables: &[(&str, &PathBuf)]| {
        let check = variables
            .iter()
            .fold(shop.check(), |check, (name, path)| check.env(name, *path));
        check.run().status() == Some(0)
    };
    let both = |variables: &[(&str, &PathBuf)], wanted: bool| {
        assert_eq!(psql(variables), wanted, "psql: {variables:?}");
        assert_eq!(pgrole(variables), wanted, "pgrole: {variables:?}");
    };
    let missing = shop.sandbox.path().join("missing");
    both(&[], false);
    both(&[("PGSYSCONFDIR", &folder)], true);
    both(&[("PGSERVICEFILE", &given)], true);
    both(
        &[("PGSERVICEFILE", &missing), ("PGSYSCONFDIR", &folder)],
        false,
    );
    shop.own_file(&wrong);
    both(&[("PGSYSCONFDIR", &folder)], false);
    both(&[("PGSERVICEFILE", &given)], true);
    // One without the service leads on to the system's.
    shop.own_file("[another]\nhost=127.0.0.1\n");
    both(&[("PGSYSCONFDIR", &folder)], true);
}

#[test]
fn what_the_target_says_wins_over_its_service() {
    let shop = Shop::new();
    let more = "user=of_service\nsslmode=require\npassword=not-used\ndbname=elsewhere\nconnect_timeout=1\n";
    shop.own_file(&at(shop.cluster.port(), more));
    let refused = shop.check().run();
    refused
        .expect_status(5)
        .expect_in_stderr("does not offer TLS");
    shop.run("registry update -e dev -d postgres --sslmode disable")
        .expect_status(0);
    let check = shop.check().args(["-v", "--format", "table"]).run();
    check.expect_status(0).expect_in_stderr(
        "dev/postgres: service \"shop\": password is not used: pgrole takes the login from its own sources\n\
         dev/postgres: service \"shop\": dbname=elsewhere is not used: the target is postgres\n\
         dev/postgres: service \"shop\": connect_timeout is not used\n",
    );
    assert!(!check.stderr.contains("not-used"), "{check}");

    // The user, where the source of the password gives none.
    let user = |wanted: &str| {
        let check = shop
            .check()
            .without_env("PG_ADMIN_USER")
            .without_env("PG_ADMIN_PASS");
        let error = check.run();
        error
            .expect_status(5)
            .expect_in_stderr(&format!("failed for user \\\"{wanted}\\\""));
    };
    let pgpass = shop.file("home/.pgpass", "*:*:*:*:wrong\n");
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(pgpass, private).expect("it is ours");
    user("of_service");
    shop.run("registry update -e dev -d postgres --admin-user of_target")
        .expect_status(0);
    user("of_target");
}

#[test]
fn a_service_that_says_more_than_pgrole_knows_is_refused() {
    let shop = Shop::new();
    let file = shop.own_file(&at(shop.cluster.port(), "options=-c role=other\n"));
    let refused = shop.check().args(["--format", "table"]).run();
    refused.expect_status(2).expect_in_stderr(&format!(
        "service \"shop\" in {} cannot be used\n\
         caused by: line 6 has \"options\", which pgrole does not support in a service\n",
        file.display()
    ));
    shop.own_file("[shop]\nport=1\n");
    let refused = shop.check().run();
    refused
        .expect_status(2)
        .expect_in_stderr("the service has no host");
}

#[test]
fn the_registry_shows_the_service_and_what_is_wrong_with_it() {
    let shop = Shop::new();
    let entry = shop.run("registry show -e dev -d postgres");
    let entry = entry.expect_status(0).json();
    assert_eq!(entry["hostname"], "service=shop");
    assert_eq!(entry["port"], serde_json::Value::Null);
    assert_eq!(entry["problem"], "unknown service \"shop\"", "{entry}");
    shop.own_file(&at(shop.cluster.port(), ""));
    let list = shop.run("registry list --format table");
    list.expect_status(0).expect_stdout(
        " ENV  DATABASE  HOSTNAME      PORT  ACTIVE  SSLMODE  NOTES\n \
          dev  postgres  service=shop        yes\n",
    );
    let port = shop.run("registry update -e dev -d postgres -p 1 --format table");
    port.expect_status(2)
        .expect_in_stderr("the target's port comes from its service\n");
    shop.run("registry update -e dev -d postgres -H h -p 1")
        .expect_status(0);
    let back = shop.run("registry update -e dev -d postgres --service shop");
    assert_eq!(back.expect_status(0).json()["hostname"], "service=shop");
    shop.check().run().expect_status(0);
    shop.run("registry add -e qa -d a --service s -H h")
        .expect_status(2);
    shop.run("registry add -e qa -d a").expect_status(2);
}

#[test]
fn roles_and_cut_off_changes_are_known_by_where_the_service_led() {
    let shop = Shop::new();
    shop.own_file(&at(shop.cluster.port(), "sslmode=disable\n"));
    let area = shop.cluster.area();
    let role = area.role("jane");
    let program = shop.sandbox.path().join("deliver");
    std::os::unix::fs::symlink("/bin/false", &program).expect("the sandbox can be written");
    let create = format!(
        "user readonly -e dev -d postgres -u {role} --access none --deliver exec:{}",
        program.display()
    );
    shop.run(&create).expect_status(8);
    let query = |sql: &str| sqlite::query(&shop.sandbox.registry(), sql);
    let place = format!("127.0.0.1|{}", shop.cluster.port());
    assert_eq!(query("SELECT hostname, port FROM placed_role"), place);
    // Another cluster that the service leads to is another cluster.
    let cluster = "SELECT system_identifier IS NOT NULL FROM db_registry";
    assert_eq!(query(cluster), "1");
    let recover = shop.run("recover run");
    recover.expect_status(8).expect_in_stderr("deliver\\\"");
    let id = query("SELECT operation_id FROM password_change");
    std::fs::remove_file(&program).expect("it is ours");
    // It reads all that it is given.
    std::os::unix::fs::symlink("/usr/bin/wc", &program).expect("the sandbox can be written");
    shop.run(&format!("recover run {id}")).expect_status(0);
    assert_eq!(query("SELECT state FROM password_change"), "CLOSED");
}
