//! What fails on a server is told, whatever the command that was to change something there.

use serde_json::Value;

use super::Scene;
use crate::harness::{HttpServer, Outcome, results};

/// A target `dev`/`gone` that nothing answers for.
fn scene(server: &HttpServer) -> Scene {
    let mut scene = Scene::with_webhook(server, "");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("it is bound").port();
    scene.sandbox.register_on_port(port, "dev", "gone");
    scene
}

fn rotate(scene: &Scene, arguments: &[&str]) -> Outcome {
    let file = scene.sandbox.path().join("dba");
    let deliver = format!("file:{}", file.display());
    let rotate = ["credential", "rotate", "-e", "dev", "-d", "gone"];
    let run = scene.sandbox.pgrole(rotate).args(arguments);
    run.args(["--deliver", &deliver]).run()
}

#[track_caller]
fn is_told(server: &HttpServer, operation: &str) -> Value {
    let message = server.only_request().json();
    assert_eq!(results::check_as("message", &message), Ok(()));
    assert_eq!(message["event"], "operation failed");
    assert_eq!(message["operation"], operation);
    assert_eq!(message["env"], "dev");
    message
}

#[track_caller]
fn names_the_target(outcome: &Outcome, database: &str) {
    let error = &outcome.json_error()["error"];
    assert_eq!(error["env"], "dev", "{outcome}");
    assert_eq!(error["database"], database, "{outcome}");
}

#[test]
fn an_admin_login_that_cannot_be_rotated_is_told_of() {
    let server = HttpServer::start();
    let scene = scene(&server);
    let failed = rotate(&scene, &[]);
    failed.expect_status(5);
    names_the_target(&failed, "gone");
    let message = is_told(&server, "credential rotate survey");
    assert_eq!(message["database"], "gone");
    let error = message["error"].to_string();
    assert!(error.contains("Connection refused"), "{message}");
}

#[test]
fn an_admin_login_that_no_source_has_is_on_record_and_told_of() {
    let server = HttpServer::start();
    let scene = scene(&server);
    let rotate = ["credential", "rotate", "-e", "dev", "-d", "gone"];
    let run = scene.sandbox.pgrole(rotate);
    let run = run
        .without_env("PG_ADMIN_USER")
        .without_env("PG_ADMIN_PASS");
    let failed = run.run();
    failed.expect_status(5);
    names_the_target(&failed, "gone");
    is_told(&server, "credential rotate");
    let outcome = "SELECT operation || ': ' || status FROM audit_log WHERE stage = 'outcome'";
    assert_eq!(scene.query(outcome), "credential rotate: failed");
}

#[test]
fn a_rotation_that_is_only_shown_fails_in_silence() {
    let server = HttpServer::start();
    let scene = scene(&server);
    let failed = rotate(&scene, &["--dry-run"]);
    failed.expect_status(5);
    names_the_target(&failed, "gone");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_refused_rotation_names_its_target_and_is_nobody_elses_affair() {
    let server = HttpServer::start();
    let scene = scene(&server);
    // The variables are which pgrole cannot write to.
    let rotate = ["credential", "rotate", "-e", "dev", "-d", "gone"];
    let refused = scene.sandbox.pgrole(rotate).run();
    refused.expect_status(6);
    names_the_target(&refused, "gone");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn access_groups_that_cannot_be_prepared_are_told_of() {
    let server = HttpServer::start();
    let scene = scene(&server);
    let prepare = ["access", "prepare", "-e", "dev", "-d", "gone"];
    let shown = scene.sandbox.pgrole(prepare).args(["--dry-run"]).run();
    names_the_target(shown.expect_status(5), "gone");
    assert_eq!(server.requests().len(), 0);
    let failed = scene.sandbox.pgrole(prepare).run();
    names_the_target(failed.expect_status(5), "gone");
    is_told(&server, "access prepare");
}

#[test]
fn a_group_that_the_server_has_no_schema_for_is_told_of() {
    let server = HttpServer::start();
    let scene = scene(&server);
    let database = scene.area.database();
    let prepare = ["access", "prepare", "-e", "dev", "-d", database];
    let prepare = scene.sandbox.pgrole(prepare).args(["--schema", "nowhere"]);
    let failed = prepare.run();
    names_the_target(failed.expect_status(1), database);
    let message = is_told(&server, "access prepare");
    let error = message["error"].to_string();
    assert!(error.contains("no such schema"), "{message}");
}

#[test]
fn what_only_reads_fails_in_silence() {
    let server = HttpServer::start();
    let scene = scene(&server);
    for words in [
        "user find -u jane -e dev -d gone",
        "user list -e dev -d gone",
        "registry check -e dev -d gone",
        "credential check -e dev -d gone",
    ] {
        let failed = scene.sandbox.pgrole(words.split(' ')).run();
        names_the_target(failed.expect_status(5), "gone");
    }
    assert_eq!(server.requests().len(), 0);
}
