//! A change on a primary that is lost: the standby that took its place has it, or has it not, or cannot be asked.

use super::{Scene, wait_until};
use crate::harness::{Cluster, Proxy, skip_unless_superuser};

/// A primary and its standby, reached under one name, which is a proxy's port.
struct Pair {
    primary: Cluster,
    proxy: Proxy,
}

impl Pair {
    fn new() -> Self {
        let primary = Cluster::private(|c| c);
        let proxy = Proxy::before(&primary);
        Self { primary, proxy }
    }

    /// Leads to the standby, which becomes the primary of a new timeline.
    fn fail_over(&self, standby: &Cluster) {
        self.primary.stop_immediate();
        standby.promote();
        self.proxy.lead_to(standby);
    }
}

/// Waits until the standby has replayed all that the primary has written.
fn catch_up(primary: &Cluster, standby: &Cluster) {
    let end = primary.psql("postgres", "SELECT pg_current_wal_flush_lsn()");
    let replayed = format!("SELECT pg_last_wal_replay_lsn() >= '{end}'");
    wait_until(|| standby.psql("postgres", &replayed) == "t");
}

/// Resets a password whose delivery fails until the file `gate` is there.
fn reset_undelivered(scene: &Scene<'_>, role: &str) {
    let deliver = format!(
        "exec:sh -c \"test -e {} && cat > {}\"",
        scene.file("gate").display(),
        scene.file("object").display()
    );
    scene
        .user("reset", role, &["--deliver", &deliver])
        .run()
        .expect_status(8);
    std::fs::write(scene.file("gate"), "").expect("the folder is there");
}

#[track_caller]
fn object_is_good(scene: &Scene<'_>, server: &Cluster, role: &str) {
    let object: serde_json::Value = serde_json::from_str(&scene.read("object")).expect("JSON");
    let password = object["password"].as_str().expect("a password");
    let login = server.client_as(role, password, scene.area.database());
    assert!(login.is_ok(), "{}", scene.states());
}

#[test]
fn a_change_that_nothing_proves_after_a_failover_is_for_a_human_to_decide() {
    let pair = Pair::new();
    let scene = Scene::on(&pair.primary, pair.proxy.port()).with_plain_admin();
    let role = scene.create("jane");
    let standby = Cluster::standby_of(&pair.primary);
    standby.stop();
    reset_undelivered(&scene, &role);
    pair.primary.stop_immediate();
    standby.start();
    standby.promote();
    pair.proxy.lead_to(&standby);
    for _ in 0..2 {
        let error = scene.recover().expect_status(8).json_error()["error"].clone();
        let causes = error["causes"].to_string();
        assert!(
            causes.contains("timeline 1 then, 2 now")
                && causes.contains("either the change was lost with the old primary")
                && causes.contains("or it was replicated, and somebody has changed"),
            "{causes}"
        );
        let hint = error["hint"].as_str().expect("a hint");
        assert!(hint.contains("pgrole recover abort") && hint.contains("pgrole user reset"));
        assert_eq!(scene.states(), "CLOSED\nSTUCK");
        assert_eq!(scene.sealed(), "1");
    }
    let id = scene.newest_id();
    let shown = scene.sandbox.pgrole(["recover", "show", &id]).run().json();
    assert!(shown["error"].to_string().contains("failed over"));
    // The old primary comes back: what it took is still known here.
    pair.primary.start();
    pair.proxy.lead_to(&pair.primary);
    scene.recover().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
    object_is_good(&scene, &pair.primary, &role);
}

#[test]
fn a_change_that_came_over_is_proven_by_a_login_and_delivered() {
    let pair = Pair::new();
    let scene = Scene::on(&pair.primary, pair.proxy.port()).with_plain_admin();
    let role = scene.create("jane");
    let standby = Cluster::standby_of(&pair.primary);
    reset_undelivered(&scene, &role);
    catch_up(&pair.primary, &standby);
    pair.fail_over(&standby);
    scene.recover().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
    object_is_good(&scene, &standby, &role);
}

#[test]
fn a_change_that_the_verifier_shows_to_be_lost_is_made_after_all() {
    if skip_unless_superuser("only a superuser sees by the verifier that nothing has changed") {
        return;
    }
    let pair = Pair::new();
    let scene = Scene::on(&pair.primary, pair.proxy.port());
    let role = scene.create("jane");
    let standby = Cluster::standby_of(&pair.primary);
    standby.stop();
    reset_undelivered(&scene, &role);
    pair.primary.stop_immediate();
    standby.start();
    standby.promote();
    pair.proxy.lead_to(&standby);
    scene.recover().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
    object_is_good(&scene, &standby, &role);
}

#[test]
fn a_standby_that_lags_behind_does_not_make_a_role_missing() {
    let pair = Pair::new();
    let scene = Scene::on(&pair.primary, pair.proxy.port());
    let standby = Cluster::standby_of(&pair.primary);
    standby.stop();
    let role = scene.create("jane");
    pair.primary.stop_immediate();
    standby.start();
    pair.proxy.lead_to(&standby);
    let rotated = scene.sandbox.pgrole(["rotate", "-u", &role]).run();
    rotated.expect_status(1).expect_in_stderr("is a standby");
    pair.primary.start();
    pair.proxy.lead_to(&pair.primary);
    scene
        .sandbox
        .pgrole(["rotate", "-u", &role])
        .run()
        .expect_status(0);
    scene.delivered_password_is_good(&role);
}
