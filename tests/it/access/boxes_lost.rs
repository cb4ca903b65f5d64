//! Access with an end when something is lost: the command in its middle, the registry's row or file, the machine, the
//! server. It ends all the same, and that is reported.

use std::fs;

use serde_json::{Value, json};

use super::boxes::{exists, expect_rows, expire, grant, id, list, role_of, statuses, wait_for_end};
use super::expect_access;
use crate::harness::sandbox::Running;
use crate::harness::{ClosedPort, Outcome, Sandbox, sqlite};
use crate::scene::{Scene, wait_until, wait_until_pgrole_waits};
use crate::users::access::on_each_version;

on_each_version! {
    a_grant_that_was_killed_after_it_was_sent_is_adopted
    a_grant_that_was_killed_before_it_was_done_is_not_granted
    a_grant_whose_row_is_lost_is_found_by_the_log
    a_grant_of_another_machine_is_expired_here
    an_end_that_was_not_reported_is_reported_by_the_next_run
    an_unreached_target_is_told_at_once_and_listed_first
    a_role_that_objects_depend_on_loses_its_access
    messages_say_what_became_of_a_grant
    other_commands_know_of_it
}

/// Another machine, as far as access goes: a registry of its own.
fn other_machine(scene: &Scene) -> Sandbox {
    let mut other = Sandbox::new().with_admin(scene.cluster);
    other.register(scene.cluster, "dev", scene.database());
    other
}

fn expire_all(sandbox: &Sandbox) -> Outcome {
    sandbox.pgrole(["access", "expire", "--all"]).run()
}

fn end_now(scene: &Scene, role: &str) {
    scene.psql(&format!("ALTER ROLE {role} VALID UNTIL '2020-01-01'"));
}

fn boxes_of(scene: &Scene, login: &str) -> String {
    scene.psql(&format!(
        "SELECT coalesce(string_agg(roleid::regrole::text, ' '), '') FROM pg_auth_members
         WHERE member = '{login}'::regrole AND roleid::regrole::text LIKE 'pgrole_box_%'"
    ))
}

/// Every grant that was begun has an outcome.
#[track_caller]
fn expect_all_told(sandbox: &Sandbox) {
    let untold = sqlite::query(
        &sandbox.registry(),
        "SELECT operation_id FROM audit_log i WHERE operation = 'access grant --for' AND stage = 'intent'
         AND NOT EXISTS (SELECT 1 FROM audit_log o WHERE o.operation_id = i.operation_id AND o.stage = 'outcome')",
    );
    assert_eq!(untold, "");
    let open = sqlite::query(
        &sandbox.registry(),
        "SELECT id, state FROM access_box WHERE state NOT IN ('closed')",
    );
    assert_eq!(open, "");
}

/// Starts a grant, and waits until its statements wait for a lock.
fn start_grant(scene: &Scene, login: &str, blocker: &mut postgres::Client) -> Running {
    blocker
        .batch_execute("BEGIN; LOCK TABLE pg_auth_members IN SHARE ROW EXCLUSIVE MODE")
        .expect("a superuser may");
    let arguments = [
        "-u",
        login,
        "--level",
        "readwrite",
        "--for",
        "1h",
        "--reason",
        "INC-4711",
    ];
    let running = scene.pgrole("access grant", &arguments).spawn();
    wait_until_pgrole_waits(scene);
    running
}

fn wait_until_logged_out(scene: &Scene) {
    wait_until("its session has ended", || {
        scene.psql(
            "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name LIKE 'pgrole%'",
        ) == "0"
    });
}

fn a_grant_that_was_killed_after_it_was_sent_is_adopted(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let jane = scene.create("readonly", "jane");
    let mut blocker = scene.area.superuser_client();
    let running = start_grant(scene, &jane.name, &mut blocker);
    // It cannot say any more that it has come to an end.
    let lock = sqlite::Lock::on(&scene.sandbox.registry());
    blocker.batch_execute("ROLLBACK").expect("it lets go");
    wait_until("the server has committed", || {
        !boxes_of(scene, &jane.name).is_empty()
    });
    running.kill();
    drop(lock);
    let role = boxes_of(scene, &jane.name);
    expect_access(scene, &jane, "readwrite");
    let rows = expect_rows(expire(scene).expect_status(0), &["granted"]);
    assert!(
        rows[0]["warnings"].to_string().contains("was cut off"),
        "{rows:?}"
    );
    assert_eq!(
        statuses(scene, "access grant --for"),
        ["cut off: access granted"]
    );
    expect_rows(expire(scene).expect_status(0), &[]);
    assert_eq!(list(scene)[0]["status"], "open");
    end_now(scene, &role);
    expect_rows(expire(scene).expect_status(0), &["expired"]);
    expect_access(scene, &jane, "readonly");
    expect_all_told(&scene.sandbox);
}

