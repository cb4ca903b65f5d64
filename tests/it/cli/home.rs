//! Where the files are: XDG's folders, and what is said where there is no home.

use std::os::unix::process::CommandExt;

use super::words;
use crate::harness::{Outcome, Sandbox, account::Account};

#[test]
fn the_files_are_in_xdgs_folders() {
    let sandbox = Sandbox::new();
    let config = sandbox.path().join("conf/pgrole");
    std::fs::create_dir_all(&config).expect("the sandbox can be written");
    std::fs::write(
        config.join("config.toml"),
        "environments = [\"lab\"]\nprotected = []\n",
    )
    .expect("the sandbox can be written");
    let run = |text: &str| {
        let run = sandbox.pgrole(words(text));
        let run = run.env("XDG_DATA_HOME", sandbox.path().join("data"));
        run.env("XDG_CONFIG_HOME", sandbox.path().join("conf"))
            .run()
    };
    run("registry add -e lab -d a -H h").expect_status(0);
    assert!(sandbox.path().join("data/pgrole/pg_registry.db").exists());
    assert!(!sandbox.registry().exists());
}

#[test]
fn an_empty_environment_is_enough_where_the_file_is_named() {
    let sandbox = Sandbox::new();
    let file = sandbox.path().join("some.db");
    let mut command = sandbox
        .pgrole(words("registry add -e dev -d a -H h --registry"))
        .args([&file])
        .command();
    command.env_clear();
    Outcome::of(command).expect_status(0).expect_stderr("");
    assert!(file.exists());
}

#[test]
fn without_home_the_home_of_the_account_is_used() {
    // Only root can become somebody else, and nobody else's home may be written by a test.
    let Some(nobody) = nix::unistd::User::from_name("nobody").ok().flatten() else {
        return;
    };
    if Account::of_nobody().is_none() || nobody.dir.exists() {
        return;
    }
    let sandbox = Sandbox::new();
    let mut command = sandbox
        .pgrole(words("registry list --format table"))
        .under_nobody()
        .command();
    command.env_clear();
    let refused = Outcome::of(command);
    refused.expect_status(2).expect_stdout("");
    let folder = nobody.dir.join(".local/share/pgrole");
    refused.expect_in_stderr(&format!(
        "error: cannot create the folder {}\n",
        folder.display()
    ));
}

/// As root, a home that does not exist could be made; nobody would look for files there.
#[test]
fn a_home_that_does_not_exist_is_not_made_up() {
    let sandbox = Sandbox::new();
    let home = sandbox.path().join("no/home");
    for typed in [
        "registry list",
        "registry add -e dev -d a -H h",
        "config init",
    ] {
        let mut command = sandbox.pgrole(words(typed)).command();
        command.env_clear().env("HOME", &home);
        let refused = Outcome::of(command);
        refused
            .expect_status(2)
            .expect_stdout("")
            .expect_in_stderr(&format!(
                "the home folder {} does not exist",
                home.display()
            ));
        assert!(!home.exists(), "{typed}");
    }
    // A registry elsewhere does without; what would be kept beside the config file is not.
    let elsewhere = sandbox.path().join("some.db");
    sandbox.write_config("");
    for config in [None, Some(sandbox.config())] {
        let add = sandbox.pgrole(words("registry add -e dev -d a -H h --registry"));
        let mut command = add.args([&elsewhere]).command();
        command.env_clear().env("HOME", &home);
        if let Some(config) = config {
            command.arg("--config").arg(config);
        }
        Outcome::of(command).expect_status(0);
        assert!(!home.exists());
    }
}

#[test]
fn an_account_without_any_home_is_told_what_to_do() {
    if Account::of_nobody().is_none() {
        return;
    }
    let sandbox = Sandbox::new();
    let mut command = sandbox
        .pgrole(words("registry list --format table"))
        .under_nobody()
        .command();
    // An account that no database of accounts knows.
    command.env_clear().uid(54_321);
    let refused = Outcome::of(command);
    refused
        .expect_status(2)
        .expect_stdout("")
        .expect_in_stderr("set HOME, or use --registry FILE");
}
