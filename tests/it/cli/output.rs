//! Results on stdout and nothing else there; what a full disk, a closed pipe, a colour or a control character does.

use std::process::Command;

use super::words;
use crate::harness::{Outcome, Sandbox};

fn sandbox_with_target() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .pgrole(words("registry add -e dev -d app -H db.example.com"))
        .run()
        .expect_status(0);
    sandbox
}

/// Runs the words by bash, in which `$@` is pgrole with these arguments.
#[track_caller]
fn by_bash(sandbox: &Sandbox, text: &str, script: &str) -> Outcome {
    let pgrole = sandbox.pgrole(words(text)).command();
    let mut command = Command::new("bash");
    command
        .args(["-c", script, "bash"])
        .arg(pgrole.get_program())
        .args(pgrole.get_args());
    command
        .env_clear()
        .env("HOME", sandbox.home())
        .env("PATH", "/usr/bin:/bin");
    sandbox.outcome_of(command)
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let sandbox = sandbox_with_target();
    for text in [
        "registry list --format table",
        "registry list --format json",
        "registry list --format jsonl",
        "registry show -e dev -d app --format table",
        "audit list --format table",
        "completions bash --format table",
    ] {
        let outcome = by_bash(&sandbox, text, r#""$@" >/dev/full"#);
        let error = "cannot write to standard output";
        outcome
            .expect_status(1)
            .expect_in_stderr(error)
            .expect_in_stderr("No space left on device");
    }
}

#[test]
fn a_closed_pipe_is_success() {
    let sandbox = sandbox_with_target();
    for text in [
        "registry list",
        "registry list --format jsonl",
        "audit list --format table",
        "completions zsh",
        "--help",
    ] {
        // The reader is gone before anything is written.
        let outcome = by_bash(
            &sandbox,
            text,
            r#"{ sleep 0.2; "$@"; echo "status $?" >&2; } | :"#,
        );
        outcome.expect_status(0).expect_stderr("status 0\n");
    }
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let sandbox = Sandbox::new();
    let failing = || sandbox.pgrole(words("registry show -e dev -d none --format table"));
    let red = "\u{1b}[1;31merror:\u{1b}[0m no target";
    let is_red_in_terminal = |run: crate::harness::sandbox::Run<'_>| {
        let (screen, status) = run.in_terminal(80).wait_status();
        assert_eq!(status, Some(3), "{screen}");
        assert!(screen.contains("no target dev/none"), "{screen}");
        screen.contains('\u{1b}')
    };
    assert!(is_red_in_terminal(failing()));
    assert!(!is_red_in_terminal(failing().env("NO_COLOR", "1")));
    assert!(is_red_in_terminal(failing().env("NO_COLOR", "")));
    assert!(!is_red_in_terminal(failing().args(["--color", "never"])));
    assert!(is_red_in_terminal(
        failing().args(["--color=always"]).env("NO_COLOR", "1")
    ));

    let piped = failing().run();
    piped.expect_status(3).expect_in_stderr("error: no target");
    failing()
        .args(["--color", "always"])
        .run()
        .expect_in_stderr(red);
    let json = sandbox
        .pgrole(words("registry show -e dev -d none --color always"))
        .run();
    assert_eq!(json.json_error()["error"]["kind"], "not_found");
}

#[test]
fn quiet_leaves_results_and_errors() {
    let sandbox = Sandbox::new();
    let list = "registry list --format table";
    let loud = sandbox.pgrole(words(list)).run();
    loud.expect_in_stderr("no targets; to add one");
    let quiet = sandbox.pgrole(words(list)).args(["-q"]).run();
    quiet
        .expect_status(0)
        .expect_stderr("")
        .expect_stdout(&loud.stdout);
    let error = sandbox
        .pgrole(words("registry show -q -e dev -d none --format table"))
        .run();
    error
        .expect_status(3)
        .expect_in_stderr("error: no target dev/none in the registry\nhint: ");
}

#[test]
fn a_format_comes_from_the_flag_then_the_variable_then_where_stdout_goes() {
    let sandbox = sandbox_with_target();
    let list = || sandbox.pgrole(words("registry list"));
    assert!(list().run().json().is_array());
    let variable = list().env("PGROLE_FORMAT", "jsonl").run();
    assert_eq!(variable.stdout.lines().count(), 1);
    let flag = list()
        .env("PGROLE_FORMAT", "jsonl")
        .args(["--format", "json"])
        .run();
    assert!(flag.json().is_array());
    let (screen, _) = list().in_terminal(80).wait_status();
    assert!(screen.contains("ENV") && screen.contains("───"), "{screen}");
    let (screen, _) = list()
        .args(["--format", "json"])
        .in_terminal(80)
        .wait_status();
    assert!(
        serde_json::from_str::<serde_json::Value>(&screen).is_ok(),
        "{screen}"
    );
}

/// Escape, the one-character CSI, a line end, a bell, and a letter that turns the reading direction round.
const NASTY: &str = "a\u{1b}[2Jb\u{9b}31m\nc\u{7}\u{202e}d";
/// The same without the line end, which no name may have.
const NASTY_NAME: &str = "a\u{1b}[2Jb\u{9b}31mc\u{7}\u{202e}d";

#[test]
fn control_characters_are_escaped_in_tables_json_and_errors() {
    let sandbox = Sandbox::new();
    let add = sandbox
        .pgrole(words("registry add -e dev -H h -d"))
        .args([NASTY_NAME, "--notes", NASTY]);
    add.run().expect_status(0);
    for format in ["table", "json", "jsonl"] {
        for verb in ["list", "show"] {
            let mut run = sandbox.pgrole(["registry", verb, "--format", format]);
            if verb == "show" {
                run = run.args(["-e", "dev", "-d", NASTY_NAME]);
            }
            expect_harmless(&run.run());
        }
        expect_harmless(&sandbox.pgrole(["audit", "list", "--format", format]).run());
        let missing = sandbox
            .pgrole([
                "registry", "show", "-e", "qa", "--format", format, "-d", NASTY_NAME,
            ])
            .run();
        expect_harmless(missing.expect_status(3));
    }
    let table = sandbox.pgrole(words("registry list --format table")).run();
    let shown = r"a\u{1b}[2Jb\u{9b}31mc\u{7}\u{202e}d";
    assert!(table.stdout.contains(shown), "{table}");
    let json = sandbox.pgrole(words("registry list --format json")).run();
    assert!(
        json.stdout
            .contains(r#""a\u001b[2Jb\u009b31m\nc\u0007\u202ed""#),
        "{json}"
    );
    assert_eq!(json.json()[0]["notes"], NASTY);
    let (screen, status) = sandbox
        .pgrole(words("registry list"))
        .env("NO_COLOR", "1")
        .in_terminal(120)
        .wait_status();
    assert_eq!(status, Some(0));
    assert!(
        !screen.contains(['\u{1b}', '\u{9b}', '\u{7}', '\u{202e}']),
        "{screen:?}"
    );
}

#[track_caller]
fn expect_harmless(outcome: &Outcome) {
    let printed = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(
        !printed.contains(['\u{1b}', '\u{9b}', '\u{7}', '\u{202e}']),
        "{outcome}"
    );
    assert!(printed.contains("[2Jb"), "{outcome}");
}
