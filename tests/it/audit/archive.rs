//! `audit archive`: the beginning of the log in a signed file, and a log that accounts for it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::{CHECK, make_registry, sandbox_of_before_the_chain, sandbox_with_target};
use crate::harness::{FakeServer, Outcome, Sandbox, sqlite};

const OTHERS_TRIGGERS: &str =
    "DROP TRIGGER IF EXISTS audit_log_no_update; DROP TRIGGER IF EXISTS audit_log_no_delete;";

/// What `chain.rs` says that everybody may run.
const SCRIPT: &str = r#"
import hashlib, sqlite3, struct, sys
net = lambda b: b"%d:%s," % (len(b), b)
value = lambda v: {int: lambda: b"i%d" % v, float: lambda: b"r" + struct.pack(">d", v),
                   str: lambda: b"t" + v.encode(), bytes: lambda: b"b" + v}[type(v)]()
log = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
log.row_factory = sqlite3.Row
lists = dict(log.execute("SELECT hash, targets FROM target_list"))
assert all(hashlib.sha256(text.encode()).hexdigest() == key for key, text in lists.items())
last = "0" * 64
for row in map(dict, log.execute("SELECT * FROM audit_log ORDER BY id")):
    stored = row.pop("hash")
    assert row["prev_hash"] in (last, None)
    assert row["targets_hash"] is None or row["targets_hash"] in lists
    row["prev_hash"] = last
    form = b"".join(net(k.encode()) + net(value(v)) for k, v in sorted(row.items()) if v is not None)
    last = hashlib.sha256(b"pgrole audit event 1\n" + form).hexdigest()
    assert stored in (last, None)
print(row["id"], last)
"#;

fn audit(sandbox: &Sandbox, words: &[&str]) -> Outcome {
    sandbox.pgrole(["audit"].iter().chain(words)).run()
}

fn add(sandbox: &Sandbox, number: u32) {
    let database = format!("app_{number}");
    let add = ["registry", "add", "-e", "dev", "-H", "h", "-d", &database];
    sandbox.pgrole(add).run().expect_status(0);
}

/// A log of ten events.
fn sandbox_with_ten_events() -> Sandbox {
    let sandbox = Sandbox::new();
    for number in 1..10 {
        add(&sandbox, number);
    }
    sandbox
}

/// When an event was recorded.
fn time_of(sandbox: &Sandbox, event: i64) -> String {
    let sql = format!("SELECT performed_at FROM audit_log WHERE id = {event}");
    sqlite::query(&sandbox.registry(), &sql)
}

fn archive_before(sandbox: &Sandbox, event: i64, words: &[&str]) -> Outcome {
    let before = time_of(sandbox, event);
    let run = sandbox.pgrole(["audit", "archive", "--before", &before]);
    run.args(words).run()
}

fn ids(file: &Path) -> String {
    let sql = "SELECT group_concat(id, ' ') FROM (SELECT id FROM audit_log ORDER BY id)";
    sqlite::query(file, sql)
}

fn anchor_of(file: &Path, event: i64) -> String {
    let sql = format!("SELECT id || ':' || hash FROM audit_log WHERE id = {event}");
    sqlite::query(file, &sql)
}

fn file_of(report: &Value) -> PathBuf {
    PathBuf::from(report["file"].as_str().expect("a file"))
}

fn all_rows(file: &Path, condition: &str) -> String {
    sqlite::query(
        file,
        &format!("SELECT * FROM audit_log WHERE {condition} ORDER BY id"),
    )
}

#[track_caller]
fn expect_broken(outcome: &Outcome, message: &str) {
    outcome.expect_status(7);
    let found = outcome.json()["message"].clone();
    let found = found.as_str().expect("a message");
    assert!(found.contains(message), "{found}");
}

