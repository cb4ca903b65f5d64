//! What happens while another session holds what pgrole needs: it waits, gives up in time, and can be stopped.

use postgres::Client;

use crate::scene::{Login, Scene, error, login, wait_until_pgrole_waits, whole_text};

/// A session that has changed the role and not committed, which keeps others from changing it.
fn hold(scene: &Scene, role: &Login) -> Client {
    let mut client = scene.area.client();
    let sql = format!("BEGIN; ALTER ROLE {} CONNECTION LIMIT 5", role.name);
    client.batch_execute(&sql).expect("a superuser may");
    client
}

#[test]
fn a_reset_waits_for_another_change_and_then_succeeds() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    for end in ["ROLLBACK", "COMMIT"] {
        let mut holder = hold(&scene, &jane);
        let reset = scene
            .user("reset", &["-u", &jane.name, "--timeout", "50"])
            .spawn();
        wait_until_pgrole_waits(&scene);
        holder.batch_execute(end).expect("ends");
        let outcome = reset.wait();
        assert_eq!(outcome.status(), Some(0), "{outcome}");
        scene.may_log_in(&login(&outcome));
    }
}

#[test]
fn a_lock_that_stays_is_status_75_and_nothing_is_changed() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    let mut holder = hold(&scene, &jane);
    let outcome = scene
        .user("reset", &["-u", &jane.name, "--timeout", "1"])
        .run();
    let error = error(&outcome, 75);
    assert_eq!(error["kind"], "busy");
    assert!(
        ["55P03", "57014"].contains(&error["sqlstate"].as_str().unwrap_or_default()),
        "{outcome}"
    );
    assert!(whole_text(&error).contains("try again"), "{outcome}");
    outcome.expect_stdout("");
    holder.batch_execute("ROLLBACK").expect("ends");
    scene.may_log_in(&jane);
}

#[test]
fn ctrl_c_stops_a_change_that_waits_and_is_on_record() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    for signal in ["INT", "TERM"] {
        let mut holder = hold(&scene, &jane);
        let reset = scene
            .user("reset", &["-u", &jane.name, "--timeout", "50"])
            .spawn();
        wait_until_pgrole_waits(&scene);
        reset.signal(signal);
        let outcome = reset.wait();
        assert_eq!(error(&outcome, 130)["kind"], "interrupted");
        outcome.expect_stdout("");
        holder.batch_execute("ROLLBACK").expect("ends");
        scene.may_log_in(&jane);
        let log = scene
            .sandbox
            .pgrole(["audit", "list", "--username", &jane.name, "--limit", "1"])
            .run();
        let event = log.json()[0].clone();
        assert_eq!(
            (&event["operation"], &event["status"]),
            (&"user reset".into(), &"interrupted".into())
        );
    }
}

#[test]
fn ctrl_c_in_a_terminal_stops_it_too() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    let _holder = hold(&scene, &jane);
    let mut terminal = scene
        .user("reset", &["-u", &jane.name, "--timeout", "50"])
        .in_terminal(100);
    wait_until_pgrole_waits(&scene);
    terminal.send_control('C');
    let (screen, status) = terminal.wait_status();
    assert_eq!(status, Some(130), "{screen}");
}

#[test]
fn the_first_grants_in_a_large_database_may_take_longer_than_a_statement() {
    let scene = Scene::new();
    // As a database with very many objects does: the first grant alone takes longer than the limit.
    scene.area.superuser_psql(
        "CREATE SEQUENCE public.grants; GRANT USAGE ON SEQUENCE public.grants TO public;
         CREATE FUNCTION public.take_long() RETURNS event_trigger LANGUAGE plpgsql AS $f$ BEGIN
             IF nextval('public.grants') = 1 THEN PERFORM pg_sleep(4); END IF;
         END $f$;",
    );
    let trigger = scene.role("slow");
    scene.area.superuser_psql(&format!(
        "CREATE EVENT TRIGGER {trigger} ON ddl_command_start WHEN TAG IN ('GRANT')
             EXECUTE FUNCTION public.take_long()"
    ));
    let jane = scene.role("jane");
    let create = ["-u", &jane, "--timeout", "2"];
    scene.user("readonly", &create).run().expect_status(0);
    assert_ne!(scene.psql("SELECT last_value FROM public.grants"), "1");
}
