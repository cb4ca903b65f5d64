//! What a group has beyond its level, wherever a server can keep a grant: named, taken back, and restored by the undo.

use serde_json::{Value, json};

use super::check::{check, of_level};
use super::{group, undo};
use crate::harness::skip_unless_superuser;
use crate::scene::Scene;
use crate::users::access::{make_role, on_each_version};

on_each_version! {
    each_excess_is_named_and_prepare_takes_it_back
    what_is_beyond_the_level_of_creators_goes_and_the_level_stays
    what_is_within_the_level_is_no_excess
    a_group_that_joined_another_is_named_and_not_mended
}

/// Everything granted to the group, wherever.
fn grants(scene: &Scene, group: &str) -> String {
    scene.area.superuser_psql(&format!(
        "SELECT classid::regclass, pg_describe_object(classid, objid, objsubid), deptype FROM pg_shdepend
         WHERE refclassid = 'pg_authid'::regclass AND refobjid = '{group}'::regrole ORDER BY 1, 2, 3"
    )) + &scene.area.superuser_psql(&format!(
        "SELECT oid::regclass, a.privilege_type FROM pg_class, aclexplode(relacl) a WHERE a.grantee = '{group}'::regrole
         ORDER BY 1, 2"
    )) + &scene.area.superuser_psql(&format!(
        "SELECT defaclrole::regrole, defaclobjtype, defaclnamespace, a.privilege_type
         FROM pg_default_acl, aclexplode(defaclacl) a WHERE a.grantee = '{group}'::regrole ORDER BY 1, 2, 3, 4"
    ))
}

/// Gives the group `readonly` something of every kind.
fn give_too_much(scene: &Scene, owner: &str) {
    let (group, database) = (group(scene, "readonly"), scene.database());
    scene.psql(&format!(
        "GRANT INSERT, TRUNCATE ON app.t TO {group}; GRANT UPDATE (secret) ON app.t TO {group};
         GRANT UPDATE ON SEQUENCE app.t_id_seq TO {group}; GRANT CREATE ON SCHEMA app TO {group};
         GRANT CREATE, TEMPORARY ON DATABASE {database} TO {group}; GRANT CONNECT ON DATABASE postgres TO {group};
         GRANT SELECT ON pg_catalog.pg_authid TO {group};
         CREATE TYPE app.mood AS ENUM ('good'); GRANT USAGE ON TYPE app.mood TO {group};
         GRANT USAGE ON LANGUAGE plpgsql TO {group};
         CREATE FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO {group};
         CREATE SERVER s FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN SERVER s TO {group};
         SELECT lo_create(4711); GRANT SELECT ON LARGE OBJECT 4711 TO {group};
         CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION app.f() TO {group};
         ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT UPDATE ON TABLES TO {group};
         ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE ON TYPES TO {group}"
    ));
    if scene.cluster.server_version_major() >= 15 {
        scene.psql(&format!("GRANT SET ON PARAMETER log_statement TO {group}"));
    }
}

