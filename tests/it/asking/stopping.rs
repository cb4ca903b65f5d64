//! Ctrl-C and signals at each kind of question: exit status 130 at once, and the terminal as it was.

use std::process::Command;

use super::{fleet, in_terminal};
use crate::harness::{Sandbox, Terminal, servers};

/// A command, what it asks, and how the question is called here.
const QUESTIONS: [(&str, &str); 6] = [
    // A fuzzy choice.
    ("user reset", "environment |"),
    // The same after a key was read.
    ("registry show -e dev", "database in dev |"),
    // A line.
    (
        "user readonly -e dev -d myapp_dev",
        "name of the new role: ",
    ),
    // Yes or no.
    ("registry remove -e prod -d myapp_prod", "[y/N] "),
    // A hidden password.
    (
        "user reset -e dev -d myapp_dev -u web01_8080",
        "password of ",
    ),
    // A role, which is typed where none is known.
    ("user find", "role: "),
];
/// How each is stopped: Ctrl-C, or by a signal.
const STOPS: [Option<&str>; 4] = [None, Some("INT"), Some("TERM"), Some("HUP")];

#[test]
fn a_stopped_question_ends_with_130_and_leaves_the_terminal_as_it_was() {
    let sandbox = fleet();
    for (command, question) in QUESTIONS {
        for stop in STOPS {
            stop_at(&sandbox, command, question, stop);
        }
    }
    let entries = sandbox.pgrole(["registry", "list"]).run().json();
    assert_eq!(entries.as_array().map(Vec::len), Some(4));
}

fn stop_at(sandbox: &Sandbox, command: &str, question: &str, stop: Option<&str>) {
    let words: Vec<_> = command.split(' ').collect();
    let mut terminal = in_terminal(sandbox, &words, 80);
    terminal.expect(question);
    match stop {
        None => terminal.send_control('c'),
        Some(signal) => terminal.signal(signal),
    }
    let (screen, status) = terminal.wait_restored();
    assert_eq!(status, Some(130), "{command}, {stop:?}: {screen}");
    assert!(
        screen.contains("interrupted"),
        "{command}, {stop:?}: {screen}"
    );
}

/// The question is on the screen before its thread asks the terminal for single keys: a signal in between must not leave
/// it like that. strace makes that moment long (each thread counts its own calls, and the main one has made more than these),
/// and the one before the end of the process, too.
#[test]
fn a_signal_before_the_first_key_is_awaited_leaves_the_terminal_as_it_was() {
    if Command::new("strace").arg("-V").output().is_err() {
        servers::skip("no strace here: scripts/test installs it");
        return;
    }
    let sandbox = fleet();
    for (command, question) in QUESTIONS {
        let pgrole = sandbox.pgrole(command.split(' ')).command();
        let mut traced = Command::new("strace");
        traced.env_clear().current_dir(sandbox.path());
        traced.envs(
            pgrole
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        // The program is the terminal's own child, which signals are meant for.
        traced.args(["-D", "-f", "-o", "/dev/null"]);
        for delayed in [
            "ioctl:delay_enter=60000:when=2..12",
            "exit_group:delay_enter=700000",
        ] {
            traced.args(["-e", &format!("inject={delayed}")]);
        }
        traced.arg(pgrole.get_program()).args(pgrole.get_args());
        let mut terminal = Terminal::run(&traced, 80);
        terminal.expect(question);
        terminal.signal("INT");
        let (screen, status) = terminal.wait_restored();
        assert_eq!(status, Some(130), "{command}: {screen}");
    }
}

#[test]
fn esc_gives_up_a_choice() {
    let sandbox = fleet();
    let mut terminal = in_terminal(&sandbox, &["user", "reset"], 80);
    terminal.expect("environment |");
    terminal.send("\u{1b}");
    let (screen, status) = terminal.wait_restored();
    assert_eq!(status, Some(130), "{screen}");
}

#[test]
fn a_terminal_that_goes_away_ends_the_question() {
    let sandbox = fleet();
    for (command, question) in QUESTIONS {
        let words: Vec<_> = command.split(' ').collect();
        let mut terminal = in_terminal(&sandbox, &words, 80);
        terminal.expect(question);
        assert_eq!(terminal.hang_up(), Some(130), "{command}");
    }
}
