//! What a server refuses: a policy of its own gets another password, a lock that is held is waited for again.

use super::Scene;
use crate::harness::{Cluster, Plan, Proxy, servers};

/// No module that refuses a generated password can be had without compiling one: it would only see the verifier.
/// Here the proxy puts a statement that fails in the place of the one with the verifier.
#[test]
fn a_password_that_a_policy_refuses_is_replaced_by_another_one_twice() {
    for (code, refusals) in [("22023", 1), ("P0001", 2)] {
        let proxy = Proxy::before(Cluster::shared());
        let scene = Scene::on_port(proxy.port());
        let role = scene.create("jane");
        let old = scene.delivered_password(&role);
        proxy.always(Plan::Refuse(b"ALTER ROLE".to_vec(), code, refusals));
        let only = ["rotate", "-u", &role];
        scene.sandbox.pgrole(only).run().expect_status(0);
        assert_ne!(scene.delivered_password(&role), old);
        scene.delivered_password_is_good(&role);
        assert_eq!(scene.states(), "CLOSED\nCLOSED");
    }
}

#[test]
fn a_policy_that_refuses_three_passwords_leaves_the_old_one() {
    let proxy = Proxy::before(Cluster::shared());
    let scene = Scene::on_port(proxy.port());
    let role = scene.create("jane");
    let refuse = Plan::Refuse(b"ALTER ROLE".to_vec(), "22023", 3);
    proxy.always(refuse);
    let refused = scene.reset_to_file(&role).run();
    refused
        .expect_status(1)
        .expect_in_stderr("3 generated passwords were refused")
        .expect_in_stderr("refused by a policy (SQLSTATE 22023)");
    assert_eq!(scene.states(), "CLOSED\nREFUSED");
    scene.delivered_password_is_good(&role);
    let nothing_open = scene.sandbox.pgrole(["recover", "list"]).run().json();
    assert_eq!(nothing_open, serde_json::json!([]));
    // The proxy lets the fourth pass.
    scene.reset_to_file(&role).run().expect_status(0);
    scene.delivered_password_is_good(&role);
}

/// The real thing, as far as it goes with a verifier: `passwordcheck` refuses the role's name as its password.
#[test]
fn a_given_password_that_a_policy_refuses_is_tried_once() {
    let module = servers::of_this_run()
        .bindir
        .join("../lib/passwordcheck.so");
    if !module.exists() {
        servers::skip("no passwordcheck module for this server");
        return;
    }
    let cluster = Cluster::private(|c| c.setting("shared_preload_libraries", "passwordcheck"));
    let scene = Scene::on(&cluster, cluster.port());
    let role = scene.create("long_enough");
    let reset = scene.reset_to_file(&role).args(["--password-stdin"]);
    reset
        .stdin(role.clone())
        .run()
        .expect_status(1)
        .expect_in_stderr("password must not equal user name (SQLSTATE 22023)");
    assert_eq!(cluster.log().matches("must not equal").count(), 1);
    assert_eq!(scene.states(), "CLOSED\nREFUSED");
    scene.delivered_password_is_good(&role);
}

#[test]
fn a_create_that_a_policy_refuses_is_tried_with_other_passwords() {
    for (code, refusals, end) in [("22023", 2, "CLOSED"), ("P0001", 3, "REFUSED")] {
        let proxy = Proxy::before(Cluster::shared());
        let scene = Scene::on_port(proxy.port());
        proxy.always(Plan::Refuse(b"PASSWORD 'SCRAM".to_vec(), code, refusals));
        let role = scene.area.role("jane");
        let created = scene.to_file("readonly", &role).run();
        assert_eq!(scene.states(), end, "{created}");
        if end == "CLOSED" {
            scene.delivered_password_is_good(&role);
            continue;
        }
        created
            .expect_status(1)
            .expect_in_stderr("3 generated passwords were refused");
        assert_eq!(number_of(&scene, &role), "0");
    }
}

fn number_of(scene: &Scene<'_>, role: &str) -> String {
    let there = format!("SELECT count(*) FROM pg_roles WHERE rolname = '{role}'");
    scene.area.psql(&there)
}

/// An event trigger does not see CREATE ROLE, but the grants in its transaction; its sequence counts what is rolled back.
#[test]
fn a_grant_that_an_event_trigger_refuses_is_no_policy_about_passwords() {
    let scene = Scene::new();
    scene.area.psql("CREATE SEQUENCE tries");
    scene.area.psql(
        "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
         BEGIN PERFORM nextval('tries'); RAISE EXCEPTION 'not in my house'; END $$;
         CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('GRANT') EXECUTE FUNCTION refuse()",
    );
    let role = scene.area.role("jane");
    let created = scene.user("readonly", &role, &[]).run();
    created
        .expect_status(1)
        .expect_in_stderr("not in my house (SQLSTATE P0001)")
        .expect_in_stderr("in: GRANT ");
    assert_eq!(scene.states(), "ABORTED");
    assert_eq!(scene.area.psql("SELECT last_value FROM tries"), "1");
    assert_eq!(number_of(&scene, &role), "0");
}

#[test]
fn a_lock_that_is_held_for_a_while_is_tried_again_with_the_same_verifier() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster, cluster.port());
    let role = scene.create("jane");
    let mut blocker = scene.area.client();
    blocker
        .batch_execute(&format!("BEGIN; ALTER ROLE {role} CONNECTION LIMIT 5"))
        .expect("a superuser may");
    let reset = scene.reset_to_file(&role).args(["--timeout", "20"]).spawn();
    super::wait_until(|| {
        cluster
            .log()
            .matches("canceling statement due to lock timeout")
            .count()
            >= 2
    });
    blocker.batch_execute("ROLLBACK").expect("is open");
    reset.wait().expect_status(0);
    scene.delivered_password_is_good(&role);
    let stored = format!("SELECT rolpassword FROM pg_authid WHERE rolname = '{role}'");
    let verifier = scene.area.psql(&stored);
    assert!(
        cluster.log().matches(&verifier).count() >= 2,
        "another one was tried"
    );
}
