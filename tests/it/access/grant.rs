//! `access grant`: a second database, a higher level, and what is refused.

use serde_json::{Value, json};

use super::{expect, expect_access, group, memberships, second_database, undo};
use crate::scene::{Scene, error, whole_text};
use crate::users::access::{make_role, on_each_version};

on_each_version! {
    a_login_gets_a_second_database_at_the_level_of_its_profile
    a_higher_level_is_granted_and_a_lower_one_refused
    a_level_is_lowered_in_one_transaction
    the_level_of_a_login_of_another_registry_comes_from_its_comment
    a_login_that_inherits_nothing_gets_the_access_or_is_told
    a_membership_that_is_not_inherited_is_no_access
    a_grant_is_undone
    what_is_no_login_of_ours_is_refused
    a_dry_run_grants_nothing
}

fn a_login_gets_a_second_database_at_the_level_of_its_profile(scene: &mut Scene) {
    let jane = scene.create("devqa", "jane");
    let second = second_database(scene);
    second.psql("CREATE TABLE t (id int)");
    let arguments = [
        "access",
        "grant",
        &jane.name,
        "-e",
        "dev",
        "-d",
        second.database(),
    ];
    let run = || {
        scene
            .sandbox
            .pgrole(arguments)
            .args(["--reason", "OPS-17"])
            .run()
    };
    let outcome = run();
    let row = expect(&outcome, "access granted", "readwrite");
    assert_eq!(row["previous_access"], "none");
    assert_eq!(
        row["groups"],
        json!([format!("{}_readwrite", second.database())])
    );
    assert_eq!(row["username"], jane.name);
    let password = &jane.password;
    let psql = |sql: &str| {
        scene
            .cluster
            .psql_as(&jane.name, password, second.database(), sql)
    };
    psql("INSERT INTO t VALUES (1); SELECT * FROM t").expect_status(0);
    second.psql("CREATE TABLE later (id int)");
    psql("SELECT * FROM later").expect_status(0);
    // Once more, nothing is left to do.
    let row = expect(&run(), "unchanged", "readwrite");
    assert_eq!(row["groups"], json!([]));
    let listed = scene
        .sandbox
        .pgrole(["audit", "list", "--operation", "access grant"])
        .run();
    let statuses: Vec<_> = listed
        .json()
        .as_array()
        .expect("an array")
        .iter()
        .map(|event| event["status"].clone())
        .collect();
    assert_eq!(statuses, ["unchanged", "access granted"], "{listed}");
}

fn a_higher_level_is_granted_and_a_lower_one_refused(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let login = scene.create("readonly", "analyst");
    let name = login.name.clone();
    let grant = |level: &str| {
        scene
            .pgrole("access grant", &["-u", &name, "--level", level])
            .run()
    };
    expect(&grant("readonly"), "unchanged", "readonly");
    let row = expect(&grant("readwrite"), "access granted", "readwrite");
    assert_eq!(row["previous_access"], "readonly");
    expect_access(scene, &login, "readwrite");
    let before = scene.snapshot();
    let outcome = grant("readonly");
    let said = whole_text(&error(&outcome, 6));
    let instead = format!(
        "pgrole access grant -e dev -d {} -u {name} --level readonly --lower",
        scene.database()
    );
    assert!(said.contains("has readwrite on dev/"), "{outcome}");
    assert!(
        said.ends_with(&format!("to lower it: {instead}")),
        "{outcome}"
    );
    assert_eq!(scene.snapshot(), before);
    // What the hint says does it.
    let lower = || scene.sandbox.pgrole(instead.split(' ').skip(1)).run();
    let row = expect(&lower(), "access lowered", "readonly");
    assert_eq!(row["previous_access"], "readwrite");
    assert_eq!(row["groups"], json!([group(scene, "readwrite")]));
    expect_access(scene, &login, "readonly");
    undo(scene, "access grant");
    expect_access(scene, &login, "readwrite");
    expect(&lower(), "access lowered", "readonly");
    expect(&lower(), "unchanged", "readonly");
    expect(&grant("readonly"), "unchanged", "readonly");
}

/// There is no moment without access: one transaction grants the lower level and revokes the higher.
fn a_level_is_lowered_in_one_transaction(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let lead = scene.create("devlead", "lead");
    let lower = |more: &[&str]| {
        let arguments = ["-u", &lead.name, "--level", "readonly", "--lower"];
        let command = scene.pgrole("access grant", &[&arguments, more].concat());
        command.run()
    };
    let before = scene.snapshot();
    let row = expect(&lower(&["--dry-run"]), "unchanged", "readonly");
    let statements = row["statements"].to_string();
    assert!(statements.contains("GRANT"), "{statements}");
    assert!(statements.contains("REVOKE"), "{statements}");
    assert_eq!(scene.snapshot(), before);
    let row = expect(&lower(&["--rehearse"]), "rehearsed", "readonly");
    assert_eq!(row["previous_access"], "ddl");
    assert_eq!(scene.snapshot(), before);
    let row = expect(&lower(&[]), "access lowered", "readonly");
    assert_eq!(
        row["groups"],
        json!([group(scene, "readonly"), group(scene, "ddl")])
    );
    expect_access(scene, &lead, "readonly");
    // Nothing is half done: what the login has through others would stay.
    let boss = scene.create("devlead", "boss");
    let (team, ddl, boss_name) = (scene.role("team"), group(scene, "ddl"), &boss.name);
    scene.psql(&format!(
        "CREATE ROLE {team}; GRANT {ddl} TO {team}; GRANT {team} TO {boss_name}"
    ));
    let before = scene.snapshot();
    let outcome = scene
        .pgrole("access grant", &["-u", &boss.name, "--level", "readonly"])
        .args(["--lower"])
        .run();
    let said = whole_text(&error(&outcome, 6));
    assert!(said.contains("would stay: ddl through"), "{outcome}");
    assert_eq!(scene.snapshot(), before);
}

