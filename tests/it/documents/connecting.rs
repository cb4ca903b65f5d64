//! docs/connecting.md: what a registry entry says of its server, and the check of the setup.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::prints("pgrole registry update -e prod", "*dba_iam*"),
    Expected::prints("pgrole registry check -e dev", "*rights missing*dba_jane*"),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("the page shows an admin credential of its own") {
        return;
    }
    let mut fleet = Fleet::registered(&["myapp_dev"], &["shop"]);
    let role = format!(
        "CREATE ROLE dba_jane CREATEROLE LOGIN PASSWORD '{}'",
        fleet.dev.password()
    );
    fleet.dev.psql("postgres", &role);
    fleet.sandbox.env("PG_ADMIN_USER", "dba_jane");
    fleet.sandbox.env("PGROLE_FORMAT", "table");
    Page::new("docs/connecting.md").typed(&fleet, EXPECTED, |_| ());
}
