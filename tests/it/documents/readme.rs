//! README.md: the tour, from an empty home on, and the completions.

use std::fs;

use super::{Expected, Fleet, Page};
use crate::harness::{Keyring, skip_unless_superuser};

const EXPECTED: &[Expected] = &[
    Expected::asks(
        "pgrole credential set -e dev -U dba_jane",
        &[
            ("password of \"dba_jane\"", "her-s3cret"),
            ("repeat it", "her-s3cret"),
        ],
    ),
    Expected::prints("pgrole registry check", "*\"ok\"*\"keyring\"*\"dba_jane\"*"),
    Expected::prints(
        "pgrole user readonly -e dev -d myapp_dev -u analyst01 --dry-run",
        "*CREATE ROLE*",
    ),
    Expected::prints("pgrole user readonly", "*\"user created\"*"),
    Expected::prints("pgrole user find", "*\"user found\"*"),
    Expected::prints("pgrole rotate --older-than 90d --dry-run", "*\"due\":1*"),
    Expected::prints("pgrole rotate --older-than 90d", "*\"rotated\":1*"),
    Expected::prints("pgrole audit verify", "*\"intact\"*"),
];

#[test]
fn the_tour_runs_as_printed() {
    if skip_unless_superuser("others lack rights that the tour takes for granted") {
        return;
    }
    let mut fleet = Fleet::without_login(&["myapp_dev"], &[]).with_secrets();
    let Some(keyring) = Keyring::unlocked(&fleet.sandbox) else {
        return;
    };
    fleet
        .sandbox
        .env("DBUS_SESSION_BUS_ADDRESS", keyring.address());
    let role = "CREATE ROLE dba_jane SUPERUSER LOGIN PASSWORD 'her-s3cret'";
    fleet.dev.psql("postgres", role);
    fleet.typed("ssh-keygen -q -N '' -t ed25519 -f key && mv key.pub jane.pub");
    Page::new("README.md").typed(&fleet, EXPECTED, |command| {
        if command.starts_with("pgrole rotate --older-than 90d --dry-run") {
            fleet.make_overdue("web01_8080");
        }
    });
    let files = fs::read_dir(fleet.home().join("secrets/dev"));
    assert_eq!(files.expect("the folder is there").count(), 1);
    let handed_over = fleet.text_of("jane@dev.myapp_dev.age");
    assert!(handed_over.starts_with("-----BEGIN AGE"));
    let completions = fleet.text_of(".local/share/bash-completion/completions/pgrole");
    assert!(completions.contains("complete "), "{completions}");
}
