//! `user drop --rehearse` and `offboard --rehearse`: each database by itself, no session ended, and refused where others
//! would notice.

use serde_json::Value;

use super::{allow, answers};
use crate::harness::sqlite::query;
use crate::harness::{Cluster, Outcome, skip_unless_superuser};
use crate::leavers::estate::Estate;
use crate::leavers::offboarding::fleet;
use crate::scene::{Scene, error, whole_text};
use crate::users::access::on_each_version;

on_each_version! {
    a_drop_is_rehearsed_in_each_database_and_then_done_alike
    in_the_only_database_the_role_itself_is_dropped
    what_the_server_refuses_is_what_the_real_run_says
    many_relations_are_not_locked_without_force
    an_event_trigger_on_drop_owned_refuses
    a_session_that_holds_a_lock_is_not_ended
}

/// The rehearsals in the row of a role's drop, by database.
fn rehearsals(outcome: &Outcome) -> Vec<(String, Value)> {
    let row = outcome.json();
    let databases = row["databases"].as_array().expect("a list");
    let each = databases.iter().map(|it| {
        let name = it["database"].as_str().expect("a name");
        (name.to_owned(), it["rehearsal"].clone())
    });
    each.collect()
}

fn statements(rehearsal: &Value) -> Vec<String> {
    let statements = rehearsal["statements"].as_array().expect("a list");
    let text = |it: &Value| it["statement"].as_str().expect("a text").to_owned();
    statements.iter().map(text).collect()
}

fn a_drop_is_rehearsed_in_each_database_and_then_done_alike(scene: &mut Scene<'_>) {
    let estate = Estate::on(scene.cluster);
    let snapshots = || {
        let other = estate.other.superuser_psql(
            "SELECT string_agg(c::text, ',' ORDER BY oid) FROM pg_class c WHERE relnamespace >= 16384",
        );
        [estate.scene.snapshot(), estate.loans(), other]
    };
    let before = snapshots();
    let mut session = estate
        .scene
        .cluster
        .client_as(&estate.jane, "x", estate.scene.database())
        .expect("she may log in");
    let outcome = estate.drop_jane(&["--rehearse"]).run();
    outcome.expect_status(0);
    let row = outcome.json();
    assert_eq!(row["status"], "rehearsed", "{outcome}");
    assert_eq!(row["sessions_ended"], 0, "{outcome}");
    let warnings = row["warnings"].to_string();
    for said in [
        "its sessions would be ended: 1",
        "is not rehearsed: it needs the objects in",
    ] {
        assert!(warnings.contains(said), "{said}: {outcome}");
    }
    assert_eq!(snapshots(), before);
    session.simple_query("SELECT 1").expect("it was not ended");
    drop(session);
    let rehearsed = rehearsals(&outcome);
    assert_eq!(rehearsed.len(), 2, "{outcome}");
    for (_, one) in &rehearsed {
        assert_eq!(one["verdict"], "accepted", "{outcome}");
        assert_eq!(one["transaction_status"], "aborted", "{outcome}");
        assert!(answers(one).iter().all(|it| *it == "accepted"), "{outcome}");
        assert_eq!(one["rights"][1]["login"], false, "{outcome}");
        let text = statements(one).join("\n");
        assert!(text.contains("NOLOGIN\n"), "{text}");
        assert!(text.contains("REASSIGN OWNED BY"), "{text}");
        assert!(!text.contains("pg_terminate_backend"), "{text}");
        assert!(!text.contains("DROP ROLE"), "{text}");
    }
    let registry = estate.scene.sandbox.registry();
    let log = |mode: &str| {
        query(
            &registry,
            &format!(
                "SELECT operation, status, count(*) FROM audit_log WHERE stage = 'outcome' AND operation = 'user drop{mode}' GROUP BY 1, 2"
            ),
        )
    };
    assert_eq!(log(" --rehearse"), "user drop --rehearse|rehearsed|2");
    assert_eq!(log(""), "");
    estate.drop_jane(&[]).run().expect_status(0);
    estate.look();
    // What ran in each database is the end of what was rehearsed there.
    for (database, one) in &rehearsed {
        let ran = query(
            &registry,
            &format!(
                "SELECT statements FROM audit_log WHERE stage = 'outcome' AND operation = 'user drop' AND statements LIKE '%DROP OWNED%' AND db_name = '{database}'"
            ),
        );
        let text = statements(one).join(";\n");
        assert!(!ran.is_empty() && text.ends_with(&ran), "{text}\n\n{ran}");
    }
}

