//! `user drop`: what is left of a role in every database of its cluster, and what everybody else keeps.

use super::estate::Estate;
use crate::harness::sqlite::query;
use crate::harness::{Admin, Cluster};
use crate::scene::{Scene, error, whole_text};

fn is_dropped_cleanly(cluster: &Cluster) {
    let estate = Estate::on(cluster);
    let before = estate.loans();
    let drop = estate.drop_jane(&["--reason", "left"]).run();
    drop.expect_status(0);
    let row = drop.json();
    assert_eq!(row["status"], "user dropped", "{drop}");
    estate.look();
    // What was the role's own membership is gone with it; nothing is new.
    let after = estate.loans();
    for membership in after.lines() {
        assert!(before.contains(membership), "{membership}\n{before}");
    }
    let text = row["databases"].to_string();
    for name in [
        "table hers.notes",
        "schema hers",
        "function hers.one()",
        "table away.far",
    ] {
        assert!(text.contains(name), "{name}: {drop}");
    }
    let log = query(
        &estate.scene.sandbox.registry(),
        "SELECT operation, status, count(*) FROM audit_log WHERE stage = 'outcome' AND operation LIKE 'user %' AND operation <> 'user readonly'
         AND operation NOT LIKE '%dry-run' GROUP BY 1, 2 ORDER BY min(id)",
    );
    assert_eq!(
        log,
        "user lock|user locked|1\nuser drop|objects settled|3\nuser drop|user dropped|1"
    );
    let open = query(
        &estate.scene.sandbox.registry(),
        "SELECT count(*) FROM locked_role",
    );
    assert_eq!(open, "0");
    let again = estate.drop_jane(&[]).run();
    error(&again, 3);
}

#[test]
fn a_role_is_dropped_and_others_keep_what_they_have() {
    is_dropped_cleanly(Cluster::shared());
}

#[test]
fn a_role_is_dropped_and_others_keep_what_they_have_on_13() {
    if let Some(cluster) = Cluster::of_major(13) {
        is_dropped_cleanly(cluster);
    }
}

#[test]
fn a_role_is_dropped_and_others_keep_what_they_have_on_16() {
    if let Some(cluster) = Cluster::of_major(16) {
        is_dropped_cleanly(cluster);
    }
}

#[test]
fn a_role_is_dropped_and_others_keep_what_they_have_on_18() {
    if let Some(cluster) = Cluster::of_major(18) {
        is_dropped_cleanly(cluster);
    }
}

#[test]
fn a_dry_run_names_everything_and_changes_nothing() {
    let estate = Estate::on(Cluster::shared());
    let before = estate.scene.snapshot();
    let drop = estate.drop_jane(&["--dry-run"]).run();
    drop.expect_status(0);
    let row = drop.json();
    let statements = row["statements"].to_string();
    for sql in [
        "NOLOGIN",
        "REASSIGN OWNED BY",
        "DROP OWNED BY",
        "connect",
        "DROP ROLE",
    ] {
        assert!(statements.contains(sql), "{sql}: {drop}");
    }
    assert_eq!(estate.scene.snapshot(), before);
}

#[test]
fn owned_objects_are_dropped_only_if_that_is_said() {
    let scene = Scene::new();
    let jane = scene.create("devlead", "jane");
    scene.may(&jane, "CREATE TABLE mine (id int)");
    let before = scene.snapshot();
    let drop = scene.user("drop", &[&jane.name]).run();
    let said = error(&drop, 6);
    assert!(whole_text(&said).contains("table public.mine"), "{drop}");
    assert!(whole_text(&said).contains("--drop-owned"), "{drop}");
    assert_eq!(scene.snapshot(), before);
    let drop = scene.user("drop", &[&jane.name, "--drop-owned"]).run();
    drop.expect_status(0);
    assert_eq!(scene.psql("SELECT to_regclass('public.mine') IS NULL"), "t");
    let forgotten = query(
        &scene.sandbox.registry(),
        "SELECT count(*) FROM placed_role",
    );
    assert_eq!(forgotten, "0");
}

