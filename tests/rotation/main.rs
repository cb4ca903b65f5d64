//! Passwords on their way: every delivery, what is cut off and recovered, and the rotation of many.

#[path = "../harness/mod.rs"]
mod harness;

mod cut_off;
mod delivery;
mod rotate;

use std::fs;
use std::path::PathBuf;

use harness::sandbox::Run;
use harness::{Area, Cluster, Outcome, Sandbox, sqlite};

/// A database of its own, registered as `dev`, and a folder for deliveries.
struct Scene {
    cluster: &'static Cluster,
    area: Area<'static>,
    sandbox: Sandbox,
}

impl Scene {
    fn new() -> Self {
        let cluster = Cluster::shared();
        let port = cluster.port();
        Self::on_port(port)
    }

    /// Behind a proxy, where the port is that of one.
    fn on_port(port: u16) -> Self {
        let cluster = Cluster::shared();
        let area = cluster.area();
        let mut sandbox = Sandbox::new().with_admin(cluster);
        sandbox.register_on_port(port, "dev", area.database());
        fs::create_dir(sandbox.path().join("out")).expect("the sandbox can be written");
        Self {
            cluster,
            area,
            sandbox,
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.sandbox.path().join("out").join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn user(&self, verb: &str, role: &str, arguments: &[&str]) -> Run<'_> {
        let target = ["-e", "dev", "-d", self.area.database(), "-u", role];
        self.sandbox
            .pgrole(["user", verb])
            .args(target)
            .args(arguments)
    }

    /// Creates a login whose password goes to the file of its name.
    fn create(&self, name: &str) -> String {
        let role = self.area.role(name);
        let deliver = format!("file:{}", self.file("{username}").display());
        let created = self.user("readonly", &role, &["--deliver", &deliver]).run();
        created.expect_status(0);
        role
    }

    fn delivered_password(&self, role: &str) -> String {
        let object: serde_json::Value =
            serde_json::from_str(&self.read(role)).expect("the file holds the object");
        object["password"].as_str().expect("a password").to_owned()
    }

    fn logs_in(&self, role: &str, password: &str) -> bool {
        let database = self.area.database();
        self.cluster.client_as(role, password, database).is_ok()
    }

    fn query(&self, sql: &str) -> String {
        sqlite::query(&self.sandbox.registry(), sql)
    }

    fn states(&self) -> String {
        self.query("SELECT state FROM password_change ORDER BY created_at")
    }

    fn recover(&self) -> Outcome {
        self.sandbox.pgrole(["recover", "run"]).run()
    }
}
