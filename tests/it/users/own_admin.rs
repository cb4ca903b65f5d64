//! Access as a database's owner with CREATEROLE who is no superuser, which is what most sites and all managed services
//! give: what it covers, what it must leave out and says so, and that it holds no right afterwards that it had not before.

use serde_json::Value;

use super::access::{make_role, on_each_version};
use crate::harness::Outcome;
use crate::scene::{Login, Scene, created, error, whole_text};

on_each_version! {
    tables_of_the_owner_and_of_roles_that_it_made_are_reached
    tables_of_a_devlead_are_reached
    a_foreign_table_of_today_stops_everything
    a_foreign_creator_of_tomorrow_is_named
    a_prepared_database_needs_no_rights_on_foreign_tables
    memberships_that_were_there_before_stay
    a_member_of_the_admin_is_named_where_it_cannot_be_covered
    what_extensions_keep_to_themselves_is_left_to_them
    a_foreign_table_that_is_reached_already_is_in_nobodys_way
    a_makers_table_that_is_reached_already_is_in_nobodys_way
    a_login_that_may_not_create_roles_is_told_so
    attributes_that_the_admin_lacks_are_named
    a_foreign_role_is_changed_only_where_the_version_lets_it
}

/// Makes the database's owner the admin credential.
fn own(scene: &mut Scene) -> Login {
    let admin = make_role(scene, "admin", "CREATEROLE");
    scene.psql(&format!(
        "ALTER DATABASE {} OWNER TO {}",
        scene.database(),
        admin.name
    ));
    scene.sandbox.env("PG_ADMIN_USER", &admin.name);
    scene.sandbox.env("PG_ADMIN_PASS", &admin.password);
    admin
}

/// Every membership of the admin, with its options and grantor.
fn memberships_of(scene: &Scene, admin: &Login) -> String {
    scene.psql(&format!(
        "SELECT to_jsonb(m) - 'oid' FROM pg_auth_members m WHERE member = '{}'::regrole ORDER BY m.roleid, 1",
        admin.name
    ))
}

/// The memberships that come with a role made on PostgreSQL 16 and later are no loan.
fn borrowed_memberships_of(scene: &Scene, admin: &Login) -> String {
    let implicit = if scene.cluster.server_version_major() >= 16 {
        "AND NOT (admin_option AND NOT inherit_option AND NOT set_option)"
    } else {
        ""
    };
    scene.psql(&format!(
        "SELECT roleid::regrole FROM pg_auth_members WHERE member = '{}'::regrole {implicit}",
        admin.name
    ))
}

fn warnings(outcome: &Outcome) -> String {
    let row = outcome.json();
    let warnings = row["warnings"].as_array().cloned().unwrap_or_default();
    let lines: Vec<_> = warnings.iter().filter_map(Value::as_str).collect();
    lines.join("\n")
}

fn tables_of_the_owner_and_of_roles_that_it_made_are_reached(scene: &mut Scene) {
    let admin = own(scene);
    let maker = Login {
        name: scene.role("maker"),
        password: "made by the admin".into(),
    };
    scene.may(
        &admin,
        &format!(
            "CREATE ROLE {maker} LOGIN PASSWORD 'made by the admin'; CREATE SCHEMA app; GRANT ALL ON SCHEMA app TO {maker};
             CREATE TABLE app.of_the_owner_today (id int)",
            maker = maker.name
        ),
    );
    scene.may(
        &maker,
        "CREATE TABLE app.of_the_maker_today (id int); CREATE SEQUENCE app.number_today",
    );
    let before = memberships_of(scene, &admin);
    for (profile, name) in [("readonly", "analyst"), ("devqa", "jane")] {
        let login = scene.create(profile, name);
        let tomorrow = format!("tomorrow_of_{name}");
        scene.may(
            &admin,
            &format!("CREATE TABLE app.of_the_owner_{tomorrow} (id int)"),
        );
        scene.may(
            &maker,
            &format!("CREATE TABLE app.of_the_maker_{tomorrow} (id int); CREATE SEQUENCE app.number_{tomorrow}"),
        );
        for day in ["today", &tomorrow] {
            for owner in ["owner", "maker"] {
                scene.may(&login, &format!("SELECT * FROM app.of_the_{owner}_{day}"));
            }
            scene.may(&login, &format!("SELECT last_value FROM app.number_{day}"));
        }
        let insert = "INSERT INTO app.of_the_maker_today VALUES (1)";
        if profile == "readonly" {
            scene.may_not(&login, insert);
            scene.may_not(&login, "CREATE TABLE app.mine (id int)");
        } else {
            scene.may(&login, insert);
        }
    }
    assert_eq!(borrowed_memberships_of(scene, &admin), "");
    assert!(memberships_of(scene, &admin).starts_with(&before));
}

