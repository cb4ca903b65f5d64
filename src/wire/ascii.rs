//! Every SQL text is ASCII but for the names in it: a server converts all of it, comments too, and its database's encoding
//! may not have the rest.

use std::fs;
use std::path::Path;

/// Where SQL is written down or put together.
const SOURCES: [&str; 6] = [
    "server/catalog.rs",
    "server/connection.rs",
    "server/login.rs",
    "server/statements.rs",
    "domain/access.rs",
    "domain/plan.rs",
];

#[test]
fn every_sql_text_is_ascii() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = fs::read_dir(source.join("server/sql")).unwrap();
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