#[test]
fn what_is_archived_leaves_the_log_and_is_in_the_file_exactly() {
    let sandbox = sandbox_with_ten_events();
    let registry = sandbox.registry();
    let before = all_rows(&registry, "id < 6");
    let fifth = anchor_of(&registry, 5);
    let archived = archive_before(&sandbox, 6, &[]);
    archived.expect_status(0).expect_stderr("");
    let report = archived.json();
    assert_eq!(report["status"], "5 events archived");
    assert_eq!(
        (&report["first"], &report["events"]),
        (&1.into(), &5.into())
    );
    assert_eq!(report["last"], Value::from(fifth.clone()));
    let file = file_of(&report);
    assert_eq!(file, registry.with_file_name("pg_registry.audit-1-5.db"));
    let mode = fs::metadata(&file)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o600);
    assert_eq!(all_rows(&file, "true"), before);
    assert_eq!(ids(&registry), "6 7 8 9 10 11");
    let last = "SELECT operation, status, json_extract(archive, '$.checkpoint.checkpoint') FROM audit_log WHERE id = 11";
    assert_eq!(
        sqlite::query(&registry, last),
        format!("audit archive|5 events archived|{fifth}")
    );

    let verified = audit(&sandbox, &["verify"]);
    verified.expect_status(0);
    assert_eq!(verified.json()["events"], 6);
    assert_eq!(verified.json()["archived_to"], Value::from(fifth));
    let through = audit(
        &sandbox,
        &["verify", "--archive", &file.display().to_string()],
    );
    through.expect_status(0);
    assert_eq!(through.json()["events"], 11);
    assert_eq!(through.json()["archives"], 1);
    assert!(through.json()["archived_to"].is_null());
    // Nothing is left to move, and nothing else is in the folder.
    let again = audit(&sandbox, &["archive", "--before", "2020-01-01"]);
    assert_eq!(again.expect_status(0).json()["status"], "unchanged");
    let hidden = fs::read_dir(registry.parent().expect("a folder")).expect("a folder");
    let names = hidden.map(|entry| entry.expect("an entry").file_name());
    assert!(
        !names
            .into_iter()
            .any(|name| name.to_string_lossy().ends_with(".new"))
    );
}

#[test]
fn the_log_stays_append_only_and_ids_are_never_used_again() {
    let sandbox = sandbox_with_ten_events();
    archive_before(&sandbox, 6, &[]).expect_status(0);
    let before = all_rows(&sandbox.registry(), "true");
    for sql in [
        "DELETE FROM audit_log WHERE id = 7",
        "UPDATE audit_log SET status = 'x' WHERE id = 7",
        "INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE id = 7",
    ] {
        let refused = sqlite::sqlite3(&sandbox.registry(), sql);
        refused.expect_in_stderr("audit_log is append-only");
    }
    assert_eq!(all_rows(&sandbox.registry(), "true"), before);
    add(&sandbox, 20);
    assert_eq!(ids(&sandbox.registry()), "6 7 8 9 10 11 12");
    audit(&sandbox, &["verify"]).expect_status(0);
}

#[test]
fn the_rest_of_the_log_can_be_archived_too_and_all_files_are_one_chain() {
    let sandbox = sandbox_with_ten_events();
    let one = file_of(&archive_before(&sandbox, 6, &[]).json());
    add(&sandbox, 20);
    add(&sandbox, 21);
    // This takes the event of the first archive along.
    let two = archive_before(&sandbox, 13, &["--output", "second.db"]);
    two.expect_status(0);
    assert_eq!(two.json()["first"], 6);
    let two = sandbox.path().join("second.db");
    assert_eq!(ids(&two), "6 7 8 9 10 11 12");
    assert_eq!(ids(&sandbox.registry()), "13 14");
    let [one, two] = [one, two].map(|file| file.display().to_string());
    let verify = |words: &[&str]| -> Value {
        let words = [&["verify"], words].concat();
        audit(&sandbox, &words).expect_status(0).json()
    };
    let twelfth = verify(&[])["archived_to"].clone();
    assert!(
        twelfth
            .as_str()
            .is_some_and(|anchor| anchor.starts_with("12:"))
    );
    assert_eq!(
        verify(&["--archive", &two, "--archive", &one])["events"],
        14
    );
    assert_eq!(verify(&["--archive", &one])["events"], 7);
    assert_eq!(verify(&["--archive", &two])["events"], 9);

    let show = |id: &str, words: &[&str]| audit(&sandbox, &[&["show", id], words].concat());
    for (id, file) in [("3", &one), ("8", &two)] {
        let elsewhere = show(id, &[]);
        elsewhere.expect_status(3);
        let error = elsewhere.json_error();
        let what = format!("event {id} is not in the audit log any more, but in an archive");
        assert_eq!(error["error"]["message"], Value::from(what));
        let hint = format!("pgrole audit show {id} --archive {file}");
        assert_eq!(error["error"]["hint"], Value::from(hint));
        let shown = show(id, &["--archive", file]);
        assert_eq!(shown.expect_status(0).json()["id"].to_string(), id);
    }
    show("4823a46a4900968b", &[])
        .expect_status(3)
        .expect_in_stderr("it may be in an archive: ");
    show("99", &[])
        .expect_status(3)
        .expect_in_stderr("list the events");
    let listed = audit(&sandbox, &["list", "--archive", &one, "-d", "app_3"]).json();
    assert_eq!(listed[0]["operation"], "registry add");
    audit(&sandbox, &["list", "--archive", &two, "--changes"]).expect_status(0);
}

