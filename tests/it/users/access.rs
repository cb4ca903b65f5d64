//! What the access groups reach, today and tomorrow, with a superuser as the admin credential.

use crate::harness::{Admin, Cluster, Outcome, servers, variable};
use crate::scene::{Login, Scene, created, error, whole_text};

/// Makes a test of each function, once a PostgreSQL version.
macro_rules! on_each_version {
    ($($test:ident)+) => {$(
        mod $test {
            #[test]
            fn on_13() { crate::users::access::on(13, super::$test); }
            #[test]
            fn on_14() { crate::users::access::on(14, super::$test); }
            #[test]
            fn on_15() { crate::users::access::on(15, super::$test); }
            #[test]
            fn on_16() { crate::users::access::on(16, super::$test); }
            #[test]
            fn on_17() { crate::users::access::on(17, super::$test); }
            #[test]
            fn on_18() { crate::users::access::on(18, super::$test); }
        }
    )+};
}
pub(crate) use on_each_version;

/// Runs the test on a server of the version, or notes that it was skipped.
pub fn on(major: u32, test: fn(&mut Scene)) {
    let of_this_run = variable("PGROLE_TEST_PG_MAJOR");
    if of_this_run.is_some_and(|wanted| wanted != major.to_string()) {
        servers::skip(&format!("the run on PostgreSQL {major} has it"));
    } else if let Some(cluster) = Cluster::of_major(major) {
        test(&mut Scene::on(cluster));
    }
}

on_each_version! {
    tables_of_the_databases_owner_are_reached
    tables_of_another_role_that_may_create_are_reached
    tables_of_a_devlead_are_reached_by_groups_made_before
    tables_of_a_devlead_are_reached_by_groups_made_later
    schemas_of_today_and_tomorrow_are_reached
    sequences_are_reached_and_functions_left_alone
    readonly_only_reads_and_readwrite_also_writes
    a_devlead_creates_and_others_do_not
    connect_goes_through_the_group
    everything_is_one_statement_a_schema
    groups_of_databases_with_odd_names_work
    a_foreign_role_of_a_groups_name_is_taken_over_only_when_told
    prepared_groups_are_complete_and_prepared_once
}

/// A scene on a cluster of the same version where no other test makes logins: each superuser, and up to PostgreSQL 14
/// each login, may create tables everywhere, and so leaves something to do.
fn on_a_cluster_of_its_own(scene: &Scene, test: fn(&Scene)) {
    let major = scene.cluster.server_version_major();
    let cluster = Cluster::private_of_major(major, |c| c).expect("the scene's own version is here");
    test(&Scene::on(&cluster));
}

/// A role with a password that pgrole did not make.
pub fn make_role(scene: &Scene, name: &str, attributes: &str) -> Login {
    let password = "password of a test";
    let name = scene
        .area
        .create_role(name, &format!("LOGIN PASSWORD '{password}' {attributes}"));
    Login {
        name,
        password: password.to_owned(),
    }
}

/// One table made before the login and one after it, by the creator: both are read, or the test fails.
#[track_caller]
fn expect_reads_of(scene: &Scene, reader: &Login, tables: &[&str]) {
    for table in tables {
        scene.may(reader, &format!("SELECT * FROM {table}"));
    }
}

fn tables_of_the_databases_owner_are_reached(scene: &mut Scene) {
    let owner = make_role(scene, "owner", "");
    scene.psql(&format!(
        "ALTER DATABASE {} OWNER TO {}; GRANT ALL ON SCHEMA public TO {}",
        scene.database(),
        owner.name,
        owner.name
    ));
    scene.may(&owner, "CREATE TABLE today (id int)");
    let reader = scene.create("readonly", "analyst");
    scene.may(&owner, "CREATE TABLE tomorrow (id int)");
    expect_reads_of(scene, &reader, &["today", "tomorrow"]);
    // The second login comes through a group that is there.
    let second = scene.create("readonly", "second");
    scene.may(&owner, "CREATE TABLE after_that (id int)");
    for reader in [&reader, &second] {
        expect_reads_of(scene, reader, &["today", "tomorrow", "after_that"]);
    }
}

