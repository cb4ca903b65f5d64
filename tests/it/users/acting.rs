//! Who acts: the admin login, whatever `role` setting the database's owner, or somebody else, has made for those who come;
//! or the role of the login's own setting, where only that one may create roles.

use serde_json::Value;

use super::access::{make_role, on_each_version};
use crate::harness::Outcome;
use crate::scene::{Login, Scene, created, error, whole_text};

on_each_version! {
    a_databases_setting_changes_nothing
    an_admins_own_setting_does_not_count_where_it_may_create_roles_itself
    a_dba_acts_as_the_group_of_its_own_setting
    a_dba_acts_as_a_superuser_of_its_own_setting
    a_dba_of_a_databases_setting_is_told_what_counts
    a_setting_that_gives_nothing_is_named
    nothing_of_the_databases_owner_decides_who_acts
}

/// Makes a login the admin credential.
fn take(scene: &mut Scene<'_>, login: &Login) {
    scene.sandbox.env("PG_ADMIN_USER", &login.name);
    scene.sandbox.env("PG_ADMIN_PASS", &login.password);
}

/// Runs statements from outside of the scene's database, which may have settings of its own.
fn elsewhere(scene: &Scene<'_>, sql: &str) -> String {
    scene.cluster.superuser_psql("postgres", sql)
}

/// The roles that may hand a role on; up to PostgreSQL 15 its maker is none.
fn administrators(scene: &Scene<'_>, role: &str) -> String {
    elsewhere(
        scene,
        &format!(
            "SELECT member::regrole FROM pg_auth_members WHERE roleid = '{role}'::regrole AND admin_option"
        ),
    )
}

fn maker<'a>(scene: &Scene<'_>, name: &'a str) -> &'a str {
    if scene.cluster.server_version_major() >= 16 {
        name
    } else {
        ""
    }
}

#[track_caller]
fn check(scene: &Scene<'_>) -> Value {
    let outcome = scene.pgrole("credential check", &[]).run();
    outcome.expect_status(0);
    let rows = outcome.json();
    rows.get(0).cloned().unwrap_or(rows)
}

/// A database whose owner makes all who come itself: the admin would act as the owner.
fn owned(scene: &Scene<'_>, attributes: &str) -> (Login, Login) {
    let owner = make_role(scene, "app_owner", "");
    let admin = make_role(scene, "admin", attributes);
    let database = scene.database();
    elsewhere(
        scene,
        &format!(
            "ALTER DATABASE {database} OWNER TO {owner}; GRANT {owner} TO {admin};
             ALTER DATABASE {database} SET role = {owner}",
            owner = owner.name,
            admin = admin.name
        ),
    );
    (owner, admin)
}

fn a_databases_setting_changes_nothing(scene: &mut Scene<'_>) {
    let (owner, admin) = owned(scene, "CREATEROLE");
    take(scene, &admin);
    let role = scene.role("analyst");
    let jane = created(&scene.user("readonly", &["-u", &role]).run());
    assert_eq!(administrators(scene, &role), maker(scene, &admin.name));
    scene.user("reset", &["-u", &role]).run().expect_status(0);
    scene.may(&owner, "CREATE SCHEMA later; CREATE TABLE later.t (id int)");
    let again = created(&scene.user("readonly", &["-u", &scene.role("second")]).run());
    scene.may(&again, "SELECT * FROM later.t");
    drop(jane);
    assert_eq!(check(scene)["acts_as"], Value::Null);

    // A superuser would have lost its rights.
    scene
        .sandbox
        .env("PG_ADMIN_USER", scene.cluster.superuser());
    scene.sandbox.env("PG_ADMIN_PASS", scene.cluster.password());
    let role = scene.role("made_by_superuser");
    created(&scene.user("readonly", &["-u", &role]).run());
    assert!(!administrators(scene, &role).contains(&owner.name));
    assert_eq!(check(scene)["superuser"], true);
}

fn an_admins_own_setting_does_not_count_where_it_may_create_roles_itself(scene: &mut Scene<'_>) {
    let owner = make_role(scene, "app_owner", "CREATEROLE");
    let admin = make_role(scene, "admin", "CREATEROLE");
    scene.psql(&format!(
        "GRANT {owner} TO {admin}; ALTER DATABASE {database} OWNER TO {owner}; ALTER ROLE {admin} SET role = {owner}",
        owner = owner.name,
        admin = admin.name,
        database = scene.database()
    ));
    take(scene, &admin);
    let role = scene.role("analyst");
    created(&scene.user("readonly", &["-u", &role]).run());
    assert_eq!(administrators(scene, &role), maker(scene, &admin.name));
    assert_eq!(check(scene)["acts_as"], Value::Null);
}

