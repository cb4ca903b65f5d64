//! `access grant --for`, `list`, `extend` and `expire`: access with an end, whatever happens to it meanwhile.

use serde_json::{Value, json};

use super::{expect, expect_access, group};
use crate::harness::Outcome;
use crate::scene::{Login, Scene, created, error, wait_until, whole_text};
use crate::users::access::on_each_version;

on_each_version! {
    access_ends_by_the_clock_of_the_server
    an_end_is_extended_before_it_has_come
    what_another_hand_did_is_reported
    access_is_revoked_before_its_end
    what_is_refused_grants_nothing
    a_login_for_an_emergency_ends_with_its_access
    a_comment_alone_ends_no_session
}

/// Grants access with an end, and returns the row.
#[track_caller]
pub(super) fn grant(scene: &Scene, login: &Login, level: &str, span: &str) -> Value {
    let arguments = [
        "-u",
        &login.name,
        "--level",
        level,
        "--for",
        span,
        "--reason",
        "INC-4711",
    ];
    let outcome = scene.pgrole("access grant", &arguments).run();
    expect(&outcome, "access granted", level)
}

pub(super) fn id(row: &Value) -> String {
    row["id"].as_str().expect("it has an ID").to_owned()
}

pub(super) fn role_of(row: &Value) -> String {
    format!("pgrole_box_{}", id(row))
}

pub(super) fn expire(scene: &Scene) -> Outcome {
    scene.sandbox.pgrole(["access", "expire"]).run()
}

pub(super) fn list(scene: &Scene) -> Vec<Value> {
    let outcome = scene.sandbox.pgrole(["access", "list"]).run();
    outcome.expect_status(0);
    outcome.json().as_array().expect("an array").clone()
}

#[track_caller]
pub(super) fn expect_rows(outcome: &Outcome, statuses: &[&str]) -> Vec<Value> {
    let rows = outcome.json().as_array().expect("an array").clone();
    let found: Vec<_> = rows
        .iter()
        .map(|row| row["status"].as_str().unwrap_or("?"))
        .collect();
    assert_eq!(found, statuses, "{outcome}");
    rows
}

/// Whether the roles of a grant, and of its tombstone, are gone.
pub(super) fn exists(scene: &Scene, role: &str) -> bool {
    scene.psql(&format!(
        "SELECT count(*) FROM pg_roles WHERE rolname = '{role}'"
    )) != "0"
}

pub(super) fn wait_for_end(scene: &Scene, role: &str) {
    wait_until("its end has come", || {
        scene.psql(&format!(
            "SELECT rolvaliduntil < clock_timestamp() FROM pg_roles WHERE rolname = '{role}'"
        )) == "t"
    });
}

pub(super) fn statuses(scene: &Scene, operation: &str) -> Vec<String> {
    let listed = scene
        .sandbox
        .pgrole(["audit", "list", "--operation", operation])
        .run();
    let listed = listed.json();
    let events = listed.as_array().expect("an array");
    let texts = events
        .iter()
        .map(|event| event["status"].as_str().expect("a text").to_owned());
    texts.collect()
}

/// Whoever may create roles can write what pgrole writes.
fn a_comment_alone_ends_no_session(scene: &mut Scene) {
    let (jane, app) = (
        scene.create("readonly", "jane"),
        scene.create("readonly", "app"),
    );
    let granted = role_of(&grant(scene, &jane, "readwrite", "1h"));
    let forged: String = granted
        .strip_prefix("pgrole_box_")
        .expect("it is named so")
        .chars()
        .rev()
        .collect();
    let forged = format!("pgrole_box_{forged}");
    let oid = |login: &Login| {
        scene.psql(&format!(
            "SELECT oid FROM pg_roles WHERE rolname = '{}'",
            login.name
        ))
    };
    let comment = scene.psql(&format!(
        "SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = '{granted}'"
    ));
    let comment = comment
        .replace(&format!(":{}", oid(&jane)), &format!(":{}", oid(&app)))
        .replace(&jane.name, &app.name);
    scene.area.superuser_psql(&format!(
        "CREATE ROLE {forged} NOLOGIN VALID UNTIL '2020-01-01'; COMMENT ON ROLE {forged} IS '{comment}';
         GRANT {forged} TO {}",
        app.name
    ));
    let mut session = scene
        .cluster
        .client_as(&app.name, &app.password, scene.database())
        .expect("it logs in");
    let outcome = scene.sandbox.pgrole(["access", "expire", "--all"]).run();
    let rows = expect_rows(&outcome, &["expired"]);
    let warnings = rows[0]["warnings"].to_string();
    assert!(warnings.contains("were left alone"), "{outcome}");
    let alive = session.query_one("SELECT 1", &[]);
    assert!(alive.is_ok(), "{alive:?}");
}

