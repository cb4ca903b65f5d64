//! Targets of several hosts, and hosts of several kinds.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use super::Target;
use crate::harness::cluster::Configuration;
use crate::harness::{Cluster, Outcome, Plan, Proxy, Sandbox, servers, sqlite};

struct Pair {
    primary: Cluster,
    standby: Cluster,
}

impl Pair {
    fn new() -> Self {
        let primary = Cluster::private(|c| c);
        let standby = Cluster::standby_of(&primary);
        Self { primary, standby }
    }

    fn sandbox(&self) -> Sandbox {
        Sandbox::new().with_admin(&self.primary)
    }
}

fn ports(ports: &[u16]) -> String {
    let ports: Vec<_> = ports.iter().map(u16::to_string).collect();
    ports.join(",")
}

/// Creates a role, so that only a primary will do.
fn write(target: &Target, role: &str) -> Outcome {
    let create = [
        "user", "readonly", "-e", "dev", "-d", "postgres", "-u", role,
    ];
    target.sandbox.pgrole(create).run()
}

/// A port where nobody listens.
fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener.local_addr().expect("it is bound").port()
}

#[test]
fn of_several_hosts_the_primary_is_found() {
    let pair = Pair::new();
    let sandbox = pair.sandbox();
    let target = Target {
        sandbox: &sandbox,
        host: "127.0.0.1,localhost",
        port: ports(&[pair.standby.port(), pair.primary.port()]),
    };
    target.add(&[]);
    write(&target, "from_the_second").expect_status(0);
    target.update(&["-p", &ports(&[pair.primary.port(), pair.standby.port()])]);
    let report = write(&target, "from_the_first").expect_status(0).json();
    assert_eq!(report["hostname"], "127.0.0.1,localhost");
    assert_eq!(report["port"], target_ports(&pair));
    let made = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'from_the_%'";
    assert_eq!(pair.primary.psql("postgres", made), "2");
}

fn target_ports(pair: &Pair) -> String {
    ports(&[pair.primary.port(), pair.standby.port()])
}

#[test]
fn where_no_host_takes_changes_all_are_named() {
    let pair = Pair::new();
    let sandbox = pair.sandbox();
    let standby = pair.standby.port();
    let target = Target {
        sandbox: &sandbox,
        host: "127.0.0.1,localhost",
        port: ports(&[standby]),
    };
    target.add(&[]);
    let outcome = target.log_in();
    let error = &outcome.expect_status(6).json_error()["error"];
    assert_eq!(error["kind"], "refused", "{outcome}");
    assert_eq!(error["sqlstate"], "25006", "{outcome}");
    for host in ["127.0.0.1", "localhost"] {
        let line = format!("{host}:{standby} is a standby, or default_transaction_read_only is on");
        assert!(error["causes"].to_string().contains(&line), "{outcome}");
    }
    // One host is taken as it is: a standby can be read.
    target.update(&["-H", "127.0.0.1"]);
    target.log_in().expect_status(0);
}

#[test]
fn a_server_that_does_not_report_whether_it_is_a_standby_is_asked() {
    let configure = |c: Configuration| c.setting("default_transaction_read_only", "on");
    let Some(old) = Cluster::private_of_major(13, configure) else {
        return;
    };
    let Some(writable) = Cluster::of_major(13) else {
        return;
    };
    let sandbox = Sandbox::new().with_admin(writable);
    let target = Target {
        sandbox: &sandbox,
        host: "127.0.0.1,127.0.0.1",
        port: ports(&[old.port(), writable.port()]),
    };
    target.add(&[]);
    target.log_in().expect_status(0);
    target.update(&["-p", &ports(&[old.port()])]);
    target.log_in().expect_status(6);
}

#[test]
fn hosts_that_are_down_or_silent_are_passed_over() {
    let cluster = Cluster::shared();
    let proxy = Proxy::before(cluster);
    proxy.always(Plan::BlackHole);
    let sandbox = Sandbox::new().with_admin(cluster);
    let target = Target {
        sandbox: &sandbox,
        host: "no-such-host.invalid,localhost,127.0.0.1,[::1],127.0.0.1",
        port: ports(&[
            1,
            closed_port(),
            proxy.port(),
            closed_port(),
            cluster.port(),
        ]),
    };
    target.add(&[]);
    target.log_in().expect_status(0);
}

/// Runs the command where the name `many` has two addresses; None where this machine lets nobody have a file of hosts
/// of its own.
fn where_many_has_two_addresses(sandbox: &Sandbox, command: &Command) -> Option<Outcome> {
    let hosts = sandbox.path().join("hosts");
    fs::write(&hosts, "127.0.0.1 many\n::1 many\n").expect("the sandbox can be written");
    let in_there = |script: &str| {
        let script = format!("mount --bind {} /etc/hosts && {script}", hosts.display());
        let mut unshare = Command::new("unshare");
        unshare.args(["-rm", "sh", "-c", &script, "sh"]);
        unshare
    };
    let seen = in_there("getent ahosts many").output().ok()?;
    let seen = String::from_utf8_lossy(&seen.stdout).into_owned();
    if !(seen.contains("::1") && seen.contains("127.0.0.1")) {
        return None;
    }
    let mut inside = in_there("exec \"$@\"");
    inside.arg(command.get_program()).args(command.get_args());
    inside.env_clear().current_dir(sandbox.path());
    let variables = command.get_envs();
    inside.envs(variables.filter_map(|(name, value)| Some((name, value?))));
    Some(sandbox.outcome_of(inside))
}

