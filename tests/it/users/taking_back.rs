//! What earlier versions gave too much: found, named, taken back, and given back by the undo on record. And what no
//! version may do again: make strangers undroppable.

use serde_json::Value;

use super::access::{make_role, on_each_version};
use crate::harness::{Outcome, skip_unless_superuser};
use crate::scene::{Scene, created, error, whole_text};

on_each_version! {
    strangers_can_be_dropped_after_logins_were_made
    what_an_earlier_version_gave_is_named_before_and_not_after
    a_dry_run_names_each_routine_and_the_line_that_keeps_it_open
    without_a_terminal_nothing_is_closed_that_somebody_may_use
    what_was_taken_back_is_restored_by_the_undo
    a_routine_that_a_profile_names_stays_open
    an_extension_that_comes_later_gives_readers_nothing
    grants_of_others_are_left_and_named
    what_a_group_owns_is_its_own
    routines_of_every_kind_are_taken_back
}

fn group(scene: &Scene) -> String {
    format!("{}_readonly", scene.database())
}

/// A login that makes nothing, and a superuser that owns nothing: the release before set default privileges for both.
fn make_strangers(scene: &Scene) -> [String; 2] {
    let plain = make_role(scene, "plain", "").name;
    let boss = scene.role("boss");
    scene
        .area
        .superuser_psql(&format!("CREATE ROLE {boss} SUPERUSER LOGIN"));
    [plain, boss]
}

fn strangers_can_be_dropped_after_logins_were_made(scene: &mut Scene) {
    let strangers = make_strangers(scene);
    scene.psql("CREATE SCHEMA app; CREATE TABLE app.t (id int)");
    for (profile, name) in [("readonly", "r"), ("devqa", "q"), ("devlead", "l")] {
        scene.create(profile, name);
    }
    for stranger in strangers {
        scene.area.superuser_psql(&format!("DROP ROLE {stranger}"));
    }
}

/// The group `readonly` as the release before made it: the statements are those of its dry run.
fn prepare_as_before(scene: &Scene) -> [String; 2] {
    let strangers = make_strangers(scene);
    let superuser = scene.cluster.superuser();
    let (group, database) = (group(scene), scene.database());
    let [plain, boss] = &strangers;
    scene.area.superuser_psql(&format!(
        "CREATE TABLE t (id int);
         CREATE SCHEMA \"My App\";
         CREATE FUNCTION closed() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
         REVOKE ALL ON FUNCTION closed() FROM PUBLIC;
         CREATE FUNCTION \"My App\".\"Closed; too\"(int, text) RETURNS int LANGUAGE sql AS 'SELECT 2';
         REVOKE ALL ON FUNCTION \"My App\".\"Closed; too\"(int, text) FROM PUBLIC;
         CREATE FUNCTION open() RETURNS int LANGUAGE sql AS 'SELECT 3';
         CREATE SCHEMA of_extension; CREATE TABLE of_extension.private (id int);
         CREATE TABLE member (id int); CREATE FUNCTION member() RETURNS int LANGUAGE sql AS 'SELECT 4';
         REVOKE ALL ON FUNCTION member() FROM PUBLIC;
         ALTER EXTENSION plpgsql ADD SCHEMA of_extension; ALTER EXTENSION plpgsql ADD TABLE member;
         ALTER EXTENSION plpgsql ADD FUNCTION member();
         CREATE ROLE {group} NOLOGIN;
         COMMENT ON ROLE {group} IS 'pgrole: access=readonly database={database}';
         GRANT CONNECT ON DATABASE {database} TO {group};
         GRANT USAGE ON SCHEMA public, \"My App\", of_extension TO {group};
         GRANT SELECT ON ALL TABLES IN SCHEMA public, \"My App\", of_extension TO {group};
         GRANT SELECT ON ALL SEQUENCES IN SCHEMA public, \"My App\", of_extension TO {group};
         GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public, \"My App\", of_extension TO {group};
         ALTER DEFAULT PRIVILEGES FOR ROLE {boss}, {superuser}, {plain} GRANT SELECT ON TABLES TO {group};
         ALTER DEFAULT PRIVILEGES FOR ROLE {boss}, {superuser}, {plain} GRANT SELECT ON SEQUENCES TO {group};
         ALTER DEFAULT PRIVILEGES FOR ROLE {boss}, {superuser}, {plain} GRANT EXECUTE ON FUNCTIONS TO {group};
         ALTER DEFAULT PRIVILEGES FOR ROLE {boss}, {superuser}, {plain} GRANT USAGE ON SCHEMAS TO {group}"
    ));
    strangers
}

