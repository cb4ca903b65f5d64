//! The creating verbs: names, attributes, limits, marks and groups of each profile; and the second run.

use crate::harness::{Admin, Cluster, Outcome, Sandbox, skip_for};
use crate::scene::{Scene, created, error, wait_until};

/// A login's attributes, mark and groups in one line.
const DESCRIBE: &str = "
    SELECT concat_ws(' ', rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolinherit,
        rolconnlimit, '[' || shobj_description(r.oid, 'pg_authid') || ']',
        (SELECT string_agg(roleid::regrole::text, ' ') FROM pg_auth_members m WHERE m.member = r.oid))
    FROM pg_roles r WHERE rolname = ";

fn describe(scene: &Scene, role: &str) -> String {
    scene.psql(&format!("{DESCRIBE} '{role}'"))
}

/// The whole row that a creating verb prints, with the password hidden.
#[track_caller]
fn expect_row(outcome: &Outcome, username: &str, more: &str) {
    let login = created(outcome);
    let shown = without_default_privileges(&outcome.filtered().stdout);
    let wanted = format!(
        r#"{{
  "username": "{username}",
  "password": "[PASSWORD]",
  "status": "user created",
  "hostname": "127.0.0.1",
  "database": "[DB]",
  "port": "[PORT]",
  "env": "dev",
  {more},
  "audit_anchor": "[ANCHOR]"
}}
"#
    );
    assert_eq!(shown.replace(&login.password, "[PASSWORD]"), wanted);
    outcome.expect_stderr("");
}

/// The row without the roles whose default privileges were touched, which are other ones with each kind of admin login.
fn without_default_privileges(row: &str) -> String {
    let Some((before, rest)) = row.split_once("  \"default_privileges_of\": [") else {
        return row.to_owned();
    };
    let (_, after) = rest.split_once("],\n").expect("the list has an end");
    format!("{before}{after}")
}

/// Up to PostgreSQL 14 everybody may create in "public", of which `user readonly` warns.
fn close_public(scene: &Scene) {
    scene.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
}

#[test]
fn app_creates_a_login_named_after_server_and_port() {
    if skip_for(
        &[Admin::Createrole],
        "a warning names the superuser, whose tables are not covered",
    ) {
        return;
    }
    let scene = Scene::new();
    close_public(&scene);
    let outcome = scene
        .user("app", &["--servername", "web01", "--port", "8080"])
        .run();
    expect_row(
        &outcome,
        "web01_8080",
        "\"profile\": \"app\",\n  \"access\": \"readwrite\",\n  \"connection_limit\": 200,\n  \"valid_until\": null",
    );
    let wanted = format!(
        "t f f f f f t 200 [pgrole: profile=app] {}_readwrite",
        scene.database()
    );
    assert_eq!(describe(&scene, "web01_8080"), wanted);
    scene.may_log_in(&created(&outcome));
}

#[test]
fn k8s_creates_a_login_named_after_prefix_and_farm() {
    if skip_for(
        &[Admin::Createrole],
        "a warning names the superuser, whose tables are not covered",
    ) {
        return;
    }
    let scene = Scene::new();
    close_public(&scene);
    let outcome = scene
        .user("k8s", &["--env-prefix", "dv", "--farmname", "gearservice"])
        .run();
    expect_row(
        &outcome,
        "dv_gearservice",
        "\"profile\": \"k8s\",\n  \"access\": \"readwrite\",\n  \"connection_limit\": 200,\n  \"valid_until\": null",
    );
    let wanted = format!(
        "t f f f f f t 200 [pgrole: profile=k8s] {}_readwrite",
        scene.database()
    );
    assert_eq!(describe(&scene, "dv_gearservice"), wanted);
    scene.may_log_in(&created(&outcome));
}