fn access_ends_by_the_clock_of_the_server(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let jane = scene.create("readonly", "jane");
    let row = grant(scene, &jane, "readwrite", "1h");
    expect_access(scene, &jane, "readwrite");
    let role = role_of(&row);
    let rows = list(scene);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(
        (
            &rows[0]["status"],
            &rows[0]["username"],
            &rows[0]["reason"],
            &rows[0]["access"]
        ),
        (
            &json!("open"),
            &json!(jane.name),
            &json!("INC-4711"),
            &json!("readwrite")
        )
    );
    assert_eq!(rows[0]["ends_at"], row["ends_at"]);
    // Nothing is due.
    expect_rows(expire(scene).expect_status(0), &[]);
    expect_access(scene, &jane, "readwrite");
    let short = grant(scene, &jane, "ddl", "1s");
    let mut session = scene
        .cluster
        .client_as(&jane.name, &jane.password, scene.database())
        .expect("she may log in");
    wait_for_end(scene, &role_of(&short));
    let rows = list(scene);
    assert_eq!(rows[0]["status"], "not expired yet", "{rows:?}");
    let rows = expect_rows(expire(scene).expect_status(0), &["expired"]);
    assert_eq!(rows[0]["id"], short["id"]);
    assert_eq!(rows[0]["sessions_ended"], 1, "{rows:?}");
    assert!(
        rows[0]["late_seconds"]
            .as_i64()
            .is_some_and(|late| (0..60).contains(&late)),
        "{rows:?}"
    );
    assert!(session.simple_query("SELECT 1").is_err());
    assert!(!exists(scene, &role_of(&short)));
    expect_access(scene, &jane, "readwrite");
    // The other one is another role, and stays.
    assert!(exists(scene, &role));
    scene.psql(&format!("ALTER ROLE {role} VALID UNTIL '2020-01-01'"));
    let rows = expect_rows(expire(scene).expect_status(0), &["expired"]);
    assert_eq!(rows[0]["warnings"], json!([]), "{rows:?}");
    expect_access(scene, &jane, "readonly");
    expect_rows(expire(scene).expect_status(0), &[]);
    assert_eq!(list(scene), Vec::<Value>::new());
    let ends = statuses(scene, "access expire");
    let expired = |row: &Value| format!("access expired: {}", id(row));
    for row in [&row, &short] {
        let ended = ends
            .iter()
            .filter(|status| status.starts_with(&expired(row)));
        assert_eq!(ended.count(), 1, "{ends:?}");
    }
}

fn an_end_is_extended_before_it_has_come(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let jane = scene.create("readonly", "jane");
    let row = grant(scene, &jane, "readwrite", "10m");
    let id = id(&row);
    let extend = |span: &str| {
        let arguments = [
            "access", "extend", &id, "--for", span, "--reason", "INC-4712",
        ];
        scene.sandbox.pgrole(arguments).run()
    };
    let outcome = extend("50m");
    let extended = outcome.expect_status(0).json();
    assert_eq!(extended["status"], "extended", "{outcome}");
    let left = extended["seconds_left"].as_i64().expect("a number");
    assert!((3500..=3600).contains(&left), "{outcome}");
    expect_rows(expire(scene).expect_status(0), &[]);
    assert_eq!(list(scene)[0]["ends_at"], extended["ends_at"]);
    let said = whole_text(&error(&extend("1d"), 6));
    assert!(said.contains("lasts 1d from now at most"), "{said}");
    let role = role_of(&row);
    scene.psql(&format!("ALTER ROLE {role} VALID UNTIL '2020-01-01'"));
    let said = whole_text(&error(&extend("1h"), 6));
    assert!(said.contains("has ended"), "{said}");
    expect_rows(expire(scene).expect_status(0), &["expired"]);
    error(&extend("1h"), 3);
    assert_eq!(
        statuses(scene, "access extend").last().map(String::as_str),
        Some(format!("access extended: {id}").as_str())
    );
}