fn tables_of_a_devlead_are_reached(scene: &mut Scene) {
    let admin = own(scene);
    scene.may(&admin, "CREATE SCHEMA app");
    let joe = scene.create("devlead", "joe");
    scene.may(&joe, "CREATE TABLE app.of_joe_today (id int)");
    let reader = scene.create("readonly", "analyst");
    scene.may(&joe, "CREATE TABLE app.of_joe_tomorrow (id int)");
    let ann = scene.create("devlead", "ann");
    scene.may(&ann, "CREATE TABLE app.of_ann (id int)");
    for table in ["of_joe_today", "of_joe_tomorrow", "of_ann"] {
        scene.may(&reader, &format!("SELECT * FROM app.{table}"));
        scene.may(&joe, &format!("INSERT INTO app.{table} VALUES (1)"));
        scene.may(&ann, &format!("INSERT INTO app.{table} VALUES (1)"));
    }
    // Devleads who share a table make it as their group.
    scene.may(
        &joe,
        &format!(
            "SET ROLE {}_ddl; CREATE TABLE app.shared (id int)",
            scene.database()
        ),
    );
    scene.may(&reader, "SELECT * FROM app.shared");
    assert_eq!(borrowed_memberships_of(scene, &admin), "");
}

/// A role beyond the admin's reach: up to PostgreSQL 15 only superusers are that to a CREATEROLE login.
fn make_foreign(scene: &Scene) -> Login {
    let attributes = if scene.cluster.server_version_major() >= 16 {
        ""
    } else {
        "SUPERUSER"
    };
    make_role(scene, "foreign", attributes)
}

fn a_foreign_table_of_today_stops_everything(scene: &mut Scene) {
    let admin = own(scene);
    let foreign = make_foreign(scene);
    scene.psql(&format!("CREATE SCHEMA app AUTHORIZATION {}", admin.name));
    scene.psql(&format!("GRANT ALL ON SCHEMA app TO {}", foreign.name));
    scene.may(
        &foreign,
        "CREATE TABLE app.one (id int); CREATE TABLE app.two (id int)",
    );
    let before = scene.snapshot();
    let role = scene.role("analyst");
    let outcome = scene.user("readonly", &["-u", &role]).run();
    let error = error(&outcome, 1);
    assert_eq!(error["sqlstate"], "42501", "{outcome}");
    let said = whole_text(&error);
    let wanted = format!(
        "role \"{}\" may not grant on 2 tables of \"{}\" in schema \"app\"",
        admin.name, foreign.name
    );
    assert!(said.contains(&wanted), "{outcome}wanted: {wanted}");
    let hint = format!(
        "leave it out with --partial, create the login with --access none, or run this once as a role that is allowed to: \
         pgrole access prepare -e dev -d {} --admin {}",
        scene.database(),
        admin.name
    );
    assert_eq!(error["hint"], hint, "{outcome}");
    assert_eq!(scene.snapshot(), before);
    // The first of the two ways out.
    created(
        &scene
            .user("readonly", &["-u", &role, "--access", "none"])
            .run(),
    );
}

fn a_foreign_creator_of_tomorrow_is_named(scene: &mut Scene) {
    let admin = own(scene);
    let foreign = make_foreign(scene);
    scene.psql(&format!(
        "CREATE SCHEMA app AUTHORIZATION {}; GRANT ALL ON SCHEMA app TO {}",
        admin.name, foreign.name
    ));
    let outcome = scene
        .user("readonly", &["-u", &scene.role("analyst")])
        .run();
    let reader = created(&outcome);
    let said = warnings(&outcome);
    let wanted = format!(
        "tables that these roles create later will not be covered, because \"{}\" may not act for them: ",
        admin.name
    );
    assert!(said.contains(&wanted), "{outcome}");
    assert!(said.contains(&foreign.name), "{outcome}");
    scene.may(&foreign, "CREATE TABLE app.tomorrow (id int)");
    scene.may_not(&reader, "SELECT * FROM app.tomorrow");
}