/// A role that owns a table in the scene's database, and its heir.
fn owner(scene: &Scene<'_>, sql: &str) -> [String; 2] {
    let jane = scene.area.create_role("jane", "LOGIN PASSWORD 'x'");
    let heir = scene.area.create_role("heir", "NOLOGIN");
    scene.area.superuser_psql(&format!(
        "CREATE SCHEMA hers AUTHORIZATION {jane}; SET ROLE {jane}; CREATE TABLE hers.notes (id int); {sql}"
    ));
    [jane, heir]
}

fn in_the_only_database_the_role_itself_is_dropped(scene: &mut Scene<'_>) {
    let [jane, heir] = owner(scene, "");
    let before = scene.snapshot();
    let drop = ["-u", &jane, "--reassign-to", &heir];
    let outcome = scene.user("drop", &drop).args(["--rehearse"]).run();
    outcome.expect_status(0);
    assert_eq!(scene.snapshot(), before);
    let rehearsed = &rehearsals(&outcome)[0].1;
    assert_eq!(rehearsed["verdict"], "accepted", "{outcome}");
    let last = statements(rehearsed).pop().expect("there are some");
    assert_eq!(last, format!("DROP ROLE \"{jane}\""));
    // Of the two that were asked for, the heir is left.
    let rights = rehearsed["rights"].as_array().expect("a list");
    assert_eq!(rights.len(), 1, "{outcome}");
    assert_eq!(rights[0]["role"], heir.as_str(), "{outcome}");
    assert_eq!(rights[0]["create"][0], "hers", "{outcome}");
    let table = scene
        .user("drop", &drop)
        .args(["--rehearse", "--format", "table"])
        .run();
    table.expect_status(0);
    for text in [
        "STATEMENT",
        "REASSIGN OWNED",
        ": aborted",
        "the end of its sessions",
    ] {
        assert!(table.stdout.contains(text), "{text}\n{table}");
    }
    scene.user("drop", &drop).run().expect_status(0);
}

fn what_the_server_refuses_is_what_the_real_run_says(scene: &mut Scene<'_>) {
    if skip_unless_superuser("the view is the superuser's") {
        return;
    }
    let [jane, _] = owner(
        scene,
        "RESET ROLE; CREATE VIEW public.seen AS SELECT id FROM hers.notes",
    );
    let before = scene.snapshot();
    let drop = ["-u", &jane, "--drop-owned"];
    let outcome = scene.user("drop", &drop).args(["--rehearse"]).run();
    outcome.expect_status(1);
    assert_eq!(scene.snapshot(), before);
    let rehearsed = &rehearsals(&outcome)[0].1;
    assert_eq!(rehearsed["verdict"], "refused", "{outcome}");
    let statements = rehearsed["statements"].as_array().expect("a list");
    let refused = statements.iter().find(|it| it["answer"] == "refused");
    let refused = refused.expect("one was");
    assert_eq!(refused["sqlstate"], "2BP01", "{outcome}");
    let real = error(&scene.user("drop", &drop).run(), 1);
    assert_eq!(real["sqlstate"], refused["sqlstate"]);
    let text = whole_text(&real);
    let statement = refused["statement"].as_str().expect("a text");
    assert!(text.contains(&format!("in: {statement}")), "{text}");
}

fn many_relations_are_not_locked_without_force(scene: &mut Scene<'_>) {
    let [jane, heir] = owner(
        scene,
        "DO $$ BEGIN FOR i IN 1..200 LOOP EXECUTE format('CREATE TABLE hers.t%s (id int)', i); END LOOP; END $$",
    );
    let drop = ["-u", &jane, "--reassign-to", &heir, "--rehearse"];
    let before = scene.snapshot();
    let refused = error(&scene.user("drop", &drop).run(), 6);
    let text = whole_text(&refused);
    assert!(text.contains("201 relations"), "{text}");
    assert!(text.contains("--force"), "{text}");
    let forced = scene.user("drop", &drop).args(["--force"]).run();
    forced.expect_status(0);
    assert_eq!(forced.json()["status"], "rehearsed", "{forced}");
    assert_eq!(scene.snapshot(), before);
    // What --force allows asks in a protected environment; without it there is nothing to ask.
    scene.sandbox.write_config("protected = [\"dev\"]\n");
    error(&scene.user("drop", &drop).args(["--force"]).run(), 6);
    scene.psql("DROP TABLE hers.t1");
    scene.user("drop", &drop).run().expect_status(0);
}

