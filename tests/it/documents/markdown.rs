//! What a Markdown document prints: its indented blocks, and the commands in them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Returns the document, by its path in the repository.
pub fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The part of a document below a heading, with what is below that.
pub fn section<'a>(document: &'a str, heading: &str) -> &'a str {
    let heading = format!("\n## {heading}\n");
    let (_, below) = document.split_once(&heading).expect("there is the heading");
    below.split("\n## ").next().unwrap_or(below)
}

/// The document without that section.
pub fn without_section(document: &str, heading: &str) -> String {
    document.replace(section(document, heading), "")
}

/// The indented blocks of a text, without the indentation. What continues a paragraph is none.
pub fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let (mut is_within, mut may_begin) = (false, true);
    for line in text.lines() {
        let code = line.strip_prefix("    ");
        match (code.filter(|_| is_within || may_begin), blocks.last_mut()) {
            (Some(code), Some(block)) if is_within => {
                // An empty line ends a block only if text follows.
                let gap = if may_begin { "\n" } else { "" };
                block.push_str(&format!("{gap}{code}\n"));
            }
            (Some(code), _) => {
                blocks.push(format!("{code}\n"));
                is_within = true;
            }
            (None, _) => is_within = is_within && line.is_empty(),
        }
        may_begin = line.is_empty();
    }
    blocks
}

/// Whether a block is a file's text rather than commands.
pub fn is_file(block: &str) -> bool {
    let first = block.lines().next().unwrap_or_default();
    let is_section = first.starts_with('[') && !first.starts_with("[ ");
    let is_setting = first.split_whitespace().nth(1) == Some("=");
    is_section || is_setting || first.starts_with("env,")
}

/// A command as it is printed, and the output that is printed below it.
#[derive(Debug, PartialEq)]
pub struct Printed {
    pub command: String,
    pub output: String,
}

/// The commands of a block, each with all of its lines. A block that keeps something in a variable is one command.
pub fn commands(block: &str) -> Vec<Printed> {
    if let Some(session) = block.strip_prefix("$ ") {
        let typed = session.split("\n$ ");
        let typed = typed.map(|typed| typed.split_once('\n').unwrap_or((typed, "")));
        return typed
            .map(|(command, output)| Printed {
                command: command.to_owned(),
                output: output.to_owned(),
            })
            .collect();
    }
    let is_one = block.contains("=$(") || block.contains("$?");
    let mut commands = Vec::new();
    let mut command = String::new();
    let mut lines = block.lines().peekable();
    while let Some(line) = lines.next() {
        command.push_str(line);
        command.push('\n');
        if lines.peek().is_none() || !is_one && is_complete(&command) {
            commands.push(Printed {
                command: command.trim_end().to_owned(),
                output: String::new(),
            });
            command.clear();
        }
    }
    commands.retain(|printed| !printed.command.starts_with('#'));
    commands
}

/// Whether a shell would not wait for another line.
fn is_complete(command: &str) -> bool {
    let mut bash = Command::new("bash");
    bash.args(["-n", "-c", command]).stderr(Stdio::null());
    let is_valid = bash.status().expect("bash runs").success();
    is_valid && !command.trim_end().ends_with('\\')
}

#[test]
fn a_command_is_read_with_all_of_its_lines() {
    let document = "A list:\n\n1. with\n    more text\n\n    a |\n        b\n    c # d\n\nthen\n\n    x=$(y)\n    echo $x\n\nand\n\n    [t]\n    k = 1\n\n    [u]\n";
    let blocks = blocks(document);
    assert_eq!(blocks.len(), 3, "{blocks:#?}");
    assert_eq!(blocks[2], "[t]\nk = 1\n\n[u]\n");
    let read = |block: &str| -> Vec<String> {
        let printed = commands(block).into_iter();
        printed.map(|printed| printed.command).collect()
    };
    assert_eq!(read(&blocks[0]), ["a |\n    b", "c # d"]);
    assert_eq!(read(&blocks[1]), ["x=$(y)\necho $x"]);
    assert!(is_file(&blocks[2]) && !is_file(&blocks[0]));
    let shown = commands("$ a\n b\n c\n");
    assert_eq!(
        (shown[0].command.as_str(), shown[0].output.as_str()),
        ("a", " b\n c\n")
    );
}
