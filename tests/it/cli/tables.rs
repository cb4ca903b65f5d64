//! Tables fit the terminal they are shown in, and are undecorated in a pipe.

use super::words;
use crate::harness::Sandbox;

const NOTES: &str =
    "the main database of the application, moved here in spring; ask the team before you touch it";

fn sandbox_with_long_rows() -> Sandbox {
    let sandbox = Sandbox::new();
    let host = "pg-dev-01.a-rather-long-zone-name.example.com";
    let add = sandbox.pgrole(words(
        "registry add -e dev -d customer_relations_reporting -H",
    ));
    add.args([host, "--notes", NOTES]).run().expect_status(0);
    sandbox
        .pgrole(words("registry add -e prod -d short -H h"))
        .run()
        .expect_status(0);
    sandbox
}

#[test]
fn a_table_fits_the_terminal_whatever_its_width() {
    let sandbox = sandbox_with_long_rows();
    for columns in [60, 80, 200] {
        for text in [
            "registry list",
            "registry show -e dev -d customer_relations_reporting",
            "audit list",
        ] {
            let (screen, status) = sandbox
                .pgrole(words(text))
                .in_terminal(columns)
                .wait_status();
            assert_eq!(status, Some(0), "{screen}");
            let widest = screen
                .lines()
                .map(|line| line.chars().count())
                .max()
                .unwrap_or(0);
            assert!(
                widest <= usize::from(columns),
                "{text}: {widest} of {columns} columns\n{screen}"
            );
            assert!(
                screen.starts_with('┌') || screen.starts_with('╭'),
                "{screen}"
            );
            // Nothing is cut off: each letter of the row is there, if on several lines.
            let letters = |text: &str| {
                text.chars()
                    .filter(|letter| letter.is_alphanumeric())
                    .count()
            };
            assert!(letters(&screen) > 40, "{screen}");
        }
    }
}

#[test]
fn a_wide_terminal_shows_a_row_in_one_line() {
    let sandbox = sandbox_with_long_rows();
    let (screen, _) = sandbox
        .pgrole(words("registry list"))
        .in_terminal(250)
        .wait_status();
    let row = screen
        .lines()
        .find(|line| line.contains("customer_relations_reporting"));
    assert!(row.is_some_and(|row| row.contains(NOTES)), "{screen}");
}

#[test]
fn a_piped_table_is_undecorated_and_never_wrapped() {
    let sandbox = sandbox_with_long_rows();
    let table = sandbox.pgrole(words("registry list --format table")).run();
    let lines: Vec<_> = table.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{table}");
    assert!(lines[1].ends_with(NOTES), "{table}");
    assert!(table.stdout.is_ascii(), "{table}");
    let columns = |line: &str| {
        line.split("  ")
            .filter(|cell| !cell.trim().is_empty())
            .count()
    };
    assert_eq!(columns(lines[0]), 7);
}
