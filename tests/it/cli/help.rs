//! Help: every command shows an example and what is its own, in 80 columns; no variable's value is shown.

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
    let help = super::words(&help).collect::<Vec<_>>().join(" ");
    for wanted in [
        "config file, else 5432]",
        "[default: verify-full for a remote host,",
        "[possible values: disable, allow, prefer, require, verify-ca, verify-full, default]",
    ] {
        assert!(help.contains(wanted), "{wanted}\n{help}");
    }
    let options = sandbox.pgrole(["help", "options"]).run();
    options.expect_status(0).expect_stderr("");
    for wanted in [
        "[env: PGROLE_REGISTRY=]",
        "[env: PGROLE_CONFIG=]",
        "[env: PGROLE_FORMAT=]",
        "[default: 10]",
        "  -V, --version\n",
        "  -h, --help\n",
    ] {
        assert!(options.stdout.contains(wanted), "{options}");
    }
}

/// A terminal that nobody has resized; a pipe gets the same.
#[test]
fn the_help_of_a_command_is_its_own_and_fits_80_columns() {
    let sandbox = Sandbox::new();
    for command in commands(&sandbox) {
        let long = help_of(&sandbox, &command);
        let asked = sandbox.pgrole(["help"]).args(&command).run();
        assert_eq!(asked.stdout, long, "{command:?}");
        let short = sandbox.pgrole(&command).args(["-h"]).run();
        for help in [&long, &short.stdout] {
            let wide: Vec<_> = help
                .lines()
                .filter(|line| line.chars().count() > 80)
                .collect();
            assert!(wide.is_empty(), "{command:?}: {wide:#?}");
            let is_the_programs = command.is_empty();
            let flags = help.lines().map(str::trim_start);
            let flags = flags.filter(|line| line.starts_with('-'));
            let flags: String = flags.map(|line| format!("{line} \n")).collect();
            for global in [
                "--registry ",
                "--color ",
                "--timeout ",
                "--quiet ",
                "--version ",
            ] {
                assert_eq!(flags.contains(global), is_the_programs, "{global}\n{help}");
            }
            let last = help.trim_end().lines().next_back();
            let names_options = last == Some("The options of every command: pgrole help options");
            assert_eq!(names_options, !is_the_programs, "{help}");
        }
    }
    let options = sandbox.pgrole(["help", "options"]).run();
    assert!(
        options
            .stdout
            .lines()
            .all(|line| line.chars().count() <= 80),
        "{options}"
    );
}

#[test]
fn the_options_of_every_command_are_accepted_wherever_they_stand() {
    let sandbox = Sandbox::new();
    let options = [
        "--format",
        "jsonl",
        "--timeout",
        "5",
        "-q",
        "-y",
        "--color",
        "never",
    ];
    for place in 0..=2 {
        let mut words = vec!["registry", "list"];
        words.splice(place..place, options);
        sandbox.pgrole(words).run().expect_status(0);
    }
    for words in [
        ["-V"].as_slice(),
        &["user", "-V"],
        &["user", "drop", "--version"],
    ] {
        let version = sandbox.pgrole(words).run();
        version.expect_status(0);
        assert!(
            version.stdout.contains(env!("CARGO_PKG_VERSION")),
            "{version}"
        );
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
    // An example is one line, however long, and the usage has a width of its own.
    let text = crate::harness::terminal::without_escapes(&screen);
    let options = text.split("Examples:").next().unwrap_or_default();
    let options = options.split("\nOptions:\n").nth(1).unwrap_or_default();
    let widest = options.lines().map(|line| line.chars().count()).max();
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