/// `EXECUTE on 4 routines, 3 of them closed to PUBLIC; …`, as it is counted in `prepare_as_before`.
const COUNTED: &str = "EXECUTE on 4 routines, 3 of them closed to PUBLIC; 3 grants on objects of extensions; default \
    privileges of 3 roles";

fn is_for_others(scene: &Scene) -> bool {
    let is_for_others = skip_unless_superuser("the release before ran as a superuser");
    if !is_for_others {
        scene.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    }
    is_for_others
}

fn sentence(scene: &Scene) -> String {
    format!(
        "access group \"{}\" has more than its level grants: {COUNTED}; to revoke it: pgrole access prepare -e dev -d {}",
        group(scene),
        scene.database()
    )
}

fn doctor(scene: &Scene) -> String {
    scene.sandbox.pgrole(["doctor"]).run().stdout
}

fn what_an_earlier_version_gave_is_named_before_and_not_after(scene: &mut Scene) {
    if is_for_others(scene) {
        return;
    }
    let strangers = prepare_as_before(scene);
    let sentence = sentence(scene);
    let creating = scene
        .user("readonly", &["-u", &scene.role("analyst")])
        .run();
    let reader = created(&creating);
    assert_eq!(
        creating.json()["warnings"],
        serde_json::json!([sentence]),
        "{creating}"
    );
    // A login that is there is told the same.
    let again = scene.user("readonly", &["-u", &reader.name]).run();
    assert_eq!(
        again.json()["warnings"],
        serde_json::json!([sentence]),
        "{again}"
    );
    let check = scene.pgrole("registry check", &[]).run();
    let start = "has more than its level grants: EXECUTE on ";
    let warnings = check.json()[0]["warnings"].to_string();
    assert!(warnings.contains(start), "{check}");
    assert!(doctor(scene).contains(start));
    scene.may(&reader, "SELECT closed()");
    scene.may(&reader, "SELECT * FROM member");
    let error = scene.psql_as(
        &crate::scene::Login {
            name: scene.cluster.superuser().to_owned(),
            password: scene.cluster.password().to_owned(),
        },
        &format!("DROP ROLE {}", strangers[0]),
    );
    error.expect_status(1);

    let outcome = scene.pgrole("access prepare", &["--yes"]).run();
    outcome.expect_status(0);
    assert_eq!(
        outcome.json()[0]["left_open"],
        serde_json::json!([]),
        "{outcome}"
    );
    scene.may(&reader, "SELECT * FROM t; SELECT open()");
    for closed in [
        "SELECT closed()",
        "SELECT \"My App\".\"Closed; too\"(1, '')",
        "SELECT * FROM member",
        "SELECT member()",
        "SELECT * FROM of_extension.private",
    ] {
        scene.may_not(&reader, closed);
    }
    for stranger in strangers {
        scene.area.superuser_psql(&format!("DROP ROLE {stranger}"));
    }
    let again = scene.pgrole("access prepare", &[]).run();
    again.expect_status(0);
    for row in again.json().as_array().expect("an array") {
        assert_eq!(row["status"], "unchanged", "{again}");
    }
    let check = scene.pgrole("registry check", &[]).run();
    assert_eq!(
        check.json()[0]["warnings"],
        serde_json::json!([]),
        "{check}"
    );
    assert!(!doctor(scene).contains("more than its level grants"));
    let second = scene.user("readonly", &["-u", &scene.role("second")]).run();
    created(&second);
    assert_eq!(second.json()["warnings"], Value::Null, "{second}");
}

