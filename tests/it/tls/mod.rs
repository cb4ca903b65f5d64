//! How a login is encrypted, and whom it trusts.

mod by_hand;
mod certificates;
mod hosts;
mod impostor;
mod logins;
mod matrix;
mod require_auth;
mod round_trips;
mod rows;
mod targets;

use crate::harness::cluster::Configuration;
use crate::harness::{Cluster, Outcome, Sandbox};
use certificates::Signed;
pub use logins::site;

/// The registry's entry dev/postgres.
struct Target<'a> {
    sandbox: &'a Sandbox,
    host: &'a str,
    port: String,
}

impl Target<'_> {
    /// Adds it, with these flags more.
    #[track_caller]
    fn add(&self, flags: &[&str]) {
        let add = ["registry", "add", "-H", self.host, "-p", &self.port];
        self.registry(&add, flags);
    }

    #[track_caller]
    fn update(&self, flags: &[&str]) {
        self.registry(&["registry", "update"], flags);
    }

    #[track_caller]
    fn registry(&self, command: &[&str], flags: &[&str]) {
        let words = command.iter().chain(flags).copied();
        let run = self.sandbox.pgrole(words);
        run.args(["-e", "dev", "-d", "postgres"])
            .run()
            .expect_status(0);
    }

    /// Logs in, and reads something: one round trip after the login.
    fn log_in(&self) -> Outcome {
        let find = [
            "user", "find", "-u", "postgres", "-e", "dev", "-d", "postgres",
        ];
        self.sandbox.pgrole(find).run()
    }
}

/// A cluster that offers TLS with this certificate, and writes down how clients come in.
fn tls_cluster(signed: &Signed, configure: impl FnOnce(Configuration) -> Configuration) -> Cluster {
    Cluster::private(|c| configure(with_tls(c, signed)))
}

fn with_tls(configuration: Configuration, signed: &Signed) -> Configuration {
    configuration
        .setting("ssl", "on")
        .setting("log_connections", "on")
        .file("server.crt", signed.certificate.as_str())
        .file("server.key", signed.key.as_str())
}
