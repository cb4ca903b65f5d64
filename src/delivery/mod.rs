//! Where a new password goes: files, a line of a .pgpass, a command. (stdout is the output layer's, the keyring
//! the credentials'; `operations/login_places` puts them together for an admin login.) A delivery that returns is
//! confirmed: synced, read back, or exit status 0.

mod command;
mod file;
mod pgpass;
pub mod replace;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;

pub use pgpass::deliver_to_server;

use crate::domain::destination::{Destination, FileFormat};
use crate::domain::secret::Secret;
use crate::domain::secret_json::SecretJson;
use crate::domain::target::Target;
use crate::domain::variables::Variables;

/// A password on its way out, with all that a receiver needs to use it.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'a> {
    pub target: &'a Target,
    pub username: &'a str,
    pub password: &'a Secret,
    /// What the server stores: a pooler needs it byte for byte.
    pub verifier: &'a str,
    pub operation_id: &'a str,
    /// The operation's object, with `operation_id`, the password still null.
    pub object: &'a Value,
}

/// A delivery to the outside.
#[derive(Debug)]
pub struct Courier<'a> {
    pub destination: &'a Destination,
    pub file_format: FileFormat,
    pub variables: &'a Variables,
    /// How long a command may take.
    pub command_limit: Duration,
}

impl Courier<'_> {
    /// Looks whether the delivery can work, before anything is changed.
    ///
    /// # Errors
    /// A folder that is not there or not writable, a command that does not exist.
    pub fn check(&self) -> Result<()> {
        match self.destination {
            Destination::Stdout | Destination::Keyring | Destination::Credential(_) => Ok(()),
            Destination::File(path) => replace::check(Path::new(path)),
            Destination::Pgpass(path) => {
                replace::check(&pgpass::path(path.as_deref(), self.variables)?)
            }
            Destination::Command(words) => command::check(words, self.variables),
        }
    }

    /// The file that the delivery replaces; None: it is none to a file.
    ///
    /// # Errors
    /// Where it cannot be told which.
    pub fn file(&self) -> Result<Option<PathBuf>> {
        Ok(match self.destination {
            Destination::File(path) => Some(PathBuf::from(path)),
            Destination::Pgpass(path) => Some(pgpass::path(path.as_deref(), self.variables)?),
            Destination::Stdout
            | Destination::Keyring
            | Destination::Command(_)
            | Destination::Credential(_) => None,
        })
    }

    /// Removes what a delivery left that was cut off.
    ///
    /// # Errors
    /// Where it is there and cannot be removed.
    pub fn discard(&self, operation_id: &str) -> Result<()> {
        match self.file()? {
            Some(path) => replace::discard(&path, operation_id),
            None => Ok(()),
        }
    }

    /// Delivers, and confirms.
    ///
    /// # Errors
    /// Where the password is not where it should be.
    pub fn deliver(&self, parcel: &Parcel<'_>) -> Result<()> {
        match self.destination {
            Destination::Stdout | Destination::Keyring | Destination::Credential(_) => Ok(()),
            Destination::File(path) => {
                let path = PathBuf::from(path);
                let contents = file::render(self.file_format, parcel, &path)?;
                replace::replace(&path, &contents, parcel.operation_id)
            }
            Destination::Pgpass(path) => {
                let path = pgpass::path(path.as_deref(), self.variables)?;
                pgpass::deliver(&path, parcel)
            }
            Destination::Command(words) => command::deliver(words, parcel, self.command_limit),
        }
    }
}

/// The operation's object with its password.
fn object_with_password(parcel: &Parcel<'_>) -> SecretJson {
    SecretJson::with_password(parcel.object.clone(), Some(parcel.password))
}
