//! docs/rehearse.md: what the server says of a change, in a transaction that is rolled back.

use super::{Expected, Fleet, Page};

const EXPECTED: &[Expected] = &[
    Expected::prints("pgrole user readonly", "*\"rehearsed\"*"),
    Expected::prints("pgrole access prepare", "*accepted*"),
];

#[test]
fn the_page_runs_as_printed() {
    let fleet = Fleet::registered(&["myapp_dev"], &[]);
    Page::new("docs/rehearse.md").typed(&fleet, EXPECTED, |_| ());
}
