//! Admin credentials that are no superusers: what they borrow, and what is said where they cannot.

use crate::harness::{Cluster, skip_unless_superuser};
use crate::scene::{Login, Scene, error, whole_text};

/// Makes the database's owner the admin credential.
fn own(scene: &mut Scene, attributes: &str) -> Login {
    let name = scene.area.create_role(
        "admin",
        &format!("LOGIN PASSWORD 'a' CREATEROLE {attributes}"),
    );
    scene.area.superuser_psql(&format!(
        "ALTER DATABASE {} OWNER TO {name}",
        scene.database()
    ));
    scene.sandbox.env("PG_ADMIN_USER", &name);
    scene.sandbox.env("PG_ADMIN_PASS", "a");
    Login {
        name,
        password: "a".to_owned(),
    }
}

/// Every membership of the admin, with its options and grantor.
fn memberships_of(scene: &Scene, admin: &Login) -> String {
    scene.area.superuser_psql(&format!(
        "SELECT string_agg(m::text, ' ' ORDER BY m::text) FROM pg_auth_members m WHERE member = '{}'::regrole",
        admin.name
    ))
}

fn a_role_that_another_made_is_dropped_by_a_chain(cluster: &Cluster) {
    let mut scene = Scene::on(cluster);
    let admin = own(&mut scene, "");
    let (lead, jane, heir) = (scene.role("lead"), scene.role("jane"), scene.role("heir"));
    scene.may(
        &admin,
        &format!("CREATE ROLE {lead} LOGIN PASSWORD 'l' CREATEROLE; CREATE ROLE {heir}"),
    );
    let lead = Login {
        name: lead,
        password: "l".to_owned(),
    };
    scene.may(&lead, &format!("CREATE ROLE {jane} LOGIN PASSWORD 'x'"));
    scene.area.superuser_psql(&format!(
        "CREATE SCHEMA hers AUTHORIZATION {jane}; SET ROLE {jane};
         CREATE TABLE hers.notes (id int); CREATE FUNCTION hers.one() RETURNS int LANGUAGE sql AS 'SELECT 1'"
    ));
    let before = memberships_of(&scene, &admin);
    let mut session = cluster
        .client_as(&jane, "x", scene.database())
        .expect("she may log in");
    let lock = scene.user("lock", &[&jane]).run();
    lock.expect_status(0);
    assert!(session.simple_query("SELECT 1").is_err());
    assert_eq!(memberships_of(&scene, &admin), before);
    let drop = scene.user("drop", &[&jane, "--reassign-to", &heir]).run();
    drop.expect_status(0);
    assert_eq!(memberships_of(&scene, &admin), before);
    let owner = scene
        .area
        .superuser_psql("SELECT tableowner FROM pg_tables WHERE tablename = 'notes'");
    assert_eq!(owner, heir);
}

#[test]
fn a_role_that_another_made_is_dropped_by_a_chain_on_16() {
    if skip_unless_superuser("the admin credential is made here") {
        return;
    }
    if let Some(cluster) = Cluster::of_major(16) {
        a_role_that_another_made_is_dropped_by_a_chain(cluster);
    }
}

#[test]
fn a_role_that_another_made_is_dropped_by_a_chain_on_18() {
    if skip_unless_superuser("the admin credential is made here") {
        return;
    }
    if let Some(cluster) = Cluster::of_major(18) {
        a_role_that_another_made_is_dropped_by_a_chain(cluster);
    }
}

#[test]
fn a_membership_that_was_there_before_stays_on_16() {
    if skip_unless_superuser("the admin credential is made here") {
        return;
    }
    let Some(cluster) = Cluster::of_major(16) else {
        return;
    };
    let mut scene = Scene::on(cluster);
    let admin = own(&mut scene, "");
    let (jane, heir) = (scene.role("jane"), scene.role("heir"));
    scene.may(
        &admin,
        &format!(
            "CREATE ROLE {jane} LOGIN; CREATE ROLE {heir};
             GRANT {heir} TO {} WITH INHERIT TRUE, SET FALSE",
            admin.name
        ),
    );
    scene
        .area
        .superuser_psql(&format!("CREATE SCHEMA hers AUTHORIZATION {jane}"));
    let of_heir = || {
        scene.area.superuser_psql(&format!(
            "SELECT string_agg(m::text, ' ' ORDER BY m::text) FROM pg_auth_members m WHERE roleid = '{heir}'::regrole"
        ))
    };
    let before = of_heir();
    let drop = scene.user("drop", &[&jane, "--reassign-to", &heir]).run();
    drop.expect_status(0);
    assert_eq!(of_heir(), before);
}

#[test]
fn an_admin_that_does_not_inherit_is_told_so_on_13() {
    if skip_unless_superuser("the admin credential is made here") {
        return;
    }
    let Some(cluster) = Cluster::of_major(13) else {
        return;
    };
    let mut scene = Scene::on(cluster);
    let admin = own(&mut scene, "NOINHERIT");
    let (jane, heir) = (scene.role("jane"), scene.role("heir"));
    scene.may(
        &admin,
        &format!("CREATE ROLE {jane} LOGIN PASSWORD 'x'; CREATE ROLE {heir}"),
    );
    scene
        .area
        .superuser_psql(&format!("CREATE SCHEMA hers AUTHORIZATION {jane}"));
    let drop = scene.user("drop", &[&jane, "--reassign-to", &heir]).run();
    let said = error(&drop, 6);
    assert!(whole_text(&said).contains("INHERIT"), "{drop}");
    // To lock it, it is enough to become the role.
    let mut session = cluster
        .client_as(&jane, "x", scene.database())
        .expect("she may log in");
    scene.user("lock", &[&jane]).run().expect_status(0);
    assert!(session.simple_query("SELECT 1").is_err());
    let left = scene.area.superuser_psql(&format!(
        "SELECT count(*) FROM pg_auth_members WHERE member = '{}'::regrole",
        admin.name
    ));
    assert_eq!(left, "0");
}

#[test]
fn an_heir_that_may_create_nothing_gets_all_and_no_more() {
    if skip_unless_superuser("the admin credential is made here") {
        return;
    }
    for major in [13, 15, 16] {
        let Some(cluster) = Cluster::of_major(major) else {
            continue;
        };
        let mut scene = Scene::on(cluster);
        let admin = own(&mut scene, "");
        let (jane, heir, owner) = (scene.role("jane"), scene.role("heir"), scene.role("owner"));
        scene.may(
            &admin,
            &format!("CREATE ROLE {jane} LOGIN; CREATE ROLE {heir}; CREATE ROLE {owner}"),
        );
        scene.area.superuser_psql(&format!(
            "CREATE SCHEMA theirs AUTHORIZATION {owner}; GRANT CREATE, USAGE ON SCHEMA theirs TO {jane}; SET ROLE {jane};
             CREATE FUNCTION theirs.one() RETURNS int LANGUAGE sql AS 'SELECT 1'"
        ));
        let drop = scene.user("drop", &[&jane, "--reassign-to", &heir]).run();
        drop.expect_status(0);
        let found = scene.area.superuser_psql(&format!(
            "SELECT pg_get_userbyid(proowner), has_schema_privilege('{heir}', 'theirs', 'CREATE') FROM pg_proc WHERE proname = 'one'"
        ));
        assert_eq!(found, format!("{heir}|f"), "on {major}: {drop}");
    }
}
