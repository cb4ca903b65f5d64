//! Tests that the help, the manual, the documents and the hints agree with the code.

mod commands;
mod exit_statuses;
mod literals;
mod pictures;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files below a folder of the repository whose names end so.
fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    paths.sort();
    let files = paths.into_iter().flat_map(|path| {
        if path.is_dir() {
            files_below(&path, extension)
        } else {
            vec![path]
        }
    });
    files
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect()
}

/// The Markdown documents for those who use or change pgrole.
fn documents() -> Vec<PathBuf> {
    let mut found = files_below(&root().join("docs"), "md");
    let names = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ];
    found.extend(names.map(|name| root().join(name)));
    found
}
