//! What the config file says of the servers of an environment, and `registry add` of what is there already.

use super::registry;
use crate::harness::{Sandbox, sqlite};

const CONFIG: &str = "[registry.env.prod]\nport = 6432\nsslmode = \"verify-ca\"\nsslrootcert = \"/etc/ssl/corp-ca.pem\"\nadmin_user = \"dba\"\n";

#[test]
fn a_new_target_has_the_defaults_of_its_environment_unless_it_is_said_otherwise() {
    let sandbox = Sandbox::new();
    sandbox.write_config(CONFIG);
    let added = registry(&sandbox, "add -e prod -d a -H db.example.com").json();
    assert_eq!(added["port"], 6432);
    assert_eq!(added["sslmode"], "verify-ca");
    assert_eq!(added["sslrootcert"], "/etc/ssl/corp-ca.pem");
    assert_eq!(added["admin_user"], "dba");
    let words = "add -e prod -d b -H db.example.com -p 5433 --sslmode default --sslrootcert system --admin-user ann";
    let added = registry(&sandbox, words).json();
    assert_eq!(added["port"], 5433);
    assert!(added["sslmode"].is_null());
    assert_eq!(added["sslrootcert"], "system");
    assert_eq!(added["admin_user"], "ann");
    // Elsewhere they are none, and a service says all itself.
    let added = registry(&sandbox, "add -e dev -d a -H db.example.com").json();
    assert_eq!(added["port"], 5432);
    assert!(added["admin_user"].is_null());
    let added = registry(&sandbox, "add -e prod -d c --service shop").json();
    assert!(added["sslmode"].is_null() && added["port"].is_null());
}

#[test]
fn a_misspelled_default_is_refused_with_the_nearest() {
    let sandbox = Sandbox::new();
    for (text, wanted) in [
        (
            "[registry.env.prod]\nsslmod = \"require\"\n",
            "did you mean \\\"sslmode\\\"?",
        ),
        (
            "[registry.env.prd]\nport = 5432\n",
            "did you mean \\\"prod\\\"?",
        ),
        (
            "[registry.env.prod]\nsslmode = \"full\"\n",
            "expected one of disable",
        ),
        (
            "[registry.env.prod]\nsslrootcert = \"ca.pem\"\n",
            "neither a full path nor",
        ),
    ] {
        sandbox.write_config(text);
        let refused = registry(&sandbox, "list");
        refused.expect_status(2).expect_in_stderr(wanted);
    }
}

#[test]
fn adding_what_is_there_already_changes_nothing() {
    let sandbox = Sandbox::new();
    let words = "add -e dev -d a -H db.example.com --sslmode require --notes mine";
    assert_eq!(registry(&sandbox, words).json()["status"], "target added");
    // A cluster that answered since is no difference, nor are notes that are not named.
    let seen = "UPDATE db_registry SET system_identifier = '73'";
    sqlite::query(&sandbox.registry(), seen);
    let again = registry(
        &sandbox,
        "add -e dev -d a -H db.example.com --sslmode require",
    );
    again.expect_status(0);
    assert_eq!(again.json()["status"], "unchanged");
    assert_eq!(again.json()["notes"], "mine");
    let refused = registry(
        &sandbox,
        "add -e dev -d a -H db.example.com --direct --notes its",
    );
    refused.expect_status(6);
    assert_eq!(
        refused.json_error()["error"]["hint"],
        "to change it: pgrole registry update -e dev -d a --sslmode default --direct=yes --notes its"
    );
    registry(&sandbox, "disable -e dev -d a").expect_status(0);
    let refused = registry(&sandbox, words);
    refused.expect_status(6);
    assert_eq!(
        refused.json_error()["error"]["hint"],
        "to enable it: pgrole registry enable -e dev -d a"
    );
    let count = "SELECT count(*) FROM audit_log";
    assert_eq!(sqlite::query(&sandbox.registry(), count), "3");
}

#[test]
fn the_command_in_the_refusal_makes_it_so() {
    let sandbox = Sandbox::new();
    registry(
        &sandbox,
        "add -e dev -d a -H old.example.com -p 1 --require-auth md5 --admin-user x",
    )
    .expect_status(0);
    let words = "add -e dev -d a -H a.example.com,b.example.com -p 5,6 --sslrootcert /a,b.pem --channel-binding prefer";
    let refused = registry(&sandbox, words);
    refused.expect_status(6);
    let error = refused.json_error();
    let hint = error["error"]["hint"].as_str().expect("a hint");
    let command = hint
        .strip_prefix("to change it: pgrole ")
        .expect("a command");
    let arguments = shlex::split(command).expect("it is quoted");
    sandbox.pgrole(arguments).run().expect_status(0);
    assert_eq!(registry(&sandbox, words).json()["status"], "unchanged");
}
