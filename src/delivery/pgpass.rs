//! Lines of a .pgpass file (PostgreSQL documentation, 34.16): replaced where they are, added where they are not.

use std::path::PathBuf;

use anyhow::Result;
use zeroize::Zeroizing;

use crate::delivery::Parcel;
use crate::domain::failure::Failure;
use crate::domain::pgpass::{Wanted, with_database, with_password};
use crate::domain::variables::Variables;

/// The given file, else `PGPASSFILE`, else `~/.pgpass`.
pub fn path(given: Option<&str>, variables: &Variables) -> Result<PathBuf> {
    if let Some(path) = given.or_else(|| variables.text("PGPASSFILE")) {
        return Ok(PathBuf::from(path));
    }
    let home = etcetera::home_dir()
        .map_err(|_| Failure::usage("no home folder for .pgpass: set HOME, or give pgpass:PATH"))?;
    Ok(home.join(".pgpass"))
}

/// The file with a line for each host of the target.
pub fn render(parcel: &Parcel<'_>, existing: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let servers = parcel.target.addresses()?;
    let servers: Vec<_> = servers
        .iter()
        .map(|address| (address.host.as_str(), address.port.to_string()))
        .collect();
    let wanted = servers.iter().map(|(host, port)| Wanted {
        host,
        port,
        database: parcel.target.database.as_str(),
        user: parcel.username,
    });
    let wanted: Vec<_> = wanted.collect();
    wanted.iter().try_for_each(Wanted::check)?;
    Ok(with_database(existing, wanted, parcel.password))
}

/// The file with all lines that it has for the user on one server, whatever the database.
pub fn render_for_server(
    (host, port): (&str, u16),
    parcel: &Parcel<'_>,
    existing: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    let wanted = Wanted {
        host,
        port: &port.to_string(),
        database: parcel.target.database.as_str(),
        user: parcel.username,
    };
    wanted.check()?;
    Ok(with_password(existing, wanted, parcel.password))
}
