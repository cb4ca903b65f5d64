//! docs/scripting.md: its scripts and recipes give what the page says.

use super::{Expected, Fleet, Page};
use crate::harness::{ClosedPort, skip_unless_superuser};

const EXPECTED: &[Expected] = &[
    Expected::prints("created=$(pgrole user app", ""),
    Expected::prints("pgrole user reset", "web01_8080\n"),
    Expected::prints("pgrole rotate --older-than 90d --yes --quiet", ""),
    Expected::status("pgrole registry check --format json 2>", 4),
    Expected::prints("jq -r '.error", "dev/gone: unreachable\n"),
    Expected::prints(
        "pgrole registry check --format json | jq",
        "dev/gone\tunreachable: TCP\n",
    ),
    Expected::prints("pgrole registry check -e prod", ""),
    Expected::prints(
        "pgrole registry list --format json",
        "dev: myapp_dev\nprod: myapp_prod\n",
    ),
    Expected::prints("pgrole registry discover", "billing\npostgres\n"),
    Expected::prints("pgrole access check", "prod/myapp_prod 0 1\n"),
    Expected::prints("pgrole user list --format json | jq -r '\n", ""),
    Expected::prints("pgrole user find", "dev/myapp_dev\nprod/myapp_prod\n"),
    Expected::prints(
        "pgrole user list --by-cluster --format json",
        "legacy01\npostgres\n",
    ),
    Expected::prints("pgrole user list --by-cluster --expiring", "20*: temp01\n"),
    Expected::prints("pgrole user show", "dev/myapp_dev: public.reports\n"),
    Expected::prints(
        "pgrole user compare",
        "connection_limit \ncomment \nmembership *",
    ),
    Expected::prints("pgrole user readonly", ""),
    Expected::prints(
        "pgrole rotate status --older-than 90d --format json | jq -r",
        "other01 unknown\n",
    ),
    Expected::prints(
        "pgrole rotate status --format json",
        "other01: not under rotation here*\n",
    ),
    Expected::prints(
        "pgrole rotate status --older-than 90d --format json | jq -e",
        "CRITICAL: passwords are overdue\n",
    ),
    Expected::prints(
        "pgrole rotate --older-than 90d --yes --format jsonl",
        "{\"due\":0,\"rotated\":0,\"failed\":0}\n",
    ),
    Expected::prints("for attempt in 1 2 3", "nothing is open\n"),
    Expected::prints("pgrole audit list --failed", "*user reset nobody 42704\n*"),
    Expected::prints("pgrole audit list --since 1d", "* 5\n"),
    Expected::prints("id=$(pgrole audit list", ""),
    Expected::prints("anchor=$(", "intact\n"),
    Expected::prints("pgrole doctor", ""),
    Expected::prints("pgrole schema user reset", "username: The role.\n*"),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("others see other roles, and lack rights") {
        return;
    }
    let (fleet, _closed) = prepared();
    Page::new("docs/scripting.md")
        .in_bash_as_it_comes()
        .typed(&fleet, EXPECTED, |command| {
            let is_about_failures = command.starts_with("pgrole registry check --format json");
            let verb = if is_about_failures {
                "enable"
            } else {
                "disable"
            };
            fleet.typed(&format!("pgrole registry {verb} -e dev -d gone"));
        });
    assert!(
        fleet
            .text_of("logins.csv")
            .contains("\"dev\",\"myapp_dev\",\"analyst01\",\"readonly\",")
    );
    assert!(
        fleet
            .text_of("analyst02.sql")
            .contains("CREATE ROLE \"analyst02\"")
    );
    assert!(fleet.text_of("undo.sql").contains("DROP ROLE"));
    assert_eq!(fleet.text_of("grants.sql"), "");
}

fn prepared() -> (Fleet, ClosedPort) {
    let mut fleet = Fleet::new(&["myapp_dev", "myapp_prod", "billing"], &[]);
    fleet.sandbox.register(&fleet.dev, "dev", "myapp_dev");
    fleet.sandbox.register(&fleet.dev, "prod", "myapp_prod");
    let closed = ClosedPort::new();
    fleet.sandbox.register_on_port(closed.port, "dev", "gone");
    fleet.typed(
        "pgrole registry disable -e dev -d gone
        pgrole user readonly -e dev -d myapp_dev -u analyst01 --deliver file:analyst01
        pgrole user readonly -e dev -d myapp_dev -u temp01 --valid-for 7d --deliver file:temp01",
    );
    fleet.dev.psql("postgres", "CREATE ROLE legacy01 LOGIN");
    let table = "CREATE TABLE reports (); ALTER TABLE reports OWNER TO analyst01";
    fleet.dev.psql("myapp_dev", table);
    fleet.typed(
        "pgrole user readonly -e prod -d myapp_prod -u analyst03 --deliver file:analyst03 --yes",
    );
    let excess = "CREATE TABLE orders (); GRANT INSERT ON orders TO myapp_prod_readonly";
    fleet.dev.psql("myapp_prod", excess);
    fleet
        .tried("pgrole user reset -e dev -d myapp_dev -u nobody")
        .expect_status(3);
    // Somebody else's registry.
    fleet.typed(&format!(
        "export PGROLE_REGISTRY=$PWD/other.db
        pgrole registry add -e dev -d myapp_dev -H 127.0.0.1 -p {}
        pgrole user readonly -e dev -d myapp_dev -u other01 --deliver file:other01",
        fleet.dev.port()
    ));
    (fleet, closed)
}
