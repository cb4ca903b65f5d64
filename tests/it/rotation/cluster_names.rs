//! A role is meant, and asked about, by every name of its cluster, whichever it was placed over.

use std::fs;

use super::Scene;
use super::clusters::{add, adopt_schema_8, clusters, rotate, rotated, server, with_second_name};

#[test]
fn a_role_is_selected_by_every_name_of_its_cluster() {
    let server = server();
    let (scene, role, _proxy) = with_second_name(&server);
    for arguments in [
        &["-e", "qa"][..],
        &["-e", "dev"],
        &["-e", "qa", "-u", &role],
    ] {
        let outcome = rotate(&scene, arguments);
        assert_eq!(rotated(outcome.expect_status(0)), (1, 1), "{outcome}");
        scene.delivered_password_is_good(&role);
    }
    rotate(&scene, &["-e", "uat"]).expect_status(3);
}

#[test]
fn a_cluster_that_is_reached_as_prod_too_is_asked_about_as_prod() {
    let server = server();
    let scene = Scene::on(&server, server.port());
    let role = scene.create("jane");
    let old = scene.delivered_password(&role);
    add(&scene, "prod", "localhost", server.port());
    for arguments in [&[][..], &["-e", "dev"], &["-u", &role]] {
        let refused = rotate(&scene, arguments);
        refused
            .expect_status(6)
            .expect_in_stderr("rotate 1 role on 1 target, 1 in prod");
        assert_eq!(clusters(&scene), "1");
        assert_eq!(scene.delivered_password(&role), old);
    }
    let outcome = rotate(&scene, &["--yes"]);
    assert_eq!(rotated(outcome.expect_status(0)), (1, 1), "{outcome}");
    scene.delivered_password_is_good(&role);
}

#[test]
fn the_end_of_a_change_on_a_cluster_that_is_reached_as_prod_too_is_asked_about_as_prod() {
    let server = server();
    let scene = Scene::on(&server, server.port());
    let role = scene.create("jane");
    add(&scene, "prod", "localhost", server.port());
    rotate(&scene, &["--yes"]).expect_status(0);
    let fails = ["--deliver", "exec:false", "--yes"];
    scene.user("reset", &role, &fails).run().expect_status(8);
    let mut terminal = scene.sandbox.pgrole(["recover", "run"]).in_terminal(200);
    terminal.expect("settle 1 password change on 1 target, 1 in prod?");
    terminal.send_line("n");
    assert_eq!(terminal.wait_status().1, Some(6));
}

/// A registry with a role that has two deliveries, of which nobody has picked yet.
fn with_undecided(server: &crate::harness::Cluster) -> Scene<'_> {
    let scene = Scene::on(server, server.port());
    adopt_schema_8(&scene, server);
    rotate(&scene, &[]).expect_status(4);
    scene
}

#[test]
fn a_file_that_somebody_may_still_pick_for_a_role_is_no_other_roles() {
    let server = server();
    let scene = with_undecided(&server);
    let role = scene.area.role("joe");
    for file in ["dev.json", "qa.json"] {
        fs::remove_file(scene.file(file)).ok();
        let deliver = format!("file:{}", scene.file(file).display());
        let create = scene.user("readonly", &role, &["--deliver", &deliver]);
        let refused = create.run();
        refused
            .expect_status(6)
            .expect_in_stderr("is the file of \\\"jane\\\"");
        assert!(!scene.file(file).exists());
    }
}

#[test]
fn doctor_names_the_roles_that_wait_for_a_pick_with_the_command() {
    let server = server();
    let scene = with_undecided(&server);
    let doctor = scene.sandbox.pgrole(["doctor", "--offline"]).run().json();
    let findings = doctor.as_array().expect("findings");
    let is_it = |finding: &&serde_json::Value| {
        finding["check"] == "delivery" && finding["status"] == "warning"
    };
    let found = findings.iter().find(is_it);
    let found = found.unwrap_or_else(|| panic!("not named: {doctor}"));
    let detail = found["detail"].as_str().expect("a text");
    assert!(
        detail.contains("\"jane\" was delivered to 2 places"),
        "{found}"
    );
    let hint = found["hint"].as_str().expect("a command");
    assert!(hint.contains("-u jane --deliver file:"), "{found}");
}
