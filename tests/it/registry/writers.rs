//! Many processes at once on one file.

use super::{add_myapp, make_registry_folder, registry};
use crate::harness::{Sandbox, sqlite};

const WRITERS: usize = 16;

#[test]
fn sixteen_first_writers_at_once_lose_nothing() {
    // A new file in a new folder, where everybody is the first.
    let sandbox = Sandbox::new();
    add_sixteen_at_once(&sandbox);
}

#[test]
fn sixteen_writers_at_once_on_an_older_file_adopt_it_once() {
    let sandbox = Sandbox::new();
    make_registry_folder(&sandbox);
    sqlite::query(
        &sandbox.registry(),
        "CREATE TABLE db_registry (env TEXT, db_name TEXT, hostname TEXT, port INTEGER, active INTEGER, notes TEXT);
         CREATE TABLE audit_log (line TEXT); INSERT INTO audit_log VALUES ('kept');",
    );
    add_sixteen_at_once(&sandbox);
    assert_eq!(
        sqlite::query(&sandbox.registry(), "SELECT line FROM audit_log_older"),
        "kept"
    );
}

#[track_caller]
fn add_sixteen_at_once(sandbox: &Sandbox) {
    let start = |number: usize| {
        let database = format!("app_{number:02}");
        let add = ["registry", "add", "-e", "dev", "-H", "h", "-d", &database];
        sandbox.pgrole(add).spawn()
    };
    let running: Vec<_> = (0..WRITERS).map(start).collect();
    for process in running {
        process.wait().expect_status(0).expect_stderr("");
    }
    let file = sandbox.registry();
    let count = |what: &str| sqlite::query(&file, &format!("SELECT count(*) FROM {what}"));
    assert_eq!(count("db_registry"), WRITERS.to_string());
    assert_eq!(
        count("audit_log WHERE operation = 'registry add'"),
        WRITERS.to_string()
    );
    assert_eq!(count("audit_log WHERE operation = 'registry open'"), "1");
    assert_eq!(sqlite::query(&file, "PRAGMA integrity_check"), "ok");
}

#[test]
fn a_reader_does_not_wait_for_a_writer() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let _lock = sqlite::Lock::on(&sandbox.registry());
    registry(&sandbox, "list").expect_status(0);
}
