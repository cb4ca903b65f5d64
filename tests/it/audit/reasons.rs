//! `[audit] require_reason`: changes in these environments say why.

use crate::scene::{Scene, error, whole_text};

/// A scene whose changes need a reason, with a login `jane`.
fn scene() -> Scene<'static> {
    let scene = Scene::new();
    scene.create("readonly", "jane");
    scene
        .sandbox
        .write_config("[audit]\nrequire_reason = [\"dev\"]\n");
    scene
}

#[test]
fn each_change_needs_a_reason_and_has_it_in_its_event() {
    let scene = scene();
    let (jane, joe) = (scene.role("jane"), scene.role("joe"));
    let named = ["-u", jane.as_str()];
    let on_jane = |more: &[&'static str]| -> Vec<String> {
        named.iter().chain(more).map(ToString::to_string).collect()
    };
    let changes: Vec<(&str, Vec<String>)> = vec![
        ("user reset", on_jane(&[])),
        ("user set", on_jane(&["--connection-limit", "5"])),
        ("user search-path", on_jane(&["--schema", "public"])),
        ("user lock", on_jane(&[])),
        ("user unlock", on_jane(&[])),
        ("access grant", on_jane(&["--level", "readwrite"])),
        ("access revoke", on_jane(&[])),
        ("access prepare", vec![]),
        (
            "user clone",
            vec!["--from".into(), jane.clone(), "--to".into(), joe.clone()],
        ),
        ("user readonly", vec!["-u".into(), scene.role("jim")]),
        (
            "rotate",
            vec![
                "--username".into(),
                jane.clone(),
                "--any-age".into(),
                "--deliver".into(),
                "file:new".into(),
            ],
        ),
        (
            "user rename",
            vec!["-u".into(), jane.clone(), "--to".into(), scene.role("jill")],
        ),
        ("user drop", vec!["-u".into(), joe.clone()]),
    ];
    for (command, arguments) in &changes {
        let run = |more: &[&str]| {
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            scene.pgrole(command, &[&arguments, more].concat()).run()
        };
        let before = scene.snapshot();
        let outcome = run(&[]);
        let said = whole_text(&error(&outcome, 2));
        assert!(
            said.contains("environment \"dev\" needs a reason"),
            "{outcome}"
        );
        assert!(said.ends_with("--reason TEXT"), "{outcome}");
        error(&run(&["--reason", " "]), 2);
        assert_eq!(scene.snapshot(), before, "{command}");
        run(&["--reason", "OPS-17"]).expect_status(0);
        let listed = scene
            .sandbox
            .pgrole(["audit", "list", "--limit", "1"])
            .run();
        assert_eq!(listed.json()[0]["reason"], "OPS-17", "{command}: {listed}");
    }
}

#[test]
fn what_changes_nothing_or_is_elsewhere_needs_no_reason() {
    let scene = scene();
    let jane = scene.role("jane");
    scene
        .user("lock", &["-u", &jane, "--dry-run"])
        .run()
        .expect_status(0);
    scene.user("show", &["-u", &jane]).run().expect_status(0);
    scene
        .sandbox
        .write_config("[audit]\nrequire_reason = [\"prod\"]\n");
    scene.user("lock", &["-u", &jane]).run().expect_status(0);
    scene
        .sandbox
        .write_config("[audit]\nrequire_reason = [\"prd\"]\n");
    let said = whole_text(&error(&scene.user("show", &["-u", &jane]).run(), 2));
    assert!(said.contains("audit.require_reason"), "{said}");
}
