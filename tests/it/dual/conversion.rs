//! A login that is there gets two, and is one again, while sessions go on.

use super::Shop;
use crate::harness::Cluster;

#[test]
fn a_login_is_converted_and_back_and_nothing_moves() {
    there_and_back(Cluster::shared());
}

#[test]
fn a_login_is_converted_and_back_and_nothing_moves_on_18() {
    if let Some(cluster) = Cluster::of_major(18) {
        there_and_back(cluster);
    }
}

fn there_and_back(cluster: &Cluster) {
    let shop = Shop::on(cluster);
    let deliver = shop.deliver();
    let arguments = ["--profile", "app", "-u", &shop.owner, "--deliver", &deliver];
    let single = shop.scene.user("create", &arguments).run();
    single.expect_status(0);
    let old = shop.delivered();
    shop.scene.psql(&format!(
        "ALTER ROLE {} SET work_mem = '5MB'; GRANT CREATE ON SCHEMA public TO PUBLIC",
        shop.owner
    ));
    shop.scene
        .may(&old, "CREATE TABLE public.made AS SELECT 1 AS one");
    let converted = shop.scene.user("convert", &["-u", &shop.owner, "--dual"]);
    let converted = converted.args(["--grace", "1h", "--yes"]).run();
    assert_eq!(
        converted.expect_status(0).json()["outgoing"],
        shop.owner.as_str()
    );
    assert_eq!(shop.state(), "dual current=a previous=owner profile=app");
    let new = shop.delivered();
    assert_eq!(new.name, shop.login("a"));
    shop.acts(&new);
    shop.scene.may_log_in(&old);
    shop.scene.may(&new, "INSERT INTO public.made VALUES (2)");
    let memory = shop.scene.psql_as(&new, "SHOW work_mem");
    memory.expect_status(0).expect_stdout("5MB\n");
    let cron = || {
        let run = shop.scene.sandbox.pgrole(["rotate", "-u", &shop.owner]);
        run.args(["--older-than", "1d", "--force"]).run()
    };
    cron().expect_status(0);
    assert_eq!(shop.state(), "dual current=a profile=app");
    assert_eq!(shop.may_log_in(), "shop_a");
    shop.rotate(&["--grace", "0s"]).run().expect_status(0);
    shop.delivered_is_good();
    let both = shop.delivered();
    assert_eq!(both.name, shop.login("b"));
    // What is made after SET ROLE NONE is a stray, and does not stand in the way.
    shop.scene.may(
        &both,
        "SET ROLE NONE; CREATE TABLE public.stray AS SELECT 1 AS one",
    );
    let back = shop.scene.user("convert", &["-u", &shop.owner, "--single"]);
    back.args(["--grace", "1h", "--yes"]).run().expect_status(0);
    assert_eq!(shop.state(), "dual current=owner previous=b profile=app");
    let single = shop.delivered();
    assert_eq!(single.name, shop.owner);
    shop.scene.may_log_in(&single);
    shop.acts(&both);
    cron().expect_status(0);
    assert_eq!(shop.may_log_in(), "shop");
    assert_eq!(shop.state(), "profile=app");
    let tables = "SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables WHERE tablename IN ('made', 'stray')";
    assert_eq!(shop.scene.psql(tables), shop.owner);
    let left = format!(
        "SELECT count(*) FROM pg_roles WHERE starts_with(rolname, '{}_')",
        shop.owner
    );
    assert_eq!(shop.scene.psql(&left), "0");
    // An ordinary rotation again.
    shop.rotate(&[]).run().expect_status(0);
    assert_eq!(shop.delivered().name, shop.owner);
    shop.scene.may_log_in(&shop.delivered());
}

#[test]
fn what_cannot_have_two_logins_is_refused() {
    let shop = Shop::new();
    let long = shop.scene.role(&"x".repeat(63 - shop.scene.role("").len()));
    let longer = shop
        .scene
        .user("create", &["--profile", "app", "-u", &long, "--dual"]);
    longer.run().expect_status(2).expect_in_stderr("bytes long");
    let login = shop.scene.area.create_role("shop_b", "NOLOGIN");
    assert_eq!(login, shop.login("b"));
    shop.create(&[])
        .run()
        .expect_status(6)
        .expect_in_stderr("exists already");
    shop.scene.psql(&format!("DROP ROLE {login}"));
    let single = shop.scene.create("devqa", "one");
    let again = ["--profile", "app", "-u", &single.name, "--dual"];
    let again = shop.scene.user("create", &again).run();
    again.expect_status(6).expect_in_stderr("user convert");
    let dba = shop
        .scene
        .user("create", &["--profile", "dba", "-u", &shop.owner, "--dual"]);
    dba.run().expect_status(2);
    let special = shop
        .scene
        .area
        .create_role("walsender", "LOGIN REPLICATION PASSWORD 'x'");
    let arguments = ["-u", &special, "--dual", "--yes"];
    let converted = shop.scene.user("convert", &arguments).run();
    converted.expect_status(6);
    assert_eq!(shop.may_log_in(), "");
}
