//! docs/roles.md: roles are found, listed and shown.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::prints("pgrole user find analyst01 ", "*\"user found\"*"),
    Expected::prints("pgrole user list --superuser", "*\"postgres\"*"),
    Expected::prints("pgrole user find analyst01 --offline", "*\"user found\"*"),
    Expected::prints("pgrole user show analyst01 -e prod", "*\"readonly\"*"),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("others cannot read all that is shown") {
        return;
    }
    let fleet = Fleet::registered(&["myapp_dev"], &["myapp_prod", "app_one"]);
    fleet.typed(
        "pgrole user readonly -e dev -d myapp_dev -u analyst01 --deliver file:dev
        pgrole user readonly -e prod -d myapp_prod -u analyst01 --deliver file:prod --yes
        pgrole user devqa -e dev -d myapp_dev -u temp01 --valid-for 7d --deliver file:temp01",
    );
    Page::new("docs/roles.md").typed(&fleet, EXPECTED, |_| ());
}
