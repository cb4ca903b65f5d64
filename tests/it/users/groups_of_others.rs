//! Roles that have a group's name and are not the group: what somebody planted, what another database left behind. None of
//! them is ever filled with rights, or lets its members into this database.

use serde_json::Value;

use super::access::{make_role, on_each_version};
use crate::harness::{Outcome, skip_unless_superuser};
use crate::scene::{Login, Scene, created, error, whole_text};

on_each_version! {
    what_no_group_is_is_refused_with_adopt_too
    a_group_in_a_strangers_hands_is_refused_until_he_is_trusted
    a_group_that_a_stranger_planted_is_refused
    a_group_of_an_admin_login_that_was_used_before_is_ours
    a_database_that_was_renamed_and_made_anew_does_not_inherit_members
    a_database_that_was_dropped_and_made_anew_is_prepared_first
    a_mark_of_an_earlier_version_is_renewed_and_strange_members_are_named
    a_mark_of_another_cluster_is_not_believed
    a_database_under_a_new_name_gets_groups_of_its_own
}

fn group(scene: &Scene, level: &str) -> String {
    format!("{}_{level}", scene.database())
}

/// Makes a role of a group's name, with the very mark that the group would have.
fn plant(scene: &Scene, attributes: &str) -> String {
    let group = group(scene, "readonly");
    let mark = scene.mark("readonly");
    scene.area.superuser_psql(&format!(
        "CREATE ROLE {group} {attributes}; COMMENT ON ROLE {group} IS '{mark}'"
    ));
    group
}

/// Asserts that no login is let in, with and without `--adopt`, and that nothing was changed; returns what was said.
#[track_caller]
fn refused(scene: &Scene) -> (String, Outcome) {
    let before = scene.snapshot();
    let role = scene.role("analyst");
    let with_adopt = scene.user("readonly", &["-u", &role, "--adopt"]).run();
    error(&with_adopt, 6);
    let outcome = scene.user("readonly", &["-u", &role]).run();
    let said = whole_text(&error(&outcome, 6));
    assert_eq!(scene.snapshot(), before, "{outcome}");
    (said, outcome)
}

/// The command or statement of the hint that begins with the words.
#[track_caller]
fn hinted(outcome: &Outcome, start: &str) -> String {
    let hint = outcome.json_error()["error"]["hint"].clone();
    let hint = hint.as_str().unwrap_or_default();
    let at = hint.find(start);
    let at = at.unwrap_or_else(|| panic!("{outcome}the hint has no {start:?}"));
    hint[at..].to_owned()
}

fn warnings(outcome: &Outcome) -> String {
    let rows = outcome.json();
    let rows = match rows {
        Value::Array(rows) => rows,
        row => vec![row],
    };
    let lines = rows.iter().filter_map(|row| row["warnings"].as_array());
    let lines: Vec<_> = lines.flatten().filter_map(Value::as_str).collect();
    lines.join("\n")
}

fn what_no_group_is_is_refused_with_adopt_too(scene: &mut Scene) {
    let name = group(scene, "readonly");
    let foreign = scene.area.create_role("foreign", "NOLOGIN");
    let ddl = scene.area.create_role("ddl", "NOLOGIN");
    scene
        .area
        .superuser_psql(&format!("COMMENT ON ROLE {ddl} IS '{}'", scene.mark("ddl")));
    let with_superuser =
        !skip_unless_superuser("only a superuser sees whether a role has a password");
    let cases = [
        ("LOGIN", "", "it has LOGIN"),
        ("NOLOGIN CREATEROLE", "", "it has CREATEROLE"),
        ("NOLOGIN CREATEDB", "", "it has CREATEDB"),
        ("NOLOGIN SUPERUSER", "", "it has SUPERUSER"),
        (
            "NOLOGIN REPLICATION BYPASSRLS",
            "",
            "it has REPLICATION, BYPASSRLS",
        ),
        ("NOLOGIN PASSWORD 'planted'", "", "it has a password"),
        (
            "NOLOGIN VALID UNTIL '2099-01-01'",
            "",
            "it has a VALID UNTIL",
        ),
        (
            "NOLOGIN",
            &format!("GRANT {foreign} TO {name}"),
            &format!("it is a member of \"{foreign}\""),
        ),
        (
            "NOLOGIN",
            &format!("GRANT {ddl} TO {name}"),
            &format!("it is a member of \"{ddl}\""),
        ),
        (
            "NOLOGIN",
            &format!("GRANT pg_read_server_files TO {name}"),
            "it is a member of \"pg_read_server_files\"",
        ),
    ];
    for (attributes, then, fault) in cases {
        if attributes.contains("PASSWORD") && !with_superuser {
            continue;
        }
        plant(scene, attributes);
        scene.area.superuser_psql(&format!("SELECT 1; {then}"));
        let (said, outcome) = refused(scene);
        let wanted =
            format!("role \"{name}\" has the name of an access group, but cannot be one: {fault}");
        assert!(said.contains(&wanted), "{outcome}wanted: {wanted}");
        let prepared = scene.pgrole("access prepare", &["--adopt"]).run();
        assert!(
            whole_text(&error(&prepared, 6)).contains(fault),
            "{prepared}"
        );
        let check = scene.pgrole("registry check", &[]).run();
        let row = check.json()[0].clone();
        assert!(
            row["missing"]
                .to_string()
                .contains(&fault.replace('"', "\\\"")),
            "{check}"
        );
        // No command of pgrole's makes a group of it.
        assert_eq!(row["prepare"], Value::Null, "{check}");
        scene.area.superuser_psql(&format!("DROP ROLE {name}"));
    }
}

