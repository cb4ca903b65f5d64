//! Help: every command shows an example, no variable's value is shown.

use crate::harness::Sandbox;

/// All commands that help names, `pgrole` itself first.
fn commands(sandbox: &Sandbox) -> Vec<Vec<String>> {
    let mut found = vec![Vec::new()];
    let mut place = 0;
    while let Some(command) = found.get(place).cloned() {
        let help = help_of(sandbox, &command);
        let listed = help.split("\nCommands:\n").nth(1).unwrap_or_default();
        let names = listed.lines().take_while(|line| !line.is_empty());
        let names = names.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        for name in names.filter_map(|line| line.split_whitespace().next()) {
            if name != "help" {
                found.push([command.clone(), vec![name.to_owned()]].concat());
            }
        }
        place += 1;
    }
    found
}

#[track_caller]
fn help_of(sandbox: &Sandbox, command: &[String]) -> String {
    let outcome = sandbox
        .pgrole(command)
        .args(["--help"])
        .env("PG_ADMIN_USER", "s3cret-user")
        .env("PG_ADMIN_PASS", "s3cret-password")
        .run();
    outcome.expect_status(0).expect_stderr("");
    assert!(!outcome.stdout.contains("s3cret"), "{outcome}");
    outcome.stdout
}

#[test]
fn every_command_shows_an_example_of_itself() {
    let sandbox = Sandbox::new();
    let commands = commands(&sandbox);
    assert!(commands.len() > 25, "{commands:?}");
    let is_group = |command: &[String]| {
        commands
            .iter()
            .any(|other| other.len() > command.len() && other.starts_with(command))
    };
    for command in &commands {
        let help = help_of(&sandbox, command);
        if command.is_empty() || !is_group(command) {
            let example = format!("\n  pgrole {}", command.join(" "));
            assert!(
                help.contains("\nExample") && help.contains(example.trim_end()),
                "{command:?}\n{help}"
            );
        }
    }
}

#[test]
fn help_names_the_variables_and_the_defaults() {
    let sandbox = Sandbox::new();
    let help = help_of(&sandbox, &["registry".to_owned(), "add".to_owned()]);
    for wanted in [
        "[env: PGROLE_REGISTRY=]",
        "[env: PGROLE_CONFIG=]",
        "[env: PGROLE_FORMAT=]",
        "config file, else 5432]",
        "[default: 10]",
        "[default: verify-full for a remote host,",
        "[possible values: disable, allow, prefer, require, verify-ca, verify-full, default]",
    ] {
        assert!(help.contains(wanted), "{wanted}\n{help}");
    }
}

#[test]
fn help_fits_the_terminal() {
    let sandbox = Sandbox::new();
    let (screen, status) = sandbox
        .pgrole(["registry", "add", "--help"])
        .in_terminal(60)
        .wait_status();
    assert_eq!(status, Some(0));
    // An example is one line, however long, and so is the usage.
    let text = crate::harness::terminal::without_escapes(&screen);
    let options = text.split("Examples:").next().unwrap_or_default();
    let options = options.lines().filter(|line| !line.starts_with("Usage:"));
    let widest = options.map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|widest| widest <= 60), "{text}");
}

#[test]
fn the_version_is_that_of_the_package() {
    let version = Sandbox::new().pgrole(["--version"]).run();
    let wanted = format!("pgrole {}\n", env!("CARGO_PKG_VERSION"));
    version
        .expect_status(0)
        .expect_stdout(&wanted)
        .expect_stderr("");
}