#[test]
fn an_archive_is_signed_with_the_key_of_the_checkpoints() {
    let sandbox = sandbox_with_ten_events();
    let file = file_of(&archive_before(&sandbox, 6, &[]).json());
    let file = file.display().to_string();
    let key = audit(&sandbox, &["checkpoint", "--public-key"]).stdout;
    fs::write(sandbox.path().join("key.pem"), key).expect("the sandbox can be written");
    let other = sandbox_with_ten_events();
    let key = audit(&other, &["checkpoint", "--public-key"]).stdout;
    fs::write(sandbox.path().join("other.pem"), key).expect("the sandbox can be written");
    let verify = ["verify", "--archive", &file, "--public-key"];
    audit(&sandbox, &[&verify[..], &["key.pem"]].concat()).expect_status(0);
    audit(&sandbox, &["verify", "--public-key", "key.pem"]).expect_status(0);
    for words in [&verify[..], &["verify", "--public-key"]] {
        let refused = audit(&sandbox, &[words, &["other.pem"]].concat());
        refused.expect_status(7);
        refused.expect_in_stderr("was signed with another key than the one given");
    }
}

#[test]
fn everybody_can_check_an_archive_without_pgrole() {
    let sandbox = sandbox_with_ten_events();
    let report = archive_before(&sandbox, 6, &[]).json();
    let mut python = Command::new("python3");
    python.args(["-c", SCRIPT]).arg(file_of(&report));
    let checked = sandbox.outcome_of(python);
    let last = report["last"]
        .as_str()
        .expect("an anchor")
        .replace(':', " ");
    checked.expect_status(0).expect_stdout(&format!("{last}\n"));
}

#[test]
fn an_intent_stays_with_its_outcome() {
    let sandbox = sandbox_with_target(1);
    sandbox.pgrole(CHECK).run().expect_status(5);
    sandbox.pgrole(CHECK).run().expect_status(5);
    // 1 file created, 2 target added, 3 and 4 the first check, 5 and 6 the second.
    let archived = archive_before(&sandbox, 6, &["--dry-run"]);
    let report = archived.expect_status(0).json();
    assert_eq!(report["events"], 4);
    assert_eq!(report["kept_back_by"], 5);
    assert_eq!(ids(&sandbox.registry()), "1 2 3 4 5 6");
    archive_before(&sandbox, 4, &[]).expect_status(0);
    assert_eq!(ids(&sandbox.registry()), "3 4 5 6 7");
    assert_eq!(audit(&sandbox, &["list"]).json()[1]["status"], "failed");
}

#[test]
fn an_act_that_may_still_end_stays() {
    let server = FakeServer::silent();
    let sandbox = sandbox_with_target(server.port);
    let running = sandbox.pgrole(CHECK).spawn();
    while server.visitors() == 0 {
        std::thread::sleep(Duration::from_millis(2));
    }
    running.kill();
    add(&sandbox, 1);
    add(&sandbox, 2);
    let report = archive_before(&sandbox, 5, &["--dry-run"]).json();
    assert_eq!(report["events"], 2);
    assert_eq!(report["kept_back_by"], 3);
}

#[test]
fn a_file_that_is_there_is_not_replaced() {
    let sandbox = sandbox_with_ten_events();
    let file = sandbox.path().join("kept");
    fs::write(&file, "mine").expect("the sandbox can be written");
    let refused = archive_before(&sandbox, 6, &["--output", "kept"]);
    refused
        .expect_status(6)
        .expect_in_stderr("is there already");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "mine");
    // Nor is the archive of another registry.
    let other = sandbox_with_ten_events();
    let archived = file_of(&archive_before(&other, 6, &[]).json());
    let refused = archive_before(&sandbox, 6, &["--output", &archived.display().to_string()]);
    assert_ne!(refused.status(), Some(0));
    assert_eq!(ids(&sandbox.registry()), "1 2 3 4 5 6 7 8 9 10");
    assert_eq!(ids(&archived), "1 2 3 4 5");
}

