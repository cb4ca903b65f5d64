//! A rehearsal leaves no trace in the catalogs, the registry's journal or the server's log, and delivers nothing.

use std::fs;

use super::{answers, catalog_hash, rehearsal, rights};
use crate::harness::{Cluster, skip_unless_superuser};
use crate::scene::Scene;
use crate::users::access::on_each_version;

on_each_version! {
    a_new_login_is_rehearsed_and_then_made_alike
    a_reset_is_rehearsed_and_the_password_stays
    access_is_rehearsed
    what_else_changes_a_role_is_rehearsed
    a_person_reads_a_table
}

fn a_new_login_is_rehearsed_and_then_made_alike(scene: &mut Scene<'_>) {
    scene.psql("CREATE SCHEMA app; CREATE TABLE app.t (id int)");
    let role = scene.role("jane");
    let file = scene.sandbox.path().join("jane.json");
    let deliver = format!("file:{}", file.display());
    let arguments = ["-u", &role, "--deliver", &deliver];
    let before = scene.snapshot();
    let outcome = scene
        .user("readonly", &arguments)
        .args(["--rehearse"])
        .run();
    outcome.expect_status(0);
    assert_eq!(outcome.json()["status"], "rehearsed");
    let rehearsed = rehearsal(&outcome);
    assert_eq!(rehearsed["verdict"], "accepted", "{outcome}");
    assert_eq!(rehearsed["transaction_status"], "aborted", "{outcome}");
    assert!(answers(&rehearsed).iter().all(|it| *it == "accepted"));
    assert_eq!(rehearsed["rights"][0]["connect"], true);
    assert_eq!(rehearsed["rights"][0]["usage"][0], "app");
    assert_eq!(scene.snapshot(), before);
    assert!(fs::metadata(&file).is_err(), "it was delivered");
    let open = scene.sandbox.pgrole(["recover", "list"]).run();
    assert_eq!(open.json(), serde_json::json!([]));
    let number = rehearsed["transaction"].as_str().expect("a number");
    assert_eq!(
        scene.psql(&format!("SELECT pg_xact_status('{number}')")),
        "aborted"
    );
    scene.user("readonly", &arguments).run().expect_status(0);
    assert_eq!(rehearsed["rights"], rights(scene, &[role]));
}

fn a_reset_is_rehearsed_and_the_password_stays(scene: &mut Scene<'_>) {
    let jane = scene.create("devqa", "jane");
    let outcome = scene.user("reset", &["-u", &jane.name, "--rehearse"]).run();
    outcome.expect_status(0);
    assert_eq!(rehearsal(&outcome)["verdict"], "accepted", "{outcome}");
    assert!(!outcome.stdout.contains("SCRAM"), "{outcome}");
    scene.may_log_in(&jane);
    // The audit log has it, and no change.
    let listed = |more: &[&str]| {
        let run = scene.sandbox.pgrole(["audit", "list"]).args(more).run();
        let rows = run.json();
        let rows = rows.as_array().expect("a list").iter();
        let of_rehearsal = rows.filter(|row| row["operation"] == "user reset --rehearse");
        let status = |row: &serde_json::Value| row["status"].as_str().map(str::to_owned);
        of_rehearsal.filter_map(status).collect::<Vec<_>>()
    };
    assert_eq!(listed(&[]), ["rehearsed"]);
    assert_eq!(listed(&["--changes"]), [""; 0]);
}

fn access_is_rehearsed(scene: &mut Scene<'_>) {
    let jane = scene.create("readonly", "jane");
    let before = scene.snapshot();
    let grant = ["-u", &jane.name, "--level", "readwrite"];
    let granted = scene
        .pgrole("access grant", &grant)
        .args(["--rehearse"])
        .run();
    granted.expect_status(0);
    assert_eq!(scene.snapshot(), before);
    scene.pgrole("access grant", &grant).run().expect_status(0);
    let roles = [jane.name.clone()];
    assert_eq!(rehearsal(&granted)["rights"], rights(scene, &roles));
    let before = scene.snapshot();
    let revoke = ["-u", &jane.name];
    let revoked = scene
        .pgrole("access revoke", &revoke)
        .args(["--rehearse"])
        .run();
    revoked.expect_status(0);
    assert_eq!(revoked.json()["access"], "none");
    assert_eq!(scene.snapshot(), before);
    scene
        .pgrole("access revoke", &revoke)
        .run()
        .expect_status(0);
    assert_eq!(rehearsal(&revoked)["rights"], rights(scene, &roles));
    // Nothing left to revoke: as the real run, and nothing is rehearsed.
    let again = scene
        .pgrole("access revoke", &revoke)
        .args(["--rehearse"])
        .run();
    again.expect_status(0);
    assert_eq!(again.json()["status"], "unchanged");
    let before = scene.snapshot();
    let prepared = scene.pgrole("access prepare", &["--rehearse"]).run();
    prepared.expect_status(0);
    assert_eq!(scene.snapshot(), before);
    let rows = prepared.json();
    let rows = rows.as_array().expect("a list");
    let ddl = rows
        .iter()
        .find(|row| row["access"] == "ddl")
        .expect("it is new");
    assert_eq!(ddl["status"], "rehearsed", "{prepared}");
    let statements = ddl["statements"].as_array().expect("a list").len();
    assert_eq!(answers(&ddl["rehearsal"]).len(), statements, "{prepared}");
    scene.pgrole("access prepare", &[]).run().expect_status(0);
    let group = ddl["group"].as_str().expect("a name").to_owned();
    assert_eq!(ddl["rehearsal"]["rights"], rights(scene, &[group]));
}

