//! What a rehearsal is to others: their sessions get no error, and what cuts it off leaves nothing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{answers, rehearsal};
use crate::harness::pooler::{Knowledge, PoolMode, Pooler};
use crate::harness::proxy::{Plan, Proxy};
use crate::harness::skip_unless_superuser;
use crate::scene::{Scene, error, wait_until, whole_text};
use crate::users::access::on_each_version;

on_each_version! {
    sessions_beside_rehearsals_get_no_error
    a_connection_that_is_lost_leaves_nothing
    a_statement_that_takes_too_long_is_unknown
}

/// How many rehearsals of each kind.
const ROUNDS: usize = 10;

/// Repeats something until the rehearsals are over, and says how often, and the first error.
fn repeat(
    is_over: &AtomicBool,
    mut act: impl FnMut() -> Result<(), postgres::Error>,
) -> (usize, Option<String>) {
    let mut count = 0;
    while !is_over.load(Ordering::SeqCst) {
        if let Err(error) = act() {
            return (count, Some(format!("{error:?}")));
        }
        count += 1;
        // Leaves the processors to the others.
        thread::sleep(Duration::from_millis(5));
    }
    (count, None)
}

fn sessions_beside_rehearsals_get_no_error(scene: &mut Scene<'_>) {
    if skip_unless_superuser("the tables are the superuser's") {
        return;
    }
    scene.area.superuser_psql(
        "CREATE SCHEMA app; CREATE TABLE app.swept (id int); CREATE TABLE app.granted (id int); CREATE TABLE app.read (id int)",
    );
    let jane = scene.create("readonly", "jane");
    let [leaver, heir, other] =
        ["leaver", "heir", "other"].map(|it| scene.area.create_role(it, "NOLOGIN"));
    scene.area.superuser_psql(&format!(
        "CREATE SCHEMA hers AUTHORIZATION {leaver}; SET ROLE {leaver}; CREATE TABLE hers.notes (id int)"
    ));
    let new = scene.role("new");
    let scene = &*scene;
    let is_over = &AtomicBool::new(false);
    let loops: [(&str, String); 6] = [
        ("queries", "SELECT count(*) FROM app.read".to_owned()),
        (
            "queries of what is given away",
            "SELECT count(*) FROM hers.notes".to_owned(),
        ),
        ("VACUUM", "VACUUM app.swept".to_owned()),
        ("GRANT", format!("GRANT SELECT ON app.granted TO {other}")),
        (
            "ALTER ROLE",
            format!("ALTER ROLE {} CONNECTION LIMIT 7", jane.name),
        ),
        (
            "TEMP TABLE",
            "CREATE TEMP TABLE t (id int); DROP TABLE t".to_owned(),
        ),
    ];
    thread::scope(|scope| {
        let mut running = Vec::new();
        for (what, sql) in &loops {
            let beside = scope.spawn(move || {
                let mut client = scene.area.superuser_client();
                repeat(is_over, || client.batch_execute(sql))
            });
            running.push((*what, beside));
        }
        let jane = &jane;
        let logins = scope.spawn(move || {
            repeat(is_over, || {
                let client = scene
                    .cluster
                    .client_as(&jane.name, &jane.password, scene.database());
                client?.batch_execute("SELECT count(*) FROM app.read")
            })
        });
        running.push(("logins", logins));
        let commands: [(&str, Vec<&str>); 3] = [
            ("user devlead", vec!["-u", &new]),
            ("user reset", vec!["-u", &jane.name]),
            ("user drop", vec!["-u", &leaver, "--reassign-to", &heir]),
        ];
        let mut answered = 0;
        for _ in 0..ROUNDS {
            for (command, arguments) in &commands {
                let outcome = scene.pgrole(command, arguments).args(["--rehearse"]).run();
                // It is the rehearsal that gives way. The others end before this fails.
                if ![Some(0), Some(75)].contains(&outcome.status()) {
                    is_over.store(true, Ordering::SeqCst);
                    panic!("{outcome}");
                }
                answered += u32::from(outcome.status() == Some(0));
            }
        }
        is_over.store(true, Ordering::SeqCst);
        assert!(answered > 0, "others were always at work");
        for (what, beside) in running {
            let (count, failed) = beside.join().expect("it ends");
            assert_eq!(failed, None, "{what}, after {count}");
            assert!(count > ROUNDS, "{what}: only {count}");
        }
    });
}