#[test]
fn a_run_that_ends_between_file_and_log_loses_nothing_and_the_next_one_finishes() {
    let sandbox = sandbox_with_ten_events();
    let before = time_of(&sandbox, 6);
    let words = ["archive", "--before", &before, "--timeout", "0.3"];
    for output in [&[][..], &["--output", "given.db"]] {
        let words = [&words[..], output].concat();
        let lock = sqlite::Lock::on(&sandbox.registry());
        audit(&sandbox, &words).expect_status(75);
        drop(lock);
        assert_eq!(ids(&sandbox.registry()).split(' ').next(), Some("1"));
    }
    let file = sandbox.path().join("given.db");
    let written = fs::read(&file).expect("the file is complete");
    let words = ["archive", "--output", "given.db"];
    let finished = audit(&sandbox, &words);
    assert_eq!(finished.expect_status(0).json()["events"], 5);
    assert_eq!(fs::read(&file).expect("it is there"), written);
    assert_eq!(ids(&sandbox.registry()), "6 7 8 9 10 11");
    audit(&sandbox, &["verify", "--archive", "given.db"]).expect_status(0);
    // The other file is whole too, and of no more use.
    let other = sandbox
        .registry()
        .with_file_name("pg_registry.audit-1-5.db");
    assert_eq!(ids(&other), "1 2 3 4 5");
    let refused = audit(
        &sandbox,
        &["archive", "--output", &other.display().to_string()],
    );
    refused.expect_status(6);
}

#[test]
fn runs_that_are_killed_anywhere_lose_nothing() {
    let sandbox = sandbox_with_ten_events();
    let mut text = "env,database,hostname\n".to_owned();
    for number in 0..2_000 {
        text += &format!("qa,app_{number},h\n");
    }
    let import = sandbox.pgrole(["registry", "import", "-"]).stdin(text);
    import.run().expect_status(0);
    add(&sandbox, 20);
    let registry = sandbox.registry();
    let total = "SELECT seq FROM sqlite_sequence WHERE name = 'audit_log'";
    let before: u64 = sqlite::query(&registry, total).parse().expect("a number");
    let words = ["audit", "archive", "--before", &time_of(&sandbox, 2_011)];
    for round in 0..25 {
        let running = sandbox.pgrole(words).spawn();
        std::thread::sleep(Duration::from_millis(round * 12));
        running.kill();
    }
    sandbox.pgrole(words).run().expect_status(0);
    let file = registry.with_file_name("pg_registry.audit-1-2010.db");
    let verified = audit(
        &sandbox,
        &["verify", "--archive", &file.display().to_string()],
    );
    let report = verified.expect_status(0).json();
    // Once, whoever finished it.
    assert_eq!(report["events"], before + 1);
    assert_eq!(report["archives"], 1);
    let archives = "SELECT count(*) FROM audit_log WHERE operation = 'audit archive'";
    assert_eq!(sqlite::query(&registry, archives), "1");
}

#[test]
fn others_write_and_verify_meanwhile() {
    let sandbox = sandbox_with_ten_events();
    let mut text = "env,database,hostname\n".to_owned();
    for number in 0..1_000 {
        text += &format!("qa,app_{number},h\n");
    }
    let import = sandbox.pgrole(["registry", "import", "-"]).stdin(text);
    import.run().expect_status(0);
    add(&sandbox, 20);
    let before = time_of(&sandbox, 1_011);
    let mut running = Vec::new();
    for number in 0..6 {
        let database = format!("new_{number}");
        let add = ["registry", "add", "-e", "dev", "-H", "h", "-d", &database];
        running.push(sandbox.pgrole(["audit", "verify"]).spawn());
        running.push(sandbox.pgrole(add).spawn());
        if number % 3 == 0 {
            let archive = ["audit", "archive", "--before", &before];
            running.push(sandbox.pgrole(archive).spawn());
        }
    }
    for process in running {
        process.wait().expect_status(0);
    }
    let file = sandbox
        .registry()
        .with_file_name("pg_registry.audit-1-1010.db");
    let verified = audit(
        &sandbox,
        &["verify", "--archive", &file.display().to_string()],
    );
    // With the six that were added, and the event of one archive.
    assert_eq!(verified.expect_status(0).json()["events"], 1_018);
}

