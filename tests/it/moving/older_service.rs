//! Each request to the older service, by the command that answers it now.

use super::{Machine, blocks, section};
use crate::harness::{Area, Cluster, Sandbox, sqlite};

/// The keys of the service's answers.
const KEYS: [&str; 7] = [
    "username", "password", "status", "hostname", "database", "port", "env",
];

#[test]
fn each_request_to_the_service_has_a_command_with_the_same_answer() {
    // The names are those of the document: no other test may have them.
    let cluster = Cluster::private(|configuration| configuration);
    cluster.superuser_psql("postgres", "CREATE DATABASE myapp_dev");
    let mut sandbox = Sandbox::new().with_admin(&cluster);
    sandbox.register(&cluster, "dev", "myapp_dev");
    let rows = section("From the older service").lines();
    let commands: Vec<_> = rows
        .filter_map(|row| row.split("| `pgrole ").nth(1)?.split('`').next())
        .collect();
    assert_eq!(commands.len(), 9, "{commands:?}");
    for command in commands {
        let words = shlex::split(command).expect("it is quoted well");
        let answer = sandbox.pgrole(words).run();
        answer.expect_status(0);
        let answer = answer.json();
        let keys: Vec<_> = answer.as_object().expect("an object").keys().collect();
        assert_eq!(keys[..7], KEYS, "{command}");
        assert!(answer["port"].is_string(), "{command}");
    }
}

#[test]
fn the_service_s_file_is_read_and_left_as_it_is() {
    let area: Area<'_> = Cluster::shared().area();
    let machine = Machine::new();
    let file = machine.sandbox.home().join("service.db");
    let sql = format!(
        "CREATE TABLE db_registry (env TEXT NOT NULL, db_name TEXT NOT NULL, hostname TEXT NOT NULL,
             port INTEGER DEFAULT 5432, active INTEGER DEFAULT 1, notes TEXT, UNIQUE (env, db_name));
         INSERT INTO db_registry VALUES ('dev', '{}', '127.0.0.1', {}, 1, 'from the service');",
        area.database(),
        Cluster::shared().port()
    );
    sqlite::sqlite3(&file, &sql).expect_status(0);
    let before = std::fs::read(&file).expect("it is there");
    for block in blocks("From the older service") {
        let said = machine.types(&block);
        assert!(said.stdout.contains("from the service"), "{said}");
    }
    assert_eq!(std::fs::read(&file).expect("it is there"), before);
}
