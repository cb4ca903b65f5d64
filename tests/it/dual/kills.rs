//! Each step at which a rotation of dual logins can be cut off, and what becomes of it (docs/dual.md, "Recovery").

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::Shop;
use crate::harness::{Cluster, Plan, Proxy, Sandbox};
use crate::scene::wait_until;

/// What the transaction that gives the incoming login its password consists of.
pub(super) const APPLY: &str = "LOGIN PASSWORD";
/// The comment that the switch writes.
const SWITCH: &str = "previous=a";
/// What only the retirement asks.
const RETIRE: &str = "backend_start";

pub(super) fn before(bytes: &str) -> Plan {
    Plan::BlackHoleBefore(bytes.as_bytes().to_vec())
}

pub(super) fn after(bytes: &str) -> Plan {
    Plan::BlackHoleAfter(bytes.as_bytes().to_vec())
}

/// A shop whose rotation is killed once nothing passes any more.
fn killed_at(plan: Plan, is_reached: impl Fn(&Shop<'_>) -> bool) -> (Shop<'static>, Proxy) {
    let proxy = Proxy::before(Cluster::shared());
    let shop = Shop::on_port(proxy.port()).created();
    proxy.always(plan);
    let rotation = shop.rotate(&["--grace", "1h"]).spawn();
    wait_until("the step is reached", || is_reached(&shop));
    rotation.kill();
    proxy.always(Plan::Pass);
    (shop, proxy)
}

fn is_incoming(shop: &Shop<'_>) -> bool {
    shop.state() == "dual current=a incoming=b profile=app"
}

#[track_caller]
fn is_switched(shop: &Shop<'_>) {
    assert_eq!(shop.state(), "dual current=b previous=a profile=app");
    assert_eq!(shop.may_log_in(), "shop_a shop_b");
    assert_eq!(shop.delivered().name, shop.login("b"));
    shop.delivered_is_good();
    assert_eq!(shop.journal(), "CLOSED\nCLOSED");
    assert_eq!(
        shop.query("SELECT count(*) FROM password_change WHERE sealed IS NOT NULL"),
        "0"
    );
}

#[test]
fn killed_before_the_commit_nothing_has_changed() {
    let (shop, _proxy) = killed_at(before(APPLY), |shop| shop.journal() == "CLOSED\nAPPLYING");
    let old = shop.delivered();
    shop.recover().expect_status(0);
    assert_eq!(shop.journal(), "CLOSED\nABORTED");
    assert_eq!(shop.state(), "dual current=a profile=app");
    assert_eq!(shop.may_log_in(), "shop_a");
    assert_eq!(shop.delivered().password, old.password);
    shop.delivered_is_good();
}

#[test]
fn killed_after_the_commit_the_password_is_delivered_by_recovery() {
    let (shop, _proxy) = killed_at(after(APPLY), is_incoming);
    let old = shop.delivered();
    shop.acts(&old);
    shop.recover().expect_status(0);
    is_switched(&shop);
    shop.acts(&old);
}

/// Nobody uses the login yet, so that the very same verifier can be set again.
#[test]
fn a_password_that_somebody_replaced_before_it_was_delivered_is_set_again() {
    let (shop, _proxy) = killed_at(after(APPLY), is_incoming);
    let login = shop.login("b");
    shop.scene
        .psql(&format!("ALTER ROLE {login} PASSWORD 'other'"));
    shop.recover().expect_status(0);
    is_switched(&shop);
}

/// What a minor version that ignores the setting looks like: PostgreSQL 15.9, 16.5 and 17.1.
#[test]
fn a_login_that_does_not_act_as_its_owner_is_refused_before_the_delivery() {
    let (shop, _proxy) = killed_at(after(APPLY), is_incoming);
    let old = shop.delivered();
    let login = shop.login("b");
    shop.scene.psql(&format!("ALTER ROLE {login} RESET role"));
    let recovered = shop.recover();
    recovered
        .expect_status(6)
        .expect_in_stderr(&format!("acts as \\\"{login}\\\""));
    assert_eq!(shop.journal(), "CLOSED\nREFUSED");
    assert_eq!(shop.state(), "dual current=a profile=app");
    assert_eq!(shop.may_log_in(), "shop_a");
    assert_eq!(shop.delivered().password, old.password);
    shop.delivered_is_good();
    // The next rotation sets it again, as it was.
    shop.rotate(&[]).run().expect_status(0);
    assert_eq!(shop.delivered().name, login);
    shop.delivered_is_good();
}

#[test]
fn killed_between_the_delivery_and_the_switch_it_is_delivered_again_and_switched() {
    let (shop, _proxy) = killed_at(before(SWITCH), |shop| {
        is_incoming(shop) && shop.delivered().name == shop.login("b")
    });
    shop.delivered_is_good();
    shop.recover().expect_status(0);
    is_switched(&shop);
}

#[test]
fn killed_after_the_switch_nothing_is_left_to_do() {
    let (shop, _proxy) = killed_at(after(SWITCH), |shop| {
        shop.state() == "dual current=b previous=a profile=app"
    });
    let delivered = shop.delivered();
    shop.recover().expect_status(0);
    is_switched(&shop);
    assert_eq!(shop.delivered().password, delivered.password);
}

#[test]
fn a_reload_that_fails_leaves_both_logins_valid_until_recovery_has_run_it() {
    let shop = Shop::new();
    let folder = shop.scene.sandbox.path();
    let (script, broken) = (folder.join("reload"), folder.join("broken"));
    let text = format!(
        "#!/bin/sh\necho x >> {}\n[ ! -e {} ]\n",
        folder.join("reloads").display(),
        broken.display()
    );
    fs::write(&script, text).expect("the sandbox can be written");
    fs::set_permissions(&script, Permissions::from_mode(0o755)).expect("it is ours");
    let command = script.display().to_string();
    shop.create(&["--reload-command", &command])
        .run()
        .expect_status(0);
    let old = shop.delivered();
    let reloads = || {
        let text = fs::read_to_string(folder.join("reloads")).unwrap_or_default();
        text.lines().count()
    };
    assert_eq!(reloads(), 1);
    fs::write(&broken, "").expect("the sandbox can be written");
    shop.rotate(&[]).run().expect_status(8);
    assert_eq!(reloads(), 2);
    assert!(is_incoming(&shop));
    assert_eq!(shop.may_log_in(), "shop_a shop_b");
    shop.acts(&old);
    shop.delivered_is_good();
    shop.recover().expect_status(8);
    assert!(is_incoming(&shop));
    fs::remove_file(&broken).expect("it is there");
    shop.recover().expect_status(0);
    assert_eq!(reloads(), 4);
    is_switched(&shop);
}

#[test]
fn killed_while_it_retires_the_next_run_does_it() {
    for (plan, left) in [(before(RETIRE), "shop_a shop_b"), (after(RETIRE), "shop_b")] {
        let proxy = Proxy::before(Cluster::shared());
        let shop = Shop::on_port(proxy.port()).created();
        let old = shop.delivered();
        shop.rotate(&["--grace", "1s"]).run().expect_status(0);
        let is_over = || {
            let sql = "SELECT retire_at < strftime('%Y-%m-%dT%H:%M:%f', 'now') FROM dual_login";
            shop.query(sql) == "1"
        };
        wait_until("the grace time is over", is_over);
        proxy.always(plan);
        let cron = || {
            let cron = shop.scene.sandbox.pgrole(["rotate", "-u", &shop.owner]);
            cron.args(["--older-than", "1d"])
        };
        let running = cron().spawn();
        wait_until("it is asked", || {
            shop.query("SELECT count(*) FROM audit_log WHERE operation = 'rotate retire'") == "1"
        });
        if left == "shop_b" {
            wait_until("it is retired", || shop.may_log_in() == "shop_b");
        }
        running.kill();
        proxy.always(Plan::Pass);
        assert_eq!(shop.may_log_in(), left);
        cron().run().expect_status(0);
        assert_eq!(shop.may_log_in(), "shop_b");
        assert_eq!(shop.state(), "dual current=b profile=app");
        shop.may_not_log_in(&old);
        shop.delivered_is_good();
        shop.rotate(&[]).run().expect_status(0);
        assert_eq!(shop.delivered().name, shop.login("a"));
    }
}

/// Only the journal knows the password: another host cannot know whether it was delivered.
#[test]
fn what_another_registry_began_is_left_to_it_until_a_person_decides() {
    let (shop, proxy) = killed_at(after(APPLY), is_incoming);
    let old = shop.delivered();
    let mut other = Sandbox::new().with_admin(Cluster::shared());
    other.register_on_port(proxy.port(), "dev", shop.scene.area.database());
    let deliver = format!("file:{}", other.path().join("login.json").display());
    let reset = |arguments: &[&str]| {
        let run = other.pgrole(["user", "reset", "-e", "dev", "-d", shop.scene.database()]);
        let run = run.args(["-u", &shop.owner, "--deliver", &deliver]);
        run.args(arguments).run()
    };
    reset(&[])
        .expect_status(75)
        .expect_in_stderr("another registry rotates");
    assert!(is_incoming(&shop));
    reset(&["--force"]).expect_status(0);
    assert_eq!(shop.state(), "dual current=b previous=a profile=app");
    shop.acts(&old);
    // The first one finds that it was taken over, and never knew whether it had come to anything.
    shop.recover().expect_status(0);
    assert_eq!(shop.journal(), "CLOSED\nABORTED");
    assert_eq!(shop.delivered().password, old.password);
}

#[test]
fn of_two_registries_that_rotate_at_once_one_wins() {
    let shop = Shop::new().created();
    let mut other = Sandbox::new().with_admin(Cluster::shared());
    other.register(shop.scene.cluster, "dev", shop.scene.area.database());
    let deliver = format!("file:{}", other.path().join("login.json").display());
    let second = other
        .pgrole(["user", "reset", "-e", "dev", "-d", shop.scene.database()])
        .args(["-u", &shop.owner, "--deliver", &deliver])
        .spawn();
    let first = shop.rotate(&["--grace", "1h"]).run();
    let second = second.wait();
    let statuses = [first.status(), second.status()];
    assert!(statuses.contains(&Some(0)), "{first}{second}");
    assert!(statuses.contains(&Some(75)), "{first}{second}");
    assert_eq!(shop.state(), "dual current=b previous=a profile=app");
    shop.delivered_is_good();
}
