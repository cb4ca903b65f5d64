//! docs/timed.md: access is granted for hours, extended, and ended.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::prints("pgrole access grant", "*\"access granted\"*"),
    Expected::prints("pgrole access extend", "*\"extended\"*"),
    Expected::prints("pgrole access revoke", "*\"access revoked\"*"),
    Expected::prints(
        "pgrole audit list --operation 'access grant --for'",
        "*access grant --for*",
    ),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("others lack rights that the page takes for granted") {
        return;
    }
    let fleet = Fleet::registered(&[], &["billing_prod"]);
    let prod = fleet.prod.as_ref().expect("it was started");
    fleet.typed("pgrole user readonly -e prod -d billing_prod -u jane --deliver file:jane --yes");
    fleet.typed(
        "pgrole access grant jane -e prod -d billing_prod --level ddl --for 2h --reason INC-4711 --yes",
    );
    let role = prod.psql(
        "postgres",
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'pgrole_box_%'",
    );
    let id = role.strip_prefix("pgrole_box_").expect("it was granted");
    Page::new("docs/timed.md")
        .with("1f0c2b7a90d4e611", id)
        .typed(&fleet, EXPECTED, |_| ());
}