fn a_grant_that_was_killed_before_it_was_done_is_not_granted(scene: &mut Scene) {
    let jane = scene.create("readonly", "jane");
    let mut blocker = scene.area.superuser_client();
    start_grant(scene, &jane.name, &mut blocker).kill();
    blocker
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name LIKE 'pgrole%'; ROLLBACK",
        )
        .expect("a superuser may");
    wait_until_logged_out(scene);
    assert_eq!(boxes_of(scene, &jane.name), "");
    expect_rows(expire(scene).expect_status(0), &["not granted"]);
    assert_eq!(
        statuses(scene, "access grant --for"),
        ["cut off: nothing changed"]
    );
    expect_rows(expire(scene).expect_status(0), &[]);
    expect_all_told(&scene.sandbox);
}

fn a_grant_whose_row_is_lost_is_found_by_the_log(scene: &mut Scene) {
    let jane = scene.create("readonly", "jane");
    let (gone, there) = (
        grant(scene, &jane, "readwrite", "1h"),
        grant(scene, &jane, "readwrite", "1h"),
    );
    sqlite::query(&scene.sandbox.registry(), "DELETE FROM access_box");
    scene.psql(&format!("DROP ROLE {}", role_of(&gone)));
    let rows = expect_rows(expire(scene).expect_status(0), &["removed"]);
    assert_eq!(rows[0]["id"], gone["id"]);
    assert!(statuses(scene, "access expire").contains(&format!("access removed: {}", id(&gone))));
    expect_rows(expire(scene).expect_status(0), &[]);
    end_now(scene, &role_of(&there));
    let rows = expect_rows(expire(scene).expect_status(0), &["expired"]);
    assert_eq!(rows[0]["id"], there["id"]);
    expect_all_told(&scene.sandbox);
    // What has ended is not looked for again.
    sqlite::query(&scene.sandbox.registry(), "DELETE FROM access_box");
    expect_rows(expire(scene).expect_status(0), &[]);
}

fn a_grant_of_another_machine_is_expired_here(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let jane = scene.create("readonly", "jane");
    let row = grant(scene, &jane, "readwrite", "1s");
    let other = other_machine(scene);
    wait_for_end(scene, &role_of(&row));
    // It knows of none.
    let outcome = other.pgrole(["access", "expire"]).run();
    expect_rows(outcome.expect_status(0), &[]);
    let rows = expect_rows(expire_all(&other).expect_status(0), &["expired"]);
    assert_eq!(rows[0]["reason"], "INC-4711");
    assert!(!exists(scene, &role_of(&row)));
    expect_access(scene, &jane, "readonly");
    let rows = expect_rows(expire(scene).expect_status(0), &["removed"]);
    assert!(
        rows[0]["warnings"]
            .to_string()
            .contains("another machine, or another hand"),
        "{rows:?}"
    );
    // The file of the machine that granted it is lost.
    let row = grant(scene, &jane, "readwrite", "1s");
    fs::remove_file(scene.sandbox.registry()).expect("it was there");
    scene
        .sandbox
        .register(scene.cluster, "dev", scene.area.database());
    wait_for_end(scene, &role_of(&row));
    expect_rows(expire_all(&scene.sandbox).expect_status(0), &["expired"]);
    assert!(!exists(scene, &role_of(&row)));
}

/// Makes of a box what a run leaves that is cut off between its two transactions.
fn leave_tombstone(scene: &Scene, role: &str, ended: &Value) {
    let comment = scene.psql(&format!(
        "SELECT shobj_description('{role}'::regrole, 'pg_authid')"
    ));
    let (prefix, json) = comment.split_at(comment.find('{').expect("an object"));
    let mut value: Value = serde_json::from_str(json).expect("JSON");
    value["ended"] = ended.clone();
    scene.psql(&format!(
        "BEGIN; DROP ROLE {role}; CREATE ROLE {role} NOLOGIN VALID UNTIL '2020-01-01';
         COMMENT ON ROLE {role} IS '{prefix}{value}'; COMMIT"
    ));
}

