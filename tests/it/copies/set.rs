//! `user set`: what it changes, that it changes it once, and what undoes it.

use serde_json::Value;

use super::{shown_undo, texts};
use crate::harness::{HttpServer, Outcome, skip_unless_superuser, sqlite};
use crate::scene::{Scene, error, whole_text};
use crate::users::access::{make_role, on_each_version};

on_each_version! {
    each_attribute_is_changed_once_and_its_undo_is_the_one_before
    a_profile_brings_its_attributes_its_mark_and_its_access
}

fn set(scene: &Scene, role: &str, more: &[&str]) -> Outcome {
    scene.pgrole("user set", &[role]).args(more).run()
}

/// `what: before -> after` of each change.
fn changed(outcome: &Outcome) -> Vec<String> {
    let row = outcome.json();
    let list = row["changed"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |one: &Value| {
        let [what, before, after] = ["what", "before", "after"].map(|key| text(&one[key]));
        format!("{what}: {before} -> {after}")
    };
    list.map(line).collect()
}

fn attributes(scene: &Scene, role: &str) -> String {
    scene.psql(&format!(
        "SELECT rolconnlimit, rolcreatedb, rolcreaterole, rolvaliduntil AT TIME ZONE 'UTC',
            shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = '{role}'"
    ))
}

fn terms(scene: &Scene) -> String {
    let query = "SELECT coalesce(profile, '-') || ' | ' || coalesce(term, '-') FROM placed_role";
    sqlite::query(&scene.sandbox.registry(), query)
}

fn each_attribute_is_changed_once_and_its_undo_is_the_one_before(scene: &mut Scene) {
    let jane = scene.create("readonly", "jane");
    scene.psql(&format!(
        "ALTER ROLE {} VALID UNTIL '2031-01-02 03:04:05+00'",
        jane.name
    ));
    let before = attributes(scene, &jane.name);
    for (arguments, change, after, statement) in [
        (
            vec!["--connection-limit", "5"],
            vec!["connection_limit: 20 -> 5"],
            "5|f|f|2031-01-02 03:04:05|pgrole: profile=readonly",
            "CONNECTION LIMIT 20",
        ),
        (
            vec!["--ends-on", "2032-02-29T12:00:00Z"],
            vec![
                "term: none -> ends on 2032-02-29T12:00:00.000000Z",
                "valid_until: 2031-01-02T03:04:05Z -> 2032-02-29T12:00:00.000000Z",
            ],
            "20|f|f|2032-02-29 12:00:00|pgrole: profile=readonly",
            "VALID UNTIL '2031-01-02T03:04:05Z'",
        ),
        (
            vec!["--no-end", "--connection-limit", "none"],
            vec![
                "term: ends on 2032-02-29T12:00:00.000000Z -> valid for ever",
                "valid_until: 2031-01-02T03:04:05Z -> none",
                "connection_limit: 20 -> none",
            ],
            "-1|f|f|infinity|pgrole: profile=readonly",
            "CONNECTION LIMIT 20 VALID UNTIL '2031-01-02T03:04:05Z'",
        ),
    ] {
        let outcome = set(scene, &jane.name, &arguments);
        outcome.expect_status(0);
        assert_eq!(outcome.json()["status"], "user changed", "{outcome}");
        assert_eq!(changed(&outcome), change, "{outcome}");
        assert_eq!(attributes(scene, &jane.name), after);
        let undo = shown_undo(scene, "user set");
        let again = set(scene, &jane.name, &arguments);
        again.expect_status(0);
        assert_eq!(again.json()["status"], "unchanged", "{again}");
        assert_eq!(changed(&again), [""; 0], "{again}");
        assert_eq!(undo, [format!("ALTER ROLE \"{}\" {statement}", jane.name)]);
        scene.psql(&undo.join("; "));
        assert_eq!(attributes(scene, &jane.name), before);
    }
    scene.may_log_in(&jane);
}

fn a_profile_brings_its_attributes_its_mark_and_its_access(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let jane = scene.create("readonly", "jane");
    scene.may_not(&jane, "INSERT INTO t VALUES (1)");
    let before = attributes(scene, &jane.name);
    scene.sandbox.write_config(
        "[profiles.maker]\naccess = \"readwrite\"\nconnection_limit = 7\ncreatedb = true\n",
    );
    let outcome = set(scene, &jane.name, &["--profile", "maker"]);
    outcome.expect_status(0);
    assert_eq!(
        changed(&outcome),
        [
            "access: readonly -> readwrite",
            "connection_limit: 20 -> 7",
            "createdb: no -> yes",
            "profile: readonly -> maker",
        ],
        "{outcome}"
    );
    let row = outcome.json();
    assert_eq!(row["profile"], "maker", "{outcome}");
    assert_eq!(row["connection_limit"], 7, "{outcome}");
    scene.may(&jane, "INSERT INTO t VALUES (1)");
    assert_eq!(
        attributes(scene, &jane.name),
        "7|t|f||pgrole: profile=maker"
    );
    assert_eq!(terms(scene), "maker | -");
    let again = set(scene, &jane.name, &["--profile", "maker"]);
    assert_eq!(again.json()["status"], "unchanged", "{again}");
    assert_eq!(
        row["member_of"],
        again.json()["member_of"],
        "the report names what it is a member of now"
    );
    let undo = shown_undo(scene, "user set");
    assert_eq!(undo, [""; 0], "the newest act changed nothing");
    let lowered = set(scene, &jane.name, &["--profile", "readonly"]);
    lowered.expect_status(0);
    assert!(
        texts(&lowered.json(), "warnings").iter().any(|one| one
            .contains("is readwrite, higher than readonly")
            && one.ends_with(&format!(
                "REVOKE \"{}_readwrite\" FROM \"{}\"",
                scene.database(),
                jane.name
            ))),
        "{lowered}"
    );
    assert_eq!(attributes(scene, &jane.name), before);
    scene.may(&jane, "INSERT INTO t VALUES (1)");
}

#[test]
fn a_span_counts_from_the_change_of_the_password() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane");
    let registry = scene.sandbox.registry();
    let outcome = set(&scene, &jane.name, &["--valid-for", "90d"]);
    outcome.expect_status(0);
    assert_eq!(
        changed(&outcome)[0],
        "term: none -> valid for 90d",
        "{outcome}"
    );
    assert_eq!(terms(&scene), "readonly | valid for 90d");
    let days = scene.psql(&format!(
        "SELECT round(extract(epoch FROM rolvaliduntil - now()) / 86400) FROM pg_roles WHERE rolname = '{}'",
        jane.name
    ));
    assert_eq!(days, "90");
    let again = set(&scene, &jane.name, &["--valid-for", "90d"]);
    assert_eq!(again.json()["status"], "unchanged", "{again}");
    sqlite::query(
        &registry,
        "UPDATE placed_role SET password_changed_at = '2020-01-01T00:00:00.000000Z'",
    );
    let over = error(&set(&scene, &jane.name, &["--valid-for", "30d"]), 6);
    assert!(
        whole_text(&over).contains("it would have ended already"),
        "{over}"
    );
    let other = make_role(&scene, "other", "");
    let unplaced = error(&set(&scene, &other.name, &["--valid-for", "30d"]), 2);
    assert!(whole_text(&unplaced).contains("--ends-on"), "{unplaced}");
    let ends = set(&scene, &other.name, &["--ends-on", "2031-01-02"]);
    ends.expect_status(0);
    assert_eq!(changed(&ends).len(), 1, "{ends}");
}

