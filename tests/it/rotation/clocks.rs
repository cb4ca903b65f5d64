//! Clocks that are wrong: a time in the future is none that a rotation waits for, and a server whose clock is a day
//! apart is not changed by.

use super::Scene;
use super::rotate::make_old;
use crate::harness::{Area, Cluster, Outcome};

const FUTURE: &str = "2199-01-01T00:00:00.000000Z";

/// Lets the server's clock be wrong, for as much of it as one database sees.
pub fn set_ahead(area: &Area<'_>, interval: &str) {
    area.psql(&format!(
        "SET allow_system_table_mods = on;
         DO $$ BEGIN
             IF to_regprocedure('pg_catalog.true_clock()') IS NULL THEN
                 ALTER FUNCTION pg_catalog.clock_timestamp() RENAME TO true_clock;
             END IF;
         END $$;
         CREATE OR REPLACE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE sql
             AS 'SELECT pg_catalog.true_clock() + interval ''{interval}'''"
    ));
}

#[test]
fn nothing_is_changed_on_a_server_whose_clock_is_a_day_apart() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster, cluster.port());
    let role = scene.create("jane");
    let new = scene.area.role("new");
    let refused = |outcome: &Outcome, side: &str| {
        outcome
            .expect_status(6)
            .expect_in_stderr(&format!("{side} this machine's"))
            .expect_in_stderr("pgrole doctor");
    };
    for (interval, side) in [("25 hours", "ahead of"), ("-25 hours", "behind")] {
        set_ahead(&scene.area, interval);
        refused(&scene.user("reset", &role, &[]).run(), side);
        refused(
            &scene.user("readonly", &new, &["--valid-for", "90d"]).run(),
            side,
        );
        let dba = ["-e", "dev", "-d", scene.area.database(), "-u", &new];
        refused(&scene.sandbox.pgrole(["user", "dba"]).args(dba).run(), side);
        let schema = ["--schema", "public", "--schema", "pg_catalog"];
        refused(&scene.user("search-path", &role, &schema).run(), side);
        let rotate = scene.sandbox.pgrole(["rotate", "-u", &role]).run();
        rotate.expect_status(1).expect_in_stderr(side);
        // Looking is no change.
        scene.user("find", &role, &[]).run().expect_status(0);
        assert_eq!(scene.states(), "CLOSED");
    }
    scene.delivered_password_is_good(&role);
    set_ahead(&scene.area, "23 hours");
    scene.user("reset", &role, &[]).run().expect_status(0);
    scene.delivered_password_is_good(&role);
}

#[test]
fn a_time_in_the_future_is_due_and_named_by_all_that_look() {
    let scene = Scene::new();
    let role = scene.create("jane");
    make_old(&scene, &role, FUTURE);
    let old = scene.delivered_password(&role);

    let status = ["rotate", "status", "--older-than", "90d"];
    let rows = scene.sandbox.pgrole(status).run().expect_status(0).json();
    assert_eq!(rows[0]["due"], true);
    assert_eq!(rows[0]["age"], serde_json::Value::Null);
    assert_eq!(rows[0]["password_changed_at"], FUTURE);
    assert_eq!(
        rows[0]["age_unknown"],
        "password_changed_at is in the future"
    );
    let check = scene.sandbox.pgrole(status).args(["--check"]).run();
    check.expect_status(7);

    let doctor = scene.sandbox.pgrole(["doctor", "--offline"]).run().json();
    let findings = doctor.as_array().expect("an array");
    let named = findings.iter().find(|finding| {
        let detail = finding["detail"].as_str().unwrap_or_default();
        detail.contains(FUTURE)
    });
    let named = named.unwrap_or_else(|| panic!("{doctor}"));
    assert_eq!(
        (&named["check"], &named["status"]),
        (&"rotation".into(), &"warning".into())
    );
    assert!(named["subject"].to_string().contains(&role));

    let rotate = ["rotate", "--older-than", "90d", "--quiet"];
    let run = scene.sandbox.pgrole(rotate).run();
    run.expect_status(0)
        .expect_in_stderr(&role)
        .expect_in_stderr("is in the future");
    assert_ne!(scene.delivered_password(&role), old);
    let again = scene.sandbox.pgrole(rotate).run();
    again.expect_status(0).expect_stderr("");
}

#[test]
fn the_newest_event_is_listed_first_whatever_its_time() {
    let scene = Scene::new();
    let insert = |time: &str| {
        scene.query(&format!(
            "INSERT INTO audit_log (performed_at, operation_id, stage, operation, env, status, os_user, uid, host, pid, version)
             VALUES ('{time}', 'op{time}', 'event', 'user reset', 'dev', 'x', 'ann', 1, 'h', 1, '0')"
        ));
    };
    insert("2199-01-01T00:00:00.000000Z");
    insert("2001-01-01T00:00:00.000000Z");
    for filter in [&[][..], &["-e", "dev"], &["--operator", "ann"]] {
        let list = scene.sandbox.pgrole(["audit", "list", "--limit", "2"]);
        let rows = list.args(filter).run().expect_status(0).json();
        let times: Vec<_> = (0..2)
            .map(|row| rows[row]["performed_at"].clone())
            .collect();
        assert_eq!(
            times,
            ["2001-01-01T00:00:00.000000Z", "2199-01-01T00:00:00.000000Z"]
        );
        let id = rows[0]["id"].to_string();
        let next = ["audit", "list", "--limit", "1", "--before", &id];
        let next = scene.sandbox.pgrole(next).args(filter).run();
        assert_eq!(next.json()[0]["id"], rows[1]["id"]);
    }
}
