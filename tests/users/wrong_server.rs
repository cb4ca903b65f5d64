//! Another cluster under a known name: nothing is done there until the operator says that it is the right one.

use crate::harness::{Outcome, sqlite};
use crate::scene::{Scene, error};

/// What the registry remembers of the target's cluster.
fn remembered(scene: &Scene<'_>) -> String {
    let query = "SELECT coalesce(system_identifier, '') FROM db_registry WHERE env = 'dev'";
    sqlite::query(&scene.sandbox.registry(), query)
}

/// As if the registry had met another cluster there before.
fn remember_another(scene: &Scene<'_>) {
    let update = "UPDATE db_registry SET system_identifier = '1'";
    sqlite::query(&scene.sandbox.registry(), update);
}

fn expect_refused(outcome: &Outcome) {
    let error = error(outcome, 6);
    assert_eq!(error["kind"], "refused");
    let hint = error["hint"].as_str().expect("a hint");
    assert!(hint.contains("pgrole registry update -e dev -d"), "{hint}");
    assert!(hint.ends_with("--trust-new-server"), "{hint}");
}

#[test]
fn the_first_cluster_is_remembered_and_another_is_refused() {
    let scene = Scene::new();
    let jane = scene.role("jane");
    assert_eq!(remembered(&scene), "");
    scene
        .user("readonly", &["-u", &jane])
        .run()
        .expect_status(0);
    let known = scene.psql("SELECT system_identifier FROM pg_control_system()");
    assert_eq!(remembered(&scene), known);

    remember_another(&scene);
    let joe = scene.role("joe");
    expect_refused(&scene.user("readonly", &["-u", &joe]).run());
    expect_refused(&scene.user("dba", &["-u", &joe]).run());
    expect_refused(&scene.user("reset", &["-u", &jane]).run());
    expect_refused(&scene.user("search-path", &["-u", &jane]).run());
    expect_refused(&scene.user("find", &["-u", &jane]).run());
    assert_eq!(
        scene.psql(&format!(
            "SELECT count(*) FROM pg_roles WHERE rolname = '{joe}'"
        )),
        "0"
    );
}

#[test]
fn a_new_server_is_trusted_when_the_operator_says_so() {
    let scene = Scene::new();
    remember_another(&scene);
    let jane = scene.role("jane");
    expect_refused(&scene.user("readonly", &["-u", &jane]).run());
    let update = [
        "registry",
        "update",
        "--trust-new-server",
        "-e",
        "dev",
        "-d",
        scene.database(),
    ];
    scene.sandbox.pgrole(update).run().expect_status(0);
    assert_eq!(remembered(&scene), "");
    scene
        .user("readonly", &["-u", &jane])
        .run()
        .expect_status(0);
    assert_ne!(remembered(&scene), "");
}
