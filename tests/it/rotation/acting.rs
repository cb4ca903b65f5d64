//! An admin login that acts as another role, by its own `role` setting: what it began is its own all the same.

use super::{Scene, wait_until};
use crate::harness::Cluster;

#[test]
fn a_session_of_an_admin_that_acts_as_another_is_ended_by_recovery() {
    let cluster = Cluster::private(|c| c);
    let mut scene = Scene::on(&cluster, cluster.port());
    let group = scene.area.create_role("dbagrp", "NOLOGIN CREATEROLE");
    let dba = scene
        .area
        .create_role("dba", &format!("LOGIN PASSWORD 'dba' IN ROLE {group}"));
    scene
        .area
        .psql(&format!("ALTER ROLE {dba} SET role = {group}"));
    scene.sandbox.env("PG_ADMIN_USER", &dba);
    scene.sandbox.env("PG_ADMIN_PASS", "dba");
    scene
        .sandbox
        .write_config("[profiles.readonly]\naccess = \"none\"\n");
    let role = scene.create("jane");
    let mut blocker = scene.area.superuser_client();
    blocker
        .batch_execute(&format!("BEGIN; ALTER ROLE {role} CONNECTION LIMIT 5"))
        .expect("a superuser may");
    let reset = scene.reset_to_file(&role).args(["--timeout", "20"]).spawn();
    wait_until(|| {
        scene.area.superuser_psql(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name LIKE 'pgrole:%'",
        ) == "1"
    });
    reset.kill();
    scene.recover().expect_status(0);
    assert!(
        cluster
            .log()
            .contains("terminating connection due to administrator command")
    );
    blocker.batch_execute("ROLLBACK").expect("is open");
    assert_eq!(scene.states(), "CLOSED\nABORTED");
    scene.delivered_password_is_good(&role);
}