fn tables_of_another_role_that_may_create_are_reached(scene: &mut Scene) {
    let by_name = make_role(scene, "by_name", "");
    let team = scene.area.create_role("team", "NOLOGIN");
    let by_membership = make_role(scene, "by_membership", &format!("IN ROLE {team}"));
    scene.psql(&format!(
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT CREATE ON SCHEMA public TO {}, {team}",
        by_name.name
    ));
    scene.may(&by_name, "CREATE TABLE name_today (id int)");
    scene.may(&by_membership, "CREATE TABLE member_today (id int)");
    let reader = scene.create("readonly", "analyst");
    scene.may(&by_name, "CREATE TABLE name_tomorrow (id int)");
    scene.may(&by_membership, "CREATE TABLE member_tomorrow (id int)");
    scene.psql("CREATE TABLE of_the_superuser (id int)");
    expect_reads_of(
        scene,
        &reader,
        &[
            "name_today",
            "member_today",
            "name_tomorrow",
            "member_tomorrow",
            "of_the_superuser",
        ],
    );
}

fn tables_of_a_devlead_are_reached_by_groups_made_before(scene: &mut Scene) {
    let reader = scene.create("readonly", "analyst");
    let writer = scene.create("devqa", "jane");
    let joe = scene.create("devlead", "joe");
    scene.may(&joe, "CREATE TABLE of_joe (id int)");
    let ann = scene.create("devlead", "ann");
    scene.may(&ann, "CREATE TABLE of_ann (id int)");
    for table in ["of_joe", "of_ann"] {
        scene.may(&reader, &format!("SELECT * FROM {table}"));
        for login in [&writer, &joe, &ann] {
            scene.may(login, &format!("INSERT INTO {table} VALUES (1)"));
        }
    }
}

fn tables_of_a_devlead_are_reached_by_groups_made_later(scene: &mut Scene) {
    let joe = scene.create("devlead", "joe");
    scene.may(&joe, "CREATE TABLE today (id int)");
    let reader = scene.create("readonly", "analyst");
    let writer = scene.create("devqa", "jane");
    scene.may(&joe, "CREATE TABLE tomorrow (id int)");
    for table in ["today", "tomorrow"] {
        scene.may(&reader, &format!("SELECT * FROM {table}"));
        scene.may(&writer, &format!("INSERT INTO {table} VALUES (1)"));
    }
}

fn schemas_of_today_and_tomorrow_are_reached(scene: &mut Scene) {
    scene.psql("CREATE SCHEMA \"second; schema\"; CREATE TABLE \"second; schema\".today (id int)");
    let reader = scene.create("readonly", "analyst");
    let lead = scene.create("devlead", "joe");
    scene.psql(
        "CREATE TABLE \"second; schema\".tomorrow (id int); CREATE SCHEMA third; CREATE TABLE third.tomorrow (id int)",
    );
    expect_reads_of(
        scene,
        &reader,
        &[
            "\"second; schema\".today",
            "\"second; schema\".tomorrow",
            "third.tomorrow",
        ],
    );
    scene.may(
        &lead,
        "CREATE TABLE \"second; schema\".of_joe (id int); CREATE TABLE third.of_joe (id int)",
    );
    expect_reads_of(
        scene,
        &reader,
        &["\"second; schema\".of_joe", "third.of_joe"],
    );
    scene.may_not(&reader, "CREATE TABLE third.mine (id int)");
}

fn sequences_are_reached_and_functions_left_alone(scene: &mut Scene) {
    let make = |suffix: &str| {
        scene.psql(&format!(
            "CREATE SEQUENCE number_{suffix}; SELECT nextval('number_{suffix}');
             CREATE FUNCTION answer_{suffix}() RETURNS int LANGUAGE sql AS 'SELECT 42'"
        ));
    };
    scene.psql("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC");
    make("today");
    let reader = scene.create("readonly", "analyst");
    let writer = scene.create("devqa", "jane");
    make("tomorrow");
    for suffix in ["today", "tomorrow"] {
        for login in [&reader, &writer] {
            scene.may(login, &format!("SELECT last_value FROM number_{suffix}"));
            // PUBLIC's EXECUTE was taken away: it is not given back.
            scene.may_not(login, &format!("SELECT answer_{suffix}()"));
        }
        scene.may_not(&reader, &format!("SELECT nextval('number_{suffix}')"));
        scene.may(&writer, &format!("SELECT nextval('number_{suffix}')"));
        scene.may(&writer, &format!("SELECT setval('number_{suffix}', 5)"));
    }
}