fn a_dry_run_names_each_routine_and_the_line_that_keeps_it_open(scene: &mut Scene) {
    if is_for_others(scene) {
        return;
    }
    prepare_as_before(scene);
    let group = group(scene);
    let before = scene.snapshot();
    let arguments = ["--access", "readonly", "--dry-run"];
    let outcome = scene.pgrole("access prepare", &arguments).run();
    outcome.expect_status(0);
    let row = outcome.json()[0].clone();
    let closed = |routine: &str, keep: Value, public| serde_json::json!({"routine": routine, "group": group, "keep": keep, "public": public});
    let in_profile = "   # in a profile with access = \"readonly\"";
    assert_eq!(
        row["closed"],
        serde_json::json!([
            closed(
                "\"My App\".\"Closed; too\"(integer,text)",
                format!(
                    "execute = [\"\\\"My App\\\".\\\"Closed; too\\\"(integer,text)\"]{in_profile}"
                )
                .into(),
                false
            ),
            closed(
                "public.closed()",
                format!("execute = [\"public.closed()\"]{in_profile}").into(),
                false
            ),
            closed("public.member()", Value::Null, false),
            closed(
                "public.open()",
                format!("execute = [\"public.open()\"]{in_profile}").into(),
                true
            ),
        ]),
        "{outcome}"
    );
    // Those whose default privileges are taken back, or set.
    let mut named = [
        scene.role("boss"),
        scene.role("plain"),
        scene.cluster.superuser().to_owned(),
    ];
    named.sort();
    assert_eq!(
        row["default_privileges_of"],
        serde_json::json!(named),
        "{outcome}"
    );
    // For people: what somebody loses, line by line; what nobody loses, counted.
    let run = scene.pgrole("access prepare", &arguments);
    let shown = run.args(["--format", "table"]).run();
    shown
        .expect_status(0)
        .expect_in_stderr(&format!(
            "\"{group}\" loses EXECUTE on public.closed(); to keep it: execute = [\"public.closed()\"]{in_profile}\n"
        ))
        .expect_in_stderr(&format!(
            "\"{group}\" loses EXECUTE on public.member(), a member of an extension\n"
        ))
        .expect_in_stderr(&format!(
            "\"{group}\" loses its own EXECUTE on 1 routine, which PUBLIC may execute anyway\n"
        ));
    assert!(!shown.stderr.contains("public.open()"), "{shown}");
    assert_eq!(scene.snapshot(), before);
}

fn without_a_terminal_nothing_is_closed_that_somebody_may_use(scene: &mut Scene) {
    if is_for_others(scene) {
        return;
    }
    prepare_as_before(scene);
    let before = scene.snapshot();
    let outcome = scene.pgrole("access prepare", &[]).run();
    let said = whole_text(&error(&outcome, 6));
    for wanted in [
        "EXECUTE on 3 routines that PUBLIC may not execute would be revoked",
        "there is no terminal to ask on",
        "execute = [\"public.closed()\"]",
        "--yes",
    ] {
        assert!(said.contains(wanted), "{outcome}wanted: {wanted}");
    }
    assert_eq!(scene.snapshot(), before);
    // On a terminal it is asked, and no is no.
    let run = scene.pgrole("access prepare", &[]);
    let mut terminal = run.in_terminal(200);
    terminal.expect("EXECUTE on 3 routines that PUBLIC may not execute would be revoked");
    terminal.send_line("n");
    let (_, status) = terminal.wait_status();
    assert_eq!(status, Some(6));
    assert_eq!(scene.snapshot(), before);
    // What only PUBLIC's own right covers cuts nobody off, and is not asked about.
    scene.area.superuser_psql(
        "GRANT EXECUTE ON ROUTINE closed(), member(), \"My App\".\"Closed; too\"(int, text) TO PUBLIC",
    );
    scene.pgrole("access prepare", &[]).run().expect_status(0);
}

