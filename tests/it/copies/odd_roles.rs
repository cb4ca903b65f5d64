//! Forty odd roles, each cloned: nothing is left for `user compare` to find, on the same target and on another one.

use super::{compare, differences, expect_alike};
use crate::harness::{Area, Cluster, skip_unless_superuser};
use crate::scene::{Scene, login};

/// A role, and what is done to it: `{r}` is its name and `{d}` its database, both quoted; `{g1}` to `{g4}` are groups.
struct OddRole {
    name: String,
    sql: Vec<String>,
}

const NAMES: [&str; 14] = [
    "plain",
    "With Space",
    "quo\"ted",
    "it's",
    "back\\slash",
    "grüße",
    "🦀 crab",
    "UPPER",
    "semi;colon --",
    "per%cent",
    "dollar$user",
    "a@b",
    "dot.ted/slash",
    "{username}",
];

const ATTRIBUTES: [&str; 12] = [
    "",
    "NOINHERIT",
    "CREATEDB",
    "CREATEROLE NOINHERIT",
    "CONNECTION LIMIT 0",
    "CONNECTION LIMIT 17",
    "VALID UNTIL 'infinity'",
    "VALID UNTIL '2031-01-02 03:04:05.678901+00'",
    "VALID UNTIL '-infinity'",
    "NOLOGIN",
    "CREATEDB CREATEROLE CONNECTION LIMIT 2147483647",
    "VALID UNTIL '2020-02-29 23:59:59+05:30'",
];

const SETTINGS: [&str; 14] = [
    "ALTER ROLE {r} SET search_path = \"$user\", public",
    "ALTER ROLE {r} SET search_path = \"a,b\", \"Quo\"\"ted\", \"user\", plain; ALTER ROLE {r} IN DATABASE {d} SET search_path = other",
    "ALTER ROLE {r} SET search_path = ''",
    "ALTER ROLE {r} SET work_mem = '7MB'; ALTER ROLE {r} IN DATABASE {d} SET work_mem = '8MB'",
    "ALTER ROLE {r} SET datestyle = 'German, DMY'; ALTER ROLE {r} SET timezone = 'Europe/Berlin'",
    "ALTER ROLE {r} SET my.setting = 'it''s \\ a \"text\" = {x}; --'; ALTER ROLE {r} SET \"my.user\" = ''",
    "ALTER ROLE {r} IN DATABASE postgres SET application_name = 'é \" '' \\'; ALTER ROLE {r} IN DATABASE {d} SET application_name = ''",
    "ALTER ROLE {r} SET temp_tablespaces = ''; ALTER ROLE {r} IN DATABASE {d} SET temp_tablespaces = pg_default, \"No Such\"",
    "ALTER ROLE {r} SET local_preload_libraries = '$libdir/plugins/Two Words', \"b,c\"",
    "ALTER ROLE {r} SET session_preload_libraries = auto_explain, '$libdir/x'",
    "ALTER ROLE {r} SET role = {g1}",
    "ALTER ROLE {r} SET log_statement = 'all'; ALTER ROLE {r} SET statement_timeout = '1ms'",
    "ALTER ROLE {r} SET default_transaction_read_only = on; ALTER ROLE {r} SET lock_timeout = 1; ALTER ROLE {r} SET row_security = off",
    "SELECT set_config('search_path', 'MixedCase ,\"Quoted\",  b', false); ALTER ROLE {r} SET search_path FROM CURRENT; RESET search_path",
];

const COMMENTS: [&str; 4] = [
    "COMMENT ON ROLE {r} IS 'it''s a \"comment\" \\ with é 🦀'",
    "COMMENT ON ROLE {r} IS E'two\\nlines\\t'",
    "COMMENT ON ROLE {r} IS 'pgrole: profile=readonly'",
    "COMMENT ON ROLE {r} IS NULL",
];

