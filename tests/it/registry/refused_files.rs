//! Files that are not ours to change: each has an error of its own and stays as it is, byte for byte.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::{add_myapp, folder_of, make_registry_folder, registry};
use crate::harness::{Outcome, Sandbox, sqlite};

/// All that the folder of the file holds, by name.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let mut files: Vec<_> = paths
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), fs::read(&path).expect("the file can be read")))
        .collect();
    files.sort();
    files
}

/// Reads and writes the registry; both must fail alike and leave the folder as it was. Returns the error.
#[track_caller]
fn expect_refused(sandbox: &Sandbox) -> String {
    let folder = folder_of(&sandbox.registry()).to_owned();
    let before = contents(&folder);
    let read = registry(sandbox, "list --format table");
    read.expect_status(1).expect_stdout("");
    let written = registry(sandbox, "add -e dev -d new -H h --format table");
    written.expect_status(1).expect_stderr(&read.stderr);
    let after = contents(&folder);
    assert!(before == after, "the folder's files have changed:{read}");
    let path = sandbox.registry().display().to_string();
    read.stderr.replace(&path, "[FILE]")
}

#[test]
fn a_file_that_is_not_sqlite_is_refused() {
    let sandbox = Sandbox::new();
    make_registry_folder(&sandbox);
    for text in [
        "x",
        "env,database,hostname\n",
        &"no database at all ".repeat(1000),
    ] {
        fs::write(sandbox.registry(), text).expect("the home can be written");
        assert_eq!(
            expect_refused(&sandbox),
            "error: [FILE] is not a registry: not an SQLite file\n\
             hint: use another file with --registry FILE\n"
        );
    }
}

#[test]
fn a_folder_is_refused() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.registry()).expect("the home can be written");
    assert_eq!(
        expect_refused(&sandbox),
        "error: registry [FILE] is a folder\nhint: use a file with --registry FILE\n"
    );
}

#[test]
fn a_file_of_a_newer_pgrole_is_refused() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    sqlite::query(&sandbox.registry(), "PRAGMA user_version = 999");
    assert_eq!(without_own_schema(&expect_refused(&sandbox)), NEWER);
}

#[test]
fn a_file_that_a_killed_newer_pgrole_left_is_not_even_tidied_up() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    sqlite::query(&sandbox.registry(), "PRAGMA user_version = 999");
    // What a killed process leaves: a log beside the file whose pages are not in it yet.
    let lock = sqlite::Lock::after(
        &sandbox.registry(),
        "UPDATE db_registry SET notes = 'in the log only';",
    );
    drop(lock);
    let log = sandbox.registry().with_extension("db-wal");
    assert!(fs::metadata(&log).is_ok_and(|log| log.len() > 0));
    assert_eq!(without_own_schema(&expect_refused(&sandbox)), NEWER);
}

/// Each release may know one more.
fn without_own_schema(said: &str) -> String {
    let Some((before, rest)) = said.split_once("this one knows ") else {
        return said.to_owned();
    };
    let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    format!("{before}this one knows [N]{rest}")
}

const NEWER: &str = "error: registry [FILE] was written by a newer pgrole (schema 999, this one knows [N])\n\
     hint: install the newer pgrole here, or use another file with --registry FILE\n";

#[test]
fn a_file_of_another_program_is_refused() {
    let sandbox = Sandbox::new();
    make_registry_folder(&sandbox);
    let sql = "CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('x')";
    sqlite::query(&sandbox.registry(), sql);
    assert_eq!(
        expect_refused(&sandbox),
        "error: cannot upgrade registry [FILE]\n\
         caused by: it belongs to another program: it has the tables bookmarks, but no db_registry\n\
         hint: use another file with --registry FILE\n"
    );
}

const CORRUPT: &str = "error: registry [FILE] is corrupt\n\
     caused by: database disk image is malformed\n\
     hint: restore it from a backup, or save what can be read: sqlite3 [FILE] .recover\n";

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let whole = fs::read(sandbox.registry()).expect("the file is there");
    for length in [5_000, whole.len() / 2] {
        fs::write(sandbox.registry(), &whole[..length]).expect("the home can be written");
        assert_eq!(expect_refused(&sandbox), CORRUPT, "{length} bytes");
    }
    fs::write(sandbox.registry(), &whole[..40]).expect("the home can be written");
    let within_header = expect_refused(&sandbox);
    assert!(
        within_header.starts_with("error: registry [FILE] is corrupt\n"),
        "{within_header}"
    );
}

