//! Two logins are made, alternate, and are retired.

use super::Shop;
use crate::harness::Cluster;

#[test]
fn a_new_owner_has_one_login_that_acts_as_it() {
    a_new_owner_has_one_login_that_acts_as_it_there(Cluster::shared());
}

#[test]
fn a_new_owner_has_one_login_that_acts_as_it_on_18() {
    if let Some(cluster) = Cluster::of_major(18) {
        a_new_owner_has_one_login_that_acts_as_it_there(cluster);
    }
}

fn a_new_owner_has_one_login_that_acts_as_it_there(cluster: &Cluster) {
    let shop = Shop::on(cluster);
    let created = shop.create(&[]).run();
    created.expect_status(0);
    let row = created.json();
    assert_eq!(row["status"], "user created", "{created}");
    assert_eq!(row["username"], shop.login("a").as_str(), "{created}");
    assert_eq!(row["owner"], shop.owner.as_str(), "{created}");
    assert_eq!(shop.delivered().name, shop.login("a"));
    shop.delivered_is_good();
    assert_eq!(shop.may_log_in(), "shop_a");
    assert_eq!(shop.state(), "dual current=a profile=app");
    assert_eq!(shop.journal(), "CLOSED");
    let limits = format!(
        "SELECT string_agg(DISTINCT rolconnlimit::text, ' ') FROM pg_roles WHERE starts_with(rolname, '{}')",
        shop.owner
    );
    assert_eq!(shop.scene.psql(&limits), "200");
}

#[test]
fn rotations_alternate_the_logins_and_retire_the_outgoing_one() {
    rotations_alternate_the_logins_and_retire_the_outgoing_one_there(Cluster::shared());
}

#[test]
fn rotations_alternate_the_logins_and_retire_the_outgoing_one_on_18() {
    if let Some(cluster) = Cluster::of_major(18) {
        rotations_alternate_the_logins_and_retire_the_outgoing_one_there(cluster);
    }
}

fn rotations_alternate_the_logins_and_retire_the_outgoing_one_there(cluster: &Cluster) {
    let shop = Shop::on(cluster).created();
    let old = shop.delivered();
    let rotated = shop.rotate(&["--grace", "1h"]).run();
    rotated.expect_status(0);
    let new = shop.delivered();
    assert_eq!(new.name, shop.login("b"));
    assert_eq!(shop.may_log_in(), "shop_a shop_b");
    assert_eq!(shop.state(), "dual current=b previous=a profile=app");
    // Both are good meanwhile, and what one makes is the owner's.
    shop.acts(&old);
    shop.acts(&new);
    shop.scene.psql("GRANT CREATE ON SCHEMA public TO PUBLIC");
    shop.scene
        .may(&old, "CREATE TABLE public.made AS SELECT 1 AS one");
    shop.scene.may(&new, "INSERT INTO public.made VALUES (2)");
    // Another rotation has to wait.
    let again = shop.rotate(&[]).run();
    again.expect_status(75).expect_in_stderr("grace time");
    assert_eq!(shop.delivered().password, new.password);
    // Its time is over, and nobody uses it.
    let forced = shop.scene.sandbox.pgrole(["rotate", "-u", &shop.owner]);
    let forced = forced.args(["--older-than", "1d", "--force"]).run();
    forced.expect_status(0);
    assert_eq!(shop.may_log_in(), "shop_b");
    assert_eq!(shop.state(), "dual current=b profile=app");
    shop.may_not_log_in(&old);
    shop.acts(&new);
    shop.rotate(&["--grace", "0s"]).run().expect_status(0);
    assert_eq!(shop.state(), "dual current=a profile=app");
    assert_eq!(shop.may_log_in(), "shop_a");
    shop.delivered_is_good();
    assert_ne!(shop.delivered().password, old.password);
}

#[test]
fn cron_retires_what_is_due_and_holds_back_what_is_still_used() {
    cron_retires_what_is_due_and_holds_back_what_is_still_used_there(Cluster::shared());
}

#[test]
fn cron_retires_what_is_due_and_holds_back_what_is_still_used_on_18() {
    if let Some(cluster) = Cluster::of_major(18) {
        cron_retires_what_is_due_and_holds_back_what_is_still_used_there(cluster);
    }
}

fn cron_retires_what_is_due_and_holds_back_what_is_still_used_there(cluster: &Cluster) {
    let shop = Shop::on(cluster).created();
    let old = shop.delivered();
    shop.rotate(&["--grace", "2s"]).run().expect_status(0);
    let cron = |arguments: &[&str]| {
        let run = shop
            .scene
            .sandbox
            .pgrole(["rotate", "-u", &shop.owner, "--older-than", "1d"]);
        run.args(arguments).run()
    };
    // Somebody logs in with it although it was replaced.
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    let cluster = shop.scene.cluster;
    let client = cluster.client_as(&old.name, &old.password, shop.scene.database());
    let client = client.expect("it is still valid");
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    let held = cron(&["--quiet"]);
    held.expect_status(0).expect_in_stderr("is not retired");
    assert_eq!(shop.may_log_in(), "shop_a shop_b");
    let status = shop
        .scene
        .sandbox
        .pgrole(["rotate", "status", "--older-than", "1d", "--check"]);
    status.args(["-u", &shop.owner]).run().expect_status(7);
    drop(client);
    crate::scene::wait_until("the session has ended", || {
        let sql = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = '{}'",
            old.name
        );
        shop.scene.psql(&sql) == "0"
    });
    let retired = cron(&["--format", "jsonl"]);
    retired.expect_status(0);
    assert_eq!(
        retired.json_lines()[0]["status"],
        "login retired",
        "{retired}"
    );
    assert_eq!(shop.may_log_in(), "shop_b");
    let status = shop
        .scene
        .sandbox
        .pgrole(["rotate", "status", "--older-than", "1d", "--check"]);
    status.args(["-u", &shop.owner]).run().expect_status(0);
    shop.delivered_is_good();
}