/// Memberships, with every combination of options that the version has.
fn memberships(major: u32) -> Vec<String> {
    if major < 16 {
        return ["", " WITH ADMIN OPTION"]
            .map(|options| format!("GRANT {{g1}}, {{g2}} TO {{r}}{options}; GRANT {{g3}} TO {{r}}"))
            .to_vec();
    }
    let mut all = Vec::new();
    for options in 0..8 {
        let word = |bit: u32| if options & bit != 0 { "TRUE" } else { "FALSE" };
        let (admin, inherit, set) = (word(1), word(2), word(4));
        all.push(format!(
            "GRANT {{g1}} TO {{r}} WITH ADMIN {admin}, INHERIT {inherit}, SET {set}"
        ));
    }
    // Several grantors of one membership: what any of them gave counts.
    all.push(
        "GRANT {g1} TO {g2} WITH ADMIN TRUE; GRANT {g1} TO {r} WITH ADMIN FALSE, INHERIT FALSE, SET TRUE; \
         GRANT {g1} TO {r} WITH ADMIN FALSE, INHERIT TRUE, SET FALSE GRANTED BY {g2}"
            .to_owned(),
    );
    all
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A group of the two clusters.
fn group(prefix: &str, number: usize) -> String {
    quoted(&format!("{prefix} grp \"{number}\""))
}

fn make_groups(cluster: &Cluster, prefix: &str) {
    for number in 1..=4 {
        let group = group(prefix, number);
        let make = format!("CREATE ROLE {group} NOLOGIN");
        cluster.superuser_psql("postgres", &make);
    }
}

/// Forty-two roles, in which each name, attribute, membership, setting and comment occurs.
fn odd_roles(scene: &Scene) -> Vec<OddRole> {
    let major = scene.cluster.server_version_major();
    let memberships = memberships(major);
    let count = 42;
    let roles = (0..count).map(|number| {
        let name = NAMES[number % NAMES.len()];
        let name = format!("{} {number} {name}", scene.database());
        let password = "PASSWORD 'password of a test'";
        let attributes = ATTRIBUTES[number % ATTRIBUTES.len()];
        let mut sql = vec![format!("CREATE ROLE {{r}} LOGIN {password} {attributes}")];
        if attributes.contains("NOLOGIN") {
            sql[0] = format!("CREATE ROLE {{r}} {password}");
        }
        sql.push(memberships[number % memberships.len()].clone());
        sql.push(SETTINGS[number % SETTINGS.len()].to_owned());
        sql.push(COMMENTS[number % COMMENTS.len()].to_owned());
        OddRole { name, sql }
    });
    roles.collect()
}

fn make(scene: &Scene, role: &OddRole) {
    for sql in &role.sql {
        let mut sql = sql.replace("{r}", &quoted(&role.name));
        sql = sql.replace("{d}", scene.database());
        for number in 1..=4 {
            let group = group(scene.database(), number);
            sql = sql.replace(&format!("{{g{number}}}"), &group);
        }
        scene.area.superuser_psql(&sql);
    }
}

/// Access groups of the database, as `user create` makes them, with a member of each level.
fn made_by_pgrole(scene: &Scene) -> Vec<String> {
    scene.psql("CREATE TABLE t (id int)");
    ["readonly", "devqa", "devlead"]
        .map(|profile| scene.create(profile, &format!("a_{profile}")).name)
        .to_vec()
}

fn clones_are_alike_on_the_same_target(major: u32) {
    if skip_unless_superuser("settings for superusers are among them") {
        return;
    }
    let Some(cluster) = Cluster::of_major(major) else {
        return;
    };
    let scene = Scene::on(cluster);
    make_groups(cluster, scene.database());
    let roles = odd_roles(&scene);
    for role in &roles {
        make(&scene, role);
    }
    let names = roles.into_iter().map(|role| role.name);
    for name in names.chain(made_by_pgrole(&scene)) {
        let clone = format!("{name} clone");
        let arguments = ["--from", &name, "--to", &clone];
        let outcome = scene.user("clone", &arguments).run();
        outcome.expect_status(0);
        let row = outcome.json();
        assert_eq!(row["status"], "user cloned", "{outcome}");
        expect_no_gap(&row, &outcome);
        let at = |role: &str| format!("{role}@dev/{}", scene.database());
        expect_alike(&scene, &at(&name), &at(&clone));
        let has_passed = outcome.stdout.contains("has passed");
        if row["login"] == true && !has_passed && row["connection_limit"] != 0 {
            let login = login(&outcome);
            let outcome = scene.psql_as(&login, "SELECT 1");
            // What is set for it, such as a time limit, counts in its own sessions.
            assert!(
                !outcome.stderr.contains("authentication failed"),
                "{outcome}"
            );
        }
    }
}

/// Nothing but what is bound to the role by name is left out.
#[track_caller]
fn expect_no_gap(row: &serde_json::Value, outcome: &crate::harness::Outcome) {
    let left_out = row["not_cloned"].as_array().into_iter().flatten();
    let gaps = left_out.filter(|one| one["count"].is_null()).count();
    assert_eq!(gaps, 0, "{outcome}");
}

/// Registers a database of another cluster as `qa`, with one admin credential for both.
fn with_another<'a>(scene: &mut Scene, other: &'a Cluster) -> Area<'a> {
    let area = other.area();
    let boss = scene.role("boss");
    for cluster in [scene.cluster, other] {
        let make = format!("CREATE ROLE {boss} SUPERUSER LOGIN PASSWORD 'of both'");
        if cluster.superuser_psql(
            "postgres",
            &format!("SELECT 1 FROM pg_roles WHERE rolname = '{boss}'"),
        ) != "1"
        {
            cluster.superuser_psql("postgres", &make);
        }
    }
    scene.sandbox.env("PG_ADMIN_USER", &boss);
    scene.sandbox.env("PG_ADMIN_PASS", "of both");
    scene.sandbox.register(other, "qa", area.database());
    area
}

