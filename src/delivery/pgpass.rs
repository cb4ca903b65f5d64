//! Delivery to lines of a .pgpass file (PostgreSQL documentation, 34.16): existing lines are replaced, missing ones
//! added.

use std::path::PathBuf;

use anyhow::{Context, Result};
use zeroize::Zeroizing;

use crate::delivery::deliver::{Deliver, Form, Resources};
use crate::delivery::issued_password::IssuedPassword;
use crate::delivery::locked_file;
use crate::delivery::locked_file::LockedFile;
use crate::delivery::replace;
use crate::domain::failure::Failure;
use crate::domain::password::destination::Destination;
use crate::domain::password::pgpass::{PgpassQuery, with_database, with_password};
use crate::domain::variables::Variables;

pub struct ToPgpass<'a> {
    pub destination: &'a Destination,
    pub resources: Resources<'a>,
}

impl ToPgpass<'_> {
    fn path(&self) -> Result<PathBuf> {
        path(self.destination.path(), self.resources.variables)
    }

    fn lock(&self) -> Result<LockedFile> {
        LockedFile::lock(&self.path()?, self.resources.locks)
    }
}

impl Deliver for ToPgpass<'_> {
    fn check(&self, sample: &IssuedPassword<'_>) -> Result<()> {
        let file = self.lock();
        file.and_then(|file| file.rehearse(|existing| render(sample, existing)))
            .with_context(|| format!("cannot deliver to {}", self.destination))
    }

    fn deliver(&self, password: &IssuedPassword<'_>, notes: &mut Vec<String>) -> Result<()> {
        let file = self.lock()?;
        file.write(password.operation_id, |existing| render(password, existing))?;
        notes.extend(file.openness());
        Ok(())
    }

    fn discard(&self, operation_id: &str) -> Result<()> {
        locked_file::discard(&self.path()?, operation_id, self.resources.locks)
    }

    fn file(&self) -> Result<Option<PathBuf>> {
        replace::real_path(&self.path()?).map(Some)
    }

    fn form(&self) -> Form {
        Form::Pgpass
    }
}

/// The given file, else `PGPASSFILE`, else `~/.pgpass`.
pub fn path(given: Option<&str>, variables: &Variables) -> Result<PathBuf> {
    if let Some(path) = given.or_else(|| variables.text("PGPASSFILE")) {
        return Ok(PathBuf::from(path));
    }
    let home = etcetera::home_dir()
        .map_err(|_| Failure::usage("no home folder for .pgpass: set HOME, or use pgpass:PATH"))?;
    Ok(home.join(".pgpass"))
}

/// Renders the file with a line for each host of the target.
fn render(issued: &IssuedPassword<'_>, existing: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let servers = issued.target.addresses()?;
    let servers: Vec<_> = servers
        .iter()
        .map(|address| (address.host.as_str(), address.port.to_string()))
        .collect();
    let wanted = servers.iter().map(|(host, port)| PgpassQuery {
        host,
        port,
        database: issued.target.database.as_str(),
        user: issued.username,
    });
    let wanted: Vec<_> = wanted.collect();
    wanted.iter().try_for_each(PgpassQuery::check)?;
    Ok(with_database(existing, wanted, issued.password))
}

/// Renders the file with the new password in all of the user's lines for one server, whatever the database.
pub fn render_for_server(
    (host, port): (&str, u16),
    issued: &IssuedPassword<'_>,
    existing: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    let wanted = PgpassQuery {
        host,
        port: &port.to_string(),
        database: issued.target.database.as_str(),
        user: issued.username,
    };
    wanted.check()?;
    Ok(with_password(existing, wanted, issued.password))
}
