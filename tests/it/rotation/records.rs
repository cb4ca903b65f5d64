//! A stored delivery is used only if pgrole itself recorded it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use super::{Scene, wait_until};
use crate::harness::{Cluster, Sandbox, sqlite};

fn rotate(scene: &Scene, role: &str, arguments: &[&str]) -> super::Outcome {
    let run = scene
        .sandbox
        .pgrole(["rotate", "-u", role, "--any-age", "--yes"]);
    run.args(arguments.iter().copied()).run()
}

#[test]
fn a_delivery_that_was_changed_by_hand_is_refused_until_it_is_said_anew() {
    let scene = Scene::new();
    let role = scene.create("web");
    rotate(&scene, &role, &[]).expect_status(0);
    let good = scene.delivered_password(&role);
    let trace = scene.file("stolen");
    let deliver = format!("exec:tee {}", trace.display());
    for change in [
        format!("deliver = '{deliver}'"),
        "deliver = 'stdout'".to_owned(),
        "deliver = NULL".to_owned(),
        "file_format = 'dsn'".to_owned(),
        "record_code = NULL".to_owned(),
    ] {
        scene.query(&format!(
            "CREATE TABLE kept AS SELECT * FROM placed_role; UPDATE placed_role SET {change}"
        ));
        let refused = rotate(&scene, &role, &[]);
        refused
            .expect_status(6)
            .expect_in_stderr("pgrole did not record that");
        refused.expect_in_stderr(&format!("pgrole rotate -u {role} --deliver WHERE"));
        assert!(scene.logs_in(&role, &good), "{change}");
        scene.query(
            "DELETE FROM placed_role; INSERT INTO placed_role SELECT * FROM kept; DROP TABLE kept",
        );
    }
    assert!(!trace.exists());
    rotate(&scene, &role, &[]).expect_status(0);
    scene.query(&format!("UPDATE placed_role SET deliver = '{deliver}'"));
    let doctor = scene.sandbox.pgrole(["doctor", "--offline"]).run();
    doctor.expect_status(1);
    assert!(
        doctor.stdout.contains("was not recorded by pgrole"),
        "{doctor}"
    );
    let deliver = format!("file:{}", scene.file("{username}").display());
    rotate(&scene, &role, &["--deliver", &deliver]).expect_status(0);
    rotate(&scene, &role, &[]).expect_status(0);
    scene.delivered_password_is_good(&role);
}

#[test]
fn a_role_that_was_put_in_by_hand_is_not_rotated() {
    let scene = Scene::new();
    let role = scene.area.create_role("web", "LOGIN PASSWORD 'before'");
    scene.query(&format!(
        "INSERT INTO cluster (id, created_at) VALUES ('c', '2020-01-01T00:00:00Z');
         INSERT OR IGNORE INTO cluster_place (hostname, port, cluster_id) VALUES ('127.0.0.1', '{port}', 'c');
         INSERT INTO placed_role (cluster_id, hostname, port, username, env, db_name, password_changed_at, deliver,
            file_format)
         SELECT cluster_id, '127.0.0.1', '{port}', '{role}', 'dev', '{database}', '2020-01-01T00:00:00Z', 'file:/tmp/x',
            'json' FROM cluster_place WHERE port = '{port}'",
        port = scene.cluster.port(),
        database = scene.area.database()
    ));
    rotate(&scene, &role, &[]).expect_status(6);
    assert!(scene.logs_in(&role, "before"));
}

#[test]
fn a_reset_uses_no_delivery_that_was_changed_by_hand_and_makes_none_of_them_its_own() {
    let scene = Scene::new();
    let role = scene.create("web");
    let good = scene.delivered_password(&role);
    let stolen = scene.file("stolen");
    scene.query(&format!(
        "UPDATE placed_role SET deliver = 'file:{}'",
        stolen.display()
    ));
    let refused = scene.user("reset", &role, &[]).run();
    refused
        .expect_status(6)
        .expect_in_stderr("pgrole did not record that");
    assert!(scene.logs_in(&role, &good));
    // What is printed leaves the place that is on record, but for one that pgrole did not put there.
    let printed = ["--deliver", "stdout"];
    scene.user("reset", &role, &printed).run().expect_status(0);
    rotate(&scene, &role, &[]);
    scene.user("reset", &role, &[]).run().expect_status(0);
    assert!(!stolen.exists());
    let delivers = scene.query("SELECT deliver FROM placed_role");
    assert_eq!(delivers, "stdout");
}

