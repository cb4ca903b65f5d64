//! A profile of the config file may have any name: what is done by it is `user create`, and nothing else.

use serde_json::Value;

use crate::harness::sqlite;
use crate::scene::{Scene, created};

const PROFILES: &str = "[profiles.reset]\naccess = \"none\"\n[profiles.batch]\naccess = \"none\"\n";

fn scene() -> Scene<'static> {
    let scene = Scene::new();
    scene.sandbox.write_config(PROFILES);
    scene
}

fn operations(scene: &Scene<'_>) -> String {
    let sql =
        "SELECT operation || ' ' || profile FROM audit_log WHERE stage = 'intent' ORDER BY id";
    sqlite::query(&scene.sandbox.registry(), sql)
}

fn last_result(scene: &Scene<'_>, role: &str) -> Value {
    let rows = scene.sandbox.pgrole(["rotate", "status", "-u", role]).run();
    rows.expect_status(0).json()[0]["last_result"].clone()
}

#[test]
fn the_operation_is_the_command_whatever_the_profile() {
    let scene = scene();
    for profile in ["reset", "batch", "devqa"] {
        let role = scene.role(profile);
        let arguments = ["--profile", profile, "-u", &role];
        created(&scene.user("create", &arguments).run());
    }
    let shown = ["--profile", "batch", "-u", &scene.role("new"), "--dry-run"];
    scene.user("create", &shown).run().expect_status(0);
    created(&scene.user("devqa", &["-u", &scene.role("own")]).run());
    assert_eq!(
        operations(&scene),
        "user create reset\nuser create batch\nuser create devqa\nuser create --dry-run batch\nuser devqa devqa"
    );
}

#[test]
fn a_login_that_is_there_already_does_not_look_like_a_failed_reset() {
    let scene = scene();
    let role = scene.role("jane");
    let create = ["--profile", "reset", "-u", &role];
    created(&scene.user("create", &create).run());
    let again = scene.user("create", &create).run();
    assert_eq!(again.json()["status"], "user already exists");
    assert_eq!(last_result(&scene, &role), "changed");
    // As earlier versions wrote it.
    let sql = "INSERT INTO audit_log (performed_at, operation_id, stage, operation, env, db_name, hostname, port,
            username, profile, status, os_user, uid, host, pid, version)
        SELECT performed_at, 'feed' || stage, stage, 'user reset', env, db_name, hostname, port,
            username, profile, status, os_user, uid, host, pid, '0.1.0'
        FROM audit_log WHERE operation = 'user create' ORDER BY id DESC LIMIT 2";
    sqlite::query(&scene.sandbox.registry(), sql);
    assert_eq!(last_result(&scene, &role), "changed");
}
