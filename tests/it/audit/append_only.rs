//! History cannot be altered by the program that everybody has at hand.

use super::{CHECK, sandbox_with_target};
use crate::harness::sqlite;

#[test]
fn rows_are_neither_changed_nor_removed_nor_replaced() {
    let sandbox = sandbox_with_target(1);
    sandbox.pgrole(CHECK).run().expect_status(5);
    let file = sandbox.registry();
    let all = "SELECT * FROM audit_log";
    let before = sqlite::query(&file, all);
    let columns =
        "performed_at, operation_id, stage, operation, status, os_user, uid, host, pid, version";
    let values = "'x', 'x', 'event', 'x', 'x', 'x', 0, 'x', 0, 'x'";
    for sql in [
        "UPDATE audit_log SET status = 'user created'",
        "UPDATE OR REPLACE audit_log SET id = 1 WHERE id = 2",
        "UPDATE OR IGNORE audit_log SET os_user = 'somebody' WHERE id = 1",
        "DELETE FROM audit_log",
        "DELETE FROM audit_log WHERE id = 1",
        &format!("INSERT OR REPLACE INTO audit_log (id, {columns}) VALUES (1, {values})"),
        &format!("REPLACE INTO audit_log (rowid, {columns}) VALUES (2, {values})"),
        &format!(
            "INSERT INTO audit_log (id, {columns}) VALUES (1, {values})
             ON CONFLICT (id) DO UPDATE SET status = 'x'"
        ),
    ] {
        let refused = sqlite::sqlite3(&file, sql);
        assert_ne!(refused.status(), Some(0), "{sql}{refused}");
        refused.expect_in_stderr("audit_log is append-only");
        assert_eq!(sqlite::query(&file, all), before, "{sql}");
    }
}

#[test]
fn an_id_is_never_used_again() {
    let sandbox = sandbox_with_target(1);
    let file = sandbox.registry();
    let last = "SELECT max(id) FROM audit_log";
    let before: u32 = sqlite::query(&file, last).parse().expect("a number");
    sandbox
        .pgrole(["registry", "disable", "-e", "dev", "-d", "app"])
        .run()
        .expect_status(0);
    assert_eq!(sqlite::query(&file, last), (before + 1).to_string());
}
