//! The sources for machines without a desktop: systemd, a command, .pgpass; their order, and who the user is.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{Place, words};
use crate::harness::{Cluster, Outcome};

impl Place {
    fn check(&self, variables: &[(&str, &str)]) -> Outcome {
        let mut run = self.sandbox.pgrole(["credential", "check"]);
        for (name, value) in variables {
            run = run.env(name, *value);
        }
        run.args(["-e", "dev", "-d", &self.database]).run()
    }

    /// The user and the source that `credential check` names.
    fn found(&self, variables: &[(&str, &str)]) -> (String, String) {
        let rows = self.check(variables).expect_status(0).json();
        let text = |key: &str| rows[0][key].as_str().expect(key).to_owned();
        (text("user"), text("source"))
    }

    fn pgpass(&self, line: &str, mode: u32) -> String {
        let path = self.sandbox.home().join(".pgpass");
        write(&path, line, mode);
        path.display().to_string()
    }
}

fn write(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).expect("the home can be written");
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the file is ours");
}

fn cluster() -> (&'static Cluster, Place) {
    let cluster = Cluster::shared();
    (cluster, Place::on(cluster))
}

#[test]
fn a_credential_of_systemd_is_named_after_the_environment() {
    let (cluster, place) = cluster();
    let folder = place.sandbox.path().join("credentials");
    fs::create_dir(&folder).expect("the sandbox can be written");
    let login = format!(
        "{{\"user\":\"postgres\",\"password\":\"{}\"}}\n",
        cluster.password()
    );
    write(&folder.join("pgrole.dev"), &login, 0o400);
    let folder = folder.display().to_string();
    let found = place.found(&[("CREDENTIALS_DIRECTORY", &folder)]);
    assert_eq!(found, ("postgres".into(), "systemd (pgrole.dev)".into()));

    // A password alone: the user comes from elsewhere.
    write(
        &Path::new(&folder).join("pgrole.dev"),
        cluster.password(),
        0o600,
    );
    let variables = [
        ("CREDENTIALS_DIRECTORY", folder.as_str()),
        ("PG_ADMIN_USER", "postgres"),
    ];
    assert_eq!(place.found(&variables).1, "systemd (pgrole.dev)");
}

#[test]
fn a_command_prints_the_login_and_gets_its_arguments_as_they_are() {
    let (cluster, place) = cluster();
    let script = place.sandbox.path().join("vault");
    let login = format!(
        "{{\"user\":\"$1\",\"password\":\"{}\"}}",
        cluster.password()
    );
    let text =
        format!("#!/bin/sh\n[ \"$2\" = 'dev; exit 1' ] || exit 9\ncat <<END\n{login}\nEND\n");
    write(&script, &text, 0o700);
    place.sandbox.write_config(&format!(
        "[credential]\ncommand = [\"{}\", \"postgres\", \"{{env}}; exit 1\"]",
        script.display()
    ));
    let (user, source) = place.found(&[]);
    assert_eq!(user, "postgres");
    assert_eq!(source, format!("command ({})", script.display()));
}

#[test]
fn a_command_that_fails_is_passed_over_with_its_reason() {
    let (_, place) = cluster();
    place
        .sandbox
        .write_config("[credential]\nsources = [\"command\"]\ncommand = [\"sh\", \"-c\", \"echo secret; exit 3\"]");
    let refused = place.check(&[]);
    let error = &refused.expect_status(5).json_error()["error"];
    assert_eq!(error["kind"], "no_credential");
    assert!(
        refused
            .stderr
            .contains("\\\"sh\\\" ended with exit status: 3"),
        "{}",
        refused.stderr
    );
    assert!(!refused.stderr.contains("secret"), "{}", refused.stderr);
}

#[test]
fn a_pgpass_line_gives_the_password_and_the_user_is_the_targets() {
    let (cluster, place) = cluster();
    let update = words("registry update --admin-user postgres -e dev -d");
    let update = place.sandbox.pgrole(update).args([&place.database]).run();
    assert_eq!(update.expect_status(0).json()["admin_user"], "postgres");
    let line = format!(
        "# the admin\n*:{}:*:other:no\n127.0.0.1:{}:*:postgres:{}\n",
        cluster.port(),
        cluster.port(),
        cluster.password()
    );
    place.pgpass(&line, 0o600);
    assert_eq!(place.found(&[]), ("postgres".into(), "pgpass".into()));
    // What the variable says comes before what the target says.
    let refused = place.check(&[("PG_ADMIN_USER", "other")]);
    refused.expect_status(5).expect_in_stderr("login_refused");
}

#[test]
fn a_pgpass_that_others_may_read_is_not_used() {
    let (cluster, place) = cluster();
    let file = place.pgpass(&format!("*:*:*:*:{}\n", cluster.password()), 0o644);
    let variables = [("PG_ADMIN_USER", "postgres"), ("PGPASSFILE", file.as_str())];
    let refused = place.check(&variables);
    refused
        .expect_status(5)
        .expect_in_stderr("is not used because group or others may read it: chmod 0600");
    write(
        Path::new(&file),
        &format!("*:*:*:*:{}\n", cluster.password()),
        0o600,
    );
    assert_eq!(place.found(&variables).1, "pgpass");
}

