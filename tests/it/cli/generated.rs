//! `completions/` is what the program prints.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{self, Outcome, Sandbox};

/// In the environment of this test binary, rewrites the committed files instead of comparing them.
const REWRITE: &str = "PGROLE_TEST_REWRITE";

fn committed(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn contents(folder: &Path) -> BTreeMap<String, String> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let name = |path: &Path| {
        path.file_name()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned()
    };
    let text = |path: &Path| fs::read_to_string(path).expect("a generated file is text");
    paths.map(|path| (name(&path), text(&path))).collect()
}

#[track_caller]
fn compare(kind: &str) {
    let sandbox = Sandbox::new();
    let made = sandbox.path().join(kind);
    let generate = sandbox.pgrole(["__generate", kind]).args([&made]).run();
    generate
        .expect_status(0)
        .expect_stdout("")
        .expect_stderr("");
    let folder = committed(kind);
    if harness::variable(REWRITE).is_some() {
        fs::remove_dir_all(&folder).expect("the committed files can be written");
        generate_into(&sandbox, kind, &folder);
    }
    let (made, found) = (contents(&made), contents(&folder));
    let names = made.keys().chain(found.keys());
    let differing: std::collections::BTreeSet<_> = names
        .filter(|name| made.get(*name) != found.get(*name))
        .collect();
    assert!(
        differing.is_empty(),
        "not what the command line's definition makes of them, in {kind}/: {differing:?}\n\
         hint: rewrite them: {REWRITE}=1 cargo test --test it generated"
    );
    assert!(!made.is_empty());
}

fn generate_into(sandbox: &Sandbox, kind: &str, folder: &Path) {
    sandbox
        .pgrole(["__generate", kind])
        .args([folder])
        .run()
        .expect_status(0);
}

#[test]
fn the_completion_scripts_are_up_to_date() {
    compare("completions");
}

const SHELLS: [(&str, &str); 3] = [
    ("bash", "pgrole.bash"),
    ("zsh", "_pgrole"),
    ("fish", "pgrole.fish"),
];

#[test]
fn completions_prints_the_committed_script() {
    let sandbox = Sandbox::new();
    for (shell, file) in SHELLS {
        let printed = sandbox.pgrole(["completions", shell]).run();
        let wanted =
            fs::read_to_string(committed("completions").join(file)).expect("it is committed");
        let wanted = wanted.trim_end_matches('\n').to_owned() + "\n";
        printed
            .expect_status(0)
            .expect_stderr("")
            .expect_stdout(&wanted);
    }
    assert!(!sandbox.registry().exists());
}

#[test]
fn the_scripts_parse_in_the_shells_that_are_here() {
    for (shell, file) in SHELLS {
        let is_here = ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
            .iter()
            .any(|folder| Path::new(folder).join(shell).exists());
        if !is_here {
            continue;
        }
        let mut command = Command::new(shell);
        command.arg("-n").arg(committed("completions").join(file));
        Outcome::of(command).expect_status(0).expect_stderr("");
    }
}
