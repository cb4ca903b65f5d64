//! The audit log at a million events beside an empty one: `cargo bench --bench audit`. Prints figures; asserts nothing.

#[allow(dead_code, unused_imports, reason = "a bench uses a part of it")]
#[path = "../../tests/it/harness/mod.rs"]
mod harness;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use harness::Sandbox;
use rusqlite::Connection;
use rusqlite::types::Value;
use sha2::{Digest, Sha256};

const EVENTS: i64 = 1_000_000;
const RUNS: usize = 31;

#[allow(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() {
    let empty = sandbox();
    let full = sandbox();
    let started = Instant::now();
    fill(&full);
    println!(
        "a log of {EVENTS} events made in {:.0} s, {} MB\n",
        started.elapsed().as_secs_f64(),
        std::fs::metadata(full.registry()).map_or(0, |file| file.len() / 1_000_000)
    );
    println!("| what | ms |\n| --- | --- |");
    let (one, other) = appends(&empty, &full);
    println!("| append, empty log (median of {RUNS}) | {one:.2} |");
    println!("| append, {EVENTS} events | {other:.2} |");
    for words in LISTS {
        let time = median(|| run(&full, words).1);
        println!("| {words} | {time:.1} |");
    }
    for words in ["audit verify", "audit export", "audit export --format csv"] {
        let (memory, time) = run(&full, words);
        let rate = 1_000.0 * 1_000_000.0 / time;
        println!("| {words} ({rate:.0} events/s, at most {memory} kB) | {time:.0} |");
    }
}

const LISTS: [&str; 11] = [
    "audit list",
    "audit list --before 500000",
    "audit list --before 100",
    "audit list -e prod",
    "audit list -e uat",
    "audit list -d nothing",
    "audit list -u role_7",
    "audit list -u nobody -e prod",
    "audit list --operator ann --since 2020-01-01",
    "audit list --operation drop",
    "audit list --failed -e prod",
];

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let add = ["registry", "add", "-e", "dev", "-d", "app", "-H", "h"];
    sandbox.pgrole(add).run().expect_status(0);
    sandbox
}

/// Intents and their outcomes, chained as pgrole chains them.
fn fill(sandbox: &Sandbox) {
    let mut connection = Connection::open(sandbox.registry()).expect("the file is there");
    connection
        .execute_batch("PRAGMA synchronous = OFF")
        .expect("a setting");
    let newest = "SELECT hash FROM audit_log ORDER BY id DESC LIMIT 1";
    let mut previous: String = connection
        .query_row(newest, [], |row| row.get(0))
        .expect("there are events");
    let transaction = connection.transaction().expect("nobody else writes");
    for id in 3..=EVENTS {
        previous = insert(&transaction, id, previous);
    }
    transaction.commit().expect("there is room");
}

fn insert(connection: &Connection, id: i64, previous: String) -> String {
    let number = id / 2;
    let is_outcome = id % 2 == 0;
    let env = if number % 2 == 0 { "prod" } else { "dev" };
    let text = |text: &str| Value::Text(text.to_owned());
    let mut columns = vec![
        ("db_name", text("app")),
        ("env", text(env)),
        ("host", text("desk")),
        ("hostname", text("127.0.0.1")),
        ("id", Value::Integer(id)),
        ("operation", text("user reset")),
        ("operation_id", Value::Text(format!("{number:016x}"))),
        ("os_user", text("ann")),
        ("performed_at", Value::Text(time_of(id))),
        ("pid", Value::Integer(4711)),
        ("port", Value::Integer(5432)),
        ("prev_hash", Value::Text(previous)),
        ("stage", text(if is_outcome { "outcome" } else { "intent" })),
        ("status", text("password reset")),
        ("uid", Value::Integer(1000)),
        ("username", Value::Text(format!("role_{}", number % 500))),
        ("version", text("0.1.0")),
    ];
    if is_outcome {
        columns.push(("duration_ms", Value::Real(12.5)));
        columns.push((
            "statements",
            text("ALTER ROLE \"web01_8080\" PASSWORD '<scram verifier>'"),
        ));
        if number % 1000 == 0 {
            columns.push(("error", text("permission denied")));
        }
    }
    columns.sort_by_key(|(name, _)| *name);
    let hash = hash_of(&columns);
    columns.push(("hash", Value::Text(hash.clone())));
    let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
    let places = vec!["?"; names.len()].join(", ");
    let sql = format!(
        "INSERT INTO audit_log ({}) VALUES ({places})",
        names.join(", ")
    );
    let values = rusqlite::params_from_iter(columns.iter().map(|(_, value)| value));
    let mut statement = connection.prepare_cached(&sql).expect("the table is ours");
    statement.execute(values).expect("the id is new");
    hash
}

fn time_of(id: i64) -> String {
    let (minutes, second) = (id / 60, id % 60);
    let (hours, minute) = (minutes / 60, minutes % 60);
    let (days, hour) = (hours / 24, hours % 24);
    let day = days + 1;
    format!("2025-01-{day:02}T{hour:02}:{minute:02}:{second:02}.000000Z")
}

fn hash_of(columns: &[(&str, Value)]) -> String {
    let mut form = b"pgrole audit event 1\n".to_vec();
    for (name, value) in columns {
        let value = match value {
            Value::Integer(number) => format!("i{number}").into_bytes(),
            Value::Real(number) => [b"r", &number.to_be_bytes()[..]].concat(),
            Value::Text(text) => format!("t{text}").into_bytes(),
            Value::Null | Value::Blob(_) => panic!("none of these is in an event"),
        };
        form.extend(format!("{}:{name},{}:", name.len(), value.len()).bytes());
        form.extend(value);
        form.push(b',');
    }
    let digest = Sha256::digest(&form);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whole runs that append one event each, in turn on both files, so that the machine's mood is the same for both.
fn appends(empty: &Sandbox, full: &Sandbox) -> (f64, f64) {
    let mut times = [Vec::new(), Vec::new()];
    for number in 0..RUNS * 2 {
        let verb = if number % 2 == 0 { "disable" } else { "enable" };
        for (sandbox, times) in [empty, full].into_iter().zip(&mut times) {
            let words = format!("registry {verb} -e dev -d app");
            times.push(run(sandbox, &words).1);
        }
    }
    let [one, other] = times.map(middle);
    (one, other)
}

fn median(mut measure: impl FnMut() -> f64) -> f64 {
    middle((0..RUNS).map(|_| measure()).collect())
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Runs pgrole and returns its peak memory in kB, sampled, and its time in ms.
fn run(sandbox: &Sandbox, words: &str) -> (u64, f64) {
    let mut command: Command = sandbox.pgrole(words.split(' ')).command();
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().expect("pgrole can be run");
    let mut peak = 0;
    let takes_long = words.contains("verify") || words.contains("export");
    while takes_long && child.try_wait().expect("our own child").is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let memory = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = peak.max(memory.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    let status = child.wait().expect("our own child");
    assert!(status.success(), "{words}: {status}");
    (peak, started.elapsed().as_secs_f64() * 1_000.0)
}
