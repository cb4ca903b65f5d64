//! The admin credential: from the environment, from a real keyring, typed at a prompt; and every way to have none.

mod connections;
mod environment;
mod keyring;
mod kwallet;
mod peer;
mod prompt;
mod services;
mod sources;

use crate::harness::{Area, Cluster, Sandbox};

/// A cluster's database as the target dev/app, and a login with that password.
struct Place {
    sandbox: Sandbox,
    database: String,
    /// Drops the database when the test ends.
    _area: Area<'static>,
}

impl Place {
    fn on(cluster: &'static Cluster) -> Self {
        let mut sandbox = Sandbox::new();
        let area = cluster.area();
        let database = area.database().to_owned();
        sandbox.register(cluster, "dev", &database);
        sandbox.filter(&database, "[DATABASE]");
        Self {
            sandbox,
            database,
            _area: area,
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}
