//! `pgrole access …` on real servers: who gets and loses access to a database, and what its groups have.

mod boxes;
mod boxes_chaos;
mod boxes_lost;
mod check;
mod crowd;
mod excess;
mod grant;
mod prepare;
mod revoke;
mod steady;
mod trim;

use serde_json::Value;

use crate::harness::{Area, Cluster, Outcome};
use crate::scene::{Login, Scene};

/// A second database of the scene's cluster, registered as `dev` too.
fn second_database<'a>(scene: &mut Scene<'a>) -> Area<'a> {
    let area = scene.cluster.area();
    scene
        .sandbox
        .register(scene.cluster, "dev", area.database());
    area
}

/// The access group of a level.
fn group(scene: &Scene, level: &str) -> String {
    format!("{}_{level}", scene.database())
}

/// All memberships in the access groups of the database, with their options and grantors.
fn memberships(scene: &Scene) -> String {
    scene.psql(
        "SELECT roleid::regrole, member::regrole, to_jsonb(m) - 'oid' - 'roleid' - 'member' FROM pg_auth_members m
         WHERE starts_with(roleid::regrole::text, current_database() || '_') ORDER BY 1, 2, 3",
    )
}

/// Asserts the row's status and level.
#[track_caller]
fn expect(outcome: &Outcome, status: &str, access: &str) -> Value {
    outcome.expect_status(0);
    let row = outcome.json();
    assert_eq!(row["status"], status, "{outcome}");
    assert_eq!(row["access"], access, "{outcome}");
    row
}

/// Runs what the newest act of an operation says undoes it, as the admin login.
#[track_caller]
fn undo(scene: &Scene, operation: &str) {
    let filter = ["audit", "list", "--operation", operation, "--limit", "1"];
    let listed = scene.sandbox.pgrole(filter).run();
    let id = listed.expect_status(0).json()[0]["id"].to_string();
    let shown = scene.sandbox.pgrole(["audit", "show", &id]).run();
    let shown = shown.expect_status(0).json();
    let statements: Vec<String> =
        serde_json::from_value(shown["undo"].clone()).unwrap_or_else(|_| panic!("undo of {shown}"));
    let sql = format!("BEGIN;\n{};\nCOMMIT", statements.join(";\n"));
    let password = scene.cluster.password();
    let outcome = scene
        .cluster
        .psql_as(Cluster::SUPERUSER, password, scene.database(), &sql);
    outcome.expect_status(0).expect_stderr("");
}

/// Asserts that a login reads and writes a table as the level lets it.
#[track_caller]
fn expect_access(scene: &Scene, login: &Login, level: &str) {
    let tries = [
        ("readonly", "SELECT * FROM t"),
        ("readwrite", "INSERT INTO t VALUES (1)"),
    ];
    let rank = |level: &str| {
        ["none", "readonly", "readwrite", "ddl"]
            .iter()
            .position(|one| *one == level)
    };
    for (needed, sql) in tries {
        if rank(level) >= rank(needed) {
            scene.may(login, sql);
        } else {
            scene.may_not(login, sql);
        }
    }
}
