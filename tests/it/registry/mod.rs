//! `pgrole registry` and the file behind it: targets, files made by others, files that are refused, many writers.

mod adopted_files;
mod clusters;
mod defaults;
mod discover;
mod import;
mod plain_copies;
mod read_only;
mod refused_files;
mod targets;
mod trusted_files;
mod writers;

use std::fs;
use std::path::Path;

use crate::harness::{Outcome, Sandbox};

/// Runs `pgrole registry …` in that sandbox.
#[track_caller]
fn registry(sandbox: &Sandbox, words: &str) -> Outcome {
    let words = words.split_whitespace();
    sandbox.pgrole(["registry"].into_iter().chain(words)).run()
}

/// Adds the target that most tests begin with.
#[track_caller]
fn add_myapp(sandbox: &Sandbox) -> Outcome {
    let outcome = registry(sandbox, "add -e dev -d myapp_dev -H pg-dev-01.example.com");
    outcome.expect_status(0);
    outcome
}

/// Makes the folder of the registry, for tests that put a file there themselves.
fn make_registry_folder(sandbox: &Sandbox) {
    let registry = sandbox.registry();
    fs::create_dir_all(folder_of(&registry)).expect("the home can be written");
}

fn folder_of(path: &Path) -> &Path {
    path.parent().expect("the file is in a folder")
}
