//! docs/dual.md: logins are made, converted to two, and back.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::prints("pgrole user app", "*\"owner\": \"web01_8080\"*"),
    Expected::prints("pgrole rotate --older-than 90d", "*\"rotated\":0*"),
    Expected::prints(
        "pgrole user convert -e prod -d myapp_prod web01_8080 --dual",
        "*\"outgoing\": \"web02_8080\"*",
    ),
    Expected::prints(
        "pgrole user convert -e prod -d myapp_prod web01_8080 --single",
        "*\"outgoing\": \"web01_8080_a\"*",
    ),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("others lack rights that the page takes for granted") {
        return;
    }
    let fleet = Fleet::registered(&["myapp_dev"], &["myapp_prod"]).with_secrets();
    let single = "pgrole user app -e prod -d myapp_prod --servername web02 --port 8080";
    fleet.typed(&format!("{single} --deliver file:web02 --yes"));
    Page::new("docs/dual.md")
        .with("web01_8080 --dual", "web02_8080 --dual")
        .typed(&fleet, EXPECTED, |_| ());
}