/// The SQL that undoes the newest `access prepare`.
fn undo(scene: &Scene) -> String {
    let run = scene
        .sandbox
        .pgrole(["audit", "list", "--operation", "access prepare"]);
    let outcome = run.run();
    outcome.expect_status(0);
    let events = outcome.json();
    let events = events.as_array().expect("an array");
    let prepared = events
        .iter()
        .find(|event| event["status"] == "access prepared");
    let id = prepared.unwrap_or_else(|| panic!("{outcome}no access prepared"))["id"].to_string();
    let shown = scene
        .sandbox
        .pgrole(["audit", "show", id.trim_matches('"')])
        .run();
    shown.expect_status(0);
    let statements: Vec<String> =
        serde_json::from_value(shown.json()["undo"].clone()).expect("a list of texts");
    statements.join(";\n")
}

/// All privileges of the group, in the database and by default.
fn privileges_of(scene: &Scene) -> String {
    let group = group(scene);
    scene.area.superuser_psql(&format!(
        "SELECT 'routine', oid::regprocedure::text FROM pg_proc, aclexplode(proacl) a WHERE a.grantee = '{group}'::regrole UNION ALL
         SELECT 'relation', oid::regclass::text || ' ' || a.privilege_type FROM pg_class, aclexplode(relacl) a
             WHERE a.grantee = '{group}'::regrole UNION ALL
         SELECT 'schema', nspname FROM pg_namespace, aclexplode(nspacl) a WHERE a.grantee = '{group}'::regrole UNION ALL
         SELECT 'default', concat_ws(' ', defaclrole::regrole, defaclnamespace, defaclobjtype, a.privilege_type)
             FROM pg_default_acl, aclexplode(defaclacl) a WHERE a.grantee = '{group}'::regrole
         ORDER BY 1, 2"
    ))
}

fn what_was_taken_back_is_restored_by_the_undo(scene: &mut Scene) {
    if is_for_others(scene) {
        return;
    }
    prepare_as_before(scene);
    let before = privileges_of(scene);
    let arguments = ["--access", "readonly", "--yes"];
    scene
        .pgrole("access prepare", &arguments)
        .run()
        .expect_status(0);
    assert_ne!(privileges_of(scene), before);
    let undo = undo(scene);
    scene.area.superuser_psql(&undo);
    assert_eq!(privileges_of(scene), before, "{undo}");
}

fn a_routine_that_a_profile_names_stays_open(scene: &mut Scene) {
    if is_for_others(scene) {
        return;
    }
    prepare_as_before(scene);
    scene.sandbox.write_config(
        "[profiles.readonly]\nexecute = [\"public.closed()\", \"\\\"My App\\\".\\\"Closed; too\\\"(integer,text)\"]\n",
    );
    let arguments = ["--access", "readonly", "--yes"];
    let outcome = scene.pgrole("access prepare", &arguments).run();
    outcome.expect_status(0);
    assert_eq!(
        outcome.json()[0]["closed"].as_array().map(Vec::len),
        Some(2),
        "{outcome}"
    );
    let reader = scene.create("readonly", "analyst");
    scene.may(
        &reader,
        "SELECT closed(); SELECT \"My App\".\"Closed; too\"(1, '')",
    );
    scene.may_not(&reader, "SELECT member()");
    // Taken out of the profile it is closed by the next.
    scene
        .sandbox
        .write_config("[profiles.readonly]\nexecute = [\"public.closed()\"]\n");
    let outcome = scene.pgrole("access prepare", &arguments).run();
    outcome.expect_status(0);
    scene.may(&reader, "SELECT closed()");
    scene.may_not(&reader, "SELECT \"My App\".\"Closed; too\"(1, '')");
}