fn readonly_only_reads_and_readwrite_also_writes(scene: &mut Scene) {
    scene.psql(
        "CREATE TABLE t (id int); CREATE VIEW v AS SELECT * FROM t; CREATE MATERIALIZED VIEW m AS SELECT * FROM t;
         CREATE TABLE parted (id int) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF parted DEFAULT",
    );
    let reader = scene.create("readonly", "analyst");
    let writer = scene.create("devqa", "jane");
    expect_reads_of(scene, &reader, &["t", "v", "m", "parted", "part"]);
    expect_reads_of(scene, &writer, &["t", "v", "m", "parted", "part"]);
    for sql in [
        "INSERT INTO t VALUES (1)",
        "UPDATE t SET id = 2",
        "DELETE FROM parted",
    ] {
        scene.may_not(&reader, sql);
        scene.may(&writer, sql);
    }
    for login in [&reader, &writer] {
        scene.may_not(login, "TRUNCATE t");
        let outcome = scene.psql_as(login, "DROP TABLE t");
        outcome
            .expect_status(1)
            .expect_in_stderr("must be owner of table t");
    }
}

fn a_devlead_creates_and_others_do_not(scene: &mut Scene) {
    let outcome = scene
        .user("readonly", &["-u", &scene.role("analyst")])
        .run();
    let reader = created(&outcome);
    let writer = scene.create("devqa", "jane");
    let lead = scene.create("devlead", "joe");
    scene.may(&lead, "CREATE TABLE of_joe (id int)");
    let create = "CREATE TABLE mine (id int)";
    if scene.cluster.server_version_major() >= 15 {
        scene.may_not(&reader, create);
        scene.may_not(&writer, create);
        if Admin::of_this_run() != Admin::Createrole {
            assert!(outcome.json().get("warnings").is_none(), "{outcome}");
        }
    } else {
        let warning = format!(
            "every role may create tables in public of dev/{} (the default for \"public\" up to PostgreSQL 14), and what it creates is not covered; to stop that: REVOKE CREATE ON SCHEMA \"public\" FROM PUBLIC",
            scene.database()
        );
        assert_eq!(outcome.json()["warnings"], serde_json::json!([warning]));
        // What it makes by PUBLIC's right is its own: no default privileges make it undroppable.
        scene.may(&reader, create);
        scene.may_not(&writer, "INSERT INTO mine VALUES (1)");
        let close = "REVOKE CREATE ON SCHEMA public FROM PUBLIC";
        scene.cluster.superuser_psql(scene.database(), close);
        scene.may_not(&reader, "CREATE TABLE mine_too (id int)");
        // Where the admin login may not grant on "public", the lead had CREATE through PUBLIC, too.
        if Admin::of_this_run() == Admin::Superuser {
            scene.may(&lead, "CREATE TABLE of_joe_too (id int)");
        }
    }
}

fn connect_goes_through_the_group(scene: &mut Scene) {
    scene.psql(&format!(
        "REVOKE ALL ON DATABASE {} FROM PUBLIC",
        scene.database()
    ));
    let early = make_role(scene, "early", "");
    let outcome = scene.psql_as(&early, "SELECT 1");
    outcome
        .expect_status(2)
        .expect_in_stderr("permission denied for database");
    for profile in ["readonly", "devqa", "devlead"] {
        scene.may_log_in(&scene.create(profile, &format!("a_{profile}")));
    }
}

fn everything_is_one_statement_a_schema(scene: &mut Scene) {
    let dry_run = |name: &str| -> Vec<String> {
        let outcome = scene
            .user("devqa", &["-u", &scene.role(name), "--dry-run"])
            .run();
        outcome.expect_status(0);
        let rows = outcome.json()["statements"].clone();
        serde_json::from_value(rows).expect("a list of texts")
    };
    scene.psql("CREATE TABLE t0 (id serial)");
    let one = dry_run("x");
    scene.psql("DO $$ BEGIN FOR i IN 1..999 LOOP EXECUTE format('CREATE TABLE t%s (id serial)', i); END LOOP; END $$");
    let thousand = dry_run("x");
    assert_eq!(thousand.len(), one.len());
    let on_tables = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \"public\"";
    for statements in [&one, &thousand] {
        let found = statements.iter().filter(|sql| sql.starts_with(on_tables));
        assert_eq!(found.count(), 1, "{statements:#?}");
    }
    let writer = scene.create("devqa", "jane");
    scene.may(
        &writer,
        "INSERT INTO t0 DEFAULT VALUES; INSERT INTO t999 DEFAULT VALUES",
    );
}

fn groups_of_databases_with_odd_names_work(scene: &mut Scene) {
    on_a_cluster_of_its_own(scene, make_groups_of_odd_names);
}

