//! docs/registry.md: targets from a file, as a file, and from a server.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::prints("pgrole registry import targets.csv --dry-run", "*\"qa\"*"),
    Expected::prints("pgrole registry export --format json -e prod", "1\n"),
    Expected {
        begins: "pgrole registry import targets.csv --dry-run --format json",
        status: 2,
        stdout: "3: *port*",
        answers: &[],
    },
    Expected::prints(
        "pgrole registry discover -e dev -H pg-dev-01.example.com --format json",
        "postgres\n",
    ),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("the admin credential does not matter") {
        return;
    }
    let databases = &["myapp_dev", "shop_eu", "shop_us", "billing", "crm"];
    let fleet = Fleet::registered(databases, &["myapp_prod"]);
    let targets = "env,database,hostname,port\nqa,myapp_qa,pg-qa-01.example.com,5432\n";
    fleet.write("targets.csv", targets);
    fleet.write(
        ".pg_service.conf",
        "[crm]\nhost=pg-crm-01.example.com\ndbname=crm_service\n",
    );
    Page::new("docs/registry.md").typed(&fleet, EXPECTED, |command| {
        if command.contains("select(.problem)") {
            assert!(fleet.text_of("targets.csv").contains("myapp_qa"));
            fleet.write(
                "targets.csv",
                &format!("{targets}qa,myapp_two,localhost,port\n"),
            );
        }
    });
}