#[test]
fn a_dry_run_changes_nothing_and_what_cannot_be_set_is_refused() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane");
    let before = scene.snapshot();
    let dry = set(
        &scene,
        &jane.name,
        &["--connection-limit", "0", "--dry-run"],
    );
    dry.expect_status(0);
    assert_eq!(
        texts(&dry.json(), "statements"),
        [format!("ALTER ROLE \"{}\" CONNECTION LIMIT 0", jane.name)]
    );
    assert!(
        texts(&dry.json(), "warnings")[0].contains("nobody can log in"),
        "{dry}"
    );
    set(&scene, &jane.name, &[]).expect_status(2);
    set(&scene, &jane.name, &["--profile", "none"]).expect_status(2);
    set(&scene, &jane.name, &["--ends-on", "2001-01-01"]).expect_status(2);
    set(&scene, &scene.role("nobody"), &["--no-end"]).expect_status(3);
    let group = format!("{}_readonly", scene.database());
    set(&scene, &group, &["--connection-limit", "3"]).expect_status(2);
    assert_eq!(scene.snapshot(), before);
    if skip_unless_superuser("others may not change such a role") {
        return;
    }
    let powerful = make_role(&scene, "powerful", "BYPASSRLS");
    let limit = ["--connection-limit", "3"];
    let refused = error(&set(&scene, &powerful.name, &limit), 6);
    assert!(whole_text(&refused).contains("add --force"), "{refused}");
    set(
        &scene,
        &powerful.name,
        &["--connection-limit", "3", "--force"],
    )
    .expect_status(0);
}

#[test]
fn channels_are_told_and_a_protected_environment_asks() {
    let scene = Scene::new();
    let server = HttpServer::start();
    scene.sandbox.write_config(&format!(
        "protected = [\"dev\"]\n[notify.team]\nchannel = \"webhook\"\nurl = \"{}\"\nevents = [\"user changed\"]\n",
        server.url("/hook")
    ));
    let jane = scene.role("jane");
    scene
        .user("readonly", &["-u", &jane, "--yes"])
        .run()
        .expect_status(0);
    let limit = ["--connection-limit", "3"];
    let refused = error(&set(&scene, &jane, &limit), 6);
    assert!(
        whole_text(&refused).contains("environment \"dev\" is protected"),
        "{refused}"
    );
    let arguments = ["--connection-limit", "3", "--yes"];
    set(&scene, &jane, &arguments).expect_status(0);
    set(&scene, &jane, &arguments).expect_status(0);
    let told = server.requests();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].body.contains("user changed") && told[0].body.contains(&jane),
        "{}",
        told[0].body
    );
}
