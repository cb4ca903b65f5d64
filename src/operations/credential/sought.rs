//! The login of one target, as it is sought before anything is asked: what there is, and where one could be kept.

use anyhow::Result;

use crate::credentials::{Glance, pgpass};
use crate::domain::target::{DatabaseName, Environment};
use crate::run::Run;

/// What there is of a target's login.
pub struct SoughtLogin {
    pub glance: Glance,
    /// Whom pgrole logs in as if the source names nobody.
    pub user: String,
    /// The file that psql reads passwords from, too.
    pub pgpass: String,
    /// Host and port of each of its servers.
    servers: Vec<(String, u16)>,
}

/// Looks for the login of an enabled target.
///
/// # Errors
/// If there is no such target.
pub fn seek_login(run: &Run, env: &Environment, database: &DatabaseName) -> Result<SoughtLogin> {
    let target = run.target(env, database)?;
    let addresses = target.addresses()?;
    let servers = addresses
        .iter()
        .map(|address| (address.host.to_string(), address.port));
    let pgpass = pgpass::path(&run.variables);
    let user = run.admin_user(&target);
    let glanced = run.glance_at_credentials(std::slice::from_ref(&target));
    let nothing = || Glance::Nothing("not looked for".to_owned());
    Ok(SoughtLogin {
        glance: glanced.into_iter().next().unwrap_or_else(nothing),
        user,
        pgpass: pgpass.map_or_else(|| ".pgpass".to_owned(), |path| path.display().to_string()),
        servers: servers.collect(),
    })
}

impl SoughtLogin {
    /// The lines for a user, whose last field is to be replaced by the password.
    pub fn pgpass_lines(&self, user: &str) -> Vec<String> {
        let field = |text: &str| text.replace('\\', "\\\\").replace(':', "\\:");
        let lines = self
            .servers
            .iter()
            .map(|(host, port)| format!("{}:{port}:*:{}:PASSWORD", field(host), field(user)));
        lines.collect()
    }
}
