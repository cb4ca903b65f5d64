//! Where a new password goes: files, a line of a .pgpass, a command. (stdout is the output layer's, the keyring
//! the credentials'; `operations/login_places` puts them together for an admin login.) A delivery that returns is
//! confirmed: synced, read back, or exit status 0.
//!
//! - `replace/`: how a file is written, whoever it belongs to
//! - `file`, `k8s_secret`, `pgpass`: what is in it
//! - `holder`: whose it is, as it says itself

mod command;
mod file;
mod holder;
mod k8s_secret;
mod pgpass;
pub mod replace;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;
use zeroize::Zeroizing;

pub use holder::{Holder, holder_of, is_of_many};

use crate::domain::destination::{Destination, FileFormat};
use crate::domain::secret::Secret;
use crate::domain::secret_json::SecretJson;
use crate::domain::target::Target;
use crate::domain::variables::Variables;
use command::Program;

/// How much longer an object may become than one that was made before the change: by warnings, and times.
const ROOM: usize = 1_024;
/// File systems allocate whole blocks.
const BLOCK: usize = 4_096;

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

/// A delivery to the outside. Whoever lets it work on a file has the file's lock.
#[derive(Debug)]
pub struct Courier<'a> {
    pub destination: &'a Destination,
    pub file_format: FileFormat,
    pub variables: &'a Variables,
    /// How long a command may take.
    pub command_limit: Duration,
    /// Variables that a command does not get.
    pub withheld: &'a [&'a str],
}

impl Courier<'_> {
    /// Does the delivery's work, with what stands for the password, up to the moment in which something would change.
    ///
    /// # Errors
    /// What would stand in the way: a folder that is not there, a full disk, a file that would not stay as it is, a command
    /// that does not exist.
    pub fn rehearse(&self, sample: &Parcel<'_>) -> Result<()> {
        match self.destination {
            Destination::Stdout
            | Destination::Keyring
            | Destination::Credential(_)
            | Destination::Several(_) => Ok(()),
            Destination::Command(words) => command::check(words, self.variables),
            Destination::File(_) | Destination::Pgpass(_) => {
                let Some(path) = self.file()? else {
                    return Ok(());
                };
                rehearse_in(&path, |existing| self.render(sample, existing))
            }
        }
    }

    /// The file that the delivery writes, whatever links lead to it; None: it is none to a file.
    ///
    /// # Errors
    /// Where it cannot be told which.
    pub fn file(&self) -> Result<Option<PathBuf>> {
        let path = match self.destination {
            Destination::File(path) => PathBuf::from(path),
            Destination::Pgpass(path) => pgpass::path(path.as_deref(), self.variables)?,
            Destination::Stdout
            | Destination::Keyring
            | Destination::Command(_)
            | Destination::Credential(_)
            | Destination::Several(_) => return Ok(None),
        };
        replace::real_path(&path).map(Some)
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

    /// Delivers, and confirms. Returns what the operator should know of it.
    ///
    /// # Errors
    /// Where the password is not where it should be.
    pub fn deliver(&self, parcel: &Parcel<'_>) -> Result<Vec<String>> {
        match self.destination {
            Destination::Stdout
            | Destination::Keyring
            | Destination::Credential(_)
            | Destination::Several(_) => Ok(Vec::new()),
            Destination::Command(words) => {
                let program = Program {
                    words,
                    limit: self.command_limit,
                    withheld: self.withheld,
                };
                let said = command::deliver(program, parcel)?;
                let name = words.first().map_or("", String::as_str);
                let note = (!said.is_empty()).then(|| format!("{name:?} said: {said}"));
                Ok(note.into_iter().collect())
            }
            Destination::File(_) | Destination::Pgpass(_) => {
                let Some(path) = self.file()? else {
                    return Ok(Vec::new());
                };
                let render = |existing: &[u8]| self.render(parcel, existing);
                deliver_into(&path, parcel.operation_id, render)?;
                Ok(replace::openness(&path).into_iter().collect())
            }
        }
    }

    fn render(&self, parcel: &Parcel<'_>, existing: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        match self.destination {
            Destination::Pgpass(_) => pgpass::render(parcel, existing),
            _ => file::render(self.file_format, parcel, existing),
        }
    }
}

