//! docs/configuration.md: the config file, and a registry that is edited by hand.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::prints("pgrole config init", "*\"created\"*"),
    Expected::prints("pgrole config check", "[]\n"),
    Expected::prints(
        "sqlite3 ~/.local/share/pgrole/pg_registry.db \"SELECT",
        "*registry add*",
    ),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("the admin credential does not matter") {
        return;
    }
    let fleet = Fleet::registered(&["myapp_dev"], &[]);
    Page::new("docs/configuration.md")
        .with(
            "-e dev -d myapp_dev -H HOST",
            "-e qa -d myapp_qa -H pg-qa-01.example.com",
        )
        .typed(&fleet, EXPECTED, |_| ());
    let list = fleet.typed("pgrole registry list -e qa");
    assert_eq!(list.json()[0]["hostname"], "pg-qa-01.example.com", "{list}");
}