fn a_group_in_a_strangers_hands_is_refused_until_he_is_trusted(scene: &mut Scene) {
    let group = plant(scene, "NOLOGIN");
    let stranger = make_role(scene, "stranger", "").name;
    scene
        .area
        .superuser_psql(&format!("GRANT {group} TO {stranger} WITH ADMIN OPTION"));
    let (said, outcome) = refused(scene);
    assert!(
        said.contains(&format!(
            "\"{stranger}\" has ADMIN on it, and is not a known admin credential"
        )),
        "{outcome}"
    );
    let line = hinted(&outcome, "trusted_admins = ");
    let line = line.split(';').next().expect("there is a first part");
    scene.sandbox.write_config(line);
    let outcome = scene
        .user("readonly", &["-u", &scene.role("analyst"), "--dry-run"])
        .run();
    outcome.expect_status(0);
}

fn a_group_that_a_stranger_planted_is_refused(scene: &mut Scene) {
    if scene.cluster.server_version_major() < 16 {
        // CREATEROLE commands every role but superusers there, planted or not.
        return;
    }
    let planter = make_role(scene, "planter", "CREATEROLE");
    let accomplice = scene.area.create_role("accomplice", "NOLOGIN");
    let group = group(scene, "readonly");
    let mark = scene.mark("readonly");
    scene.may(
        &planter,
        &format!(
            "CREATE ROLE {group} NOLOGIN; COMMENT ON ROLE {group} IS '{mark}'; GRANT {group} TO {accomplice}"
        ),
    );
    let (said, outcome) = refused(scene);
    assert!(said.contains(&format!("\"{}\"", planter.name)), "{outcome}");
}

fn a_group_of_an_admin_login_that_was_used_before_is_ours(scene: &mut Scene) {
    let first = make_role(scene, "first_admin", "CREATEROLE");
    scene.psql(&format!(
        "ALTER DATABASE {} OWNER TO {}",
        scene.database(),
        first.name
    ));
    // Made by an owner that is replaced afterwards: on 16 and later it keeps ADMIN on the group.
    let as_first = scene.user("readonly", &["-u", &scene.role("one")]);
    let as_first = as_first
        .env("PG_ADMIN_USER", &first.name)
        .env("PG_ADMIN_PASS", &first.password);
    created(&as_first.run());
    scene.area.superuser_psql(&format!(
        "ALTER DATABASE {} OWNER TO {}",
        scene.database(),
        scene.cluster.superuser()
    ));
    let second = scene.user("readonly", &["-u", &scene.role("two")]);
    let second = second
        .env("PG_ADMIN_USER", scene.cluster.superuser())
        .env("PG_ADMIN_PASS", scene.cluster.password());
    created(&second.run());
}

/// Logs in to another database.
fn status_of_login(scene: &Scene, login: &Login, database: &str, sql: &str) -> Option<i32> {
    let outcome = scene
        .cluster
        .psql_as(&login.name, &login.password, database, sql);
    outcome.status()
}

/// From another database: none may be dropped or renamed from inside.
fn from_outside(scene: &Scene, statements: &[String]) {
    for statement in statements {
        scene.cluster.superuser_psql("postgres", statement);
    }
}

fn a_database_that_was_renamed_and_made_anew_does_not_inherit_members(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let reader = scene.create("readonly", "first");
    let (database, group) = (scene.database().to_owned(), group(scene, "readonly"));
    let old = format!("{database}_old");
    from_outside(
        scene,
        &[
            format!("ALTER DATABASE {database} RENAME TO {old}"),
            format!("CREATE DATABASE {database} OWNER postgres"),
        ],
    );
    scene.psql("CREATE TABLE t (id int)");
    let (said, outcome) = refused(scene);
    assert!(
        said.contains(&format!(
            "role \"{group}\" grants access to another database, \"{old}\""
        )),
        "{outcome}"
    );
    let prepared = scene.pgrole("access prepare", &[]).run();
    error(&prepared, 6);
    let statement = hinted(&outcome, "ALTER ROLE");
    assert_eq!(
        statement,
        format!("ALTER ROLE \"{group}\" RENAME TO \"{old}_readonly\"")
    );
    scene.psql(&statement);
    let second = scene.create("readonly", "second");
    scene.may(&second, "SELECT * FROM t");
    scene.may_not(&reader, "SELECT * FROM t");
    assert_eq!(
        status_of_login(scene, &reader, &old, "SELECT * FROM t"),
        Some(0)
    );
    assert_ne!(
        status_of_login(scene, &second, &old, "SELECT * FROM t"),
        Some(0)
    );
}

