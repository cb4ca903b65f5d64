//! A person leaves while pgrole is killed at random instants: the run that follows ends it, whatever was cut off.
//!
//! `PGROLE_OFFBOARD_KILLS` says how many kills (`scripts/offboard N`), `PGROLE_OFFBOARD_CLUSTERS` and
//! `PGROLE_OFFBOARD_DATABASES` how large the fleet is.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use super::fleet::Fleet;
use super::offboarding::fleet;
use crate::crash::dice::{Dice, fresh_seed, number};
use crate::harness::sqlite::query;

const KILLS: u64 = 4;
/// In one round before the run that is left alone.
const MOST_IN_A_ROUND: u64 = 3;

fn say(text: &str) {
    writeln!(std::io::stderr(), "{text}").ok();
}

fn registry(fleet: &Fleet, sql: &str) -> String {
    query(&fleet.sandbox.registry(), sql)
}

#[test]
fn whatever_is_killed_the_next_run_ends_it() {
    let seed = number("PGROLE_OFFBOARD_SEED").unwrap_or_else(fresh_seed);
    let wanted = number("PGROLE_OFFBOARD_KILLS").unwrap_or(KILLS);
    let fleet = fleet();
    let started = Instant::now();
    let length = measure(&fleet);
    let (mut kills, mut round, mut cut) = (0, 0, 0);
    while kills < wanted {
        let mut dice = Dice::new(seed, round);
        let sessions = fleet.hire();
        let mut told = format!("\nseed {seed}, round {round}");
        let last = registry(&fleet, "SELECT coalesce(max(id), 0) FROM audit_log");
        let in_round = 1 + dice.below(MOST_IN_A_ROUND);
        for _ in 0..in_round {
            let instant = dice.instant(length.mul_f64(1.05));
            let run = fleet.offboard(&[]).spawn();
            thread::sleep(instant);
            let killed = run.kill();
            cut += u64::from(killed.status().is_none());
            told += &format!("\nkilled after {instant:?}: {killed}");
            kills += 1;
        }
        let ended = fleet.offboard(&[]).run();
        told += &format!("\nthen: {ended}");
        assert!(matches!(ended.status(), Some(0 | 3)), "{told}");
        for mut session in sessions {
            assert!(
                session.simple_query("SELECT 1").is_err(),
                "a session is alive{told}"
            );
        }
        fleet.look(&told);
        look_at_records(&fleet, &last, &told);
        fleet.clear();
        round += 1;
    }
    let verified = fleet.sandbox.pgrole(["audit", "verify"]).run();
    verified.expect_status(0);
    say(&format!(
        "offboard: {kills} kills ({cut} of a run that had not ended) in {round} rounds on {} clusters, {:.0} s (seed {seed})",
        fleet.clusters.len(),
        started.elapsed().as_secs_f64()
    ));
}

/// How long a run takes that is left alone.
fn measure(fleet: &Fleet) -> Duration {
    let sessions = fleet.hire();
    let started = Instant::now();
    fleet.offboard(&[]).run().expect_status(0);
    let length = started.elapsed();
    drop(sessions);
    fleet.look("");
    fleet.clear();
    number("PGROLE_OFFBOARD_LENGTH").map_or(length, Duration::from_micros)
}

/// Nothing of her is on record as open; each cluster has its end in the log; what has no outcome is shown as such.
fn look_at_records(fleet: &Fleet, last: &str, told: &str) {
    let open = registry(fleet, "SELECT count(*) FROM locked_role");
    assert_eq!(open, "0", "{told}");
    let ended = registry(
        fleet,
        &format!(
            "SELECT count(DISTINCT port) FROM audit_log WHERE id > {last} AND stage = 'outcome' AND operation = 'user drop' AND status = 'user dropped'"
        ),
    );
    assert_eq!(
        ended,
        fleet.clusters.len().to_string(),
        "the log does not tell of each end{told}"
    );
    let unfinished = registry(
        fleet,
        &format!(
            "SELECT count(*) FROM audit_log i WHERE i.id > {last} AND i.stage = 'intent'
             AND NOT EXISTS (SELECT 1 FROM audit_log o WHERE o.operation_id = i.operation_id AND o.stage = 'outcome')"
        ),
    );
    let listed = fleet
        .sandbox
        .pgrole(["audit", "list", "--limit", "10000", "--format", "json"])
        .run();
    listed.expect_status(0);
    let rows = listed.json();
    let rows = rows.as_array().expect("a list");
    let last: i64 = last.parse().expect("an id");
    let shown = rows.iter().filter(|row| {
        row["id"].as_i64().is_some_and(|id| id > last) && row["status"] == "no outcome on record"
    });
    assert_eq!(shown.count().to_string(), unfinished, "{told}");
}
