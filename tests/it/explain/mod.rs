//! `pgrole explain`: each cause is planted, met by a real login or statement, explained, and mended by the printed remedy.

mod access;
mod behind;
mod case;
mod escapes;
mod failed_changes;
mod fleet;
mod hba;
mod login;
mod objects;
mod server;
mod statement;

use serde_json::Value;

use crate::harness::Outcome;
use crate::scene::{Login, Scene};

/// A login of the test's own, with a password.
fn person(scene: &Scene, name: &str) -> Login {
    let password = format!("{name}-secret");
    let name = scene
        .area
        .create_role(name, &format!("LOGIN PASSWORD '{password}'"));
    Login { name, password }
}

/// The SQLSTATE with which the login or the statement is refused; `None` if it is not.
fn refusal(scene: &Scene, login: &Login, sql: &str) -> Option<String> {
    let client = scene
        .cluster
        .client_as(&login.name, &login.password, scene.database());
    let error = match client {
        Ok(mut client) => client.batch_execute(sql).err()?,
        Err(error) => error,
    };
    let code = error.code();
    Some(code.map_or_else(|| error.to_string(), |code| code.code().to_owned()))
}

fn explain(scene: &Scene, name: &str, arguments: &[&str]) -> Outcome {
    scene
        .pgrole("explain", &[&[name], arguments].concat())
        .run()
}

/// Explains what a role cannot do.
#[track_caller]
fn explain_refusal(scene: &Scene, name: &str, arguments: &[&str]) -> Value {
    let outcome = explain(scene, name, arguments);
    outcome.expect_status(7);
    let row = outcome.json();
    assert_eq!(row["verdict"], "cannot", "{outcome}");
    row
}

/// Runs what is printed as the remedy, as an operator would: a command in a shell, a statement in psql. Returns the new
/// password, where there is one.
#[track_caller]
fn run_remedy(scene: &Scene, row: &Value) -> Option<String> {
    let remedy = row["remedy"]
        .as_str()
        .unwrap_or_else(|| panic!("a remedy: {row}"));
    if let Some(command) = remedy.strip_prefix("pgrole ") {
        let words = shlex::split(command).expect("words of a shell");
        let outcome = scene.sandbox.pgrole(&words).run();
        outcome.expect_status(0);
        return outcome.json()["password"].as_str().map(str::to_owned);
    }
    // These are beyond the database itself, which may take no login, or no change.
    if remedy.starts_with("ALTER ROLE") || remedy.starts_with("ALTER DATABASE") {
        scene.cluster.psql("postgres", remedy);
    } else {
        scene.psql(remedy);
    }
    None
}
