//! Every SQL text is ASCII but for the names in it: a server converts all of it, comments too, and its database's encoding
//! may not have the rest.

use std::fs;
use std::path::Path;

/// Where SQL is written down or put together.
const SOURCES: [&str; 7] = [
    "server/catalog.rs",
    "server/statements.rs",
    "wire/changes.rs",
    "wire/connection.rs",
    "wire/login.rs",
    "domain/access/mod.rs",
    "domain/act/plan.rs",
];
const FOLDERS: [&str; 2] = ["server/sql", "wire/sql"];

#[test]
fn every_sql_text_is_ascii() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folders = FOLDERS.map(|folder| fs::read_dir(source.join(folder)).unwrap());
    let files = folders.into_iter().flatten();
    let files = files.map(|file| file.unwrap().path());
    let mut seen = 0;
    for file in files.chain(SOURCES.map(|file| source.join(file))) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (number, line) in (1..).zip(code.lines()) {
            let is_comment = file.extension().is_some_and(|kind| kind == "rs")
                && line.trim_start().starts_with("//");
            let place = format!("{}:{number}: {line}", file.display());
            assert!(line.is_ascii() || is_comment, "{place}");
            seen += usize::from(line.contains("SELECT"));
        }
    }
    assert!(seen > 30, "that is not where the SQL is");
}