#[test]
fn a_file_with_pages_written_over_is_refused() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let mut bytes = fs::read(sandbox.registry()).expect("the file is there");
    let page = 4096;
    assert!(bytes.len() > 4 * page);
    bytes[page..].fill(0xa5);
    fs::write(sandbox.registry(), &bytes).expect("the home can be written");
    assert_eq!(expect_refused(&sandbox), CORRUPT);
}

#[test]
fn an_older_file_with_a_page_written_over_is_refused_before_it_is_adopted() {
    let sandbox = Sandbox::new();
    make_registry_folder(&sandbox);
    sqlite::query(
        &sandbox.registry(),
        "CREATE TABLE db_registry (env TEXT, db_name TEXT, hostname TEXT, port INTEGER, active INTEGER, notes TEXT);
         CREATE TABLE audit_log (line TEXT);
         INSERT INTO audit_log SELECT hex(zeroblob(1500)) FROM (SELECT 1 UNION SELECT 2 UNION SELECT 3);",
    );
    let mut bytes = fs::read(sandbox.registry()).expect("the file is there");
    let log_page = 2 * 4096;
    bytes[log_page..log_page + 100].fill(0xa5);
    fs::write(sandbox.registry(), &bytes).expect("the home can be written");
    let error = expect_refused(&sandbox);
    assert!(
        error.starts_with("error: registry [FILE] is corrupt\ncaused by: "),
        "{error}"
    );
}

/// Adds a target as nobody, to whom files can be read-only, and checks that nothing has changed.
#[track_caller]
fn refused_to_nobody(sandbox: &Sandbox, path: &Path) -> Outcome {
    let before = contents(folder_of(path));
    let add = [
        "registry", "add", "-e", "dev", "-d", "new", "-H", "h", "--format", "table",
    ];
    let outcome = sandbox
        .pgrole(add)
        .args(["--registry".as_ref(), path.as_os_str()])
        .under_nobody()
        .run();
    outcome.expect_status(1).expect_stdout("");
    assert!(
        contents(folder_of(path)) == before,
        "the folder's files have changed:{outcome}"
    );
    outcome
}

#[test]
fn a_read_only_file_is_refused() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    set_mode(&sandbox.registry(), 0o400);
    let outcome = refused_to_nobody(&sandbox, &sandbox.registry());
    outcome.filtered().expect_stderr(
        "error: registry [SANDBOX]/home/.local/share/pgrole/pg_registry.db is read-only for this user\n\
         caused by: Permission denied (os error 13)\n\
         hint: nothing is done that cannot be recorded in the audit log: run as the file's owner, \
         or use another file with --registry FILE\n",
    );
}

#[test]
fn a_file_in_a_read_only_folder_is_refused() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    set_mode(folder_of(&sandbox.registry()), 0o500);
    let outcome = refused_to_nobody(&sandbox, &sandbox.registry());
    outcome.filtered().expect_stderr(
        "error: the folder of registry [SANDBOX]/home/.local/share/pgrole/pg_registry.db is read-only for this user\n\
         caused by: attempt to write a readonly database\n\
         hint: nothing is done that cannot be recorded in the audit log, and SQLite needs a log file beside the registry: make the folder writable\n",
    );
    let elsewhere = sandbox.registry().with_file_name("new.db");
    refused_to_nobody(&sandbox, &elsewhere)
        .filtered()
        .expect_stderr(
            "error: cannot create registry [SANDBOX]/home/.local/share/pgrole/new.db\n\
         caused by: Permission denied (os error 13)\n\
         hint: use a file in a writable folder with --registry FILE\n",
        );
    // So that the sandbox can be removed by others than root.
    set_mode(folder_of(&sandbox.registry()), 0o700);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path().join("file"), "").expect("the sandbox can be written");
    let outcome = registry(&sandbox, "list --format table --registry file/sub/new.db");
    outcome.expect_status(1).expect_stdout("");
    assert!(
        outcome.stderr.starts_with("error: cannot create"),
        "{outcome}"
    );
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("our own file has a mode");
}
