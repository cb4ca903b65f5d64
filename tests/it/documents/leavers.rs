//! docs/leavers.md: lock, drop and offboard.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::status("pgrole user drop -e dev -d myapp_dev jane --dry-run", 6),
    Expected::prints("pgrole user lock", "*\"user locked\"*"),
    Expected::prints("pgrole user unlock", "*\"user unlocked\"*"),
    Expected::prints(
        "pgrole user drop -e dev -d myapp_dev jane --reassign",
        "*\"user dropped\"*",
    ),
    Expected::prints(
        "pgrole offboard jane --reason HR-4711 --reassign-to app_owner",
        "*\tuser dropped\t\n",
    ),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("an heir of another owner is not theirs to serve") {
        return;
    }
    let fleet = Fleet::registered(&["myapp_dev"], &["myapp_prod"]);
    let prod = fleet.prod.as_ref().expect("it was started");
    let jane = "CREATE ROLE jane LOGIN";
    for (cluster, database) in [(&fleet.dev, "myapp_dev"), (prod, "myapp_prod")] {
        let table = "CREATE TABLE notes (); ALTER TABLE notes OWNER TO jane";
        cluster.psql(database, &format!("CREATE ROLE app_owner; {jane}; {table}"));
    }
    Page::new("docs/leavers.md").typed(&fleet, EXPECTED, |command| {
        // Each act of the page ends her.
        if command.contains("--reassign-to-owner --dry-run") {
            fleet.dev.psql("postgres", jane);
        }
        if command.contains("--reassign-to app_owner --format json") {
            prod.psql("postgres", jane);
        }
    });
    assert!(fleet.text_of("HR-4711.json").contains("\"user dropped\""));
}
