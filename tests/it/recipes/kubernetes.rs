//! `contrib/deliver/kubernetes-secret`: the real kubectl against a stand-in for the API server, which cannot be installed
//! from a package registry.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::{
    StandIn, expect_hidden, has, login_of, operation_id, recipe, rotate_under_strace, system_python,
};
use crate::scene::Scene;

fn start(scene: &mut Scene<'_>, secrets: &[&str]) -> Option<StandIn> {
    if !["kubectl", "jq"].into_iter().all(has) {
        return None;
    }
    let cluster = StandIn::start(system_python(), "kubernetes_api.py", secrets);
    let config = scene.sandbox.path().join("kubeconfig");
    let text = format!(
        r#"{{"apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [{{"name": "c", "cluster": {{"server": "{}"}}}}],
            "contexts": [{{"name": "c", "context": {{"cluster": "c", "user": "u"}}}}],
            "users": [{{"name": "u", "user": {{}}}}]}}"#,
        cluster.url()
    );
    fs::write(&config, text).expect("the sandbox can be written");
    scene.sandbox.env("KUBECONFIG", config);
    Some(cluster)
}

/// The keys of a Secret, decoded.
#[track_caller]
fn decoded(secret: &Value) -> Value {
    let data = secret["data"].as_object().expect("an object");
    let decoded: Map<String, Value> = data
        .iter()
        .map(|(key, value)| {
            let bytes = STANDARD.decode(value.as_str().expect("a text"));
            let text = String::from_utf8(bytes.expect("base64")).expect("UTF-8");
            (key.clone(), Value::from(text))
        })
        .collect();
    Value::from(decoded)
}

#[test]
fn a_password_is_applied_and_is_in_no_argument() {
    let mut scene = Scene::new();
    let held = r#"{"name": "shop", "data": {"pool": "NQ=="}, "owners": {"pool": "helm"}}"#;
    let Some(cluster) = start(&mut scene, &[held]) else {
        return;
    };
    let role = scene.role("shop");
    let deliver = recipe("kubernetes-secret apps shop");
    let created = scene
        .user("readonly", &["-u", &role, "--deliver", &deliver])
        .run();
    created.expect_status(0);
    let secret = cluster.next_written();
    let operation = &secret["annotations"]["pgrole/operation-id"];
    assert_eq!(operation, &operation_id(&scene));
    scene.may_log_in(&login_of(&decoded(&secret)));

    let started = rotate_under_strace(&scene, &role);
    let held = decoded(&cluster.next_written());
    assert_eq!(held["pool"], "5", "what others manage is kept");
    let login = login_of(&held);
    scene.may_log_in(&login);
    expect_hidden(&login.password, &started);
}

#[test]
fn a_key_that_another_manager_owns_is_not_taken() {
    let mut scene = Scene::new();
    let held = r#"{"name": "shop", "data": {"password": "b2xk"}, "owners": {"password": "helm"}}"#;
    let Some(cluster) = start(&mut scene, &[held]) else {
        return;
    };
    let role = scene.role("shop");
    let deliver = recipe("kubernetes-secret apps shop");
    let outcome = scene
        .user("readonly", &["-u", &role, "--deliver", &deliver])
        .run();
    outcome.expect_status(8).expect_in_stderr("helm");
    assert_eq!(cluster.rest(), "", "nothing was applied");
}
