//! A change that the server refuses names the statement, and its hint is the remedy that `explain` has: run, it lets the
//! change happen. What is missing is taken away after pgrole has read that it is there.

use std::thread;
use std::time::{Duration, Instant};

use crate::harness::proxy::{Plan, Proxy};
use crate::harness::{Outcome, skip_unless_superuser};
use crate::scene::{Scene, error, wait_until, whole_text};
use crate::users::access::{make_role, on_each_version};

on_each_version! {
    a_schema_that_another_got_meanwhile
    a_group_that_may_not_be_granted_any_more
    an_owner_that_may_not_be_acted_for_any_more
    what_an_event_trigger_refuses_is_no_missing_right
    a_role_that_may_not_be_changed
    a_question_that_is_not_answered_is_not_waited_for
}

const RUN_ONCE: &str = "run this once as a role that is allowed to: ";

/// The database's owner with CREATEROLE becomes the admin credential.
fn as_owner(scene: &mut Scene<'_>) -> String {
    let admin = make_role(scene, "admin", "CREATEROLE");
    scene.area.superuser_psql(&format!(
        "ALTER DATABASE {database} OWNER TO {admin}; CREATE SCHEMA app AUTHORIZATION {admin}",
        database = scene.database(),
        admin = admin.name
    ));
    scene.sandbox.env("PG_ADMIN_USER", &admin.name);
    scene.sandbox.env("PG_ADMIN_PASS", &admin.password);
    admin.name
}

fn waits(scene: &Scene<'_>) -> bool {
    let waiting = scene.psql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
         AND application_name LIKE 'pgrole%' AND wait_event_type = 'Lock'",
    );
    waiting == "1"
}

/// Runs a command that is to create the role `awaited`; once it waits for that, `meanwhile` happens.
fn overtaken(
    scene: &Scene<'_>,
    awaited: &str,
    run: &(dyn Fn() -> Outcome + Sync),
    meanwhile: &str,
) -> Outcome {
    let mut other = scene.area.superuser_client();
    let create = format!("BEGIN; CREATE ROLE \"{awaited}\"");
    other.batch_execute(&create).expect("a superuser may");
    thread::scope(|scope| {
        let running = scope.spawn(run);
        let mut is_waiting = false;
        wait_until("pgrole waits", || {
            is_waiting = waits(scene);
            is_waiting || running.is_finished()
        });
        if !is_waiting {
            return running.join().expect("it ends");
        }
        scene.area.superuser_psql(meanwhile);
        other.batch_execute("ROLLBACK").expect("it is open");
        running.join().expect("it ends")
    })
}

/// The statement that failed, and the one that mends it.
#[track_caller]
fn said(outcome: &Outcome) -> (String, Option<String>) {
    let failed = error(outcome, 1);
    assert_eq!(failed["sqlstate"], "42501", "{outcome}");
    let text = whole_text(&failed);
    let (_, statement) = text.split_once("in: ").unwrap_or_else(|| panic!("{text}"));
    let hint = failed["hint"].as_str().expect("there is one");
    let remedy = hint.strip_prefix(RUN_ONCE);
    (statement.to_owned(), remedy.map(str::to_owned))
}

fn a_schema_that_another_got_meanwhile(scene: &mut Scene<'_>) {
    if skip_unless_superuser("it makes its admin itself") {
        return;
    }
    let admin = as_owner(scene);
    let jane = scene.role("jane");
    let create = || scene.user("readonly", &["-u", &jane]).run();
    let group = format!("{}_readonly", scene.database());
    let other = scene.area.create_role("other", "NOLOGIN");
    let meanwhile = format!("ALTER SCHEMA app OWNER TO {other}");
    let before = scene.snapshot();
    let (statement, remedy) = said(&overtaken(scene, &group, &create, &meanwhile));
    assert!(
        statement.starts_with("GRANT USAGE ON SCHEMA \"app\" TO"),
        "{statement}"
    );
    assert_eq!(
        remedy.as_deref(),
        Some(format!("GRANT USAGE ON SCHEMA app TO {admin} WITH GRANT OPTION").as_str())
    );
    // Nothing of it stays but what others did.
    scene
        .area
        .superuser_psql(&format!("ALTER SCHEMA app OWNER TO {admin}"));
    assert_eq!(scene.snapshot(), before);
    scene
        .area
        .superuser_psql(&format!("{meanwhile}; {}", remedy.expect("one")));
    create().expect_status(0);
}

fn a_group_that_may_not_be_granted_any_more(scene: &mut Scene<'_>) {
    if skip_unless_superuser("it makes its admin itself") {
        return;
    }
    let admin = as_owner(scene);
    scene
        .pgrole("access prepare", &["--level", "readonly"])
        .run()
        .expect_status(0);
    let jane = scene.role("jane");
    let create = || scene.user("readonly", &["-u", &jane]).run();
    let group = format!("{}_readonly", scene.database());
    let is_by_membership = scene.cluster.server_version_major() >= 16;
    let meanwhile = if is_by_membership {
        format!("REVOKE {group} FROM {admin} CASCADE")
    } else {
        format!("ALTER ROLE {admin} NOCREATEROLE")
    };
    let (statement, remedy) = said(&overtaken(scene, &jane, &create, &meanwhile));
    let (begins, wanted) = if is_by_membership {
        (
            format!("GRANT \"{group}\" TO \"{jane}\""),
            format!("GRANT \"{group}\" TO \"{admin}\" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"),
        )
    } else {
        (
            "COMMENT ON ROLE".to_owned(),
            format!("ALTER ROLE \"{admin}\" CREATEROLE"),
        )
    };
    assert!(statement.starts_with(&begins), "{statement}");
    assert_eq!(remedy.as_deref(), Some(wanted.as_str()));
    scene.area.superuser_psql(&wanted);
    create().expect_status(0);
}

