//! The password typed at a prompt: not echoed, typed twice.

use super::words;
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
    let set = sandbox.pgrole(words("credential set -U jane")).command();
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", r#"trap : INT; "$@"; echo "status $?"; stty -a"#, "sh"]);
    shell.arg(set.get_program()).args(set.get_args());
    shell
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", sandbox.home());
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