fn a_prepared_database_needs_no_rights_on_foreign_tables(scene: &mut Scene) {
    let admin = own(scene);
    let foreign = make_foreign(scene);
    scene.psql(&format!(
        "CREATE SCHEMA app; GRANT ALL ON SCHEMA app TO {}",
        foreign.name
    ));
    scene.may(&foreign, "CREATE TABLE app.today (id int)");
    let refused = scene.user("readonly", &["-u", &scene.role("x")]).run();
    let said = whole_text(&error(&refused, 1));
    assert!(
        said.contains("may not grant on schema \"app\", which belongs to \""),
        "{refused}"
    );
    let prepare = scene.pgrole("access prepare", &["--admin", &admin.name]);
    let prepare = prepare
        .env("PG_ADMIN_USER", scene.cluster.superuser())
        .env("PG_ADMIN_PASS", scene.cluster.password());
    prepare.run().expect_status(0);
    let reader = scene.create("readonly", "analyst");
    let writer = scene.create("devqa", "jane");
    let lead = scene.create("devlead", "joe");
    scene.may(&foreign, "CREATE TABLE app.tomorrow (id int)");
    scene.may(&lead, "CREATE TABLE app.of_joe (id int)");
    for table in ["today", "tomorrow", "of_joe"] {
        scene.may(&reader, &format!("SELECT * FROM app.{table}"));
        scene.may(&writer, &format!("INSERT INTO app.{table} VALUES (1)"));
    }
}

fn memberships_that_were_there_before_stay(scene: &mut Scene) {
    let admin = own(scene);
    let maker = scene.role("maker");
    scene.may(&admin, "CREATE SCHEMA app");
    scene.may(
        &admin,
        &format!("CREATE ROLE {maker}; GRANT ALL ON SCHEMA app TO {maker}"),
    );
    if scene.cluster.server_version_major() >= 16 {
        // What createrole_self_grant = 'set' leaves: SET ROLE, but no inheritance.
        scene.may(
            &admin,
            &format!("GRANT {maker} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE"),
        );
        scene.psql(&format!(
            "ALTER ROLE {} SET createrole_self_grant = 'set'",
            admin.name
        ));
    } else {
        scene.may(&admin, &format!("GRANT {maker} TO CURRENT_USER"));
        scene.psql(&format!("ALTER ROLE {} NOINHERIT", admin.name));
    }
    let before = memberships_of(scene, &admin);
    let outcome = scene
        .user("readonly", &["-u", &scene.role("analyst")])
        .run();
    let reader = created(&outcome);
    let after = memberships_of(scene, &admin);
    assert!(
        after.starts_with(&before),
        "before:\n{before}\nafter:\n{after}"
    );
    scene.may(
        &admin,
        &format!("SET ROLE {maker}; CREATE TABLE app.tomorrow (id int)"),
    );
    if scene.cluster.server_version_major() >= 16 {
        scene.may(&reader, "SELECT * FROM app.tomorrow");
        let joe = scene.create("devlead", "joe");
        scene.may(&admin, &format!("SET ROLE {}", joe.name));
        let may_not_use = scene.psql(&format!(
            "SELECT pg_has_role('{}', '{}', 'USAGE')",
            admin.name, joe.name
        ));
        assert_eq!(may_not_use, "f");
    } else {
        // NOINHERIT keeps its own tables from being granted as the maker: that is said.
        assert!(warnings(&outcome).contains(&maker), "{outcome}");
    }
}

fn a_member_of_the_admin_is_named_where_it_cannot_be_covered(scene: &mut Scene) {
    let admin = own(scene);
    let joe = scene
        .area
        .create_role("joe", &format!("LOGIN IN ROLE {}", admin.name));
    let outcome = scene
        .user("readonly", &["-u", &scene.role("analyst")])
        .run();
    created(&outcome);
    assert!(warnings(&outcome).contains(&joe), "{outcome}");
}

fn what_extensions_keep_to_themselves_is_left_to_them(scene: &mut Scene) {
    let admin = own(scene);
    scene.psql(&format!(
        "CREATE SCHEMA of_extension; ALTER EXTENSION plpgsql ADD SCHEMA of_extension;
         CREATE TABLE of_extension.private (id int); ALTER EXTENSION plpgsql ADD TABLE of_extension.private;
         CREATE SCHEMA app AUTHORIZATION {};
         CREATE VIEW app.private AS SELECT 1; ALTER EXTENSION plpgsql ADD VIEW app.private;
         CREATE FUNCTION app.private() RETURNS int LANGUAGE sql AS 'SELECT 1';
         ALTER EXTENSION plpgsql ADD FUNCTION app.private(); REVOKE ALL ON FUNCTION app.private() FROM PUBLIC",
        admin.name
    ));
    scene.may(
        &admin,
        "CREATE TABLE app.\"odd; name\" (id int); CREATE FUNCTION app.own(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1';
         REVOKE ALL ON FUNCTION app.own FROM PUBLIC",
    );
    let reader = scene.create("readonly", "analyst");
    scene.may(&reader, "SELECT * FROM app.\"odd; name\"");
    scene.may_not(&reader, "SELECT app.own(1, 'x')");
    scene.may_not(&reader, "SELECT * FROM app.private");
}