/// Puts a password into all lines that a .pgpass file has for the user on one server, whatever the database.
///
/// # Errors
/// Where it is not there afterwards.
pub fn deliver_to_server(path: &Path, server: (&str, u16), parcel: &Parcel<'_>) -> Result<()> {
    deliver_into(path, parcel.operation_id, |existing| {
        pgpass::render_for_server(server, parcel, existing)
    })
}

/// Does the work of [`deliver_to_server`] up to the moment in which the file would change.
///
/// # Errors
/// What would stand in its way.
pub fn rehearse_for_server(path: &Path, server: (&str, u16), sample: &Parcel<'_>) -> Result<()> {
    rehearse_in(path, |existing| {
        pgpass::render_for_server(server, sample, existing)
    })
}

fn rehearse_in(
    path: &Path,
    render: impl FnOnce(&[u8]) -> Result<Zeroizing<Vec<u8>>>,
) -> Result<()> {
    replace::finish(path)?;
    // Before the file is read: where there is no folder, that is said.
    replace::check(path)?;
    let contents = render(&replace::read(path)?)?;
    replace::rehearse(path, (contents.len() + ROOM).next_multiple_of(BLOCK))
}

fn deliver_into(
    path: &Path,
    operation_id: &str,
    render: impl FnOnce(&[u8]) -> Result<Zeroizing<Vec<u8>>>,
) -> Result<()> {
    replace::finish(path)?;
    let contents = render(&replace::read(path)?)?;
    replace::replace(path, &contents, operation_id)
}

/// The operation's object with its password.
fn object_with_password(parcel: &Parcel<'_>) -> SecretJson {
    SecretJson::with_password(parcel.object.clone(), Some(parcel.password))
}

/// RFC 3986, section 2: all but the unreserved characters.
fn percent_encode(text: &str) -> Zeroizing<String> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = Zeroizing::new(String::with_capacity(3 * text.len()));
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for half in [byte >> 4, byte & 15] {
                encoded.push(char::from(DIGITS[usize::from(half)]));
            }
        }
    }
    encoded
}

/// The parts in one text, which has its length from the beginning: growing would leave a copy behind.
fn joined(parts: &[&str]) -> Zeroizing<String> {
    let length = parts.iter().map(|part| part.len()).sum();
    let mut text = Zeroizing::new(String::with_capacity(length));
    for part in parts {
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn a_url_holds_what_a_url_may_hold() {
        assert_eq!(*percent_encode("a b@c/ä%"), "a%20b%40c%2F%C3%A4%25");
    }

    /// Each form, from all that it is made of: what is not zeroed does not have the type, and what grows was copied.
    #[test]
    fn all_that_a_file_is_made_of_is_zeroed_and_never_grows() {
        let target = Target::example();
        let password = Secret::new("p'w @".repeat(500));
        let parcel = Parcel {
            target: &target,
            username: "jane",
            password: &password,
            verifier: "SCRAM-SHA-256$4096:x$y:z",
            operation_id: "1",
            object: &serde_json::json!({"username": "jane", "password": null}),
        };
        for format in FileFormat::value_variants() {
            let rendered: Zeroizing<Vec<u8>> = file::render(*format, &parcel, b"").unwrap();
            assert!(rendered.capacity() <= rendered.len() + 2, "{format:?}");
        }
        let parts: [Zeroizing<String>; 3] = [
            percent_encode(password.expose()),
            joined(&[password.expose(), "x"]),
            file::dsn(&parcel).unwrap(),
        ];
        assert_eq!(parts[0].capacity(), 3 * password.expose().len());
        assert_eq!(parts[1].capacity(), parts[1].len());
    }
}
