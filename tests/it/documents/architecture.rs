//! ARCHITECTURE.md: the command that it follows through the code.

use super::{Fleet, Page};
use crate::harness::skip_unless_superuser;

#[test]
fn its_command_runs_as_printed() {
    if skip_unless_superuser("a role made by another one is not theirs to change") {
        return;
    }
    let fleet = Fleet::registered(&["myapp_dev"], &[]);
    fleet.dev.psql("postgres", "CREATE ROLE web01_8080 LOGIN");
    Page::new("ARCHITECTURE.md").typed(&fleet, &[], |_| ());
}
