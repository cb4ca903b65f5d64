//! What a rehearsal refuses, what it says of a refusal of the server, and when it does not know.

use super::{allow, answers, digest, rehearsal};
use crate::harness::skip_unless_superuser;
use crate::scene::{Scene, error, whole_text};
use crate::users::access::on_each_version;

on_each_version! {
    an_event_trigger_refuses_unless_its_source_is_allowed
    the_statement_that_fails_is_named
    a_deferred_constraint_is_checked_before_the_rollback
    a_role_that_others_change_is_unknown
}

const LOG_GRANTS: &str = "
    CREATE SEQUENCE seen;
    CREATE FUNCTION log_grants() RETURNS event_trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM nextval(''public.seen''); END';
    CREATE EVENT TRIGGER log_grants ON ddl_command_end EXECUTE FUNCTION log_grants()";

fn an_event_trigger_refuses_unless_its_source_is_allowed(scene: &mut Scene<'_>) {
    if skip_unless_superuser("what the superuser makes here, others may not grant on") {
        return;
    }
    scene.area.superuser_psql(LOG_GRANTS);
    let role = scene.role("jane");
    let rehearse = || scene.user("readonly", &["-u", &role, "--rehearse"]).run();
    let calls = || scene.psql("SELECT is_called FROM seen");
    let was_called = calls();
    let refused = error(&rehearse(), 6);
    let text = whole_text(&refused);
    assert!(text.contains("the event trigger \"log_grants\""), "{text}");
    let entry = format!("log_grants={}", digest(scene, "log_grants"));
    assert!(text.contains(&entry), "{text}");
    assert_eq!(calls(), was_called);
    allow(scene, "log_grants");
    let outcome = rehearse();
    outcome.expect_status(0);
    assert_eq!(rehearsal(&outcome)["event_triggers"][0], "log_grants");
    // What a trigger does outside the transaction stays, as was warned of.
    assert_eq!(calls(), "t");
    // Another source is not what was allowed.
    scene.area.superuser_psql(
        "CREATE OR REPLACE FUNCTION log_grants() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
    );
    error(&rehearse(), 6);
    // No event trigger runs for a password.
    let jane = scene.create("dba", "joe");
    let reset = scene.user("reset", &["-u", &jane.name, "--rehearse"]).run();
    reset.expect_status(0);
}

fn the_statement_that_fails_is_named(scene: &mut Scene<'_>) {
    scene.area.superuser_psql(
        "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS
            'BEGIN RAISE EXCEPTION ''not in my house''; END';
         CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('GRANT') EXECUTE FUNCTION refuse()",
    );
    allow(scene, "refuse");
    let role = scene.role("jane");
    let before = scene.snapshot();
    let outcome = scene.user("readonly", &["-u", &role, "--rehearse"]).run();
    outcome.expect_status(1);
    assert_eq!(outcome.json()["status"], "rehearsed");
    let rehearsed = rehearsal(&outcome);
    assert_eq!(rehearsed["verdict"], "refused");
    assert!(rehearsed["rights"].is_null());
    assert_eq!(rehearsed["transaction_status"], "aborted");
    let answers = answers(&rehearsed);
    let place = answers.iter().position(|it| *it == "refused").expect("one");
    assert!(answers[..place].iter().all(|it| *it == "accepted"));
    assert!(answers[place + 1..].iter().all(|it| *it == "not reached"));
    let statement = &rehearsed["statements"][place];
    assert_eq!(statement["sqlstate"], "P0001");
    assert_eq!(scene.snapshot(), before);
    let statement = statement["statement"].as_str().expect("a text");
    assert!(
        statement.starts_with("GRANT USAGE ON SCHEMA"),
        "{statement}"
    );
    // The real run says the same of the same statement, and tries no other password.
    let real = error(&scene.user("readonly", &["-u", &role]).run(), 1);
    assert_eq!(real["sqlstate"], "P0001");
    let text = whole_text(&real);
    assert!(text.contains(&format!("in: {statement}")), "{text}");
    assert!(!text.contains("generated passwords"), "{text}");
    assert!(text.contains("event triggers, in psql: \\dy"), "{text}");
}

fn a_deferred_constraint_is_checked_before_the_rollback(scene: &mut Scene<'_>) {
    if skip_unless_superuser("what the superuser makes here, others may not grant on") {
        return;
    }
    scene.area.superuser_psql(
        "CREATE TABLE granted (id int PRIMARY KEY);
         CREATE TABLE noted (id int REFERENCES granted DEFERRABLE INITIALLY DEFERRED);
         GRANT INSERT ON noted TO PUBLIC;
         CREATE FUNCTION log_one() RETURNS event_trigger LANGUAGE plpgsql AS
            'BEGIN INSERT INTO public.noted VALUES (1); END';
         CREATE EVENT TRIGGER log_one ON ddl_command_end WHEN TAG IN ('GRANT') EXECUTE FUNCTION log_one()",
    );
    allow(scene, "log_one");
    let role = scene.role("jane");
    let outcome = scene.user("readonly", &["-u", &role, "--rehearse"]).run();
    outcome.expect_status(1);
    let rehearsed = rehearsal(&outcome);
    let last = rehearsed["statements"].as_array().and_then(|it| it.last());
    let last = last.expect("there are statements");
    assert_eq!(last["statement"], "SET CONSTRAINTS ALL IMMEDIATE");
    assert_eq!(last["sqlstate"], "23503", "{outcome}");
    let real = error(&scene.user("readonly", &["-u", &role]).run(), 1);
    assert_eq!(real["sqlstate"], "23503");
    let text = whole_text(&real);
    assert!(text.contains("in: COMMIT"), "{text}");
}

fn a_role_that_others_change_is_unknown(scene: &mut Scene<'_>) {
    let jane = scene.create("dba", "jane");
    let mut other = scene.area.client();
    other
        .batch_execute(&format!(
            "BEGIN; ALTER ROLE {} CONNECTION LIMIT 7",
            jane.name
        ))
        .expect("a superuser may");
    let outcome = scene.user("reset", &["-u", &jane.name, "--rehearse"]).run();
    outcome.expect_status(75);
    assert_eq!(outcome.json()["status"], "unknown: busy");
    let rehearsed = rehearsal(&outcome);
    assert_eq!(rehearsed["verdict"], "unknown");
    assert!(answers(&rehearsed).contains(&"busy"), "{outcome}");
    // It is the rehearsal that gave up.
    other.batch_execute("COMMIT").expect("nobody disturbed it");
    scene
        .user("reset", &["-u", &jane.name, "--rehearse"])
        .run()
        .expect_status(0);
}
