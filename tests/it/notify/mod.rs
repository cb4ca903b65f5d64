//! Notifications: what reaches each channel, what waits in the outbox and for how long, and what never gets there.

mod channels;
mod expiring;
mod failures;
mod mail;
mod outbox;
mod rotation;
mod settings;

use std::fs;

use crate::harness::sandbox::Run;
use crate::harness::{Area, Cluster, HttpServer, Sandbox, sqlite};

/// A database of its own, registered as `dev`.
struct Scene {
    area: Area<'static>,
    sandbox: Sandbox,
}

impl Scene {
    fn new() -> Self {
        let cluster = Cluster::shared();
        let area = cluster.area();
        let mut sandbox = Sandbox::new().with_admin(cluster);
        sandbox.register(cluster, "dev", area.database());
        Self { area, sandbox }
    }

    /// With one webhook, named `team`, and these further lines in its section.
    fn with_webhook(server: &HttpServer, more: &str) -> Self {
        let scene = Self::new();
        let url = server.url("/hook");
        scene.sandbox.write_config(&format!(
            "[notify.team]\nchannel = \"webhook\"\nurl = \"{url}\"\n{more}"
        ));
        scene
    }

    fn user(&self, verb: &str, role: &str) -> Run<'_> {
        let target = ["-e", "dev", "-d", self.area.database(), "-u", role];
        self.sandbox.pgrole(["user", verb]).args(target)
    }

    /// Creates a login; what becomes of the notification is not looked at.
    fn create(&self, name: &str) {
        let role = self.area.role(name);
        self.user("readonly", &role).run().expect_status(0);
    }

    /// Touches a server, so that the run sends what is due.
    fn find(&self, name: &str) {
        let role = self.area.role(name);
        self.user("find", &role).run().expect_status(0);
    }

    /// Puts messages into the outbox as a run without a network would leave them, of `role1` and so on.
    fn fill_outbox(&self, count: u64) {
        self.query(&format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
             INSERT INTO outbox (channel, message, created_at, next_attempt_at)
             SELECT 'team', json_object('id', 'id' || n, 'event', 'user created', 'summary', '', 'at', '',
                'username', 'role' || n, 'operation', '', 'operation_id', '', 'operator', '', 'host', '',
                'version', ''),
                strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), printf('2000-01-01T00:00:%02d.000000Z', n)
             FROM numbers"
        ));
    }

    fn notify<const N: usize>(&self, arguments: [&str; N]) -> Run<'_> {
        self.sandbox.pgrole(["notify"]).args(arguments)
    }

    fn query(&self, sql: &str) -> String {
        sqlite::query(&self.sandbox.registry(), sql)
    }

    /// How many messages are in which state, and how often each was tried.
    fn outbox(&self) -> String {
        self.query("SELECT state || ' ' || attempts FROM outbox ORDER BY id")
    }

    /// Lets the time of all that waits come.
    fn let_time_pass(&self) {
        self.query("UPDATE outbox SET next_attempt_at = '2000-01-01T00:00:00.000000Z', claimed_until = NULL");
    }

    fn write(&self, name: &str, text: &str) -> String {
        use std::os::unix::fs::PermissionsExt;
        let path = self.sandbox.path().join(name);
        fs::write(&path, text).expect("the sandbox can be written");
        let private = fs::Permissions::from_mode(0o600);
        fs::set_permissions(&path, private).expect("our own file");
        path.display().to_string()
    }
}
