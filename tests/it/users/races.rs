//! Several pgroles at once on the same role, on the same group.

use crate::harness::Outcome;
use crate::harness::sandbox::{Run, Running};
use crate::scene::{Scene, login, wait_until_pgrole_waits};

const AT_ONCE: usize = 8;

fn at_once<'s>(run: impl Fn(usize) -> Run<'s>) -> Vec<Outcome> {
    let running: Vec<_> = (0..AT_ONCE).map(|number| run(number).spawn()).collect();
    running.into_iter().map(Running::wait).collect()
}

fn count(outcomes: &[Outcome], status: &str) -> usize {
    let has_status = |outcome: &&Outcome| {
        outcome.expect_status(0);
        outcome.json()["status"] == status
    };
    outcomes.iter().filter(has_status).count()
}

#[test]
fn of_many_who_create_one_role_one_does_and_the_others_find_it() {
    let scene = Scene::new();
    for name in ["first", "second"] {
        let role = scene.role(name);
        let outcomes = at_once(|_| scene.user("readonly", &["-u", &role]));
        assert_eq!(count(&outcomes, "user created"), 1);
        assert_eq!(count(&outcomes, "user already exists"), AT_ONCE - 1);
        let winner = outcomes
            .iter()
            .find(|outcome| outcome.json()["status"] == "user created");
        scene.may_log_in(&login(winner.expect("counted above")));
    }
}

#[test]
fn many_who_need_one_new_group_all_get_it() {
    for profile in ["readonly", "devlead"] {
        let scene = Scene::new();
        scene.psql("CREATE TABLE t (id int)");
        let outcomes =
            at_once(|number| scene.user(profile, &["-u", &scene.role(&format!("user{number}"))]));
        assert_eq!(count(&outcomes, "user created"), AT_ONCE);
        for outcome in &outcomes {
            scene.may(&login(outcome), "SELECT * FROM t");
        }
    }
}

#[test]
fn many_resets_of_one_role_all_succeed_and_one_password_is_in_force() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    let outcomes = at_once(|_| scene.user("reset", &["-u", &jane.name]));
    assert_eq!(count(&outcomes, "password reset"), AT_ONCE);
    let in_force =
        |outcome: &&Outcome| scene.psql_as(&login(outcome), "SELECT 1").status() == Some(0);
    assert_eq!(outcomes.iter().filter(in_force).count(), 1);
}

/// Up to PostgreSQL 14 every login of the cluster may create objects in `public`, and so is one that access is planned for.
#[test]
fn a_creator_that_is_dropped_in_between_is_left_out() {
    let scene = Scene::new();
    let gone = scene.role("gone");
    scene.psql(&format!(
        "CREATE ROLE {gone} LOGIN; GRANT CREATE ON SCHEMA public TO {gone}"
    ));
    let mut dropper = scene.cluster.superuser_client(scene.database());
    dropper
        .batch_execute("BEGIN; LOCK TABLE pg_authid IN SHARE ROW EXCLUSIVE MODE")
        .expect("a superuser may");
    let jane = scene.role("jane");
    let create = scene
        .user("readonly", &["-u", &jane, "--timeout", "50"])
        .spawn();
    wait_until_pgrole_waits(&scene);
    dropper
        .batch_execute(&format!("DROP OWNED BY {gone}; DROP ROLE {gone}; COMMIT"))
        .expect("a superuser may");
    let outcome = create.wait();
    assert_eq!(outcome.expect_status(0).json()["status"], "user created");
    scene.may_log_in(&login(&outcome));
}
