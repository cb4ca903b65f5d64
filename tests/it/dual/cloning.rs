//! A copy of an owner has two logins of its own.

use serde_json::json;

use super::Shop;
use super::kills::{APPLY, after, before};
use crate::harness::sandbox::Run;
use crate::harness::{Cluster, Plan, Proxy};
use crate::scene::{error, login, wait_until, whole_text};

impl Shop<'_> {
    fn copied(&self, to: &str, arguments: &[&str]) -> Run<'_> {
        let deliver = self.deliver();
        let run = self.scene.user("clone", &["--from", &self.owner]);
        run.args(["--to", to, "--deliver", &deliver])
            .args(arguments)
    }

    /// The same scene, of which the other role is looked at.
    fn called(self, owner: &str) -> Self {
        let owner = owner.to_owned();
        Self { owner, ..self }
    }

    /// With its limit, a setting and a table, and both of its logins valid.
    fn rotated(self) -> Self {
        self.scene.psql("CREATE TABLE goods (id int)");
        let shop = self.created();
        shop.scene.psql(&format!(
            "ALTER ROLE {} CONNECTION LIMIT 7; ALTER ROLE {0} SET work_mem = '5MB'",
            shop.owner
        ));
        shop.rotate(&["--grace", "1h"]).run().expect_status(0);
        shop
    }
}

#[test]
fn a_copy_logs_in_as_one_of_two_and_acts_as_itself() {
    copy_on(Cluster::shared());
}

#[test]
fn a_copy_logs_in_as_one_of_two_and_acts_as_itself_on_18() {
    if let Some(cluster) = Cluster::of_major(18) {
        copy_on(cluster);
    }
}

fn copy_on(cluster: &Cluster) {
    let shop = Shop::on(cluster).rotated();
    let (source, old, name) = (
        shop.owner.clone(),
        shop.delivered(),
        shop.scene.role("copy"),
    );
    let state = shop.state();
    let cloned = shop.copied(&name, &[]).run();
    let row = cloned.expect_status(0).json();
    assert_eq!(row["status"], "user cloned", "{cloned}");
    assert_eq!(row["username"], format!("{name}_a"), "{cloned}");
    assert_eq!(row["owner"], name.as_str(), "{cloned}");
    assert_eq!(row["connection_limit"], 7, "{cloned}");
    let both = json!([format!("{name}_a"), format!("{name}_b")]);
    assert_eq!(row["logins"], both, "{cloned}");
    assert_eq!(row["not_cloned"], json!([]), "{cloned}");
    shop.acts(&old);
    assert_eq!(shop.state(), state);
    let compared = shop.scene.pgrole("user compare", &[&source, &name]).run();
    compared.expect_status(0);
    let again = shop.copied(&name, &[]).run();
    let row = again.expect_status(0).json();
    assert_eq!(row["status"], "user already exists", "{again}");
    assert!(row.get("warnings").is_none(), "{again}");

    let copy = shop.called(&name);
    assert_eq!(copy.state(), "dual current=a profile=app");
    assert_eq!(copy.may_log_in(), "shop_a");
    let limits = copy.scene.psql(&format!(
        "SELECT string_agg(rolconnlimit::text, ' ') FROM pg_roles WHERE starts_with(rolname, '{name}')"
    ));
    assert_eq!(limits, "7 7 7");
    let new = copy.delivered();
    assert_eq!(new.name, copy.login("a"));
    copy.acts(&new);
    copy.scene.may(&new, "INSERT INTO goods VALUES (1)");
    let memory = copy.scene.psql_as(&new, "SHOW work_mem");
    memory.expect_status(0).expect_stdout("5MB\n");
    copy.rotate(&["--grace", "1h"]).run().expect_status(0);
    assert_eq!(copy.state(), "dual current=b previous=a profile=app");
    copy.delivered_is_good();
    copy.acts(&new);
    assert_eq!(copy.journal(), "CLOSED\nCLOSED\nCLOSED\nCLOSED");
}

#[test]
fn a_copy_on_another_target_has_two_logins_there() {
    let mut shop = Shop::new().rotated();
    let other = shop.scene.cluster.area();
    let database = other.database();
    let cluster = shop.scene.cluster;
    shop.scene.sandbox.register(cluster, "qa", database);
    other.psql("CREATE TABLE goods (id int)");
    let name = other.role("copy");
    let from = format!("{}@dev/{}", shop.owner, shop.scene.database());
    let run = shop.scene.sandbox.pgrole(["user", "clone", "-e", "qa"]);
    let run = run.args(["-d", database, "--from", &from, "--to", &name]);
    let cloned = run.run();
    let row = cloned.expect_status(0).json();
    assert_eq!(row["not_cloned"], json!([]), "{cloned}");
    let new = login(&cloned);
    assert_eq!(new.name, format!("{name}_a"));
    let client = cluster.client_as(&new.name, &new.password, database);
    let mut client = client.expect("it may log in");
    let sql = "INSERT INTO goods VALUES (1) RETURNING current_user::text";
    let acts: String = client.query_one(sql, &[]).expect("it may write").get(0);
    assert_eq!(acts, name);
}

