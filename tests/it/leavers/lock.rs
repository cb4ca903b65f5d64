//! `user lock` and `user unlock`: who can still log in, whose sessions live on, and what is said of what goes on.

use std::fs;
use std::process::{Command, Stdio};

use postgres::Client;

use crate::harness::sqlite::query;
use crate::harness::{Cluster, servers, skip_unless_superuser};
use crate::scene::{Login, Scene, error, wait_until, whole_text};

fn sessions(scene: &Scene, role: &str) -> String {
    scene.area.superuser_psql(&format!(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = '{role}'"
    ))
}

fn can_login(scene: &Scene, role: &str) -> String {
    scene.psql(&format!(
        "SELECT rolcanlogin FROM pg_roles WHERE rolname = '{role}'"
    ))
}

fn client(scene: &Scene, login: &Login) -> Client {
    scene
        .cluster
        .client_as(&login.name, &login.password, scene.database())
        .expect("the login works")
}

fn locks_and_unlocks(cluster: &Cluster) {
    let scene = Scene::on(cluster);
    let jane = scene.create("devqa", "jane");
    let before = scene.snapshot();
    let mut session = client(&scene, &jane);
    let lock = scene.user("lock", &[&jane.name, "--reason", "left"]).run();
    lock.expect_status(0);
    let row = lock.json();
    assert_eq!(row["status"], "user locked", "{lock}");
    assert_eq!(row["sessions_ended"], 1, "{lock}");
    assert_eq!(row["sessions_left"], serde_json::json!([]), "{lock}");
    assert!(session.simple_query("SELECT 1").is_err());
    scene.psql_as(&jane, "SELECT 1").expect_status(2);
    assert_eq!(sessions(&scene, &jane.name), "0");
    // A second time there is nothing to do.
    let again = scene.user("lock", &[&jane.name]).run();
    again.expect_status(0);
    assert_eq!(again.json()["status"], "unchanged");
    let unlock = scene.user("unlock", &["-u", &jane.name]).run();
    unlock.expect_status(0);
    assert_eq!(unlock.json()["status"], "user unlocked", "{unlock}");
    scene.may_log_in(&jane);
    assert_eq!(scene.snapshot(), before);
    let again = scene.user("unlock", &[&jane.name]).run();
    assert_eq!(again.json()["status"], "unchanged");
    let log = query(
        &scene.sandbox.registry(),
        "SELECT operation, status, reason FROM audit_log WHERE stage = 'outcome' AND operation IN ('user lock', 'user unlock') ORDER BY id",
    );
    assert_eq!(
        log,
        "user lock|user locked|left\nuser lock|unchanged|\nuser unlock|user unlocked|\nuser unlock|unchanged|"
    );
}

#[test]
fn a_locked_role_has_no_sessions_and_gets_its_state_back() {
    locks_and_unlocks(Cluster::shared());
}

#[test]
fn a_locked_role_has_no_sessions_and_gets_its_state_back_on_13() {
    if let Some(cluster) = Cluster::of_major(13) {
        locks_and_unlocks(cluster);
    }
}

#[test]
fn a_locked_role_has_no_sessions_and_gets_its_state_back_on_16() {
    if let Some(cluster) = Cluster::of_major(16) {
        locks_and_unlocks(cluster);
    }
}

#[test]
fn a_locked_role_has_no_sessions_and_gets_its_state_back_on_18() {
    if let Some(cluster) = Cluster::of_major(18) {
        locks_and_unlocks(cluster);
    }
}

#[test]
fn ending_sessions_leaves_no_membership_behind() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    let _session = client(&scene, &jane);
    // Other tests give memberships to roles of their own meanwhile.
    let memberships = || {
        scene.area.superuser_psql(&format!(
            "SELECT m::text FROM pg_auth_members m WHERE '{}'::regrole IN (roleid, member) ORDER BY 1",
            jane.name
        ))
    };
    let before = memberships();
    scene.user("lock", &[&jane.name]).run().expect_status(0);
    assert_eq!(memberships(), before);
    assert_eq!(sessions(&scene, &jane.name), "0");
}

#[test]
fn clients_that_log_in_until_they_are_refused_are_all_ended() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut open = Vec::new();
                while let Ok(client) =
                    scene
                        .cluster
                        .client_as(&jane.name, &jane.password, scene.database())
                {
                    open.push(client);
                    if open.len() > 8 {
                        open.clear();
                    }
                }
                open
            });
        }
        wait_until("somebody is logged in", || {
            sessions(&scene, &jane.name) != "0"
        });
        let lock = scene.user("lock", &[&jane.name]).run();
        lock.expect_status(0);
        assert_eq!(sessions(&scene, &jane.name), "0");
    });
}

#[test]
fn a_group_never_becomes_a_login() {
    let scene = Scene::new();
    let group = scene.area.create_role("team", "NOLOGIN");
    let lock = scene.user("lock", &[&group]).run();
    lock.expect_status(0);
    assert_eq!(lock.json()["status"], "unchanged");
    let unlock = scene.user("unlock", &[&group]).run();
    let said = error(&unlock, 6);
    assert!(
        whole_text(&said).contains("was not locked by pgrole"),
        "{unlock}"
    );
    assert_eq!(can_login(&scene, &group), "f");
}

#[test]
fn a_role_that_was_made_anew_is_not_unlocked() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    scene.user("lock", &[&jane.name]).run().expect_status(0);
    scene.psql(&format!(
        "DROP ROLE {name}; CREATE ROLE {name} NOLOGIN",
        name = jane.name
    ));
    let unlock = scene.user("unlock", &[&jane.name]).run();
    let said = error(&unlock, 6);
    assert!(
        whole_text(&said).contains("a new one of its name"),
        "{unlock}"
    );
    assert_eq!(can_login(&scene, &jane.name), "f");
}

