//! An auditor's copy of the registry: it may only be read, and is left as it is, whatever its version.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::{add_myapp, folder_of, registry};
use crate::harness::{Outcome, Sandbox, sqlite};

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("our own file has a mode");
}

/// Moves the registry's file, without what is beside it, into a folder that may only be read.
fn copied(sandbox: &Sandbox) -> PathBuf {
    let folder = sandbox.path().join("audit copy");
    fs::create_dir(&folder).expect("the sandbox can be written");
    let copy = folder.join("copy #1.db");
    sqlite::query(&sandbox.registry(), "PRAGMA wal_checkpoint(TRUNCATE)");
    fs::copy(sandbox.registry(), &copy).expect("the sandbox can be written");
    set_mode(&copy, 0o444);
    set_mode(&folder, 0o555);
    copy
}

/// Runs what an auditor runs, as one to whom the file is read-only.
#[track_caller]
fn audit(sandbox: &Sandbox, copy: &Path, words: &str) -> Outcome {
    let before = fs::read(copy).expect("it can be read");
    let run = sandbox.pgrole(words.split(' '));
    let run = run.args(["--registry".as_ref(), copy.as_os_str()]);
    let outcome = run.under_nobody().run();
    assert!(
        fs::read(copy).expect("it can be read") == before,
        "{outcome}"
    );
    let names = fs::read_dir(folder_of(copy))
        .expect("it can be read")
        .count();
    assert_eq!(names, 1, "{outcome}");
    outcome
}

const SHOWS: [&str; 7] = [
    "audit verify",
    "audit list",
    "audit show 1",
    "audit export",
    "rotate status",
    "registry list",
    "registry show -e dev -d myapp_dev",
];

fn open_up(copy: &Path) {
    // So that the sandbox can be removed by others than root.
    set_mode(folder_of(copy), 0o700);
}

#[test]
fn what_only_shows_works_on_a_file_that_may_only_be_read() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let copy = copied(&sandbox);
    for words in SHOWS {
        let shown = audit(&sandbox, &copy, words);
        shown.expect_status(0).expect_stderr("");
        if words == "audit list" || words.starts_with("registry") {
            assert!(shown.stdout.contains("myapp_dev"), "{shown}");
        }
    }
    let change = audit(&sandbox, &copy, "registry disable -e dev -d myapp_dev");
    change.expect_status(1).expect_in_stderr("read-only");
    open_up(&copy);
}

#[test]
fn an_older_version_is_read_as_it_is() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(folder_of(&sandbox.registry())).expect("the home can be written");
    sqlite::query(
        &sandbox.registry(),
        include_str!("../rotation/sealed_before.sql"),
    );
    let copy = copied(&sandbox);
    // Its log was left out.
    for words in [
        "audit list",
        "audit export",
        "rotate status",
        "registry list",
    ] {
        audit(&sandbox, &copy, words)
            .expect_status(0)
            .expect_stderr("");
    }
    let status = audit(&sandbox, &copy, "rotate status");
    assert!(status.stdout.contains("sealed_before"), "{status}");
    assert_eq!(sqlite::query(&copy, "PRAGMA user_version"), "8");
    open_up(&copy);

    let sandbox = Sandbox::new();
    fs::create_dir_all(folder_of(&sandbox.registry())).expect("the home can be written");
    sqlite::query(&sandbox.registry(), include_str!("../audit/version_3.sql"));
    let copy = copied(&sandbox);
    let list = audit(&sandbox, &copy, "audit list");
    assert_eq!(
        list.expect_status(0).json().as_array().map(Vec::len),
        Some(4),
        "{list}"
    );
    for words in [
        "-e dev -d app",
        "-u nobody -e dev",
        "--since 2020-01-01 -d app",
    ] {
        audit(&sandbox, &copy, &format!("audit list {words}")).expect_status(0);
    }
    audit(&sandbox, &copy, "audit verify").expect_status(0);
    assert_eq!(sqlite::query(&copy, "PRAGMA user_version"), "3");
    open_up(&copy);
}

#[test]
fn people_read_a_summary_of_the_log() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    registry(&sandbox, "disable -e dev -d myapp_dev").expect_status(0);
    let rows = sqlite::query(
        &sandbox.registry(),
        "SELECT what, \"where\", status FROM audit_summary ORDER BY id",
    );
    assert_eq!(
        rows,
        "registry open||file created\nregistry add|dev/myapp_dev|target added\n\
         registry disable|dev/myapp_dev|target disabled"
    );
    let columns = "SELECT group_concat(name, ' ') FROM pragma_table_info('audit_summary')";
    assert_eq!(
        sqlite::query(&sandbox.registry(), columns),
        "id time who what where status"
    );
}