fn each_excess_is_named_and_prepare_takes_it_back(scene: &mut Scene) {
    if skip_unless_superuser("grants of every kind are a superuser's to give") {
        return;
    }
    let owner = make_role(scene, "owner", "").name;
    let database = scene.database().to_owned();
    scene.psql(&format!(
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE SCHEMA app AUTHORIZATION {owner}; SET ROLE {owner};
         CREATE TABLE app.t (id serial, secret text)"
    ));
    let reader = scene.create("readonly", "r");
    check(scene, 0);
    let group = group(scene, "readonly");
    let before = grants(scene, &group);
    give_too_much(scene, &owner);
    let has_parameters = scene.cluster.server_version_major() >= 15;
    let given = grants(scene, &group);
    let row = check(scene, 7);
    let excess = of_level(&row, "readonly")["excess"].clone();
    assert_eq!(row["gaps"], 0, "{row}");
    assert_eq!(row["excess"], if has_parameters { 16 } else { 15 }, "{row}");
    let superuser = scene.cluster.superuser();
    let grant = |kind: &str, owner: &str, because: &str, privileges: Value, name: &str| {
        json!({"kind": kind, "owner": owner,
        "grantor": owner, "because": because, "privileges": privileges, "count": 1, "names": [name]})
    };
    let listed = excess["grants"].as_array().expect("a list");
    for wanted in [
        grant(
            "tables",
            &owner,
            "level",
            json!(["INSERT", "TRUNCATE"]),
            "app.t",
        ),
        grant(
            "tables",
            &owner,
            "level",
            json!(["UPDATE (secret)"]),
            "app.t",
        ),
        grant(
            "sequences",
            &owner,
            "level",
            json!(["UPDATE"]),
            "app.t_id_seq",
        ),
        grant("schemas", &owner, "level", json!(["CREATE"]), "app"),
        grant(
            "databases",
            superuser,
            "level",
            json!(["CREATE", "TEMPORARY"]),
            &database,
        ),
        grant(
            "databases",
            superuser,
            "kind",
            json!(["CONNECT"]),
            "postgres",
        ),
        grant(
            "tables",
            superuser,
            "system",
            json!(["SELECT"]),
            "pg_authid",
        ),
        grant("types", superuser, "kind", json!(["USAGE"]), "app.mood"),
        grant("languages", superuser, "kind", json!(["USAGE"]), "plpgsql"),
        grant("wrappers", superuser, "kind", json!(["USAGE"]), "w"),
        grant("servers", superuser, "kind", json!(["USAGE"]), "s"),
        grant("largeobjects", superuser, "kind", json!(["SELECT"]), "4711"),
    ] {
        assert!(listed.contains(&wanted), "{row}\nwanted: {wanted}");
    }
    assert_eq!(excess["routines"][0]["routine"], "app.f()", "{row}");
    let default = |kind: &str, privilege: &str| json!({"creator": owner, "schema": null, "kind": kind, "privileges": [privilege]});
    assert_eq!(
        excess["default_privileges"],
        json!([default("types", "USAGE"), default("tables", "UPDATE")]),
        "{row}"
    );
    let shown = scene.pgrole("access check", &["--format", "table"]).run();
    shown.expect_in_stderr(&format!(
        "\"{group}\" has INSERT, TRUNCATE on 1 table of \"{owner}\", beyond its level: app.t\n"
    ));
    let outcome = scene
        .pgrole("access prepare", &["--existing", "--yes"])
        .run();
    outcome.expect_status(0);
    assert_eq!(outcome.json()[0]["left_open"], json!([]), "{outcome}");
    assert_eq!(grants(scene, &group), before);
    check(scene, 0);
    scene.may(&reader, "SELECT * FROM app.t");
    undo(scene, "access prepare");
    assert_eq!(grants(scene, &group), given);
}

fn what_is_beyond_the_level_of_creators_goes_and_the_level_stays(scene: &mut Scene) {
    scene.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE SCHEMA app");
    let reader = scene.create("readonly", "r");
    let group = group(scene, "readonly");
    let admin = crate::harness::Cluster::SUPERUSER;
    scene.psql(&format!(
        "ALTER DEFAULT PRIVILEGES FOR ROLE {admin} GRANT INSERT ON TABLES TO {group}; CREATE TABLE app.t (id int)"
    ));
    let row = check(scene, 7);
    assert_eq!(
        (&row["gaps"], &row["excess"]),
        (&json!(0), &json!(2)),
        "{row}"
    );
    scene.may(&reader, "INSERT INTO app.t VALUES (1)");
    scene
        .pgrole("access prepare", &["--existing"])
        .run()
        .expect_status(0);
    check(scene, 0);
    scene.may_not(&reader, "INSERT INTO app.t VALUES (1)");
    scene.psql("CREATE TABLE app.later (id int)");
    scene.may(&reader, "SELECT * FROM app.later");
    scene.may_not(&reader, "INSERT INTO app.later VALUES (1)");
}

fn what_is_within_the_level_is_no_excess(scene: &mut Scene) {
    scene.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE SCHEMA app; CREATE TABLE app.t (id int, name text)");
    for profile in ["readonly", "devqa", "devlead"] {
        scene.create(profile, &format!("a_{profile}"));
    }
    // A lead shares what it makes with the other leads, as the group.
    let lead = make_role(scene, "lead", "");
    let ddl = group(scene, "ddl");
    let grant = [lead.name.as_str(), "--level", "ddl"];
    scene.pgrole("access grant", &grant).run().expect_status(0);
    scene.psql(&format!(
        "GRANT SELECT (name) ON app.t TO {}; GRANT TEMPORARY ON DATABASE {} TO {}",
        group(scene, "readonly"),
        scene.database(),
        group(scene, "readwrite")
    ));
    scene.may(&lead, &format!("SET ROLE {ddl}; CREATE TABLE app.shared (id int); CREATE FUNCTION app.shared() RETURNS int LANGUAGE sql AS 'SELECT 1'"));
    let row = check(scene, 0);
    assert_eq!(row["excess"], 0, "{row}");
}

fn a_group_that_joined_another_is_named_and_not_mended(scene: &mut Scene) {
    scene.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    scene.create("readonly", "r");
    let group = group(scene, "readonly");
    scene
        .area
        .superuser_psql(&format!("GRANT pg_read_all_settings TO {group}"));
    let row = check(scene, 7);
    let problem = of_level(&row, "readonly")["problem"].to_string();
    assert!(
        problem.contains("it is a member of \\\"pg_read_all_settings\\\""),
        "{row}"
    );
    scene
        .pgrole("access prepare", &["--existing"])
        .run()
        .expect_status(6);
    check(scene, 7);
}
