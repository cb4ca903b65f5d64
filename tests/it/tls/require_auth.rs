//! How a server may have the login proved (`require_auth`), and tokens, which are sent as passwords are.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use super::logins::{REMOTE, Site, expect_error, site};
use crate::harness::{Cluster, Sandbox, servers, sqlite};

/// A site that has each login proved in a way of its own: `by_md5`, `plain`, `trusted`, and `scram` for all others.
fn site_of_all_ways(host: &str) -> Site {
    site(host, |c| {
        c.hba("host all by_md5 all md5")
            .hba("host all plain all password")
            .hba("host all trusted all trust")
    })
}

/// The logins that the target does not accept.
fn refused(site: &mut Site) -> Vec<&'static str> {
    let mut refused = Vec::new();
    for (role, encryption) in [
        ("by_scram", "scram-sha-256"),
        ("by_md5", "md5"),
        ("plain", "scram-sha-256"),
        ("trusted", "scram-sha-256"),
    ] {
        let made = format!(
            "DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN; SET password_encryption = '{encryption}'; ALTER ROLE {role} PASSWORD 'secret'"
        );
        site.cluster.superuser_psql("postgres", &made);
        site.sandbox.env("PG_ADMIN_USER", role);
        site.sandbox.env("PG_ADMIN_PASS", "secret");
        let outcome = site.log_in();
        if outcome.status() != Some(0) {
            expect_error(
                &outcome,
                "login_refused",
                "which this target does not accept",
                "--require-auth",
            );
            refused.push(role);
        }
    }
    refused
}

#[test]
fn a_remote_server_is_given_a_proof_by_scram_unless_told_otherwise() {
    let mut site = site_of_all_ways(REMOTE);
    // Without this, channel binding is required, which goes with SCRAM alone.
    site.update(&["--channel-binding", "prefer"]);
    assert_eq!(refused(&mut site), ["by_md5", "plain", "trusted"]);
    for (said, wanted) in [
        ("md5", &["by_scram", "plain", "trusted"][..]),
        ("password,scram-sha-256", &["by_md5", "trusted"]),
        ("none", &["by_scram", "by_md5", "plain"]),
        ("!none", &["trusted"]),
        ("!password,!md5", &["by_md5", "plain"]),
        ("default", &["by_md5", "plain", "trusted"]),
    ] {
        site.update(&["--require-auth", said]);
        assert_eq!(refused(&mut site), wanted, "{said}");
    }
}

#[test]
fn this_machine_may_let_in_without_a_proof_but_not_by_a_weaker_one() {
    let mut site = site_of_all_ways("localhost");
    assert_eq!(refused(&mut site), ["by_md5", "plain"]);
}

#[test]
fn what_libpq_does_not_take_is_not_taken() {
    let sandbox = Sandbox::new();
    for said in ["scram", "md5,!none", "md5,md5", "md5, none"] {
        let add = [
            "registry",
            "add",
            "-e",
            "dev",
            "-d",
            "app",
            "-H",
            "db.example.com",
        ];
        let outcome = sandbox.pgrole(add).args(["--require-auth", said]).run();
        outcome.expect_status(2);
    }
}

/// `sqlite3` writes only the columns that the older service had.
fn insert(cluster: &Cluster) -> String {
    format!(
        "INSERT INTO db_registry (env, db_name, hostname, port) VALUES ('dev', 'postgres', '127.0.0.1', {});",
        cluster.port()
    )
}

fn site_by_md5() -> (Cluster, Sandbox) {
    let cluster = Cluster::private(|c| c.hba("host all by_md5 all md5"));
    let made = "SET password_encryption = 'md5'; CREATE ROLE by_md5 LOGIN PASSWORD 'secret'";
    cluster.superuser_psql("postgres", made);
    let mut sandbox = Sandbox::new();
    sandbox.env("PG_ADMIN_USER", "by_md5");
    sandbox.env("PG_ADMIN_PASS", "secret");
    (cluster, sandbox)
}

const FIND: [&str; 8] = [
    "user", "find", "-u", "postgres", "-e", "dev", "-d", "postgres",
];

#[test]
fn targets_from_before_accept_what_they_did_and_say_so() {
    let (cluster, sandbox) = site_by_md5();
    let folder = sandbox.registry();
    fs::create_dir_all(folder.parent().expect("it is in a folder")).expect("the home is ours");
    let older = format!(
        "CREATE TABLE db_registry (env TEXT NOT NULL, db_name TEXT NOT NULL, hostname TEXT NOT NULL,
            port INTEGER DEFAULT 5432, active INTEGER DEFAULT 1, notes TEXT, UNIQUE (env, db_name)); {}",
        insert(&cluster)
    );
    sqlite::sqlite3(&sandbox.registry(), &older).expect_status(0);
    let warning = "dev/postgres accepts any authentication method that its server requests";
    let update = "pgrole registry update -e dev -d postgres --require-auth md5";
    let found = sandbox.pgrole(FIND).run();
    found
        .expect_status(0)
        .expect_in_stderr(warning)
        .expect_in_stderr(update);
    let doctor = sandbox.pgrole(["doctor", "--format", "table"]).run();
    assert!(
        doctor.stdout.contains("accepts any authentication method"),
        "{doctor}"
    );
    sandbox
        .pgrole(update.split(' ').skip(1))
        .run()
        .expect_status(0);
    let found = sandbox.pgrole(FIND).run();
    found.expect_status(0).expect_stderr("");
}