#[test]
fn objects_go_to_the_owner_of_their_database() {
    let scene = Scene::new();
    let jane = scene.create("devlead", "jane");
    let owner = scene.area.create_role("boss", "NOLOGIN");
    scene.may(&jane, "CREATE TABLE mine (id int)");
    scene.area.superuser_psql(&format!(
        "ALTER DATABASE {} OWNER TO {owner}",
        scene.database()
    ));
    let drop = scene
        .user("drop", &[&jane.name, "--reassign-to-owner"])
        .run();
    drop.expect_status(0);
    assert_eq!(
        scene.psql("SELECT tableowner FROM pg_tables WHERE tablename = 'mine'"),
        owner
    );
}

#[test]
fn databases_of_the_role_go_to_the_heir() {
    let scene = Scene::new();
    let other = scene.cluster.area();
    let jane = scene.area.create_role("jane", "LOGIN CREATEDB");
    let heir = scene.area.create_role("heir", "NOLOGIN CREATEDB");
    let (database, role) = (other.database(), &jane);
    other.superuser_psql(&format!("ALTER DATABASE {database} OWNER TO {role}"));
    let drop = scene.user("drop", &[&jane, "--drop-owned"]).run();
    let said = error(&drop, 6);
    assert!(
        whole_text(&said).contains(&format!("database {database}")),
        "{drop}"
    );
    scene
        .user("drop", &[&jane, "--drop-owned", "--reassign-to", &heir])
        .run()
        .expect_status(0);
    let sql =
        format!("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{database}'");
    assert_eq!(scene.area.superuser_psql(&sql), heir);
}

#[test]
fn many_tables_are_given_away_in_batches() {
    let cluster = Cluster::private(|c| c.setting("max_connections", "20"));
    let scene = Scene::on(&cluster);
    let jane = scene.area.create_role("jane", "LOGIN");
    let heir = scene.area.create_role("heir", "NOLOGIN");
    scene
        .area
        .superuser_psql(&format!("CREATE SCHEMA many AUTHORIZATION {jane}"));
    let mut client = scene.area.superuser_client();
    for batch in 0..6 {
        client
            .batch_execute(&format!(
                "SET ROLE {jane}; DO $$ BEGIN FOR i IN 1..400 LOOP EXECUTE format('CREATE TABLE many.t%s ()', {batch} * 400 + i); END LOOP; END $$"
            ))
            .expect("tables can be made");
    }
    drop(client);
    // However many are named, all are counted.
    scene
        .user("drop", &[&jane])
        .run()
        .expect_status(6)
        .expect_in_stderr("owns 2401 objects")
        .expect_in_stderr("table many.t4 and 2396 more");
    let reason = ["offboard", &jane, "--reason", "left"];
    let dry = ["--reassign-to", &heir, "--dry-run", "--format", "table"];
    let dry = scene.sandbox.pgrole(reason).args(dry).run();
    assert!(dry.expect_status(0).stdout.contains("2397 more"), "{dry}");
    let drop = scene.user("drop", &[&jane, "--reassign-to", &heir]).run();
    drop.expect_status(0);
    let sql = format!(
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'many' AND tableowner = '{heir}'"
    );
    assert_eq!(scene.psql(&sql), "2400");
}

#[test]
fn who_holds_a_lock_is_named_and_the_role_stays_locked() {
    let scene = Scene::new();
    let jane = scene.area.create_role("jane", "LOGIN");
    let heir = scene.area.create_role("heir", "NOLOGIN");
    scene.area.superuser_psql(&format!(
        "CREATE SCHEMA hers AUTHORIZATION {jane}; SET ROLE {jane}; CREATE TABLE hers.busy (id int)"
    ));
    let mut other = scene.area.superuser_client();
    other
        .batch_execute("BEGIN; SELECT * FROM hers.busy")
        .expect("a superuser may");
    let drop = scene.user("drop", &[&jane, "--reassign-to", &heir]).run();
    let said = error(&drop, 75);
    let text = whole_text(&said);
    assert!(text.contains("are held by pid "), "{drop}");
    if Admin::of_this_run() == Admin::Superuser {
        assert!(
            text.contains("last: BEGIN; SELECT * FROM hers.busy"),
            "{drop}"
        );
    }
    let sql = format!("SELECT rolcanlogin FROM pg_roles WHERE rolname = '{jane}'");
    assert_eq!(scene.psql(&sql), "f");
    other.batch_execute("COMMIT").expect("it can end");
    let drop = scene.user("drop", &[&jane, "--reassign-to", &heir]).run();
    drop.expect_status(0);
}