fn what_another_hand_did_is_reported(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let jane = scene.create("readonly", "jane");
    let (dropped, moved, shared, emptied) = (
        grant(scene, &jane, "readwrite", "1h"),
        grant(scene, &jane, "readwrite", "1h"),
        grant(scene, &jane, "readwrite", "1h"),
        grant(scene, &jane, "readwrite", "1h"),
    );
    let stranger = scene.create("readonly", "stranger");
    scene.psql(&format!("DROP ROLE {}", role_of(&dropped)));
    scene.psql(&format!(
        "ALTER ROLE {} VALID UNTIL 'infinity'",
        role_of(&moved)
    ));
    scene.psql(&format!("GRANT {} TO {}", role_of(&shared), stranger.name));
    scene.psql(&format!("REVOKE {} FROM {}", role_of(&emptied), jane.name));
    let outcome = expire(scene);
    let rows = expect_rows(outcome.expect_status(0), &["removed", "removed"]);
    let of = |row: &Value| {
        rows.iter()
            .find(|found| found["id"] == row["id"])
            .expect("it is there")
    };
    assert!(
        of(&dropped)["warnings"]
            .to_string()
            .contains("another hand dropped it before its end"),
        "{outcome}"
    );
    assert!(
        of(&emptied)["warnings"]
            .to_string()
            .contains("took the membership away"),
        "{outcome}"
    );
    assert!(!exists(scene, &role_of(&emptied)));
    let told = statuses(scene, "access expire");
    for wanted in [
        format!("end moved by another hand: {}", id(&moved)),
        format!("access stranger: {}, {}", id(&shared), stranger.name),
        format!("access removed: {}", id(&dropped)),
    ] {
        assert!(told.contains(&wanted), "{wanted}: {told:?}");
    }
    // Told once.
    expect_rows(expire(scene).expect_status(0), &[]);
    let again = statuses(scene, "access expire");
    assert_eq!(again.len(), told.len(), "{again:?}");
    scene.psql(&format!(
        "ALTER ROLE {} VALID UNTIL '2020-01-01'",
        role_of(&shared)
    ));
    let rows = expect_rows(expire(scene).expect_status(0), &["expired"]);
    assert_eq!(rows[0]["strangers"], json!([stranger.name]));
    expect_access(scene, &stranger, "readonly");
    // A login that was dropped and made again has no access by it.
    scene.psql(&format!("DROP ROLE {}", jane.name));
    let rows = expect_rows(expire(scene).expect_status(0), &["removed"]);
    assert!(
        rows[0]["warnings"].to_string().contains("is gone"),
        "{rows:?}"
    );
    assert!(!exists(scene, &role_of(&moved)));
}

fn access_is_revoked_before_its_end(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let jane = scene.create("readonly", "jane");
    let row = grant(scene, &jane, "readwrite", "1h");
    // Without an end it is another grant.
    let outcome = scene
        .pgrole(
            "access grant",
            &["-u", &jane.name, "--level", "readwrite", "--dry-run"],
        )
        .run();
    let planned = outcome.expect_status(0).json();
    assert!(
        planned["statements"]
            .to_string()
            .contains(&group(scene, "readwrite")),
        "{outcome}"
    );
    let revoke = |more: &[&str]| {
        let arguments = ["-u", &jane.name, "--level", "readwrite"];
        scene
            .pgrole("access revoke", &[&arguments, more].concat())
            .run()
    };
    let outcome = revoke(&["--dry-run"]);
    let planned = outcome.expect_status(0).json();
    assert_eq!(planned["ended"][0]["status"], "open", "{outcome}");
    expect_access(scene, &jane, "readwrite");
    let outcome = revoke(&[]);
    let revoked = expect(&outcome, "access revoked", "readonly");
    assert_eq!(revoked["ended"][0]["status"], "revoked", "{outcome}");
    assert_eq!(revoked["ended"][0]["id"], row["id"]);
    expect_access(scene, &jane, "readonly");
    assert!(!exists(scene, &role_of(&row)));
    expect_rows(expire(scene).expect_status(0), &[]);
    let wanted = format!("access revoked: {}", id(&row));
    assert!(statuses(scene, "access revoke").contains(&wanted));
}

