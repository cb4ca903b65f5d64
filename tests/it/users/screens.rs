//! What a person at a terminal gets with a new login: a password that can be copied at any width, and a line to try it.

use std::process::Command;

use crate::harness::servers;
use crate::scene::Scene;

/// Runs a line of the screen in a shell, as who copied it would, with more arguments for psql.
fn pasted(line: &str, home: &std::path::Path, password: Option<&str>) -> String {
    let psql = servers::psql();
    let folder = psql.parent().expect("psql is in a folder");
    let mut shell = Command::new("sh");
    shell
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", folder.display()))
        .env("HOME", home)
        .args(["-c", &format!("{line} -w -XAtqc 'SELECT session_user'")]);
    if let Some(password) = password {
        shell.env("PGPASSWORD", password);
    }
    let output = shell.output().expect("sh runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn line_to_try(screen: &str) -> &str {
    let line = screen
        .lines()
        .find_map(|line| line.strip_prefix("to try it: "));
    line.unwrap_or_else(|| panic!("no line to try it\n{screen}"))
}

#[test]
fn a_password_is_whole_at_every_width_and_psql_takes_the_line() {
    let scene = Scene::new();
    for columns in [40, 50, 60, 80, 120, 200] {
        let role = scene.role(&format!("at_{columns}"));
        let run = scene.user("readonly", &["-u", &role]).env("NO_COLOR", "1");
        let (screen, status) = run.in_terminal(columns).wait_status();
        assert_eq!(status, Some(0), "{screen}");
        let mut lines = screen.lines();
        let beside = lines.find_map(|line| line.strip_prefix("password"));
        // Where it has no room beside its label, it has a line of its own.
        let password = match beside.unwrap_or_else(|| panic!("{screen}")).trim() {
            "" => lines.next().unwrap_or_default(),
            beside => beside,
        };
        assert_eq!(password.len(), 32, "at {columns}\n{screen}");
        let line = line_to_try(&screen);
        assert!(!line.contains(password), "{screen}");
        assert_eq!(
            pasted(line, &scene.sandbox.home(), Some(password)),
            role,
            "{line}"
        );
    }
}

#[test]
fn a_password_in_pgpass_needs_nothing_else() {
    let scene = Scene::new();
    let role = scene.role("from file");
    let run = scene.user("readonly", &["-u", &role, "--deliver", "pgpass"]);
    let (screen, status) = run.in_terminal(300).wait_status();
    assert_eq!(status, Some(0), "{screen}");
    assert_eq!(
        pasted(line_to_try(&screen), &scene.sandbox.home(), None),
        role
    );
}

#[test]
fn the_line_is_for_persons_and_for_new_logins_only() {
    let scene = Scene::new();
    let role = scene.role("jane");
    let create = |more: &[&str]| {
        let arguments = [&["-u", role.as_str()], more].concat();
        scene.user("readonly", &arguments)
    };
    for quiet in [&["--dry-run"][..], &["--format", "json", "--dry-run"]] {
        let (screen, _) = create(quiet).in_terminal(200).wait_status();
        assert!(!screen.contains("psql"), "{screen}");
    }
    create(&["--format", "table"])
        .run()
        .expect_status(0)
        .expect_stderr("");
    let other = scene.role("joe");
    let (screen, status) = scene
        .user("readonly", &["-u", &other, "-q"])
        .in_terminal(200)
        .wait_status();
    assert_eq!(status, Some(0), "{screen}");
    assert!(!screen.contains("psql"), "{screen}");
    let (screen, _) = create(&[]).in_terminal(200).wait_status();
    assert!(!screen.contains("to try it"), "it exists already\n{screen}");
}
