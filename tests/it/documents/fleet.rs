//! The servers that the documents speak of: dev and prod with a cluster each, and the names of their databases.

use std::fs;
use std::path::PathBuf;

use super::shell;
use crate::harness::{Cluster, Outcome, Sandbox, sqlite};

/// The databases of each environment.
type Databases = &'static [&'static str];

/// A user's home, and the servers that the documents name. Nothing is registered yet.
pub struct Fleet {
    pub sandbox: Sandbox,
    pub dev: Cluster,
    pub prod: Option<Cluster>,
}

impl Fleet {
    /// With databases of these names on the server of `dev`, and on that of `prod` if it has any.
    pub fn new(dev: Databases, prod: Databases) -> Self {
        let Self { sandbox, dev, prod } = Self::without_login(dev, prod);
        // The template's password is the same for all.
        let sandbox = sandbox.with_admin(&dev);
        Self { sandbox, dev, prod }
    }

    /// The same, whose user has no admin credential.
    pub fn without_login(dev: Databases, prod: Databases) -> Self {
        let server = |databases: Databases| {
            let cluster = Cluster::private(|configuration| configuration);
            for database in databases {
                cluster.psql("postgres", &format!("CREATE DATABASE {database}"));
            }
            cluster
        };
        let dev = server(dev);
        let prod = (!prod.is_empty()).then(|| server(prod));
        let mut sandbox = Sandbox::new();
        sandbox.env("PGHOST", "127.0.0.1");
        sandbox.env("PGPORT", dev.port().to_string());
        Self { sandbox, dev, prod }
    }

    /// The same, with its databases registered.
    pub fn registered(dev: Databases, prod: Databases) -> Self {
        let mut fleet = Self::new(dev, prod);
        for database in dev {
            fleet.sandbox.register(&fleet.dev, "dev", database);
        }
        for database in prod {
            let cluster = fleet.prod.as_ref().expect("it was started");
            fleet.sandbox.register(cluster, "prod", database);
        }
        fleet
    }

    pub fn home(&self) -> PathBuf {
        self.sandbox.home()
    }

    /// Writes a file of the user's, by its path in the home.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.home().join(name);
        let folder = path.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).expect("the home can be written");
        fs::write(path, text).expect("the home can be written");
    }

    #[track_caller]
    pub fn text_of(&self, name: &str) -> String {
        fs::read_to_string(self.home().join(name)).expect("it was written")
    }

    /// Types what a document takes for granted, which must succeed.
    #[track_caller]
    pub fn typed(&self, commands: &str) -> Outcome {
        let outcome = self.tried(&format!("set -e\n{commands}"));
        outcome.expect_status(0);
        outcome
    }

    #[track_caller]
    pub fn tried(&self, commands: &str) -> Outcome {
        shell::typed(&self.sandbox, &self.home(), commands)
    }

    /// Makes the password of a role older than any policy.
    pub fn make_overdue(&self, role: &str) {
        let sql = "UPDATE placed_role SET password_changed_at = '2020-01-01T00:00:00.000000Z'";
        let sql = format!("{sql} WHERE username = '{role}'; SELECT changes()");
        let changed = sqlite::query(&self.sandbox.registry(), &sql);
        assert_eq!(changed, "1", "{role} is under rotation");
    }

    /// A command with what is this fleet's own in place of a document's hosts and folders.
    pub fn own(&self, command: &str) -> String {
        let port = |cluster: &Cluster| format!("127.0.0.1 -p {}", cluster.port());
        let prod = self.prod.as_ref().unwrap_or(&self.dev);
        let folder = |path: &str| self.home().join(path).display().to_string();
        command
            .replace("pg-dev-01.example.com", &port(&self.dev))
            .replace("pg-prod-01.example.com", &port(prod))
            .replace("/run/secrets", &folder("secrets"))
            .replace("-e ENV", "-e dev")
            .replace("-d DATABASE", "-d myapp_dev")
    }

    /// Makes the folders that stand for `/run/secrets/ENV`.
    pub fn with_secrets(self) -> Self {
        for environment in ["dev", "prod"] {
            let folder = self.home().join("secrets").join(environment);
            fs::create_dir_all(folder).expect("the home can be written");
        }
        self
    }
}
