//! docs/rotation.md: an open change is settled, and passwords are rotated.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::prints("pgrole recover list", "*\"UNDELIVERED\"*"),
    Expected::status("pgrole recover run", 8),
    Expected::prints("pgrole recover show", "*\"UNDELIVERED\"*"),
    Expected::prints("pgrole rotate --older-than 90d --dry-run", "*\"due\":1*"),
    Expected::prints("pgrole rotate --older-than 90d --canary", "*\"rotated\":1*"),
    Expected::prints("pgrole rotate adopt", "*\"role adopted\"*"),
    Expected::prints("pgrole rotate -u NAME", "*\"rotated\":1*"),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("a role made by another one is not theirs to change") {
        return;
    }
    let fleet = Fleet::registered(&["myapp_dev"], &[]).with_secrets();
    fleet.dev.psql("postgres", "CREATE ROLE web01 LOGIN");
    let jane = "pgrole user readonly -e dev -d myapp_dev -u jane";
    fleet
        .tried(&format!("{jane} --deliver 'exec:test -e taken'"))
        .expect_status(8);
    let open = fleet.typed("pgrole recover list").json();
    let id = open[0]["id"].as_str().expect("an ID").to_owned();
    fleet.typed("pgrole user readonly -e dev -d myapp_dev -u joe --deliver file:joe");
    fleet.make_overdue("joe");
    Page::new("docs/rotation.md")
        .with("show ID", format!("show {id}"))
        .with("abort ID", format!("abort {id}"))
        .with("-u NAME", "-u web01")
        .with(
            "--deliver WHERE --deliver WHERE",
            "--deliver file:web01 --deliver file:web01.again",
        )
        .with("--deliver WHERE", "--deliver file:web01")
        .typed(&fleet, EXPECTED, |_| ());
}
