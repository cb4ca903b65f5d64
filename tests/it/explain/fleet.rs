//! Over a fleet, for people and in the audit log.

use super::{explain, person};
use crate::harness::{Admin, ClosedPort, skip_unless_superuser};
use crate::scene::Scene;

#[test]
fn a_fleet_has_a_row_for_each_target() {
    let mut scene = Scene::new();
    let jane = person(&scene, "jane");
    let other = scene.cluster.area();
    scene
        .sandbox
        .register(scene.cluster, "qa", other.database());
    other.psql(&format!(
        "REVOKE CONNECT ON DATABASE {} FROM PUBLIC",
        other.database()
    ));
    let rows = scene
        .sandbox
        .pgrole(["explain", &jane.name, "--sort", "env"])
        .run()
        .expect_status(7)
        .json();
    let rows = rows.as_array().expect("a list").clone();
    assert_eq!(rows.len(), 2);
    let can = if Admin::of_this_run() == Admin::Superuser {
        "can"
    } else {
        "unknown"
    };
    assert_eq!(
        (&rows[0]["env"], &rows[0]["verdict"]),
        (&"dev".into(), &can.into())
    );
    assert_eq!(
        (&rows[1]["cause"], &rows[1]["env"]),
        (&"connect".into(), &"qa".into())
    );
    // One event for all.
    let events = scene
        .sandbox
        .pgrole(["audit", "list", "--operation", "explain"])
        .run()
        .json();
    let events = events.as_array().expect("a list").clone();
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["username"], *jane.name);
    let status = events[0]["status"].as_str().expect("a status");
    assert!(status.contains("1 cannot"), "{status}");
}

#[test]
fn a_server_that_does_not_answer_is_unknown() {
    let scene = Scene::new();
    let jane = person(&scene, "jane");
    let closed = ClosedPort::new();
    let database = scene.database().to_owned();
    scene
        .sandbox
        .pgrole(["registry", "add", "-e", "qa", "-d", &database])
        .args(["-H", "127.0.0.1", "-p", &closed.port.to_string()])
        .run()
        .expect_status(0);
    let outcome = scene
        .sandbox
        .pgrole(["explain", &jane.name, "-e", "qa"])
        .run();
    let row = &outcome.json()[0];
    assert_eq!(row["verdict"], "unknown", "{outcome}");
    assert_ne!(outcome.status(), Some(0));
}

#[test]
fn a_person_reads_the_cause_and_what_mends_it() {
    let scene = Scene::new();
    let jane = person(&scene, "jane");
    scene.psql(&format!("ALTER ROLE {} NOLOGIN", jane.name));
    let outcome = scene
        .pgrole("explain", &[&jane.name, "--format", "table"])
        .run();
    outcome.expect_status(7);
    let name = &jane.name;
    assert!(outcome.stdout.contains("nologin"), "{outcome}");
    outcome
        .expect_in_stderr(&format!("\"{name}\" cannot log in on dev/"))
        .expect_in_stderr("the role is NOLOGIN")
        .expect_in_stderr(&format!("to mend it: ALTER ROLE {name} LOGIN;"));
}

#[test]
fn an_action_that_is_none_of_the_kind_is_wrong_usage() {
    let scene = Scene::new();
    let arguments = ["--on", "app", "--kind", "schema", "--action", "truncate"];
    explain(&scene, "jane", &arguments)
        .expect_status(2)
        .expect_in_stderr("expected one of usage, create");
}

#[test]
fn login_and_access_are_read_in_a_round_trip_each() {
    if skip_unless_superuser("without the rules, the server is asked once more") {
        return;
    }
    let scene = Scene::new();
    let jane = person(&scene, "jane");
    scene.psql("CREATE TABLE orders (id int)");
    let outcome = scene
        .pgrole("explain", &[&jane.name, "--on", "orders", "-vv"])
        .run();
    outcome.expect_status(7);
    let reads = outcome.stderr.matches("why the role").count();
    assert_eq!(reads, 2, "{outcome}");
}

#[test]
fn what_is_no_name_is_refused_before_anything_is_asked() {
    let scene = Scene::new();
    for (on, kind) in [
        ("", "table"),
        ("orders where true; drop table orders", "table"),
        ("a b", "sequence"),
        ("", "schema"),
        ("f(", "function"),
        ("one", "large-object"),
    ] {
        let refused = explain(&scene, "jane", &["--on", on, "--kind", kind]);
        refused.expect_status(2).expect_stdout("");
        refused.expect_in_stderr("is not the name of a");
    }
    let events = scene
        .sandbox
        .pgrole(["audit", "list", "--operation", "explain"])
        .run();
    assert_eq!(events.json(), serde_json::json!([]));
}

/// The error says what it is about, to a script as well.
#[test]
fn a_refusal_names_the_target_and_what_is_wanted() {
    let scene = Scene::new();
    let jane = person(&scene, "jane");
    let refused = explain(
        &scene,
        &jane.name,
        &["--on", "public", "--kind", "schema", "--action", "create"],
    );
    if refused.status() == Some(7) {
        let error = crate::scene::error(&refused, 7);
        assert_eq!(
            (&error["env"], &error["database"]),
            (&"dev".into(), &scene.database().into())
        );
        refused.expect_in_stderr("cannot create something in schema public");
    }
    let unknown = explain(&scene, &jane.name, &["--on", "\"S x\"", "--kind", "schema"]);
    unknown.expect_in_stderr("schema S x is not in database");
}
