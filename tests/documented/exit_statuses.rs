//! The exit statuses are described in one table.

use clap::CommandFactory;

use crate::{read, root};
use pgrole::{Cli, EXIT_STATUSES};

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
fn the_exit_statuses_are_the_same_in_code_help_manual_and_readme() {
    let wanted = EXIT_STATUSES.map(|(number, meaning)| (number, meaning.to_owned()));
    assert_eq!(exit_statuses(&read(&root().join("README.md"))), wanted);
    let help = in_one_line(&Cli::command().render_long_help().to_string());
    let manual = in_one_line(&read(&root().join("man/pgrole.1")).replace('\\', ""));
    for (number, meaning) in wanted {
        assert!(help.contains(&format!(" {number} {meaning}")), "{help}");
        assert!(manual.contains(&format!(" {number} {meaning}")), "{manual}");
    }
}
