//! `contrib/deliver/vault-kv`, against a stand-in: neither Vault nor OpenBao can be installed from a package registry.

use super::{
    StandIn, expect_hidden, has, login_of, operation_id, recipe, rotate_under_strace, system_python,
};
use crate::scene::Scene;

const TOKEN: &str = "hvs.t0ken";

fn start(scene: &mut Scene<'_>, meanwhile: &[&str]) -> Option<StandIn> {
    if !["curl", "jq"].into_iter().all(has) {
        return None;
    }
    let arguments = [&[TOKEN], meanwhile].concat();
    let vault = StandIn::start(system_python(), "vault_kv.py", &arguments);
    scene.sandbox.env("VAULT_ADDR", vault.url());
    scene.sandbox.env("VAULT_TOKEN", TOKEN);
    Some(vault)
}

fn deliver() -> String {
    recipe("vault-kv secret 'pgrole/{env}/a b/{username}'")
}

#[test]
fn a_password_is_put_where_it_logs_in_from_and_is_in_no_argument() {
    let mut scene = Scene::new();
    let Some(vault) = start(&mut scene, &[]) else {
        return;
    };
    let role = scene.role("shop");
    let created = scene
        .user("readonly", &["-u", &role, "--deliver", &deliver()])
        .run();
    created.expect_status(0);
    let held = vault.next_written();
    scene.may_log_in(&login_of(&held));
    assert_eq!(held["dbname"], scene.database());
    assert_eq!(held["operation_id"], operation_id(&scene));

    let started = rotate_under_strace(&scene, &role);
    let held = vault.next_written();
    let login = login_of(&held);
    scene.may_log_in(&login);
    expect_hidden(&login.password, &started);
    assert!(!started.contains(&format!("Token: {TOKEN}")), "{started}");
    assert_eq!(vault.rest(), "");
}

/// Somebody else writes between its reading and its writing: theirs is kept, the delivery fails, and the next has both.
#[test]
fn what_somebody_else_writes_meanwhile_is_kept() {
    let mut scene = Scene::new();
    let Some(vault) = start(&mut scene, &["{\"pool_size\": 5}"]) else {
        return;
    };
    let role = scene.role("shop");
    let outcome = scene
        .user("readonly", &["-u", &role, "--deliver", &deliver()])
        .run();
    outcome.expect_status(8).expect_in_stderr("check-and-set");
    let again = scene.sandbox.pgrole(["recover", "run"]).run();
    again.expect_status(0);
    let held = vault.next_written();
    assert_eq!(held["pool_size"], 5);
    scene.may_log_in(&login_of(&held));
}

#[test]
fn a_delivery_that_is_repeated_writes_nothing() {
    let mut scene = Scene::new();
    let Some(vault) = start(&mut scene, &[]) else {
        return;
    };
    let role = scene.role("shop");
    // It arrives, and the command is taken for failed.
    let script = deliver().replacen("exec:", "", 1).replace('\'', "");
    let script = script.replace("a b", "ab");
    let failed = scene.sandbox.path().join("failed");
    let both = format!(
        "exec:sh -c \"{script} && test -e {0} || {{ touch {0}; false; }}\"",
        failed.display()
    );
    scene
        .user("readonly", &["-u", &role, "--deliver", &both])
        .run()
        .expect_status(8);
    let held = vault.next_written();
    scene
        .sandbox
        .pgrole(["recover", "run"])
        .run()
        .expect_status(0);
    scene.may_log_in(&login_of(&held));
    assert_eq!(vault.rest(), "");
}

#[test]
fn a_wrong_token_is_named_and_the_password_is_kept() {
    let mut scene = Scene::new();
    let Some(vault) = start(&mut scene, &[]) else {
        return;
    };
    let role = scene.role("shop");
    let run = scene.user("readonly", &["-u", &role, "--deliver", &deliver()]);
    let outcome = run.env("VAULT_TOKEN", "hvs.other").run();
    outcome
        .expect_status(8)
        .expect_in_stderr("permission denied");
    scene
        .sandbox
        .pgrole(["recover", "run"])
        .run()
        .expect_status(0);
    scene.may_log_in(&login_of(&vault.next_written()));
}
