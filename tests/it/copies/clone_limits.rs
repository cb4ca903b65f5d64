//! What `user clone` does not multiply unasked, and what an admin credential with less than all rights leaves out.

use super::{at, compare, differences, texts};
use crate::harness::skip_unless_superuser;
use crate::scene::{Login, Scene, error, login, whole_text};
use crate::users::access::{make_role, on_each_version};

on_each_version! {
    what_a_plain_admin_may_not_set_is_named
    a_group_that_the_admin_may_not_grant_stops_it_or_is_left_out
    what_bypasses_rules_is_cloned_only_by_force
}

/// An admin credential with CREATEROLE, which has made a login.
fn plain_admin(scene: &mut Scene) -> (Login, String) {
    let admin = make_role(scene, "admin", "CREATEROLE");
    scene.sandbox.env("PG_ADMIN_USER", &admin.name);
    scene.sandbox.env("PG_ADMIN_PASS", &admin.password);
    let jane = scene.role("jane");
    scene
        .psql_as(&admin, &format!("CREATE ROLE {jane} LOGIN PASSWORD 'x'"))
        .expect_status(0);
    (admin, jane)
}

fn what_a_plain_admin_may_not_set_is_named(scene: &mut Scene) {
    let (admin, jane) = plain_admin(scene);
    scene.area.superuser_psql(&format!(
        "ALTER ROLE {jane} SET log_statement = 'all'; ALTER ROLE {jane} SET work_mem = '7MB';
         ALTER ROLE {jane} SET my.setting = 'x'; ALTER ROLE {jane} SET session_preload_libraries = auto_explain;
         ALTER ROLE {jane} SET search_path = \"$user\", \"a,b\"; ALTER ROLE {jane} SET role = {jane}"
    ));
    if scene.cluster.server_version_major() >= 15 {
        scene.area.superuser_psql(&format!(
            "GRANT SET ON PARAMETER my.setting TO {}",
            admin.name
        ));
    }
    let joe = scene.role("joe");
    let outcome = scene.user("clone", &["--from", &jane, "--to", &joe]).run();
    outcome.expect_status(0);
    let row = outcome.json();
    let left_out: Vec<_> = row["not_cloned"].as_array().into_iter().flatten().collect();
    let names: Vec<_> = left_out
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    let expected: &[&str] = if scene.cluster.server_version_major() >= 15 {
        &["log_statement", "session_preload_libraries"]
    } else {
        &["log_statement", "my.setting", "session_preload_libraries"]
    };
    assert_eq!(names, expected, "{outcome}");
    assert!(
        texts(&row, "warnings").contains(&format!(
            "the setting log_statement is not cloned: \"{}\" may not set it",
            admin.name
        )),
        "{outcome}"
    );
    let compared = compare(scene, &at(scene, &jane), &at(scene, &joe));
    assert_eq!(differences(&compared).len(), expected.len(), "{compared}");
}

fn a_group_that_the_admin_may_not_grant_stops_it_or_is_left_out(scene: &mut Scene) {
    let (admin, jane) = plain_admin(scene);
    let team = scene.role("team");
    scene.area.superuser_psql(&format!(
        "CREATE ROLE {team} SUPERUSER; GRANT {team} TO {jane}"
    ));
    let joe = scene.role("joe");
    let arguments = ["--from", &jane, "--to", &joe];
    let refused = error(&scene.user("clone", &arguments).run(), 1);
    assert_eq!(refused["sqlstate"], "42501", "{refused}");
    let text = whole_text(&refused);
    assert!(
        text.contains(&format!(
            "role \"{}\" may not grant membership in \"{team}\"",
            admin.name
        )) && text.contains("--partial"),
        "{refused}"
    );
    assert_eq!(
        scene.psql(&format!(
            "SELECT count(*) FROM pg_roles WHERE rolname = '{joe}'"
        )),
        "0"
    );
    let partial = scene.user("clone", &arguments).args(["--partial"]).run();
    partial.expect_status(0);
    let joe = login(&partial);
    assert_eq!(
        partial.json()["not_cloned"][0]["name"],
        team.as_str(),
        "{partial}"
    );
    scene.may_log_in(&joe);
}

fn what_bypasses_rules_is_cloned_only_by_force(scene: &mut Scene) {
    if skip_unless_superuser("it makes superusers") {
        return;
    }
    for attribute in ["SUPERUSER", "REPLICATION", "BYPASSRLS"] {
        let jane = make_role(scene, &attribute.to_lowercase(), attribute);
        let joe = format!("{}_clone", jane.name);
        let arguments = ["--from", &jane.name, "--to", &joe];
        let refused = error(&scene.user("clone", &arguments).run(), 6);
        assert!(
            whole_text(&refused).contains("to clone it anyway, add --force"),
            "{refused}"
        );
        let forced = scene.user("clone", &arguments).args(["--force"]).run();
        forced.expect_status(0);
        scene.may_log_in(&login(&forced));
        super::expect_alike(scene, &at(scene, &jane.name), &at(scene, &joe));
    }
}
