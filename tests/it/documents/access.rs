//! docs/access.md: groups that are prepared and compared, access that is granted and revoked.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::status("pgrole access check", 7),
    Expected {
        begins: "pgrole access check -e prod -d 'billing_*'",
        status: 7,
        stdout: "billing_prod\n",
        answers: &[],
    },
    Expected::prints("pgrole user readonly", "*\"access granted\"*"),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("others lack rights that the page takes for granted") {
        return;
    }
    let fleet = Fleet::registered(&["myapp_dev"], &["myapp_prod", "billing_prod"]);
    let prod = fleet.prod.as_ref().expect("it was started");
    prod.psql("postgres", "CREATE ROLE deploy_admin CREATEROLE LOGIN");
    fleet.typed("pgrole user readonly -e prod -d myapp_prod -u analyst01 --access none --deliver file:analyst01 --yes");
    Page::new("docs/access.md").typed(&fleet, EXPECTED, |command| {
        if command.starts_with("pgrole access check") && !command.contains("billing") {
            prod.psql("billing_prod", "CREATE TABLE invoices ()");
            fleet.typed("pgrole access prepare -e prod -d billing_prod --yes");
            let gap = "REVOKE SELECT ON invoices FROM billing_prod_readonly";
            prod.psql("billing_prod", gap);
        }
        if command.contains("--log postgresql-Mon.log") {
            fleet.tried("touch postgresql-Mon.log");
        }
    });
}
