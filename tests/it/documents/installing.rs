//! docs/installing.md: what a package, or the static program, is asked first. The rest is in scripts/test-packages.

use super::{Expected, Fleet, Page};
use crate::harness::Sandbox;

const VERSION: &str = concat!("pgrole ", env!("CARGO_PKG_VERSION"), "\n");
const EXPECTED: &[Expected] = &[
    Expected::prints("pgrole --version", VERSION),
    Expected::prints("pgrole --version", VERSION),
];

#[test]
fn the_page_runs_as_printed() {
    let fleet = Fleet::new(&[], &[]);
    Page::new("docs/installing.md").typed(&fleet, EXPECTED, |_| ());
    let manual = Sandbox::home(&fleet.sandbox).join(".local/share/man/man1/pgrole-user.1");
    assert!(manual.exists(), "{}", manual.display());
}
