//! The commands that no test of this program types, and why; and that no document is left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::markdown;

const SCRIPT: &str = "it builds, or runs these tests among others";
const PACKAGES: &str =
    "scripts/test-packages types it, with a root folder in place of the machine's";
const ROOT: &str = "it changes the machine, as root";

/// Each command, without its comment, and why it is not typed here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("scripts/demo", SCRIPT),
    ("scripts/test", SCRIPT),
    ("scripts/test --all-versions", SCRIPT),
    ("scripts/test --all-admins", SCRIPT),
    ("scripts/crash", SCRIPT),
    ("scripts/faults 60", SCRIPT),
    ("scripts/faults --properties 10", SCRIPT),
    ("scripts/dual 50 500", SCRIPT),
    ("scripts/record", SCRIPT),
    ("scripts/package", SCRIPT),
    ("scripts/test-packages", SCRIPT),
    ("cargo install --path . --locked", PACKAGES),
    ("sha256sum --check --ignore-missing SHA256SUMS", PACKAGES),
    ("sudo apt install ./pgrole_*.deb", PACKAGES),
    ("man pgrole", PACKAGES),
    ("man pgrole-user", PACKAGES),
    ("sudo apt remove pgrole", PACKAGES),
    ("sudo dnf install ./pgrole-*.rpm", PACKAGES),
    ("sudo dnf remove pgrole", PACKAGES),
    ("tar -xzf pgrole-*-musl.tar.gz", PACKAGES),
    ("cp pgrole-*-musl/pgrole ~/.local/bin/", PACKAGES),
    (
        "cp -R pgrole-*-musl/share/man/. ~/.local/share/man/",
        PACKAGES,
    ),
    (
        "cp pgrole-*-musl/completions/pgrole ~/.local/share/bash-completion/completions/",
        PACKAGES,
    ),
    ("~/.local/bin/pgrole --version", PACKAGES),
    ("pgrole init", "a conversation, which asking::init holds"),
    (
        "cp contrib/systemd/pgrole-rotate.* /etc/systemd/system/",
        ROOT,
    ),
    (
        "useradd --system --home-dir /var/lib/pgrole --create-home pgrole",
        ROOT,
    ),
    ("systemctl enable --now pgrole-rotate.timer", ROOT),
];

/// Documents that other groups type.
const TYPED_ELSEWHERE: &[(&str, &str)] = &[
    ("docs/moving.md", "tests/it/moving"),
    ("docs/secret-managers.md", "tests/it/recipes"),
];

/// Whether it is not typed here.
pub fn has(command: &str) -> bool {
    let command = without_comment(command);
    ELSEWHERE.iter().any(|(listed, _)| command == *listed)
}

fn without_comment(command: &str) -> &str {
    command.split(" # ").next().unwrap_or_default().trim()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The paths of all documents in the repository.
pub fn documents() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["", "docs/"] {
        for entry in fs::read_dir(root().join(folder)).expect("the repository can be read") {
            let name = entry.expect("the repository can be read").file_name();
            let path = format!("{folder}{}", name.to_string_lossy());
            if Path::new(&path)
                .extension()
                .is_some_and(|found| found == "md")
            {
                found.push(path);
            }
        }
    }
    found
}

/// All commands that a document prints.
fn commands_of(path: &str) -> Vec<String> {
    let blocks = markdown::blocks(&markdown::read(path));
    let blocks = blocks.iter().filter(|block| !markdown::is_file(block));
    let printed = blocks.flat_map(|block| markdown::commands(block));
    printed.map(|printed| printed.command).collect()
}

#[test]
fn every_document_with_commands_is_typed() {
    let tests = root().join("tests/it");
    let mut left_out = BTreeSet::new();
    for path in documents() {
        let name = Path::new(&path).file_stem().expect("it has a name");
        let name = name.to_string_lossy().to_lowercase();
        let own = fs::read_to_string(tests.join(format!("documents/{name}.rs")));
        let is_typed = own.is_ok_and(|own| own.contains(&format!("Page::new(\"{path}\")")))
            || TYPED_ELSEWHERE.iter().any(|(typed, _)| *typed == path);
        if !is_typed {
            let commands = commands_of(&path).into_iter();
            let commands = commands.filter(|command| !has(command));
            left_out.extend(commands.map(|command| format!("{path}: {command}")));
        }
    }
    assert!(left_out.is_empty(), "{left_out:#?}");
}

#[test]
fn what_is_listed_is_in_a_document() {
    let commands: Vec<_> = documents()
        .iter()
        .flat_map(|path| commands_of(path))
        .collect();
    for (listed, _) in ELSEWHERE {
        let mut found = commands.iter();
        assert!(
            found.any(|command| without_comment(command) == *listed),
            "{listed}"
        );
        let program = listed.split(' ').next().unwrap_or_default();
        assert!(
            !program.starts_with("scripts/") || root().join(program).exists(),
            "{listed}"
        );
    }
    for (path, test) in TYPED_ELSEWHERE {
        assert!(!commands_of(path).is_empty(), "{path}");
        let test = root().join(test);
        assert!(test.exists(), "{}", test.display());
    }
}