#[test]
fn people_get_twenty_sessions_and_the_group_of_their_profile() {
    if skip_for(
        &[Admin::Createrole],
        "a warning names the superuser, whose tables are not covered",
    ) {
        return;
    }
    let scene = Scene::new();
    close_public(&scene);
    for (profile, access) in [
        ("devqa", "readwrite"),
        ("devlead", "ddl"),
        ("readonly", "readonly"),
    ] {
        let role = scene.role(&format!("a_{profile}"));
        let outcome = scene.user(profile, &["-u", &role]).run();
        expect_row(
            &outcome,
            &format!("[DB]_a_{profile}"),
            &format!(
                "\"profile\": \"{profile}\",\n  \"access\": \"{access}\",\n  \"connection_limit\": 20,\n  \"valid_until\": null"
            ),
        );
        let wanted = format!(
            "t f f f f f t 20 [pgrole: profile={profile}] {}_{access}",
            scene.database()
        );
        assert_eq!(describe(&scene, &role), wanted);
        scene.may_log_in(&created(&outcome));
    }
}

#[test]
fn a_dba_may_create_roles_and_databases_and_is_in_no_group() {
    let scene = Scene::new();
    let role = scene.role("dba");
    let outcome = scene.user("dba", &["-u", &role]).run();
    let warnings = if scene.cluster.server_version_major() < 16 {
        ",\n  \"warnings\": [\n    \"up to PostgreSQL 15 CREATEROLE reaches nearly everything: \\\"[DB]_dba\\\" can set the password of every role that is not a superuser, and become superuser by granting itself pg_execute_server_program\"\n  ]"
    } else {
        ""
    };
    let created_as = "\"profile\": \"dba\",\n  \"access\": \"none\",\n  \"connection_limit\": null,\n  \"valid_until\": null";
    expect_row(&outcome, "[DB]_dba", &format!("{created_as}{warnings}"));
    assert_eq!(
        describe(&scene, &role),
        "t f t t f f t -1 [pgrole: profile=dba]"
    );
    let dba = created(&outcome);
    scene.may(&dba, &format!("CREATE ROLE {}", scene.role("by_the_dba")));
    scene.may(&dba, &format!("CREATE DATABASE {}", scene.role("db")));
}

#[test]
fn groups_cannot_log_in_and_say_what_they_are_for() {
    let scene = Scene::new();
    scene.create("devlead", "joe");
    let group = format!("{}_ddl", scene.database());
    let wanted = format!("f f f f f f t -1 [{}]", scene.mark("ddl"));
    assert_eq!(describe(&scene, &group), wanted);
}

#[test]
fn flags_override_the_profile() {
    if skip_for(
        &[Admin::Createrole],
        "a warning names the superuser, whose tables are not covered",
    ) {
        return;
    }
    let scene = Scene::new();
    close_public(&scene);
    let role = scene.role("jane");
    let arguments = [
        "-u",
        &role,
        "--access",
        "readonly",
        "--connection-limit",
        "3",
        "--valid-for",
        "90d",
    ];
    let outcome = scene.user("devqa", &arguments).run();
    expect_row(
        &outcome,
        "[DB]_jane",
        "\"profile\": \"devqa\",\n  \"access\": \"readonly\",\n  \"connection_limit\": 3,\n  \"valid_until\": \"[TIME]\"",
    );
    let wanted = format!(
        "t f f f f f t 3 [pgrole: profile=devqa] {}_readonly",
        scene.database()
    );
    assert_eq!(describe(&scene, &role), wanted);
    let said = outcome.json()["valid_until"].clone();
    let until = said.as_str().expect("a text");
    let as_said = scene.psql(&format!(
        "SELECT rolvaliduntil = '{until}', rolvaliduntil BETWEEN now() + interval '89 days 23 hours' AND now() + interval '90 days' \
         FROM pg_roles WHERE rolname = '{role}'"
    ));
    assert_eq!(as_said, "t|t");
}

#[test]
fn a_login_without_access_is_in_no_group_and_none_is_made() {
    let scene = Scene::new();
    let role = scene.role("lonely");
    created(
        &scene
            .user("readonly", &["-u", &role, "--access", "none"])
            .run(),
    );
    assert_eq!(
        describe(&scene, &role),
        "t f f f f f t 20 [pgrole: profile=readonly]"
    );
    let groups = scene.psql("SELECT count(*) FROM pg_roles WHERE NOT rolcanlogin AND starts_with(rolname, current_database())");
    assert_eq!(groups, "0");
}