fn the_level_of_a_login_of_another_registry_comes_from_its_comment(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let plain = make_role(scene, "plain", "");
    let outcome = scene.pgrole("access grant", &["-u", &plain.name]).run();
    let said = whole_text(&error(&outcome, 2));
    assert!(said.contains("--level readonly"), "{outcome}");
    scene.psql(&format!(
        "COMMENT ON ROLE {} IS 'pgrole: profile=devqa'",
        plain.name
    ));
    let outcome = scene.pgrole("access grant", &["-u", &plain.name]).run();
    expect(&outcome, "access granted", "readwrite");
    expect_access(scene, &plain, "readwrite");
    // A profile may have none.
    let dba = scene.create("dba", "dba");
    let outcome = scene.pgrole("access grant", &["-u", &dba.name]).run();
    let said = whole_text(&error(&outcome, 2));
    assert!(said.contains("profile \"dba\""), "{outcome}");
}

fn a_login_that_inherits_nothing_gets_the_access_or_is_told(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let login = make_role(scene, "noinherit", "NOINHERIT");
    let outcome = scene
        .pgrole("access grant", &[&login.name, "--level", "readwrite"])
        .run();
    let row = expect(&outcome, "access granted", "readwrite");
    if scene.cluster.server_version_major() >= 16 {
        assert_eq!(row["warnings"], Value::Null, "{outcome}");
        expect_access(scene, &login, "readwrite");
        return;
    }
    let warnings = row["warnings"].to_string();
    let mend = format!("ALTER ROLE \\\"{}\\\" INHERIT", login.name);
    assert!(warnings.contains(&mend), "{outcome}");
    scene.psql(&format!("ALTER ROLE {} INHERIT", login.name));
    expect_access(scene, &login, "readwrite");
}

fn a_membership_that_is_not_inherited_is_no_access(scene: &mut Scene) {
    if scene.cluster.server_version_major() < 16 {
        return;
    }
    scene.psql("CREATE TABLE t (id int)");
    scene.create("readonly", "first");
    let login = make_role(scene, "login", "");
    scene.psql(&format!(
        "GRANT {} TO {} WITH INHERIT FALSE",
        group(scene, "readonly"),
        login.name
    ));
    expect_access(scene, &login, "none");
    let outcome = scene
        .pgrole("access grant", &[&login.name, "--level", "readonly"])
        .run();
    expect(&outcome, "access granted", "readonly");
    expect_access(scene, &login, "readonly");
}

fn a_grant_is_undone(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let login = scene.create("readonly", "analyst");
    scene.create("devqa", "other");
    let before = memberships(scene);
    let outcome = scene
        .pgrole("access grant", &[&login.name, "--level", "readwrite"])
        .run();
    expect(&outcome, "access granted", "readwrite");
    assert_ne!(memberships(scene), before);
    undo(scene, "access grant");
    assert_eq!(memberships(scene), before);
    expect_access(scene, &login, "readonly");
}

fn what_is_no_login_of_ours_is_refused(scene: &mut Scene) {
    scene.create("readonly", "analyst");
    for (name, attributes) in [("boss", "SUPERUSER"), ("copier", "REPLICATION")] {
        let name = scene.role(name);
        scene
            .area
            .superuser_psql(&format!("CREATE ROLE {name} LOGIN {attributes}"));
    }
    let before = scene.snapshot();
    let grant = |name: &str| {
        scene
            .pgrole("access grant", &[name, "--level", "readonly"])
            .run()
    };
    error(&grant(&scene.role("nobody")), 3);
    error(&grant(&group(scene, "readonly")), 2);
    error(&grant(&group(scene, "ddl")), 3);
    let said = whole_text(&error(&grant(&scene.role("copier")), 6));
    assert!(
        said.contains("a REPLICATION role") && said.contains("--force"),
        "{said}"
    );
    let outcome = grant(&scene.role("boss"));
    let row = expect(&outcome, "unchanged", "none");
    assert!(
        row["warnings"].to_string().contains("is a superuser"),
        "{outcome}"
    );
    assert_eq!(scene.snapshot(), before);
}

fn a_dry_run_grants_nothing(scene: &mut Scene) {
    let login = scene.create("readonly", "analyst");
    let before = scene.snapshot();
    let arguments = [login.name.as_str(), "--level", "ddl", "--dry-run"];
    let outcome = scene.pgrole("access grant", &arguments).run();
    let row = expect(&outcome, "unchanged", "ddl");
    let grant = format!("GRANT \"{}\" TO \"{}\"", group(scene, "ddl"), login.name);
    assert!(
        row["statements"]
            .to_string()
            .contains(&grant.replace('"', "\\\"")),
        "{outcome}"
    );
    let shown = scene
        .pgrole("access grant", &arguments)
        .args(["--format", "table"])
        .run();
    assert!(shown.stdout.contains(&grant), "{shown}");
    assert_eq!(scene.snapshot(), before);
}
