//! docs/explain.md: why a login cannot.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected {
        begins: "pgrole explain jane -e dev -d myapp_dev --on app.orders",
        status: 7,
        stdout: "*\"cause\": \"schema_usage\"*",
        answers: &[],
    },
    Expected::status("pgrole explain jane -e dev -d myapp_dev --on app.total", 7),
    Expected::status("pgrole explain jane -e dev -d myapp_dev --on app --kind", 7),
    Expected {
        begins: "pgrole explain jane -e dev -d myapp_dev --sql",
        status: 7,
        stdout: "*\"cause\": \"schema_usage\"*",
        answers: &[],
    },
    Expected {
        begins: "pgrole explain jane --format json",
        status: 7,
        stdout: "prod/myapp_prod: role \"jane\" does not exist\n",
        answers: &[],
    },
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("whether a password is set is unknown to others") {
        return;
    }
    let fleet = Fleet::registered(&["myapp_dev"], &["myapp_prod"]);
    fleet.dev.psql(
        "myapp_dev",
        "CREATE ROLE jane LOGIN PASSWORD 'secret'; CREATE SCHEMA app; CREATE TABLE app.orders (id int);
         CREATE FUNCTION app.total(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    );
    Page::new("docs/explain.md").typed(&fleet, EXPECTED, |_| {});
}