fn an_owner_that_may_not_be_acted_for_any_more(scene: &mut Scene<'_>) {
    if skip_unless_superuser("it makes its admin itself") {
        return;
    }
    let admin = as_owner(scene);
    let owner = scene.area.create_role("owner", "NOLOGIN");
    scene.area.superuser_psql(&format!(
        "GRANT CREATE ON SCHEMA app TO {owner}; GRANT {owner} TO {admin}"
    ));
    let jane = scene.role("jane");
    let create = || scene.user("readonly", &["-u", &jane]).run();
    let group = format!("{}_readonly", scene.database());
    let meanwhile = format!("REVOKE {owner} FROM {admin}");
    let (statement, remedy) = said(&overtaken(scene, &group, &create, &meanwhile));
    assert!(
        statement.starts_with("ALTER DEFAULT PRIVILEGES FOR ROLE"),
        "{statement}"
    );
    let remedy = remedy.expect("there is one");
    assert!(
        remedy.starts_with(&format!("GRANT {owner} TO {admin}")),
        "{remedy}"
    );
    // With what is told, the very same transaction goes on.
    let again = overtaken(scene, &group, &create, &format!("{meanwhile}; {remedy}"));
    again.expect_status(0);
}

fn what_an_event_trigger_refuses_is_no_missing_right(scene: &mut Scene<'_>) {
    // Of the admin's own: before 15 nobody but a superuser grants on "public".
    scene.psql("CREATE SCHEMA app");
    scene.area.superuser_psql(
        "CREATE FUNCTION deny() RETURNS event_trigger LANGUAGE plpgsql AS
            'BEGIN RAISE insufficient_privilege USING MESSAGE = ''no grants here''; END';
         CREATE EVENT TRIGGER deny ON ddl_command_start WHEN TAG IN ('GRANT') EXECUTE FUNCTION deny()",
    );
    let jane = scene.role("jane");
    let outcome = scene.user("readonly", &["-u", &jane]).run();
    let (statement, remedy) = said(&outcome);
    assert!(
        statement.starts_with("GRANT USAGE ON SCHEMA"),
        "{statement}"
    );
    assert_eq!(remedy, None);
    let text = whole_text(&error(&outcome, 1));
    assert!(text.contains("event triggers, in psql: \\dy"), "{text}");
}

fn a_role_that_may_not_be_changed(scene: &mut Scene<'_>) {
    if skip_unless_superuser("it makes its admin itself")
        || scene.cluster.server_version_major() < 16
    {
        return;
    }
    let admin = as_owner(scene);
    let stranger = scene.area.create_role("stranger", "LOGIN");
    let renamed = scene.role("renamed");
    let commands: [(&str, Vec<&str>); 4] = [
        ("user search-path", vec!["-u", &stranger, "--schema", "app"]),
        ("user set", vec!["-u", &stranger, "--connection-limit", "3"]),
        ("user lock", vec!["-u", &stranger]),
        (
            "user rename",
            vec!["-u", &stranger, "--to", &renamed, "--keep-password"],
        ),
    ];
    for (command, arguments) in commands {
        let outcome = scene.pgrole(command, &arguments).run();
        let (statement, remedy) = said(&outcome);
        assert!(statement.starts_with("ALTER ROLE"), "{statement}");
        let wanted = format!(
            "GRANT \"{stranger}\" TO \"{admin}\" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"
        );
        assert_eq!(remedy.as_deref(), Some(wanted.as_str()), "{outcome}");
    }
}

fn a_question_that_is_not_answered_is_not_waited_for(scene: &mut Scene<'_>) {
    if skip_unless_superuser("it makes its admin itself") {
        return;
    }
    as_owner(scene);
    let proxy = Proxy::before(scene.cluster);
    let database = scene.database().to_owned();
    scene
        .sandbox
        .register_on_port(proxy.port(), "qa", &database);
    let jane = scene.role("jane");
    let group = format!("{database}_readonly");
    let create = || {
        let arguments = [
            "user",
            "readonly",
            "-e",
            "qa",
            "-d",
            &database,
            "-u",
            &jane,
            "--timeout",
            "5",
        ];
        scene.sandbox.pgrole(arguments).run()
    };
    let other = scene.area.create_role("other", "NOLOGIN");
    let question = b"'acts_as'".to_vec();
    for plan in [
        Plan::CutBefore(question.clone()),
        Plan::BlackHoleBefore(question),
    ] {
        proxy.once(plan);
        let started = Instant::now();
        let meanwhile = format!("ALTER SCHEMA app OWNER TO {other}");
        let (statement, remedy) = said(&overtaken(scene, &group, &create, &meanwhile));
        assert!(
            statement.starts_with("GRANT USAGE ON SCHEMA \"app\" TO"),
            "{statement}"
        );
        assert_eq!(remedy, None);
        assert!(started.elapsed() < Duration::from_secs(20), "it hung");
        let admin = scene.role("admin");
        scene
            .area
            .superuser_psql(&format!("ALTER SCHEMA app OWNER TO {admin}"));
    }
}
