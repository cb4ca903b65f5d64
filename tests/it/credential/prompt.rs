//! The password typed at a prompt: not echoed, typed twice.

use super::words;
use crate::harness::terminal::without_escapes;
use crate::harness::{Keyring, Sandbox, Terminal};

fn set_in_terminal(sandbox: &Sandbox, keyring: &Keyring) -> Terminal {
    let set = sandbox.pgrole(words("credential set -e dev -U jane"));
    set.env("DBUS_SESSION_BUS_ADDRESS", keyring.address())
        .in_terminal(100)
}

#[track_caller]
fn stored(sandbox: &Sandbox, keyring: &Keyring) -> serde_json::Value {
    let list = sandbox.pgrole(words("credential list"));
    list.env("DBUS_SESSION_BUS_ADDRESS", keyring.address())
        .run()
        .json()
}

#[test]
fn a_typed_password_is_not_echoed_and_is_stored() {
    let sandbox = Sandbox::new();
    let Some(keyring) = Keyring::unlocked(&sandbox) else {
        return;
    };
    let mut terminal = set_in_terminal(&sandbox, &keyring);
    let mut screen = terminal.expect("password of \"jane\"");
    terminal.send_line("typed-s3cret");
    screen += &terminal.expect("repeat it");
    terminal.send_line("typed-s3cret");
    let (rest, status) = terminal.wait_status();
    screen += &rest;
    assert_eq!(status, Some(0), "{screen}");
    assert!(!screen.contains("s3cret"), "{screen}");
    assert!(screen.contains("jane"), "{screen}");
    assert_eq!(stored(&sandbox, &keyring)[0]["user"], "jane");
}

#[test]
fn two_entries_that_differ_are_asked_for_again() {
    let sandbox = Sandbox::new();
    let Some(keyring) = Keyring::unlocked(&sandbox) else {
        return;
    };
    let mut terminal = set_in_terminal(&sandbox, &keyring);
    terminal.expect("password of \"jane\"");
    terminal.send_line("one");
    terminal.expect("repeat it");
    terminal.send_line("other");
    terminal.expect("they do not match; try again: ");
    assert_eq!(stored(&sandbox, &keyring), serde_json::json!([]));
    terminal.send_line("one");
    terminal.expect("repeat it");
    terminal.send_line("one");
    assert_eq!(terminal.wait_status().1, Some(0));
    assert_eq!(stored(&sandbox, &keyring)[0]["account"], "dev");
}

#[test]
fn ctrl_c_at_the_prompt_stores_nothing_and_ends_with_130() {
    let sandbox = Sandbox::new();
    let Some(keyring) = Keyring::unlocked(&sandbox) else {
        return;
    };
    let mut terminal = set_in_terminal(&sandbox, &keyring);
    terminal.expect("password of \"jane\"");
    terminal.send("half");
    terminal.send_control('c');
    let (screen, status) = terminal.wait_status();
    assert_eq!(status, Some(130), "{screen}");
    assert!(!screen.contains("half"), "{screen}");
    assert_eq!(stored(&sandbox, &keyring), serde_json::json!([]));
}

#[test]
fn ctrl_c_at_the_prompt_leaves_the_terminal_as_it_was() {
    let sandbox = Sandbox::new();
    let Some(keyring) = Keyring::unlocked(&sandbox) else {
        return;
    };
    let set = sandbox.pgrole(words("credential set -U jane")).command();
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", r#"trap : INT; "$@"; echo "status $?"; stty -a"#, "sh"]);
    shell.arg(set.get_program()).args(set.get_args());
    shell
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", sandbox.home())
        .env("DBUS_SESSION_BUS_ADDRESS", keyring.address());
    let mut terminal = Terminal::run(&shell, 100);
    terminal.expect("password of \"jane\"");
    terminal.send_control('c');
    terminal.expect("interrupted");
    terminal.expect("status 130");
    let (settings, _) = terminal.wait_status();
    let settings: Vec<_> = settings.split_whitespace().collect();
    assert!(
        settings.contains(&"echo") && settings.contains(&"-echonl"),
        "{settings:?}"
    );
}

#[test]
fn without_a_terminal_the_error_names_the_flag() {
    let sandbox = Sandbox::new();
    let set = sandbox
        .pgrole(words("credential set -e dev -U jane --format table"))
        .run();
    set.expect_status(2).expect_stdout("").expect_stderr(
        "error: no terminal to ask for the password on\n\
         hint: pass it on standard input with --password-stdin\n",
    );
}

/// Whether it can be kept is known before it is asked for.
#[test]
fn without_a_keyring_nothing_is_asked_and_the_hint_names_where_else_it_can_be_kept() {
    let sandbox = Sandbox::new();
    for (set, hint) in [
        (
            "credential set -e dev -U jane",
            "hint: unlock or start the desktop's keyring, or keep the login in ~/.pgpass, a systemd credential (pgrole.ENV), or a program of yours ([credential] command in the config file), or set PG_ADMIN_USER and PG_ADMIN_PASS",
        ),
        (
            "credential set --notify team",
            "a file or a command for the secret in the config file",
        ),
    ] {
        let (screen, status) = sandbox.pgrole(words(set)).in_terminal(300).wait_status();
        assert_eq!(status, Some(5), "{screen}");
        let screen = without_escapes(&screen);
        assert!(!screen.contains("password of"), "{screen}");
        assert!(!screen.contains("secret of"), "{screen}");
        assert!(screen.contains("keyring: not running"), "{screen}");
        assert!(screen.contains(hint), "{screen}");
    }
    // What is read from standard input is refused with the same hint.
    let set = words("credential set -e dev -U jane --password-stdin");
    let piped = sandbox.pgrole(set).stdin("x").run();
    piped.expect_status(5).expect_in_stderr("~/.pgpass");
}

#[test]
fn the_question_says_for_which_login_where_and_what_for() {
    let sandbox = Sandbox::new();
    let Some(keyring) = Keyring::unlocked(&sandbox) else {
        return;
    };
    let add = "registry add -e dev -d app -H db.example.com -p 6432";
    sandbox.pgrole(words(add)).run().expect_status(0);
    let why = ", to log in as the admin credential: ";
    for (arguments, place) in [
        ("-e dev -d app", "dev/app (db.example.com:6432)"),
        ("-e dev -d other", "dev/other (no enabled target yet)"),
        ("-e dev", "the targets of dev (1)"),
        ("", "all environments without a login of their own"),
    ] {
        let set = format!("credential set {arguments} -U jane");
        let set = sandbox.pgrole(words(&set));
        let set = set.env("DBUS_SESSION_BUS_ADDRESS", keyring.address());
        let mut terminal = set.in_terminal(200);
        terminal.expect(&format!("password of \"jane\" for {place}{why}"));
        terminal.send_control('c');
        assert_eq!(terminal.wait_restored().1, Some(130));
    }
    let mut terminal = sandbox.pgrole(words("registry check")).in_terminal(200);
    terminal.expect(&format!(" for dev/app (db.example.com:6432){why}"));
    terminal.send_control('c');
    assert_eq!(terminal.wait_restored().1, Some(130));
}
