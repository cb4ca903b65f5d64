//! What a login with TLS costs on the wire.

use std::process::Command;

use super::certificates::{Signed, Wish};
use super::impostor::Impostor;
use super::{Target, with_tls};
use crate::harness::servers;
use crate::harness::{Cluster, Outcome, Proxy, Sandbox};

/// Round trips of pgrole for a login and one query.
fn count(cluster: &Cluster, flags: &[&str]) -> usize {
    let proxy = Proxy::before(cluster);
    let sandbox = Sandbox::new().with_admin(cluster);
    let target = Target {
        sandbox: &sandbox,
        host: "localhost",
        port: proxy.port().to_string(),
    };
    target.add(flags);
    target.log_in().expect_status(0);
    proxy.round_trips()
}

/// The same of psql.
fn count_psql(cluster: &Cluster) -> usize {
    let proxy = Proxy::before(cluster);
    let mut command = Command::new(servers::psql());
    command.env_clear().env("PATH", "/usr/bin:/bin");
    command
        .env("PGPASSWORD", cluster.password())
        .env("PGSSLMODE", "require");
    let port = proxy.port().to_string();
    command.args(["-XAtq", "-h", "localhost", "-p", &port]);
    command.args(["-U", "postgres", "-d", "postgres", "-c", "SELECT 1"]);
    Outcome::of(command).expect_status(0);
    proxy.round_trips()
}

fn server() -> Signed {
    Wish::hosts(&["localhost"]).self_signed()
}

#[test]
fn a_login_with_tls_costs_one_round_trip_less_than_psqls_up_to_17() {
    for major in [13, 14, 15, 16, 17] {
        let signed = server();
        let Some(cluster) = Cluster::private_of_major(major, |c| with_tls(c, &signed)) else {
            continue;
        };
        let ours = count(&cluster, &["--sslmode", "require"]);
        let psqls = count_psql(&cluster);
        // The request for TLS, its handshake, three for SCRAM, the query.
        assert_eq!(ours, 6, "on {major}");
        // One more for the other curve; and what the server says to the end of psql's session may count as another.
        assert!([7, 8].contains(&psqls), "{psqls} on {major}");
    }
}

#[test]
fn direct_tls_saves_another_round_trip() {
    for major in [17, 18] {
        let signed = server();
        let Some(cluster) = Cluster::private_of_major(major, |c| with_tls(c, &signed)) else {
            continue;
        };
        let direct = ["--sslmode", "require", "--sslnegotiation", "direct"];
        let (direct, asked) = (count(&cluster, &direct), count(&cluster, &direct[..2]));
        assert_eq!((direct, asked), (5, 6), "on {major}");
    }
}

#[test]
fn several_hosts_cost_no_round_trip_more_from_14_on() {
    let cluster = Cluster::private(|c| with_tls(c, &server()));
    let proxy = Proxy::before(&cluster);
    let sandbox = Sandbox::new().with_admin(&cluster);
    let target = Target {
        sandbox: &sandbox,
        host: "localhost,127.0.0.1",
        port: proxy.port().to_string(),
    };
    target.add(&["--sslmode", "require"]);
    target.log_in().expect_status(0);
    let wanted = if cluster.server_version_major() < 14 {
        7
    } else {
        6
    };
    assert_eq!(proxy.round_trips(), wanted);
}

#[test]
fn direct_tls_with_a_server_that_does_not_know_it_says_so() {
    let signed = server();
    let Some(cluster) = Cluster::private_of_major(15, |c| with_tls(c, &signed)) else {
        return;
    };
    let sandbox = Sandbox::new().with_admin(&cluster);
    let target = Target {
        sandbox: &sandbox,
        host: "localhost",
        port: cluster.port().to_string(),
    };
    target.add(&["--sslmode", "require", "--sslnegotiation", "direct"]);
    expect_not_direct(&target.log_in(), "in phase TLS");
}

#[test]
fn direct_tls_wants_the_protocol_confirmed() {
    let web_server = Impostor::of_tls(&server());
    let mut sandbox = Sandbox::new();
    sandbox.env("PG_ADMIN_USER", "dba");
    sandbox.env("PG_ADMIN_PASS", "secret");
    let target = Target {
        sandbox: &sandbox,
        host: "localhost",
        port: web_server.port().to_string(),
    };
    target.add(&["--sslmode", "require", "--sslnegotiation", "direct"]);
    let outcome = target.log_in();
    expect_not_direct(
        &outcome,
        "the server did not confirm PostgreSQL's protocol (ALPN)",
    );
}

#[track_caller]
fn expect_not_direct(outcome: &Outcome, message: &str) {
    let error = &outcome.expect_status(5).json_error()["error"];
    assert_eq!(error["kind"], "unreachable", "{outcome}");
    assert!(error["causes"].to_string().contains(message), "{outcome}");
    let hint = "direct TLS needs PostgreSQL 17 or newer: pgrole registry update -e dev -d postgres --sslnegotiation postgres";
    assert_eq!(error["hint"], hint, "{outcome}");
}