fn an_extension_that_comes_later_gives_readers_nothing(scene: &mut Scene) {
    let reader = scene.create("readonly", "analyst");
    let there_is = scene.area.superuser_psql(
        "SELECT count(*) FROM pg_available_extensions WHERE name IN ('dblink', 'pg_stat_statements')",
    );
    if there_is != "2" {
        return;
    }
    scene
        .area
        .superuser_psql("CREATE EXTENSION dblink; CREATE EXTENSION pg_stat_statements");
    for closed in [
        "SELECT dblink_connect_u('dbname=postgres')",
        "SELECT pg_stat_statements_reset()",
    ] {
        scene.may_not(&reader, closed);
    }
    // Neither by a second login, nor by what prepares.
    for (profile, name) in [("readonly", "second"), ("devlead", "joe")] {
        let login = scene.create(profile, name);
        scene.may_not(&login, "SELECT dblink_connect_u('dbname=postgres')");
    }
    scene.pgrole("access prepare", &[]).run().expect_status(0);
    scene.may_not(&reader, "SELECT dblink_connect_u('dbname=postgres')");
    assert_eq!(privileges_on_members(scene), "0");
}

fn privileges_on_members(scene: &Scene) -> String {
    scene.area.superuser_psql(&format!(
        "SELECT count(*) FROM (
             SELECT oid, proacl AS acl FROM pg_proc UNION ALL SELECT oid, relacl FROM pg_class) o, aclexplode(o.acl) a
         JOIN pg_roles g ON g.oid = a.grantee AND g.rolname ~ '^{}_(readonly|readwrite|ddl)$'
         WHERE o.oid IN (SELECT objid FROM pg_depend WHERE deptype = 'e')",
        scene.database()
    ))
}

fn grants_of_others_are_left_and_named(scene: &mut Scene) {
    let admin = make_role(scene, "admin", "CREATEROLE");
    scene.psql(&format!(
        "ALTER DATABASE {} OWNER TO {}",
        scene.database(),
        admin.name
    ));
    scene.sandbox.env("PG_ADMIN_USER", &admin.name);
    scene.sandbox.env("PG_ADMIN_PASS", &admin.password);
    scene.may(
        &admin,
        "CREATE SCHEMA app; CREATE FUNCTION app.own() RETURNS int LANGUAGE sql AS 'SELECT 1';
         REVOKE ALL ON FUNCTION app.own() FROM PUBLIC",
    );
    let reader = scene.create("readonly", "analyst");
    let group = group(scene);
    let superuser = scene.cluster.superuser();
    scene.may(
        &admin,
        &format!("GRANT EXECUTE ON FUNCTION app.own() TO {group}"),
    );
    scene.area.superuser_psql(&format!(
        "CREATE FUNCTION app.of_the_superuser() RETURNS int LANGUAGE sql AS 'SELECT 1';
         REVOKE ALL ON FUNCTION app.of_the_superuser() FROM PUBLIC;
         GRANT EXECUTE ON FUNCTION app.of_the_superuser() TO {group};
         ALTER DEFAULT PRIVILEGES FOR ROLE {superuser} GRANT EXECUTE ON FUNCTIONS TO {group}"
    ));
    let prepare = || {
        scene
            .pgrole("access prepare", &["--access", "readonly", "--yes"])
            .run()
    };
    let outcome = prepare();
    outcome.expect_status(0);
    let row = outcome.json()[0].clone();
    assert_eq!(
        row["left_open"],
        serde_json::json!([
            format!("EXECUTE on app.of_the_superuser(), which only \"{superuser}\" can revoke"),
            format!("default privileges on routines, which only \"{superuser}\" can revoke"),
        ]),
        "{outcome}"
    );
    scene.may_not(&reader, "SELECT app.own()");
    scene.may(&reader, "SELECT app.of_the_superuser()");
    // Nothing more can be done: it says so again, and changes nothing.
    let again: Outcome = prepare();
    again.expect_status(0);
    assert_eq!(again.json()[0]["status"], "unchanged", "{again}");
    assert_eq!(again.json()[0]["left_open"], row["left_open"], "{again}");
}

