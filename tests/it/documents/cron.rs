//! docs/cron.md: a role is brought under rotation, and somebody is told of what expires.

use super::{Expected, Fleet, Page, shell};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::prints("pgrole rotate adopt", "*\"role adopted\"*"),
    Expected::prints("sudo -u pgrole -H pgrole registry add", "*\"unchanged\"*"),
    Expected::prints("pgrole notify expiring", ""),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("a role made by another one is not theirs to change") {
        return;
    }
    let fleet = Fleet::registered(&[], &["myapp_prod"]).with_secrets();
    let prod = fleet.prod.as_ref().expect("it was started");
    prod.psql("postgres", "CREATE ROLE web01_8080 LOGIN");
    // As the user pgrole, who is nobody here.
    shell::program(
        &fleet.sandbox,
        "sudo",
        "[ \"$1 $2 $3\" = '-u pgrole -H' ] && shift 3 && exec \"$@\"",
    );
    Page::new("docs/cron.md").typed(&fleet, EXPECTED, |_| ());
    fleet.typed("pgrole rotate --older-than 90d --yes");
    let files = std::fs::read_dir(fleet.home().join("secrets/prod")).expect("it is there");
    assert_eq!(files.count(), 1);
}
