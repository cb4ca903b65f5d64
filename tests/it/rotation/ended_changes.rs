//! The journal does not grow with each rotation: of a role that is changed again and again, what ended long ago leaves it.

use super::Scene;
use crate::harness::sqlite;

/// The changes of a role in the journal, the oldest first.
fn changes(scene: &Scene, role: &str) -> Vec<String> {
    let query = format!(
        "SELECT c.operation_id FROM password_change c WHERE c.username = '{role}' ORDER BY c.created_at"
    );
    let ids = sqlite::query(&scene.sandbox.registry(), &query);
    ids.lines().map(str::to_owned).collect()
}

fn make_outdated(scene: &Scene, condition: &str) {
    let update = format!(
        "UPDATE password_change SET updated_at = '2020-01-01T00:00:00.000000Z' WHERE {condition}"
    );
    sqlite::query(&scene.sandbox.registry(), &update);
}

fn rotate(scene: &Scene) {
    let rotate = scene.sandbox.pgrole(["rotate", "--any-age"]).run();
    rotate.expect_status(0);
}

#[test]
fn a_change_that_ended_long_ago_leaves_the_journal_when_a_newer_one_has_ended() {
    let scene = Scene::new();
    let (role, other) = (scene.create("often"), scene.create("other"));
    rotate(&scene);
    rotate(&scene);
    let [created, first, second] = &changes(&scene, &role)[..] else {
        panic!("three changes");
    };
    // Only what is old and another role's change does not count for.
    make_outdated(
        &scene,
        &format!("operation_id IN ('{created}', '{second}')"),
    );
    rotate(&scene);
    let now = changes(&scene, &role);
    assert_eq!(now.len(), 2, "{now:?}");
    assert_eq!(now[0], *first);
    assert_eq!(changes(&scene, &other).len(), 4);

    // Nobody looks for them in the journal.
    let history = ["audit", "list", "--changes", "-u", &role];
    let listed = scene.sandbox.pgrole(history).run();
    let acts = listed.expect_status(0).json();
    assert_eq!(acts.as_array().map(Vec::len), Some(4), "{listed}");
    let status = scene.sandbox.pgrole(["rotate", "status"]).run();
    assert!(!status.stdout.contains("no outcome"), "{status}");
    scene
        .sandbox
        .pgrole(["audit", "verify"])
        .run()
        .expect_status(0);
}

#[test]
fn what_the_log_does_not_tell_by_itself_stays_in_the_journal() {
    let scene = Scene::new();
    let role = scene.create("told");
    rotate(&scene);
    rotate(&scene);
    let [created, first, second] = &changes(&scene, &role)[..] else {
        panic!("three changes");
    };
    let registry = scene.sandbox.registry();
    // As if the act of one had failed although its password was in force, that of another had been cut off, and the
    // third were still open.
    sqlite::query(
        &registry,
        &format!(
            "DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete;
             UPDATE audit_log SET error = 'cut off' WHERE operation_id = '{created}' AND stage = 'outcome';
             UPDATE audit_log SET stage = 'event' WHERE operation_id = '{first}' AND stage = 'outcome';
             UPDATE password_change SET state = 'DELIVERED', keep_until = '2100-01-01T00:00:00Z'
                WHERE operation_id = '{second}'"
        ),
    );
    make_outdated(&scene, "true");
    rotate(&scene);
    let now = changes(&scene, &role);
    assert_eq!(now.len(), 4, "{now:?}");
    assert_eq!(now[..3], [created.clone(), first.clone(), second.clone()]);
}

#[test]
fn that_a_password_change_cannot_be_undone_is_said_without_being_stored() {
    let scene = Scene::new();
    let role = scene.create("said");
    rotate(&scene);
    let newest = "SELECT count(*) FROM audit_log WHERE operation = 'rotate' AND stage = 'outcome'";
    let registry = scene.sandbox.registry();
    let stored = sqlite::query(&registry, &format!("{newest} AND undo IS NOT NULL"));
    assert_eq!(stored, "0");
    let id = changes(&scene, &role).pop().expect("a change");
    let shown = scene.sandbox.pgrole(["audit", "show", &id]).run().json();
    assert_eq!(
        shown["undo_remarks"],
        serde_json::json!([
            "a password change cannot be undone: the previous password is not kept"
        ])
    );
    assert_eq!(shown["undo"], serde_json::json!([]));
}
