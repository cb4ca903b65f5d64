//! Deliveries that write files: one at a time in each, and rehearsed before a password is changed.

use anyhow::Result;
use serde_json::Value;

use crate::delivery::{Courier, Parcel, replace};
use crate::domain::destination::{Destination, FileFormat};
use crate::domain::password_change::name_of_lock;
use crate::domain::role::RoleName;
use crate::domain::secret::Secret;
use crate::domain::status::Status;
use crate::domain::target::Target;
use crate::operations::password_change::{courier, with_id};
use crate::operations::report::UserReport;
use crate::operations::session::Session;

/// As long as an operation's id.
const ID_LENGTH: usize = 36;
/// As long as a verifier with the server's usual salt, and an iteration count of six digits.
const VERIFIER_LENGTH: usize = 135;

/// What stands for a delivery that is not yet: as long as it, and no secret.
pub struct Sample {
    object: Value,
    password: Secret,
    verifier: String,
    operation_id: String,
}

impl Sample {
    pub fn new(session: &Session, target: &Target, role: &RoleName) -> Result<Self> {
        let operation_id = "x".repeat(ID_LENGTH);
        let report = UserReport::new(role.as_str(), Status::PasswordReset, target);
        Ok(Self {
            object: with_id(&report, &operation_id)?,
            password: Secret::new("x".repeat(session.settings.password_length)),
            verifier: "x".repeat(VERIFIER_LENGTH),
            operation_id,
        })
    }

    pub fn parcel<'a>(&'a self, target: &'a Target, role: &'a RoleName) -> Parcel<'a> {
        Parcel {
            target,
            username: role.as_str(),
            password: &self.password,
            verifier: &self.verifier,
            operation_id: &self.operation_id,
            object: &self.object,
        }
    }
}

/// Does the work of a delivery up to the moment in which something would change.
///
/// # Errors
/// What would stand in its way.
pub fn rehearse(
    session: &Session,
    destination: &Destination,
    file_format: FileFormat,
    sample: &Parcel<'_>,
) -> Result<()> {
    let courier = courier(session, destination, file_format);
    locked(session, &courier, || courier.rehearse(sample))
}

/// Delivers. What the operator should know of it is a warning.
///
/// # Errors
/// Where the password is not where it should be.
pub fn deliver(session: &Session, courier: &Courier<'_>, parcel: &Parcel<'_>) -> Result<()> {
    let notes = locked(session, courier, || courier.deliver(parcel))?;
    for note in notes {
        session.warn(note);
    }
    Ok(())
}

/// Removes what a delivery left that was cut off, and ends a write of a file that is a mount point.
///
/// # Errors
/// Where it is there and cannot be removed.
pub fn discard(session: &Session, courier: &Courier<'_>, operation_id: &str) -> Result<()> {
    courier.discard(operation_id)?;
    if let Some(file) = courier.file()?
        && replace::is_cut_off(&file)?
    {
        return locked(session, courier, || replace::finish(&file));
    }
    Ok(())
}

/// A file of many roles is read and written whole: two at once would lose a line.
fn locked<T>(
    session: &Session,
    courier: &Courier<'_>,
    act: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let file = courier.file()?;
    let lock = file.map(|file| session.lock(&name_of_lock("file", &file)));
    let _lock = lock.transpose()?;
    act()
}
