//! Tests of the test harness: what the other tests take for granted.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{Cluster, Plan, Proxy, Sandbox, Terminal};

/// In the environment of this test binary, makes one test wait to be killed.
const VICTIM: &str = "PGROLE_TEST_VICTIM";

#[test]
fn the_shared_cluster_runs_the_wanted_version() {
    let cluster = Cluster::shared();
    let version: String = cluster
        .client("postgres")
        .query_one("SHOW server_version_num", &[])
        .expect("answers")
        .get(0);
    assert_eq!(
        version.parse::<u32>().expect("a number") / 10_000,
        cluster.server_version_major()
    );
    assert_eq!(cluster.psql("postgres", "SHOW fsync"), "off");
}

#[test]
fn areas_have_databases_and_roles_of_their_own() {
    let cluster = Cluster::shared();
    let (one, other) = (cluster.area(), cluster.area());
    assert_ne!(one.database(), other.database());
    let role = one.create_role("web", "LOGIN PASSWORD 'secret'");
    let outcome = cluster.psql_as(
        &role,
        "secret",
        one.database(),
        "SELECT current_database() = current_user",
    );
    outcome.expect_status(0).expect_stdout("f\n");
    cluster
        .psql_as(&role, "wrong", one.database(), "SELECT 1")
        .expect_status(2);
    assert_eq!(
        one.psql("SELECT count(*) FROM pg_roles WHERE rolname = 'web'"),
        "0"
    );
}

#[test]
fn a_private_cluster_takes_settings_hba_lines_and_files() {
    let cluster = Cluster::private(|c| {
        c.setting("default_transaction_read_only", "on")
            .hba("host all nobody_at_all all reject")
            .file("note", "x")
    });
    assert_eq!(
        cluster.psql("postgres", "SHOW default_transaction_read_only"),
        "on"
    );
    let rejected = cluster.psql_as("nobody_at_all", "", "postgres", "SELECT 1");
    rejected
        .expect_status(2)
        .expect_in_stderr("pg_hba.conf rejects connection");
    assert_eq!(cluster.psql("postgres", "SELECT pg_read_file('note')"), "x");
}

#[test]
fn a_server_can_be_stopped_and_started() {
    let cluster = Cluster::private(|c| c);
    let started = "SELECT pg_postmaster_start_time()";
    let before = cluster.psql("postgres", started);
    cluster.restart();
    assert_ne!(cluster.psql("postgres", started), before);
    cluster.stop_immediate();
    assert!(
        cluster
            .client_as(Cluster::SUPERUSER, cluster.password(), "postgres")
            .is_err()
    );
    cluster.start();
    cluster.psql("postgres", "SELECT 1");
}

#[test]
fn a_standby_follows_and_refuses_to_write() {
    let primary = Cluster::private(|c| c);
    let standby = Cluster::standby_of(&primary);
    primary.psql("postgres", "CREATE ROLE made_on_the_primary");
    wait_until("the role is on the standby", || {
        standby.psql(
            "postgres",
            "SELECT count(*) FROM pg_roles WHERE rolname = 'made_on_the_primary'",
        ) == "1"
    });
    let sql = "CREATE ROLE x";
    let refused = standby.psql_as(Cluster::SUPERUSER, standby.password(), "postgres", sql);
    refused
        .expect_status(1)
        .expect_in_stderr("read-only transaction");
}

#[test]
fn a_proxy_counts_the_round_trips_of_a_session() {
    let cluster = Cluster::shared();
    let proxy = Proxy::before(cluster);
    proxy
        .psql("postgres", "SELECT 1")
        .expect_status(0)
        .expect_stdout("1\n");
    // Three to log in by SCRAM, one for the query.
    assert_eq!(proxy.round_trips(), 4);
    assert_eq!(proxy.traffic()[0].messages, ["startup", "p", "p", "Q"]);
    proxy.forget();
    proxy
        .psql("postgres", "SELECT 1; SELECT 2")
        .expect_status(0);
    assert_eq!(proxy.round_trips(), 4);
}

#[test]
fn a_proxy_counts_a_client_that_waits_within_a_transaction() {
    let cluster = Cluster::shared();
    let proxy = Proxy::before(cluster);
    let mut client = postgres::Config::new()
        .host(Cluster::HOST)
        .port(proxy.port())
        .user(Cluster::SUPERUSER)
        .password(cluster.password())
        .dbname("postgres")
        .connect(postgres::NoTls)
        .expect("logs in");
    proxy.forget();
    client.batch_execute("BEGIN").expect("begins");
    client.batch_execute("SELECT 1").expect("answers");
    client.batch_execute("COMMIT").expect("ends");
    assert_eq!(proxy.round_trips(), 3);
}