/// A login without rights of its own that acts as a group, by a setting of its own.
fn dba(scene: &Scene<'_>) -> (Login, String) {
    let group = scene.area.create_role("dbagrp", "NOLOGIN CREATEROLE");
    let dba = make_role(scene, "dba", &format!("IN ROLE {group}"));
    scene.psql(&format!(
        "ALTER DATABASE {} OWNER TO {group}",
        scene.database()
    ));
    (dba, group)
}

fn a_dba_acts_as_the_group_of_its_own_setting(scene: &mut Scene<'_>) {
    let (dba, group) = dba(scene);
    scene.psql(&format!("ALTER ROLE {} SET role = {group}", dba.name));
    take(scene, &dba);
    let row = check(scene);
    assert_eq!(
        (&row["user"], &row["acts_as"], &row["createrole"]),
        (
            &dba.name.clone().into(),
            &group.clone().into(),
            &true.into()
        )
    );
    let verbose = scene
        .pgrole("credential check", &["--format", "table"])
        .run();
    assert!(
        verbose.stdout.contains("ACTS AS") && verbose.stdout.contains(&group),
        "{verbose}"
    );
    let jane = scene.create("readonly", "jane");
    assert_eq!(administrators(scene, &jane.name), maker(scene, &group));
    scene
        .user("reset", &["-u", &jane.name])
        .run()
        .expect_status(0);
    scene
        .user("search-path", &["-u", &jane.name])
        .run()
        .expect_status(0);

    // It is still the login that is the admin credential itself.
    let refused = scene.user("reset", &["-u", &dba.name]).run();
    assert!(
        whole_text(&error(&refused, 6)).contains("the admin credential itself"),
        "{refused}"
    );
    // What is lacking is to be given to whom acts.
    if scene.cluster.server_version_major() >= 16 {
        let foreign = make_role(scene, "foreign", "");
        let refused = scene.user("reset", &["-u", &foreign.name]).run();
        let grant = format!(
            "GRANT \"{}\" TO \"{group}\" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
            foreign.name
        );
        let said = whole_text(&error(&refused, 1));
        assert!(said.contains(&grant), "{refused}");
        scene.psql(&grant);
        scene
            .user("reset", &["-u", &foreign.name])
            .run()
            .expect_status(0);
    }
    // A setting for the database alone is nearer than that.
    scene.psql(&format!(
        "ALTER ROLE {} IN DATABASE {} SET role = 'none'",
        dba.name,
        scene.database()
    ));
    let row = check(scene);
    assert_eq!(
        (&row["acts_as"], &row["createrole"]),
        (&Value::Null, &false.into())
    );
}

/// To the server such a session looks like a superuser's from the start.
fn a_dba_acts_as_a_superuser_of_its_own_setting(scene: &mut Scene<'_>) {
    let group = scene.area.create_role("supers", "NOLOGIN SUPERUSER");
    let dba = make_role(scene, "dba", &format!("IN ROLE {group}"));
    scene.psql(&format!("ALTER ROLE {} SET role = {group}", dba.name));
    take(scene, &dba);
    let row = check(scene);
    assert_eq!(
        (&row["acts_as"], &row["superuser"]),
        (&group.clone().into(), &true.into())
    );
    let jane = scene.create("readonly", "jane");
    assert!(
        scene
            .user("find", &["-u", &jane.name])
            .run()
            .stdout
            .contains(&jane.name)
    );
    scene
        .user("reset", &["-u", &jane.name])
        .run()
        .expect_status(0);
}

fn refused(scene: &Scene<'_>) -> Outcome {
    let outcome = scene.user("readonly", &["-u", &scene.role("jane")]).run();
    assert_eq!(error(&outcome, 1)["sqlstate"], "42501", "{outcome}");
    outcome
}

fn a_dba_of_a_databases_setting_is_told_what_counts(scene: &mut Scene<'_>) {
    let (dba, group) = dba(scene);
    let database = scene.database().to_owned();
    elsewhere(
        scene,
        &format!("ALTER DATABASE {database} SET role = {group}"),
    );
    take(scene, &dba);
    let outcome = refused(scene);
    let error = error(&outcome, 1);
    let said = whole_text(&error);
    let wanted = [
        format!("role \"{}\" is neither CREATEROLE nor SUPERUSER", dba.name),
        format!(
            "database \"{database}\" has the setting role = \"{group}\", which is not used: only the login's own counts"
        ),
    ];
    for wanted in &wanted {
        assert!(said.contains(wanted), "{outcome}wanted: {wanted}");
    }
    let statement = format!("ALTER ROLE \"{}\" SET role = \"{group}\"", dba.name);
    assert_eq!(
        error["hint"],
        format!("let the login itself act as \"{group}\": {statement}")
    );
    let checked = scene.pgrole("registry check", &[]).run();
    assert!(
        checked.stdout.contains("only the login's own counts"),
        "{checked}"
    );
    elsewhere(scene, &statement);
    scene.create("readonly", "jane");
}