fn a_connection_that_is_lost_leaves_nothing(scene: &mut Scene<'_>) {
    let proxy = Proxy::before(scene.cluster);
    let database = scene.database().to_owned();
    scene
        .sandbox
        .register_on_port(proxy.port(), "qa", &database);
    scene.psql("CREATE SCHEMA app; CREATE TABLE app.t (id int)");
    let role = scene.role("jane");
    let rehearse = || {
        let arguments = [
            "user",
            "readonly",
            "-e",
            "qa",
            "-d",
            &database,
            "-u",
            &role,
            "--rehearse",
        ];
        scene.sandbox.pgrole(arguments).run()
    };
    let before = scene.snapshot();
    let places = [
        "BEGIN READ WRITE",
        "CREATE ROLE",
        "SET CONSTRAINTS",
        "ROLLBACK",
        "pg_xact_status",
    ];
    for place in places {
        for plan in [Plan::cut_before(place), Plan::cut_after(place)] {
            let said = format!("{plan:?}");
            proxy.once(plan);
            let failed = error(&rehearse(), 1);
            let text = whole_text(&failed);
            assert!(text.contains("nothing was changed"), "{said}: {text}");
            wait_until("its session has ended", || {
                scene.psql(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'pgrole%'",
                ) == "0"
            });
            assert_eq!(scene.snapshot(), before, "{said}");
        }
    }
    // One that goes silent is not waited for without end.
    proxy.once(Plan::BlackHoleAfter(b"CREATE ROLE".to_vec()));
    let started = Instant::now();
    let outcome = rehearse();
    assert!(started.elapsed() < Duration::from_secs(40), "{outcome}");
    assert_eq!(outcome.status(), Some(75), "{outcome}");
    assert_eq!(scene.snapshot(), before);
    proxy.always(Plan::Pass);
    rehearse().expect_status(0);
}

fn a_statement_that_takes_too_long_is_unknown(scene: &mut Scene<'_>) {
    scene.area.superuser_psql(
        "CREATE FUNCTION dawdle() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); END';
         CREATE EVENT TRIGGER dawdle ON ddl_command_start WHEN TAG IN ('GRANT') EXECUTE FUNCTION dawdle()",
    );
    super::allow(scene, "dawdle");
    let role = scene.role("jane");
    let before = scene.snapshot();
    let outcome = scene.user("readonly", &["-u", &role, "--rehearse"]).run();
    outcome.expect_status(75);
    assert_eq!(outcome.json()["status"], "unknown: busy", "{outcome}");
    let rehearsed = rehearsal(&outcome);
    assert_eq!(rehearsed["verdict"], "unknown", "{outcome}");
    let answers = answers(&rehearsed);
    let place = answers.iter().position(|it| *it == "busy").expect("one");
    assert_eq!(rehearsed["statements"][place]["sqlstate"], "57014");
    assert_eq!(scene.snapshot(), before);
}

#[test]
fn through_a_pooler_nothing_is_rehearsed() {
    for mode in [PoolMode::Session, PoolMode::Transaction] {
        let mut scene = Scene::new();
        let Some(pooler) = Pooler::before(scene.cluster, mode, Knowledge::Query) else {
            return;
        };
        let database = scene.database().to_owned();
        scene
            .sandbox
            .register_on_port(pooler.port(), "qa", &database);
        let role = scene.role("jane");
        let before = scene.snapshot();
        for command in ["readonly", "dba"] {
            let arguments = [
                "user",
                command,
                "-e",
                "qa",
                "-d",
                &database,
                "-u",
                &role,
                "--rehearse",
            ];
            let outcome = scene.sandbox.pgrole(arguments).run();
            let failed = outcome.json_error();
            let text = whole_text(&failed["error"]);
            assert!(text.contains("pooler"), "{outcome}");
            assert!([Some(5), Some(6)].contains(&outcome.status()), "{outcome}");
        }
        assert_eq!(scene.snapshot(), before);
    }
}
