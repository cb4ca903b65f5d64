//! What every way to deliver a password does, and what it uses of a run.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use crate::delivery::issued_password::IssuedPassword;
use crate::delivery::sink::Sink;
use crate::domain::settings::CredentialSettings;
use crate::domain::variables::Variables;
use crate::locks::Locks;

/// A way to deliver a password. One that writes a file takes the file's lock itself.
pub trait Deliver {
    /// Does the work, with what stands for the password, up to the moment in which something would change.
    ///
    /// # Errors
    /// What would stand in the way: a folder that is not there, a full disk, a file that would not stay as it is, a
    /// command that does not exist.
    fn check(&self, sample: &IssuedPassword<'_>) -> Result<()>;

    /// Delivers: when this returns, the password is synced, read back, or taken with exit status 0. What the operator
    /// should know of it is added to the notes, whatever the end.
    ///
    /// # Errors
    /// Where the password is not where it should be.
    fn deliver(&self, password: &IssuedPassword<'_>, notes: &mut Vec<String>) -> Result<()>;

    /// Removes what a delivery left that was cut off.
    ///
    /// # Errors
    /// Where it is there and cannot be removed.
    fn discard(&self, _operation_id: &str) -> Result<()> {
        Ok(())
    }

    /// Whether a delivery that returned has arrived for good, so that the sealed copy is no longer needed.
    fn is_confirmed(&self, _password: &IssuedPassword<'_>) -> bool {
        true
    }

    /// The file that it writes, whatever links lead to it; None: it is not one file.
    ///
    /// # Errors
    /// Where it cannot be told which.
    fn file(&self) -> Result<Option<PathBuf>> {
        Ok(None)
    }

    /// How that file holds passwords.
    fn form(&self) -> Form {
        Form::Whole
    }
}

/// How a file holds passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One, whole.
    Whole,
    Userlist,
    Pgpass,
}

impl Form {
    /// Whether one file can hold passwords in both.
    pub fn goes_with(self, other: Self) -> bool {
        self == other && self != Self::Whole
    }
}

/// What deliveries use of a run.
#[derive(Clone, Copy)]
pub struct Resources<'a> {
    pub variables: &'a Variables,
    pub credential: &'a CredentialSettings,
    pub locks: &'a Locks,
    /// How long a server may take.
    pub timeout: Duration,
    /// None: another result is printed there now.
    pub stdout: Option<&'a dyn Sink>,
}
