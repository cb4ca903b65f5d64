//! docs/copying.md: logins like others, their names, and in what they differ.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::prints(
        "pgrole user clone --from jane --to joe",
        "*\"user cloned\"*",
    ),
    Expected::prints("pgrole user clone --from jane@dev", "*CREATE ROLE*"),
    Expected::status("pgrole user compare analyst01@dev", 7),
    Expected::prints("pgrole user rename jane", "*\"user renamed\"*"),
    Expected::prints("pgrole user set jane", "*\"user changed\"*"),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("others cannot read all that is compared") {
        return;
    }
    let fleet = Fleet::registered(&["myapp_dev"], &["myapp_prod"]);
    fleet.typed(
        "pgrole user devqa -e dev -d myapp_dev -u jane --deliver file:jane
        pgrole user readonly -e dev -d myapp_dev -u analyst01 --deliver file:dev
        pgrole user readonly -e prod -d myapp_prod -u analyst01 --connection-limit 5 --deliver file:prod --yes",
    );
    Page::new("docs/copying.md").typed(&fleet, EXPECTED, |command| {
        if command.starts_with("pgrole user set jane") && command.contains("--ends-on") {
            // The page has just renamed her.
            fleet.typed("pgrole user rename jane_doe --to jane -e dev -d myapp_dev");
        }
    });
}
