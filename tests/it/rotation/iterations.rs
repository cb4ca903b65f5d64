//! Verifiers take as many iterations as the server itself would take, and never fewer than the role had.

use super::Scene;
use crate::harness::{Cluster, Plan, Proxy, servers, skip_unless_superuser};

/// Servers know `scram_iterations` from 16 on.
const FIRST: u32 = 16;

/// A cluster that takes 20,000 iterations, of the run's version or of 18.
fn cluster() -> Option<Cluster> {
    let of_this_run = servers::of_this_run().major;
    let major = if of_this_run < FIRST { 18 } else { of_this_run };
    Cluster::private_of_major(major, |c| c.setting("scram_iterations", "20000"))
}

fn iterations(cluster: &Cluster, role: &str) -> String {
    let stored = format!(
        "SELECT substr(rolpassword, 1, strpos(rolpassword, ':')) FROM pg_authid WHERE rolname = '{role}'"
    );
    cluster.superuser_psql("postgres", &stored)
}

#[test]
fn verifiers_take_as_many_iterations_as_the_server_says() {
    let Some(cluster) = cluster() else { return };
    let scene = Scene::on(&cluster, cluster.port());
    let role = scene.create("jane");
    assert_eq!(iterations(&cluster, &role), "SCRAM-SHA-256$20000:");
    scene.reset_to_file(&role).run().expect_status(0);
    assert_eq!(iterations(&cluster, &role), "SCRAM-SHA-256$20000:");
    scene.delivered_password_is_good(&role);
}

#[test]
fn a_role_keeps_the_iterations_that_it_had_where_they_are_more() {
    if skip_unless_superuser("only a superuser reads how many iterations a role has") {
        return;
    }
    let Some(cluster) = cluster() else { return };
    let scene = Scene::on(&cluster, cluster.port());
    let role = scene.create("jane");
    for (before, after) in [(30_000, 30_000), (5_000, 20_000)] {
        let set = format!("SET scram_iterations = {before}; ALTER ROLE {role} PASSWORD 'x'");
        cluster.superuser_psql("postgres", &set);
        scene.reset_to_file(&role).run().expect_status(0);
        let wanted = format!("SCRAM-SHA-256${after}:");
        assert_eq!(iterations(&cluster, &role), wanted);
        scene.delivered_password_is_good(&role);
    }
}

#[test]
fn another_password_after_a_refused_one_takes_as_many() {
    let Some(cluster) = cluster() else { return };
    let proxy = Proxy::before(&cluster);
    let scene = Scene::on(&cluster, proxy.port());
    let role = scene.create("jane");
    proxy.always(Plan::Refuse(b"ALTER ROLE".to_vec(), "22023", 1));
    scene.reset_to_file(&role).run().expect_status(0);
    assert_eq!(iterations(&cluster, &role), "SCRAM-SHA-256$20000:");
    scene.delivered_password_is_good(&role);
}
