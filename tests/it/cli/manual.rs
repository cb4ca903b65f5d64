//! The manual: a page per noun and per subject, complete, and clean for those who format it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{Outcome, Sandbox};

/// Writes all pages; by place, such as `man1/pgrole-user.1`.
fn pages(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let folder = sandbox.path().join("man");
    let made = sandbox.pgrole(["__generate", "man"]).args([&folder]).run();
    made.expect_status(0).expect_stdout("").expect_stderr("");
    let read = |folder: &Path| {
        let entries = fs::read_dir(folder).expect("the folder can be read");
        let paths = entries.map(|entry| entry.expect("the folder can be read").path());
        paths.collect::<Vec<_>>()
    };
    let page = |path: PathBuf| {
        let name = path.strip_prefix(&folder).expect("it is in the folder");
        let text = fs::read_to_string(&path).expect("a page is text");
        (name.display().to_string(), text)
    };
    let sections = read(&folder).into_iter();
    sections
        .flat_map(|section| read(&section))
        .map(page)
        .collect()
}

/// The headings of a page, in their order.
fn headings(page: &str) -> Vec<&str> {
    page.lines()
        .filter_map(|line| line.strip_prefix(".SH "))
        .collect()
}

#[test]
fn a_command_page_has_every_section_and_a_date() {
    let pages = pages(&Sandbox::new());
    for (name, page) in pages.iter().filter(|(name, _)| name.ends_with(".1")) {
        let wanted = [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXIT STATUS",
            "ENVIRONMENT",
            "FILES",
            "EXAMPLES",
            "SEE ALSO",
        ];
        assert_eq!(headings(page), wanted, "{name}");
        let example = page.split(".SH EXAMPLES").nth(1).unwrap_or_default();
        let command = name
            .trim_start_matches("man1/")
            .trim_end_matches(".1")
            .replacen('-', " ", 1)
            .replace('-', "\\-");
        assert!(
            example.contains(&format!("\n{command} ")),
            "{name}: {example}"
        );
    }
    let date = pages["man1/pgrole.1"].split(' ').nth(3).map(str::to_owned);
    for (name, page) in &pages {
        assert_eq!(page.split(' ').nth(3), date.as_deref(), "{name}");
    }
    assert!(pages.len() >= 14, "{:?}", pages.keys());
    assert!(
        !pages.keys().any(|name| name.contains("generate")),
        "{:?}",
        pages.keys()
    );
}

#[test]
fn the_same_pages_are_made_again() {
    assert_eq!(pages(&Sandbox::new()), pages(&Sandbox::new()));
}

#[test]
fn mandoc_and_man_have_nothing_to_say() {
    let sandbox = Sandbox::new();
    for name in pages(&sandbox).keys() {
        let path = sandbox.path().join("man").join(name);
        let mut lint = Command::new("mandoc");
        lint.args(["-T", "lint"]).arg(&path);
        Outcome::of(lint)
            .expect_status(0)
            .expect_stdout("")
            .expect_stderr("");
        // macOS formats with mandoc.
        if cfg!(not(target_os = "linux")) {
            continue;
        }
        let mut man = Command::new("man");
        man.args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"])
            .arg(&path);
        Outcome::of(man).expect_status(0).expect_stderr("");
    }
}
