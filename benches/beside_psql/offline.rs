//! What needs no server.

use std::process::Command;

use crate::MANY_TARGETS;
use crate::harness::{Sandbox, servers, sqlite};
use crate::pairs::{Measure, PAIRS, compare};

pub fn version() {
    let sandbox = Sandbox::new();
    let psql = |_| {
        let mut psql = Command::new(servers::psql());
        psql.arg("--version");
        psql
    };
    compare(
        "--version",
        "0.27",
        (PAIRS, Measure::Wall),
        |_| sandbox.pgrole(["--version"]).command(),
        psql,
    );
}

pub fn registry() {
    let mut sandbox = Sandbox::new();
    sandbox.register_on_port(5432, "dev", "shop_0");
    let rows = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {MANY_TARGETS} - 1)
         INSERT INTO db_registry (hostname, port, env, db_name, created_at)
         SELECT printf('pg-%04d.example.com', n / 4), 5432, 'dev', printf('shop_%d', n), created_at
         FROM (SELECT created_at FROM db_registry LIMIT 1), numbers"
    );
    sqlite::query(&sandbox.registry(), &rows);
    let registry = sandbox.registry();
    let sqlite3 = |_| {
        let mut sqlite3 = Command::new("sqlite3");
        sqlite3
            .arg("-json")
            .arg(&registry)
            .arg("SELECT * FROM db_registry ORDER BY env, db_name");
        sqlite3
    };
    let list = |_| sandbox.pgrole(["registry", "list"]).command();
    compare(
        "`registry list`, 10,000 targets, beside `sqlite3 -json` (CPU)",
        "2.6",
        (PAIRS, Measure::Cpu),
        list,
        sqlite3,
    );
    let complete = |_| {
        let line = "pgrole user find -e dev -d shop_77";
        let mut command = sandbox.pgrole(["--", line, "shop_77"]).command();
        command.env("PGROLE_COMPLETE", "bash");
        command
    };
    compare(
        "TAB, 10,000 targets (psql: --version)",
        "30 ms",
        (PAIRS, Measure::Wall),
        complete,
        |_| {
            let mut psql = Command::new(servers::psql());
            psql.arg("--version");
            psql
        },
    );
}
