//! Every way in which a connection can fail: what it says, its exit status, and the command that helps.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::words;
use crate::harness::{ClosedPort, Cluster, FakeServer, Outcome, Plan, Proxy, Sandbox};

/// A target dev/app somewhere, and a login for it.
struct Attempt {
    sandbox: Sandbox,
    user: String,
    password: String,
    database: String,
}

impl Attempt {
    fn at(hostname: &str, port: u16) -> Self {
        Self::to("app", hostname, port, "")
    }

    fn to(database: &str, hostname: &str, port: u16, more: &str) -> Self {
        let mut sandbox = Sandbox::new();
        let add = format!("registry add -e dev -d {database} -H {hostname} -p {port} {more}");
        sandbox.pgrole(words(&add)).run().expect_status(0);
        sandbox.filter(&port.to_string(), "[PORT]");
        sandbox.filter(database, "[DATABASE]");
        Self {
            sandbox,
            user: "admin".to_owned(),
            password: "x".to_owned(),
            database: database.to_owned(),
        }
    }

    fn on(cluster: &Cluster, database: &str, more: &str) -> Self {
        let attempt = Self::to(database, Cluster::HOST, cluster.port(), more);
        attempt.login(Cluster::SUPERUSER, cluster.password())
    }

    fn login(mut self, user: &str, password: &str) -> Self {
        user.clone_into(&mut self.user);
        password.clone_into(&mut self.password);
        self
    }

    #[track_caller]
    fn run(&self, more: &str) -> Outcome {
        let check = self.sandbox.pgrole(words("credential check"));
        check
            .args(words(more))
            .env("PG_ADMIN_USER", &self.user)
            .env("PG_ADMIN_PASS", &self.password)
            .run()
    }

    /// Expects this text for people, and an error object of the same content for scripts; both end with the status.
    #[track_caller]
    fn expect(&self, status: i32, kind: &str, sqlstate: Option<&str>, text: &str) {
        let table = self.run("--format table");
        table.expect_status(status).expect_stdout("");
        table.filtered().expect_stderr(text);
        let json = self.run("--format json");
        json.expect_status(status).expect_stdout("");
        let error = json.filtered().json_error()["error"].clone();
        assert_eq!(error["kind"], kind);
        assert_eq!(error["sqlstate"], json!(sqlstate));
        assert_eq!(
            (&error["env"], &error["database"]),
            (&json!("dev"), &json!("[DATABASE]"))
        );
        assert_eq!(text_of(&error), text, "the object says something else");
    }
}

/// The error as people read it.
fn text_of(error: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = vec![format!("error: {}", text(&error["message"]))];
    for cause in error["causes"].as_array().expect("an array") {
        lines.push(format!("caused by: {}", text(cause)));
    }
    lines.push(format!("hint: {}\n", text(&error["hint"])));
    lines.join("\n")
}

const CHECK_SERVER: &str = "check that a PostgreSQL server listens there; to correct the entry: \
    pgrole registry update -e dev -d [DATABASE] --hostname HOST --port PORT";

#[test]
fn a_name_that_does_not_resolve() {
    let attempt = Attempt::at("pg.invalid", 5432);
    let outcome = attempt.run("--format table");
    outcome.expect_status(5);
    // What the resolver says differs from one to the next.
    let lines: Vec<_> = outcome
        .stderr
        .lines()
        .filter(|line| !line.contains("lookup"))
        .collect();
    assert_eq!(
        lines,
        [
            "error: the admin credential does not work on dev/app",
            "caused by: cannot log in to dev/app at pg.invalid:5432",
            "caused by: cannot resolve \"pg.invalid\", in phase DNS",
            "hint: check the host name; to correct the entry: \
             pgrole registry update -e dev -d app --hostname HOST --port PORT",
        ]
    );
    let error = &attempt.run("").json_error()["error"];
    assert_eq!(error["kind"], "unreachable");
    assert_eq!(
        (&error["env"], &error["database"]),
        (&json!("dev"), &json!("app"))
    );
}

#[test]
fn a_closed_port() {
    let closed = ClosedPort::new();
    Attempt::at("127.0.0.1", closed.port).expect(
        5,
        "unreachable",
        None,
        "error: the admin credential does not work on dev/[DATABASE]\n\
         caused by: cannot log in to dev/[DATABASE] at 127.0.0.1:[PORT]\n\
         caused by: cannot reach 127.0.0.1:[PORT], in phase TCP\n\
         caused by: Connection refused (os error 111)\n\
         hint: check that the server is up and that no firewall is in between; to correct the entry: \
         pgrole registry update -e dev -d [DATABASE] --hostname HOST --port PORT\n",
    );
}

