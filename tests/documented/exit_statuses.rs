//! The exit statuses are described in one table.

use std::process::Command;

use crate::{read, root};
use pgrole::EXIT_STATUSES;

/// The rows of the table of exit statuses, as number and meaning.
fn exit_statuses(document: &str) -> Vec<(u8, String)> {
    let table = document
        .lines()
        .skip_while(|line| !line.starts_with("| exit status"));
    let rows = table.skip(2).take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| row.trim_matches('|').split_once('|').expect("two cells"));
    cells
        .map(|(number, meaning)| {
            let number = number.trim().parse().expect("a number");
            (number, meaning.trim().replace('`', ""))
        })
        .collect()
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_exit_statuses_are_the_same_in_code_help_and_readme() {
    let wanted = EXIT_STATUSES.map(|(number, meaning)| (number, meaning.to_owned()));
    assert_eq!(exit_statuses(&read(&root().join("README.md"))), wanted);
    let help = Command::new(env!("CARGO_BIN_EXE_pgrole"))
        .arg("--help")
        .output();
    let help = in_one_line(&String::from_utf8_lossy(&help.expect("it runs").stdout));
    for (number, meaning) in wanted {
        assert!(help.contains(&format!(" {number} {meaning}")), "{help}");
    }
}
