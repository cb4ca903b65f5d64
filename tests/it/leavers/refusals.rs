//! What stops a drop before the first change.

use crate::harness::{Admin, Cluster, skip_unless_superuser};
use crate::scene::{Scene, error, whole_text};

#[test]
fn a_database_that_cannot_be_reached_stops_it_before_the_first_change() {
    let scene = Scene::new();
    let other = scene.cluster.area();
    let jane = scene.create("devqa", "jane");
    other.superuser_psql(&format!("CREATE SCHEMA hers AUTHORIZATION {}", jane.name));
    let database = other.database().to_owned();
    let allow = |word: &str| {
        scene.area.superuser_psql(&format!(
            "ALTER DATABASE {database} ALLOW_CONNECTIONS {word}"
        ))
    };
    allow("false");
    let drop = scene.user("drop", &[&jane.name, "--drop-owned"]).run();
    allow("true");
    let said = error(&drop, 6);
    assert!(whole_text(&said).contains(&database), "{drop}");
    scene.may_log_in(&jane);
}

#[test]
fn the_only_admin_of_others_is_not_dropped_unasked() {
    let Some(cluster) = Cluster::of_major(16) else {
        return;
    };
    let scene = Scene::on(cluster);
    let jane = scene.create("dba", "jane");
    let child = scene.role("child");
    scene.may(&jane, &format!("CREATE ROLE {child}"));
    if Admin::of_this_run() == Admin::Superuser {
        let drop = scene.user("drop", &[&jane.name]).run();
        drop.expect_status(0);
        assert!(
            drop.json()["warnings"].to_string().contains(&child),
            "{drop}"
        );
        return;
    }
    let drop = scene.user("drop", &[&jane.name]).run();
    let said = error(&drop, 6);
    assert!(whole_text(&said).contains(&child), "{drop}");
    scene.may_log_in(&jane);
    scene
        .user("drop", &[&jane.name, "--force"])
        .run()
        .expect_status(0);
}

#[test]
fn a_prepared_transaction_stops_it() {
    if skip_unless_superuser("one admin is enough") {
        return;
    }
    let cluster = Cluster::private(|c| c.setting("max_prepared_transactions", "5"));
    let scene = Scene::on(&cluster);
    let jane = scene.create("devlead", "jane");
    let mut session = cluster
        .client_as(&jane.name, &jane.password, scene.database())
        .expect("she may log in");
    for sql in [
        "CREATE TABLE mine ()",
        "BEGIN; LOCK mine; PREPARE TRANSACTION 'hers'",
    ] {
        session.batch_execute(sql).expect("a lead may");
    }
    drop(session);
    let drop = scene.user("drop", &[&jane.name, "--drop-owned"]).run();
    let said = error(&drop, 6);
    assert!(
        whole_text(&said).contains("ROLLBACK PREPARED 'hers'"),
        "{drop}"
    );
    scene.may_log_in(&jane);
    scene.psql("ROLLBACK PREPARED 'hers'");
    scene
        .user("drop", &[&jane.name, "--drop-owned"])
        .run()
        .expect_status(0);
}

#[test]
fn a_protected_role_needs_force() {
    let scene = Scene::new();
    let jane = scene.area.create_role("jane", "LOGIN");
    scene
        .area
        .superuser_psql(&format!("ALTER ROLE {jane} BYPASSRLS"));
    let drop = scene.user("drop", &[&jane]).run();
    let said = error(&drop, 6);
    assert!(whole_text(&said).contains("BYPASSRLS"), "{drop}");
}

#[test]
fn an_heir_that_does_not_exist_is_named() {
    let scene = Scene::new();
    let jane = scene.create("devlead", "jane");
    scene.may(&jane, "CREATE TABLE mine (id int)");
    let drop = scene
        .user("drop", &[&jane.name, "--reassign-to", "nobody_here"])
        .run();
    let said = error(&drop, 6);
    assert!(whole_text(&said).contains("nobody_here"), "{drop}");
    scene.may_log_in(&jane);
}

#[test]
fn an_heir_that_does_not_exist_is_refused_also_where_nothing_is_owned() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    let nobody = scene.role("nobody");
    let drop = scene
        .user("drop", &[&jane.name, "--reassign-to", &nobody])
        .run();
    let said = error(&drop, 6);
    assert!(whole_text(&said).contains(&nobody), "{drop}");
    scene.may_log_in(&jane);
    // On record as what it was, not as a look at it.
    let failed = ["audit", "list", "--failed", "--operation", "user drop"];
    let failed = scene.sandbox.pgrole(failed).run().json();
    assert_eq!(failed[0]["status"], "refused", "{failed}");
    assert_eq!(failed[0]["username"], jane.name);
}

#[test]
fn the_sql_of_a_dry_run_stops_psql_before_anything_is_lost() {
    if skip_unless_superuser("what is run by psql is run by the superuser") {
        return;
    }
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    let heir = scene.area.create_role("heir", "NOLOGIN");
    scene.psql(&format!(
        "CREATE TABLE precious AS SELECT 1 AS x; ALTER TABLE precious OWNER TO {}",
        jane.name
    ));
    let dry = ["--reassign-to", &heir, "--dry-run", "--format", "table"];
    let dry = scene.user("drop", &[&jane.name]).args(dry).run();
    let sql = dry.expect_status(0).stdout.clone();
    scene.psql(&format!("ALTER ROLE {heir} RENAME TO {heir}2"));
    let file = scene.sandbox.path().join("drop.sql");
    std::fs::write(&file, sql).expect("the sandbox can be written");
    let run = || scene.cluster.psql_file(scene.database(), &file);
    run();
    assert_eq!(scene.psql("SELECT x FROM precious"), "1");
    scene.psql(&format!("ALTER ROLE {heir}2 RENAME TO {heir}"));
    run().expect_status(0);
    let owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'precious'";
    assert_eq!(scene.psql(owner), heir);
    let count = format!(
        "SELECT count(*) FROM pg_roles WHERE rolname = '{}'",
        jane.name
    );
    assert_eq!(scene.psql(&count), "0");
    scene.psql(&format!("DROP TABLE precious; DROP ROLE {heir}"));
}