fn make_groups_of_odd_names(scene: &Scene) {
    let longest = "d".repeat(63);
    let multi_byte = format!("{}a", "ä".repeat(31));
    let prefix = scene.database().to_owned();
    let databases = [
        longest.as_str(),
        &multi_byte,
        "it's a \"database\"; 100%s \\ 🦀",
        "pg_app",
        "-x",
    ];
    for (number, database) in databases.into_iter().enumerate() {
        let quoted = format!("\"{}\"", database.replace('"', "\"\""));
        scene.psql(&format!("CREATE DATABASE {quoted}"));
        scene.cluster.psql(database, "CREATE TABLE today (id int)");
        let role = format!("{prefix}_{number}");
        let run = scene
            .sandbox
            .pgrole(["registry", "add", "-e", "dev", "-H", "127.0.0.1"]);
        run.args([
            "-p",
            &scene.cluster.port().to_string(),
            &format!("--database={database}"),
        ])
        .run()
        .expect_status(0);
        let on = format!("--database={database}");
        let run = scene
            .sandbox
            .pgrole(["user", "readonly", "-e", "dev", "-u", &role, &on]);
        let reader = created(&run.run());
        scene
            .cluster
            .psql(database, "CREATE TABLE tomorrow (id int)");
        for table in ["today", "tomorrow"] {
            let sql = format!("SELECT * FROM {table}");
            let outcome = scene
                .cluster
                .psql_as(&reader.name, &reader.password, database, &sql);
            outcome.expect_status(0);
        }
        // Found again by its mark: nothing is left to do.
        let run = scene.sandbox.pgrole([
            "access", "prepare", "-e", "dev", "--access", "readonly", &on,
        ]);
        let outcome = run.run();
        outcome.expect_status(0);
        assert_eq!(outcome.json()[0]["status"], "unchanged", "{outcome}");
    }
}

fn a_foreign_role_of_a_groups_name_is_taken_over_only_when_told(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let group = scene.area.create_role("readonly", "NOLOGIN");
    scene.psql(&format!("COMMENT ON ROLE {group} IS 'made by hand'"));
    let before = scene.snapshot();
    let role = scene.role("analyst");
    let outcome = scene.user("readonly", &["-u", &role]).run();
    let error = error(&outcome, 6);
    assert!(
        whole_text(&error).contains(&format!(
            "role \"{group}\" has the name of an access group, but not pgrole's comment"
        )),
        "{outcome}"
    );
    assert!(whole_text(&error).contains("--adopt"), "{outcome}");
    assert_eq!(scene.snapshot(), before);
    let reader = created(&scene.user("readonly", &["-u", &role, "--adopt"]).run());
    scene.may(&reader, "SELECT * FROM t");
    let comment = scene.psql(&format!(
        "SELECT shobj_description('{group}'::regrole, 'pg_authid')"
    ));
    assert_eq!(comment, scene.mark("readonly"));
    // From now on it is ours.
    created(&scene.user("readonly", &["-u", &scene.role("second")]).run());
}

fn prepared_groups_are_complete_and_prepared_once(scene: &mut Scene) {
    on_a_cluster_of_its_own(scene, prepare_three_times);
}

fn prepare_three_times(scene: &Scene) {
    scene.psql("CREATE TABLE today (id int)");
    let prepare = || scene.pgrole("access prepare", &[]).run();
    let statuses = |outcome: &Outcome| -> Vec<String> {
        outcome.expect_status(0);
        let rows = outcome.json();
        let rows = rows.as_array().expect("an array").clone();
        let text = |row: &serde_json::Value| {
            format!("{} {}", row["group"], row["status"]).replace('"', "")
        };
        rows.iter().map(text).collect()
    };
    let wanted = |status: &str| -> Vec<String> {
        let name = |level| format!("{}_{level} {status}", scene.database());
        ["readonly", "readwrite", "ddl"].map(name).to_vec()
    };
    let dry_run = scene.pgrole("access prepare", &["--dry-run"]).run();
    assert_eq!(statuses(&dry_run), wanted("unchanged"));
    assert_eq!(
        scene.psql(
            "SELECT count(*) FROM pg_roles WHERE starts_with(rolname, current_database() || '_')"
        ),
        "0"
    );
    assert_eq!(statuses(&prepare()), wanted("prepared"));
    let before = scene.snapshot();
    let again = prepare();
    assert_eq!(statuses(&again), wanted("unchanged"), "{again}");
    assert_eq!(scene.snapshot(), before);
    let admin = make_role(scene, "admin", "CREATEROLE");
    let for_admin = || {
        scene
            .pgrole("access prepare", &["--admin", &admin.name])
            .run()
    };
    assert_eq!(statuses(&for_admin()), wanted("prepared"));
    assert_eq!(statuses(&for_admin()), wanted("unchanged"));
}