#[test]
fn the_config_file_adds_profiles() {
    if skip_for(
        &[Admin::Createrole],
        "a warning names the superuser, whose tables are not covered",
    ) {
        return;
    }
    let scene = Scene::new();
    close_public(&scene);
    scene.sandbox.write_config(
        "[profiles.report]\naccess = \"readonly\"\nconnection_limit = 2\ncreatedb = true\nvalid_for = \"12h\"\n",
    );
    let role = scene.role("report");
    let outcome = scene
        .user("create", &["--profile", "report", "-u", &role])
        .run();
    expect_row(
        &outcome,
        "[DB]_report",
        "\"profile\": \"report\",\n  \"access\": \"readonly\",\n  \"connection_limit\": 2,\n  \"valid_until\": \"[TIME]\"",
    );
    let wanted = format!(
        "t f t f f f t 2 [pgrole: profile=report] {}_readonly",
        scene.database()
    );
    assert_eq!(describe(&scene, &role), wanted);
}

#[test]
fn create_knows_the_built_in_profiles_too() {
    let scene = Scene::new();
    let role = scene.role("jane");
    created(
        &scene
            .user("create", &["--profile", "devqa", "-u", &role])
            .run(),
    );
    let wanted = format!(
        "t f f f f f t 20 [pgrole: profile=devqa] {}_readwrite",
        scene.database()
    );
    assert_eq!(describe(&scene, &role), wanted);
}

#[test]
fn an_unknown_profile_is_wrong_usage_and_the_error_lists_those_there_are() {
    let scene = Scene::new();
    let role = scene.role("x");
    let outcome = scene
        .user("create", &["--profile", "reprot", "-u", &role])
        .run();
    let error = error(&outcome, 2);
    assert_eq!(
        error["message"],
        "unknown profile \"reprot\"; known: app, k8s, devqa, devlead, readonly, dba"
    );
    assert_eq!(describe(&scene, &role), "");
}

#[test]
fn the_config_file_changes_a_profile_and_an_environment_changes_it_again() {
    let mut scene = Scene::new();
    let database = scene.database().to_owned();
    scene.sandbox.register(scene.cluster, "qa", &database);
    scene.sandbox.write_config(
        "[profiles.devqa]\nconnection_limit = 7\n[profiles.devqa.env.qa]\naccess = \"readonly\"\n",
    );
    let (in_dev, in_qa) = (scene.role("in_dev"), scene.role("in_qa"));
    created(&scene.user("devqa", &["-u", &in_dev]).run());
    let run = scene.sandbox.pgrole(["user", "devqa", "-e", "qa", "-d"]);
    created(&run.args([&database, "-u", &in_qa]).run());
    assert_eq!(
        describe(&scene, &in_dev),
        format!("t f f f f f t 7 [pgrole: profile=devqa] {database}_readwrite")
    );
    assert_eq!(
        describe(&scene, &in_qa),
        format!("t f f f f f t 7 [pgrole: profile=devqa] {database}_readonly")
    );
}

#[test]
fn an_existing_role_is_left_exactly_as_it_is() {
    let scene = Scene::new();
    scene.create("readonly", "group_maker");
    // By somebody else, with less than the profile would give, and tables that the group does not reach.
    let role = scene
        .area
        .create_role("old", "LOGIN PASSWORD 'old' CONNECTION LIMIT 1");
    scene.psql(&format!(
        "CREATE TABLE private (id int); REVOKE ALL ON private FROM {}_readonly",
        scene.database()
    ));
    let before = scene.snapshot();
    for profile in ["readonly", "devqa", "devlead", "dba"] {
        let outcome = scene
            .user(profile, &["-u", &role, "--connection-limit", "9"])
            .run();
        outcome.expect_status(0).expect_stderr("");
        let row = outcome.json();
        assert_eq!(row["status"], "user already exists", "{outcome}");
        assert_eq!(row["password"], serde_json::Value::Null, "{outcome}");
    }
    assert_eq!(scene.snapshot(), before);
}

