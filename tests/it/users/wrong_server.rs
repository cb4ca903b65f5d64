//! Another cluster under a known name: nothing is done there, and nothing told of it, until the operator says that it is
//! the right one.

use crate::harness::{Cluster, Outcome, sqlite};
use crate::scene::{Scene, error};

/// What the registry remembers of the target's cluster.
fn remembered(scene: &Scene<'_>) -> String {
    let query = "SELECT coalesce(system_identifier, '') FROM db_registry WHERE env = 'dev'";
    sqlite::query(&scene.sandbox.registry(), query)
}

/// Changes the registry's entry by `pgrole registry update`.
fn update(scene: &Scene<'_>, arguments: &[&str]) {
    let run = scene.pgrole("registry update", arguments);
    run.run().expect_status(0);
}

/// A cluster that has a database of the scene's name, as a rebuilt server or a stale address would.
fn stranger_with(scene: &Scene<'_>) -> Cluster {
    let stranger = Cluster::stranger();
    stranger.psql("postgres", &format!("CREATE DATABASE {}", scene.database()));
    stranger
}

/// Swaps the servers: the entry leads to the other one from now on.
fn point_at(scene: &Scene<'_>, cluster: &Cluster) {
    update(scene, &["-p", &cluster.port().to_string()]);
}

/// The roles that are not the server's own, and what is granted on the database.
fn roles_of(cluster: &Cluster) -> String {
    cluster.psql(
        "postgres",
        "SELECT rolname, rolpassword FROM pg_authid WHERE rolname !~ '^pg_'
         UNION ALL SELECT datname, datacl::text FROM pg_database ORDER BY 1",
    )
}

fn expect_refused(outcome: &Outcome) {
    let error = error(outcome, 6);
    assert_eq!(error["kind"], "refused", "{outcome}");
    let hint = error["hint"].as_str().expect("a hint");
    assert!(hint.contains("pgrole registry update -e dev -d"), "{hint}");
    assert!(hint.ends_with("--trust-new-server"), "{hint}");
}

#[test]
fn every_operation_refuses_another_cluster_until_it_is_trusted() {
    let mut scene = Scene::new();
    let stranger = stranger_with(&scene);
    let jane = scene.create("readonly", "jane").name;
    let known = scene.psql("SELECT system_identifier FROM pg_control_system()");
    assert_eq!(remembered(&scene), known);

    point_at(&scene, &stranger);
    let before = roles_of(&stranger);
    let joe = scene.role("joe");
    for (command, arguments) in [
        ("user readonly", &["-u", &joe][..]),
        ("user readonly", &["-u", &joe, "--dry-run"]),
        ("user dba", &["-u", &joe]),
        ("user reset", &["-u", &jane]),
        ("user search-path", &["-u", &jane]),
        ("user find", &["-u", &jane]),
        ("user list", &[]),
        ("access prepare", &[]),
        ("credential check", &[]),
    ] {
        let outcome = scene.pgrole(command, arguments).run();
        assert!(!outcome.stdout.contains("username"), "{outcome}");
        expect_refused(&outcome);
    }
    let rotate = scene
        .sandbox
        .pgrole(["rotate", "--any-age", "--include-unknown"])
        .run();
    rotate
        .expect_in_stderr("cannot look for roles of unknown age on")
        .expect_in_stderr("another cluster answers");
    assert_eq!(roles_of(&stranger), before);
    assert_eq!(remembered(&scene), known);

    update(&scene, &["--trust-new-server"]);
    assert_eq!(remembered(&scene), "");
    scene.sandbox.env("PG_ADMIN_PASS", stranger.password());
    scene.user("readonly", &["-u", &joe]).run().expect_status(0);
    assert_ne!(remembered(&scene), known);

    // And the first one is the stranger now.
    point_at(&scene, scene.cluster);
    expect_refused(&scene.user("list", &[]).run());
}

#[test]
fn a_query_is_a_first_contact_too() {
    let scene = Scene::new();
    assert_eq!(remembered(&scene), "");
    scene.user("list", &[]).run().expect_status(0);
    let known = scene.psql("SELECT system_identifier FROM pg_control_system()");
    assert_eq!(remembered(&scene), known);
    scene.user("list", &[]).run().expect_status(0);
    let log = scene.sandbox.pgrole(["audit", "list"]).run().json();
    let rows = log.as_array().expect("an array").iter();
    let contacts = rows.filter(|row| row["operation"] == "registry contact");
    assert_eq!(contacts.count(), 1);
}

#[test]
fn where_the_cluster_may_not_be_asked_who_it_is_it_stays_unknown() {
    let cluster = Cluster::private(|configuration| configuration);
    let mut scene = Scene::on(&cluster);
    scene.area.superuser_psql(
        "REVOKE EXECUTE ON FUNCTION pg_control_system(), pg_control_checkpoint(), pg_control_recovery() FROM PUBLIC",
    );
    let admin = scene
        .area
        .create_role("admin", "LOGIN CREATEROLE CREATEDB PASSWORD 'of the admin'");
    scene.sandbox.env("PG_ADMIN_USER", &admin);
    scene.sandbox.env("PG_ADMIN_PASS", "of the admin");
    scene.create("dba", "boss");
    scene.user("list", &[]).run().expect_status(0);
    assert_eq!(remembered(&scene), "");
    // A login that may ask is not misled by that.
    scene.sandbox.env("PG_ADMIN_USER", cluster.superuser());
    scene.sandbox.env("PG_ADMIN_PASS", cluster.password());
    scene.user("list", &[]).run().expect_status(0);
    assert_ne!(remembered(&scene), "");
}
