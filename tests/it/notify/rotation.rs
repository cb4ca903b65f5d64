//! One summary for a rotation, to each channel of what it is about; nothing of single roles.

use std::fs;

use serde_json::{Value, json};

use super::Scene;
use crate::harness::{Cluster, HttpServer, results};

/// Two channels, one for all and one for `qa`, and roles in two environments whose passwords go to files.
struct Fleet {
    scene: Scene,
    server: HttpServer,
    qa: super::Area<'static>,
}

impl Fleet {
    fn new() -> Self {
        let server = HttpServer::start();
        let mut scene = Scene::new();
        let cluster = Cluster::shared();
        let qa = cluster.area();
        scene.sandbox.register(cluster, "qa", qa.database());
        fs::create_dir(scene.sandbox.path().join("out")).expect("the sandbox can be written");
        Self { scene, server, qa }
    }

    fn listen(&self, more: &str) {
        let url = |path: &str| self.server.url(path);
        self.scene.sandbox.write_config(&format!(
            "[notify.all]\nchannel = \"webhook\"\nurl = \"{}\"\n{more}\n[notify.qa]\nchannel = \"webhook\"\nurl = \"{}\"\nenvironments = [\"qa\"]\n",
            url("/all"),
            url("/qa"),
        ));
    }

    fn create(&self, env: &str, role: &str, folder: &str) -> String {
        let (role, database) = match env {
            "qa" => (self.qa.role(role), self.qa.database()),
            _ => (self.scene.area.role(role), self.scene.area.database()),
        };
        let folder = self.scene.sandbox.path().join(folder);
        fs::create_dir_all(&folder).expect("the sandbox can be written");
        let deliver = format!("file:{}", folder.join("{username}").display());
        let words = [
            "user",
            "readonly",
            "-e",
            env,
            "-d",
            database,
            "-u",
            &role,
            "--deliver",
            &deliver,
        ];
        self.scene.sandbox.pgrole(words).run().expect_status(0);
        role
    }

    fn rotate(&self) -> super::Run<'_> {
        self.scene
            .sandbox
            .pgrole(["rotate", "--any-age", "--quiet", "--jobs", "2"])
    }

    fn messages(&self, path: &str) -> Vec<Value> {
        let requests = self.server.requests();
        let own = requests
            .iter()
            .filter(|request| request.line.contains(path));
        own.map(crate::harness::http_server::Request::json)
            .collect()
    }
}

#[test]
fn a_rotation_that_goes_well_is_one_message() {
    let fleet = Fleet::new();
    for role in ["a", "b", "c"] {
        fleet.create("dev", role, "out");
    }
    fleet.listen("");
    fleet.rotate().run().expect_status(0).expect_stderr("");
    let messages = fleet.messages("/all");
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    assert_eq!(results::check_as("message", message), Ok(()));
    assert_eq!(message["event"], "rotation finished");
    assert_eq!(
        message["summary"],
        "rotation finished: 3 due, 3 rotated, 0 failed, 0 left"
    );
    assert_eq!(message["operation"], "rotate run");
    assert_eq!(
        message["rotation"],
        json!({ "due": 3, "rotated": 3, "failed": 0, "skipped": 0, "left": 0 })
    );
    assert_eq!(message.get("roles"), None);
    assert_eq!(message["env"], Value::Null);
    // None of its environment was due.
    assert_eq!(fleet.messages("/qa").len(), 0);
    let status = fleet
        .scene
        .query("SELECT status FROM audit_log WHERE operation = 'rotate run' ORDER BY id");
    assert_eq!(
        status,
        "intended\nrotation finished: 3 due, 3 rotated, 0 failed, 0 left"
    );
    let anchor = message["audit_anchor"].as_str().expect("an anchor");
    let newest = fleet.scene.query("SELECT id || ':' || hash FROM audit_log WHERE operation = 'rotate run' AND stage = 'outcome'");
    assert_eq!(anchor, newest);
}

#[test]
fn a_rotation_that_fails_names_who_failed_to_each_channel_of_its_own() {
    let fleet = Fleet::new();
    fleet.create("dev", "good", "out");
    let lost = fleet.create("dev", "lost", "gone");
    fleet.create("qa", "good", "out");
    fs::remove_dir_all(fleet.scene.sandbox.path().join("gone")).expect("our own folder");
    fleet.listen("");
    let rotated = fleet.rotate().run();
    rotated.expect_status(4);
    let messages = fleet.messages("/all");
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    assert_eq!(results::check_as("message", message), Ok(()));
    assert_eq!(message["event"], "rotation failed");
    assert_eq!(
        message["rotation"],
        json!({ "due": 3, "rotated": 2, "failed": 1, "skipped": 0, "left": 0 })
    );
    let roles = message["roles"].as_array().expect("roles");
    assert_eq!(roles.len(), 1);
    assert_eq!(roles[0]["username"], lost.as_str());
    assert_eq!(
        (&roles[0]["env"], &roles[0]["database"]),
        (&json!("dev"), &json!(fleet.scene.area.database()))
    );
    let error = roles[0]["error"].as_str().expect("an error");
    assert!(
        error.starts_with(&format!("cannot reset the password of \"{lost}\" on dev/")),
        "{error}"
    );
    let messages = fleet.messages("/qa");
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["event"], "rotation finished");
    assert_eq!(
        messages[0]["rotation"],
        json!({ "due": 1, "rotated": 1, "failed": 0, "skipped": 0, "left": 0 })
    );
}

#[test]
fn a_rotation_with_nothing_to_do_is_silent() {
    let fleet = Fleet::new();
    fleet.create("dev", "good", "out");
    fleet.listen("");
    fleet
        .scene
        .sandbox
        .pgrole(["rotate", "--older-than", "90d", "--quiet"])
        .run()
        .expect_status(0)
        .expect_stderr("");
    fleet
        .rotate()
        .args(["--dry-run"])
        .run()
        .expect_status(0)
        .expect_stderr("");
    assert_eq!(fleet.server.requests().len(), 0);
    assert_eq!(
        fleet
            .scene
            .query("SELECT count(*) FROM audit_log WHERE operation = 'rotate run'"),
        "0"
    );
}

#[test]
fn a_channel_may_want_failures_only() {
    let fleet = Fleet::new();
    fleet.create("dev", "good", "out");
    fleet.listen("events = [\"rotation failed\"]");
    fleet.rotate().run().expect_status(0);
    assert_eq!(fleet.messages("/all").len(), 0);
}

#[test]
fn a_person_is_shown_the_failed_roles_by_name() {
    let fleet = Fleet::new();
    let lost = fleet.create("dev", "lost", "gone");
    fs::remove_dir_all(fleet.scene.sandbox.path().join("gone")).expect("our own folder");
    let url = fleet.server.url("/");
    fleet.scene.sandbox.write_config(&format!(
        "[notify.s]\nchannel = \"slack\"\nurl = \"{url}\"\n"
    ));
    fleet.rotate().run().expect_status(1);
    let text = fleet.server.only_request().json()["text"].clone();
    let text = text.as_str().expect("a text");
    let database = fleet.scene.area.database();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[0],
        "*rotation failed*: `1 due, 0 rotated, 1 failed, 0 left`"
    );
    assert!(
        lines[1].starts_with(&format!("failed: `{lost} on dev/{database}: cannot reset")),
        "{text}"
    );
}
