//! A dry run is a line for each role, whatever the terminal's width.

use super::Scene;
use super::rotate::make_old;
use crate::harness::sandbox::Run;

const LONG_AGO: &str = "2026-01-01T00:00:00.000000Z";

/// Only of its own roles: others on the same server have long names.
fn dry_run<'s>(scene: &'s Scene<'_>) -> Run<'s> {
    let own = scene.area.role("*");
    let run = scene
        .sandbox
        .pgrole(["rotate", "--any-age", "--dry-run", "-u", &own]);
    run.env("NO_COLOR", "1")
}

/// The lines of a dry run that name the role.
fn lines_about(
    scene: &Scene<'_>,
    role: &str,
    columns: u16,
    more: &[&str],
) -> (String, Vec<String>) {
    let run = dry_run(scene).args(more.iter().copied());
    let (screen, status) = run.in_terminal(columns).wait_status();
    assert_eq!(status, Some(0), "{screen}");
    let about = screen.lines().filter(|line| line.contains(role));
    let lines = about.map(str::to_owned).collect();
    (screen, lines)
}

#[test]
fn a_dry_run_is_a_line_a_role_with_long_deliveries() {
    let scene = Scene::new();
    let folder = scene.file("a-rather-long-name-of-a-folder-for-the-secrets-of-all-services");
    std::fs::create_dir(&folder).expect("the sandbox can be written");
    let deliver = format!("file:{}", folder.join("{username}").display());
    let roles = ["one", "two"].map(|name| scene.area.role(name));
    for role in &roles {
        let create = scene.user("readonly", role, &["--deliver", &deliver]);
        create.run().expect_status(0);
        make_old(&scene, role, LONG_AGO);
    }
    for columns in [60, 80, 120] {
        for role in &roles {
            let (screen, lines) = lines_about(&scene, role, columns, &[]);
            let [line] = lines.as_slice() else {
                panic!("at {columns}\n{screen}");
            };
            // Names and what happens are whole, the path is not.
            assert!(line.contains(scene.area.database()), "{screen}");
            assert!(line.contains("due"), "{screen}");
            assert!(line.chars().count() <= usize::from(columns), "{screen}");
            let has_path = line.contains("file:");
            assert!(has_path == line.contains('…'), "{screen}");
            assert!(has_path || columns == 60, "{screen}");
        }
        assert!(!screen_has_records(&scene, columns));
    }
    // Where there is room, nothing is left out, and never if asked to say more.
    let path = folder.join(&roles[0]).display().to_string();
    let (screen, _) = lines_about(&scene, &roles[0], 400, &[]);
    assert!(screen.contains(&path), "{screen}");
    let (screen, _) = lines_about(&scene, &roles[0], 80, &["--verbose"]);
    assert!(!screen.contains('…'), "{screen}");
}

/// Whether a row stands below its labels.
fn screen_has_records(scene: &Scene<'_>, columns: u16) -> bool {
    let (screen, _) = dry_run(scene).in_terminal(columns).wait_status();
    screen.matches("USERNAME").count() > 1
}
