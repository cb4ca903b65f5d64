//! `contrib/deliver/aws-secrets-manager`: the real command line of AWS against moto, which imitates the service.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::{StandIn, expect_hidden, has, login_of, recipe, rotate_under_strace};
use crate::harness::{Outcome, servers};
use crate::scene::Scene;

/// Where scripts/test puts moto and the command line of AWS.
fn programs() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let folder = target.expect("it is in the target folder").join("aws");
    folder.join("whole").exists().then(|| folder.join("bin"))
}

struct Service {
    stand_in: StandIn,
    programs: PathBuf,
}

impl Service {
    #[track_caller]
    fn start(scene: &mut Scene<'_>) -> Option<Self> {
        if !has("jq") {
            return None;
        }
        let Some(programs) = programs() else {
            servers::skip("no moto and awscli here: scripts/test fetches them from PyPI");
            return None;
        };
        let stand_in = StandIn::start(&programs.join("python"), "secrets_manager.py", &[]);
        let service = Self { stand_in, programs };
        for (name, value) in service.variables() {
            scene.sandbox.env(name, value);
        }
        Some(service)
    }

    fn variables(&self) -> [(&'static str, String); 5] {
        [
            ("AWS_ENDPOINT_URL", self.stand_in.url()),
            ("AWS_ACCESS_KEY_ID", "key".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
            ("AWS_DEFAULT_REGION", "eu-west-1".to_owned()),
            ("PATH", format!("{}:/usr/bin:/bin", self.programs.display())),
        ]
    }

    #[track_caller]
    fn aws(&self, arguments: &[&str]) -> Value {
        let mut command = Command::new(self.programs.join("aws"));
        command.env_clear().envs(self.variables());
        command.arg("secretsmanager").args(arguments);
        Outcome::of(command).expect_status(0).json()
    }

    #[track_caller]
    fn held(&self, secret: &str) -> Value {
        let value = self.aws(&["get-secret-value", "--secret-id", secret]);
        let text = value["SecretString"].as_str().expect("a text");
        serde_json::from_str(text).expect("JSON")
    }
}

#[test]
fn a_password_is_stored_as_a_version_and_is_in_no_argument() {
    let mut scene = Scene::new();
    let Some(service) = Service::start(&mut scene) else {
        return;
    };
    let (role, secret) = (scene.role("shop"), "pgrole/dev/shop");
    let deliver = recipe(&format!("aws-secrets-manager {secret}"));
    let created = scene
        .user("readonly", &["-u", &role, "--deliver", &deliver])
        .run();
    created.expect_status(0);
    let held = service.held(secret);
    scene.may_log_in(&login_of(&held));
    assert_eq!(held["engine"], "postgres");
    assert_eq!(held["dbname"], scene.database());
    assert!(held["port"].is_u64(), "{held}");

    let with_more = held.to_string().replacen('{', "{\"pool_size\":5,", 1);
    service.aws(&[
        "put-secret-value",
        "--secret-id",
        secret,
        "--secret-string",
        &with_more,
    ]);
    let started = rotate_under_strace(&scene, &role);
    let held = service.held(secret);
    assert_eq!(held["pool_size"], 5, "other keys are kept");
    let login = login_of(&held);
    scene.may_log_in(&login);
    expect_hidden(&login.password, &started);

    // The same delivery once more adds no version.
    let list = ["list-secret-version-ids", "--secret-id", secret];
    let versions = || -> Vec<(String, Value)> {
        let listed = service.aws(&[&list[..], &["--include-deprecated"]].concat());
        let listed = listed["Versions"].as_array().expect("an array").iter();
        let id_of = |version: &Value| version["VersionId"].as_str().expect("a text").to_owned();
        listed
            .map(|version| (id_of(version), version["VersionStages"].clone()))
            .collect()
    };
    let before = versions();
    let (current, _) = before
        .iter()
        .find(|(_, stages)| stages[0] == "AWSCURRENT")
        .expect("one is current");
    let id = current.replacen("pgrole-operation-", "", 1);
    let object = format!(
        "{{\"username\":\"{}\",\"password\":\"{}\",\"operation_id\":\"{id}\"}}",
        login.name, login.password
    );
    let again = scene.sandbox.path().join("object");
    std::fs::write(&again, object).expect("the sandbox can be written");
    let script = deliver.replacen("exec:", "", 1);
    let mut command = Command::new("sh");
    command.env_clear().envs(service.variables());
    command.args(["-c", &format!("{script} < {}", again.display())]);
    Outcome::of(command).expect_status(0);
    assert_eq!(versions(), before);
    let mut command = Command::new("sh");
    command.env_clear().envs(service.variables());
    command.args(["-c", &format!("{script} < /dev/null")]);
    Outcome::of(command)
        .expect_status(1)
        .expect_stderr("nothing on standard input\n");
}

#[test]
fn a_secret_of_another_form_is_left_as_it_is() {
    let mut scene = Scene::new();
    let Some(service) = Service::start(&mut scene) else {
        return;
    };
    let create = [
        "create-secret",
        "--name",
        "plain",
        "--secret-string",
        "text",
    ];
    service.aws(&create);
    let role = scene.role("shop");
    let deliver = recipe("aws-secrets-manager plain");
    let outcome = scene
        .user("readonly", &["-u", &role, "--deliver", &deliver])
        .run();
    outcome
        .expect_status(8)
        .expect_in_stderr("does not hold a JSON object");
    let value = service.aws(&["get-secret-value", "--secret-id", "plain"]);
    assert_eq!(value["SecretString"], "text");
}
