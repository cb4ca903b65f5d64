//! Wrong usage: exit status 2, as text for people, as an object for scripts, whatever was typed.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::words;
use crate::harness::Sandbox;

#[test]
fn it_is_an_object_on_stderr_where_the_format_is_json() {
    let sandbox = Sandbox::new();
    for format in ["", "--format=json", "--format jsonl"] {
        let wrong = sandbox
            .pgrole(words("registry lst"))
            .args(words(format))
            .run();
        wrong.expect_status(2).expect_stdout("");
        let error = &wrong.json_error()["error"];
        assert_eq!(error["kind"], "usage");
        assert_eq!(error["message"], "unrecognized subcommand 'lst'");
        assert_eq!(
            error["causes"][0],
            "Usage: pgrole registry [OPTIONS] <COMMAND>"
        );
        let hint = format!("pgrole registry list {format}");
        assert_eq!(error["hint"], hint.trim_end());
        for key in ["sqlstate", "env", "database"] {
            assert!(
                error
                    .as_object()
                    .is_some_and(|error| error.contains_key(key)),
                "{key}"
            );
            assert!(error[key].is_null());
        }
    }
    let by_variable = sandbox
        .pgrole(words("registry lst"))
        .env("PGROLE_FORMAT", "jsonl")
        .run();
    assert_eq!(by_variable.json_error()["error"]["kind"], "usage");
}

#[test]
fn it_is_text_in_a_terminal_and_where_the_format_is_table() {
    let sandbox = Sandbox::new();
    let wanted = "error: unrecognized subcommand 'lst'\n\nUsage: pgrole registry [OPTIONS] <COMMAND>\n\n\
                  hint: pgrole registry list\n";
    let piped = sandbox.pgrole(words("registry lst"));
    let piped = piped.env("PGROLE_FORMAT", "table").run();
    piped.expect_status(2).expect_stderr(wanted);
    let (screen, status) = sandbox
        .pgrole(words("registry lst"))
        .in_terminal(80)
        .wait_status();
    assert_eq!((screen.as_str(), status), (wanted, Some(2)));
}

#[test]
fn what_is_missing_or_out_of_range_is_named() {
    let sandbox = Sandbox::new();
    for (text, message, hint) in [
        (
            "registry add -e dev",
            "the following required arguments were not provided:",
            "see pgrole registry add --help",
        ),
        (
            "registry add -e dev -d a -H h -p 99999",
            "invalid value '99999' for '--port <PORT[,PORT...]>': port \"99999\" is not a number from 1 to 65535",
            "see pgrole --help",
        ),
        (
            "registry list --format xml",
            "invalid value 'xml' for '--format <FORMAT>'",
            "see pgrole --help",
        ),
        (
            "registry list --timeout 0",
            "invalid value '0' for '--timeout <SECONDS>': \"0\" is not a number of seconds between 0.1 and 86400",
            "see pgrole --help",
        ),
        (
            "registry list -q -v",
            "the argument '--quiet' cannot be used with '--verbose...'",
            "see pgrole registry list --help",
        ),
        (
            "credential set -d app -U x",
            "the following required arguments were not provided:",
            "see pgrole credential set --help",
        ),
    ] {
        let wrong = sandbox.pgrole(words(text)).run();
        wrong.expect_status(2).expect_stdout("");
        let error = &wrong.json_error()["error"];
        assert_eq!(
            (error["message"].as_str(), error["hint"].as_str()),
            (Some(message), Some(hint))
        );
    }
    assert!(!sandbox.registry().exists());
}

/// Neither flags that were given, nor those whose variables are set, nor what only developers call.
#[test]
fn the_usage_line_is_that_of_the_help() {
    let sandbox = Sandbox::new();
    for (text, usage) in [
        ("--bad", "Usage: pgrole [OPTIONS] <COMMAND>\n"),
        // Not even a command: one line, and where the help is.
        ("", "hint: pgrole --help\n"),
        (
            "user reset -e dev",
            "Usage: pgrole user reset [OPTIONS] --env <ENV> --database <DATABASE> <NAME|--username <NAME>>\n",
        ),
        (
            "registry list -q -v",
            "Usage: pgrole registry list [OPTIONS]\n",
        ),
        (
            "rotate --bad",
            "Usage: pgrole rotate [OPTIONS]\n       pgrole rotate <COMMAND>\n",
        ),
        ("__gen", "Usage: pgrole [OPTIONS] <COMMAND>\n"),
    ] {
        let wrong = sandbox
            .pgrole(words(text))
            .args(["--registry", "x.db", "--timeout", "5"])
            .env("PGROLE_REGISTRY", "y.db")
            .env("PGROLE_FORMAT", "table")
            .run();
        wrong.expect_status(2).expect_in_stderr(usage);
        assert!(!wrong.stderr.contains("__generate"), "{wrong}");
    }
}

#[test]
fn bytes_that_are_no_text_are_wrong_usage() {
    let sandbox = Sandbox::new();
    let run = sandbox.pgrole(words("registry show -e dev -d"));
    let wrong = run.args([OsStr::from_bytes(b"\xff\x1b")]).run();
    wrong.expect_status(2).expect_stdout("");
    assert_eq!(wrong.json_error()["error"]["kind"], "usage");
    let file = sandbox.pgrole(words("registry list --registry"));
    let file = file.args([OsStr::from_bytes(b"caf\xe9.db")]).run();
    file.expect_status(0);
}

#[test]
fn control_characters_of_an_argument_do_not_reach_the_terminal() {
    let sandbox = Sandbox::new();
    for format in ["table", "json"] {
        let wrong = sandbox
            .pgrole([
                "registry",
                "list",
                "-e",
                "\u{1b}[2J\u{9b}x",
                "--format",
                format,
            ])
            .run();
        wrong.expect_status(2);
        assert!(!wrong.stderr.contains(['\u{1b}', '\u{9b}']), "{wrong}");
        let wrong = sandbox
            .pgrole(["registry", "\u{1b}[2J\u{9b}x", "--format", format])
            .run();
        wrong.expect_status(2);
        assert!(!wrong.stderr.contains(['\u{1b}', '\u{9b}']), "{wrong}");
    }
}

#[test]
fn names_that_postgresql_would_refuse_or_change_are_refused_before_connecting() {
    let sandbox = Sandbox::new();
    sandbox
        .pgrole(words("registry add -e dev -d app -H h"))
        .run()
        .expect_status(0);
    let too_long = "é".repeat(32);
    for (name, part) in [
        ("", "role name is empty"),
        (&too_long, "is 64 bytes long; PostgreSQL allows 63"),
        ("pg_monitor", "is reserved"),
        ("public", "is reserved"),
        ("none", "is reserved"),
    ] {
        for verb in ["find", "readonly", "reset"] {
            let flag = format!("--username={name}");
            let wrong = sandbox
                .pgrole(["user", verb, "-e", "dev", "-d", "app", &flag])
                .run();
            wrong.expect_status(2).expect_stdout("");
            let error = &wrong.json_error()["error"];
            assert!(
                error["message"]
                    .as_str()
                    .is_some_and(|message| message.contains(part)),
                "{wrong}"
            );
        }
    }
    // Nothing was even intended.
    let log = sandbox.pgrole(words("audit list --limit 1")).run().json();
    assert_eq!(log[0]["operation"], "registry add");
}