#[test]
fn what_goes_on_is_said() {
    if skip_unless_superuser("subscriptions and prepared transactions of others") {
        return;
    }
    let cluster = Cluster::private(|c| {
        c.setting("max_prepared_transactions", "5")
            .setting("wal_level", "logical")
    });
    let scene = Scene::on(&cluster);
    let jane = scene.create("devlead", "jane");
    let joe = scene.create("devqa", "joe");
    scene.psql(&format!("GRANT {} TO {}", jane.name, joe.name));
    let mut member = client(&scene, &joe);
    let mut session = client(&scene, &jane);
    for sql in [
        "CREATE FUNCTION own() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "CREATE VIEW seen AS SELECT 1 AS one",
        "CREATE TABLE mine ()",
        "BEGIN; LOCK mine; PREPARE TRANSACTION 'it''s hers'",
    ] {
        session.batch_execute(sql).expect("a lead may");
    }
    let lock = scene.user("lock", &[&jane.name]).run();
    lock.expect_status(0);
    let row = lock.json();
    assert_eq!(row["prepared"][0]["gid"], "it's hers", "{lock}");
    assert_eq!(row["definer_routines"], 1, "{lock}");
    assert_eq!(row["views"], 1, "{lock}");
    assert_eq!(
        row["member_sessions"][0]["username"],
        joe.name.as_str(),
        "{lock}"
    );
    let warnings = row["warnings"].to_string();
    for wanted in [
        "ROLLBACK PREPARED 'it''s hers'",
        "add --members",
        "SECURITY DEFINER",
    ] {
        assert!(warnings.contains(wanted), "{wanted}: {lock}");
    }
    assert!(member.simple_query("SELECT 1").is_ok());
    let lock = scene.user("lock", &[&jane.name, "--members"]).run();
    lock.expect_status(0);
    assert_eq!(lock.json()["sessions_ended"], 1, "{lock}");
    assert!(member.simple_query("SELECT 1").is_err());
}

#[test]
fn a_slot_that_stays_is_named() {
    if skip_unless_superuser("one admin is enough") {
        return;
    }
    let cluster = Cluster::private(|c| c.setting("wal_level", "logical"));
    let scene = Scene::on(&cluster);
    let stream = scene
        .area
        .create_role("stream", "LOGIN REPLICATION PASSWORD 'x'");
    scene.psql("SELECT pg_create_physical_replication_slot('keeper', true)");
    // psql ends at once when a replication begins.
    let program = servers::psql().with_file_name("pg_receivewal");
    if !program.exists() {
        servers::skip("there is no pg_receivewal beside psql");
        return;
    }
    let folder = scene.sandbox.path().join("wal");
    fs::create_dir(&folder).expect("the sandbox can be written");
    let mut client = Command::new(program);
    client
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("PGPASSWORD", "x");
    client.args(["-h", "127.0.0.1", "-p", &cluster.port().to_string()]);
    client.args(["-U", &stream, "-S", "keeper", "-n", "-D"]);
    let client = client.arg(&folder).stderr(Stdio::null()).spawn();
    let mut client = client.expect("the program is there");
    wait_until("the slot is in use", || {
        scene.psql("SELECT active FROM pg_replication_slots") == "t"
    });
    let lock = scene.user("lock", &[&stream, "--force"]).run();
    client.kill().ok();
    client.wait().ok();
    lock.expect_status(0);
    assert_eq!(lock.json()["slots"][0], "keeper", "{lock}");
    assert_eq!(scene.psql("SELECT active FROM pg_replication_slots"), "f");
}

#[test]
fn a_subscription_whose_replication_will_stop_is_named() {
    if skip_unless_superuser("up to 15 only superusers own subscriptions") {
        return;
    }
    let scene = Scene::new();
    let jane = scene.area.create_role("jane", "LOGIN SUPERUSER");
    scene.psql(&format!(
        "SET ROLE {jane}; CREATE SUBSCRIPTION {jane}_sub CONNECTION 'host=127.0.0.1' PUBLICATION p WITH (connect = false)"
    ));
    let lock = scene.user("lock", &[&jane, "--force"]).run();
    scene.psql(&format!(
        "ALTER SUBSCRIPTION {jane}_sub SET (slot_name = NONE); DROP SUBSCRIPTION {jane}_sub"
    ));
    lock.expect_status(0);
    assert_eq!(
        lock.json()["subscriptions"][0]["database"],
        scene.database(),
        "{lock}"
    );
}

#[test]
fn nobody_locks_themselves() {
    let scene = Scene::new();
    let lock = scene.user("lock", &["postgres", "--force"]).run();
    let said = error(&lock, 6);
    assert!(
        whole_text(&said).contains("the admin credential itself"),
        "{lock}"
    );
    assert_eq!(can_login(&scene, "postgres"), "t");
}

#[test]
fn a_dry_run_shows_the_statements_and_changes_nothing() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    let mut session = client(&scene, &jane);
    let lock = scene.user("lock", &[&jane.name, "--dry-run"]).run();
    lock.expect_status(0);
    let shown = lock.json()["statements"].to_string();
    assert!(
        shown.contains("NOLOGIN") && shown.contains("pg_terminate_backend"),
        "{lock}"
    );
    assert!(session.simple_query("SELECT 1").is_ok());
    assert_eq!(can_login(&scene, &jane.name), "t");
}
