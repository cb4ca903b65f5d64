//! The keyring: what is stored survives, the most exact entry wins, and each way to have no keyring is told apart.

use super::{Place, words};
use crate::harness::{Cluster, Keyring, Outcome, Sandbox};

/// Runs pgrole with that keyring.
#[track_caller]
fn pgrole(sandbox: &Sandbox, keyring: &Keyring, text: &str, stdin: &str) -> Outcome {
    let run = sandbox.pgrole(words(text));
    run.env("DBUS_SESSION_BUS_ADDRESS", keyring.address())
        .stdin(stdin)
        .run()
}

#[test]
fn a_stored_login_is_listed_used_and_deleted() {
    let cluster = Cluster::shared();
    let place = Place::on(cluster);
    let sandbox = &place.sandbox;
    let Some(keyring) = Keyring::unlocked(sandbox) else {
        return;
    };
    let run = |text: &str, stdin: &str| pgrole(sandbox, &keyring, text, stdin);
    run("credential list", "")
        .expect_status(0)
        .expect_stdout("[]\n");
    let stored = run(
        "credential set -e dev -U postgres --password-stdin",
        cluster.password(),
    );
    stored.expect_status(0).expect_stderr("");
    stored.filtered().expect_stdout(
        "{\n  \"account\": \"dev\",\n  \"user\": \"postgres\",\n  \"audit_anchor\": \"[ANCHOR]\"\n}\n",
    );

    let list = run("credential list --format table", "");
    list.expect_status(0)
        .expect_stdout(" ACCOUNT  USER\n dev      postgres\n");
    let row = &run("credential check", "").expect_status(0).json()[0];
    assert_eq!(row["source"], "keyring (dev)");
    assert_eq!(row["status"], "login ok");
    assert_eq!(row["passed_over"][0]["source"], "environment");

    let deleted = run("credential delete -e dev --format table", "");
    deleted
        .expect_status(0)
        .expect_stdout("")
        .expect_stderr("deleted the credential for dev\n");
    run("credential list", "").expect_stdout("[]\n");
    let gone = run("credential delete -e dev --format table", "");
    gone.expect_status(3).expect_stderr(
        "error: the keyring has no entry for dev\n\
         hint: list the entries: pgrole credential list\n",
    );
    run("credential check", "").expect_status(5);
}

#[test]
fn a_line_end_behind_the_password_does_not_count_and_nothing_else_is_trimmed() {
    let cluster = Cluster::shared();
    let place = Place::on(cluster);
    let Some(keyring) = Keyring::unlocked(&place.sandbox) else {
        return;
    };
    let run = |text: &str, stdin: &str| pgrole(&place.sandbox, &keyring, text, stdin);
    let area = cluster.area();
    let role = area.create_role("dba", "LOGIN PASSWORD ' two words ü '");
    for (stdin, status) in [
        (" two words ü ", 0),
        (" two words ü \n", 0),
        (" two words ü \r\n", 0),
        (" two words ü \n\n", 5),
        ("two words ü", 5),
    ] {
        run(&format!("credential set -U {role} --password-stdin"), stdin).expect_status(0);
        run("credential check", "").expect_status(status);
    }
    let empty = run(&format!("credential set -U {role} --password-stdin"), "\n");
    empty.expect_status(2);
    assert_eq!(
        empty.json_error()["error"]["message"],
        "the password is empty"
    );
}

#[test]
fn the_most_exact_entry_wins() {
    let cluster = Cluster::shared();
    let place = Place::on(cluster);
    let Some(keyring) = Keyring::unlocked(&place.sandbox) else {
        return;
    };
    let run = |text: &str, stdin: &str| pgrole(&place.sandbox, &keyring, text, stdin);
    let area = cluster.area();
    let database = &place.database;
    let accounts = [
        String::new(),
        "-e dev".to_owned(),
        format!("-e dev -d {database}"),
    ];
    let sources = [
        "default".to_owned(),
        "dev".to_owned(),
        format!("dev/{database}"),
    ];
    for (place, account) in accounts.iter().enumerate() {
        let role = area.create_role(&format!("dba{place}"), "LOGIN PASSWORD 'x'");
        run(
            &format!("credential set {account} -U {role} --password-stdin"),
            "x",
        )
        .expect_status(0);
        let row = &run("credential check", "").expect_status(0).json()[0];
        assert_eq!(row["user"], role);
        assert_eq!(row["source"], format!("keyring ({})", sources[place]));
    }
    let listed = run("credential list", "").json();
    let listed: Vec<_> = listed
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["account"].clone())
        .collect();
    assert_eq!(listed, sources);
    // The environment comes before the keyring.
    let check = place.sandbox.pgrole(["credential", "check"]);
    let check = check
        .env("DBUS_SESSION_BUS_ADDRESS", keyring.address())
        .env("PG_ADMIN_USER", Cluster::SUPERUSER)
        .env("PG_ADMIN_PASS", cluster.password());
    assert_eq!(check.run().json()[0]["user"], Cluster::SUPERUSER);
}