#[test]
fn each_address_of_a_name_is_tried() {
    // The proxy listens on 127.0.0.1 alone; a port of ::1 first refuses, then is silent.
    let proxy = Proxy::before(Cluster::shared());
    let sandbox = Sandbox::new().with_admin(Cluster::shared());
    let target = Target {
        sandbox: &sandbox,
        host: "many",
        port: proxy.port().to_string(),
    };
    target.add(&["--sslmode", "disable"]);
    let check = sandbox.pgrole(["credential", "check"]).command();
    let Some(checked) = where_many_has_two_addresses(&sandbox, &check) else {
        servers::skip("no namespace of its own for a file of hosts here (unshare -rm)");
        return;
    };
    checked.expect_status(0);
    let _silent = TcpListener::bind(("::1", proxy.port())).expect("nobody listens there");
    let checked = where_many_has_two_addresses(&sandbox, &check).expect("it went well before");
    checked.expect_status(0);
}

#[test]
fn a_session_is_named_after_pgrole_whatever_pgappname_says() {
    let logged = |c: Configuration| {
        c.setting("log_statement", "all")
            .setting("log_line_prefix", "[%a] ")
    };
    let cluster = Cluster::private(logged);
    let mut sandbox = Sandbox::new().with_admin(&cluster);
    sandbox.env("PGAPPNAME", "somebody-else");
    let target = Target {
        sandbox: &sandbox,
        host: "127.0.0.1",
        port: cluster.port().to_string(),
    };
    target.add(&[]);
    write(&target, "jane").expect_status(0);
    let id = sqlite::query(
        &sandbox.registry(),
        "SELECT operation_id FROM password_change",
    );
    let log = cluster.log();
    let own = concat!("[pgrole/", env!("CARGO_PKG_VERSION"), "] ");
    for name in [own, &format!("[pgrole:{id}] ")] {
        assert!(log.contains(&format!("{name}LOG:")), "{name}\n{log}");
    }
    assert!(!log.contains("somebody-else"), "{log}");
}

#[test]
fn where_no_host_answers_each_says_why() {
    let sandbox = {
        let mut sandbox = Sandbox::new();
        sandbox.env("PG_ADMIN_USER", "dba");
        sandbox.env("PG_ADMIN_PASS", "secret");
        sandbox
    };
    let target = Target {
        sandbox: &sandbox,
        host: "127.0.0.1,/nowhere",
        port: ports(&[closed_port()]),
    };
    target.add(&[]);
    let outcome = target.log_in();
    let error = &outcome.expect_status(5).json_error()["error"];
    let causes = error["causes"].to_string();
    let port = &target.port;
    for line in [
        format!("cannot log in to dev/postgres at 127.0.0.1:{port}, /nowhere/.s.PGSQL.{port}"),
        "none of the target's hosts can be used".to_owned(),
        format!("cannot reach 127.0.0.1:{port}, in phase TCP: Connection refused"),
        format!("cannot reach /nowhere/.s.PGSQL.{port}, in phase TCP: No such file"),
    ] {
        assert!(causes.contains(&line), "{outcome}wanted: {line}");
    }
}

#[test]
fn a_wrong_password_is_not_tried_on_the_next_host() {
    let cluster = Cluster::shared();
    let proxy = Proxy::before(cluster);
    let mut sandbox = Sandbox::new();
    sandbox.env("PG_ADMIN_USER", "postgres");
    sandbox.env("PG_ADMIN_PASS", "wrong");
    let target = Target {
        sandbox: &sandbox,
        host: "127.0.0.1,127.0.0.1",
        port: ports(&[cluster.port(), proxy.port()]),
    };
    target.add(&[]);
    let outcome = target.log_in();
    outcome.expect_status(5).expect_in_stderr("28P01");
    assert_eq!(proxy.round_trips(), 0);
}

#[test]
fn ipv6_and_unix_sockets_are_hosts_too() {
    let cluster = Cluster::shared();
    let sandbox = Sandbox::new().with_admin(cluster);
    let socket = cluster.socket_dir().to_str().expect("an ASCII path");
    let target = Target {
        sandbox: &sandbox,
        host: socket,
        port: cluster.port().to_string(),
    };
    // Never encrypted, whatever the entry says.
    target.add(&["--sslmode", "require"]);
    target.log_in().expect_status(0);
    if TcpListener::bind("[::1]:0").is_ok() {
        target.update(&["-H", "[::1]", "--sslmode", "default"]);
        target.log_in().expect_status(0);
    }
}

#[test]
fn flags_that_do_not_go_together_are_refused() {
    let sandbox = Sandbox::new();
    let target = Target {
        sandbox: &sandbox,
        host: "a,b",
        port: "1,2".to_owned(),
    };
    target.add(&["--sslnegotiation", "direct"]);
    let refused = |flags: &[&str], message: &str| {
        let update = ["registry", "update", "-e", "dev", "-d", "postgres"];
        let outcome = sandbox.pgrole(update).args(flags.iter().copied()).run();
        let error = &outcome.expect_status(2).json_error()["error"];
        assert_eq!(error["message"], message, "{outcome}");
    };
    refused(&["-p", "1,2,3"], "3 ports for 2 hosts");
    refused(&["-H", "a"], "2 ports for 1 hosts");
    refused(
        &["--sslmode", "prefer"],
        "sslmode prefer is too weak for sslnegotiation direct",
    );
    refused(
        &["--sslmode", "verify-ca", "--sslrootcert", "system"],
        "sslmode verify-ca is too weak for sslrootcert system",
    );
    let shown = sandbox
        .pgrole(["registry", "show", "-e", "dev", "-d", "postgres"])
        .run();
    let entry = shown.expect_status(0).json();
    assert_eq!(entry["ports"], "1,2");
    assert_eq!(entry["sslmode"], serde_json::Value::Null);
}