#[test]
fn a_role_that_was_adopted_is_on_record() {
    let scene = Scene::new();
    let role = scene.area.create_role("web", "LOGIN PASSWORD 'before'");
    let deliver = format!("file:{}", scene.file("{username}").display());
    let adopt = ["rotate", "adopt", "-e", "dev", "-d", scene.area.database()];
    let adopt = scene.sandbox.pgrole(adopt);
    let adopt = adopt.args(["-u", &role, "--deliver", &deliver]);
    adopt.run().expect_status(0);
    rotate(&scene, &role, &[]).expect_status(0);
    scene.delivered_password_is_good(&role);
    // Neither has a way back, and both say so.
    let undo = |operation: &str| {
        scene.query(&format!(
            "SELECT undo FROM audit_log WHERE stage = 'outcome' AND operation = '{operation}'"
        ))
    };
    assert_eq!(
        undo("rotate adopt"),
        format!(
            r#"{{"statements":[],"remarks":["\"{role}\" stays under rotation; to skip it in a run: pgrole rotate --exclude {role}"]}}"#
        )
    );
    // What a password change leaves is not stored: its statement says it.
    assert_eq!(undo("rotate"), "");
    let id = scene.query("SELECT max(id) FROM audit_log WHERE operation = 'rotate'");
    let shown = scene.sandbox.pgrole(["audit", "show", &id]).run().json();
    assert_eq!(
        shown["undo_remarks"][0],
        "a password change cannot be undone: the previous password is not kept"
    );
}

#[test]
fn the_destination_of_a_change_that_was_cut_off_cannot_be_changed_by_hand() {
    let scene = Scene::new();
    let role = scene.create("web");
    let program = scene.file("fails");
    symlink("/bin/false", &program).expect("the sandbox can be written");
    let deliver = format!("exec:{}", program.display());
    scene
        .user("reset", &role, &["--deliver", &deliver])
        .run()
        .expect_status(8);
    let trace = scene.file("stolen");
    let stolen = format!("file:{}", trace.display());
    for column in ["deliver", "deliver_template"] {
        scene.query(&format!(
            "UPDATE password_change SET {column} = '{stolen}' WHERE state = 'UNDELIVERED'"
        ));
        let refused = scene.recover();
        refused
            .expect_status(6)
            .expect_in_stderr("was altered since pgrole recorded it");
        assert!(!trace.exists());
        scene.query(&format!(
            "UPDATE password_change SET {column} = '{deliver}' WHERE state = 'UNDELIVERED'"
        ));
    }
    // It reads all that it is given.
    fs::remove_file(&program).expect("it is ours");
    symlink("/usr/bin/wc", &program).expect("the sandbox can be written");
    scene.recover().expect_status(0);
}

/// A change whose delivery failed, and of which it is not known whether the server took it.
fn unknown_change(scene: &Scene, role: &str) {
    let program = scene.file("fails");
    symlink("/bin/false", &program).expect("the sandbox can be written");
    let deliver = format!("exec:{}", program.display());
    let reset = scene.user("reset", role, &["--deliver", &deliver]);
    reset.run().expect_status(8);
    scene.query("UPDATE password_change SET state = 'UNKNOWN' WHERE state = 'UNDELIVERED'");
    // It reads all that it is given.
    fs::remove_file(&program).expect("it is ours");
    symlink("/usr/bin/wc", &program).expect("the sandbox can be written");
}

#[test]
fn the_delivery_of_a_change_is_vouched_for_on_the_cluster_alone_that_it_was_begun_on() {
    let scene = Scene::new();
    let role = scene.create("web");
    unknown_change(&scene, &role);
    scene.query(
        "INSERT INTO cluster (id, created_at) VALUES ('other', '2020-01-01T00:00:00Z');
         UPDATE password_change SET cluster_id = 'other' WHERE state = 'UNKNOWN'",
    );
    scene.recover().expect_status(0);
    let vouched = "SELECT count(record_code) FROM placed_role WHERE cluster_id = 'other'";
    assert_eq!(scene.query(vouched), "0");
}

