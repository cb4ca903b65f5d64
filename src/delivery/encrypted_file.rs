//! Delivery to a file that only its receiver can open: encrypted before it is written, in the format of age.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;
use zeroize::Zeroizing;

use crate::delivery::deliver::{Deliver, Resources};
use crate::delivery::issued_password::IssuedPassword;
use crate::delivery::locked_file::{self, LockedFile, Readers};
use crate::delivery::{age, file, replace};
use crate::domain::failure::Failure;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::password::receivers::Receivers;
use crate::domain::password::recipient::{KeyFile, Recipient, Recipients, is_recipient};

/// Longer than any file of public keys, in bytes.
const LONGEST_KEY_FILE: u64 = 1_048_576;

pub struct ToEncryptedFile<'a> {
    pub destination: &'a Destination,
    pub file_format: FileFormat,
    pub resources: Resources<'a>,
}

impl ToEncryptedFile<'_> {
    fn path(&self) -> &Path {
        Path::new(self.destination.path().expect("a file has a path"))
    }

    fn lock(&self) -> Result<LockedFile> {
        // Its receiver is another user, and nobody else can open it.
        let file = LockedFile::lock(self.path(), self.resources.locks)?;
        Ok(file.for_new(Readers::Everyone))
    }

    fn render(
        &self,
        issued: &IssuedPassword<'_>,
        recipients: &[Recipient],
    ) -> Result<Zeroizing<Vec<u8>>> {
        // What a file contains is not kept: its format is that of a file of its own.
        let text = file::render(self.file_format, issued, b"")?;
        let label = json!({
            "username": issued.username,
            "hostname": issued.target.hostname.to_string(),
            "port": issued.target.port.to_string(),
        });
        let encrypted = age::encrypt(&text, recipients, label.to_string().as_bytes())?;
        Ok(Zeroizing::new(encrypted.into_bytes()))
    }

    fn find_recipients(&self) -> Result<Found> {
        if self.file_format == FileFormat::Pgbouncer {
            let what = "a pgbouncer userlist is read by pgbouncer, not opened by a person";
            return Err(Failure::usage(what)
                .hint("choose another --file-format: json, env, dsn or k8s-secret")
                .into());
        }
        find_recipients(self.destination, self.resources.recipients)
    }
}

impl Deliver for ToEncryptedFile<'_> {
    fn check(&self, sample: &IssuedPassword<'_>) -> Result<()> {
        let checked = || {
            let found = self.find_recipients()?;
            self.lock()?
                .rehearse(|_| self.render(sample, &found.recipients))
        };
        checked().with_context(|| format!("cannot deliver to {}", self.destination))
    }

    fn deliver(&self, password: &IssuedPassword<'_>, notes: &mut Vec<String>) -> Result<()> {
        let found = self.find_recipients()?;
        notes.extend(found.notes);
        self.lock()?.write(password.operation_id, |_| {
            self.render(password, &found.recipients)
        })
    }

    fn discard(&self, operation_id: &str) -> Result<()> {
        locked_file::discard(self.path(), operation_id, self.resources.locks)
    }

    fn file(&self) -> Result<Option<PathBuf>> {
        replace::real_path(self.path()).map(Some)
    }
}

/// Who a file is encrypted to, and what is to be said about that.
struct Found {
    recipients: Vec<Recipient>,
    notes: Vec<String>,
}

/// Checks who a destination's file is encrypted to, as far as it is encrypted.
///
/// # Errors
/// A name that nobody has, or a file of keys that cannot be used.
pub fn check_receivers(destination: &Destination, recipients: &Recipients) -> Result<()> {
    match destination.receivers() {
        Some(_) => find_recipients(destination, recipients).map(drop),
        None => Ok(()),
    }
}

fn find_recipients(destination: &Destination, known: &Recipients) -> Result<Found> {
    match destination.receivers().context("nobody is to receive it")? {
        Receivers::Named(names) => {
            let mut recipients = Vec::new();
            for name in names {
                if is_recipient(name) {
                    recipients.push(name.parse()?);
                } else {
                    recipients.extend_from_slice(known.find(name)?);
                }
            }
            Ok(Found {
                recipients,
                notes: Vec::new(),
            })
        }
        Receivers::KeyFile(path) => read_key_file(Path::new(path))
            .with_context(|| format!("cannot encrypt to the keys of {path}")),
    }
}

fn read_key_file(path: &Path) -> Result<Found> {
    let file = fs::File::open(path).map_err(|error| {
        Failure::usage("the file of a public key cannot be read").caused_by(error)
    })?;
    check_writers(path, &file.metadata()?)?;
    let mut text = String::new();
    let read = file.take(LONGEST_KEY_FILE).read_to_string(&mut text);
    read.map_err(|error| Failure::usage("it is not a text").caused_by(error))?;
    let KeyFile {
        recipients,
        passed_over,
    } = KeyFile::parse(&text)?;
    let note = |why| format!("a key of {} is passed over: {why}", path.display());
    Ok(Found {
        recipients,
        notes: passed_over.into_iter().map(note).collect(),
    })
}

/// Whoever can write the keys, or put another file there, receives the next password.
fn check_writers(path: &Path, file: &fs::Metadata) -> Result<(), Failure> {
    let folder = path.parent().and_then(|folder| fs::metadata(folder).ok());
    // In a folder with the sticky bit, a file is its owner's.
    let is_open_folder = folder.is_some_and(|it| it.permissions().mode() & 0o1002 == 0o002);
    let what = match (file.is_file(), file.permissions().mode() & 0o002) {
        (false, _) => "it is not a file",
        (true, 0) if is_open_folder => "every user of this machine may replace it",
        (true, 0) => return Ok(()),
        (true, _) => "every user of this machine may write it",
    };
    let failure = Failure::refused(what);
    Err(if file.is_file() {
        failure.hint("let only its owner write the file and its folder: chmod o-w")
    } else {
        failure
    })
}