fn what_else_changes_a_role_is_rehearsed(scene: &mut Scene<'_>) {
    let jane = scene.create("readonly", "jane").name;
    let [copy, renamed] = ["copy", "renamed"].map(|name| scene.role(name));
    let clone = ["--from", &jane, "--to", &copy];
    let rename = ["-u", &jane, "--to", &renamed, "--keep-password"];
    let commands: [(&str, &[&str], &str); 6] = [
        ("user search-path", &["-u", &jane], &jane),
        ("user set", &["-u", &jane, "--connection-limit", "3"], &jane),
        ("user lock", &["-u", &jane], &jane),
        ("user unlock", &["-u", &jane], &jane),
        ("user clone", &clone, &copy),
        ("user rename", &rename, &renamed),
    ];
    for (command, arguments, role) in commands {
        let before = scene.snapshot();
        let run = || scene.pgrole(command, arguments);
        let outcome = run().args(["--rehearse"]).run();
        outcome.expect_status(0);
        assert_eq!(outcome.json()["status"], "rehearsed", "{outcome}");
        assert_eq!(scene.snapshot(), before, "{outcome}");
        let rehearsed = rehearsal(&outcome);
        assert_eq!(rehearsed["verdict"], "accepted", "{outcome}");
        assert_eq!(rehearsed["transaction_status"], "aborted", "{outcome}");
        let real = run().run();
        real.expect_status(0);
        let role = role.to_owned();
        assert_eq!(rehearsed["rights"], rights(scene, &[role]), "{real}");
    }
}

fn a_person_reads_a_table(scene: &mut Scene<'_>) {
    let role = scene.role("jane");
    let outcome = scene
        .user(
            "readonly",
            &["-u", &role, "--rehearse", "--format", "table"],
        )
        .run();
    outcome.expect_status(0);
    for text in [
        "STATEMENT",
        "accepted",
        "verdict",
        ": aborted",
        "member of",
        "LOGIN CONNECTION LIMIT",
    ] {
        assert!(outcome.stdout.contains(text), "{text}\n{outcome}");
    }
    let both = scene
        .user("readonly", &["-u", &role, "--rehearse", "--dry-run"])
        .run();
    both.expect_status(2);
}

#[test]
fn the_catalogs_are_the_same_to_the_last_row() {
    if skip_unless_superuser("others cannot keep statements out of the log") {
        return;
    }
    let cluster = Cluster::private(|c| {
        c.setting("autovacuum", "off")
            .setting("log_statement", "all")
    });
    let scene = Scene::on(&cluster);
    scene.psql("CREATE SCHEMA app; CREATE TABLE app.t (id int)");
    let jane = scene.create("readonly", "jane");
    let hash = || catalog_hash(&scene);
    let before = hash();
    let user = scene.role("new");
    let rehearse = |command: &str, arguments: &[&str]| {
        let run = scene.pgrole(command, arguments).args(["--rehearse"]).run();
        run.expect_status(0);
        assert_eq!(rehearsal(&run)["verdict"], "accepted", "{run}");
    };
    rehearse("user devlead", &["-u", &user]);
    rehearse("user reset", &["-u", &jane.name]);
    rehearse("access grant", &["-u", &jane.name, "--level", "ddl"]);
    rehearse("access revoke", &["-u", &jane.name]);
    assert_eq!(hash(), before);
    // A superuser keeps even the verifier of nobody out of the server's log.
    let log = cluster.log();
    let created = format!("CREATE ROLE \"{user}\"");
    assert!(!log.contains(&created), "{created}");
    // That the hash sees a change.
    scene
        .user("reset", &["-u", &jane.name])
        .run()
        .expect_status(0);
    assert_ne!(hash(), before);
}