#[test]
fn a_server_that_never_answers_is_given_up_in_the_phase_it_was_in() {
    let silent = FakeServer::silent();
    for (sslmode, phase) in [("prefer", "TLS"), ("require", "TLS"), ("disable", "login")] {
        let more = format!("--sslmode {sslmode}");
        let attempt = Attempt::to("app", "127.0.0.1", silent.port, &more);
        let started = Instant::now();
        let outcome = attempt.run("--format table --timeout 1");
        let took = started.elapsed();
        outcome.expect_status(5).expect_stdout("");
        outcome.expect_in_stderr(&format!(
            "caused by: no answer from 127.0.0.1:{} within 1 second, in phase {phase}\nhint: check that",
            silent.port
        ));
        assert!(took >= Duration::from_millis(900), "{took:?}");
    }
}

#[test]
fn a_server_that_falls_silent_in_the_login_is_given_up() {
    let cluster = Cluster::shared();
    let proxy = Proxy::before(cluster);
    proxy.always(Plan::BlackHole);
    let attempt = Attempt::to("postgres", "127.0.0.1", proxy.port(), "--sslmode disable");
    let outcome = attempt.run("--format table --timeout 1");
    outcome
        .expect_status(5)
        .expect_in_stderr(" within 1 second, in phase login\n");
}

#[test]
fn a_wrong_password() {
    let cluster = Cluster::shared();
    let attempt = Attempt::on(cluster, "postgres", "").login(Cluster::SUPERUSER, "wrong");
    attempt.expect(
        5,
        "login_refused",
        Some("28P01"),
        "error: the admin credential does not work on dev/[DATABASE]\n\
         caused by: cannot log in to dev/[DATABASE] at 127.0.0.1:[PORT]\n\
         caused by: password authentication failed for user \"[DATABASE]\" (SQLSTATE 28P01)\n\
         hint: the server also says this if the role does not exist or has expired; store another login: \
         pgrole credential set -e dev -d [DATABASE] -U ROLE\n",
    );
    let missing = Attempt::on(cluster, "postgres", "").login("no_such_role", "x");
    let error = &missing.run("").expect_status(5).json_error()["error"];
    assert_eq!(
        (&error["kind"], &error["sqlstate"]),
        (&json!("login_refused"), &json!("28P01"))
    );
}

#[test]
fn a_missing_database() {
    Attempt::on(Cluster::shared(), "no_such_database", "").expect(
        5,
        "unreachable",
        Some("3D000"),
        "error: the admin credential does not work on dev/[DATABASE]\n\
         caused by: cannot log in to dev/[DATABASE] at 127.0.0.1:[PORT]\n\
         caused by: database \"[DATABASE]\" does not exist (SQLSTATE 3D000)\n\
         hint: if the registry entry is stale: pgrole registry remove -e dev -d [DATABASE]\n",
    );
}

#[test]
fn a_login_that_pg_hba_conf_rejects() {
    let cluster = Cluster::private(|c| c.hba("host all rejected all reject"));
    // Reworded in 14.
    let encryption = if cluster.server_version_major() >= 14 {
        "no encryption"
    } else {
        "SSL off"
    };
    cluster.psql("postgres", "CREATE ROLE rejected LOGIN PASSWORD 'x'");
    Attempt::on(&cluster, "template1", "").login("rejected", "x").expect(
        5,
        "login_refused",
        Some("28000"),
        &format!("error: the admin credential does not work on dev/[DATABASE]\n\
         caused by: cannot log in to dev/[DATABASE] at 127.0.0.1:[PORT]\n\
         caused by: pg_hba.conf rejects connection for host \"127.0.0.1\", user \"rejected\", \
         database \"[DATABASE]\", {encryption} (SQLSTATE 28000)\n\
         hint: pg_hba.conf on 127.0.0.1 has no line that lets \"rejected\" into \"[DATABASE]\" from here with this \
         TLS setting; add one, or change the setting: pgrole registry update -e dev -d [DATABASE] --sslmode MODE\n"),
    );
}

#[test]
fn a_role_that_may_not_log_in() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let role = area.create_role("group", "NOLOGIN PASSWORD 'x'");
    let attempt = Attempt::on(cluster, "template1", "").login(&role, "x");
    attempt.expect(
        5,
        "login_refused",
        Some("28000"),
        &format!(
            "error: the admin credential does not work on dev/[DATABASE]\n\
             caused by: cannot log in to dev/[DATABASE] at 127.0.0.1:[PORT]\n\
             caused by: role \"{role}\" is not permitted to log in (SQLSTATE 28000)\n\
             hint: role \"{role}\" is NOLOGIN; store another login: \
             pgrole credential set -e dev -d [DATABASE] -U ROLE\n"
        ),
    );
}

#[test]
fn a_role_whose_connection_limit_is_reached_is_to_try_again() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let role = area.create_role("busy", "LOGIN CONNECTION LIMIT 0 PASSWORD 'x'");
    let attempt = Attempt::on(cluster, "template1", "").login(&role, "x");
    attempt.expect(
        75,
        "busy",
        Some("53300"),
        &format!(
            "error: the admin credential does not work on dev/[DATABASE]\n\
             caused by: cannot log in to dev/[DATABASE] at 127.0.0.1:[PORT]\n\
             caused by: too many connections for role \"{role}\" (SQLSTATE 53300)\n\
             hint: no connection slot is free: try again, or raise the limit that the message names\n"
        ),
    );
}

