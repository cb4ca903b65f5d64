//! What `audit show` says undoes an act: run, it takes back what the act's subject got, and nobody else loses anything.

use serde_json::Value;

use super::access::{make_role, on_each_version};
use crate::harness::Cluster;
use crate::scene::Scene;

on_each_version! {
    the_undo_of_the_first_login_leaves_the_second_its_access
    the_undo_of_ensure_leaves_what_others_use
    the_undo_of_a_search_path_is_the_one_before
    the_undo_of_preparing_gives_a_group_back_and_takes_nothing_from_its_members
}

/// What is on record of the newest act on a role.
fn shown(scene: &Scene, operation: &str) -> Value {
    let filter = ["audit", "list", "--operation", operation, "--limit", "1"];
    let listed = scene.sandbox.pgrole(filter).run();
    let id = listed.expect_status(0).json()[0]["id"].to_string();
    let shown = scene.sandbox.pgrole(["audit", "show", &id]).run();
    shown.expect_status(0).json()
}

fn texts(shown: &Value, key: &str) -> Vec<String> {
    serde_json::from_value(shown[key].clone()).unwrap_or_else(|_| panic!("{key} of {shown}"))
}

/// Runs what is said to undo an act, as one transaction of the login that did it.
#[track_caller]
fn undo(scene: &Scene, shown: &Value) {
    let sql = format!("BEGIN;\n{};\nCOMMIT", texts(shown, "undo").join(";\n"));
    let cluster = scene.cluster;
    let outcome = cluster.psql_as(
        Cluster::SUPERUSER,
        cluster.password(),
        scene.database(),
        &sql,
    );
    outcome.expect_status(0).expect_stderr("");
}

fn count(scene: &Scene, role: &str) -> String {
    scene.psql(&format!(
        "SELECT count(*) FROM pg_roles WHERE rolname = '{role}'"
    ))
}

fn the_undo_of_the_first_login_leaves_the_second_its_access(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    for (profile, level) in [
        ("readonly", "readonly"),
        ("devqa", "readwrite"),
        ("devlead", "ddl"),
    ] {
        let first = scene.create(profile, &format!("first_{level}"));
        let made_first = shown(scene, &format!("user {profile}"));
        let second = scene.create(profile, &format!("second_{level}"));
        let made_second = shown(scene, &format!("user {profile}"));
        let group = format!("{}_{level}", scene.database());
        undo(scene, &made_first);
        assert_eq!(count(scene, &first.name), "0");
        scene.may(&second, "SELECT * FROM t");
        let remarks = texts(&made_first, "undo_remarks");
        let kept = format!(
            "access group \"{group}\" is kept with everything that it was granted: other logins may use it"
        );
        assert!(remarks.contains(&kept), "{made_first}");
        scene.psql(&format!("CREATE TABLE later_{level} (id int)"));
        scene.may(&second, &format!("SELECT * FROM later_{level}"));
        undo(scene, &made_second);
        assert_eq!(count(scene, &second.name), "0");
        assert_eq!(count(scene, &group), "1");
        // The group still lets logins in.
        let third = scene.create(profile, &format!("third_{level}"));
        scene.may(&third, &format!("SELECT * FROM later_{level}"));
    }
}

fn the_undo_of_ensure_leaves_what_others_use(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let old = make_role(scene, "old", "");
    let arguments = ["-u", &old.name, "--ensure"];
    scene.user("readonly", &arguments).run().expect_status(0);
    let ensured = shown(scene, "user readonly");
    let other = scene.create("readonly", "other");
    scene.may(&old, "SELECT * FROM t");
    let group = format!("{}_readonly", scene.database());
    assert_eq!(
        texts(&ensured, "undo"),
        [format!("REVOKE \"{group}\" FROM \"{}\"", old.name)]
    );
    undo(scene, &ensured);
    scene.may_not(&old, "SELECT * FROM t");
    scene.may(&other, "SELECT * FROM t");
}

fn the_undo_of_a_search_path_is_the_one_before(scene: &mut Scene) {
    let jane = make_role(scene, "jane", "");
    let database = scene.database();
    let path = "\"$user\", \"a,b\", \"a;drop\", \"Quo\"\"ted\", public";
    scene.psql(&format!(
        "CREATE SCHEMA app; ALTER ROLE \"{}\" IN DATABASE {database} SET search_path = {path}",
        jane.name
    ));
    let asked = scene.psql_as(&jane, "SHOW search_path").stdout;
    for arguments in [["--schema", "app"].as_slice(), &["--reset"]] {
        let mut all = vec!["-u", &jane.name, "--yes"];
        all.extend(arguments);
        scene.user("search-path", &all).run().expect_status(0);
        let set = shown(scene, "user search-path");
        assert_ne!(scene.psql_as(&jane, "SHOW search_path").stdout, asked);
        undo(scene, &set);
        assert_eq!(scene.psql_as(&jane, "SHOW search_path").stdout, asked);
        assert_eq!(texts(&set, "undo_remarks"), [""; 0]);
    }
    let reset = format!(
        "ALTER ROLE \"{}\" IN DATABASE {database} RESET search_path",
        jane.name
    );
    scene.psql(&reset);
    let arguments = ["-u", &jane.name, "--schema", "app"];
    scene.user("search-path", &arguments).run().expect_status(0);
    assert_eq!(
        texts(&shown(scene, "user search-path"), "undo"),
        [format!(
            "ALTER ROLE \"{}\" IN DATABASE \"{database}\" RESET search_path",
            jane.name
        )]
    );
}

fn the_undo_of_preparing_gives_a_group_back_and_takes_nothing_from_its_members(scene: &mut Scene) {
    let group = format!("{}_readonly", scene.database());
    scene.psql("CREATE TABLE t (id int)");
    let member = make_role(scene, "member", "");
    let boss = make_role(scene, "boss", "CREATEROLE");
    scene.psql(&format!(
        "CREATE ROLE {group} NOLOGIN; COMMENT ON ROLE {group} IS 'by \"hand\"; it''s';
         GRANT {group} TO \"{}\"",
        member.name
    ));
    scene.may_not(&member, "SELECT * FROM t");
    let arguments = [
        "--access", "readonly", "--adopt", "--yes", "--admin", &boss.name,
    ];
    scene
        .pgrole("access prepare", &arguments)
        .run()
        .expect_status(0);
    let prepared = shown(scene, "access prepare");
    scene.may(&member, "SELECT * FROM t");
    undo(scene, &prepared);
    scene.may(&member, "SELECT * FROM t");
    let comment = format!("SELECT shobj_description('{group}'::regrole, 'pg_authid')");
    assert_eq!(scene.psql(&comment), "by \"hand\"; it's");
    let administrators = format!(
        "SELECT count(*) FROM pg_auth_members WHERE roleid = '{group}'::regrole
         AND member = '\"{}\"'::regrole",
        boss.name
    );
    assert_eq!(scene.psql(&administrators), "0", "{prepared}");
}
