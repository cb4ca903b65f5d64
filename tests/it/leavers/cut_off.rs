//! A drop whose connection is cut: the next run ends it as if nothing had happened.

use super::estate::Estate;
use crate::harness::{Cluster, Plan, Proxy};

/// Something of each statement that every drop sends.
const ALWAYS: [&str; 4] = [" NOLOGIN", "REASSIGN OWNED", "DROP OWNED", "DROP ROLE"];
/// And of those that depend on the server's version, or on the admin credential.
const SOMETIMES: [&str; 10] = [
    "pg_terminate_backend",
    "GRANT \"TEAM\"",
    "GRANT CREATE ON",
    "GRANT USAGE ON SCHEMA theirs",
    "GRANT SELECT ON TABLE theirs.ledger",
    "REVOKE ALL ON",
    "REVOKE CREATE ON",
    "SET LOCAL ROLE",
    "pgrole: ",
    "REVOKE \"JANE\"",
];

/// Cuts before the statement reaches the server, or swallows its answer; then runs the command again. Whether anything was
/// cut.
fn converges(cluster: &Cluster, statement: &str, cut: impl Fn(Vec<u8>) -> Plan) -> bool {
    let mut estate = Estate::on(cluster);
    let proxy = Proxy::before(cluster);
    let database = estate.scene.database().to_owned();
    estate
        .scene
        .sandbox
        .register_on_port(proxy.port(), "qa", &database);
    let loans = estate.loans();
    let statement = statement
        .replace("TEAM", &estate.team)
        .replace("JANE", &estate.jane);
    let session = cluster.client_as(&estate.jane, "x", &database);
    proxy.once(cut(statement.clone().into_bytes()));
    let drop = || {
        let run = estate.scene.sandbox.pgrole(["user", "drop", &estate.jane]);
        let place = ["-e", "qa", "-d", &database, "--reassign-to", &estate.heir];
        run.args(place).run()
    };
    let first = drop();
    let after = estate.loans();
    for membership in after.lines() {
        assert!(
            loans.contains(membership),
            "{statement}: {membership} was not given back{first}"
        );
    }
    if first.status() != Some(0) {
        let second = drop();
        second.expect_status(0);
        assert_eq!(
            second.json()["status"],
            "user dropped",
            "{statement}: {first}{second}"
        );
    }
    estate.look();
    assert!(session.is_err() || session.is_ok_and(|mut it| it.simple_query("SELECT 1").is_err()));
    for membership in estate.loans().lines() {
        assert!(
            loans.contains(membership),
            "{statement}: {membership} is left{first}"
        );
    }
    first.status() != Some(0)
}

fn each_converges(cluster: &Cluster) {
    for statement in ALWAYS {
        assert!(
            converges(cluster, statement, Plan::CutBefore),
            "{statement}"
        );
    }
    assert!(converges(cluster, "DROP ROLE", Plan::CutAfter));
}

#[test]
fn a_drop_that_is_cut_off_anywhere_is_ended_by_the_next() {
    let cluster = Cluster::shared();
    each_converges(cluster);
    for statement in SOMETIMES {
        converges(cluster, statement, Plan::CutBefore);
    }
    for statement in ALWAYS {
        converges(cluster, statement, Plan::CutAfter);
    }
}

#[test]
fn a_drop_that_is_cut_off_anywhere_is_ended_by_the_next_on_13() {
    if let Some(cluster) = Cluster::of_major(13) {
        each_converges(cluster);
    }
}

#[test]
fn a_drop_that_is_cut_off_anywhere_is_ended_by_the_next_on_16() {
    if let Some(cluster) = Cluster::of_major(16) {
        each_converges(cluster);
    }
}

#[test]
fn a_drop_that_is_cut_off_anywhere_is_ended_by_the_next_on_18() {
    if let Some(cluster) = Cluster::of_major(18) {
        each_converges(cluster);
    }
}