#[test]
fn the_second_run_of_every_creating_command_succeeds_on_a_read_only_server() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster);
    scene
        .sandbox
        .write_config("[profiles.report]\naccess = \"readonly\"\n");
    let commands: [(&str, &[&str]); 7] = [
        ("app", &["--servername", "web01", "--port", "8080"]),
        ("k8s", &["--env-prefix", "dv", "--farmname", "gearservice"]),
        ("devqa", &["-u", "jane"]),
        ("devlead", &["-u", "joe"]),
        ("readonly", &["-u", "analyst01"]),
        ("dba", &["-u", "dba_jane"]),
        ("create", &["--profile", "report", "-u", "report_1"]),
    ];
    for (verb, arguments) in commands {
        created(&scene.user(verb, arguments).run());
    }
    scene.make_read_only();
    for (verb, arguments) in commands {
        let outcome = scene.user(verb, arguments).run();
        outcome.expect_status(0).expect_stderr("");
        let row = outcome.json();
        assert_eq!(row["status"], "user already exists", "{outcome}");
        assert!(row["password"].is_null(), "{outcome}");
    }
}

#[test]
fn a_new_login_on_a_read_only_server_is_refused() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster);
    scene.make_read_only();
    for verb in ["readonly", "devqa", "devlead", "dba"] {
        let outcome = scene.user(verb, &["-u", &scene.role("x")]).run();
        let error = error(&outcome, 6);
        assert_eq!(error["sqlstate"], "25006", "{outcome}");
        outcome.expect_stdout("");
    }
    assert_eq!(describe(&scene, &scene.role("x")), "");
}

#[test]
fn a_standby_is_refused_and_the_hint_names_its_primary() {
    if skip_for(&[Admin::Createrole], "it may not read where the primary is") {
        return;
    }
    let primary = Cluster::private(|c| c);
    let area = primary.area();
    let database = area.database();
    let standby = Cluster::standby_of(&primary);
    let mut sandbox = Sandbox::new().with_admin(&standby);
    sandbox.register(&standby, "dev", database);
    wait_until("the database is on the standby", || {
        standby.superuser_psql(
            "postgres",
            &format!("SELECT count(*) FROM pg_database WHERE datname = '{database}'"),
        ) == "1"
            && standby.superuser_psql(
                "postgres",
                "SELECT count(sender_host) FROM pg_stat_wal_receiver",
            ) == "1"
    });
    let on = ["-e", "dev", "-d", database, "-u"];
    let run = |verb: &str, role: &str| {
        let run = sandbox.pgrole(["user", verb]).args(on);
        run.args([role]).run()
    };
    let error = error(&run("readonly", "analyst01"), 6);
    assert_eq!(error["sqlstate"], "25006");
    assert_eq!(
        error["hint"],
        format!(
            "point the registry entry at its primary, 127.0.0.1: pgrole registry update -e dev -d {database} --hostname HOST"
        )
    );
    run("reset", "postgres").expect_status(6);
    // Reading is what standbys are for.
    run("find", "postgres").expect_status(0);
}

#[test]
fn an_access_groups_name_is_no_logins_name() {
    let scene = Scene::new();
    let group = scene.role("readonly");
    for group_exists in [false, true] {
        let outcome = scene.user("readonly", &["-u", &group]).run();
        let error = error(&outcome, 2);
        assert_eq!(
            error["causes"][0],
            format!("\"{group}\" is the name of an access group, which a login must not have")
        );
        assert_eq!(describe(&scene, &group).is_empty(), !group_exists);
        scene.create("readonly", if group_exists { "b" } else { "a" });
    }
}

#[test]
fn verbose_says_where_the_login_came_from_and_what_ran() {
    let scene = Scene::new();
    let role = scene.role("jane");
    let arguments = ["-u", &role, "--access", "none", "-v", "--format", "table"];
    let outcome = scene.user("devqa", &arguments).run();
    outcome.expect_status(0).filtered().expect_stderr(
        "logged in to dev/[DB] as \"postgres\", from environment (PG_ADMIN_USER, PG_ADMIN_PASS)\n\
         CREATE ROLE \"[DB]_jane\" LOGIN CONNECTION LIMIT 20 PASSWORD '<scram verifier>';\n\
         COMMENT ON ROLE \"[DB]_jane\" IS 'pgrole: profile=devqa';\n",
    );
}