fn a_database_that_was_dropped_and_made_anew_is_prepared_first(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let reader = scene.create("readonly", "first");
    let (database, group) = (scene.database().to_owned(), group(scene, "readonly"));
    let stranger = make_role(scene, "stranger", "");
    scene.psql(&format!("GRANT {group} TO {}", stranger.name));
    from_outside(
        scene,
        &[
            format!("DROP DATABASE {database}"),
            format!("CREATE DATABASE {database} OWNER postgres"),
        ],
    );
    scene.psql("CREATE TABLE t (id int)");
    let (said, outcome) = refused(scene);
    assert!(
        said.contains(&format!(
            "role \"{group}\" grants access to an earlier database of this name, dropped since"
        )),
        "{outcome}"
    );
    let command = hinted(&outcome, "pgrole access prepare");
    assert_eq!(
        command,
        format!("pgrole access prepare -e dev -d {database}")
    );
    let words = command.split(' ').skip(1);
    let prepared = scene.sandbox.pgrole(words).run();
    prepared.expect_status(0);
    let wanted = format!(
        "the access group was marked again; pgrole did not add these members: {}",
        stranger.name
    );
    let said = warnings(&prepared);
    assert_eq!(
        said.lines().find(|line| line.contains("marked again")),
        Some(wanted.as_str()),
        "{prepared}"
    );
    for login in [&reader, &stranger, &scene.create("readonly", "second")] {
        scene.may(login, "SELECT * FROM t");
    }
}

fn a_mark_of_an_earlier_version_is_renewed_and_strange_members_are_named(scene: &mut Scene) {
    scene.create("readonly", "first");
    let group = group(scene, "readonly");
    let stranger = make_role(scene, "stranger", "").name;
    scene.psql(&format!(
        "GRANT {group} TO {stranger};
         COMMENT ON ROLE {group} IS 'pgrole: access=readonly database={}'",
        scene.database()
    ));
    let outcome = scene.user("readonly", &["-u", &scene.role("second")]).run();
    created(&outcome);
    let said = warnings(&outcome);
    assert_eq!(
        said.lines().find(|line| line.contains("marked again")),
        Some(
            format!(
                "the access group was marked again; pgrole did not add these members: {stranger}"
            )
            .as_str()
        ),
        "{outcome}"
    );
    let mark = scene.psql(&format!(
        "SELECT shobj_description('{group}'::regrole, 'pg_authid')"
    ));
    assert_eq!(mark, scene.mark("readonly"));
    let third = scene.user("readonly", &["-u", &scene.role("third")]).run();
    created(&third);
    assert!(!warnings(&third).contains("marked again"), "{third}");
}

fn a_mark_of_another_cluster_is_not_believed(scene: &mut Scene) {
    scene.create("readonly", "first");
    let group = group(scene, "readonly");
    let mark = scene.mark("readonly");
    let (before, after) = mark.split_once(" cluster=").expect("the mark names it");
    let (_, database) = after.split_once(' ').expect("the mark goes on");
    scene.psql(&format!(
        "COMMENT ON ROLE {group} IS '{before} cluster=1 {database}'"
    ));
    let (said, outcome) = refused(scene);
    assert!(said.contains("pgrole access prepare"), "{outcome}");
    scene.pgrole("access prepare", &[]).run().expect_status(0);
    scene.create("readonly", "second");
}

fn a_database_under_a_new_name_gets_groups_of_its_own(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let reader = scene.create("readonly", "first");
    let (database, group) = (scene.database().to_owned(), group(scene, "readonly"));
    let new = format!("{database}_new");
    from_outside(
        scene,
        &[format!("ALTER DATABASE {database} RENAME TO {new}")],
    );
    scene.sandbox.register(scene.cluster, "dev", &new);
    // The group goes along: its mark has the right oid, and says the new name afterwards.
    from_outside(
        scene,
        &[format!("ALTER ROLE {group} RENAME TO {new}_readonly")],
    );
    let role = scene.role("second");
    let run = scene
        .sandbox
        .pgrole(["user", "readonly", "-e", "dev", "-d", &new, "-u", &role]);
    let second = created(&run.run());
    for login in [&reader, &second] {
        assert_eq!(
            status_of_login(scene, login, &new, "SELECT * FROM t"),
            Some(0)
        );
    }
    let mark = scene.cluster.psql(
        &new,
        &format!("SELECT shobj_description('{new}_readonly'::regrole, 'pg_authid')"),
    );
    assert!(mark.ends_with(&format!(" database={new}")), "{mark}");
}