/// Clones each odd role to another cluster, and compares them there.
fn clones_are_alike_elsewhere(major: u32, other: u32) {
    let (Some(cluster), Some(other)) = (Cluster::of_major(major), another(major, other)) else {
        return;
    };
    let mut scene = Scene::on(cluster);
    make_groups(cluster, scene.database());
    make_groups(other.cluster(), scene.database());
    let area = with_another(&mut scene, other.cluster());
    area.superuser_psql("CREATE TABLE t (id int)");
    let roles = odd_roles(&scene);
    for role in &roles {
        make(&scene, role);
    }
    let names = roles.into_iter().map(|role| role.name);
    for name in names.chain(made_by_pgrole(&scene)) {
        let from = format!("{name}@dev/{}", scene.database());
        let to = format!("{name}@qa/{}", area.database());
        let clone = ["user", "clone", "-e", "qa", "-d", area.database()];
        let arguments = ["--from", &from, "--to", &name];
        let run = scene.sandbox.pgrole(clone).args(arguments);
        let outcome = run.run();
        outcome.expect_status(0);
        expect_no_gap(&outcome.json(), &outcome);
        expect_alike(&scene, &from, &to);
    }
}

/// A cluster that is not the scene's.
enum Another {
    Shared(&'static Cluster),
    Private(Box<Cluster>),
}

impl Another {
    fn cluster(&self) -> &Cluster {
        match self {
            Self::Shared(cluster) => cluster,
            Self::Private(cluster) => cluster,
        }
    }
}

fn another(major: u32, other: u32) -> Option<Another> {
    if major == other {
        let cluster = Cluster::private_of_major(other, |c| c)?;
        return Some(Another::Private(Box::new(cluster)));
    }
    Cluster::of_major(other).map(Another::Shared)
}

macro_rules! on_versions {
    ($($version:ident: $major:literal)+) => {$(
        mod $version {
            #[test]
            fn the_same_target() { super::clones_are_alike_on_the_same_target($major); }
            #[test]
            fn another_target() { super::clones_are_alike_elsewhere($major, $major); }
        }
    )+};
}

on_versions! { on_13: 13 on_15: 15 on_16: 16 on_18: 18 }

#[test]
fn an_older_servers_roles_are_alike_on_a_newer_one_13_to_16() {
    clones_are_alike_elsewhere(13, 16);
}

#[test]
fn an_older_servers_roles_are_alike_on_a_newer_one_15_to_18() {
    clones_are_alike_elsewhere(15, 18);
}

#[test]
fn between_versions_only_real_differences_are_shown() {
    for (older, newer) in [(13, 16), (15, 18)] {
        let (Some(older), Some(newer)) = (Cluster::of_major(older), Cluster::of_major(newer))
        else {
            continue;
        };
        let mut scene = Scene::on(older);
        let area = with_another(&mut scene, newer);
        let (jane, own, other) = (
            scene.role("jane"),
            scene.database().to_owned(),
            area.database().to_owned(),
        );
        let make = |cluster: &Cluster, database: &str, limit: u32| {
            let group = format!("{own}_team");
            cluster.superuser_psql(
                database,
                &format!(
                    "CREATE ROLE {group}; CREATE ROLE {jane} LOGIN NOINHERIT CONNECTION LIMIT {limit} VALID UNTIL 'infinity' IN ROLE {group};
                     COMMENT ON ROLE {jane} IS 'Jane'; ALTER ROLE {jane} SET search_path = app, public;
                     ALTER ROLE {jane} IN DATABASE {database} SET work_mem = '5MB'"
                ),
            );
        };
        make(older, &own, 5);
        make(newer, &other, 6);
        let (left, right) = (format!("{jane}@dev/{own}"), format!("{jane}@qa/{other}"));
        let outcome = compare(&scene, &left, &right);
        assert_eq!(
            differences(&outcome),
            ["connection_limit | - | - | 5 | 6"],
            "{outcome}"
        );
        outcome.expect_status(7);
    }
}
