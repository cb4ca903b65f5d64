//! Many logins at once: `user create --from`.

mod creating_from;
mod interrupted_run;
mod refused_rosters;
mod sessions;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::harness::sandbox::Run;
use crate::harness::{Cluster, Outcome};
use crate::scene::{Login, Scene};

/// A scene with a second database on the same server, registered as `qa`.
pub struct TwoDatabases {
    pub scene: Scene<'static>,
    pub other: String,
}

impl TwoDatabases {
    pub fn new() -> Self {
        let mut scene = Scene::new();
        let other = format!("{}_other", scene.database());
        scene
            .cluster
            .psql("postgres", &format!("CREATE DATABASE {other}"));
        scene.sandbox.register(scene.cluster, "qa", &other);
        Self { scene, other }
    }

    /// Text with `[DB]` and `[OTHER]` for the databases.
    pub fn fill(&self, text: &str) -> String {
        text.replace("[DB]", self.scene.database())
            .replace("[OTHER]", &self.other)
            .replace(
                "[SANDBOX]",
                &self.scene.sandbox.path().display().to_string(),
            )
    }

    /// Writes a file of that name with the text filled in.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.scene.sandbox.path().join(name);
        std::fs::write(&path, self.fill(text)).expect("the sandbox can be written");
        path
    }

    /// Prepares `pgrole user create --from FILE ARGUMENTS`, on a file with this text.
    pub fn create_from<'s>(&'s self, text: &str, arguments: &[&str]) -> Run<'s> {
        self.write("people", text);
        create_from(&self.scene, arguments)
    }

    pub fn may_log_in_to(&self, database: &str, login: &Login) -> bool {
        let outcome =
            self.scene
                .cluster
                .psql_as(&login.name, &login.password, database, "SELECT 1");
        outcome.status() == Some(0)
    }
}

/// Prepares `pgrole user create --from people ARGUMENTS` in the sandbox's folder.
pub fn create_from<'s>(scene: &'s Scene<'_>, arguments: &[&str]) -> Run<'s> {
    let run = scene.sandbox.pgrole(["user", "create", "--from", "people"]);
    run.args(arguments)
}

/// The rows of a run by username.
#[track_caller]
pub fn by_name(outcome: &Outcome) -> BTreeMap<String, Value> {
    let rows = outcome.json_lines().into_iter();
    rows.map(|row| (row["username"].as_str().unwrap_or_default().to_owned(), row))
        .collect()
}

/// The login of a row with a password.
#[track_caller]
pub fn login_of(row: &Value) -> Login {
    let text = |key: &str| {
        let value = row[key].as_str();
        value
            .unwrap_or_else(|| panic!("no {key}: {row}"))
            .to_owned()
    };
    Login {
        name: text("username"),
        password: text("password"),
    }
}

/// How many of these logins there are on the server.
pub fn count_of(cluster: &Cluster, prefix: &str) -> String {
    cluster.psql(
        "postgres",
        &format!(
            "SELECT count(*) FROM pg_roles WHERE starts_with(rolname, '{prefix}') AND rolcanlogin"
        ),
    )
}
