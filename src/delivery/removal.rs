//! Takes back a delivered password whose role is gone, as far as the place is that role's alone.

use std::path::Path;

use anyhow::Result;
use zeroize::Zeroizing;

use crate::credentials::os_keyring;
use crate::delivery::deliver::Resources;
use crate::delivery::holder::{holder_of, is_of_many};
use crate::delivery::locked_file::LockedFile;
use crate::delivery::{pgpass, replace};
use crate::domain::password::deliveries::Delivery;
use crate::domain::password::destination::{FileFormat, Way};
use crate::domain::password::pgpass::{PgpassQuery, without_database};
use crate::domain::target::Target;

/// A role that is gone, as it was placed.
#[derive(Debug, Clone, Copy)]
pub struct LeavingLogin<'a> {
    pub target: &'a Target,
    pub username: &'a str,
}

/// What became of a delivered password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    Removed,
    /// It was not there any more.
    Gone,
    /// The place is not the role's alone, or cannot be taken back from; why.
    Left(&'static str),
}

/// Removes a role's password from where it was delivered.
///
/// # Errors
/// If it is there and cannot be removed.
pub fn remove(
    delivery: &Delivery,
    login: LeavingLogin<'_>,
    resources: Resources<'_>,
) -> Result<Removal> {
    let destination = &delivery.destination;
    match destination.way() {
        Way::Stdout => Ok(Removal::Left("it was printed")),
        Way::Command => Ok(Removal::Left("a command took it")),
        Way::Reload => Ok(Removal::Left("the command holds no password")),
        Way::LoginStore => Ok(Removal::Left("it is where a credential is kept")),
        Way::File if delivery.file_format == FileFormat::Pgbouncer => {
            Ok(Removal::Left("a userlist may serve several servers"))
        }
        Way::File | Way::Age | Way::Ssh => {
            let path = destination.path().unwrap_or_default();
            remove_file(Path::new(path), login, resources)
        }
        Way::Pgpass => {
            let path = pgpass::path(destination.path(), resources.variables)?;
            remove_lines(&path, login, resources)
        }
        Way::Keyring => Ok(if os_keyring::take_back(login.target, login.username)? {
            Removal::Removed
        } else {
            Removal::Gone
        }),
    }
}

/// Whoever wrote the file since, it must say that it is this role's.
fn remove_file(path: &Path, login: LeavingLogin<'_>, resources: Resources<'_>) -> Result<Removal> {
    if !path.exists() {
        return Ok(Removal::Gone);
    }
    let _file = LockedFile::lock(path, resources.locks)?;
    let contents = replace::read(path)?;
    let holder = holder_of(&contents).filter(|_| !is_of_many(&contents));
    let is_its = holder.is_some_and(|holder| {
        let host = login.target.hostname.to_string();
        holder.username == login.username && holder.hostname.is_none_or(|found| found == host)
    });
    if !is_its {
        return Ok(Removal::Left("the file holds another login by now"));
    }
    replace::remove(path)?;
    Ok(Removal::Removed)
}

fn remove_lines(path: &Path, login: LeavingLogin<'_>, resources: Resources<'_>) -> Result<Removal> {
    if !path.exists() {
        return Ok(Removal::Gone);
    }
    let addresses = login.target.addresses()?;
    let servers: Vec<_> = addresses
        .iter()
        .map(|address| (address.host.as_str(), address.port.to_string()))
        .collect();
    let wanted = servers.iter().map(|(host, port)| PgpassQuery {
        host,
        port,
        database: login.target.database.as_str(),
        user: login.username,
    });
    let wanted: Vec<_> = wanted.collect();
    let file = LockedFile::lock(path, resources.locks)?;
    if without_database(&replace::read(path)?, wanted.iter().copied()).is_none() {
        return Ok(Removal::Gone);
    }
    let id = std::process::id().to_string();
    file.write(&id, |existing| {
        let kept = without_database(existing, wanted.iter().copied());
        Ok(kept.unwrap_or_else(|| Zeroizing::new(existing.to_vec())))
    })?;
    Ok(Removal::Removed)
}
