//! `access revoke`: whoever granted it, and never more than was asked.

use serde_json::{Value, json};

use super::{expect, expect_access, group, memberships, undo};
use crate::harness::{Admin, skip_unless_superuser};
use crate::scene::{Scene, created, error, whole_text};
use crate::users::access::{make_role, on_each_version};

on_each_version! {
    all_levels_are_revoked_and_then_none_is_left
    one_level_is_revoked_and_the_other_stays
    what_several_granted_is_revoked_and_given_back_with_its_options
    what_a_login_handed_on_is_named_and_stays
    access_through_another_role_is_told
    a_role_of_a_groups_name_is_left_alone
    who_may_only_grant_keeps_that
    what_another_granted_is_not_revoked_in_silence
    a_dry_run_revokes_nothing
}

fn all_levels_are_revoked_and_then_none_is_left(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let login = scene.create("readonly", "analyst");
    let other = scene.create("devqa", "other");
    let grant = ["-u", &login.name, "--level", "readwrite"];
    scene.pgrole("access grant", &grant).run().expect_status(0);
    let revoke = || scene.pgrole("access revoke", &[&login.name]).run();
    let row = expect(&revoke(), "access revoked", "none");
    assert_eq!(row["previous_access"], "readwrite");
    assert_eq!(
        row["groups"],
        json!([group(scene, "readonly"), group(scene, "readwrite")])
    );
    expect_access(scene, &login, "none");
    expect_access(scene, &other, "readwrite");
    let before = scene.snapshot();
    let row = expect(&revoke(), "unchanged", "none");
    assert_eq!(row["groups"], json!([]));
    assert_eq!(scene.snapshot(), before);
    // A role that never had any; and one that does not exist.
    let stranger = make_role(scene, "stranger", "");
    let outcome = scene.pgrole("access revoke", &[&stranger.name]).run();
    expect(&outcome, "unchanged", "none");
    let nobody = scene.role("nobody");
    error(&scene.pgrole("access revoke", &[&nobody]).run(), 3);
}

fn one_level_is_revoked_and_the_other_stays(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let login = scene.create("readonly", "analyst");
    let level = |command: &str, level: &str| {
        scene
            .pgrole(command, &["-u", &login.name, "--level", level])
            .run()
    };
    level("access grant", "readwrite").expect_status(0);
    expect(&level("access revoke", "ddl"), "unchanged", "readwrite");
    expect(
        &level("access revoke", "readwrite"),
        "access revoked",
        "readonly",
    );
    expect_access(scene, &login, "readonly");
}

fn what_several_granted_is_revoked_and_given_back_with_its_options(scene: &mut Scene) {
    if skip_unless_superuser("memberships of other grantors are a superuser's to give") {
        return;
    }
    scene.psql("CREATE TABLE t (id int)");
    let login = scene.create("readonly", "analyst");
    let has_grantors = scene.cluster.server_version_major() >= 16;
    let group = group(scene, "readonly");
    if has_grantors {
        for (number, options) in ["INHERIT TRUE, SET FALSE", "ADMIN TRUE, SET TRUE"]
            .iter()
            .enumerate()
        {
            let grantor = scene
                .area
                .create_role(&format!("grantor{number}"), "NOLOGIN");
            scene.psql(&format!(
                "GRANT {group} TO {grantor} WITH ADMIN TRUE;
                 GRANT {group} TO {} WITH {options} GRANTED BY {grantor}",
                login.name
            ));
        }
    } else {
        scene.psql(&format!(
            "GRANT {group} TO {} WITH ADMIN OPTION",
            login.name
        ));
    }
    let before = memberships(scene);
    let outcome = scene
        .pgrole("access revoke", &[&login.name, "--level", "readonly"])
        .run();
    expect(&outcome, "access revoked", "none");
    assert!(
        !memberships(scene).contains(&format!("|{}|", login.name)),
        "{}",
        memberships(scene)
    );
    expect_access(scene, &login, "none");
    undo(scene, "access revoke");
    assert_eq!(memberships(scene), before);
    expect_access(scene, &login, "readonly");
}

fn what_a_login_handed_on_is_named_and_stays(scene: &mut Scene) {
    if skip_unless_superuser("memberships of other grantors are a superuser's to give") {
        return;
    }
    if scene.cluster.server_version_major() < 16 {
        return;
    }
    let login = scene.create("readonly", "analyst");
    let friend = make_role(scene, "friend", "");
    let group = group(scene, "readonly");
    scene.psql(&format!(
        "GRANT {group} TO {0} WITH ADMIN TRUE; GRANT {group} TO {1} GRANTED BY {0}",
        login.name, friend.name
    ));
    let before = memberships(scene);
    let outcome = scene.pgrole("access revoke", &[&login.name]).run();
    let failure = error(&outcome, 6);
    let said = whole_text(&failure);
    assert_eq!(failure["sqlstate"], "2BP01", "{outcome}");
    assert!(
        said.contains(&format!("would lose it too: \"{}\"", friend.name)),
        "{outcome}"
    );
    assert_eq!(memberships(scene), before);
    // What the hint says makes the way free.
    let first = said.rsplit("first: ").next().expect("a hint");
    let outcome = scene.sandbox.pgrole(first.split(' ').skip(1)).run();
    expect(&outcome, "access revoked", "none");
    let outcome = scene.pgrole("access revoke", &[&login.name]).run();
    expect(&outcome, "access revoked", "none");
}

