//! docs/audit.md: the log is read, verified, archived and exported.

use super::{Expected, Fleet, Page, shell};
use crate::harness::{skip_unless_superuser, sqlite};

const EXPECTED: &[Expected] = &[
    Expected::prints(
        "pgrole audit list --failed",
        "*\"operation\": \"user reset\"*",
    ),
    Expected::prints("pgrole audit verify --checkpoint", "*\"intact\"*"),
    Expected::prints("pgrole audit verify --anchors", "*\"intact\"*"),
    Expected::prints("pgrole audit verify --archive", "*\"intact\"*"),
    Expected::prints("pgrole audit list --archive", "*\"web01_8080\"*"),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("only the log of one is looked at") {
        return;
    }
    let fleet = Fleet::registered(&["myapp_dev"], &[]);
    shell::program(&fleet.sandbox, "logger", "cat > \"$HOME/logged\"");
    fleet.typed("pgrole user app -e dev -d myapp_dev --servername web01 --port 8080 --deliver file:web01 > kept.jsonl");
    fleet
        .tried("pgrole user reset -e dev -d myapp_dev -u nobody")
        .expect_status(3);
    let query = |sql: &str| sqlite::query(&fleet.sandbox.registry(), sql);
    let id = query("SELECT max(id) FROM audit_log WHERE status = 'user created'");
    // For what follows is done this year.
    let last = query("SELECT max(performed_at) FROM audit_log");
    Page::new("docs/audit.md")
        .with("show 57", format!("show {id}"))
        .with("--before 2026-01-01", format!("--before {last}"))
        .typed(&fleet, EXPECTED, |_| ());
    assert!(fleet.text_of("logged").starts_with("CEF:0|"));
}
