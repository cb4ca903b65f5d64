//! What decides what is executed is taken only from its owner.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use super::{add_myapp, folder_of, registry};
use crate::harness::{Outcome, Sandbox, sqlite};

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is our file");
}

/// A target of nobody's, and a config file whose command leaves a trace when it runs.
fn sandbox_with_command() -> Sandbox {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let trace = sandbox.path().join("ran");
    sandbox.write_config(&format!(
        "[credential]\nsources = [\"command\"]\ncommand = [\"touch\", \"{}\"]\n",
        trace.display()
    ));
    sandbox
}

fn ran(sandbox: &Sandbox) -> bool {
    sandbox.path().join("ran").exists()
}

#[track_caller]
fn check(sandbox: &Sandbox) -> Outcome {
    let words = ["credential", "check", "-e", "dev", "-d", "myapp_dev"];
    sandbox.pgrole(words).run()
}

/// Runs the command that an error gives as its hint, as its reader would.
#[track_caller]
fn obey(refused: &Outcome) {
    let error = &refused.json_error()["error"];
    let hint = error["hint"].as_str().expect("a hint");
    let status = std::process::Command::new("sh").args(["-c", hint]).status();
    assert!(status.is_ok_and(|status| status.success()), "{hint}");
}

#[test]
fn a_config_file_that_anybody_may_write_runs_no_command() {
    for what in ["file", "folder", "folder above"] {
        let sandbox = sandbox_with_command();
        let file = sandbox.config();
        let (path, before) = match what {
            "file" => (file.clone(), 0o644),
            "folder" => (folder_of(&file).to_owned(), 0o755),
            _ => (folder_of(folder_of(&file)).to_owned(), 0o755),
        };
        set_mode(&path, before | 0o022);
        let refused = check(&sandbox);
        refused.expect_status(6).expect_stdout("");
        refused.expect_in_stderr("is not used: every user may change it");
        assert!(!ran(&sandbox), "{what}");
        registry(&sandbox, "list").expect_status(6);
        obey(&refused);
        // A folder that lost the others' right may still have the group's.
        set_mode(&path, before);
        check(&sandbox);
        assert!(ran(&sandbox), "{what}");
    }
}

#[test]
fn a_sticky_folder_is_for_all_to_write_in() {
    let sandbox = sandbox_with_command();
    set_mode(folder_of(&sandbox.config()), 0o1777);
    check(&sandbox);
    assert!(ran(&sandbox));
}

#[test]
fn a_group_may_write_where_it_is_the_users_own_or_the_registry_is_shared() {
    let sandbox = sandbox_with_command();
    // Only root can give files to groups that it is not in.
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    let daemon = nix::unistd::Group::from_name("daemon");
    let Ok(Some(daemon)) = daemon else {
        return;
    };
    let (config, file) = (sandbox.config(), sandbox.registry());
    set_mode(&config, 0o664);
    check(&sandbox);
    assert!(ran(&sandbox), "root's own group has no other member");
    chown(&config, None, Some(daemon.gid.as_raw())).expect("we are root");
    set_mode(&config, 0o664);
    let refused = check(&sandbox);
    refused.expect_status(6);
    refused.expect_in_stderr("its group \\\"daemon\\\" may change it");
    obey(&refused);
    chown(&file, None, Some(daemon.gid.as_raw())).expect("we are root");
    set_mode(&file, 0o660);
    registry(&sandbox, "list").expect_status(6);
    sandbox.write_config("[registry]\nshared = true\n");
    registry(&sandbox, "list").expect_status(0);
    set_mode(&file, 0o666);
    registry(&sandbox, "list").expect_status(6);
}

#[test]
fn another_users_registry_may_be_looked_at_and_is_not_acted_on() {
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    let sandbox = sandbox_with_command();
    let nobody = nix::unistd::User::from_name("nobody").expect("accounts can be read");
    let nobody = nobody.expect("there is nobody");
    chown(sandbox.registry(), Some(nobody.uid.as_raw()), None).expect("we are root");
    let refused = check(&sandbox);
    refused.expect_status(6);
    refused.expect_in_stderr("belongs to user \\\"nobody\\\", who may change it at will");
    assert!(!ran(&sandbox));
    for words in [
        &["registry", "list"][..],
        &["registry", "show", "-e", "dev", "-d", "myapp_dev"],
        &["rotate", "status"],
        &["audit", "list"],
        &["audit", "verify"],
    ] {
        let shown = sandbox.pgrole(words.iter().copied()).run();
        shown.expect_status(0);
        shown.expect_in_stderr("belongs to user");
    }
    registry(&sandbox, "disable -e dev -d myapp_dev").expect_status(6);
    // The same for a config file.
    chown(sandbox.registry(), Some(0), None).expect("we are root");
    chown(sandbox.config(), Some(nobody.uid.as_raw()), None).expect("we are root");
    check(&sandbox).expect_status(6);
    assert!(!ran(&sandbox));
    registry(&sandbox, "list").expect_status(0);
}

#[test]
fn a_key_that_others_may_read_vouches_for_nothing() {
    let sandbox = sandbox_with_command();
    let key = sandbox.config().with_file_name("record.key");
    let mode = fs::metadata(&key)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    set_mode(&key, 0o644);
    let refused = check(&sandbox);
    refused.expect_status(6);
    refused.expect_in_stderr("others may read it");
    obey(&refused);
    check(&sandbox);
    assert!(ran(&sandbox));
}

#[test]
fn an_entry_is_signed_by_what_writes_it_and_not_by_sqlite3() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let by_hand = || {
        let doctor = sandbox.pgrole(["doctor", "--offline"]).run();
        let rows = doctor.json();
        let rows = rows.as_array().expect("an array").iter();
        rows.filter(|row| row["check"] == "entry record")
            .map(|row| row["subject"].as_str().expect("a text").to_owned())
            .collect::<Vec<_>>()
    };
    assert!(by_hand().is_empty());
    sqlite::query(
        &sandbox.registry(),
        "INSERT INTO db_registry (env, db_name, hostname) VALUES ('dev', 'mine', 'h')",
    );
    assert_eq!(by_hand(), ["dev/mine"]);
    // What says nothing of the server vouches for nothing.
    registry(&sandbox, "update -e dev -d mine --notes mine").expect_status(0);
    assert_eq!(by_hand(), ["dev/mine"]);
    registry(&sandbox, "update -e dev -d mine -H h").expect_status(0);
    assert!(by_hand().is_empty());
    sqlite::query(
        &sandbox.registry(),
        "UPDATE db_registry SET sslrootcert = '/tmp/theirs.pem' WHERE db_name = 'mine'",
    );
    assert_eq!(by_hand(), ["dev/mine"]);
}
