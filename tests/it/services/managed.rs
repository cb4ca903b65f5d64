//! In a stand-in for RDS: `rdsadmin` is the superuser and nobody's to touch, `postgres` is the master user in
//! `rds_superuser`, and `pg_authid` cannot be read.

use std::fs;

use serde_json::Value;

use crate::harness::Cluster;
use crate::scene::{Login, Scene, created, error, whole_text};

macro_rules! on_each_major {
    ($($test:ident)*) => {$(
        mod $test {
            #[test]
            fn on_15() {
                super::run(15, super::$test);
            }

            #[test]
            fn on_18() {
                super::run(18, super::$test);
            }
        }
    )*};
}

on_each_major! {
    each_profile_gives_what_it_says
    whatever_is_done_to_a_login_works
    members_of_rds_iam_keep_to_their_tokens
    the_roles_of_the_service_are_left_alone
    another_member_of_rds_superuser_is_told_which_grant_it_lacks
}

fn run(major: u32, test: impl Fn(&mut Scene<'_>)) {
    if let Some(cluster) = Cluster::managed_of_major(major) {
        let mut scene = Scene::on(&cluster);
        test(&mut scene);
        let log = cluster.log();
        // What is beyond the login is not tried.
        assert!(
            !log.contains("permission denied for table pg_authid"),
            "{log}"
        );
    }
}

fn master(scene: &Scene<'_>) -> Login {
    Login {
        name: Cluster::SUPERUSER.to_owned(),
        password: scene.cluster.password().to_owned(),
    }
}

fn each_profile_gives_what_it_says(scene: &mut Scene<'_>) {
    let master = master(scene);
    scene.may(
        &master,
        "CREATE SCHEMA app; CREATE TABLE app.today (id int); CREATE TABLE public.today (id int)",
    );
    let reader = scene.create("readonly", "analyst");
    let writer = scene.create("devqa", "jane");
    let lead = scene.create("devlead", "joe");
    scene.create("dba", "boss");
    let app = ["--servername", &scene.role("web"), "--port", "8080"];
    let app = created(&scene.user("app", &app).run());
    let k8s = ["--env-prefix", &scene.role("dv"), "--farmname", "gear"];
    let k8s = created(&scene.user("k8s", &k8s).run());
    scene.may(&lead, "CREATE TABLE app.of_joe (id int)");
    scene.may(&master, "CREATE TABLE app.tomorrow (id int)");
    for table in ["app.today", "public.today", "app.of_joe", "app.tomorrow"] {
        scene.may(&reader, &format!("SELECT * FROM {table}"));
        scene.may_not(&reader, &format!("INSERT INTO {table} VALUES (1)"));
        for login in [&writer, &lead, &app, &k8s] {
            scene.may(login, &format!("INSERT INTO {table} VALUES (1)"));
        }
    }
    // No right of the login's outlives the transaction.
    let memberships = scene.psql(
        "SELECT count(*) FROM pg_auth_members m WHERE member = 'postgres'::regrole AND starts_with(roleid::regrole::text, current_database())
         AND NOT coalesce((to_jsonb(m) ->> 'admin_option')::boolean, false)",
    );
    assert_eq!(memberships, "0");
}

fn whatever_is_done_to_a_login_works(scene: &mut Scene<'_>) {
    let jane = scene.create("devqa", "jane");
    let found = scene.user("find", &["-u", &jane.name]).run();
    assert_eq!(found.expect_status(0).json()["profile"], "devqa");
    let listed = scene.user("list", &[]).run();
    assert!(listed.expect_status(0).stdout.contains(&jane.name));
    scene.psql("CREATE SCHEMA app");
    let path = ["-u", &jane.name, "--schema", "app"];
    scene.user("search-path", &path).run().expect_status(0);
    let reset = scene.user("reset", &["-u", &jane.name]).run();
    scene.may_log_in(&crate::scene::login(reset.expect_status(0)));
    let checked = scene.pgrole("credential check", &[]).run();
    checked.expect_status(0);
    scene.pgrole("access prepare", &[]).run().expect_status(0);

    // A delivery that cannot be made at first, and then is.
    let out = scene.sandbox.path().join("out");
    let rotate = ["rotate", "--any-age", "--yes", "--deliver"];
    let deliver = format!(
        "exec:sh -c 'test -d {0} && cat > {0}/password'",
        out.display()
    );
    let rotated = scene.sandbox.pgrole(rotate).args([&deliver]).run();
    rotated.expect_status(8);
    fs::create_dir(&out).expect("the sandbox can be written");
    let recovered = scene.sandbox.pgrole(["recover", "run"]).run();
    recovered.expect_status(0);
    let object = fs::read(out.join("password")).expect("it was delivered");
    let object: Value = serde_json::from_slice(&object).expect("an object");
    scene.may_log_in(&Login {
        name: jane.name,
        password: object["password"].as_str().expect("a password").to_owned(),
    });
}

fn members_of_rds_iam_keep_to_their_tokens(scene: &mut Scene<'_>) {
    let jane = scene.create("devqa", "jane");
    let joe = scene.create("devqa", "joe");
    // By a group of the site's own is enough for the service's pg_hba.conf.
    let group = scene.area.create_role("people", "");
    scene.area.superuser_psql(&format!(
        "GRANT rds_iam TO {group}; GRANT {group} TO {}",
        jane.name
    ));
    let verifiers = "SELECT rolname, rolpassword FROM pg_authid ORDER BY 1";
    let before = scene.area.superuser_psql(verifiers);
    for more in [&[][..], &["--dry-run"]] {
        let refused = scene.user("reset", &["-u", &jane.name]).args(more).run();
        let said = whole_text(&error(&refused, 6));
        let wanted = format!("role \"{}\" is a member of rds_iam", jane.name);
        assert!(said.contains(&wanted), "{refused}");
        assert!(
            said.contains("only tokens from its members, never a password"),
            "{refused}"
        );
        assert!(said.contains("REVOKE rds_iam"), "{refused}");
    }
    assert_eq!(scene.area.superuser_psql(verifiers), before);

    let out = scene.sandbox.path().join("out");
    fs::create_dir(&out).expect("the sandbox can be written");
    let deliver = format!("file:{}/{{username}}", out.display());
    let rotate = ["rotate", "--any-age", "--yes", "--deliver", &deliver];
    let rotated = scene.sandbox.pgrole(rotate).run();
    let rows = rotated.expect_status(0).expect_stderr("").json_lines();
    let row_of = |name: &str| {
        let found = rows.iter().find(|row| row["username"] == name);
        found.unwrap_or_else(|| panic!("{rotated}no row of {name}"))
    };
    assert_eq!(row_of(&jane.name)["status"], "unchanged");
    assert_eq!(row_of(&jane.name)["reason"], "logs in by tokens");
    assert_eq!(row_of(&joe.name)["status"], "password reset");
    let summary = &rows[rows.len() - 1]["summary"];
    for (key, count) in [
        ("due", 2),
        ("rotated", 1),
        ("skipped", 1),
        ("failed", 0),
        ("left", 0),
    ] {
        assert_eq!(summary[key], count, "{rotated}");
    }
    // Cron hears nothing of it.
    let quiet = scene.sandbox.pgrole(rotate).args(["--quiet"]).run();
    quiet.expect_status(0).expect_stdout("").expect_stderr("");

    let forced = scene.user("reset", &["-u", &jane.name, "--force"]).run();
    let warnings = forced.expect_status(0).json()["warnings"].to_string();
    assert!(warnings.contains("is a member of rds_iam"), "{forced}");
}

fn the_roles_of_the_service_are_left_alone(scene: &mut Scene<'_>) {
    for role in ["rdsadmin", "rds_superuser", "rds_iam", "rdsrepladmin"] {
        for verb in ["reset", "search-path"] {
            error(&scene.user(verb, &["-u", role]).run(), 6);
        }
    }
    // By force, the service has the last word.
    let forced = scene.user("reset", &["-u", "rdsadmin", "--force"]).run();
    assert_eq!(error(&forced, 1)["sqlstate"], "42501", "{forced}");
    let password = scene.cluster.password();
    let login = scene.cluster.client_as("rdsadmin", password, "postgres");
    assert!(login.is_ok());
    // Nor is its superuser named among those whose tables are missed.
    let made = scene.user("readonly", &["-u", &scene.role("x")]).run();
    assert!(!made.expect_status(0).stdout.contains("rdsadmin"), "{made}");
}

fn another_member_of_rds_superuser_is_told_which_grant_it_lacks(scene: &mut Scene<'_>) {
    let jane = scene.create("devqa", "jane");
    let attributes = "LOGIN CREATEROLE PASSWORD 'second' IN ROLE rds_superuser";
    let second = scene.area.create_role("second", attributes);
    scene.sandbox.env("PG_ADMIN_USER", &second);
    scene.sandbox.env("PG_ADMIN_PASS", "second");
    let reset = || scene.user("reset", &["-u", &jane.name]).run();
    let mut outcome = reset();
    if scene.cluster.server_version_major() >= 16 {
        let hint = error(&outcome, 1)["hint"].clone();
        let hint = hint.as_str().expect("a hint");
        let (_, grant) = hint.split_once(": ").expect("a hint with a command");
        // The master user may: it made the role.
        scene.may(&master(scene), grant);
        outcome = reset();
    }
    outcome.expect_status(0);
}
