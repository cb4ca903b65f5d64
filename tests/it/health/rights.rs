//! What the admin credential lacks, level by level; and that the statements that are printed do give it.

use serde_json::{Value, json};

use crate::harness::{Cluster, servers, variable};
use crate::scene::{Login, Scene, created};

/// Makes a test of each function, once a PostgreSQL version.
macro_rules! on_each_version {
    ($($test:ident)+) => {$(
        mod $test {
            #[test]
            fn on_13() { super::on(13, super::$test); }
            #[test]
            fn on_14() { super::on(14, super::$test); }
            #[test]
            fn on_15() { super::on(15, super::$test); }
            #[test]
            fn on_16() { super::on(16, super::$test); }
            #[test]
            fn on_17() { super::on(17, super::$test); }
            #[test]
            fn on_18() { super::on(18, super::$test); }
        }
    )+};
}

/// Runs the test on a server of the version, or notes that it was skipped. No other test makes logins there: up to 14
/// each may create tables everywhere, and so is one more to act for.
fn on(major: u32, test: fn(&mut Scene<'_>)) {
    let of_this_run = variable("PGROLE_TEST_PG_MAJOR");
    if of_this_run.is_some_and(|wanted| wanted != major.to_string()) {
        servers::skip(&format!("the run on PostgreSQL {major} has it"));
    } else if let Some(cluster) = Cluster::private_of_major(major, |configuration| configuration) {
        test(&mut Scene::on(&cluster));
    }
}

on_each_version! {
    what_is_printed_gives_what_is_missing
    a_login_without_createrole_is_told_how_to_get_it
    what_belongs_to_a_superuser_takes_a_preparation
    a_group_of_another_admins_takes_the_right_to_hand_it_on
    a_foreign_role_of_a_groups_name_is_named
    an_owner_who_is_a_member_of_the_admin_is_beyond_it
}

/// Makes a role the admin credential.
fn admin(scene: &mut Scene<'_>, name: &str, attributes: &str) -> String {
    let attributes = format!("LOGIN PASSWORD 'of the admin' {attributes}");
    let admin = scene.area.create_role(name, &attributes);
    scene.sandbox.env("PG_ADMIN_USER", &admin);
    scene.sandbox.env("PG_ADMIN_PASS", "of the admin");
    admin
}

#[track_caller]
fn check(scene: &Scene<'_>) -> Value {
    let outcome = scene.pgrole("registry check", &[]).run();
    outcome.expect_status(0).expect_stderr("");
    outcome.json()[0].clone()
}

fn texts(row: &Value, key: &str) -> Vec<String> {
    let texts = row[key].as_array().expect("an array").iter();
    texts
        .map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}

/// Runs what was printed as a superuser, again where the first statements let more be seen.
#[track_caller]
fn obey(scene: &Scene<'_>) -> Value {
    let mut row = check(scene);
    for _ in 0..2 {
        for grant in texts(&row, "grants") {
            scene.psql(&grant);
        }
        row = check(scene);
    }
    row
}

#[track_caller]
fn expect_clean(row: &Value) {
    assert_eq!(row["status"], "ok", "{row:#}");
    for key in ["missing", "grants"] {
        assert_eq!(row[key], json!([]), "{row:#}");
    }
    assert_eq!(row["prepare"], Value::Null, "{row:#}");
    let levels = json!(["readonly", "readwrite", "ddl"]);
    assert_eq!(row["may_grant"], levels, "{row:#}");
}

/// All profiles work, and reach the tables of the owner, today's and tomorrow's.
#[track_caller]
fn expect_all_profiles_work(scene: &Scene<'_>, owner: &Login) {
    scene.may(owner, "CREATE TABLE app.today (id int)");
    let reader = scene.create("readonly", "reader");
    let writer = scene.create("devqa", "writer");
    let lead = scene.create("devlead", "lead");
    scene.may(owner, "CREATE TABLE app.tomorrow (id int)");
    for table in ["app.today", "app.tomorrow"] {
        scene.may(&reader, &format!("SELECT * FROM {table}"));
        scene.may(&writer, &format!("INSERT INTO {table} VALUES (1)"));
    }
    scene.may(
        &lead,
        "CREATE TABLE app.of_the_lead (id int); CREATE TABLE public.of_the_lead (id int)",
    );
}

/// The database and a schema in it belong to a role that is not the admin.
fn site(scene: &Scene<'_>) -> Login {
    let owner = scene
        .area
        .create_role("owner", "LOGIN PASSWORD 'of the owner'");
    scene.psql(&format!(
        "ALTER DATABASE {} OWNER TO {owner}; CREATE SCHEMA app AUTHORIZATION {owner}",
        scene.database()
    ));
    if scene.cluster.server_version_major() < 15 {
        // As it is from 15 on; before 14 there is no pg_database_owner.
        scene.psql(&format!(
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC; ALTER SCHEMA public OWNER TO {owner}"
        ));
    }
    Login {
        name: owner,
        password: "of the owner".to_owned(),
    }
}

fn what_is_printed_gives_what_is_missing(scene: &mut Scene<'_>) {
    let owner = site(scene);
    scene.may(
        &owner,
        "CREATE TABLE app.one (id int); CREATE TABLE app.two (id int)",
    );
    let maker = scene.area.create_role("maker", "LOGIN PASSWORD 'x'");
    scene.psql(&format!("GRANT CREATE ON SCHEMA app TO {maker}"));
    let admin = admin(scene, "admin", "CREATEROLE");
    let row = check(scene);
    if scene.cluster.server_version_major() < 16 {
        // CREATEROLE reaches every role but superusers.
        expect_clean(&row);
    } else {
        let says = |what: &str| format!("role \"{admin}\" {what}");
        let (database, owner) = (scene.database(), &owner.name);
        assert_eq!(
            texts(&row, "missing"),
            [
                says(&format!(
                    "may not grant CONNECT on database \"{database}\", which belongs to \"{owner}\""
                )),
                says(&format!(
                    "may not grant on schema \"app\", which belongs to \"{owner}\""
                )),
                says(&format!(
                    "may not grant on 2 tables of \"{owner}\" in schema \"app\""
                )),
                says(&format!(
                    "may not act for \"{maker}\", so objects that it creates later are not covered"
                )),
                says(&format!(
                    "may not act for \"{owner}\", so objects that it creates later are not covered"
                )),
                says("may not grant on schema \"public\", which belongs to \"pg_database_owner\""),
            ]
        );
        assert_eq!(
            texts(&row, "grants"),
            [owner, &maker].map(|role| {
                format!("GRANT \"{role}\" TO \"{admin}\" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")
            })
        );
        assert_eq!(
            (&row["status"], &row["prepare"]),
            (&json!("rights missing"), &Value::Null)
        );
        assert_eq!(row["may_grant"], json!([]));
    }
    expect_clean(&obey(scene));
    expect_all_profiles_work(scene, &owner);
    expect_clean(&check(scene));
}

fn a_login_without_createrole_is_told_how_to_get_it(scene: &mut Scene<'_>) {
    let owner = site(scene);
    let admin = admin(scene, "admin", "NOINHERIT");
    let row = check(scene);
    assert_eq!(row["createrole"], false);
    let missing = texts(&row, "missing");
    assert_eq!(
        missing[0],
        format!("role \"{admin}\" is neither CREATEROLE nor SUPERUSER")
    );
    assert_eq!(
        texts(&row, "grants")[0],
        format!("ALTER ROLE \"{admin}\" CREATEROLE")
    );
    if scene.cluster.server_version_major() < 16 {
        assert_eq!(texts(&row, "grants").len(), 1);
        scene.psql(&texts(&row, "grants")[0]);
        let grants = texts(&check(scene), "grants");
        assert_eq!(grants, [format!("ALTER ROLE \"{admin}\" INHERIT")]);
    }
    expect_clean(&obey(scene));
    expect_all_profiles_work(scene, &owner);
}

fn what_belongs_to_a_superuser_takes_a_preparation(scene: &mut Scene<'_>) {
    scene
        .area
        .superuser_psql("CREATE SCHEMA app; CREATE TABLE app.one (id int)");
    let admin = admin(scene, "admin", "CREATEROLE");
    let row = check(scene);
    assert_eq!(row["status"], "rights missing");
    assert_eq!(row["grants"], json!([]), "{row:#}");
    let prepare = format!(
        "pgrole access prepare -e dev -d {} --admin {admin}",
        scene.database()
    );
    assert_eq!(row["prepare"], prepare);
    let words = prepare.split(' ').skip(1);
    let prepare = scene.sandbox.pgrole(words);
    let prepare = prepare
        .env("PG_ADMIN_USER", scene.cluster.superuser())
        .env("PG_ADMIN_PASS", scene.cluster.password());
    prepare.run().expect_status(0);
    expect_clean(&check(scene));
    let reader = created(&scene.user("readonly", &["-u", &scene.role("reader")]).run());
    scene.may(&reader, "SELECT * FROM app.one");
}

fn a_group_of_another_admins_takes_the_right_to_hand_it_on(scene: &mut Scene<'_>) {
    scene.create("readonly", "first");
    let group = format!("{}_readonly", scene.database());
    let admin = admin(scene, "admin", "CREATEROLE");
    scene.psql(&format!(
        "ALTER DATABASE {} OWNER TO {admin}",
        scene.database()
    ));
    let row = check(scene);
    if scene.cluster.server_version_major() >= 16 {
        let missing = format!("role \"{admin}\" may not grant membership in \"{group}\"");
        assert_eq!(texts(&row, "missing"), [missing], "{row:#}");
        assert!(
            !texts(&row, "may_grant").contains(&"readonly".to_owned()),
            "{row:#}"
        );
        assert!(
            texts(&row, "may_grant").contains(&"readwrite".to_owned()),
            "{row:#}"
        );
    }
    let row = obey(scene);
    assert!(
        texts(&row, "may_grant").contains(&"readonly".to_owned()),
        "{row:#}"
    );
    scene.create("readonly", "second");
}

fn a_foreign_role_of_a_groups_name_is_named(scene: &mut Scene<'_>) {
    let group = scene.area.create_role("readonly", "");
    let row = check(scene);
    let missing = texts(&row, "missing");
    assert_eq!(missing.len(), 1, "{row:#}");
    assert!(
        missing[0].contains(&format!("cannot use role \"{group}\"")),
        "{row:#}"
    );
    assert_eq!(row["may_grant"], json!(["readwrite", "ddl"]));
    let prepare = row["prepare"].as_str().expect("a command");
    assert!(prepare.ends_with(" --adopt"), "{row:#}");
}

fn an_owner_who_is_a_member_of_the_admin_is_beyond_it(scene: &mut Scene<'_>) {
    let admin = admin(scene, "admin", "CREATEROLE");
    let member = scene
        .area
        .create_role("member", &format!("IN ROLE {admin}"));
    scene.psql(&format!(
        "ALTER DATABASE {} OWNER TO {admin}; CREATE SCHEMA app AUTHORIZATION {member}",
        scene.database()
    ));
    let row = check(scene);
    assert_eq!(row["grants"], json!([]), "{row:#}");
    assert!(row["prepare"].is_string(), "{row:#}");
    let missing = texts(&row, "missing").join("\n");
    assert!(
        missing.contains(&format!("schema \"app\", which belongs to \"{member}\"")),
        "{row:#}"
    );
}
