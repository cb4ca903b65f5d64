//! What the tests share, and the benches: real PostgreSQL servers, a sandbox to run pgrole in, a terminal, a counting proxy.
//!
//! A bench takes it in by `#[path]`. Nothing here outlives the test process,
//! not even when that is killed: see `guard`.

pub mod account;
pub mod admin;
pub mod cluster;
pub mod fake_server;
pub mod fault_proxy;
pub mod guard;
pub mod http_server;
pub mod keyring;
pub mod pooler;
pub mod proxy;
pub mod records;
pub mod results;
pub mod sandbox;
pub mod servers;
pub mod smtp_server;
pub mod sqlite;
pub mod stream;
pub mod terminal;

pub use admin::{Admin, skip_for, skip_unless_superuser};
pub use cluster::{Area, Cluster, Configuration};
pub use fake_server::{ClosedPort, FakeServer};
pub use http_server::{Answer, HttpServer};
pub use keyring::Keyring;
pub use pooler::Pooler;
pub use proxy::{Plan, Proxy};
pub use sandbox::{Outcome, Sandbox};
pub use smtp_server::{MailTls, SmtpServer};
pub use terminal::Terminal;

/// Reads a variable of the test run; tests configure pgrole itself through `Sandbox` only.
#[expect(
    clippy::disallowed_methods,
    reason = "pgrole reads its variables in one place; this is not pgrole"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
