//! A password, looked for in every place where it must not be: the server's log and views, the processes, the files.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::Scene;
use crate::harness::{Cluster, servers};

const CANARY: &str = "Canary7Fz0Qq3Kx9";
const RECIPIENT: &str = "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef";

/// Reads arguments and variables of all processes again and again, until told to stop; those that held the canary.
fn watch_processes(stop: &AtomicBool) -> Vec<String> {
    let mut caught = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        for process in fs::read_dir("/proc").expect("/proc").flatten() {
            for name in ["cmdline", "environ"] {
                // A process may have ended meanwhile, or be another's.
                let text = fs::read(process.path().join(name)).unwrap_or_default();
                if contains(&text, CANARY) {
                    caught.push(String::from_utf8_lossy(&text).into_owned());
                }
            }
        }
    }
    caught
}

fn contains(bytes: &[u8], wanted: &str) -> bool {
    bytes
        .windows(wanted.len())
        .any(|window| window == wanted.as_bytes())
}

/// All files below a folder that hold the password.
fn files_with(password: &str, folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)
        .expect("the folder can be read")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with(password, &path));
        } else if contains(&fs::read(&path).unwrap_or_default(), password) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn a_password_is_nowhere_but_where_it_was_delivered() {
    let has_statements = servers::of_this_run()
        .bindir
        .join("../lib/pg_stat_statements.so")
        .exists();
    let cluster = Cluster::private(|c| {
        let c = c
            .setting("log_statement", "all")
            .setting("log_min_error_statement", "error");
        let c = c
            .setting("log_min_messages", "debug1")
            .setting("track_activity_query_size", "16kB");
        if has_statements {
            c.setting("shared_preload_libraries", "pg_stat_statements")
        } else {
            c
        }
    });
    let scene = Scene::on(&cluster, cluster.port());
    if has_statements {
        scene.area.psql("CREATE EXTENSION pg_stat_statements");
    } else {
        servers::skip("no pg_stat_statements for this server: that part is not looked at");
    }
    let notified = scene.file("notified");
    scene.sandbox.write_config(&format!(
        "[notify.own]\nchannel = \"command\"\ncommand = [\"tee\", \"-a\", \"{}\"]\n",
        notified.display()
    ));
    let role = scene.create("jane");
    let stop = AtomicBool::new(false);
    let given = |deliver: &str, status: i32, more: &[&str]| {
        let arguments = [&["--password-stdin", "--deliver", deliver], more].concat();
        let run = scene.user("reset", &role, &arguments).stdin(CANARY);
        let outcome = run.run();
        outcome.expect_status(status);
        assert!(
            !outcome.stdout.contains(CANARY) && !outcome.stderr.contains(CANARY),
            "{outcome}"
        );
    };
    let caught = thread::scope(|scope| {
        let watcher = scope.spawn(|| watch_processes(&stop));
        let file = format!("file:{}", scene.file("{username}").display());
        given(&file, 0, &[]);
        given("exec:sh -c \"cat > /dev/null\"", 0, &["--verbose"]);
        // For somebody whose other half of the key nobody here has.
        let encrypted = format!("age:{RECIPIENT}:{}", scene.file("encrypted").display());
        given(&encrypted, 0, &["--verbose"]);
        given("exec:false", 8, &[]);
        // A statement that fails: the role's row is locked.
        let mut blocker = scene.area.client();
        blocker
            .batch_execute(&format!("BEGIN; ALTER ROLE {role} CONNECTION LIMIT 5"))
            .expect("a superuser may");
        given(&file, 75, &["--timeout", "1"]);
        let active = scene
            .area
            .psql("SELECT string_agg(query, ' ') FROM pg_stat_activity");
        assert!(!active.contains(CANARY));
        drop(blocker);
        let recovered = scene.recover();
        assert!(
            !recovered.stdout.contains(CANARY) && !recovered.stderr.contains(CANARY),
            "{recovered}"
        );
        stop.store(true, Ordering::Relaxed);
        watcher.join().expect("the watcher watches")
    });
    assert!(caught.is_empty(), "{caught:?}");
    let log = cluster.log();
    assert!(
        log.contains("STATEMENT:") && log.contains("PASSWORD 'SCRAM-SHA-256"),
        "the log shows too little"
    );
    assert!(
        scene.read("notified").contains(&role),
        "nobody was notified"
    );
    assert!(scene.logs_in(&role, CANARY));
    is_nowhere_else(CANARY, &scene, &role, has_statements);

    // A generated one, which nobody knew before.
    let file = format!("file:{}", scene.file("{username}").display());
    let rotate = ["rotate", "-v", "-u", &role, "--deliver", &file];
    let rotated = scene.sandbox.pgrole(rotate).run();
    let password = scene.delivered_password(&role);
    assert_ne!(password, CANARY);
    rotated.expect_status(0);
    assert!(
        !rotated.stdout.contains(&password) && !rotated.stderr.contains(&password),
        "{rotated}"
    );
    is_nowhere_else(&password, &scene, &role, has_statements);
}

/// What a command says for people to read is passed on, but not the password that it was given.
#[test]
fn a_command_that_prints_its_input_does_not_bring_the_password_into_our_output() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let odd = "Odd\"'\\%7ä pass";
    let json = serde_json::to_string(odd).expect("a string");
    let json = json.trim_matches('"');
    for (script, status) in [
        ("echo before >&2; cat >&2; echo after >&2", 0),
        ("echo before >&2; cat >&2; echo after >&2; exit 3", 8),
        (
            "echo before >&2; tr , '\\n' >&2; echo after >&2; sleep 60",
            8,
        ),
    ] {
        for password in [CANARY, odd] {
            let deliver = format!("exec:sh -c \"{script}\"");
            let arguments = [
                "--password-stdin",
                "--timeout",
                "0.5",
                "--deliver",
                &deliver,
            ];
            let run = scene.user("reset", &role, &arguments).stdin(password);
            let outcome = run.run();
            outcome.expect_status(status);
            let output = format!("{}{}", outcome.stdout, outcome.stderr);
            // The report on stderr is JSON once more.
            let twice = serde_json::to_string(json).expect("a string");
            for form in [password, json, twice.trim_matches('"')] {
                assert!(!output.contains(form), "{outcome}");
            }
            for said in ["before", "after", "withheld"] {
                assert!(output.contains(said), "{said}: {outcome}");
            }
            let log = scene.query("SELECT group_concat(coalesce(error, '')) FROM audit_log");
            assert!(!log.contains(password) && !log.contains(json), "{log}");
            scene.query("UPDATE password_change SET state = 'CLOSED', sealed = NULL");
        }
    }
}

/// Looks for a password in all that is left behind, here and on the server: it is in the file of its delivery alone.
fn is_nowhere_else(password: &str, scene: &Scene<'_>, role: &str, has_statements: bool) {
    assert!(!scene.cluster.log().contains(password));
    if has_statements {
        let statements = scene
            .area
            .psql("SELECT string_agg(query, ' ') FROM pg_stat_statements");
        assert!(!statements.contains(password) && statements.contains("ALTER ROLE"));
    }
    let delivered = scene.file(role).display().to_string();
    assert_eq!(files_with(password, scene.sandbox.path()), [delivered]);
}