#[test]
fn the_delivery_of_a_change_is_vouched_for_where_its_cluster_was_joined_to_another_since() {
    let scene = Scene::new();
    let role = scene.create("web");
    unknown_change(&scene, &role);
    let port = scene.cluster.port().to_string();
    let database = scene.area.database();
    let add = ["registry", "add", "-e", "qa", "-d", database];
    let add = scene.sandbox.pgrole(add);
    let add = add.args(["-H", "localhost", "-p", &port]);
    add.args(["--sslmode", "disable"]).run().expect_status(0);
    scene.query(
        "INSERT INTO cluster (id, created_at) VALUES ('older', '2020-01-01T00:00:00Z');
         INSERT INTO cluster_place SELECT 'localhost', port, 'older', system_identifier, started_at FROM cluster_place",
    );
    let find = ["user", "find", "-u", &role, "-e", "qa", "-d", database];
    scene.sandbox.pgrole(find).run().expect_status(0);
    let cluster = "SELECT cluster_id FROM password_change WHERE state = 'UNKNOWN'";
    assert_eq!(scene.query(cluster), "older");
    scene.recover().expect_status(0);
    rotate(&scene, &role, &[]).expect_status(0);
}

/// The key that sealed `sealed_before.sql`, the verifier that its server had, and the role.
const KEY: &str = "1ZHlfIqOWAooEVizjuJHF1g7XM6TdHuJeDkcREadfL8=";
const VERIFIER: &str = "SCRAM-SHA-256$4096:+UjCifZg//LWRDh+09urqA==$T6gVlYMBB6U3XVBPCQQBXqt4fJfm65NdF0+FP6HDfig=:DkxQ1Q0duP1hhLIEPsFYmqeolRKAsapw+x1xaZ1Pm4s=";
const ROLE: &str = "sealed_before";

/// What the release before left behind when it was killed, and a server that took the password.
fn left_by_the_release_before(cluster: &Cluster) -> Sandbox {
    let sandbox = Sandbox::new().with_admin(cluster);
    let file = sandbox.registry();
    fs::create_dir_all(file.parent().expect("it is in a folder")).expect("ours");
    sqlite::query(&file, include_str!("sealed_before.sql"));
    sandbox.write_config("");
    let key = sandbox.config().with_file_name("sealing.key");
    fs::write(&key, KEY).expect("ours");
    fs::set_permissions(&key, Permissions::from_mode(0o600)).expect("ours");
    let sockets = sandbox.path().join("sockets");
    fs::create_dir(&sockets).expect("ours");
    let socket = cluster
        .socket_dir()
        .join(format!(".s.PGSQL.{}", cluster.port()));
    symlink(socket, sockets.join(".s.PGSQL.5432")).expect("ours");
    let program = sandbox.path().join("deliver");
    fs::write(&program, "#!/bin/sh\ncat > delivered\n").expect("ours");
    fs::set_permissions(&program, Permissions::from_mode(0o755)).expect("ours");
    cluster.superuser_psql(
        "postgres",
        &format!("CREATE ROLE {ROLE} LOGIN PASSWORD '{VERIFIER}'"),
    );
    sandbox
}

#[test]
fn what_the_release_before_sealed_still_opens_and_is_delivered_where_it_said() {
    let cluster = Cluster::private(|cluster| cluster);
    let sandbox = left_by_the_release_before(&cluster);
    sandbox.pgrole(["recover", "run"]).run().expect_status(0);
    let delivered = fs::read_to_string(sandbox.path().join("delivered")).expect("delivered");
    let delivered: serde_json::Value = serde_json::from_str(&delivered).expect("an object");
    let password = delivered["password"].as_str().expect("a password");
    assert!(cluster.client_as(ROLE, password, "postgres").is_ok());
    // Where it goes was signed when the file was taken over: the role is rotated there.
    fs::remove_file(sandbox.path().join("delivered")).expect("ours");
    let rotated = sandbox
        .pgrole(["rotate", "-u", ROLE, "--any-age", "--yes"])
        .run();
    rotated.expect_status(0);
    wait_until(|| sandbox.path().join("delivered").exists());
}

#[test]
fn what_the_release_before_sealed_is_not_delivered_elsewhere_once_the_file_was_taken_over() {
    let cluster = Cluster::private(|cluster| cluster);
    let sandbox = left_by_the_release_before(&cluster);
    sandbox.pgrole(["recover", "list"]).run().expect_status(0);
    let trace = sandbox.path().join("stolen");
    sqlite::query(
        &sandbox.registry(),
        &format!(
            "UPDATE password_change SET deliver = 'file:{0}', deliver_template = 'file:{0}'",
            trace.display()
        ),
    );
    sandbox.pgrole(["recover", "run"]).run().expect_status(6);
    assert!(!trace.exists());
}