#[test]
fn sources_are_asked_in_the_order_of_the_config_file() {
    let (cluster, place) = cluster();
    place.pgpass(&format!("*:*:*:*:{}\n", cluster.password()), 0o600);
    let variables = [
        ("PG_ADMIN_USER", "postgres"),
        ("PG_ADMIN_PASS", cluster.password()),
    ];
    assert_eq!(
        place.found(&variables).1,
        "environment (PG_ADMIN_USER, PG_ADMIN_PASS)"
    );
    place
        .sandbox
        .write_config("[credential]\nsources = [\"pgpass\", \"environment\"]");
    assert_eq!(place.found(&variables).1, "pgpass");
}

#[test]
fn a_source_that_the_config_file_leaves_out_is_not_looked_at() {
    let (cluster, place) = cluster();
    place.pgpass(&format!("*:*:*:*:{}\n", cluster.password()), 0o600);
    let variables = [
        ("PG_ADMIN_USER", "postgres"),
        ("PG_ADMIN_PASS", cluster.password()),
    ];
    for source in ["systemd", "command", "keyring", "prompt"] {
        place
            .sandbox
            .write_config(&format!("[credential]\nsources = [\"{source}\"]"));
        let refused = place.check(&variables);
        let error = &refused.expect_status(5).json_error()["error"];
        let causes = error["causes"].as_array().expect("causes").clone();
        assert_eq!(causes.len(), 2, "{refused}");
        let reason = causes[1].as_str().expect("a text");
        assert!(reason.starts_with(&format!("{source}: ")), "{refused}");
    }
    place
        .sandbox
        .write_config("[credential]\nsources = [\"keyring\", \"pgpass\"]");
    assert_eq!(place.found(&variables).1, "pgpass");
}

#[test]
fn who_asks_for_more_is_told_what_was_passed_over() {
    let (cluster, place) = cluster();
    place.pgpass(&format!("*:*:*:*:{}\n", cluster.password()), 0o600);
    place
        .sandbox
        .write_config("[credential]\nuser = \"postgres\"");
    let check = words("credential check -v --format table");
    let said = place.sandbox.pgrole(check).run();
    let lines: Vec<_> = said.expect_status(0).stderr.lines().collect();
    let target = format!("dev/{}: ", place.database);
    for (line, wanted) in lines.iter().zip([
        "environment: PG_ADMIN_USER and PG_ADMIN_PASS are not set",
        "systemd: CREDENTIALS_DIRECTORY is not set",
        "command: none is set in the config file",
        "keyring: not running (",
    ]) {
        assert!(line.starts_with(&format!("{target}{wanted}")), "{said}");
    }
    let logged_in = format!(
        "logged in to dev/{} as \"postgres\", from pgpass",
        place.database
    );
    assert_eq!(lines[4..], [logged_in], "{said}");
}

/// Also when the login fails; for .pgpass the line that was looked for is named.
#[test]
fn what_was_passed_over_is_told_when_the_login_fails_too() {
    let (_, place) = cluster();
    place.pgpass("other.example.com:*:*:*:x\n", 0o600);
    let check = || words("credential check -v --format table");
    let run = place.sandbox.pgrole(check());
    let run = run.env("PG_ADMIN_USER", "nobody_here");
    let none = run.run();
    none.expect_status(5);
    let wanted = format!(":{}:nobody_here", place.database);
    assert!(none.stderr.contains(".pgpass matches 127.0.0.1:"), "{none}");
    assert!(none.stderr.contains(&wanted), "{none}");
    place.pgpass("*:*:*:*:wrong\n", 0o600);
    let run = place.sandbox.pgrole(check());
    let refused = run.env("PG_ADMIN_USER", "nobody_here").run();
    refused.expect_status(5);
    let target = format!("dev/{}: ", place.database);
    for said in [
        "environment: PG_ADMIN_PASS is not set",
        "systemd: CREDENTIALS_DIRECTORY is not set",
        "command: none is set in the config file",
        "keyring: not running",
        "not logged in as \"nobody_here\", from pgpass",
    ] {
        let said = format!("{target}{said}");
        assert!(refused.stderr.contains(&said), "{said}: {refused}");
    }
}

#[test]
fn every_source_that_was_passed_over_says_why() {
    let (_, place) = cluster();
    let refused = place.check(&[]);
    let error = &refused.expect_status(5).json_error()["error"];
    let causes = error["causes"].as_array().expect("causes").clone();
    let text: Vec<_> = causes.iter().filter_map(|cause| cause.as_str()).collect();
    for source in [
        "environment: ",
        "systemd: ",
        "command: ",
        "keyring: ",
        "pgpass: ",
        "prompt: ",
    ] {
        assert!(
            text.iter().any(|cause| cause.starts_with(source)),
            "{source}: {text:?}"
        );
    }
}