#[test]
fn a_target_that_is_added_by_hand_has_the_default() {
    let (cluster, sandbox) = site_by_md5();
    sandbox.pgrole(["registry", "list"]).run().expect_status(0);
    sqlite::sqlite3(&sandbox.registry(), &insert(&cluster)).expect_status(0);
    expect_error(
        &sandbox.pgrole(FIND).run(),
        "login_refused",
        "requests an MD5 password, which this target does not accept",
        "--require-auth md5",
    );
}

/// Each token is good for one login: the command makes a new password at each call, as RDS, Entra and Cloud SQL make a
/// new token.
#[test]
fn a_token_is_fetched_for_each_connection_and_is_not_kept() {
    let mut site = site("localhost", |c| c.hba("hostssl all iam all password"));
    site.cluster
        .superuser_psql("postgres", "CREATE ROLE iam LOGIN");
    let folder = site.sandbox.path().to_owned();
    let script = folder.join("token");
    let text = format!(
        "#!/bin/sh\nset -e\ntoken=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n')\n\
         echo \"$*\" >>'{calls}'\necho \"$token\" >>'{tokens}'\n\
         PGPASSWORD='{password}' PGSSLMODE=disable '{psql}' -XAtq -h 127.0.0.1 -p {port} -U {superuser} -d postgres \
         -c \"ALTER ROLE iam PASSWORD '$token'\" >&2\necho \"$token\"\n",
        calls = folder.join("calls").display(),
        tokens = folder.join("tokens").display(),
        password = site.cluster.password(),
        psql = servers::psql().display(),
        port = site.cluster.port(),
        superuser = site.cluster.superuser(),
    );
    fs::write(&script, text).expect("the sandbox can be written");
    fs::set_permissions(&script, Permissions::from_mode(0o700)).expect("it is our file");
    site.sandbox.env("PG_ADMIN_USER", "iam");
    site.sandbox.write_config(&format!(
        "[credential]\nsources = [\"command\"]\ncommand = [\"{}\", \"{{hostname}}\", \"{{port}}\", \"{{user}}\"]\n",
        script.display()
    ));
    site.update(&["--sslmode", "verify-full"]);
    expect_error(
        &site.log_in(),
        "login_refused",
        "requests the password in clear text, which this target does not accept",
        "if it takes tokens (RDS IAM, Entra, Cloud SQL): pgrole registry update -e dev -d postgres --require-auth password",
    );
    fs::remove_file(folder.join("calls")).expect("it was called");
    site.update(&["--require-auth", "password"]);
    site.log_in().expect_status(0);
    site.log_in().expect_status(0);
    // A token names the host that it is for: of two hosts each gets its own.
    let closed = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let closed = closed.local_addr().expect("it is bound").port();
    let port = site.cluster.port();
    let (hosts, ports) = ("127.0.0.1,localhost", format!("{closed},{port}"));
    site.update(&["-H", hosts, "-p", &ports]);
    site.log_in().expect_status(0);
    let calls = fs::read_to_string(folder.join("calls")).expect("it was called");
    let wanted = format!(
        "localhost {port} iam\nlocalhost {port} iam\n127.0.0.1 {closed} iam\nlocalhost {port} iam\n"
    );
    assert_eq!(calls, wanted);
    // The role whose password is rotated proves it by SCRAM all the same.
    site.cluster
        .superuser_psql("postgres", "ALTER ROLE iam SUPERUSER");
    let deliver = format!("file:{}", folder.join("jane").display());
    let jane = [
        "-e",
        "dev",
        "-d",
        "postgres",
        "-u",
        "jane",
        "--deliver",
        &deliver,
    ];
    let create = site.sandbox.pgrole(["user", "readonly"]);
    create.args(jane).run().expect_status(0);
    let rotated = site.sandbox.pgrole(["rotate", "-u", "jane"]).run();
    rotated.expect_status(0).expect_stderr("");
    assert!(!rotated.stdout.contains("warnings"), "{rotated}");
    let tokens = fs::read_to_string(folder.join("tokens")).expect("it was called");
    let registry = fs::read(site.sandbox.registry()).expect("there is one");
    let registry = String::from_utf8_lossy(&registry).into_owned();
    for token in tokens.lines() {
        assert!(!registry.contains(token));
    }
}
