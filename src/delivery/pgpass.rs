//! One line of a .pgpass file (PostgreSQL documentation, 34.16): replaced where it is, added where it is not.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use zeroize::Zeroizing;

use crate::delivery::{Parcel, replace};
use crate::domain::failure::Failure;
use crate::domain::pgpass::{Wanted, escape, with_password};
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

/// Puts the password into the file.
pub fn deliver(path: &Path, parcel: &Parcel<'_>) -> Result<()> {
    let contents = Zeroizing::new(with_lines(&read(path)?, parcel)?);
    replace::replace(path, contents.as_bytes(), parcel.operation_id)
}

/// Puts the password into all lines that the file has for the user on one server, whatever the database.
pub fn deliver_to_server(path: &Path, host: &str, port: u16, parcel: &Parcel<'_>) -> Result<()> {
    let wanted = Wanted {
        host,
        port: &port.to_string(),
        database: parcel.target.database.as_str(),
        user: parcel.username,
    };
    let contents = with_password(&read(path)?, wanted, parcel.password);
    replace::replace(path, contents.as_bytes(), parcel.operation_id)
}

fn read(path: &Path) -> Result<Zeroizing<String>> {
    let existing = match fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read.with_context(|| format!("cannot read {}", path.display())),
    };
    Ok(Zeroizing::new(existing?))
}

/// A line for each host. A new one goes to the front: the first match wins, and a line of stars may stand
/// anywhere.
fn with_lines(existing: &str, parcel: &Parcel<'_>) -> Result<String> {
    let mut lines: Vec<String> = existing.lines().map(str::to_owned).collect();
    for address in parcel.target.addresses()? {
        let key = [
            address.host.as_str(),
            &address.port.to_string(),
            parcel.target.database.as_str(),
            parcel.username,
        ];
        let key = key.map(escape).join(":") + ":";
        let line = format!("{key}{}", escape(parcel.password.expose()));
        match lines.iter_mut().find(|line| line.starts_with(&key)) {
            Some(place) => *place = line,
            None => lines.insert(0, line),
        }
    }
    Ok(lines.join("\n") + "\n")
}
