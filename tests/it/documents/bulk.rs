//! docs/bulk.md: a file of new logins, and the fleet as a file. Its other section is in `handover::documented`.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::prints(
        "pgrole user create --from people.csv --yes --format jsonl | jq -c",
        "",
    ),
    Expected::prints(
        "pgrole user create --from people.csv --yes --format jsonl | jq -r",
        "",
    ),
    Expected::status("pgrole apply -f fleet.toml --check", 7),
    Expected::prints(
        "pgrole apply -f fleet.toml --dry-run",
        "*CONNECTION LIMIT 20*",
    ),
    Expected::prints("pgrole apply -f fleet.toml", "*\"user changed\"*"),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("others lack rights that the page takes for granted") {
        return;
    }
    let fleet = Fleet::registered(&["myapp_dev", "reports"], &["myapp_prod"]).with_secrets();
    let page = Page::new("docs/bulk.md").without_section("Handing logins over to people");
    let people = fleet.own(&page.file("env,database,profile,username,access"));
    fleet.write("people.csv", &people);
    page.typed(&fleet, EXPECTED, |command| {
        if command.starts_with("pgrole apply -f fleet.toml --check") {
            fleet
                .dev
                .psql("myapp_dev", "ALTER ROLE jane CONNECTION LIMIT 3");
        }
    });
    let passwords = fleet.text_of("passwords.jsonl");
    let mut rows = passwords.lines();
    let of_jane = rows.find(|row| row.contains("\"username\":\"jane\""));
    assert!(
        of_jane.is_some_and(|row| row.contains("\"user created\"")),
        "{passwords}"
    );
    // The file that the page shows differs from this fleet, and is applied.
    fleet.dev.psql("myapp_dev", "CREATE SCHEMA app");
    fleet.write("shown.toml", &page.file("version = 1"));
    fleet
        .tried("pgrole apply -f shown.toml --check")
        .expect_status(7);
    fleet.typed("pgrole apply -f shown.toml --yes");
    fleet.typed("pgrole apply -f shown.toml --check");
}
