//! `--rehearse`: what the server says in a transaction that is rolled back is what the real run gets, and nothing stays.

mod beside_others;
mod dropping;
mod leaving_nothing;
mod many;
mod random_plans;
mod refusals;

use serde_json::Value;

use crate::harness::Outcome;
use crate::scene::Scene;

/// The query with which pgrole reads the rights, for some roles of the scene.
fn rights(scene: &Scene<'_>, roles: &[String]) -> Value {
    let query = include_str!("../../../src/server/sql/rights.sql");
    let names = format!("'{{{}}}'::text[]", roles.join(","));
    let text = scene.psql(&query.replace("$1::text[]", &names));
    serde_json::from_str(&text).expect("it is JSON")
}

/// What the outcome says of its rehearsal.
#[track_caller]
fn rehearsal(outcome: &Outcome) -> Value {
    let row = outcome.json();
    let row = row.get(0).cloned().unwrap_or(row);
    assert!(row["password"].is_null(), "{outcome}");
    row["rehearsal"].clone()
}

/// The MD5 of a trigger function's source, as the config file takes it.
fn digest(scene: &Scene<'_>, function: &str) -> String {
    scene.psql(&format!(
        "SELECT md5(prosrc) FROM pg_proc WHERE proname = '{function}'"
    ))
}

/// Lets the config file allow an event trigger, as its function's source is now.
fn allow(scene: &Scene<'_>, trigger: &str) {
    let digest = digest(scene, trigger);
    let entry = format!("[rehearse]\nevent_triggers = [\"{trigger}={digest}\"]\n");
    scene.sandbox.write_config(&entry);
}

/// The answers to the statements, in order.
fn answers(rehearsal: &Value) -> Vec<&str> {
    let statements = rehearsal["statements"].as_array().expect("a list");
    let answers = statements.iter().map(|it| it["answer"].as_str());
    answers.map(|it| it.expect("a text")).collect()
}

/// Every row of every catalog, with the transaction that made it and its place.
const CATALOGS: &str = "
    SELECT string_agg(format('SELECT %L, md5(coalesce(string_agg(t.ctid::text || t.xmin::text || t::text, ''|''
        ORDER BY t.ctid), '''')) FROM pg_catalog.%I t', relname, relname), ' UNION ALL ' ORDER BY relname)
    FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' AND relname <> 'pg_largeobject'";

/// What the rows of all catalogs come to, on a cluster of the test's own without autovacuum.
fn catalog_hash(scene: &Scene<'_>) -> String {
    let queries = scene.area.superuser_psql(CATALOGS);
    let hashes = scene.area.superuser_psql(&queries);
    // Parallel workers answer in any order.
    let mut hashes: Vec<_> = hashes.lines().collect();
    hashes.sort_unstable();
    hashes.join("\n")
}
