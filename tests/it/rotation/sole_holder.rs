//! A file that holds one password whole holds that of one role: a second one is refused before anything is changed.

use std::fs;
use std::os::unix::fs::symlink;

use super::Scene;
use crate::harness::Outcome;

fn create(scene: &Scene<'_>, role: &str, file: &str, form: &str) -> Outcome {
    let deliver = format!("file:{}", scene.file(file).display());
    let arguments = ["--deliver", &deliver, "--file-format", form];
    scene.user("readonly", role, &arguments).run()
}

#[track_caller]
fn is_refused(scene: &Scene<'_>, outcome: &Outcome, role: &str, other: &str) {
    let error = outcome.expect_status(6).json_error()["error"].clone();
    assert_eq!(error["kind"], "refused");
    let named = format!("is the file of \"{other}\"");
    assert!(
        error.to_string().replace('\\', "").contains(&named),
        "{outcome}"
    );
    let there = format!("SELECT count(*) FROM pg_roles WHERE rolname = '{role}'");
    assert_eq!(scene.area.psql(&there), "0");
}

#[test]
fn a_second_role_is_refused_whatever_the_form() {
    for form in ["json", "env", "dsn", "k8s-secret"] {
        let scene = Scene::new();
        let (jane, joe) = (scene.area.role("jane's"), scene.area.role("joe"));
        create(&scene, &jane, "secret", form).expect_status(0);
        let before = scene.read("secret");
        for file in ["secret", "link"] {
            if file == "link" {
                symlink("secret", scene.file("link")).expect("the folder is ours");
            }
            for form in ["json", "pgbouncer"] {
                is_refused(&scene, &create(&scene, &joe, file, form), &joe, &jane);
            }
        }
        // Another registry put it there.
        scene.query("DELETE FROM placed_role");
        is_refused(&scene, &create(&scene, &joe, "secret", "env"), &joe, &jane);
        assert_eq!(scene.read("secret"), before);
        // Its own role may have it again, in another form too.
        let deliver = format!("file:{}", scene.file("secret").display());
        let reset = scene.user("reset", &jane, &["--deliver", &deliver]).run();
        reset.expect_status(0);
        scene
            .user("reset", &jane, &["--deliver", &deliver])
            .run()
            .expect_status(0);
    }
}

#[test]
fn a_file_of_many_roles_takes_them_all() {
    let scene = Scene::new();
    let (jane, joe) = (scene.area.role("jane"), scene.area.role("joe"));
    for role in [&jane, &joe] {
        create(&scene, role, "userlist", "pgbouncer").expect_status(0);
        let pgpass = format!("pgpass:{}", scene.file("pgpass").display());
        let reset = scene.user("reset", role, &["--deliver", &pgpass]).run();
        reset.expect_status(0);
    }
    assert_eq!(scene.read("userlist").lines().count(), 2);
    assert_eq!(scene.read("pgpass").lines().count(), 2);
    let ann = scene.area.role("ann");
    is_refused(&scene, &create(&scene, &ann, "pgpass", "json"), &ann, &jane);
    // Of those, this registry knows nothing.
    for file in ["userlist", "pgpass"] {
        scene.query("DELETE FROM placed_role");
        let before = scene.read(file);
        let refused = create(&scene, &ann, file, "env");
        refused
            .expect_status(6)
            .expect_in_stderr("contains the logins of many roles");
        assert_eq!(scene.read(file), before);
    }
    create(&scene, &ann, "of_ann", "json").expect_status(0);
    let deliver = format!("file:{}", scene.file("of_ann").display());
    let form = ["--deliver", &deliver, "--file-format", "pgbouncer"];
    scene.user("reset", &joe, &form).run().expect_status(6);
}

#[test]
fn of_roles_that_are_rotated_side_by_side_into_one_file_one_gets_it() {
    let scene = Scene::new();
    let roles = ["a", "b", "c", "d"].map(|name| scene.create(name));
    let deliver = format!("file:{}", scene.file("one").display());
    let rotate = ["rotate", "--any-age", "--jobs", "4", "--deliver", &deliver];
    let rotated = scene.sandbox.pgrole(rotate).run();
    let lines = rotated.expect_status(4).json_lines();
    let summary = &lines[lines.len() - 1]["summary"];
    assert_eq!(
        (&summary["rotated"], &summary["failed"]),
        (&1.into(), &3.into()),
        "{rotated}"
    );
    let holder: serde_json::Value = serde_json::from_str(&scene.read("one")).expect("JSON");
    for role in &roles {
        let password = if holder["username"] == **role {
            holder["password"].as_str().expect("a password").to_owned()
        } else {
            scene.delivered_password(role)
        };
        assert!(scene.logs_in(role, &password), "{role}: {rotated}");
    }
    assert_eq!(scene.sealed(), "0");
}

#[test]
fn a_role_that_only_its_comment_speaks_for_is_reported_and_not_delivered() {
    let scene = Scene::new();
    let database = scene.area.database();
    let planted = scene.area.create_role("planted", "LOGIN PASSWORD 'old'");
    scene.area.psql(&format!(
        "COMMENT ON ROLE {planted} IS 'pgrole: profile=readonly'"
    ));
    let template = format!("file:{}", scene.file("{username}").display());
    scene.sandbox.write_config(&format!(
        "[profiles.readonly]\naccess = \"none\"\ndeliver = \"{template}\"\n"
    ));
    let pattern = format!("{database}_*");
    for more in [&[][..], &["--deliver", &template]] {
        let run = ["rotate", "--include-unknown", "-u", &pattern];
        let rotated = scene.sandbox.pgrole(run).args(more).run();
        let lines = rotated.expect_status(3).json_lines();
        assert_eq!(lines[0]["username"], *planted, "{rotated}");
        assert_eq!(lines[0]["reason"], "known only by its comment", "{rotated}");
        rotated.expect_in_stderr("anybody with CREATEROLE can write");
        assert!(scene.logs_in(&planted, "old"));
        assert_eq!(fs::read_dir(scene.file("")).expect("is there").count(), 0);
    }
    let run = [
        "rotate",
        "--include-unknown",
        "-u",
        &planted,
        "--deliver",
        &template,
    ];
    scene.sandbox.pgrole(run).run().expect_status(0);
    scene.delivered_password_is_good(&planted);
}
