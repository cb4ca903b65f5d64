//! The other commands take an owner and its two logins for one thing, or say that they do not know such.

use serde_json::json;

use super::Shop;
use crate::scene::error;

#[test]
fn an_owner_is_found_listed_and_shown_with_its_logins() {
    let shop = Shop::new().created();
    shop.rotate(&["--grace", "1h"]).run().expect_status(0);
    let both = json!([shop.login("a"), shop.login("b")]);
    let found = shop.scene.user("find", &["-u", &shop.owner]).run();
    let row = found.expect_status(0).json();
    assert_eq!(row["login"], true, "{found}");
    assert_eq!(row["logins"], both, "{found}");
    let listed = shop.scene.user("list", &["--format", "jsonl"]).run();
    let rows = listed.expect_status(0).json_lines();
    let of_shop = |name: &&str| name.starts_with(&shop.owner);
    let names: Vec<_> = rows
        .iter()
        .filter_map(|row| row["username"].as_str())
        .filter(of_shop)
        .collect();
    assert_eq!(names, [shop.owner.as_str()], "{listed}");
    let shown = shop.scene.user("show", &["-u", &shop.owner]).run();
    let dual = &shown.expect_status(0).json()["dual"];
    assert_eq!(dual["logins"], both, "{shown}");
    assert_eq!(dual["current"], shop.login("b").as_str(), "{shown}");
    assert_eq!(dual["outgoing"], shop.login("a").as_str(), "{shown}");
    assert!(dual["retire_at"].is_string(), "{shown}");
    let status = shop.scene.sandbox.pgrole(["rotate", "status"]);
    let status = status.args(["-u", &format!("{}*", shop.owner)]).run();
    let rows = status.expect_status(0).json();
    assert_eq!(rows.as_array().expect("a list").len(), 1, "{status}");
    assert_eq!(rows[0]["login"], shop.login("b").as_str(), "{status}");
    assert_eq!(rows[0]["outgoing"], shop.login("a").as_str(), "{status}");
}

#[test]
fn a_lock_keeps_both_logins_out_and_unlocking_lets_in_who_may() {
    let shop = Shop::new().created();
    let old = shop.delivered();
    shop.rotate(&["--grace", "1h"]).run().expect_status(0);
    let new = shop.delivered();
    let cluster = shop.scene.cluster;
    let database = shop.scene.database();
    let client = cluster.client_as(&new.name, &new.password, database);
    let mut client = client.expect("it may log in");
    let locked = shop.scene.user("lock", &["-u", &shop.owner]).run();
    let row = locked.expect_status(0).json();
    assert_eq!(row["status"], "user locked", "{locked}");
    assert_eq!(row["sessions_ended"], 1, "{locked}");
    assert!(client.simple_query("SELECT 1").is_err());
    assert_eq!(shop.may_log_in(), "");
    shop.may_not_log_in(&old);
    shop.may_not_log_in(&new);
    let unlocked = shop.scene.user("unlock", &["-u", &shop.owner]).run();
    assert_eq!(unlocked.expect_status(0).json()["status"], "user unlocked");
    assert_eq!(shop.may_log_in(), "shop_a shop_b");
    shop.acts(&old);
    shop.acts(&new);
    // Locked while idle: neither is rotated, nor is more let in again than before.
    let now = shop.rotate(&["--force", "--grace", "0s"]).run();
    now.expect_status(0);
    shop.scene
        .user("lock", &["-u", &shop.owner])
        .run()
        .expect_status(0);
    let rotated = shop.rotate(&[]).run();
    rotated.expect_status(1).expect_in_stderr("is locked");
    shop.scene
        .user("unlock", &["-u", &shop.owner])
        .run()
        .expect_status(0);
    assert_eq!(shop.may_log_in(), "shop_a");
    shop.delivered_is_good();
}

#[test]
fn a_drop_takes_the_logins_along() {
    let shop = Shop::new().created();
    let login = shop.delivered();
    shop.scene.psql("GRANT CREATE ON SCHEMA public TO PUBLIC");
    shop.scene
        .may(&login, "CREATE TABLE public.own AS SELECT 1 AS one");
    shop.scene.may(
        &login,
        "SET ROLE NONE; CREATE TABLE public.stray AS SELECT 1 AS one",
    );
    let one = shop.login("a");
    let arguments = ["-u", &one, "--drop-owned", "--yes"];
    let refused = shop.scene.user("drop", &arguments).run();
    refused
        .expect_status(2)
        .expect_in_stderr("one of the dual logins");
    let heir = shop.scene.area.create_role("heir", "NOLOGIN");
    let arguments = ["-u", &shop.owner, "--reassign-to", &heir];
    let dropped = shop.scene.user("drop", &arguments);
    let dropped = dropped.args(["--remove-delivery", "--yes"]).run();
    dropped.expect_status(0);
    let left = format!(
        "SELECT count(*) FROM pg_roles WHERE starts_with(rolname, '{}')",
        shop.owner
    );
    assert_eq!(shop.scene.psql(&left), "0");
    let owners = "SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables WHERE tablename IN ('own', 'stray')";
    assert_eq!(shop.scene.psql(owners), heir);
    assert!(!shop.file().exists(), "{dropped}");
    assert_eq!(shop.query("SELECT count(*) FROM dual_login"), "0");
}

#[test]
fn what_does_not_know_two_logins_says_so() {
    let shop = Shop::new().created();
    let before = shop.scene.snapshot();
    let other = shop.scene.role("other");
    let owner = shop.owner.as_str();
    let place = format!("dev/{}", shop.scene.database());
    for (command, arguments) in [
        ("user rename", vec!["-u", owner, "--to", &other]),
        ("user set", vec!["-u", owner, "--connection-limit", "5"]),
        ("user search-path", vec!["-u", owner, "--schema", "public"]),
    ] {
        let outcome = shop.scene.pgrole(command, &arguments).args(["--yes"]).run();
        let error = error(&outcome, 2);
        let message = error.to_string();
        assert!(message.contains("dual logins"), "{command}: {outcome}");
    }
    let exported = shop.scene.sandbox.pgrole(["export"]).run();
    exported
        .expect_status(0)
        .expect_in_stderr(&format!("on {place} has dual logins"));
    assert_eq!(shop.scene.snapshot(), before);
}