#[test]
fn an_archive_that_was_altered_is_found_out() {
    let sandbox = sandbox_with_ten_events();
    let file = file_of(&archive_before(&sandbox, 6, &[]).json());
    let name = file.display().to_string();
    let whole = fs::read(&file).expect("it is there");
    for (sql, message) in [
        (
            "UPDATE audit_log SET os_user = 'x' WHERE id = 3",
            "event 3 was altered",
        ),
        ("DELETE FROM audit_log WHERE id = 3", "event 3 is missing"),
        ("DELETE FROM audit_log WHERE id = 5", "event 5 is missing"),
        ("DELETE FROM audit_log WHERE id = 1", "event 1 is missing"),
    ] {
        sqlite::sqlite3(&file, &format!("{OTHERS_TRIGGERS}{sql}")).expect_status(0);
        expect_broken(&audit(&sandbox, &["verify", "--archive", &name]), message);
        fs::write(&file, &whole).expect("it is ours");
    }
    let moved = "UPDATE audit_archive SET checkpoint = json_set(checkpoint, '$.checkpoint', '4:' || (SELECT hash FROM audit_log WHERE id = 4))";
    sqlite::sqlite3(&file, moved).expect_status(0);
    audit(&sandbox, &["verify", "--archive", &name])
        .expect_status(7)
        .expect_in_stderr("its signature does not match its content");
    fs::write(&file, &whole).expect("it is ours");
    // That of another log is not this one's.
    let other = sandbox_with_ten_events();
    let another = file_of(&archive_before(&other, 6, &[]).json());
    let outcome = audit(
        &sandbox,
        &["verify", "--archive", &another.display().to_string()],
    );
    expect_broken(&outcome, "is not the one that the log gave away");
    audit(&sandbox, &["verify", "--archive", "none"]).expect_status(2);
    let registry = sandbox.registry().display().to_string();
    audit(&sandbox, &["verify", "--archive", &registry])
        .expect_status(2)
        .expect_in_stderr("is not an archive of the audit log");
}

#[test]
fn a_gap_is_accepted_only_as_the_log_itself_accounts_for_it() {
    let sandbox = sandbox_with_ten_events();
    archive_before(&sandbox, 6, &[]).expect_status(0);
    let registry = sandbox.registry();
    let restore = "CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
        CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;";
    let whole = fs::read(&registry).expect("it is there");
    for (sql, message) in [
        (
            "DELETE FROM audit_log WHERE id = 6",
            "events 1 to 6 are missing",
        ),
        (
            "DELETE FROM audit_log WHERE id = 11",
            "events 1 to 5 are missing",
        ),
        (
            "DELETE FROM audit_log WHERE id > 8",
            "events 1 to 5 are missing",
        ),
        (
            "UPDATE audit_log SET archive = replace(archive, '\"first\":1', '\"first\":2') WHERE id = 11",
            "event 11 was altered",
        ),
        (
            "UPDATE audit_log SET id = 5 WHERE id = 6",
            "event 5 was archived, but an event is in its place",
        ),
    ] {
        sqlite::sqlite3(&registry, &format!("{OTHERS_TRIGGERS}{sql};{restore}")).expect_status(0);
        expect_broken(&audit(&sandbox, &["verify"]), message);
        fs::write(&registry, &whole).expect("it is ours");
    }
    sqlite::sqlite3(&registry, "DROP TRIGGER audit_log_no_delete").expect_status(0);
    expect_broken(
        &audit(&sandbox, &["verify"]),
        "the trigger audit_log_no_delete",
    );
    let refused = audit(&sandbox, &["archive", "--before", &time_of(&sandbox, 9)]);
    refused
        .expect_status(7)
        .expect_in_stderr("nothing was archived");
}

