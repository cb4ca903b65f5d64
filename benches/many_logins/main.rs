//! How long `user create --from` takes for a fleet that is 20 ms away: `cargo bench --bench many_logins`. Prints figures;
//! asserts only that all logins are there.
//!
//! Fifteen ports stand for fifteen clusters: each delays what passes by 10 ms in each direction. Behind them are fewer
//! real servers, so that they fit onto one machine; pgrole finds out, and takes the ports of one server for one cluster.

#[allow(dead_code, unused_imports, reason = "a bench uses a part of it")]
#[path = "../../tests/it/harness/mod.rs"]
mod harness;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use harness::{Cluster, Sandbox, sqlite, variable};
use nix::sys::resource::{UsageWho, getrusage};

const SERVERS: usize = 3;
const PORTS: usize = 15;
const ONE_WAY: Duration = Duration::from_millis(10);

/// How many databases each port has; fewer than the 150 of the goal for a quick look.
fn databases() -> usize {
    let wanted = variable("PGROLE_BENCH_DATABASES").and_then(|text| text.parse().ok());
    wanted.unwrap_or(150)
}

fn main() {
    let clusters: Vec<Cluster> = (0..SERVERS).map(|_| Cluster::private(|c| c)).collect();
    for cluster in &clusters {
        let mut client = cluster.superuser_client("postgres");
        for number in 0..databases() {
            client
                .batch_execute(&format!("CREATE DATABASE app{number:03}"))
                .expect("a superuser may");
        }
    }
    for places in [&["stdout"] as &[&str], &["file:out/{env}_{username}"]] {
        measure(&clusters, places[0]);
    }
}

#[allow(clippy::print_stdout, reason = "a bench prints its figures")]
fn measure(clusters: &[Cluster], deliver: &str) {
    let mut sandbox = Sandbox::new().with_admin(&clusters[0]);
    // On a disk, where to sync takes time; the sandbox may be in memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"));
    let folder = folder.expect("the folder of the build can be written");
    let registry = folder.path().join("pg_registry.db");
    sandbox.env("PGROLE_REGISTRY", registry.as_os_str());
    let envs: Vec<String> = (0..PORTS).map(|number| format!("e{number:02}")).collect();
    sandbox.write_config(&format!("environments = {envs:?}\n"));
    sandbox.pgrole(["registry", "list"]).run();
    let prefix = &deliver[..1];
    let mut roster = "env,database,profile,username,deliver\n".to_owned();
    for (number, env) in envs.iter().enumerate() {
        let port = delayed(clusters[number % SERVERS].port());
        let last = databases() - 1;
        let entries = format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})
             INSERT INTO db_registry (env, db_name, hostname, port, active, sslmode)
             SELECT '{env}', printf('app%03d', n), '127.0.0.1', {port}, 1, 'disable' FROM numbers"
        );
        sqlite::query(&registry, &entries);
        for database in 0..databases() {
            roster += &format!(
                "{env},app{database:03},readonly,{prefix}{number:02}_{database:03},{deliver}\n"
            );
        }
    }
    fs::create_dir(sandbox.path().join("out")).expect("the sandbox can be written");
    fs::write(sandbox.path().join("people.csv"), roster).expect("the sandbox can be written");
    for run in ["the first run", "the same again"] {
        let words = [
            "user",
            "create",
            "--from",
            "people.csv",
            "--format",
            "jsonl",
        ];
        let mut command = sandbox.pgrole(words).command();
        let (results, errors) = (
            sandbox.path().join("results"),
            sandbox.path().join("errors"),
        );
        let file = |path| File::create(path).expect("the sandbox can be written");
        let before = cpu();
        let started = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(file(&results))
            .stderr(file(&errors))
            .spawn()
            .expect("the program starts");
        let mut memory = 0;
        let status = loop {
            memory = memory.max(peak_memory(child.id()));
            if let Some(status) = child.try_wait().expect("our own child") {
                break status;
            }
            thread::sleep(Duration::from_millis(50));
        };
        let took = started.elapsed();
        let errors = fs::read_to_string(&errors).unwrap_or_default();
        assert!(status.success(), "{errors}");
        let rows = fs::read_to_string(&results)
            .unwrap_or_default()
            .lines()
            .count();
        assert_eq!(rows, PORTS * databases(), "{errors}");
        println!(
            "{rows} logins by {PORTS} ports to {SERVERS} servers, 20 ms away, to {deliver}, {run}: {:.1} s, of which {:.1} s of pgrole's own CPU; at most {} MiB",
            took.as_secs_f64(),
            cpu().saturating_sub(before).as_secs_f64(),
            memory / 1024
        );
    }
}

/// The most memory that a running process has had, in KiB (`proc(5)`, VmHWM).
fn peak_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().split(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// What the programs took that have ended: pgrole, for nothing else does meanwhile.
fn cpu() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("our own children");
    let time = |value: nix::sys::time::TimeVal| {
        let micros = value.tv_sec() * 1_000_000 + value.tv_usec();
        Duration::from_micros(micros.try_into().unwrap_or_default())
    };
    time(usage.user_time()) + time(usage.system_time())
}

/// Listens on a port of its own, behind which the server is far away.
fn delayed(server: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("a bound socket").port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || {
                // Nagle's algorithm would add a wait of its own.
                client.set_nodelay(true)?;
                // What the connection itself would take.
                thread::sleep(2 * ONE_WAY);
                let server = TcpStream::connect(("127.0.0.1", server))?;
                server.set_nodelay(true)?;
                let (answers, to_client) = (server.try_clone()?, client.try_clone()?);
                thread::spawn(move || pass(answers, to_client));
                pass(client, server)
            });
        }
    });
    port
}

/// Passes on each portion when its time has come, however many are under way.
fn pass(mut from: TcpStream, mut to: TcpStream) -> io::Result<()> {
    let (sender, receiver) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        for (due, portion) in receiver {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&portion).is_err() {
                return;
            }
        }
        to.shutdown(Shutdown::Write).ok();
    });
    let mut bytes = [0; 16 * 1024];
    loop {
        let length = from.read(&mut bytes)?;
        if length == 0
            || sender
                .send((Instant::now() + ONE_WAY, bytes[..length].to_vec()))
                .is_err()
        {
            return Ok(());
        }
    }
}
