//! pgrole: PostgreSQL logins across many environments, from a local registry, with an audit log.
//!
//! Internal: the program is the only user, and nothing here is promised to others. The map of the code. Imports go only
//! downwards; siblings in a layer do not import each other, nor do files of one module in a circle (`tests/layers.rs`
//! holds this).
//!
//! - 7 `commands/`: the command line, one file per noun
//! - 6 `output/`: the only code that prints: tables, JSON, errors, questions
//! - 5 `operations/`: the verbs, one file each, in folders by noun; no flags, no printing
//! - 4 `password/`: how a password changes hands: seal, apply, prove, deliver, close; and recovery
//! - 3 `run/`: one run: settings, registry, sessions on targets behind the cluster guard, recording, fleet
//! - 2 `store/`: the SQLite file: registry, audit log and its chain, placed roles, journal, outbox
//! - 2 `server/`: PostgreSQL's catalog, and changes as SQL
//! - 2 `delivery/`: where a new password goes, one file per way
//! - 1 `wire/`: the connection to PostgreSQL: login, dial, TLS, what its errors mean
//! - 1 `credentials/`: the sources of the admin credential
//! - 1 `notify/`: messages to people elsewhere, one file per channel
//! - 1 `config/`: the config file and the default paths
//! - 1 `locks.rs`: locks between processes, as files beside the registry
//! - 0 `domain/`: pure types and rules

#[cfg(windows)]
compile_error!(
    "pgrole runs on Linux and macOS: it relies on file owners, modes and signals that Windows does not have"
);

mod commands;
mod config;
mod credentials;
mod delivery;
mod domain;
mod locks;
mod notify;
mod operations;
mod output;
mod password;
mod run;
mod server;
mod store;
mod wire;

#[doc(hidden)]
pub use crate::commands::{Cli, Unparsed, answer_shell, guess_format, meant, parse, run, whole};
#[doc(hidden)]
pub use crate::domain::failure::EXIT_STATUSES;
#[doc(hidden)]
pub use crate::domain::variables::Variables;
#[doc(hidden)]
pub use crate::output::show_usage_error;
#[doc(hidden)]
pub use crate::run::core_dumps;