fn an_end_that_was_not_reported_is_reported_by_the_next_run(scene: &mut Scene) {
    let jane = scene.create("readonly", "jane");
    let own = grant(scene, &jane, "readwrite", "1h");
    let host = scene
        .sandbox
        .pgrole(["audit", "list", "--limit", "1"])
        .run()
        .json()[0]["host"]
        .clone();
    let now = scene.psql(
        "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    );
    leave_tombstone(
        scene,
        &role_of(&own),
        &json!({"at": now, "late": 7, "host": host, "members": []}),
    );
    let rows = expect_rows(expire(scene).expect_status(0), &["expired"]);
    assert_eq!(rows[0]["late_seconds"], 7);
    assert!(!exists(scene, &role_of(&own)));
    expect_rows(expire(scene).expect_status(0), &[]);
    // Another machine has a while to report it itself.
    let row = grant(scene, &jane, "readwrite", "1h");
    let other = other_machine(scene);
    let left = |at: &str| json!({"at": at, "late": 9, "host": "elsewhere", "members": []});
    leave_tombstone(scene, &role_of(&row), &left(&now));
    expect_rows(expire_all(&other).expect_status(0), &[]);
    assert!(exists(scene, &role_of(&row)));
    leave_tombstone(scene, &role_of(&row), &left("2026-01-01T00:00:00.000000Z"));
    let rows = expect_rows(expire_all(&other).expect_status(0), &["expired"]);
    assert!(
        rows[0]["warnings"]
            .to_string()
            .contains("ended by elsewhere"),
        "{rows:?}"
    );
    assert!(!exists(scene, &role_of(&row)));
}

fn an_unreached_target_is_told_at_once_and_listed_first(scene: &mut Scene) {
    let jane = scene.create("readonly", "jane");
    let row = grant(scene, &jane, "readwrite", "1s");
    wait_for_end(scene, &role_of(&row));
    let closed = ClosedPort::new();
    let set_port = |port: u16| {
        let port = port.to_string();
        let update = scene
            .pgrole("registry update", &["--port", &port, "--yes"])
            .run();
        update.expect_status(0);
    };
    set_port(closed.port);
    let outcome = expire(scene);
    let rows = expect_rows(outcome.expect_status(4), &["not expired yet"]);
    assert!(rows[0]["error"].is_string(), "{outcome}");
    let told = format!("access not expired: {}", id(&row));
    assert!(statuses(scene, "access expire").contains(&told));
    // It is told once a day.
    expire(scene).expect_status(4);
    let count = statuses(scene, "access expire")
        .iter()
        .filter(|status| **status == told)
        .count();
    assert_eq!(count, 1);
    let listed = scene.sandbox.pgrole(["access", "list"]).run();
    expect_rows(listed.expect_status(5), &["not expired yet"]);
    set_port(scene.cluster.port());
    expect_rows(expire(scene).expect_status(0), &["expired"]);
    expect_all_told(&scene.sandbox);
    // A target that was disabled keeps its grants.
    let row = grant(scene, &jane, "readwrite", "1s");
    wait_for_end(scene, &role_of(&row));
    scene
        .pgrole("registry disable", &["--yes"])
        .run()
        .expect_status(0);
    let outcome = expire(scene);
    let rows = expect_rows(outcome.expect_status(4), &["not expired yet"]);
    assert!(
        rows[0]["error"].to_string().contains("disabled"),
        "{outcome}"
    );
}

fn a_role_that_objects_depend_on_loses_its_access(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int); CREATE TABLE u (id int)");
    let jane = scene.create("readonly", "jane");
    let row = grant(scene, &jane, "readwrite", "1h");
    let role = role_of(&row);
    scene
        .area
        .superuser_psql(&format!("GRANT TRUNCATE ON u TO {role}"));
    end_now(scene, &role);
    let rows = expect_rows(&expire(scene), &["expired"]);
    assert!(
        rows[0]["warnings"]
            .to_string()
            .contains("stays, because objects depend on it"),
        "{rows:?}"
    );
    expect_access(scene, &jane, "readonly");
    scene.may_not(&jane, "TRUNCATE u");
    assert!(exists(scene, &role));
    scene
        .area
        .superuser_psql(&format!("REVOKE TRUNCATE ON u FROM {role}"));
    expect_rows(expire(scene).expect_status(0), &[]);
    assert!(!exists(scene, &role));
}

