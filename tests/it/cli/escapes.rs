//! Every byte that came from outside is escaped before a terminal sees it, whatever command prints it.

use super::words;
use crate::harness::{Sandbox, sqlite};

/// Moves the cursor, sets the title, reorders what is read, ends a line, hides.
const ODD: &str =
    "a\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}b\u{2028}c\u{2029}d\u{ad}e\u{feff}f\u{200b}g";

/// A sandbox whose registry and log hold such a name.
fn sandbox_with_odd_name() -> Sandbox {
    let sandbox = Sandbox::new();
    let add = words("registry add -e dev -d app -H db.example.com");
    sandbox.pgrole(add).run().expect_status(0);
    sqlite::query(
        &sandbox.registry(),
        &format!(
            "INSERT INTO cluster_place (hostname, port, cluster_id) VALUES ('db.example.com', '5432', 'c');
             INSERT INTO placed_role (cluster_id, hostname, port, username, env, db_name, password_changed_at)
                VALUES ('c', 'db.example.com', '5432', '{ODD}', 'dev', 'app', '2020-01-01T00:00:00.000000Z');
             INSERT INTO audit_log (performed_at, operation_id, stage, operation, username, status, os_user, uid, host,
                pid, version) VALUES ('2020-01-01T00:00:00.000000Z', 'a', 'event', '{ODD}', '{ODD}', '{ODD}', '{ODD}',
                1, 'h', 1, '0')"
        ),
    );
    sandbox
}

#[test]
fn what_a_terminal_would_act_on_is_shown_instead_by_every_command() {
    let sandbox = sandbox_with_odd_name();
    for text in [
        "audit list",
        "audit list --format json",
        "audit show 3",
        "audit export",
        "audit export --format csv",
        "audit export --format cef",
        "rotate status",
        "rotate status --format prometheus",
        "rotate status --format jsonl",
    ] {
        let (screen, _) = sandbox.pgrole(words(text)).in_terminal(500).wait_status();
        let bad = |letter: &char| ODD.contains(*letter) && !letter.is_ascii_graphic();
        let found: Vec<_> = screen
            .chars()
            .filter(bad)
            .filter(|letter| *letter != '\u{1b}')
            .collect();
        assert!(found.is_empty(), "{text}: {found:?}\n{screen}");
        assert!(!screen.contains("\u{1b}]"), "{text}\n{screen}");
        assert!(
            screen.contains("202e"),
            "{text}: the name is not shown\n{screen}"
        );
    }
}

#[test]
fn what_goes_to_a_file_or_a_program_is_exact() {
    let sandbox = sandbox_with_odd_name();
    for text in [
        "audit export --format csv",
        "rotate status --format prometheus",
    ] {
        let outcome = sandbox.pgrole(words(text)).run();
        outcome.expect_status(0);
        assert!(outcome.stdout.contains(ODD), "{outcome}");
    }
}
