//! The pictures of the README: made from commands that exist, small, and of nobody's machine.

use std::path::Path;

use crate::commands::{commands_in, expect_all};
use crate::{files_below, read, root};

fn pictures() -> Vec<std::path::PathBuf> {
    files_below(&root().join("docs/pictures"), "txt")
}

#[test]
fn every_command_of_the_pictures_is_one() {
    let texts: Vec<_> = pictures().iter().map(|path| read(path)).collect();
    let lines = texts.iter().flat_map(|text| commands_in(text, false));
    // Where the output of one goes is not a part of it.
    let commands = lines.filter_map(|line| line.split(" 2>").next());
    expect_all(commands, 8);
}

#[test]
fn each_picture_is_there_and_shown() {
    let documents = ["README.md", "docs/bulk.md"].map(|name| read(&root().join(name)));
    for source in pictures() {
        let picture = source.with_extension("svg");
        let name = picture.file_name().expect("a file").display().to_string();
        let text = read(&picture);
        assert!(text.len() < 40_000, "{name}: {} bytes", text.len());
        let is_shown = |document: &String| document.contains(&format!("pictures/{name})"));
        assert!(documents.iter().any(is_shown), "{name}");
        // What is typed is what the file says.
        let typed = read(&source);
        let commands = typed.lines().filter_map(|line| line.strip_prefix("$ "));
        assert_eq!(
            text.matches(">$</tspan>").count(),
            commands.count(),
            "{name}"
        );
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).display().to_string();
        for wrong in ["/root", "/tmp", &manifest, "<script", "@import", "href"] {
            assert!(!text.contains(wrong), "{name}: {wrong}");
        }
    }
}
