//! Comments and documents cite only what the repository has: the reader of a clone can look it up.

use std::fs;
use std::path::{Path, PathBuf};

const FOLDERS: [&str; 8] = [
    "src", "tests", "benches", "scripts", "contrib", "docs", "man", ".ci",
];
const DOCUMENTS: [&str; 6] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "Cargo.toml",
];

/// Where cited sources are, and PostgreSQL's own, which begin alike. The changelog may speak of files that are gone.
const SOURCES: [&str; 4] = ["src/", "tests/", "benches/", "scripts/"];
const SOURCES_OF_POSTGRES: [&str; 3] = ["src/backend/", "src/common/", "src/interfaces/"];
const HISTORY: &str = "CHANGELOG.md";

/// What tests write when they run.
const WRITTEN: [&str; 2] = ["access-matrix.md", "tls-matrix.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            files_below(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// The words of a text that are names of Markdown files, with the paths before them and the headings after them.
fn cited(text: &str) -> impl Iterator<Item = &str> {
    let is_in_name = |letter: char| letter.is_ascii_alphanumeric() || "-_./#".contains(letter);
    let words = text.split(move |letter| !is_in_name(letter));
    words.filter(|word| {
        word.split('#').next().is_some_and(|file| {
            file.strip_suffix(".md")
                .is_some_and(|name| !name.is_empty())
        })
    })
}

/// The words of a text that are paths of sources.
fn cited_sources(text: &str) -> impl Iterator<Item = &str> {
    let is_in_path = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    let words = text.split(move |letter| !is_in_path(letter));
    words.filter(|word| {
        let begins = |starts: &[&str]| starts.iter().any(|start| word.starts_with(start));
        begins(&SOURCES) && !begins(&SOURCES_OF_POSTGRES)
    })
}

/// The files that may cite, but this one: what it says of files stands for any.
fn citing_files() -> Vec<PathBuf> {
    let mut files: Vec<_> = DOCUMENTS.iter().map(|name| root().join(name)).collect();
    for folder in FOLDERS {
        files_below(&root().join(folder), &mut files);
    }
    files.retain(|path| !path.ends_with(file!()));
    files
}

/// The anchor that a heading gets where Markdown is shown.
fn anchor_of(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = kept
        .chars()
        .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.collect::<String>().replace(' ', "-")
}

fn has_heading(document: &Path, anchor: &str) -> bool {
    let text = fs::read_to_string(document).unwrap_or_default();
    let mut headings = text.lines().filter(|line| line.starts_with('#'));
    headings.any(|heading| anchor_of(heading) == anchor)
}

#[test]
fn every_document_that_is_cited_is_in_the_repository() {
    let mut absent = Vec::new();
    let mut count = 0;
    for file in citing_files() {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let cited = cited(&text).filter(|name| !WRITTEN.contains(name));
        // Where packages put documents.
        for citation in cited.filter(|name| !name.starts_with("/usr/share/")) {
            count += 1;
            let (name, anchor) = citation.split_once('#').unwrap_or((citation, ""));
            // From the root of the repository, as Cargo.toml names what a package has.
            let name = name.trim_start_matches('/');
            let beside = file.parent().expect("it is in a folder").join(name);
            // What the program writes into docs/ names what is beside it there.
            let found = [root().join(name), beside, root().join("docs").join(name)]
                .into_iter()
                .find(|path| path.exists());
            let is_there =
                found.is_some_and(|path| anchor.is_empty() || has_heading(&path, anchor));
            if !is_there {
                absent.push(format!("{}: {citation}", file.display()));
            }
        }
    }
    assert!(absent.is_empty(), "\n{}\n", absent.join("\n"));
    assert!(count > 20, "the documents cite each other: {count}");
}

#[test]
fn every_source_that_is_cited_is_in_the_repository() {
    let mut absent = Vec::new();
    let mut count = 0;
    for file in citing_files() {
        if file.ends_with(HISTORY) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap_or_default();
        for source in cited_sources(&text) {
            count += 1;
            // A sentence may end with a path.
            if !root().join(source.trim_end_matches('.')).exists() {
                absent.push(format!("{}: {source}", file.display()));
            }
        }
    }
    assert!(absent.is_empty(), "\n{}\n", absent.join("\n"));
    assert!(count > 50, "the documents cite sources: {count}");
}

/// `docs/rotation.md, "Recovery"` names a heading, too.
#[test]
fn every_heading_that_a_comment_cites_is_there() {
    let mut files = Vec::new();
    for folder in ["src", "tests"] {
        files_below(&root().join(folder), &mut files);
    }
    let mut absent = Vec::new();
    for file in files.iter().filter(|path| !path.ends_with(file!())) {
        // A citation may be broken over two comment lines.
        let text = fs::read_to_string(file).unwrap_or_default();
        let lines: Vec<_> = text
            .lines()
            .map(|line| line.trim().trim_start_matches(['/', '!', ' ']))
            .collect();
        let text = lines.join(" ");
        for (at, _) in text.match_indices(".md, \"") {
            let start = text[..at]
                .rfind([' ', '(', '"'])
                .map_or(0, |space| space + 1);
            let document = &text[start..at + 3];
            let heading = text[at + 6..].split('"').next().unwrap_or_default();
            if !has_heading(&root().join(document), &anchor_of(heading)) {
                absent.push(format!("{}: {document}, {heading:?}", file.display()));
            }
        }
    }
    assert!(absent.is_empty(), "\n{}\n", absent.join("\n"));
}