#[test]
fn the_anchor_of_an_archived_event_needs_its_archive() {
    let sandbox = sandbox_with_ten_events();
    let [third, fifth] = [3, 5].map(|event| anchor_of(&sandbox.registry(), event));
    audit(&sandbox, &["checkpoint", "--output", "old.json"]).expect_status(0);
    let file = file_of(&archive_before(&sandbox, 6, &[]).json());
    let file = file.display().to_string();
    // The log names the last one itself.
    audit(&sandbox, &["verify", "--anchor", &fifth]).expect_status(0);
    let unknown = audit(&sandbox, &["verify", "--anchor", &third]);
    unknown.expect_status(3);
    assert_eq!(
        unknown.json_error()["error"]["hint"],
        Value::from(format!("pgrole audit verify --archive {file}"))
    );
    audit(
        &sandbox,
        &["verify", "--anchor", &third, "--archive", &file],
    )
    .expect_status(0);
    let forged = third.replace("3:", "4:");
    expect_broken(
        &audit(
            &sandbox,
            &["verify", "--anchor", &forged, "--archive", &file],
        ),
        "event 4 does not match the anchor",
    );
}

#[test]
fn the_log_of_an_older_service_stays_protected() {
    let sandbox = Sandbox::new();
    make_registry(
        &sandbox,
        "CREATE TABLE db_registry (env TEXT, db_name TEXT, hostname TEXT, port INTEGER, active INTEGER, notes TEXT);
         CREATE TABLE audit_log (id INTEGER PRIMARY KEY, what TEXT); INSERT INTO audit_log (what) VALUES ('a'), ('b');",
    );
    for number in 1..5 {
        add(&sandbox, number);
    }
    archive_before(&sandbox, 5, &[]).expect_status(0);
    audit(&sandbox, &["verify"]).expect_status(0);
    sqlite::query(&sandbox.registry(), "UPDATE audit_log_older SET what = 'c'");
    expect_broken(
        &audit(&sandbox, &["verify"]),
        "the table audit_log_older is not the one that event",
    );
}

#[test]
fn events_from_before_the_chain_go_with_its_first() {
    let sandbox = sandbox_of_before_the_chain();
    add(&sandbox, 1);
    add(&sandbox, 2);
    let all = ids(&sandbox.registry());
    let hashed = "SELECT min(id) FROM audit_log WHERE hash IS NOT NULL";
    let first: i64 = sqlite::query(&sandbox.registry(), hashed)
        .parse()
        .expect("an id");
    let unchanged = archive_before(&sandbox, first - 1, &[]);
    assert_eq!(unchanged.expect_status(0).json()["status"], "unchanged");
    assert_eq!(ids(&sandbox.registry()), all);
    let archived = archive_before(&sandbox, first + 2, &[]);
    let file = file_of(&archived.expect_status(0).json())
        .display()
        .to_string();
    let verified = audit(&sandbox, &["verify", "--archive", &file]);
    assert_eq!(verified.expect_status(0).json()["adopted"], first - 1);
    audit(&sandbox, &["verify"]).expect_status(0);
}

#[test]
fn an_archive_is_no_registry_and_the_future_is_not_archived() {
    let sandbox = sandbox_with_ten_events();
    let file = file_of(&archive_before(&sandbox, 6, &[]).json());
    let before = fs::read(&file).expect("it is there");
    let list = sandbox
        .pgrole(["registry", "list", "--registry"])
        .args([&file]);
    list.run()
        .expect_status(2)
        .expect_in_stderr("is an archive of the audit log, not a registry");
    assert_eq!(fs::read(&file).expect("it is there"), before);
    audit(&sandbox, &["archive", "--before", "2999-01-01"]).expect_status(2);
    // By default, closed years: all of this is of this one.
    assert_eq!(audit(&sandbox, &["archive"]).json()["status"], "unchanged");
}

#[test]
fn who_was_an_admin_stays_known() {
    let sandbox = sandbox_with_ten_events();
    archive_before(&sandbox, 6, &[]).expect_status(0);
    let known = "SELECT count(*) FROM known_admin";
    assert_eq!(sqlite::query(&sandbox.registry(), known), "0");
    let cluster = crate::harness::Cluster::shared();
    let area = cluster.area();
    let mut sandbox = Sandbox::new().with_admin(cluster);
    sandbox.register(cluster, "dev", area.database());
    let check = ["credential", "check", "-e", "dev", "-d", area.database()];
    sandbox.pgrole(check).run().expect_status(0);
    add(&sandbox, 1);
    let last = "SELECT max(id) FROM audit_log";
    let last = sqlite::query(&sandbox.registry(), last);
    archive_before(&sandbox, last.parse().expect("an id"), &[]).expect_status(0);
    let known = "SELECT name FROM known_admin";
    let admin = crate::harness::Cluster::SUPERUSER;
    assert_eq!(sqlite::query(&sandbox.registry(), known), admin);
}