fn an_event_trigger_on_drop_owned_refuses(scene: &mut Scene<'_>) {
    let [jane, heir] = owner(scene, "");
    scene.area.superuser_psql(
        "CREATE FUNCTION log_drops() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
         CREATE EVENT TRIGGER log_drops ON sql_drop WHEN TAG IN ('DROP OWNED') EXECUTE FUNCTION log_drops()",
    );
    let drop = ["-u", &jane, "--reassign-to", &heir, "--rehearse"];
    let refused = whole_text(&error(&scene.user("drop", &drop).run(), 6));
    assert!(refused.contains("event trigger \"log_drops\""), "{refused}");
    allow(scene, "log_drops");
    scene.user("drop", &drop).run().expect_status(0);
}

fn a_session_that_holds_a_lock_is_not_ended(scene: &mut Scene<'_>) {
    let [jane, heir] = owner(scene, "");
    let session = scene.cluster.client_as(&jane, "x", scene.database());
    let mut session = session.expect("she may log in");
    session
        .batch_execute("BEGIN; SELECT * FROM hers.notes")
        .expect("it is hers");
    let drop = ["-u", &jane, "--reassign-to", &heir];
    let outcome = scene.user("drop", &drop).args(["--rehearse"]).run();
    outcome.expect_status(75);
    assert_eq!(outcome.json()["status"], "unknown: busy", "{outcome}");
    let text = whole_text(&outcome.json_error()["error"]);
    assert!(text.contains("has 1 session"), "{text}");
    session.batch_execute("COMMIT").expect("nobody ended it");
    scene
        .user("drop", &drop)
        .args(["--rehearse"])
        .run()
        .expect_status(0);
}

#[test]
fn with_a_standby_attached_no_relation_is_locked_without_force() {
    if skip_unless_superuser("the role's own table is given away") {
        return;
    }
    let primary = Cluster::private(|c| c);
    let scene = Scene::on(&primary);
    let [jane, heir] = owner(&scene, "");
    let _standby = Cluster::standby_of(&primary);
    let drop = ["-u", &jane, "--reassign-to", &heir, "--rehearse"];
    let refused = whole_text(&error(&scene.user("drop", &drop).run(), 6));
    assert!(refused.contains("1 client read the WAL"), "{refused}");
    scene
        .user("drop", &drop)
        .args(["--force"])
        .run()
        .expect_status(0);
    // Privileges alone lock no relation.
    let joe = scene.create("readonly", "joe").name;
    let drop = ["-u", &joe, "--rehearse"];
    scene.user("drop", &drop).run().expect_status(0);
}

#[test]
fn a_person_who_leaves_the_fleet_is_rehearsed_on_each_cluster() {
    let fleet = fleet();
    let mut sessions = fleet.hire();
    let outcome = fleet.offboard(&["--rehearse"]).run();
    outcome.expect_status(0);
    let person = &outcome.json()[0];
    assert_eq!(person["status"], "rehearsed", "{outcome}");
    let clusters = person["clusters"].as_array().expect("a list");
    assert_eq!(clusters.len(), fleet.clusters.len(), "{outcome}");
    for cluster in clusters {
        assert_eq!(cluster["outcome"], "rehearsed", "{outcome}");
        assert_eq!(cluster["sessions_ended"], 0, "{outcome}");
        for database in cluster["databases"].as_array().expect("a list") {
            assert_eq!(database["rehearsal"]["verdict"], "accepted", "{outcome}");
        }
    }
    let are_open = sessions
        .iter_mut()
        .all(|it| it.simple_query("SELECT 1").is_ok());
    assert!(are_open, "a session was ended");
    let log = query(
        &fleet.sandbox.registry(),
        "SELECT operation, status, count(*) FROM audit_log WHERE stage = 'outcome' AND operation LIKE 'offboard%' GROUP BY 1, 2",
    );
    assert_eq!(log, "offboard --rehearse|rehearsed|1");
    fleet.offboard(&[]).run().expect_status(0);
}