fn access_through_another_role_is_told(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let login = scene.create("readonly", "analyst");
    let team = scene.area.create_role("team", "NOLOGIN");
    let group = group(scene, "readonly");
    scene.psql(&format!(
        "GRANT {group} TO {team}; GRANT {team} TO {}",
        login.name
    ));
    let outcome = scene.pgrole("access revoke", &[&login.name]).run();
    let row = expect(&outcome, "access revoked", "readonly");
    let through = format!("readonly through \\\"{team}\\\"");
    assert!(row["warnings"].to_string().contains(&through), "{outcome}");
    expect_access(scene, &login, "readonly");
    let outcome = scene.pgrole("access revoke", &[&login.name]).run();
    let row = expect(&outcome, "unchanged", "readonly");
    assert!(row["warnings"].to_string().contains(&through), "{outcome}");
}

fn a_role_of_a_groups_name_is_left_alone(scene: &mut Scene) {
    let login = make_role(scene, "login", "");
    let group = scene.area.create_role("readonly", "NOLOGIN");
    scene.psql(&format!("GRANT {group} TO {}", login.name));
    let before = memberships(scene);
    let outcome = scene.pgrole("access revoke", &[&login.name]).run();
    let row = expect(&outcome, "unchanged", "readonly");
    let warnings = row["warnings"].to_string();
    assert!(
        warnings.contains("does not carry pgrole's comment"),
        "{outcome}"
    );
    assert_eq!(memberships(scene), before);
}

fn who_may_only_grant_keeps_that(scene: &mut Scene) {
    if scene.cluster.server_version_major() < 16 {
        return;
    }
    let deploy = make_role(scene, "deploy", "CREATEROLE");
    let prepare = ["--access", "readonly", "--admin", &deploy.name];
    scene
        .pgrole("access prepare", &prepare)
        .run()
        .expect_status(0);
    let before = memberships(scene);
    let outcome = scene.pgrole("access revoke", &[&deploy.name]).run();
    let row = expect(&outcome, "unchanged", "none");
    assert!(
        row["warnings"].to_string().contains("keeps ADMIN OPTION"),
        "{outcome}"
    );
    assert_eq!(memberships(scene), before);
}

/// As another admin than the grantor, a plain REVOKE only warns from 16 on.
fn what_another_granted_is_not_revoked_in_silence(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let login = scene.create("readonly", "analyst");
    let other = make_role(scene, "other", "");
    let group = group(scene, "readonly");
    scene
        .area
        .superuser_psql(&format!("GRANT {group} TO {}", other.name));
    let outcome = scene.pgrole("access revoke", &[&other.name]).run();
    let is_allowed =
        Admin::of_this_run() == Admin::Superuser || scene.cluster.server_version_major() < 16;
    if is_allowed {
        expect(&outcome, "access revoked", "none");
    } else {
        let failure = error(&outcome, 1);
        let said = whole_text(&failure);
        assert_eq!(failure["sqlstate"], "42501", "{outcome}");
        let by = format!("which \"{0}\" granted", scene.cluster.superuser());
        assert!(
            said.contains(&by) && said.contains("GRANTED BY"),
            "{outcome}"
        );
        expect_access(scene, &other, "readonly");
    }
    // What pgrole itself granted, it revokes as any admin.
    let outcome = scene.pgrole("access revoke", &[&login.name]).run();
    expect(&outcome, "access revoked", "none");
    expect_access(scene, &login, "none");
}

fn a_dry_run_revokes_nothing(scene: &mut Scene) {
    let login = created(&scene.user("devlead", &["-u", &scene.role("lead")]).run());
    let before = scene.snapshot();
    let outcome = scene.pgrole("access revoke", &[&login.name, "-n"]).run();
    let row = expect(&outcome, "unchanged", "none");
    assert_eq!(row["previous_access"], "ddl", "{outcome}");
    assert_ne!(row["statements"], Value::Null, "{outcome}");
    let run = scene.pgrole("access revoke", &[&login.name, "-n", "--format", "table"]);
    let shown = run.run();
    assert!(shown.stdout.starts_with("REVOKE \""), "{shown}");
    assert_eq!(scene.snapshot(), before);
}