fn what_is_refused_grants_nothing(scene: &mut Scene) {
    let jane = scene.create("devqa", "jane");
    let before = scene.snapshot();
    let run = |arguments: &[&str]| {
        let name = ["-u", &jane.name];
        scene
            .pgrole("access grant", &[&name, arguments].concat())
            .run()
    };
    error(&run(&["--for", "2h"]), 2);
    error(&run(&["--for", "2d", "--reason", "x"]), 2);
    error(&run(&["--for", "0s", "--reason", "x"]), 2);
    let outcome = run(&["--for", "2h", "--reason", "x", "--level", "readonly"]);
    let row = expect(&outcome, "unchanged", "readwrite");
    assert!(
        row["warnings"]
            .to_string()
            .contains("already, without an end"),
        "{outcome}"
    );
    let outcome = run(&[
        "--for",
        "2h",
        "--reason",
        "x",
        "--level",
        "ddl",
        "--dry-run",
    ]);
    let row = expect(&outcome, "unchanged", "ddl");
    assert!(
        row["statements"]
            .to_string()
            .contains("NOLOGIN VALID UNTIL"),
        "{outcome}"
    );
    let outcome = run(&[
        "--for",
        "2h",
        "--reason",
        "x",
        "--level",
        "ddl",
        "--rehearse",
    ]);
    expect(&outcome, "rehearsed", "ddl");
    assert_eq!(scene.snapshot(), before);
    assert_eq!(list(scene), Vec::<Value>::new());
}

fn a_login_for_an_emergency_ends_with_its_access(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let person = scene.role("jane");
    let break_glass = || {
        let arguments = [&person, "--for", "1h", "--reason", "INC-4711"];
        created(&scene.user("breakglass", &arguments).run())
    };
    let glass = break_glass();
    assert!(
        glass.name.starts_with(&format!("{person}_glass_")),
        "{}",
        glass.name
    );
    expect_access(scene, &glass, "readwrite");
    let attributes = scene.psql(&format!(
        "SELECT u.rolconnlimit, u.rolvaliduntil = b.rolvaliduntil FROM pg_roles u, pg_roles b, pg_auth_members m
         WHERE u.rolname = '{}' AND m.member = u.oid AND b.oid = m.roleid",
        glass.name
    ));
    assert_eq!(attributes, "2|t");
    let row = list(scene).remove(0);
    assert_eq!(
        (&row["username"], &row["reason"]),
        (&json!(glass.name), &json!("INC-4711"))
    );
    let extend = [
        "access",
        "extend",
        &id(&row),
        "--for",
        "1h",
        "--reason",
        "INC-4712",
    ];
    let extended = scene.sandbox.pgrole(extend).run().expect_status(0).json();
    assert_eq!(
        scene.psql(&format!(
            "SELECT rolvaliduntil = '{}' FROM pg_roles WHERE rolname = '{}'",
            extended["ends_at"].as_str().expect("it ends"),
            glass.name
        )),
        "t"
    );
    let mut session = scene
        .cluster
        .client_as(&glass.name, &glass.password, scene.database())
        .expect("it may log in");
    scene.psql(&format!(
        "ALTER ROLE {} VALID UNTIL '2020-01-01'",
        role_of(&row)
    ));
    let rows = expect_rows(expire(scene).expect_status(0), &["expired"]);
    assert_eq!(rows[0]["sessions_ended"], 1, "{rows:?}");
    assert!(session.simple_query("SELECT 1").is_err());
    assert!(!exists(scene, &glass.name));
    // What it owns is not dropped with it.
    let glass = break_glass();
    scene
        .area
        .superuser_psql(&format!("CREATE SCHEMA made AUTHORIZATION {}", glass.name));
    let row = list(scene).remove(0);
    scene.psql(&format!(
        "ALTER ROLE {} VALID UNTIL '2020-01-01'",
        role_of(&row)
    ));
    let outcome = expire(scene);
    expect_rows(outcome.expect_status(0), &["expired"]);
    assert!(
        outcome
            .stderr
            .contains("stays because objects depend on it"),
        "{outcome}"
    );
    assert!(exists(scene, &glass.name));
    assert!(!exists(scene, &role_of(&row)));
    assert_ne!(scene.psql_as(&glass, "SELECT 1").status(), Some(0));
}