#[test]
fn a_database_that_one_may_not_connect_to() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let role = area.create_role("out", "LOGIN PASSWORD 'x'");
    area.psql(&format!(
        "REVOKE CONNECT ON DATABASE {} FROM PUBLIC",
        area.database()
    ));
    let attempt = Attempt::on(cluster, area.database(), "").login(&role, "x");
    let error = &attempt.run("").expect_status(5).json_error()["error"];
    assert_eq!(
        (&error["kind"], &error["sqlstate"]),
        (&json!("login_refused"), &json!("42501"))
    );
    assert_eq!(
        error["hint"],
        format!(
            "store another login: pgrole credential set -e dev -d {} -U ROLE",
            attempt.database
        )
    );
}

#[test]
fn a_server_without_tls_where_tls_is_asked_for() {
    let cluster = Cluster::shared();
    for sslmode in ["require", "verify-full"] {
        Attempt::on(cluster, "template1", &format!("--sslmode {sslmode}")).expect(
            5,
            "unreachable",
            None,
            "error: the admin credential does not work on dev/[DATABASE]\n\
             caused by: cannot log in to dev/[DATABASE] at 127.0.0.1:[PORT]\n\
             caused by: cannot reach 127.0.0.1:[PORT], in phase TLS\n\
             caused by: the server does not offer TLS\n\
             hint: passwords would cross the network in plain text: enable TLS on the server, or accept plain text: pgrole registry update -e dev -d [DATABASE] --sslmode prefer\n",
        );
    }
    for sslmode in ["prefer", "allow", "disable"] {
        let attempt = Attempt::on(cluster, "template1", &format!("--sslmode {sslmode}"));
        attempt.run("").expect_status(0);
    }
}

#[test]
fn an_answer_that_is_not_postgresql() {
    let web = FakeServer::answering(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    Attempt::at("127.0.0.1", web.port).expect(
        5,
        "unreachable",
        None,
        &format!(
            "error: the admin credential does not work on dev/[DATABASE]\n\
             caused by: cannot log in to dev/[DATABASE] at 127.0.0.1:[PORT]\n\
             caused by: cannot reach 127.0.0.1:[PORT], in phase TLS\n\
             caused by: the server does not speak PostgreSQL's protocol\n\
             hint: {CHECK_SERVER}\n"
        ),
    );
    let attempt = Attempt::to("app", "127.0.0.1", web.port, "--sslmode disable");
    let outcome = attempt.run("--format table --timeout 1");
    outcome
        .expect_status(5)
        .expect_in_stderr(", in phase login\n");
}

#[test]
fn a_server_that_closes_at_once() {
    let closing = FakeServer::closing();
    for (sslmode, phase) in [("require", "TLS"), ("disable", "login")] {
        let more = format!("--sslmode {sslmode}");
        let outcome = Attempt::to("app", "127.0.0.1", closing.port, &more).run("--format table");
        outcome.expect_status(5).expect_stdout("");
        outcome.expect_in_stderr(&format!(
            "caused by: cannot reach 127.0.0.1:{}, in phase {phase}\n",
            closing.port
        ));
    }
}

#[test]
fn a_socket_folder_without_a_server() {
    let attempt = Attempt::at("/no/such/folder", 5432);
    let outcome = attempt.run("--format table");
    outcome.expect_status(5).expect_in_stderr(
        "caused by: cannot reach /no/such/folder/.s.PGSQL.5432, in phase TCP\n\
         caused by: No such file or directory (os error 2)\n",
    );
}

#[test]
fn a_server_that_does_not_offer_tls_is_used_over_its_socket() {
    let cluster = Cluster::shared();
    let folder = cluster.socket_dir().display().to_string();
    let attempt = Attempt::to(
        "template1",
        &folder,
        cluster.port(),
        "--sslmode verify-full",
    );
    let attempt = attempt.login(Cluster::SUPERUSER, cluster.password());
    attempt.run("").expect_status(0);
}

#[test]
fn a_name_in_the_servers_message_cannot_drive_the_terminal() {
    let cluster = Cluster::shared();
    let attempt = Attempt::on(cluster, "template1", "").login("\u{1b}[2J\u{9b}31m", "x");
    let table = attempt.run("--format table");
    table
        .expect_status(5)
        .expect_in_stderr(r"\u{1b}[2J\u{9b}31m");
    let json = attempt.run("--format json");
    json.expect_in_stderr(r"\u001b[2J\u009b31m");
    for outcome in [table, json] {
        assert!(!outcome.stderr.contains(['\u{1b}', '\u{9b}']), "{outcome}");
    }
}