fn what_a_group_owns_is_its_own(scene: &mut Scene) {
    scene.psql("CREATE SCHEMA app");
    let lead = scene.create("devlead", "joe");
    let ddl = format!("{}_ddl", scene.database());
    scene.may(
        &lead,
        &format!(
            "SET ROLE {ddl}; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
             CREATE FUNCTION app.shared() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE app.shared (id int)"
        ),
    );
    let second = scene.user("devlead", &["-u", &scene.role("ann")]).run();
    created(&second);
    let said = second.json()["warnings"].to_string();
    assert!(!said.contains("more than its level"), "{second}");
    let outcome = scene.pgrole("access prepare", &["--access", "ddl"]).run();
    outcome.expect_status(0);
    assert_eq!(
        outcome.json()[0]["closed"],
        serde_json::json!([]),
        "{outcome}"
    );
    let again = scene.pgrole("access prepare", &["--access", "ddl"]).run();
    assert_eq!(again.json()[0]["status"], "unchanged", "{again}");
    scene.may(&lead, "SELECT app.shared()");
    scene.may(
        &lead,
        &format!(
            "SET ROLE {ddl}; CREATE FUNCTION app.later() RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT app.later()"
        ),
    );
}

fn routines_of_every_kind_are_taken_back(scene: &mut Scene) {
    scene
        .area
        .superuser_psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    scene.psql(
        "CREATE SCHEMA app;
         CREATE PROCEDURE app.with_out(a int, INOUT b int) LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION app.variadic(VARIADIC text[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION app.with_default(a int DEFAULT 1, OUT b int) LANGUAGE sql AS 'SELECT 1';
         CREATE TYPE app.\"Odd type\" AS (a int);
         CREATE FUNCTION app.of_type(app.\"Odd type\"[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE AGGREGATE app.summed(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');",
    );
    // Its state is of a type that only superusers may use.
    scene.area.superuser_psql(
        "CREATE AGGREGATE app.ordered(double precision ORDER BY anyelement) (
             SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
         ALTER AGGREGATE app.ordered(double precision ORDER BY anyelement) OWNER TO postgres",
    );
    scene.psql("REVOKE ALL ON ALL ROUTINES IN SCHEMA app FROM PUBLIC");
    let reader = scene.create("readonly", "analyst");
    let group = group(scene);
    scene.psql(&format!(
        "GRANT EXECUTE ON ALL ROUTINES IN SCHEMA app TO {group}"
    ));
    let arguments = ["--access", "readonly", "--yes"];
    let outcome = scene.pgrole("access prepare", &arguments).run();
    outcome.expect_status(0);
    let closed = outcome.json()[0]["closed"].clone();
    let closed = closed.as_array().expect("an array");
    assert_eq!(closed.len(), 6, "{outcome}");
    scene.may_not(&reader, "SELECT app.summed(1)");
    // Each of the lines that keep a routine open does.
    let names: Vec<_> = closed
        .iter()
        .map(|closed| closed["routine"].clone())
        .collect();
    scene.sandbox.write_config(&format!(
        "[profiles.readonly]\nexecute = {}\n",
        Value::from(names)
    ));
    let outcome = scene.pgrole("access prepare", &arguments).run();
    outcome.expect_status(0);
    assert_eq!(
        outcome.json()[0]["warnings"],
        serde_json::json!([]),
        "{outcome}"
    );
    scene.may(
        &reader,
        "SELECT app.summed(1); SELECT app.variadic('x'); CALL app.with_out(1, 2)",
    );
    let again = scene.pgrole("access prepare", &arguments).run();
    assert_eq!(again.json()[0]["status"], "unchanged", "{again}");
}