fn messages_say_what_became_of_a_grant(scene: &mut Scene) {
    let taken = scene.sandbox.path().join("taken");
    scene.sandbox.write_config(&format!(
        "[notify.own]\nchannel = \"command\"\ncommand = [\"sh\", \"-c\", \"cat >> {}\"]\n",
        taken.display()
    ));
    let jane = scene.create("readonly", "jane");
    let row = grant(scene, &jane, "readwrite", "10m");
    let extend = [
        "access",
        "extend",
        &id(&row),
        "--for",
        "10m",
        "--reason",
        "INC-4712",
    ];
    scene.sandbox.pgrole(extend).run().expect_status(0);
    let stranger = scene.create("readonly", "stranger");
    scene.psql(&format!("GRANT {} TO {}", role_of(&row), stranger.name));
    expire(scene).expect_status(0);
    end_now(scene, &role_of(&row));
    expire(scene).expect_status(0);
    let row = grant(scene, &jane, "readwrite", "10m");
    scene.psql(&format!("DROP ROLE {}", role_of(&row)));
    expire(scene).expect_status(0);
    let text = fs::read_to_string(&taken).expect("the command ran");
    let messages: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let events: Vec<_> = messages
        .iter()
        .map(|message| message["event"].as_str().expect("a text"))
        .collect();
    assert_eq!(
        events,
        [
            "user created",
            "access granted",
            "access extended",
            "user created",
            "access stranger",
            "access expired",
            "access granted",
            "access removed",
        ]
    );
    let expired = &messages[5]["access"];
    assert_eq!(
        (&expired["level"], &expired["reason"]),
        (&json!("readwrite"), &json!("INC-4711"))
    );
    assert!(
        expired["late_seconds"]
            .as_i64()
            .is_some_and(|late| late > 1000),
        "{expired}"
    );
    assert!(
        expired["remarks"].to_string().contains(&stranger.name),
        "{expired}"
    );
    assert_eq!(messages[2]["access"]["reason"], "INC-4712");
}

fn other_commands_know_of_it(scene: &mut Scene) {
    let jane = scene.create("readonly", "jane");
    let row = grant(scene, &jane, "readwrite", "1h");
    let shown = scene.user("show", &["-u", &jane.name]).run();
    let overview = shown.expect_status(0).json();
    let groups = overview["member_of"].as_array().expect("an array");
    let own = groups.iter().find(|group| group["role"] == role_of(&row));
    let ends_at = own.expect("it is a member")["ends_at"]
        .as_str()
        .expect("it ends");
    assert_eq!(
        ends_at[..19],
        row["ends_at"].as_str().expect("it ends")[..19]
    );
    let checked = scene.pgrole("access check", &[]).run();
    assert_eq!(checked.expect_status(0).json()[0]["boxes"], 1, "{checked}");
    // A copy does not get what was granted to another login for a while.
    let copy = scene.role("copy");
    let cloned = scene
        .user("clone", &["--from", &jane.name, "--to", &copy])
        .run();
    let cloned_row = cloned.expect_status(0).json();
    assert!(
        cloned_row["not_cloned"]
            .to_string()
            .contains(&role_of(&row)),
        "{cloned}"
    );
    assert_eq!(boxes_of(scene, &copy), "");
    // A new name does not lose it.
    let renamed = scene.role("renamed");
    let outcome = scene
        .user("rename", &["-u", &jane.name, "--to", &renamed])
        .run();
    outcome.expect_status(0);
    assert_eq!(list(scene)[0]["username"], renamed);
    let dropped = scene.user("drop", &["-u", &renamed]).run();
    let report = dropped.expect_status(0).json();
    assert!(
        report["warnings"].to_string().contains(&id(&row)),
        "{dropped}"
    );
    assert!(!exists(scene, &role_of(&row)));
    assert!(statuses(scene, "access expire").contains(&format!("access removed: {}", id(&row))));
    expect_rows(expire(scene).expect_status(0), &[]);
    expect_all_told(&scene.sandbox);
}