#[test]
fn setting_again_replaces_and_is_on_record_without_the_password() {
    let sandbox = Sandbox::new();
    let Some(keyring) = Keyring::unlocked(&sandbox) else {
        return;
    };
    let run = |text: &str, stdin: &str| pgrole(&sandbox, &keyring, text, stdin);
    run(
        "credential set -e qa -U ann --password-stdin",
        "first-password",
    )
    .expect_status(0);
    run(
        "credential set -e qa -U bob --password-stdin",
        "second-password",
    )
    .expect_status(0);
    assert_eq!(run("credential list", "").json()[0]["user"], "bob");
    run("credential delete -e qa", "").expect_status(0);
    let log = run("audit list --limit 3", "");
    let events = log.json();
    for (place, operation, status, username) in [
        (
            0,
            "credential delete",
            "credential deleted",
            serde_json::Value::Null,
        ),
        (1, "credential set", "credential stored", "bob".into()),
        (2, "credential set", "credential stored", "ann".into()),
    ] {
        assert_eq!(events[place]["operation"], operation);
        assert_eq!(events[place]["status"], status);
        assert_eq!(events[place]["env"], "qa");
        assert_eq!(events[place]["username"], username);
    }
    assert!(!log.stdout.contains("-password"), "{log}");
}

#[test]
fn an_entry_that_pgrole_did_not_write_is_refused_and_not_printed() {
    let sandbox = Sandbox::new();
    let Some(keyring) = Keyring::unlocked(&sandbox) else {
        return;
    };
    if !std::path::Path::new("/usr/bin/secret-tool").exists() {
        crate::harness::servers::skip("no secret-tool here: scripts/test installs it");
        return;
    }
    let mut command = std::process::Command::new("sh");
    command.args([
        "-c",
        "printf s3cret | secret-tool store --label=x service pgrole username dev",
    ]);
    command
        .env("DBUS_SESSION_BUS_ADDRESS", keyring.address())
        .env("HOME", sandbox.home());
    sandbox.outcome_of(command).expect_status(0);
    let list = pgrole(&sandbox, &keyring, "credential list --format table", "");
    list.expect_status(5)
        .expect_stdout("")
        .expect_in_stderr("caused by: keyring: the entry for dev was not written by pgrole\n");
    assert!(!list.stderr.contains("s3cret"), "{list}");
}

/// Runs `credential check` without the variables, and expects the reason for which the keyring gives nothing, soon.
#[track_caller]
fn expect_no_credential(sandbox: &Sandbox, address: Option<&str>, reason: &str) {
    let check = sandbox.pgrole(words("credential check --format table"));
    let check = match address {
        Some(address) => check.env("DBUS_SESSION_BUS_ADDRESS", address),
        None => check,
    };
    let outcome = check.run();
    outcome
        .expect_status(5)
        .expect_stdout("")
        .expect_in_stderr("caused by: environment: PG_ADMIN_USER and PG_ADMIN_PASS are not set\n")
        .expect_in_stderr(&format!("\ncaused by: keyring: {reason}"));
}

fn sandbox_with_target() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .pgrole(words("registry add -e dev -d app -H h"))
        .run()
        .expect_status(0);
    sandbox
}

#[test]
fn a_keyring_without_an_entry_says_so() {
    let sandbox = sandbox_with_target();
    if let Some(keyring) = Keyring::unlocked(&sandbox) {
        let reason = "no entry for dev/app, dev or default\n";
        expect_no_credential(&sandbox, Some(keyring.address()), reason);
    }
}

#[test]
fn a_locked_keyring_says_so_and_gives_nothing_until_it_is_unlocked() {
    let sandbox = sandbox_with_target();
    let Some(keyring) = Keyring::unlocked(&sandbox) else {
        return;
    };
    pgrole(
        &sandbox,
        &keyring,
        "credential set -e dev -U ann --password-stdin",
        "x",
    )
    .expect_status(0);
    drop(keyring);
    let keyring = Keyring::locked(&sandbox).expect("its programs are here");
    expect_no_credential(&sandbox, Some(keyring.address()), "locked\n");
    let list = pgrole(&sandbox, &keyring, "credential list --format table", "");
    list.expect_status(5).expect_stdout("").expect_stderr(
        "error: cannot list the credentials\n\
         caused by: keyring: locked\n\
         hint: unlock or start the desktop's keyring, or set PG_ADMIN_USER and PG_ADMIN_PASS instead\n",
    );
    let set = pgrole(
        &sandbox,
        &keyring,
        "credential set -e dev -U bob --password-stdin",
        "y",
    );
    set.expect_status(5);
    assert_eq!(set.json_error()["error"]["kind"], "no_credential");
    drop(keyring);
    // Another process, another session: what was stored is still there.
    let keyring = Keyring::unlocked(&sandbox).expect("its programs are here");
    let list = pgrole(&sandbox, &keyring, "credential list", "");
    let rows = list.json();
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "{rows}");
    assert_eq!(rows[0]["account"], "dev");
    assert_eq!(rows[0]["user"], "ann");
}

#[test]
fn a_session_without_a_keyring_says_so() {
    let sandbox = sandbox_with_target();
    if let Some(bus) = Keyring::absent(&sandbox) {
        expect_no_credential(&sandbox, Some(bus.address()), "not running (");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_machine_without_a_session_says_so() {
    let sandbox = sandbox_with_target();
    expect_no_credential(&sandbox, None, "not running (");
}

#[test]
#[cfg(target_os = "linux")]
fn a_keyring_that_never_answers_is_given_up() {
    let sandbox = sandbox_with_target();
    let path = sandbox.path().join("bus");
    let _listener =
        std::os::unix::net::UnixListener::bind(&path).expect("the sandbox can be written");
    let address = format!("unix:path={}", path.display());
    let list = sandbox.pgrole(words("credential list --format table"));
    let list = list.env("DBUS_SESSION_BUS_ADDRESS", address).run();
    list.expect_status(5)
        .expect_stdout("")
        .expect_in_stderr("caused by: keyring: no answer within 3 seconds\n");
}