fn a_setting_that_gives_nothing_is_named(scene: &mut Scene<'_>) {
    let owner = make_role(scene, "app_owner", "");
    let dba = make_role(scene, "dba", &format!("IN ROLE {}", owner.name));
    scene.psql(&format!(
        "ALTER ROLE {} SET role = {}",
        dba.name, owner.name
    ));
    take(scene, &dba);
    let said = refused(scene);
    said.expect_in_stderr("which is not used: that role may not create roles");
    said.expect_in_stderr("log in as a role with CREATEROLE");
    assert!(!said.stderr.contains("ALTER ROLE"), "{said}");
    if scene.cluster.server_version_major() >= 16 {
        // A membership that does not let it act as the group.
        let group = scene.area.create_role("dbagrp", "NOLOGIN CREATEROLE");
        scene.psql(&format!(
            "GRANT {group} TO {dba} WITH SET FALSE; ALTER ROLE {dba} SET role = {group}",
            dba = dba.name
        ));
        refused(scene).expect_in_stderr("or \\\"");
    }
}

/// What the statement that decides would call, were it not named in full: each fails where it is called.
const TRAP: &str = "
    CREATE SCHEMA trap; GRANT USAGE ON SCHEMA trap TO PUBLIC;
    CREATE FUNCTION trap.sprung() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sprung'; END $$;
    CREATE FUNCTION trap.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT trap.sprung(); SELECT '' $$;
    CREATE FUNCTION trap.current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT trap.sprung(); SELECT '' $$;
    CREATE FUNCTION trap.substr(text, integer) RETURNS text LANGUAGE sql AS $$ SELECT trap.sprung(); SELECT '' $$;
    CREATE FUNCTION trap.starts_with(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT trap.sprung(); SELECT true $$;
    CREATE FUNCTION trap.current_database() RETURNS name LANGUAGE sql AS $$ SELECT trap.sprung(); SELECT ''::name $$;
    CREATE FUNCTION trap.pg_has_role(oid, oid, text) RETURNS boolean LANGUAGE sql AS $$ SELECT trap.sprung(); SELECT true $$;
    CREATE FUNCTION trap.unnest(text[]) RETURNS SETOF text LANGUAGE sql AS $$ SELECT trap.sprung(); SELECT '' $$;
    CREATE FUNCTION trap.of_names(name, name) RETURNS boolean LANGUAGE sql AS $$ SELECT trap.sprung(); SELECT true $$;
    CREATE FUNCTION trap.of_texts(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT trap.sprung(); SELECT true $$;
    CREATE FUNCTION trap.of_oids(oid, oid) RETURNS boolean LANGUAGE sql AS $$ SELECT trap.sprung(); SELECT true $$;
    CREATE FUNCTION trap.of_numbers(integer, integer) RETURNS boolean LANGUAGE sql AS $$ SELECT trap.sprung(); SELECT true $$;
    CREATE OPERATOR trap.= (LEFTARG = name, RIGHTARG = name, FUNCTION = trap.of_names);
    CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.of_texts);
    CREATE OPERATOR trap.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = trap.of_oids);
    CREATE OPERATOR trap.>= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = trap.of_numbers)";

fn nothing_of_the_databases_owner_decides_who_acts(scene: &mut Scene<'_>) {
    let (dba, group) = dba(scene);
    scene.psql(&format!("ALTER ROLE {} SET role = {group}", dba.name));
    scene.psql(TRAP);
    elsewhere(
        scene,
        &format!(
            "ALTER DATABASE {} SET search_path = trap, pg_catalog, public",
            scene.database()
        ),
    );
    take(scene, &dba);
    let role = scene.role("jane");
    created(
        &scene
            .user("readonly", &["-u", &role, "--access", "none"])
            .run(),
    );
    scene.user("reset", &["-u", &role]).run().expect_status(0);
    assert_eq!(check(scene)["acts_as"], Value::from(group));
    scene
        .psql_as(&dba, "SELECT current_setting('port')")
        .expect_in_stderr("sprung");
}
