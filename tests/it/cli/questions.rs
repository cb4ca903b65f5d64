//! Questions before a dangerous act, asked in a terminal.

use super::words;
use crate::harness::{Sandbox, Terminal};

const QUESTION: &str = "remove the registry entry on prod/app (db.example.com:5432)? [y/N] ";

fn sandbox_with_target() -> Sandbox {
    let sandbox = Sandbox::new();
    let add = "registry add -e prod -d app -H db.example.com";
    sandbox.pgrole(words(add)).run().expect_status(0);
    sandbox
}

/// Starts a removal and waits for its question.
fn remove(sandbox: &Sandbox) -> Terminal {
    let mut terminal = sandbox
        .pgrole(words("registry remove -e prod -d app"))
        .in_terminal(100);
    terminal.expect(QUESTION);
    terminal
}

fn is_there(sandbox: &Sandbox) -> bool {
    sandbox
        .pgrole(words("registry show -e prod -d app"))
        .run()
        .status()
        == Some(0)
}

#[test]
fn only_yes_is_consent() {
    for answer in ["", "n", "no", "nay", "yep", "ja"] {
        let sandbox = sandbox_with_target();
        let mut terminal = remove(&sandbox);
        terminal.send_line(answer);
        let (screen, status) = terminal.wait_status();
        assert_eq!(status, Some(6), "{answer:?}: {screen}");
        assert!(
            screen.contains("not confirmed: remove the registry entry on prod/app"),
            "{screen}"
        );
        assert!(is_there(&sandbox));
    }
    for answer in ["y", "YES"] {
        let sandbox = sandbox_with_target();
        let mut terminal = remove(&sandbox);
        terminal.send_line(answer);
        let (screen, status) = terminal.wait_status();
        assert_eq!(status, Some(0), "{answer:?}: {screen}");
        assert!(!is_there(&sandbox));
    }
}

#[test]
fn ctrl_c_and_ctrl_d_are_no_consent() {
    for (letter, wanted) in [('c', 130), ('d', 6)] {
        let sandbox = sandbox_with_target();
        let mut terminal = remove(&sandbox);
        terminal.send_control(letter);
        let (screen, status) = terminal.wait_status();
        assert_eq!(status, Some(wanted), "{screen}");
        assert!(is_there(&sandbox));
    }
}

#[test]
fn yes_is_not_asked() {
    let sandbox = sandbox_with_target();
    let (screen, status) = sandbox
        .pgrole(words("registry remove -e prod -d app -y"))
        .in_terminal(100)
        .wait_status();
    assert_eq!(status, Some(0));
    assert!(!screen.contains("[y/N]"), "{screen}");
}