#[test]
fn a_proxy_cuts_before_and_after_a_message() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    area.psql("CREATE TABLE arrived (what text)");
    let proxy = Proxy::before(cluster);
    let insert = |what: &str| {
        let sql = format!("INSERT INTO arrived VALUES ('{what}')");
        proxy.psql(area.database(), &sql)
    };
    proxy.once(Plan::cut_before("INSERT"));
    insert("cut before").expect_status(2);
    proxy.once(Plan::cut_after("INSERT"));
    insert("cut after").expect_status(2);
    insert("passed").expect_status(0);
    assert_eq!(area.psql("SELECT what FROM arrived"), "cut after\npassed");
}

#[test]
fn nothing_comes_out_of_a_black_hole() {
    let cluster = Cluster::shared();
    let proxy = Proxy::before(cluster);
    proxy.always(Plan::BlackHole);
    let mut silent = std::net::TcpStream::connect(("127.0.0.1", proxy.port())).expect("connects");
    silent
        .set_read_timeout(Some(Duration::from_millis(200)))
        .expect("a timeout can be set");
    std::io::Write::write_all(&mut silent, b"\0\0\0\x08\x04\xd2\x16\x2f")
        .expect("takes what is sent");
    let error = std::io::Read::read(&mut silent, &mut [0]).expect_err("nothing to read");
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_killed_test_process_leaves_nothing_behind() {
    let mut victim = Command::new(std::env::current_exe().expect("a test binary has a path"))
        .args([
            "--exact",
            "harness_itself::a_victim_waits_to_be_killed",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(VICTIM, "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the test binary runs");
    let output = BufReader::new(victim.stdout.take().expect("standard output is a pipe"));
    let line = output
        .lines()
        .map_while(Result::ok)
        .find_map(|line| Some(line.split_once("victim: ")?.1.to_owned()));
    let line = line.expect("the victim says where its server is");
    let (port, folder) = line.split_once(' ').expect("a port and a folder");
    let port: u16 = port.parse().expect("a port is a number");
    assert!(Path::new(folder).exists());
    std::net::TcpStream::connect(("127.0.0.1", port)).expect("the server runs");
    victim.kill().expect("our own child can be killed");
    victim.wait().expect("our own child can be waited for");
    wait_until("the server has ended", || {
        std::net::TcpStream::connect(("127.0.0.1", port)).is_err()
    });
    wait_until("the folder is gone", || !Path::new(folder).exists());
}

/// Does nothing unless the test above runs it.
#[test]
fn a_victim_waits_to_be_killed() {
    if crate::harness::variable(VICTIM).is_none() {
        return;
    }
    let cluster = Cluster::shared();
    let line = format!(
        "\nvictim: {} {}\n",
        cluster.port(),
        crate::harness::guard::folder().display()
    );
    std::io::Write::write_all(&mut std::io::stdout(), line.as_bytes()).expect("somebody reads");
    loop {
        thread::park();
    }
}

#[test]
fn a_daemon_that_a_program_leaves_does_not_hold_up_its_outcome() {
    let mut shell = Command::new("sh");
    shell.args(["-c", "sleep 30 & echo $!"]);
    let outcome = Sandbox::new().outcome_of(shell);
    let status = Command::new("kill").arg(outcome.stdout.trim()).status();
    assert!(status.expect("kill runs").success(), "it was gone already");
}

#[test]
fn pgrole_runs_under_another_account() {
    let sandbox = Sandbox::new();
    let run = || sandbox.pgrole(["--version"]).under_nobody();
    run().run().expect_status(0);
    let (_, status) = run().in_terminal(80).wait_status();
    assert_eq!(status, Some(0));
}

#[test]
fn filters_replace_what_differs_between_runs() {
    let mut sandbox = Sandbox::new();
    sandbox.filter("5432", "[PORT]");
    let mut echo = Command::new("echo");
    let path = sandbox.path().display();
    echo.arg(format!("{path}/x 5432 54321 at 2026-11-23T08:33:01.5Z, 2026-11-23T08:33:01+01:00 in 13.7 ms, 3s, 3 sheep"));
    let outcome = sandbox.outcome_of(echo).filtered();
    outcome.expect_stdout(
        "[SANDBOX]/x [PORT] 54321 at [TIME], [TIME] in [DURATION], [DURATION], 3 sheep\n",
    );
}

#[test]
fn a_terminal_shows_what_is_typed_and_printed() {
    let mut shell = Command::new("/bin/sh");
    shell.env_clear().env("PATH", "/usr/bin:/bin");
    shell.args(["-c", "stty size; printf 'name? ' >/dev/tty; read -r name </dev/tty; echo \"hello $name\"; exit 3"]);
    let mut terminal = Terminal::run(&shell, 77);
    assert_eq!(terminal.expect("name? "), "50 77\n");
    terminal.send_line("Žofie");
    assert_eq!(terminal.expect("hello "), "Žofie\n");
    assert_eq!(terminal.wait_status(), ("Žofie\n".to_owned(), Some(3)));
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}
