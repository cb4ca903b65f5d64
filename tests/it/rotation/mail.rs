//! What others read of a run over many: cron's mail is text, each cause once; a program gets one array, or lines.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use super::Scene;
use crate::harness::ClosedPort;

const QUIET: [&str; 3] = ["rotate", "--any-age", "--quiet"];

/// Roles whose passwords go to one folder, which is gone.
fn scene_without_folder() -> (Scene<'static>, Vec<String>) {
    let scene = Scene::new();
    let folder = scene.file("gone");
    fs::create_dir(&folder).expect("the sandbox can be written");
    let deliver = format!("file:{}/{{username}}", folder.display());
    let roles = ["a", "b", "c", "d", "e"].map(|name| {
        let role = scene.area.role(name);
        let create = scene.user("readonly", &role, &["--deliver", &deliver]);
        create.run().expect_status(0);
        role
    });
    fs::remove_dir_all(&folder).expect("is ours");
    (scene, roles.to_vec())
}

#[test]
fn what_cron_mails_of_one_missing_folder_is_one_line_and_a_count() {
    let (scene, _) = scene_without_folder();
    let other = scene.create("other");
    let mailed = scene.sandbox.pgrole(QUIET).run();
    mailed.expect_status(4).expect_stdout("");
    let lines: Vec<_> = mailed.stderr.lines().collect();
    let wanted = format!(
        "error: 5 times: no folder {} (",
        scene.file("gone").display()
    );
    assert!(lines[0].starts_with(&wanted), "{mailed}");
    assert!(lines[0].ends_with("; and 2 more)"), "{mailed}");
    let errors: Vec<_> = lines
        .iter()
        .filter(|line| line.starts_with("error: "))
        .collect();
    assert_eq!(errors.len(), 2, "{mailed}");
    assert_eq!(*errors[1], "error: 5 of 6 roles failed");
    assert!(!mailed.stderr.contains('{'), "{mailed}");
    scene.delivered_password_is_good(&other);
}

#[test]
fn where_a_format_is_named_each_error_is_an_object() {
    let (scene, roles) = scene_without_folder();
    let json = scene.sandbox.pgrole(QUIET).args(["--format", "json"]);
    let by_variable = scene.sandbox.pgrole(QUIET).env("PGROLE_FORMAT", "jsonl");
    for run in [json, by_variable] {
        let outcome = run.run();
        let errors = outcome.expect_status(1).stderr.lines();
        let errors: Vec<Value> = errors
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{outcome}")))
            .collect();
        assert_eq!(errors.len(), roles.len() + 1);
    }
    // One alone is told with all its causes.
    let alone = scene
        .sandbox
        .pgrole(["rotate", "--quiet", "-u", &roles[0]])
        .run();
    alone
        .expect_status(1)
        .expect_in_stderr(&format!(
            "error: cannot reset the password of \"{}\"",
            roles[0]
        ))
        .expect_in_stderr("\ncaused by: no folder ");
}

#[test]
fn other_jobs_of_cron_are_mailed_as_text_too() {
    let mut scene = Scene::new();
    let closed = ClosedPort::new();
    for name in ["x", "y"] {
        scene.sandbox.register_on_port(closed.port, "qa", name);
    }
    for command in [
        &["notify", "expiring", "--quiet"][..],
        &["doctor", "--quiet"],
    ] {
        let mailed = scene.sandbox.pgrole(command.iter().copied()).run();
        assert_ne!(mailed.status(), Some(0), "{mailed}");
        mailed.expect_stdout("");
        assert!(mailed.stderr.contains("error: "), "{mailed}");
        assert!(!mailed.stderr.contains("{\""), "{mailed}");
        let named = scene.sandbox.pgrole(command.iter().copied());
        let named = named.args(["--format", "jsonl"]).run();
        assert!(named.stderr.contains("{\"error\":"), "{named}");
    }
}

#[test]
fn a_fleet_run_is_one_array_with_the_summary_last_and_lines_as_jsonl() {
    let scene = Scene::new();
    let roles = ["a", "b", "c"].map(|name| scene.create(name));
    let only: Vec<_> = roles.iter().flat_map(|role| ["-u", role]).collect();
    let rotate = |format: &[&str]| {
        let rotate = scene.sandbox.pgrole(["rotate"]);
        rotate.args(&only).args(format).run()
    };
    for (format, printed) in [
        (&["--format", "json"][..], false),
        (&["--deliver", "stdout"], true),
    ] {
        let run = rotate(format);
        let rows = run.expect_status(0).json();
        let rows = rows.as_array().expect("an array");
        assert_eq!(rows.len(), 4, "{run}");
        assert_eq!(rows[3]["summary"]["rotated"], 3);
        assert!(
            rows[..3]
                .iter()
                .all(|row| row["password"].is_string() == printed)
        );
    }
    let lines = rotate(&["--format", "jsonl"]);
    assert_eq!(lines.expect_status(0).stdout.lines().count(), 4, "{lines}");
    assert!(
        lines.stdout.lines().all(|line| line.starts_with('{')),
        "{lines}"
    );
}

#[test]
fn a_row_of_the_array_is_there_as_soon_as_it_is_delivered() {
    let scene = Scene::new();
    let roles = ["a", "b"].map(|name| scene.create(name));
    let gate = scene.file("gate");
    let deliver = format!(
        "exec:sh -c \"case {{username}} in *_b) while ! test -e {}; do sleep 0.05; done;; esac; cat > /dev/null\"",
        gate.display()
    );
    let rotate = ["rotate", "--jobs", "1", "--deliver", &deliver];
    let rotate = scene.sandbox.pgrole(rotate);
    let rotate = rotate.args(["-u", &roles[0], "-u", &roles[1]]);
    let mut command = rotate.command();
    let mut run = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("runs");
    let mut stdout = run.stdout.take().expect("a pipe");
    let mut text = String::new();
    let mut bytes = [0; 4096];
    while !text.contains("audit_anchor") {
        let count = stdout.read(&mut bytes).expect("a pipe can be read");
        assert!(count > 0, "{text}");
        text += str::from_utf8(&bytes[..count]).expect("UTF-8");
    }
    assert!(
        text.starts_with("[\n{") && text.contains(&roles[0]),
        "{text}"
    );
    assert!(!text.contains(&roles[1]), "{text}");
    fs::write(&gate, "").expect("the folder is there");
    stdout
        .read_to_string(&mut text)
        .expect("a pipe can be read");
    assert!(run.wait().expect("ours").success());
    let rows: Value = serde_json::from_str(&text).expect("an array");
    assert_eq!(rows.as_array().map(Vec::len), Some(3), "{text}");
}