fn a_foreign_table_that_is_reached_already_is_in_nobodys_way(scene: &mut Scene) {
    let admin = own(scene);
    let foreign = make_foreign(scene);
    scene.psql(&format!("CREATE SCHEMA app AUTHORIZATION {}", admin.name));
    scene.create("readonly", "first");
    scene.psql(&format!(
        "CREATE TABLE app.foreign_table (id int); ALTER TABLE app.foreign_table OWNER TO {};
         GRANT SELECT ON app.foreign_table TO {}_readonly",
        foreign.name,
        scene.database()
    ));
    scene.may(
        &admin,
        &format!(
            "CREATE TABLE app.own (id int); REVOKE ALL ON app.own FROM {}_readonly",
            scene.database()
        ),
    );
    let reader = scene.create("readonly", "analyst");
    scene.may(
        &reader,
        "SELECT * FROM app.own; SELECT * FROM app.foreign_table",
    );
}

fn a_makers_table_that_is_reached_already_is_in_nobodys_way(scene: &mut Scene) {
    let admin = own(scene);
    let maker = scene.role("maker");
    scene.may(
        &admin,
        &format!("CREATE ROLE {maker} LOGIN PASSWORD 'made by the admin'; CREATE SCHEMA app; GRANT ALL ON SCHEMA app TO {maker}"),
    );
    let maker = Login {
        name: maker,
        password: "made by the admin".into(),
    };
    scene.may(&maker, "CREATE TABLE app.made (id int)");
    scene.create("readonly", "first");
    scene.may(
        &admin,
        &format!(
            "CREATE TABLE app.own (id int); REVOKE ALL ON app.own FROM {}_readonly",
            scene.database()
        ),
    );
    let reader = scene.create("readonly", "analyst");
    scene.may(&reader, "SELECT * FROM app.own; SELECT * FROM app.made");
    assert_eq!(borrowed_memberships_of(scene, &admin), "");
}

fn a_login_that_may_not_create_roles_is_told_so(scene: &mut Scene) {
    let plain = make_role(scene, "plain", "");
    scene.sandbox.env("PG_ADMIN_USER", &plain.name);
    scene.sandbox.env("PG_ADMIN_PASS", &plain.password);
    for access in ["none", "readonly"] {
        let outcome = scene
            .user("readonly", &["-u", &scene.role("x"), "--access", access])
            .run();
        let error = error(&outcome, 1);
        assert_eq!(error["sqlstate"], "42501");
        assert_eq!(
            error["hint"],
            format!(
                "log in as a role with CREATEROLE: pgrole credential set -e dev -d {} -U ROLE",
                scene.database()
            )
        );
    }
}

fn attributes_that_the_admin_lacks_are_named(scene: &mut Scene) {
    own(scene);
    let boss = scene.role("boss");
    let outcome = scene.user("dba", &["-u", &boss]).run();
    if scene.cluster.server_version_major() < 16 {
        created(&outcome);
        return;
    }
    let error = error(&outcome, 1);
    assert_eq!(error["sqlstate"], "42501");
    let hint = format!(
        "log in as a role with CREATEROLE and CREATEDB: pgrole credential set -e dev -d {} -U ROLE",
        scene.database()
    );
    assert_eq!(error["hint"], hint, "{outcome}");
}

fn a_foreign_role_is_changed_only_where_the_version_lets_it(scene: &mut Scene) {
    let admin = own(scene);
    let foreign = make_role(scene, "foreign", "");
    for verb in ["reset", "search-path"] {
        let change = || scene.user(verb, &["-u", &foreign.name]).run();
        let mut outcome = change();
        if scene.cluster.server_version_major() >= 16 {
            let error = error(&outcome, 1);
            assert_eq!(error["sqlstate"], "42501");
            let grant = format!(
                "GRANT \"{}\" TO \"{}\" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
                foreign.name, admin.name
            );
            let hint = format!("run this once as a role that is allowed to: {grant}");
            assert_eq!(error["hint"], hint, "{outcome}");
            scene.psql(&grant);
            outcome = change();
            scene.psql(&format!("REVOKE {} FROM {}", foreign.name, admin.name));
        }
        outcome.expect_status(0);
    }
}