#[test]
fn a_copy_that_is_shown_or_rehearsed_is_not_made() {
    let shop = Shop::new().rotated();
    let (clean, name) = (shop.scene.snapshot(), shop.scene.role("copy"));
    let shown = shop.copied(&name, &["--dry-run"]).run();
    let row = shown.expect_status(0).json();
    let statements = row["statements"].as_array().expect("a list");
    let mut statements = statements.iter().filter_map(|sql| sql.as_str());
    let create = format!("CREATE ROLE \"{name}\" NOLOGIN");
    let of_owner = statements.find(|sql| sql.starts_with(&create));
    let of_owner = of_owner.expect("the owner is made");
    assert!(!of_owner.contains("PASSWORD"), "{shown}");
    let rehearsed = shop.copied(&name, &["--rehearse"]).run();
    assert_eq!(rehearsed.expect_status(0).json()["status"], "rehearsed");
    assert_eq!(shop.scene.snapshot(), clean);
    assert_eq!(shop.journal(), "CLOSED\nCLOSED");
}

#[test]
fn what_cannot_be_copied_with_two_logins_is_refused() {
    let shop = Shop::new().rotated();
    let name = shop.scene.role("copy");
    let arguments = ["--from", &shop.login("b"), "--to", &name];
    let one = error(&shop.scene.user("clone", &arguments).run(), 2);
    let text = whole_text(&one);
    assert!(text.contains("one of the dual logins of"), "{text}");
    let place = format!("--from {}@dev/{}", shop.owner, shop.scene.database());
    assert!(text.contains(&place), "{text}");
    let long = shop.scene.role(&"x".repeat(63 - shop.scene.role("").len()));
    let longer = shop.copied(&long, &[]).run();
    longer.expect_status(2).expect_in_stderr("bytes long");
    let clash = shop.scene.area.create_role("copy_b", "NOLOGIN");
    shop.copied(&name, &[])
        .run()
        .expect_status(6)
        .expect_in_stderr("exists already");
    shop.scene.psql(&format!("DROP ROLE {clash}"));
    let single = shop.scene.create("devqa", "one");
    let there = shop.copied(&single.name, &[]).run();
    there.expect_status(6).expect_in_stderr("user convert");
    let lock = shop.scene.user("lock", &["-u", &shop.owner]).run();
    lock.expect_status(0);
    let locked = shop.copied(&name, &[]).run();
    locked.expect_status(6).expect_in_stderr("user unlock");
    let like = format!("SELECT count(*) FROM pg_roles WHERE starts_with(rolname, '{name}')");
    assert_eq!(shop.scene.psql(&like), "0");
}

/// A shop whose copy is killed once nothing passes any more, seen as the copy.
fn killed_at(plan: Plan, journal: &str) -> (Shop<'static>, Proxy) {
    let proxy = Proxy::before(Cluster::shared());
    let shop = Shop::on_port(proxy.port()).created();
    let name = shop.scene.role("copy");
    let is_after = matches!(plan, Plan::BlackHoleAfter(_));
    proxy.always(plan);
    let cloning = shop.copied(&name, &[]).spawn();
    let roles = format!("SELECT count(*) FROM pg_roles WHERE starts_with(rolname, '{name}')");
    wait_until("the step is reached", || {
        shop.journal() == journal && (shop.scene.psql(&roles) == "3") == is_after
    });
    cloning.kill();
    proxy.always(Plan::Pass);
    (shop.called(&name), proxy)
}

#[test]
fn killed_before_the_commit_there_is_no_copy() {
    let (copy, _proxy) = killed_at(before(APPLY), "CLOSED\nAPPLYING");
    copy.recover().expect_status(0);
    assert_eq!(copy.journal(), "CLOSED\nABORTED");
    assert_eq!(copy.may_log_in(), "");
    assert!(!copy.file().exists());
}

#[test]
fn killed_after_the_commit_the_copy_is_delivered_by_recovery() {
    let (copy, _proxy) = killed_at(after(APPLY), "CLOSED\nAPPLYING");
    assert_eq!(copy.state(), "dual current=none incoming=a profile=app");
    copy.recover().expect_status(0);
    assert_eq!(copy.state(), "dual current=a profile=app");
    assert_eq!(copy.journal(), "CLOSED\nCLOSED");
    assert_eq!(copy.delivered().name, copy.login("a"));
    copy.delivered_is_good();
}
