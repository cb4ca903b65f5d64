//! What is made after SET ROLE NONE belongs to a login: it is the owner's again when that login is retired.

use super::Shop;
use crate::harness::Cluster;

#[test]
fn what_a_login_owns_in_any_database_is_the_owners_when_it_is_retired() {
    there(Cluster::shared());
}

#[test]
fn what_a_login_owns_in_any_database_is_the_owners_when_it_is_retired_on_18() {
    if let Some(cluster) = Cluster::of_major(18) {
        there(cluster);
    }
}

fn there(cluster: &Cluster) {
    let shop = Shop::on(cluster).created();
    let other = cluster.area();
    let old = shop.delivered();
    for area in [&shop.scene.area, &other] {
        area.psql("GRANT CREATE, USAGE ON SCHEMA public TO PUBLIC");
        let stray = "SET ROLE NONE; CREATE TABLE public.stray AS SELECT 1 AS one";
        cluster
            .psql_as(&old.name, &old.password, area.database(), stray)
            .expect_status(0);
    }
    let owners = "SELECT tableowner FROM pg_tables WHERE tablename = 'stray'";
    assert_eq!(other.psql(owners), old.name);
    shop.rotate(&["--grace", "0s"]).run().expect_status(0);
    assert_eq!(shop.may_log_in(), "shop_b");
    for area in [&shop.scene.area, &other] {
        assert_eq!(area.psql(owners), shop.owner);
        // No membership of the admin's is left that it did not have.
        let mine = format!(
            "SELECT count(*) FROM pg_auth_members m WHERE roleid::regrole::text LIKE '{}%'
             AND grantor = member",
            shop.owner
        );
        assert_eq!(area.psql(&mine), "0");
    }
    other.psql("DROP TABLE public.stray");
}
